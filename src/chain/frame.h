/* SPDX-License-Identifier: MIT */
/*
 * The frame of an open, for the other parts of the correlator: frame.c has it, closing.c ends it.
 */
#ifndef FTOPEN_CHAIN_FRAME_H
#define FTOPEN_CHAIN_FRAME_H

#include <fcntl.h>

#include "model.h"

/* --- frame.c --- */

/**
 * frame_in_excess - the task whose frame has to be dropped before another one is taken
 *
 * Return: NULL while there are not too many.
 */
struct task *frame_in_excess(const struct correlator *c);

/**
 * frame_take - see that @task has a frame
 *
 * Return: 0 or -ENOMEM.
 */
int frame_take(struct correlator *c, struct task *task);

/**
 * frame_rest - a record of @task was taken: if it is in the middle of nothing, its frame is free
 */
void frame_rest(struct correlator *c, struct task *task);

/**
 * frame_drop - the frame of @task, if it has one, is free; what was not handed out is forgotten
 */
void frame_drop(struct correlator *c, struct task *task);
void frames_free(struct correlator *c);

/**
 * frame_add - the path call of @task has another path: its frame is the task's from now on
 * frame_drop_other - the other one is free
 *
 * Return: 0 or -ENOMEM.
 */
int frame_add(struct correlator *c, struct task *task);
void frame_drop_other(struct correlator *c, struct frame *frame);

/**
 * is_in_walk - whether @task, NULL for one that is not known, is between entry and return of an
 * open, or of a path call
 * is_in_open - only of an open
 */
static inline bool is_in_walk(const struct task *task)
{
	return task && task->frame && task->frame->is_active;
}

static inline bool is_in_open(const struct task *task)
{
	return is_in_walk(task) && !task->frame->is_path_call;
}

/**
 * is_from_cwd - whether a relative path of the frame's call begins in the task's working directory
 */
static inline bool is_from_cwd(const struct frame *frame)
{
	return frame->call.has_dfd && frame->call.dfd == AT_FDCWD;
}

/**
 * frame_open - the id of the open that the frame is about, 0 for a path call
 */
static inline uint64_t frame_open(const struct frame *frame)
{
	return frame->is_path_call ? 0 : frame->call.id;
}

/**
 * frame_keep_path - the path of the frame's call is that of @record, or empty
 *
 * Return: 0 or -ENOMEM.
 */
int frame_keep_path(struct frame *frame, const struct record *record);

/**
 * frame_start - @task enters an open or a path call: everything about the one before is forgotten
 */
void frame_start(struct correlator *c, struct task *task, const struct record *record);

/**
 * frame_begins - the walk began in the directory @dir; the frame takes a reference to it
 */
void frame_begins(struct correlator *c, struct frame *frame, struct directory *dir);

/**
 * walk_jumped - a link was followed without a lookup: nothing is known of where it leads to
 */
void walk_jumped(struct correlator *c, struct frame *frame);

/**
 * frame_make_room - for paths; Return: 0 or -ENOMEM
 */
int frame_make_room(struct frame *frame);

/**
 * frame_evidence - the frame's evidence for @life, NULL when there are too many
 */
struct evidence *frame_evidence(struct frame *frame, struct life *life);

/**
 * frame_find_evidence - the same, but NULL if there is none yet
 */
struct evidence *frame_find_evidence(struct frame *frame, const struct life *life);

/**
 * frame_give_head - the hops before the walk (user, copy, filename) and the path go to @life, once
 */
int frame_give_head(struct correlator *c, struct frame *frame, struct life *life);

/**
 * frame_has_loss - whether a record of the open may be missing
 */
static inline bool frame_has_loss(const struct correlator *c, const struct frame *frame)
{
	return frame->start_epoch[SCOPE_TASK] != c->epoch[SCOPE_TASK] ||
	       (frame->scope == SCOPE_ANY && frame->start_epoch[SCOPE_ANY] != c->epoch[SCOPE_ANY]);
}

/* --- closing.c --- */

/**
 * frame_close - the open is over: its relations are stated, and where its walk began
 */
int frame_close(struct correlator *c, struct task *task);

/**
 * frame_resolve - the path of what the open is about, which is @name
 *
 * Return: 0 or -ENOMEM.
 */
int frame_resolve(const struct correlator *c, struct task *task, struct tracked_name *name);

/**
 * frame_resolve_directory - the path of the directory @dir, NULL if that is not known, is the
 * open's
 *
 * Return: 0 or -ENOMEM.
 */
int frame_resolve_directory(const struct correlator *c, struct task *task,
			    const struct directory *dir);

/**
 * frame_emit - hand the open to the sink
 */
int frame_emit(struct correlator *c, struct task *task);

#endif
