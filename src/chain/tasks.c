/* SPDX-License-Identifier: MIT */
/*
 * Which task belongs where, from records alone, so that a recording decides as a live run does.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASKS 16384

static void link_newest(struct correlator *c, struct task *task)
{
	task->newer = NULL;
	task->older = c->recent;
	*(c->recent ? &c->recent->newer : &c->oldest_task) = task;
	c->recent = task;
}

static void unlink_age(struct correlator *c, struct task *task)
{
	*(task->older ? &task->older->newer : &c->oldest_task) = task->newer;
	*(task->newer ? &task->newer->older : &c->recent) = task->older;
}

static void task_free(struct correlator *c, struct task *task)
{
	unlink_age(c, task);
	frame_drop(c, task);
	directory_put(c, task->root);
	cwd_forget(c, task);
	interrupted_free(task);
	free(task->passing.rest.text);
	free(task);
}

/*
 * Kept are the traced program, a task in the middle of a call, and a ring's worker if others can
 * go.
 */
static bool stays(const struct correlator *c, const struct task *task, bool is_last_turn)
{
	return task->frame || task->tid == c->options.root || (task->owner && !is_last_turn);
}

/* No record shows that a task ended: the one without records for the longest time is forgotten. */
static int forget_oldest(struct correlator *c)
{
	struct task *task;
	int ret;

	for (size_t i = 0; stays(c, c->oldest_task, i >= c->tasks.count); i++) {
		task = c->oldest_task;
		unlink_age(c, task);
		link_newest(c, task);
	}
	task = c->oldest_task;
	ret = forgotten_add(c, task);
	if (!ret)
		ret = interrupted_abandon(c, task);
	if (ret)
		return ret;
	map_remove(&c->tasks, task_key(task->tid));
	task_free(c, task);
	return 0;
}

static struct task *task_new(struct correlator *c, int32_t tid)
{
	struct task *task = calloc(1, sizeof(*task));

	if (!task)
		return NULL;
	if (map_put(&c->tasks, task_key(tid), task)) {
		free(task);
		return NULL;
	}
	task->tid = tid;
	task->is_root_doubtful = was_forgotten(c, tid);
	task->is_left_out = was_left_out(c, tid);
	cwd_begin(c, task);
	link_newest(c, task);
	return task;
}

struct task *task_get(struct correlator *c, int32_t tid)
{
	struct task *task = task_find(c, tid);

	if (task) {
		unlink_age(c, task);
		link_newest(c, task);
		return task;
	}
	if (c->tasks.count >= MAX_TASKS && forget_oldest(c))
		return NULL;
	return task_new(c, tid);
}

int tasks_know(struct correlator *c)
{
	for (size_t i = 0; i < c->options.known_count; i++) {
		const struct known_task *known = &c->options.known[i];
		struct task *task = task_get(c, known->tid);

		if (!task)
			return -ENOMEM;
		task->tgid = known->tgid;
		task->owner = known->owner;
		task->is_new = true;
		task->is_program = known->tid == c->options.root;
		cwd_forget(c, task); /* it may have gone elsewhere since it began */
	}
	return 0;
}

static struct task *first_in_open(const struct correlator *c)
{
	struct task *first = NULL;

	for (struct task *task = c->active; task; task = task->next_active) {
		if (!task->frame->is_active && !task->frame->is_returned)
			continue;
		if (!first || task->frame->call.id < first->frame->call.id)
			first = task;
	}
	return first;
}

static int abandon_interrupted(struct correlator *c)
{
	struct task *task;
	size_t at = 0;
	int ret = 0;

	while (!ret && (task = map_next(&c->tasks, &at)))
		ret = interrupted_abandon(c, task);
	return ret;
}

int tasks_abandon(struct correlator *c)
{
	struct put_off *request = request_first(c);
	struct task *task = first_in_open(c);
	int ret = abandon_interrupted(c);

	while (!ret && (task || request)) {
		if (!task || (request && request->call.id < task->frame->call.id))
			ret = request_abandon(c, request);
		else
			ret = call_abandon(c, task);
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
	while (c->oldest_task)
		task_free(c, c->oldest_task);
	map_release(&c->tasks);
	frames_free(c);
}

/* Thread ids are reused: the call that the last task was in is not this one's. */
static int renew(struct correlator *c, struct task *task)
{
	int ret = call_abandon(c, task);

	if (!ret)
		ret = interrupted_abandon(c, task);
	if (ret)
		return ret;
	frame_drop(c, task);
	forgotten_remove(c, task->tid);
	directory_put(c, task->root);
	cwd_forget(c, task);
	free(task->passing.rest.text);
	*task = (struct task){
		.tid = task->tid,
		.is_new = true,
		.older = task->older,
		.newer = task->newer,
	};
	call_outside(c, task);
	return 0;
}

static int new_task(struct correlator *c, const struct record *record)
{
	struct task *parent, *first, *task;
	int ret;

	if (!has_field(record, FIELD_PID))
		return 0;
	task = task_get(c, (int32_t)record->value[FIELD_PID]);
	ret = task ? renew(c, task) : -ENOMEM;
	if (ret)
		return ret;
	parent = task_find(c, record->tid);
	task->is_root_doubtful = !parent && was_forgotten(c, record->tid);
	if (parent && parent != task) {
		task->root = directory_get(parent->root);
		task->is_root_doubtful = parent->is_root_doubtful;
		cwd_inherit(c, task, parent);
		user_inherit(c, task, parent);
	}
	sharers_start(c, parent != task ? parent : NULL, task, record);
	if (has_field(record, FIELD_TGID))
		task->tgid = (int32_t)record->value[FIELD_TGID];
	first = task->tgid != task->tid ? task_find(c, task->tgid) : NULL;
	if (first)
		first->has_threads = true;
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	if (parent && has_field(record, FIELD_COMM))
		copy_comm(parent->comm, record->comm, record->comm_len);
	if (starts_worker(record))
		task->owner = record->tid;
	return 0;
}

/* The task never returns from what it is in: no later record belongs to it. */
static int forget_calls(struct correlator *c, struct task *task)
{
	int ret = call_abandon(c, task);

	frame_drop(c, task);
	task->has_outside = false;
	return ret ? ret : interrupted_abandon(c, task);
}

/* Which of the threads executes the program, and goes on alone, is not known. */
static void leave_threads(struct correlator *c, struct task *task)
{
	if (task->is_parted)
		cwd_forget(c, task);
	if (task->is_root_parted)
		root_doubt(c, task);
	task->has_threads = task->is_parted = task->is_root_parted = false;
}

/* The thread that execs takes the number of its process, whoever had it until then. */
static int exec_done(struct correlator *c, const struct record *record)
{
	struct task *task = task_get(c, record->tid);
	int ret;

	if (!task)
		return -ENOMEM;
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	ret = forget_calls(c, task);
	call_outside(c, task);
	leave_threads(c, task);
	if (task->tid == c->options.root) {
		task->is_program = true;
		task->tgid = task->tid;
	}
	return ret;
}

/* Records of lookups do not have the task's name: the last record that had it counts. */
static int comm_set(struct correlator *c, const struct record *record)
{
	struct task *task;
	char comm[COMM_SIZE];
	int ret = 0;

	if (!has_field(record, FIELD_PID) || !has_field(record, FIELD_STRING))
		return 0;
	task = task_get(c, (int32_t)record->value[FIELD_PID]);
	if (!task)
		return -ENOMEM;
	copy_comm(comm, record->str, record->str_len);
	if (c->options.by_comm && strcmp(comm, task->comm) != 0)
		ret = forget_calls(c, task);
	memcpy(task->comm, comm, COMM_SIZE);
	return ret;
}

/* Who shared the root may have left the others since (unshare). */
static void doubt_roots(struct correlator *c, const struct task *caller,
			const struct record *record)
{
	struct task *task;
	size_t at = 0;

	while ((task = task_next_sharer(c, caller, record, &at)))
		root_doubt(c, task);
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
	life = life_found(c, &identity, record->value[FIELD_DENTRY], UINT64_MAX, &ret);
	if (!life)
		return ret;
	dir = directory_at(c, life);
	if (!dir)
		return -ENOMEM;
	if (sharers_move(c, caller, record))
		directory_make_root(c, dir, caller);
	else
		root_doubt(c, caller);
	cwd_forget(c, caller);
	doubt_roots(c, caller, record);
	return 0;
}

/* What a task gets that it had before. */
static int given(struct correlator *c, const struct record *record)
{
	struct task *task = task_get(c, record->tid);

	if (!task)
		return -ENOMEM;
	if (record->role == ROLE_CWD)
		return cwd_set(c, task, record);
	if (record->role == ROLE_PIVOT)
		return pivot_record(c, task, record);
	user_set(c, task, record);
	return 0;
}

int task_record(struct correlator *c, const struct record *record)
{
	switch (record->role) {
	case ROLE_MOUNT:
	case ROLE_UMOUNT:
		return mount_record(c, record);
	case ROLE_TASK:
		return new_task(c, record);
	case ROLE_CHROOT:
		return root_set(c, record);
	case ROLE_COMM:
		return comm_set(c, record);
	case ROLE_CREDS:
	case ROLE_CWD:
	case ROLE_PIVOT:
		return given(c, record);
	default:
		return exec_done(c, record);
	}
}
