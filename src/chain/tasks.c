/* SPDX-License-Identifier: MIT */
/*
 * Which task belongs where, from records alone, so that a recording decides as a live run does.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASKS 16384

/* task_struct.flags (include/linux/sched.h, 5.12 to 7.3, and 5.10.162): a ring's worker. */
#define PF_IO_WORKER 0x10

static uint64_t task_key(int32_t tid)
{
	return (uint64_t)(uint32_t)tid + 1;
}

static void task_release(struct correlator *c, struct task *task)
{
	directory_put(c, task->root);
	frame_release(c, &task->frame);
	free(task->passing.rest.text);
}

static void task_free(struct correlator *c, struct task *task)
{
	task_release(c, task);
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
		if ((task->frame.is_active || task->frame.is_returned || task->owner) &&
		    !map_put(&kept, task_key(task->tid), task))
			continue;
		task_free(c, task);
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

void task_take_root(struct correlator *c, struct task *task, struct directory *dir)
{
	directory_get(dir);
	directory_put(c, task->root);
	task->root = dir;
	task->is_root_doubtful = false;
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
	struct request *request = request_first(c);
	struct task *task = first_in_open(c);
	int ret = 0;

	while (!ret && (task || request)) {
		if (!task || (request && request_id(request) < task->frame.call.id))
			ret = request_abandon(c, request);
		else
			ret = open_abandon(c, task);
		request = request_first(c);
		task = first_in_open(c);
	}
	return ret;
}

/* The instance that shows a worker first shows all that it does from then on. */
bool task_takes(struct task *task, enum scope scope)
{
	if (!task->owner)
		return scope == SCOPE_TASK;
	if (!task->has_scope) {
		task->has_scope = true;
		task->scope = scope;
	}
	return task->scope == scope;
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
		task_free(c, task);
	map_release(&c->tasks);
	c->active = NULL;
}

bool is_new_process(const struct correlator *c, int32_t tgid)
{
	const struct task *leader = task_find(c, tgid);

	return leader && leader->is_new;
}

/* Thread ids come back: what the last bearer was in the middle of is not this one's. */
static int renew(struct correlator *c, struct task *task)
{
	int ret = open_abandon(c, task);

	if (ret)
		return ret;
	task_release(c, task);
	*task = (struct task){ .tid = task->tid, .is_new = true };
	call_outside(c, task);
	return 0;
}

static int new_task(struct correlator *c, const struct record *record)
{
	struct task *parent, *task;
	int ret;

	if (!has_field(record, FIELD_PID))
		return 0;
	task = task_get(c, (int32_t)record->value[FIELD_PID]);
	ret = task ? renew(c, task) : -ENOMEM;
	if (ret)
		return ret;
	parent = task_find(c, record->tid);
	if (parent && parent != task) {
		task->root = directory_get(parent->root);
		task->is_root_doubtful = parent->is_root_doubtful;
	}
	if (has_field(record, FIELD_TGID))
		task->tgid = (int32_t)record->value[FIELD_TGID];
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	if (parent && has_field(record, FIELD_COMM))
		copy_comm(parent->comm, record->comm, record->comm_len);
	if (has_field(record, FIELD_TASK_FLAGS) && record->value[FIELD_TASK_FLAGS] & PF_IO_WORKER)
		task->owner = record->tid;
	return 0;
}

static int exec_done(struct correlator *c, const struct record *record)
{
	struct task *task = task_get(c, record->tid);

	if (!task)
		return -ENOMEM;
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	call_outside(c, task);
	if (task->tid == c->options.root) {
		task->is_program = true;
		task->tgid = task->tid;
	}
	return 0;
}

/* A record of a lookup does not tell the task's name: what told it last does. */
static int comm_set(struct correlator *c, const struct record *record)
{
	struct task *task;

	if (!has_field(record, FIELD_PID) || !has_field(record, FIELD_STRING))
		return 0;
	task = task_get(c, (int32_t)record->value[FIELD_PID]);
	if (!task)
		return -ENOMEM;
	copy_comm(task->comm, record->str, record->str_len);
	return 0;
}

/* Threads of a process have one root, but for those that have left the others (unshare). */
static void doubt_roots(struct correlator *c, const struct task *caller)
{
	struct task *task;
	size_t at = 0;

	while (caller->tgid && (task = map_next(&c->tasks, &at))) {
		if (task == caller || task->tgid != caller->tgid)
			continue;
		directory_put(c, task->root);
		task->root = NULL;
		task->is_root_doubtful = true;
	}
}

static int root_set(struct correlator *c, const struct record *record)
{
	struct task *caller = task_get(c, record->tid);
	struct identity identity;
	struct directory *dir;
	struct life *life;
	int ret = 0;

	if (!caller)
		return -ENOMEM;
	if (!has_dentry(record) || !identity_from(record, &identity))
		return 0;
	life = life_found(c, &identity, record->value[FIELD_DENTRY], record->ts, &ret);
	if (!life)
		return ret;
	dir = directory_at(c, life);
	if (!dir)
		return -ENOMEM;
	task_take_root(c, caller, dir);
	doubt_roots(c, caller);
	return 0;
}

int task_record(struct correlator *c, const struct record *record)
{
	switch (record->role) {
	case ROLE_TASK:
		return new_task(c, record);
	case ROLE_CHROOT:
		return root_set(c, record);
	case ROLE_COMM:
		return comm_set(c, record);
	default:
		return exec_done(c, record);
	}
}
