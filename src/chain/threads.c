/* SPDX-License-Identifier: MIT */
/*
 * Which tasks are threads of one process, and so have one working directory and one root.
 */
#include "internal.h"

/* If the start of a process was seen, all its threads are known as such. */
static bool can_be_thread_of(const struct correlator *c, const struct task *task,
			     const struct task *caller)
{
	int32_t known = task->tgid ? task->tgid : caller->tgid;

	if (task->tgid && caller->tgid)
		return task->tgid == caller->tgid;
	return !known || !is_new_process(c, known);
}

struct task *task_next_thread(const struct correlator *c, const struct task *caller, size_t *at)
{
	struct task *task;

	while ((task = map_next(&c->tasks, at))) {
		if (task != caller && can_be_thread_of(c, task, caller))
			break;
	}
	return task;
}
