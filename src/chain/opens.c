/* SPDX-License-Identifier: MIT */
/*
 * The open a task is in: from the system call through the kernel's copy of the path to the file
 * that is returned. Entries and returns are paired by task.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* RESOLVE_IN_ROOT of linux/openat2.h: "/" is the directory that dirfd refers to. */
#define RESOLVE_IN_ROOT 0x10

/*
 * The same in open_flags.lookup_flags (include/linux/namei.h, 5.10 to 6.16, and 7.3), which tells
 * it of a ring's request as well. The other kernels use each bit for something that no open has.
 */
#define LOOKUP_IN_ROOT (0x100000 | 0x10000000)

/* file->f_mode: the open made the file (include/linux/fs.h, 5.10 to 7.3). */
#define FMODE_CREATED 0x100000

/* It may be one that a signal interrupted, and that is begun anew. */
static void start(struct correlator *c, struct task *task, const struct record *record)
{
	frame_start(c, task, record);
	interrupted_go_on(c, task);
}

static int syscall_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	int ret = call_abandon(c, task);

	frame->copy.is_valid = frame->copy.is_failed = false;
	frame->syscall.is_valid = true;
	frame->syscall.epoch = task_epoch(c, task);
	/* A handle has no path that would be copied. */
	stages_start(c, task, record->role == ROLE_HANDLE ? STAGE_NONE : STAGE_COPY, record->ts);
	hop_set(&frame->syscall.hop, c, task, record, HOP_USER);
	frame->syscall.has_user = has_field(record, FIELD_UPTR);
	frame->syscall.user = record->value[FIELD_UPTR];
	frame->syscall.hop.has_addr = frame->syscall.has_user;
	frame->syscall.hop.addr = frame->syscall.user;
	frame->syscall.has_dfd = has_field(record, FIELD_DFD);
	frame->syscall.dfd = (int32_t)record->value[FIELD_DFD];
	frame->syscall.has_flags = has_field(record, FIELD_FLAGS);
	frame->syscall.flags = record->value[FIELD_FLAGS];
	frame->syscall.has_open = false;
	frame->syscall.has_opener = false;
	frame->syscall.call = call_entered(record);
	frame->syscall.is_scoped =
		!has_field(record, FIELD_RESOLVE) || record->value[FIELD_RESOLVE] & RESOLVE_IN_ROOT;
	return ret ? ret : interrupted_resume(c, task);
}

static bool is_error(int64_t value)
{
	return value < 0 && value >= -MAX_ERRNO;
}

/* Return: 0 or -ENOMEM. The path is kept: if the open is refused, nothing else tells it. */
static int copy_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;

	frame->copy.is_valid = has_field(record, FIELD_KNAME);
	frame->copy.is_failed = has_field(record, FIELD_FILENAME) &&
				is_error((int64_t)record->value[FIELD_FILENAME]);
	hop_set(&frame->copy.hop, c, task, record, HOP_COPY);
	frame->copy.hop.has_addr = frame->copy.is_valid;
	frame->copy.hop.addr = record->value[FIELD_KNAME];
	stages_note(&frame->stages, STAGE_EVENT_COPIED, record->ts);
	if (!frame->syscall.is_valid || frame->syscall.has_open)
		return 0;
	return frame_keep_path(frame, record);
}

/* The task has one comm for the whole call; not every record of it tells that. */
static void add_head(struct frame *frame, const struct hop *hop)
{
	struct hop *head = &frame->head[frame->head_count++];

	*head = *hop;
	head->open = frame->call.id;
	head->since = (int64_t)(hop->ts - frame->call.ts);
	if (head->tid == frame->call.tid)
		memcpy(head->comm, frame->call.comm, COMM_SIZE);
}

/* The task's system call began, and nothing was lost since. */
static bool is_in_call(const struct correlator *c, const struct task *task)
{
	return task->frame->syscall.is_valid && task->frame->syscall.epoch == task_epoch(c, task);
}

/* Whether the path's "/" is not the task's root, or nobody knows: not even what made the open. */
static bool is_scoped(const struct correlator *c, const struct task *task,
		      const struct record *record)
{
	enum call call = task->frame->call.call;

	if (is_in_call(c, task))
		return task->frame->syscall.is_scoped;
	if (has_field(record, FIELD_LOOKUP))
		return record->value[FIELD_LOOKUP] & LOOKUP_IN_ROOT;
	return call == CALL_IO_URING || call == CALL_UNKNOWN;
}

/* What the system call showed before the open. */
static void take_syscall(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;

	if (!is_in_call(c, task))
		return;
	call->has_user = frame->syscall.has_user;
	call->user = frame->syscall.user;
	call->call_ts = frame->syscall.hop.ts;
	if (frame->syscall.has_flags) {
		call->has_flags = true;
		call->flags = frame->syscall.flags;
	}
	if (frame->syscall.has_user)
		add_head(frame, &frame->syscall.hop);
	if (frame->copy.is_valid)
		add_head(frame, &frame->copy.hop);
}

/* The kernel marks the mode of an open that may make a file as a regular file's (5.10 to 7.3). */
static void take_mode(struct open_call *call, const struct record *record)
{
	uint64_t mode = record->value[FIELD_NEW_MODE];

	call->has_mode = has_field(record, FIELD_NEW_MODE) && S_ISREG(mode);
	call->mode = call->has_mode ? mode & ~(uint32_t)S_IFMT : 0;
}

static int open_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;
	struct hop hop;
	int ret = call_abandon(c, task);

	if (ret)
		return ret;
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	start(c, task, record);
	call->call = call_of(c, task, record);
	stages_open(c, task, is_in_call(c, task), record->ts);
	frame->syscall.has_open = true;
	call->tgid = task->tgid;
	request_name_submitter(c, task, call);
	ret = request_begin(c, task, record);
	if (ret)
		return ret;
	call_take_values(call, record);
	take_mode(call, record);
	frame->is_scoped = is_scoped(c, task, record);
	take_syscall(c, task);
	hop_set(&hop, c, task, record, HOP_FILENAME);
	hop.has_addr = has_field(record, FIELD_KNAME);
	hop.addr = record->value[FIELD_KNAME];
	call->filename = hop.has_addr ? hop.addr : 0;
	add_head(frame, &hop);
	return frame_keep_path(frame, record);
}

/* --- what never came to the kernel's open ----------------------------------------------------- */

/*
 * The system call failed before: no path could be had from the program, its flags were no open's,
 * or there was no descriptor left (before 7.3).
 */
static bool is_refused(const struct correlator *c, const struct task *task,
		       const struct record *record)
{
	return is_in_call(c, task) && !task->frame->syscall.has_open &&
	       has_field(record, FIELD_RET) && (int64_t)record->value[FIELD_RET] < 0 &&
	       c->options.armed[ROLE_OPEN][POINT_ENTRY] &&
	       c->options.armed[ROLE_OPEN][POINT_RETURN];
}

/*
 * Flags that are none are refused before the path is read. After any other error there was a path,
 * unless it could not be copied: the kernel drops the record of a copy that does not fit a
 * sub-buffer, and counts that nowhere.
 */
static bool has_seen_path(const struct frame *frame)
{
	const struct open_call *call = &frame->call;

	switch (-call->result) {
	case EAGAIN:
	case EFAULT:
	case EINVAL:
	case ENAMETOOLONG:
	case ENOENT:
		return true;
	default:
		return call->call == CALL_HANDLE || call->path.len || frame->copy.is_failed;
	}
}

static int open_refused(struct correlator *c, struct task *task, const struct record *record)
{
	static const struct record no_path;
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;
	struct open_call copied;
	struct hop hop;
	int ret = frame->copy.is_valid ? 0 : frame_keep_path(frame, &no_path);

	if (ret)
		return ret;
	copied = *call;
	start(c, task, record);
	call->path = copied.path;
	call->dir_why = copied.dir_why;
	call->call = frame->syscall.call;
	call->has_dfd = frame->syscall.has_dfd;
	call->dfd = frame->syscall.dfd;
	call->has_result = true;
	call->result = (int64_t)record->value[FIELD_RET];
	take_syscall(c, task);
	hop_set(&hop, c, task, record, HOP_FILE);
	hop.open = call->id;
	ret = file_failed(c, task, &hop, call->result);
	if (!ret)
		ret = frame_close(c, task);
	call->complete = has_seen_path(frame);
	return ret ? ret : frame_emit(c, task);
}

static int take_result(struct correlator *c, struct task *task, const struct record *record)
{
	struct open_call *call = &task->frame->call;
	int ret = 0;

	if (task->frame->is_active) {
		/*
		 * The open's own return is missing; its result is the system call's all the same.
		 */
		ret = file_cut_off(c, task);
		if (!ret)
			ret = frame_close(c, task);
		task->frame->is_returned = true;
	}
	if (ret || !task->frame->is_returned)
		return ret;
	if (!has_field(record, FIELD_RET))
		return frame_emit(c, task);
	call->result = (int64_t)record->value[FIELD_RET];
	call->has_result = !call_is_interrupted(call->result);
	return call->has_result ? frame_emit(c, task) : interrupted_wait(c, task);
}

static int syscall_return(struct correlator *c, struct task *task, const struct record *record)
{
	int ret;

	stages_done(&task->frame->stages, record->ts);
	ret = is_refused(c, task, record) ? open_refused(c, task, record)
					  : take_result(c, task, record);
	call_outside(c, task);
	task->frame->copy.is_valid = false;
	return ret;
}

/* Since when the task can have entered the open that it returns from. */
static uint64_t last_seen(const struct correlator *c, const struct task *task)
{
	if (is_in_call(c, task))
		return task->frame->syscall.hop.ts;
	return task->last_ts ? task->last_ts : c->first_ts;
}

/*
 * The kernel drops the entry of an open that does not fit a sub-buffer, and counts that nowhere: a
 * path of more than about 4,000 bytes where a sub-buffer is a page. Only a return without an entry
 * shows it. An open that began before the trace has none, either; nor one of a ring's worker whose
 * opens were not recorded yet.
 */
static int open_without_entry(struct correlator *c, const struct task *task,
			      const struct record *record)
{
	const struct loss loss = {
		.scope = task->scope,
		.cpu = record->cpu,
		.from = last_seen(c, task),
		.to = record->ts,
		.count = LOSS_UNKNOWN,
	};
	bool is_sure = is_in_call(c, task) || (call_is_outside(c, task) && !task->owner);

	if (!is_sure || !is_selected(c, task) || !c->options.armed[ROLE_OPEN][POINT_ENTRY])
		return 0;
	return correlator_loss(c, &loss);
}

/* The kernel's open returned a file, and no error. */
static bool has_file(const struct record *record)
{
	int64_t file = has_field(record, FIELD_FILE) ? (int64_t)record->value[FIELD_FILE] : 0;

	return !is_error(file);
}

/* What the kernel's open returned. */
static int take_file(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;
	int64_t file;
	struct hop hop;

	call_take_values(call, record);
	hop_set(&hop, c, task, record, HOP_FILE);
	hop.open = call->id;
	file = has_field(record, FIELD_FILE) ? (int64_t)record->value[FIELD_FILE] : 0;
	if (request_is_put_off(task, file))
		return file_put_off(c, task, &hop, file);
	if (!has_file(record)) {
		call->has_result = !call_is_interrupted(file);
		call->result = file;
		return file_failed(c, task, &hop, file);
	}
	/* Without a system call there is no descriptor that it could return. */
	call->has_result = call->call != CALL_UNKNOWN && !frame->syscall.is_valid;
	frame->is_created =
		has_field(record, FIELD_FMODE) && record->value[FIELD_FMODE] & FMODE_CREATED;
	return file_returned(c, task, record, &hop);
}

/* The kernel's open is over; what made it may go on. */
static int leave_open(struct correlator *c, struct task *task, enum role made_by)
{
	int ret = frame_close(c, task);

	task->frame->is_returned = true;
	if (ret || (task->frame->syscall.is_valid && c->options.armed[made_by][POINT_RETURN]))
		return ret;
	if (!task->frame->syscall.is_valid)
		call_outside(c, task);
	return request_is_put_off(task, task->frame->call.result) ? request_wait(c, task)
								  : frame_emit(c, task);
}

static int open_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	int ret;

	if (!frame->is_active)
		return open_without_entry(c, task, record);
	frame->call.has_latency = true;
	frame->call.latency_ns = record->ts - frame->call.ts;
	ret = take_file(c, task, record);
	if (ret)
		return ret;
	stages_return(&frame->stages, has_file(record), frame->is_created, record->ts);
	return leave_open(c, task, ROLE_SYSCALL);
}

/*
 * An open that begins at a struct path of the kernel: of the file that a handle stands for, or one
 * that the kernel opens for itself. Its entry is not probed: the system call says when it began.
 */
static int root_return(struct correlator *c, struct task *task, const struct record *record)
{
	static const struct record no_path;
	struct frame *frame = task->frame;
	struct open_call *call = &frame->call;
	int ret = call_abandon(c, task);

	if (!ret)
		ret = frame_keep_path(frame, &no_path);
	if (ret)
		return ret;
	start(c, task, record);
	stages_start(c, task, STAGE_NONE, record->ts);
	call->path = (struct bytes){ frame->path, 0 };
	call->call = call_of_root(c, task);
	take_syscall(c, task);
	if (call->call == CALL_HANDLE) {
		frame->syscall.has_open = true;
		call->ts = frame->syscall.hop.ts;
		call->has_dfd = frame->syscall.has_dfd;
		call->dfd = frame->syscall.dfd;
		call->has_latency = true;
		call->latency_ns = record->ts - call->ts;
	}
	ret = take_file(c, task, record);
	return ret ? ret : leave_open(c, task, ROLE_HANDLE);
}

int open_record(struct correlator *c, struct task *task, const struct record *record)
{
	int ret = 0;

	/* It is over, and its return was not seen. */
	if (record->role != ROLE_GETNAME && task->frame->path_call.is_valid)
		ret = path_call_abandon(c, task);
	if (ret)
		return ret;
	switch (record->role) {
	case ROLE_SYSCALL:
	case ROLE_HANDLE:
		return record->point == POINT_ENTRY ? syscall_entry(c, task, record)
						    : syscall_return(c, task, record);
	case ROLE_OPEN_ROOT:
		return root_return(c, task, record);
	case ROLE_GETNAME:
		return copy_return(c, task, record);
	default:
		return record->point == POINT_ENTRY ? open_entry(c, task, record)
						    : open_return(c, task, record);
	}
}
