/* SPDX-License-Identifier: MIT */
/*
 * Which tasks have one working directory and one root: those that have the same fs_struct of the
 * kernel's. It is passed on where a task starts, and only there; who leaves the others gets a new
 * one, of which there is no record before it changes or is passed on.
 */
#include "internal.h"

/* Recordings of older versions do not tell who shares. */
static bool tells_users(const struct record *record)
{
	return has_field(record, FIELD_FS) && has_field(record, FIELD_FS_USERS);
}

static bool is_told(const struct correlator *c, const struct record *record)
{
	return tells_users(record) && !c->has_untold_start &&
	       c->options.armed[ROLE_TASK][POINT_ENTRY];
}

static bool is_shared(const struct record *record)
{
	return record->value[FIELD_FS_USERS] > 1;
}

void sharers_start(struct correlator *c, struct task *parent, struct task *task,
		   const struct record *record)
{
	task->fs = 0;
	if (!tells_users(record)) {
		c->has_untold_start = true;
		return;
	}
	task->fs = record->value[FIELD_FS];
	if (parent && is_shared(record))
		parent->fs = task->fs;
}

/* If the start of a process was seen, all its threads are known as such. */
static bool can_be_thread_of(const struct correlator *c, const struct task *task,
			     const struct task *caller)
{
	int32_t known = task->tgid ? task->tgid : caller->tgid;

	if (task->tgid && caller->tgid)
		return task->tgid == caller->tgid;
	return !known || !is_new_process(c, known);
}

/*
 * A task whose working directory is known, and of whose fs_struct nothing was told, was alone with
 * it: a sharer's own record would have told it, and so would the start of one.
 */
static bool may_share(const struct correlator *c, const struct task *task,
		      const struct task *caller, const struct record *record)
{
	if (!is_told(c, record))
		return can_be_thread_of(c, task, caller);
	return is_shared(record) && task->fs == record->value[FIELD_FS];
}

struct task *task_next_sharer(const struct correlator *c, const struct task *caller,
			      const struct record *record, size_t *at)
{
	struct task *task;

	while ((task = map_next(&c->tasks, at))) {
		if (task != caller && may_share(c, task, caller, record))
			break;
	}
	return task;
}

/* The threads of a process work in one place unless one of them left the others, or may have. */
static void note_parting(const struct correlator *c, const struct task *caller,
			 const struct record *record)
{
	struct task *first = caller->tgid ? task_find(c, caller->tgid) : NULL;

	if (!first || !first->has_threads ||
	    (caller == first && tells_users(record) && is_shared(record)))
		return;
	first->is_parted = true;
	first->is_root_parted |= record->role == ROLE_CHROOT;
}

/* One that nobody shares may be a copy that setns(2) makes for a while. */
bool sharers_move(const struct correlator *c, struct task *caller, const struct record *record)
{
	struct task *task;
	size_t at = 0;

	if (tells_users(record) && is_shared(record))
		caller->fs = record->value[FIELD_FS];
	caller->is_moving = true;
	note_parting(c, caller, record);
	while ((task = task_next_sharer(c, caller, record, &at))) {
		if (task->is_moving)
			return false;
	}
	return true;
}
