/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the correlator do for each other that are about tasks and the calls each is in,
 * file by file.
 */
#ifndef FTOPEN_CHAIN_TASKS_H
#define FTOPEN_CHAIN_TASKS_H

#include "model.h"

/* --- forgotten.c --- */

/**
 * forgotten_add - @task goes; that it was there, and whether it was left out, is remembered
 *
 * Return: 0 or -ENOMEM.
 */
int forgotten_add(struct correlator *c, const struct task *task);

/**
 * forgotten_remove - another task has the thread id @tid now
 */
void forgotten_remove(struct correlator *c, int32_t tid);
bool was_forgotten(const struct correlator *c, int32_t tid);

/**
 * was_left_out - whether a task that was forgotten was not to be reported
 */
bool was_left_out(const struct correlator *c, int32_t tid);

/* --- places.c --- */

/**
 * cwd_begin - @task is new: if it is the traced program, it works where that began
 * cwd_inherit - it was started by @parent
 * cwd_forget - where it works is not known any more
 * root_doubt - nor is its root
 */
void cwd_begin(const struct correlator *c, struct task *task);
void cwd_inherit(struct correlator *c, struct task *task, const struct task *parent);
void cwd_forget(struct correlator *c, struct task *task);
void root_doubt(struct correlator *c, struct task *task);

/**
 * cwd_set - take a record of the role cwd
 * mount_record - take one of the roles mount and umount
 * pivot_record - take one of the role pivot
 *
 * Return: 0 or -ENOMEM.
 */
int cwd_set(struct correlator *c, struct task *task, const struct record *record);
int mount_record(struct correlator *c, const struct record *record);
int pivot_record(struct correlator *c, struct task *task, const struct record *record);

/* --- tasks.c --- */

/**
 * task_get - the task @tid, made if it is new; NULL when out of memory
 */
struct task *task_get(struct correlator *c, int32_t tid);

/**
 * task_again - the same, quicker for the one that was asked for last
 */
static inline struct task *task_again(struct correlator *c, int32_t tid)
{
	return c->recent && c->recent->tid == tid ? c->recent : task_get(c, tid);
}
void tasks_free(struct correlator *c);

static inline uint64_t task_key(int32_t tid)
{
	return (uint64_t)(uint32_t)tid + 1;
}

/**
 * task_find - the task @tid if it is known
 */
static inline struct task *task_find(const struct correlator *c, int32_t tid)
{
	return map_get(&c->tasks, task_key(tid));
}

/**
 * tasks_know - take over the tasks that started in an earlier part of the recording
 *
 * Return: 0 or -ENOMEM.
 */
int tasks_know(struct correlator *c);

/**
 * tasks_abandon - the end: hand out every open whose return was not seen, in the order of entry
 */
int tasks_abandon(struct correlator *c);

/**
 * task_syscall - a system call shows that the child has become the program, if no exec did
 */
void task_syscall(struct correlator *c, struct task *task);

/**
 * task_takes - whether a record of @task counts that comes from @scope: those of a worker of a ring
 * may come from two instances
 */
bool task_takes(struct task *task, enum scope scope);

/**
 * task_epoch - an epoch of all that could lose records of @task: to be compared with its own only
 */
static inline uint64_t task_epoch(const struct correlator *c, const struct task *task)
{
	return c->epoch[SCOPE_TASK] + (task->scope == SCOPE_ANY ? c->epoch[SCOPE_ANY] : 0);
}

/**
 * is_new_process - whether the start of the thread group @tgid was recorded
 */
static inline bool is_new_process(const struct correlator *c, int32_t tgid)
{
	const struct task *leader = task_find(c, tgid);

	return leader ? leader->is_new || leader->is_left_out : was_left_out(c, tgid);
}

/**
 * is_selected - whether what @task does is to be reported
 */
static inline bool is_selected(const struct correlator *c, const struct task *task)
{
	if (task->is_left_out)
		return false;
	if (c->options.root && task->tid == c->options.root)
		return task->is_program;
	/* A thread group that is not known stays in: to leave it out would be a guess, too. */
	if (!c->options.group_only || !task->tgid)
		return true;
	return c->options.root ? task->tgid == c->options.root : !is_new_process(c, task->tgid);
}

/**
 * task_record - take a record of the roles task and exec
 */
int task_record(struct correlator *c, const struct record *record);

/* --- sharers.c --- */

/**
 * sharers_start - @parent, NULL if it is not known, started @task by @record: whether they share
 */
void sharers_start(struct correlator *c, struct task *parent, struct task *task,
		   const struct record *record);

/**
 * sharers_move - @caller is about to change what it shares, as @record tells
 *
 * Return: false if another one is in the middle of that, too: who is the last one is not known.
 */
bool sharers_move(const struct correlator *c, struct task *caller, const struct record *record);

/**
 * task_next_sharer - a task that has, or may have, its working directory and root in common with
 * @caller, which changes them by @record
 * @at: 0 for the first one
 *
 * Return: NULL if there is none left.
 */
struct task *task_next_sharer(const struct correlator *c, const struct task *caller,
			      const struct record *record, size_t *at);

/* --- users.c --- */

/**
 * user_set - @record shows which user @task becomes
 */
void user_set(const struct correlator *c, struct task *task, const struct record *record);

/**
 * user_inherit - @task is started by @parent
 */
void user_inherit(const struct correlator *c, struct task *task, const struct task *parent);

/**
 * user_opens - @record shows as which user @task opens
 */
void user_opens(const struct correlator *c, struct task *task, const struct record *record);

/**
 * user_tell - whose the open or path call of @task's frame is, if no record of its own told it
 */
void user_tell(const struct correlator *c, struct task *task);

/**
 * user_of_hop - tell in @hop as which user @task takes it; @task is NULL if it is not known
 */
void user_of_hop(const struct correlator *c, const struct task *task, struct hop *hop);

/* --- files.c --- */

/**
 * file_failed - the open of @task's frame ended with @err (negative), as @hop tells
 * file_put_off - it has to be tried again by somebody who may wait: no answer yet
 * file_returned - it gave the file of @record, as @hop tells
 * file_cut_off - its return was not seen
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int file_put_off(struct correlator *c, struct task *task, struct hop *hop, int64_t err);
int file_failed(struct correlator *c, struct task *task, struct hop *hop, int64_t err);
int file_cut_off(struct correlator *c, struct task *task);
int file_returned(struct correlator *c, struct task *task, const struct record *record,
		  const struct hop *hop);

/**
 * file_asked - the path call of @task's frame is over: find out which name it was about
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int file_asked(struct correlator *c, struct task *task);

/* --- put_off.c --- */

/**
 * put_off_new - what is known of the open of @frame, which is handed out by another frame
 *
 * Return: NULL when out of memory. Ends with put_off_go_on(), put_off_emit() or put_off_abandon().
 */
struct put_off *put_off_new(struct frame *frame);

/**
 * put_off_has_loss - whether a record of it, or of what becomes of it, may be missing
 */
bool put_off_has_loss(const struct correlator *c, const struct put_off *open);

/**
 * put_off_go_on - @frame, which has just begun, is its next attempt
 */
void put_off_go_on(struct correlator *c, struct frame *frame, struct put_off *open);

/**
 * put_off_emit - hand it out as it is
 * put_off_abandon - hand it out without a result: it is not known what became of it
 *
 * Return: 0, or what a sink returned.
 */
int put_off_emit(struct correlator *c, struct put_off *open);
int put_off_abandon(struct correlator *c, struct put_off *open);

/* --- interrupted.c --- */

/**
 * interrupted_wait - the system call of @task's open returned an error that no program gets
 *
 * Return: 0, -ENOMEM, or what a sink returned; so do the next ones.
 */
int interrupted_wait(struct correlator *c, struct task *task);

/**
 * interrupted_look - the kernel looks whether a handler of @task has to run
 */
void interrupted_look(struct task *task);

/**
 * interrupted_signal - a handler of @task is about to run
 */
int interrupted_signal(struct correlator *c, struct task *task, const struct record *record);

/**
 * interrupted_resume - @task has entered a system call: perhaps it begins one anew
 */
int interrupted_resume(struct correlator *c, struct task *task);

/**
 * interrupted_go_on - the frame of @task's open has begun
 */
void interrupted_go_on(struct correlator *c, struct task *task);

/**
 * interrupted_abandon - nothing more is known of @task
 */
int interrupted_abandon(struct correlator *c, struct task *task);
void interrupted_free(struct task *task);

/* --- requests.c --- */

/**
 * request_name_submitter - who asked for the open that @task, perhaps a worker, has begun
 */
void request_name_submitter(const struct correlator *c, const struct task *task,
			    struct open_call *call);

/**
 * request_begin - the open of @task's frame has begun: it may continue a request that waits
 *
 * Return: 0, or what a sink returned.
 */
int request_begin(struct correlator *c, struct task *task, const struct record *record);

/**
 * request_is_put_off - whether a worker repeats an open that ended with @result
 */
bool request_is_put_off(const struct task *task, int64_t result);

/**
 * request_wait - the open of @task's frame waits for its worker
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int request_wait(struct correlator *c, struct task *task);

/**
 * request_first - of those that wait the one with the lowest id, NULL if none waits
 */
struct put_off *request_first(const struct correlator *c);

/**
 * request_abandon - no worker was seen to execute it: hand it out without a result
 */
int request_abandon(struct correlator *c, struct put_off *request);
void requests_free(struct correlator *c);

/* --- calls.c --- */

/**
 * call_outside - @task is in no system call that opens
 */
void call_outside(const struct correlator *c, struct task *task);

/**
 * call_is_outside - whether it is known that @task was in no such call when it came to an open
 */
bool call_is_outside(const struct correlator *c, const struct task *task);

/**
 * call_of - what made the open whose entry is @record
 */
enum call call_of(const struct correlator *c, const struct task *task, const struct record *record);

/**
 * call_of_root - the same for one that begins at a path of the kernel's, whose entry has no record
 */
enum call call_of_root(const struct correlator *c, const struct task *task);

/**
 * call_take_values - those of OPEN_VALUES that @record has
 */
void call_take_values(struct open_call *call, const struct record *record);

/**
 * call_entered - which system call @record is the entry of
 */
enum call call_entered(const struct record *record);

/**
 * call_must_not_wait - the walk of the open whose entry is @record must not: a ring tries it first
 */
bool call_must_not_wait(const struct record *record);

/**
 * call_is_interrupted - whether the kernel restarts a call with this result, or ends it with EINTR:
 * which of both, the record alone does not say
 */
bool call_is_interrupted(int64_t result);

/* --- opens.c --- */

/**
 * open_record - take a record of the roles syscall, getname and open
 */
int open_record(struct correlator *c, struct task *task, const struct record *record);

/* --- path_calls.c --- */

/**
 * path_call_record - take a record of a role that is_path_call_role() tells
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int path_call_record(struct correlator *c, struct task *task, const struct record *record);

/**
 * path_call_turn - of a call with two paths: @record, of a lookup, may be of the other one's walk
 */
void path_call_turn(struct task *task, const struct record *record);

/**
 * call_abandon - hand out the open or the path call that @task is in the middle of, without a
 * result: its return was not seen
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int call_abandon(struct correlator *c, struct task *task);

/**
 * path_call_abandon - hand out what is known of the path call that @task is in: its return was not
 * seen
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int path_call_abandon(struct correlator *c, struct task *task);

/* --- stages.c --- */

/* What a record tells of where an open is. */
enum stage_event {
	STAGE_EVENT_COPIED,	/* the kernel has its copy of the path */
	STAGE_EVENT_ON_THE_WAY, /* a lookup of another component than the last one */
	STAGE_EVENT_AT_LAST,	/* a lookup of the last component, links followed */
	STAGE_EVENT_FOUND,	/* it came to a dentry */
	STAGE_EVENT_ALLOC,	/* a dentry for it is about to be allocated */
	STAGE_EVENT_ALLOCATED,
	STAGE_EVENT_INSERTED,
	STAGE_EVENT_MADE, /* that dentry got its inode */
	STAGE_EVENT_NR
};

/**
 * stages_seen_by - bit per stage that the probes which are armed can tell
 */
unsigned int stages_seen_by(const struct correlator_options *options);

/**
 * stages_start - an open begins, with its system call in STAGE_COPY, without one in @first
 */
void stages_start(const struct correlator *c, struct task *task, enum stage first, uint64_t ts);

/**
 * stages_open - the entry of the kernel's open; @has_call: within a system call
 */
void stages_open(const struct correlator *c, struct task *task, bool has_call, uint64_t ts);

/**
 * stages_note - what the record at @ts tells
 */
void stages_note(struct stages *stages, enum stage_event event, uint64_t ts);

/**
 * stages_return, stages_done - the return of the kernel's open, of the system call
 */
void stages_return(struct stages *stages, bool has_file, bool is_created, uint64_t ts);
void stages_done(struct stages *stages, uint64_t ts);

/**
 * stages_blur - the records are of whole calls: they do not say when a lookup or an allocation
 * began
 */
void stages_blur(struct stages *stages);

/**
 * stages_tell - what is known of them goes to @call; nothing if a record of it was lost
 */
void stages_tell(const struct correlator *c, const struct task *task, struct open_call *call);

#endif
