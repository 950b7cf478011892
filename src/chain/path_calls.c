/* SPDX-License-Identifier: MIT */
/*
 * Calls that take a path and open nothing: stat, rename and their like. The entry of a call's own
 * function says which one it is, the walk's beginning tells the path, the return the result.
 */
#include "internal.h"

#include <errno.h>

#define FIRST_CALL ROLE_CALL_STAT

_Static_assert(CALL_NR - CALL_STAT == ROLE_CALL_FCHMODAT - FIRST_CALL,
	       "there is a role for each path call, and one more for chmod");

static bool has_two_paths(enum role role)
{
	return role == ROLE_CALL_RENAME || role == ROLE_CALL_LINK;
}

/* A descriptor may stand in the place of its path: of those about attributes from 6.13 on. */
static bool may_have_no_path(enum role role)
{
	return role == ROLE_CALL_UTIMES || role == ROLE_CALL_GETXATTR ||
	       role == ROLE_CALL_SETXATTR || role == ROLE_CALL_LISTXATTR ||
	       role == ROLE_CALL_REMOVEXATTR;
}

/* The task is in a path call, and nothing was lost since it began. */
static bool is_in_path_call(const struct correlator *c, const struct task *task)
{
	return task->frame->path_call.is_valid &&
	       task->frame->path_call.epoch == task_epoch(c, task);
}

int call_abandon(struct correlator *c, struct task *task)
{
	int ret = 0;

	if (!task->frame)
		return 0;
	if (task->frame->path_call.is_valid)
		ret = path_call_abandon(c, task);
	if (ret)
		return ret;
	if (task->frame->is_active) {
		ret = file_cut_off(c, task);
		if (!ret)
			ret = frame_close(c, task);
		task->frame->is_returned = true;
	}
	if (!ret && task->frame->is_returned)
		ret = frame_emit(c, task);
	return ret;
}

static int call_entry(struct correlator *c, struct task *task, const struct record *record)
{
	int ret = call_abandon(c, task);

	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	call_outside(c, task);
	stages_start(c, task, STAGE_NONE, record->ts);
	task->frame->path_call.is_valid = true;
	task->frame->path_call.role = record->role;
	task->frame->path_call.has_lookup = false;
	task->frame->path_call.has_null =
		has_field(record, FIELD_UPTR) && !record->value[FIELD_UPTR];
	task->frame->path_call.epoch = task_epoch(c, task);
	task->frame->path_call.ts = record->ts;
	return ret;
}

/* Why the kernel has no copy of the path: a negative errno; 0 if it has one. */
static int64_t error_of(const struct record *record)
{
	int64_t filename =
		has_field(record, FIELD_FILENAME) ? (int64_t)record->value[FIELD_FILENAME] : 0;

	return filename < 0 && filename >= -MAX_ERRNO ? filename : 0;
}

static uint64_t copy_of(const struct record *record)
{
	return has_field(record, FIELD_KNAME) ? record->value[FIELD_KNAME] : 0;
}

/* There is no path that cannot be read. A copy without a text is that of an empty one. */
static bool tells_path(const struct record *record)
{
	int64_t error = error_of(record);

	return copy_of(record) || error == -EFAULT || error == -ENOENT;
}

/* The frame is that of a path, which @record tells unless it was not seen. */
static int begin(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;

	frame_start(c, task, record);
	frame->is_path_call = true;
	frame->is_uncopied = error_of(record);
	call->call = path_call_of((enum role)frame->path_call.role);
	call->ts = call->call_ts = frame->path_call.ts;
	call->tid = task->tid;
	call_take_values(call, record);
	call->filename = copy_of(record);
	call->has_unseen_path = !tells_path(record);
	return frame_keep_path(frame, record);
}

/*
 * A walk that ran into something stale begins anew, with the same path. The second path may stand
 * where the first one did, which the kernel is done with then.
 */
static bool is_second(const struct frame *frame, const struct record *record)
{
	return has_two_paths((enum role)frame->path_call.role) && !frame->other &&
	       (record->role != frame->path_call.walk || copy_of(record) != frame->call.filename);
}

/* Any further path is the kernel's own: of what it mounts on the way. */
static int walk_entry(struct correlator *c, struct task *task, const struct record *record)
{
	int ret = 0;

	if (!is_in_path_call(c, task) || (!copy_of(record) && !error_of(record)))
		return 0;
	if (task->frame->is_active) {
		if (!is_second(task->frame, record))
			return 0;
		ret = frame_add(c, task);
	}
	task->frame->path_call.walk = record->role;
	return ret ? ret : begin(c, task, record);
}

/* An empty path stands for the descriptor that was passed with it. */
static bool is_of_descriptor(const struct open_call *call)
{
	return !call->path.len && !call->has_unseen_path && call->has_result && call->result >= 0;
}

/* The walk along the path of the task's frame is over. */
static int end_walk(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	int ret = file_asked(c, task);

	if (!ret)
		ret = frame_close(c, task);
	return ret || is_of_descriptor(&frame->call) ? ret : frame_emit(c, task);
}

static void swap(struct task *task)
{
	struct frame *frame = task->frame;

	task->frame = frame->other;
	task->frame->path_call = frame->path_call;
	task->frame->other = frame;
	frame->other = NULL;
}

static void set_result(struct frame *frame, const struct record *record)
{
	struct open_call *call = &frame->call;

	if (!record)
		return;
	call->has_result = has_field(record, FIELD_RET);
	call->result = (int64_t)record->value[FIELD_RET];
	call->has_latency = true;
	call->latency_ns = record->ts - call->ts;
}

/* @record: the return; NULL if it was not seen. */
static int finish(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *other = task->frame->other;
	int ret = 0;

	if (other && other->call.id < task->frame->call.id)
		swap(task);
	for (struct frame *frame = task->frame; frame; frame = frame->other)
		set_result(frame, record);
	if (task->frame->is_active)
		ret = end_walk(c, task);
	if (!ret && task->frame->other) {
		swap(task);
		ret = end_walk(c, task);
	}
	frame_drop_other(c, task->frame);
	task->frame->path_call.is_valid = false;
	return ret;
}

/* A call that was passed no path, or succeeded along none at all, had a descriptor. */
static bool has_unseen_path(const struct frame *frame, const struct record *record)
{
	bool has_failed = has_field(record, FIELD_RET) && (int64_t)record->value[FIELD_RET] < 0;

	if (frame->path_call.has_null)
		return false;
	return has_failed || frame->is_active || frame->path_call.has_lookup ||
	       !may_have_no_path((enum role)frame->path_call.role);
}

/*
 * No walk tells the path of a call that was refused before, or the second one of a call that failed
 * at the first. The kernel drops the record of a path that does not fit a sub-buffer, uncounted.
 */
static int add_unseen(struct correlator *c, struct task *task, const struct record *record)
{
	static const struct record no_path;
	bool sees_walks = c->options.armed[ROLE_PATH][POINT_ENTRY] &&
			  c->options.armed[ROLE_PARENT][POINT_ENTRY];
	int paths = has_two_paths((enum role)task->frame->path_call.role) ? 2 : 1;
	int ret = 0;

	if (!sees_walks || !has_unseen_path(task->frame, record))
		return 0;
	for (int seen = task->frame->is_active + !!task->frame->other; seen < paths && !ret;
	     seen++) {
		if (seen)
			ret = frame_add(c, task);
		if (!ret)
			ret = begin(c, task, &no_path);
	}
	return ret;
}

static int call_return(struct correlator *c, struct task *task, const struct record *record)
{
	int ret;

	if (!task->frame->path_call.is_valid)
		return 0;
	if (!is_in_path_call(c, task) || task->frame->path_call.role != record->role)
		return path_call_abandon(c, task);
	ret = add_unseen(c, task, record);
	return ret ? ret : finish(c, task, record);
}

int path_call_abandon(struct correlator *c, struct task *task)
{
	return finish(c, task, NULL);
}

static bool is_in_text(const struct frame *frame, uint64_t qname)
{
	return qname >= frame->call.filename && qname < frame->call.filename + frame->call.path.len;
}

static bool is_lookup(enum role role)
{
	return role == ROLE_LOOKUP_FAST || role == ROLE_LOOKUP_REF || role == ROLE_LOOKUP_SLOW;
}

void path_call_turn(struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;

	frame->path_call.has_lookup |= is_lookup((enum role)record->role);
	if (!frame->other || record->point != POINT_ENTRY || !has_field(record, FIELD_NAME))
		return;
	if (is_in_text(frame->other, record->value[FIELD_NAME]) &&
	    !is_in_text(frame, record->value[FIELD_NAME]))
		swap(task);
}

int path_call_record(struct correlator *c, struct task *task, const struct record *record)
{
	if (record->role == ROLE_PATH || record->role == ROLE_PARENT)
		return walk_entry(c, task, record);
	return record->point == POINT_ENTRY ? call_entry(c, task, record)
					    : call_return(c, task, record);
}
