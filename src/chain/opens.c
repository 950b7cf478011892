/* SPDX-License-Identifier: MIT */
/*
 * The open a task is in: from the system call through the kernel's copy of the path to the file
 * that is returned. Entries and returns are paired by task.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* RESOLVE_IN_ROOT of linux/openat2.h: "/" is the directory that dirfd refers to. */
#define RESOLVE_IN_ROOT 0x10

/* __O_TMPFILE of asm-generic/fcntl.h, which all machines of ours take. */
#define TMPFILE 020000000

/* file->f_mode: the open made the file (include/linux/fs.h, 5.10 to 7.3). */
#define FMODE_CREATED 0x100000

/* An entry whose return was never seen: the open is handed out without a result. */
int open_abandon(struct correlator *c, struct task *task)
{
	int ret = 0;

	if (task->frame.is_active) {
		ret = frame_close(c, task);
		task->frame.is_returned = true;
	}
	if (!ret && task->frame.is_returned)
		ret = frame_emit(c, task);
	return ret;
}

static int syscall_entry(struct correlator *c, struct task *task, const struct record *record)
{
	int ret = open_abandon(c, task);

	task->copy.is_valid = false;
	task->syscall.is_valid = true;
	task->syscall.epoch = c->epoch[SCOPE_TASK];
	stages_start(c, &task->stages, STAGE_COPY, record->ts);
	hop_set(&task->syscall.hop, c, task, record, HOP_USER);
	task->syscall.has_user = has_field(record, FIELD_UPTR);
	task->syscall.user = record->value[FIELD_UPTR];
	task->syscall.hop.has_addr = task->syscall.has_user;
	task->syscall.hop.addr = task->syscall.user;
	task->syscall.has_dfd = has_field(record, FIELD_DFD);
	task->syscall.dfd = (int32_t)record->value[FIELD_DFD];
	task->syscall.has_flags = has_field(record, FIELD_FLAGS);
	task->syscall.flags = record->value[FIELD_FLAGS];
	task->syscall.has_open = false;
	task->syscall.resolves =
		has_field(record, FIELD_RESOLVE) && record->value[FIELD_RESOLVE] != 0;
	task->syscall.is_scoped =
		!has_field(record, FIELD_RESOLVE) || record->value[FIELD_RESOLVE] & RESOLVE_IN_ROOT;
	return ret;
}

static int keep_path(struct frame *frame, const struct record *record)
{
	bool has_path = has_field(record, FIELD_STRING);
	const char *path = has_path ? record->str : "";
	size_t len = has_path ? record->str_len : 0;
	size_t end, base;

	if (len + 1 > frame->path_room) {
		char *grown = realloc(frame->path, len + 1);

		if (!grown)
			return -ENOMEM;
		frame->path = grown;
		frame->path_room = len + 1;
	}
	memcpy(frame->path, path, len);
	frame->path[len] = '\0';
	for (end = len; end && frame->path[end - 1] == '/'; end--)
		;
	for (base = end; base && frame->path[base - 1] != '/'; base--)
		;
	frame->base = base;
	frame->base_len = end - base;
	frame->call.path = (struct bytes){ frame->path, len };
	return 0;
}

/* Return: 0 or -ENOMEM. The path is kept: if the open is refused, nothing else tells it. */
static int copy_return(struct correlator *c, struct task *task, const struct record *record)
{
	task->copy.is_valid = has_field(record, FIELD_KNAME);
	hop_set(&task->copy.hop, c, task, record, HOP_COPY);
	task->copy.hop.has_addr = task->copy.is_valid;
	task->copy.hop.addr = record->value[FIELD_KNAME];
	stages_note(&task->stages, STAGE_EVENT_COPIED, record->ts);
	if (!task->syscall.is_valid || task->syscall.has_open)
		return 0;
	return keep_path(&task->frame, record);
}

/* The task has one comm for the whole call; not every record of it tells that. */
static void add_head(struct frame *frame, const struct hop *hop)
{
	struct hop *head = &frame->head[frame->head_count++];

	*head = *hop;
	head->open = frame->call.id;
	head->since = (int64_t)(hop->ts - frame->call.ts);
	memcpy(head->comm, frame->call.comm, COMM_SIZE);
}

/* The task's system call began, and nothing was lost since. */
static bool is_in_call(const struct correlator *c, const struct task *task)
{
	return task->syscall.is_valid && task->syscall.epoch == c->epoch[SCOPE_TASK];
}

/* What the system call showed before the open. */
static void take_syscall(struct correlator *c, struct task *task)
{
	struct frame *frame = &task->frame;
	struct open_call *call = &frame->call;

	frame->is_scoped = false;
	if (!is_in_call(c, task))
		return;
	frame->is_scoped = task->syscall.is_scoped;
	call->has_user = task->syscall.has_user;
	call->user = task->syscall.user;
	if (task->syscall.has_flags) {
		call->has_flags = true;
		call->flags = task->syscall.flags;
	}
	if (task->syscall.has_user)
		add_head(frame, &task->syscall.hop);
	if (task->copy.is_valid)
		add_head(frame, &task->copy.hop);
}

static int open_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = &task->frame;
	struct open_call *call = &frame->call;
	struct hop hop;
	int ret = open_abandon(c, task);

	if (ret)
		return ret;
	if (has_field(record, FIELD_COMM))
		copy_comm(task->comm, record->comm, record->comm_len);
	frame_start(c, task, record);
	call->call = call_of(c, task, record);
	stages_open(c, &task->stages, is_in_call(c, task), record->ts);
	task->syscall.has_open = true;
	call->tgid = task->tgid;
	memcpy(call->comm, task->comm, COMM_SIZE);
	call->has_dfd = has_field(record, FIELD_DFD);
	call->dfd = (int32_t)record->value[FIELD_DFD];
	call->has_flags = has_field(record, FIELD_FLAGS);
	call->flags = record->value[FIELD_FLAGS];
	take_syscall(c, task);
	hop_set(&hop, c, task, record, HOP_FILENAME);
	hop.has_addr = has_field(record, FIELD_KNAME);
	hop.addr = record->value[FIELD_KNAME];
	call->filename = hop.has_addr ? hop.addr : 0;
	add_head(frame, &hop);
	return keep_path(frame, record);
}

/* --- the file, or why there is none ----------------------------------------------------------- */

/* The name of the first component in @text below @dir; *@at moves behind it. */
static struct tracked_name *next_name(struct correlator *c, struct directory *dir, const char *text,
				      size_t len, size_t *at, int *ret)
{
	struct identity identity = { .facts = dir ? dir->facts : (struct dir_facts){ 0 } };
	size_t end;

	while (*at < len && text[*at] == '/')
		++*at;
	for (end = *at; end < len && text[end] != '/'; end++)
		;
	*ret = 0;
	if (end == *at || end - *at >= COMPONENT_SIZE)
		return NULL;
	identity.len = (uint32_t)(end - *at);
	memcpy(identity.component, text + *at, identity.len);
	*at = end;
	return name_in(c, dir, &identity, ret);
}

static bool has_dots(const char *text, size_t at, size_t end)
{
	for (; at + 1 < end; at++) {
		size_t dots = strspn(text + at, ".");

		if (text[at] == '.' && dots <= 2 && (text[at + dots] == '/') &&
		    (!at || text[at - 1] == '/'))
			return true;
	}
	return false;
}

/* Where the walk stopped, of a path whose rest has no ".."; NULL if that is not known. */
static struct directory *stopped_at(struct correlator *c, const struct task *task, int *ret)
{
	const struct frame *frame = &task->frame;
	struct directory *dir;

	*ret = 0;
	if (has_dots(frame->path, frame->walked, frame->base))
		return NULL;
	if (!frame->walked)
		return frame->path[0] == '/' && !frame->is_scoped ? task->root : NULL;
	if (!frame->walked_life)
		return NULL;
	dir = directory_at(c, frame->walked_life);
	*ret = dir ? 0 : -ENOMEM;
	return dir && !dir->is_guess ? dir : NULL;
}

/*
 * The last component was not reached, or nothing was seen of it: a name without a dentry, below
 * what the walk came to. Without that it is this open's own.
 */
static struct tracked_name *unreached_name(struct correlator *c, struct task *task, int *ret)
{
	struct frame *frame = &task->frame;
	struct directory *dir = stopped_at(c, task, ret);
	size_t at = dir ? frame->walked : frame->base, end = frame->base + frame->base_len;
	struct tracked_name *name = NULL;

	while (!*ret && at < end) {
		name = next_name(c, dir, frame->path, end, &at, ret);
		if (!name || at == end)
			break;
		dir = directory_below(c, name);
		if (!dir)
			*ret = -ENOMEM;
	}
	return name;
}

/* A path that ends with "/", "." or ".." has no last component. */
static bool has_base_name(const struct frame *frame)
{
	const char *base = frame->path + frame->base;

	return frame->base_len > 2 || (frame->base_len && memcmp(base, "..", frame->base_len) != 0);
}

/* The path's own last component was looked up, and its directory is known. */
static bool is_at_base(const struct step *step)
{
	return step->is_valid && step->kind == STEP_OF_PATH && step->is_final;
}

static int file_without_dentry(struct correlator *c, struct task *task, const struct hop *hop)
{
	struct frame *frame = &task->frame;
	struct step *step = &frame->step;
	struct tracked_name *name;
	struct life *life;
	int ret;

	if (!has_base_name(frame) || frame->base_len >= COMPONENT_SIZE || frame->has_head)
		return 0;
	name = is_at_base(step) ? name_get(c, &step->identity, &ret)
				: unreached_name(c, task, &ret);
	life = name ? life_without_dentry(c, name, &ret) : NULL;
	if (!life)
		return ret;
	name->pub.is_named = true;
	ret = frame_give_head(c, frame, life);
	for (size_t i = 0; is_at_base(step) && i < step->pending_count && !ret; i++)
		ret = life_add_hop(c, life, &step->pending[i]);
	if (!ret)
		ret = frame_resolve(c, task, name);
	return ret ? ret : life_add_hop(c, life, hop);
}

/* The path's last component has a dentry: what became of the open belongs to it. */
static int bound_failed(struct correlator *c, struct task *task, struct life *life,
			const struct hop *hop)
{
	int ret = frame_give_head(c, &task->frame, life);

	if (!ret)
		ret = frame_resolve(c, task, life_name(life));
	return ret ? ret : life_add_hop(c, life, hop);
}

static int file_failed(struct correlator *c, struct task *task, struct hop *hop, int64_t err)
{
	struct frame *frame = &task->frame;
	struct step *step = &frame->step;
	bool is_last = step->is_valid && step->is_final && step->life;

	hop->has_addr = false;
	hop->dentry = 0;
	hop->err = (int32_t)-err;
	/* What a link led to was asked for as well. */
	if (is_last)
		life_name(step->life)->pub.is_named = true;
	if (is_last && step->kind == STEP_OF_PATH)
		return bound_failed(c, task, step->life, hop);
	if (frame->has_base && frame->walked_life)
		return bound_failed(c, task, frame->walked_life, hop);
	return file_without_dentry(c, task, hop);
}

/* --- what never came to the kernel's open ----------------------------------------------------- */

/*
 * The system call failed before: no path could be had from the program, its flags were no open's,
 * or there was no descriptor left (before 7.3).
 */
static bool is_refused(const struct correlator *c, const struct task *task,
		       const struct record *record)
{
	return is_in_call(c, task) && !task->syscall.has_open && has_field(record, FIELD_RET) &&
	       (int64_t)record->value[FIELD_RET] < 0 && c->options.armed[ROLE_OPEN][EDGE_ENTRY] &&
	       c->options.armed[ROLE_OPEN][EDGE_RETURN];
}

static int open_refused(struct correlator *c, struct task *task, const struct record *record)
{
	static const struct record no_path;
	struct frame *frame = &task->frame;
	struct open_call *call = &frame->call;
	struct bytes path;
	struct hop hop;
	int ret = task->copy.is_valid ? 0 : keep_path(frame, &no_path);

	if (ret)
		return ret;
	path = call->path;
	frame_start(c, task, record);
	call->path = path;
	call->call = call_of(c, task, record);
	call->has_dfd = task->syscall.has_dfd;
	call->dfd = task->syscall.dfd;
	call->has_result = true;
	call->result = (int64_t)record->value[FIELD_RET];
	take_syscall(c, task);
	hop_set(&hop, c, task, record, HOP_FILE);
	hop.open = call->id;
	ret = file_failed(c, task, &hop, call->result);
	if (!ret)
		ret = frame_close(c, task);
	call->complete = true;
	return ret ? ret : frame_emit(c, task);
}

static int take_result(struct correlator *c, struct task *task, const struct record *record)
{
	struct open_call *call = &task->frame.call;
	int ret = 0;

	if (task->frame.is_active) {
		/* The open's own return is missing; its result is the system call's all the same.
		 */
		ret = frame_close(c, task);
		task->frame.is_returned = true;
	}
	if (ret || !task->frame.is_returned)
		return ret;
	if (has_field(record, FIELD_RET)) {
		call->result = (int64_t)record->value[FIELD_RET];
		call->has_result = !call_is_interrupted(call->result);
	}
	return frame_emit(c, task);
}

static int syscall_return(struct correlator *c, struct task *task, const struct record *record)
{
	int ret;

	stages_done(&task->stages, record->ts);
	ret = is_refused(c, task, record) ? open_refused(c, task, record)
					  : take_result(c, task, record);
	call_outside(c, task);
	task->copy.is_valid = false;
	return ret;
}

/* --- the file that was returned ----------------------------------------------------------------
 */

/* The life that bears the file's dentry; one that nobody looked up here was there before. */
static struct life *file_life(struct correlator *c, const struct record *record, int *ret)
{
	struct life *life = life_at(c, record->value[FIELD_DENTRY]);
	struct identity identity;

	*ret = 0;
	if (!identity_from(record, &identity))
		return life;
	return life_found(c, &identity, record->value[FIELD_DENTRY], UINT64_MAX, ret);
}

static bool bears_base(const struct frame *frame, const struct life *life)
{
	const struct bytes *component = &life->pub.name->component;

	return component->len == frame->base_len &&
	       !memcmp(component->data, frame->path + frame->base, frame->base_len);
}

static bool is_tmpfile(const struct frame *frame)
{
	return frame->call.has_flags && frame->call.flags & TMPFILE;
}

/* A path of slashes and dots leads to the task's root, and no further up. */
static int note_root(struct correlator *c, struct task *task, const struct life *life)
{
	const struct frame *frame = &task->frame;
	struct directory *dir;

	if (frame->path[0] != '/' || frame->is_scoped || frame->walked || has_base_name(frame) ||
	    strspn(frame->path, "/.") != frame->call.path.len)
		return 0;
	dir = directory_at(c, life);
	if (!dir)
		return -ENOMEM;
	task->frame.is_rooted = true;
	task_take_root(c, task, dir);
	return 0;
}

/* What the open is about: O_TMPFILE makes a file that has no name, in the directory of the path. */
static int resolve_file(const struct correlator *c, struct task *task, struct life *life)
{
	struct frame *frame = &task->frame;
	struct life *base = frame->has_base ? frame->walked_life : NULL;
	int ret = 0;

	if (is_tmpfile(frame))
		return frame_resolve_directory(c, task, life_name(life)->parent);
	/* Behind a link the file has another name than the path. */
	if (base && base != life)
		ret = frame_resolve(c, task, life_name(base));
	if (ret)
		return ret;
	if (!is_mounted_file(frame, life))
		return frame_resolve(c, task, life_name(life));
	ret = frame_resolve(c, task, life_name(frame->step.life));
	return ret ? ret : name_resolve(life_name(life), &frame->call.resolved);
}

/*
 * A path without a last component is the directory's that was opened, and one of which no lookup
 * was seen may be told by its last component. A file of O_TMPFILE has no path.
 */
static bool is_own_path(const struct frame *frame, const struct life *life)
{
	if (is_tmpfile(frame))
		return false;
	return !has_base_name(frame) || (!frame->has_base && bears_base(frame, life));
}

static int file_returned(struct correlator *c, struct task *task, const struct record *record,
			 const struct hop *hop)
{
	struct frame *frame = &task->frame;
	struct evidence *evidence;
	struct life *life;
	int ret;

	if (!has_dentry(record))
		return 0;
	life = file_life(c, record, &ret);
	if (!life)
		return ret;
	note_inode(life, record);
	life_name(life)->pub.is_named = true;
	if (is_followed_blindly(frame) && frame->step.life != life)
		walk_jumped(c, frame);
	ret = mount_note_file(c, frame, life);
	if (!ret && is_own_path(frame, life))
		ret = frame_give_head(c, frame, life);
	if (!ret)
		ret = note_root(c, task, life);
	if (!ret)
		ret = resolve_file(c, task, life);
	if (ret)
		return ret;
	evidence = frame_evidence(frame, life);
	if (evidence) {
		frame->is_created |= evidence->has[HOP_INSTANTIATE];
		evidence->has[HOP_FILE] = true;
		evidence->hop[HOP_FILE] = *hop;
	}
	return life_add_hop(c, life, hop);
}

/*
 * The entry of an open is lost without a trace of its own when it does not fit a sub-buffer: a path
 * of more than 4,040 bytes where that is a page. No counter tells; that the return comes in a
 * system call without the entry does.
 */
static int open_without_entry(struct correlator *c, const struct task *task,
			      const struct record *record)
{
	const struct loss loss = {
		.scope = SCOPE_TASK,
		.cpu = record->cpu,
		.from = task->syscall.hop.ts,
		.to = record->ts,
		.count = LOSS_UNKNOWN,
	};

	if (!task->syscall.is_valid || task->syscall.epoch != c->epoch[SCOPE_TASK] ||
	    !is_selected(c, task) || !c->options.armed[ROLE_OPEN][EDGE_ENTRY])
		return 0;
	return correlator_loss(c, &loss);
}

static int open_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = &task->frame;
	struct open_call *call = &frame->call;
	struct hop hop;
	int64_t file;
	int ret;

	if (!frame->is_active)
		return open_without_entry(c, task, record);
	file = has_field(record, FIELD_FILE) ? (int64_t)record->value[FIELD_FILE] : 0;
	hop_set(&hop, c, task, record, HOP_FILE);
	hop.open = call->id;
	call->has_latency = true;
	call->latency_ns = record->ts - call->ts;
	if (file < 0 && file >= -MAX_ERRNO) {
		call->has_result = !call_is_interrupted(file);
		call->result = file;
		ret = file_failed(c, task, &hop, file);
	} else {
		/* Without a system call there is no descriptor that it could return. */
		call->has_result = call->call != CALL_UNKNOWN && !task->syscall.is_valid;
		frame->is_created = has_field(record, FIELD_FMODE) &&
				    record->value[FIELD_FMODE] & FMODE_CREATED;
		ret = file_returned(c, task, record, &hop);
	}
	if (ret)
		return ret;
	stages_return(&task->stages, !hop.err, frame->is_created, record->ts);
	ret = frame_close(c, task);
	frame->is_returned = true;
	if (ret || (task->syscall.is_valid && c->options.armed[ROLE_SYSCALL][EDGE_RETURN]))
		return ret;
	if (!task->syscall.is_valid)
		call_outside(c, task);
	return frame_emit(c, task);
}

int open_record(struct correlator *c, struct task *task, const struct record *record)
{
	switch (record->role) {
	case ROLE_SYSCALL:
		return record->edge == EDGE_ENTRY ? syscall_entry(c, task, record)
						  : syscall_return(c, task, record);
	case ROLE_GETNAME:
		return copy_return(c, task, record);
	default:
		return record->edge == EDGE_ENTRY ? open_entry(c, task, record)
						  : open_return(c, task, record);
	}
}
