/* SPDX-License-Identifier: MIT */
/*
 * The frame of an open: from its entry to the moment when it is handed out, which lifetimes it
 * touched, and where its walk is.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FRAMES 4096
#define MAX_SPARES 16

static const char WHY_NO_START[] = "no lookup showed it";

static void frame_free(struct frame *frame)
{
	for (size_t i = 0; i < FRAME_MAX_BODIES; i++)
		free(frame->bodies[i].text);
	free(frame->path);
	free(frame->resolved);
	free(frame->links);
	free(frame);
}

static struct frame *spare_take(struct correlator *c)
{
	struct frame *frame = c->spares;

	if (!frame)
		return calloc(1, sizeof(*frame));
	c->spares = frame->spare;
	c->spare_count--;
	return frame;
}

static void spare_give(struct correlator *c, struct frame *frame)
{
	if (c->spare_count == MAX_SPARES) {
		frame_free(frame);
		return;
	}
	frame->spare = c->spares;
	c->spares = frame;
	c->spare_count++;
}

/* If there are so many, most belong to tasks whose last records were lost. */
struct task *frame_in_excess(const struct correlator *c)
{
	return c->active_count == MAX_FRAMES ? c->first_active : NULL;
}

int frame_take(struct correlator *c, struct task *task)
{
	if (task->frame)
		return 0;
	task->frame = spare_take(c);
	if (!task->frame)
		return -ENOMEM;
	task->prev_active = NULL;
	task->next_active = c->active;
	*(c->active ? &c->active->prev_active : &c->first_active) = task;
	c->active = task;
	c->active_count++;
	return 0;
}

void walk_jumped(struct correlator *c, struct frame *frame)
{
	crossings_forget(c, frame);
	directory_put(c, frame->known);
	frame->known = NULL;
	frame->is_rooted = false;
	frame->is_astray = true;
}

/* It is like new, except that its arrays stay allocated. */
static void frame_empty(struct correlator *c, struct frame *frame)
{
	directory_put(c, frame->start);
	frame->start = NULL;
	walk_jumped(c, frame);
	frame->is_active = false;
	frame->is_returned = false;
	frame->is_path_call = false;
	frame->path_call.is_valid = false;
	frame->other = NULL;
	frame->syscall.is_valid = false;
	frame->copy.is_valid = false;
	frame->alloc.is_valid = false;
	frame->allocated = NULL;
	for (size_t i = 0; i < FRAME_LOOKUPS; i++)
		frame->lookup[i].is_valid = false;
	spare_give(c, frame);
}

void frame_drop_other(struct correlator *c, struct frame *frame)
{
	if (frame->other)
		frame_empty(c, frame->other);
	frame->other = NULL;
}

int frame_add(struct correlator *c, struct task *task)
{
	struct frame *frame = spare_take(c);

	if (!frame)
		return -ENOMEM;
	frame->path_call = task->frame->path_call;
	frame->other = task->frame;
	task->frame = frame;
	return 0;
}

void frame_drop(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;

	if (!frame)
		return;
	*(task->prev_active ? &task->prev_active->next_active : &c->active) = task->next_active;
	*(task->next_active ? &task->next_active->prev_active : &c->first_active) =
		task->prev_active;
	c->active_count--;
	task->frame = NULL;
	frame_drop_other(c, frame);
	frame_empty(c, frame);
}

void frame_rest(struct correlator *c, struct task *task)
{
	const struct frame *frame = task->frame;
	bool is_busy = frame->is_active || frame->is_returned || frame->syscall.is_valid ||
		       frame->path_call.is_valid || frame->alloc.is_valid;

	for (size_t i = 0; i < FRAME_LOOKUPS; i++)
		is_busy |= frame->lookup[i].is_valid;
	if (!is_busy)
		frame_drop(c, task);
}

void frames_free(struct correlator *c)
{
	while (c->spares)
		frame_free(spare_take(c));
}

void frame_start(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;

	/* Not the arrays after their counts: this runs for every open. */
	frame->is_returned = false;
	frame->is_path_call = false;
	frame->is_scoped = false;
	frame->has_head = false;
	frame->has_base = false;
	frame->base_outcome = (struct lookup_outcome){ .negative = IS_UNKNOWN };
	frame->is_created = false;
	frame->walked = 0;
	frame->walked_life = NULL;
	directory_put(c, frame->start);
	frame->start = NULL;
	walk_jumped(c, frame);
	frame->is_astray = false;
	frame->ups = 0;
	frame->crossed = 0;
	frame->head_count = 0;
	frame->evidence_count = 0;
	frame->body_count = 0;
	frame->links_len = 0;
	frame->step.is_valid = false;
	frame->step.is_in_lookup = false;
	frame->step.life = NULL;
	frame->nested.is_valid = false;
	task->frame->allocated = NULL;
	memcpy(frame->start_epoch, c->epoch, sizeof(c->epoch));
	frame->scope = task->scope;
	frame->is_continued = false;
	memset(&frame->call, 0, sizeof(frame->call));
	frame->call.id = c->next_open++;
	frame->call.ts = record->ts;
	frame->call.tid = record->tid;
	frame->call.tgid = task->tgid;
	memcpy(frame->call.comm, task->comm, COMM_SIZE);
	frame->is_active = true;
}

int frame_keep_path(struct frame *frame, const struct record *record)
{
	bool has_path = has_field(record, FIELD_STRING);
	const char *path = has_path ? record->str : "";
	size_t len = has_path ? record->str_len : 0;
	size_t end, base;

	if (len + 1 > frame->path_room) {
		char *grown = realloc(frame->path, len + 1);

		if (!grown)
			return -ENOMEM;
		frame->path = grown;
		frame->path_room = len + 1;
	}
	memcpy(frame->path, path, len);
	frame->path[len] = '\0';
	for (end = len; end && frame->path[end - 1] == '/'; end--)
		;
	for (base = end; base && frame->path[base - 1] != '/'; base--)
		;
	frame->base = base;
	frame->base_len = end - base;
	frame->call.path = (struct bytes){ frame->path, len };
	/* A walk may leave the directory of a relative path before it looks anything up there. */
	frame->call.dir_why = len && *path != '/' ? WHY_NO_START : NULL;
	return 0;
}

struct evidence *frame_find_evidence(struct frame *frame, const struct life *life)
{
	for (size_t i = 0; i < frame->evidence_count; i++) {
		if (frame->evidence[i].life == life)
			return &frame->evidence[i];
	}
	return NULL;
}

struct evidence *frame_evidence(struct frame *frame, struct life *life)
{
	struct evidence *evidence = frame_find_evidence(frame, life);

	if (evidence || frame->evidence_count == FRAME_MAX_EVIDENCE)
		return evidence;
	evidence = &frame->evidence[frame->evidence_count++];
	memset(evidence->has, 0, sizeof(evidence->has));
	evidence->hit_count = 0;
	evidence->of_path = false;
	evidence->has_inline = false;
	evidence->inline_size = 0;
	evidence->life = life;
	return evidence;
}

int frame_give_head(struct correlator *c, struct frame *frame, struct life *life)
{
	int ret;

	if (frame->has_head)
		return 0;
	frame->has_head = true;
	ret = name_add_path(life_name(life), frame->path, frame->call.path.len);
	for (size_t i = 0; i < frame->head_count && !ret; i++)
		ret = life_add_hop(c, life, &frame->head[i]);
	return ret;
}

int frame_make_room(struct frame *frame)
{
	if (!frame->resolved)
		frame->resolved = malloc(2 * RESOLVED_SIZE);
	return frame->resolved ? 0 : -ENOMEM;
}

void frame_begins(struct correlator *c, struct frame *frame, struct directory *dir)
{
	directory_get(dir);
	directory_put(c, frame->start);
	frame->start = dir;
}
