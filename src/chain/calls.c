/* SPDX-License-Identifier: MIT */
/*
 * What made an open: the system call that the task is in, or what else comes to the kernel's open.
 */
#include "internal.h"

/* Of open_flags.open_flag: the open is an exec's (__FMODE_EXEC of include/linux/fs.h, 5.10 to 7.3).
 */
#define FLAG_EXEC 0x20

void call_outside(const struct correlator *c, struct task *task)
{
	task->syscall.is_valid = false;
	task->has_outside = true;
	task->outside_epoch = c->epoch[SCOPE_TASK];
}

/* It is known that the task was in no system call when it came to the open. */
static bool is_outside(const struct correlator *c, const struct task *task)
{
	return c->options.armed[ROLE_SYSCALL][EDGE_ENTRY] && task->has_outside &&
	       task->outside_epoch == c->epoch[SCOPE_TASK] && !task->syscall.is_valid;
}

enum call call_of(const struct correlator *c, const struct task *task, const struct record *record)
{
	if (task->syscall.is_valid && task->syscall.epoch == c->epoch[SCOPE_TASK])
		return task->syscall.resolves ? CALL_OPENAT2 : CALL_OPEN;
	if (has_field(record, FIELD_FLAGS) && record->value[FIELD_FLAGS] & FLAG_EXEC)
		return CALL_EXEC;
	/* A path that the kernel made itself was copied from nowhere; 7.3 does not keep that. */
	if (!is_outside(c, task) || !has_field(record, FIELD_UPTR))
		return CALL_UNKNOWN;
	return record->value[FIELD_UPTR] ? CALL_IO_URING : CALL_KERNEL;
}

bool call_is_interrupted(int64_t result)
{
	/* ERESTARTSYS to ERESTART_RESTARTBLOCK of the kernel's include/linux/errno.h. */
	return result <= -512 && result >= -516;
}
