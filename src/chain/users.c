/* SPDX-License-Identifier: MIT */
/*
 * The user as which a task opens: from the open's own record; if the open fails before there is
 * one, from the last record of the task's user, if none can be missing since.
 */
#include "internal.h"

static void know(const struct correlator *c, struct task *task, uint32_t uid)
{
	task->user.is_known = true;
	task->user.uid = uid;
	task->user.epoch = task_epoch(c, task);
	task->user.ts = c->last_ts;
}

/* A task that has another name, or that was not selected for a while, changes its user unseen. */
static bool is_known(const struct correlator *c, const struct task *task)
{
	return task->user.is_known && task->user.epoch == task_epoch(c, task) &&
	       task->user.ts >= c->unselected_until && !c->options.by_comm &&
	       c->options.armed[ROLE_CREDS][POINT_ENTRY];
}

void user_set(const struct correlator *c, struct task *task, const struct record *record)
{
	task->user.is_known = false;
	if (has_field(record, FIELD_EUID))
		know(c, task, (uint32_t)record->value[FIELD_EUID]);
}

void user_inherit(const struct correlator *c, struct task *task, const struct task *parent)
{
	if (is_known(c, parent))
		know(c, task, parent->user.uid);
}

/* A request of a ring may be of another user, and so may an open of the kernel's own. */
static bool is_of_task(enum call call)
{
	return call == CALL_OPEN || call == CALL_OPENAT2 || call == CALL_HANDLE ||
	       call == CALL_EXEC || is_path_call(call);
}

/* The name that an open by handle is about is known only from its return. */
static void handle_opens(const struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;

	if (!frame->syscall.is_valid || frame->syscall.call != CALL_HANDLE ||
	    frame->syscall.has_opener)
		return;
	frame->syscall.has_opener = true;
	user_set(c, task, record);
}

/* The file system may allocate something for another user during an open. */
void user_opens(const struct correlator *c, struct task *task, const struct record *record)
{
	struct open_call *call = &task->frame->call;

	if (!is_in_open(task)) {
		handle_opens(c, task, record);
		return;
	}
	if (call->has_uid || !has_field(record, FIELD_EUID))
		return;
	call->has_uid = true;
	call->uid = (uint32_t)record->value[FIELD_EUID];
	if (is_of_task(call->call))
		know(c, task, call->uid);
}

void user_of_hop(const struct correlator *c, const struct task *task, struct hop *hop)
{
	const struct open_call *call = is_in_walk(task) ? &task->frame->call : NULL;

	if (call && call->has_uid) {
		hop->has_uid = true;
		hop->uid = call->uid;
		return;
	}
	hop->has_uid = task && (!call || is_of_task(call->call)) && is_known(c, task);
	hop->uid = hop->has_uid ? task->user.uid : 0;
}

void user_tell(const struct correlator *c, struct task *task)
{
	struct open_call *call = &task->frame->call;

	if (call->has_uid || !is_of_task(call->call) || frame_has_loss(c, task->frame))
		return;
	call->has_uid = is_known(c, task);
	call->uid = call->has_uid ? task->user.uid : 0;
}
