/* SPDX-License-Identifier: MIT */
/*
 * What made an open: the system call that the task is in, or what else comes to the kernel's open.
 */
#include "internal.h"

/*
 * Of open_flags.open_flag: the open is an exec's (__FMODE_EXEC of include/linux/fs.h, 5.10 to 7.3).
 */
#define FLAG_EXEC 0x20

/*
 * LOOKUP_CACHED in open_flags.lookup_flags (include/linux/namei.h, 5.10.162 to 6.16, and 7.3): the
 * walk must not wait. So a ring tries an open before it gives it to a worker; the kernel's own
 * opens never ask for it. The other kernels use each bit for something that no open has.
 */
#define LOOKUP_CACHED (0x200000 | 0x200)

void call_outside(const struct correlator *c, struct task *task)
{
	if (task->frame)
		task->frame->syscall.is_valid = false;
	task->has_outside = true;
	task->outside_epoch = task_epoch(c, task);
}

bool call_is_outside(const struct correlator *c, const struct task *task)
{
	return c->options.armed[ROLE_SYSCALL][POINT_ENTRY] && task->has_outside &&
	       task->outside_epoch == task_epoch(c, task) && !task->frame->syscall.is_valid;
}

static bool is_inside(const struct correlator *c, const struct task *task)
{
	return task->frame->syscall.is_valid && task->frame->syscall.epoch == task_epoch(c, task);
}

void call_take_values(struct open_call *call, const struct record *record)
{
#define _(field, member, type)                                     \
	if (has_field(record, FIELD_##field)) {                    \
		call->has_##member = true;                         \
		call->member = (type)record->value[FIELD_##field]; \
	}
	OPEN_VALUES(_)
#undef _
}

bool call_must_not_wait(const struct record *record)
{
	return has_field(record, FIELD_LOOKUP) && record->value[FIELD_LOOKUP] & LOOKUP_CACHED;
}

enum call call_entered(const struct record *record)
{
	if (record->role == ROLE_HANDLE)
		return CALL_HANDLE;
	return has_field(record, FIELD_RESOLVE) && record->value[FIELD_RESOLVE] ? CALL_OPENAT2
										: CALL_OPEN;
}

enum call call_of(const struct correlator *c, const struct task *task, const struct record *record)
{
	if (is_inside(c, task))
		return task->frame->syscall.call;
	if (has_field(record, FIELD_FLAGS) && record->value[FIELD_FLAGS] & FLAG_EXEC)
		return CALL_EXEC;
	if (task->owner)
		return CALL_IO_URING;
	if (!call_is_outside(c, task))
		return CALL_UNKNOWN;
	if (has_field(record, FIELD_LOOKUP))
		return call_must_not_wait(record) ? CALL_IO_URING : CALL_KERNEL;
	/* A path without a user pointer was made by the kernel itself. */
	return has_field(record, FIELD_UPTR) && !record->value[FIELD_UPTR] ? CALL_KERNEL
									   : CALL_UNKNOWN;
}

enum call call_of_root(const struct correlator *c, const struct task *task)
{
	if (is_inside(c, task))
		return task->frame->syscall.call;
	return call_is_outside(c, task) && c->options.armed[ROLE_HANDLE][POINT_ENTRY]
		       ? CALL_KERNEL
		       : CALL_UNKNOWN;
}

bool call_is_interrupted(int64_t result)
{
	/* ERESTARTSYS to ERESTART_RESTARTBLOCK of the kernel's include/linux/errno.h. */
	return result <= -512 && result >= -516;
}
