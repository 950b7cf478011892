/* SPDX-License-Identifier: MIT */
/*
 * Which task belongs where, from records alone, so that a recording decides as a live run does.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASKS 16384

static uint64_t task_key(int32_t tid)
{
	return (uint64_t)(uint32_t)tid + 1;
}

static void task_free(struct task *task)
{
	free(task->frame.path);
	free(task);
}

/*
 * Only where nothing depends on remembering: a run that selects by thread group has to know every
 * task that it does not report.
 */
static void forget_idle_tasks(struct correlator *c)
{
	struct map kept = { 0 };
	size_t at = 0;
	struct task *task;

	if (c->options.group_only)
		return;
	while ((task = map_next(&c->tasks, &at))) {
		if ((task->frame.is_active || task->frame.is_returned) &&
		    !map_put(&kept, task_key(task->tid), task))
			continue;
		task_free(task);
	}
	map_release(&c->tasks);
	c->tasks = kept;
	c->recent = NULL;
}

struct task *task_get(struct correlator *c, int32_t tid)
{
	struct task *task = map_get(&c->tasks, task_key(tid));

	if (task) {
		c->recent = task;
		return task;
	}
	if (c->tasks.count >= MAX_TASKS)
		forget_idle_tasks(c);
	task = calloc(1, sizeof(*task));
	if (!task)
		return NULL;
	task->tid = tid;
	if (map_put(&c->tasks, task_key(tid), task)) {
		free(task);
		return NULL;
	}
	return task;
}

struct task *task_find(const struct correlator *c, int32_t tid)
{
	return map_get(&c->tasks, task_key(tid));
}

static struct task *first_in_open(const struct correlator *c)
{
	struct task *task, *first = NULL;
	size_t at = 0;

	while ((task = map_next(&c->tasks, &at))) {
		if (!task->frame.is_active && !task->frame.is_returned)
			continue;
		if (!first || task->frame.call.id < first->frame.call.id)
			first = task;
	}
	return first;
}

int tasks_abandon(struct correlator *c)
{
	struct task *task;
	int ret = 0;

	while (!ret && (task = first_in_open(c)))
		ret = open_abandon(c, task);
	return ret;
}

void task_syscall(struct correlator *c, struct task *task)
{
	/* The child of a trace opens nothing itself before its exec; what exec opens is no call. */
	if (task->tid == c->options.root)
		task->is_program = true;
}

void tasks_free(struct correlator *c)
{
	size_t at = 0;
	struct task *task;

	while ((task = map_next(&c->tasks, &at)))
		task_free(task);
	map_release(&c->tasks);
}

bool is_new_process(const struct correlator *c, int32_t tgid)
{
	const struct task *leader = task_find(c, tgid);

	return leader && leader->is_new;
}

static int new_task(struct correlator *c, const struct record *record)
{
	struct task *task;
	int ret;

	if (!has_field(record, FIELD_PID))
		return 0;
	task = task_get(c, (int32_t)record->value[FIELD_PID]);
	if (!task)
		return -ENOMEM;
	/* Thread ids come back: what the last bearer was in the middle of is not this one's. */
	ret = open_abandon(c, task);
	if (ret)
		return ret;
	free(task->frame.path);
	*task = (struct task){ .tid = task->tid, .is_new = true };
	if (has_field(record, FIELD_TGID))
		task->tgid = (int32_t)record->value[FIELD_TGID];
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	return 0;
}

static int exec_done(struct correlator *c, const struct record *record)
{
	struct task *task = task_get(c, record->tid);

	if (!task)
		return -ENOMEM;
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	if (task->tid == c->options.root) {
		task->is_program = true;
		task->tgid = task->tid;
	}
	return 0;
}

int task_record(struct correlator *c, const struct record *record)
{
	return record->role == ROLE_TASK ? new_task(c, record) : exec_done(c, record);
}
