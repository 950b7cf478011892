/* SPDX-License-Identifier: MIT */
/*
 * Opens that a signal interrupts. The kernel returns -ERESTARTSYS to itself: if a handler runs that
 * was not installed with SA_RESTART, the program gets -EINTR; else the system call begins anew,
 * after the handler if there is one, with the same arguments.
 */
#include "internal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#define MAX_INTERRUPTED 8

#define ERESTARTSYS    512
#define ERESTARTNOINTR 513

static struct put_off *pop(struct task *task)
{
	struct put_off *open = task->interrupted;

	task->interrupted = open->before;
	return open;
}

static int end_with_eintr(struct correlator *c, struct task *task)
{
	struct put_off *open = pop(task);

	open->call.has_result = true;
	open->call.result = -EINTR;
	return put_off_emit(c, open);
}

static size_t depth_of(const struct task *task)
{
	size_t depth = 0;

	for (const struct put_off *at = task->interrupted; at; at = at->before)
		depth++;
	return depth;
}

int interrupted_wait(struct correlator *c, struct task *task)
{
	struct put_off *open;

	if (!c->options.armed[ROLE_SIGNAL][POINT_ENTRY] || depth_of(task) == MAX_INTERRUPTED)
		return frame_emit(c, task);
	open = put_off_new(task->frame);
	if (!open)
		return -ENOMEM;
	open->before = task->interrupted;
	task->interrupted = open;
	return 0;
}

void interrupted_look(struct task *task)
{
	if (task->interrupted && !task->interrupted->has_handler)
		task->interrupted->looks++;
}

/*
 * A look that finds no signal makes the call begin anew: whatever handler a later one runs, the
 * program comes back to the call from it.
 */
static bool begins_anew(const struct put_off *open, uint64_t sa_flags)
{
	return open->looks > 1 || open->call.result == -ERESTARTNOINTR ||
	       (open->call.result == -ERESTARTSYS && sa_flags & SA_RESTART);
}

int interrupted_signal(struct correlator *c, struct task *task, const struct record *record)
{
	struct put_off *open = task->interrupted;

	if (!open || open->has_handler)
		return 0;
	if (put_off_has_loss(c, open) || !has_field(record, FIELD_SA_FLAGS))
		return put_off_abandon(c, pop(task));
	if (!begins_anew(open, record->value[FIELD_SA_FLAGS]))
		return end_with_eintr(c, task);
	open->has_handler = true;
	return 0;
}

static bool is_same_call(const struct put_off *open, const struct task *task)
{
	const struct open_call *call = &open->call;

	return call->call == task->frame->syscall.call &&
	       call->has_dfd == task->frame->syscall.has_dfd &&
	       call->dfd == task->frame->syscall.dfd &&
	       call->has_user == task->frame->syscall.has_user &&
	       call->user == task->frame->syscall.user;
}

/* A handler may open something itself before the call begins anew. */
int interrupted_resume(struct correlator *c, struct task *task)
{
	struct put_off *unseen = task->resumed, *open = task->interrupted;

	task->resumed = NULL;
	if (unseen)
		return put_off_abandon(c, unseen);
	if (!open)
		return 0;
	if (!put_off_has_loss(c, open) && is_same_call(open, task)) {
		task->interrupted = open->before;
		task->resumed = open;
		return 0;
	}
	return open->has_handler && !put_off_has_loss(c, open) ? 0 : put_off_abandon(c, pop(task));
}

void interrupted_go_on(struct correlator *c, struct task *task)
{
	struct put_off *open = task->resumed;

	task->resumed = NULL;
	if (open)
		put_off_go_on(c, task->frame, open);
}

int interrupted_abandon(struct correlator *c, struct task *task)
{
	int ret = 0;

	if (task->resumed) {
		task->resumed->before = task->interrupted;
		task->interrupted = task->resumed;
		task->resumed = NULL;
	}
	while (!ret && task->interrupted)
		ret = put_off_abandon(c, pop(task));
	return ret;
}

void interrupted_free(struct task *task)
{
	struct put_off *open;

	free(task->resumed);
	while ((open = task->interrupted)) {
		task->interrupted = open->before;
		free(open);
	}
}
