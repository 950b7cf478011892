/* SPDX-License-Identifier: MIT */
/*
 * The open a task is in: from the system call through the kernel's copy of the path to the file
 * that is returned. Entries and returns are paired by task.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	hop_set(&task->syscall.hop, c, task, record, HOP_USER);
	task->syscall.has_user = has_field(record, FIELD_UPTR);
	task->syscall.user = record->value[FIELD_UPTR];
	task->syscall.hop.has_addr = task->syscall.has_user;
	task->syscall.hop.addr = task->syscall.user;
	task->syscall.has_dfd = has_field(record, FIELD_DFD);
	task->syscall.dfd = (int32_t)record->value[FIELD_DFD];
	task->syscall.has_flags = has_field(record, FIELD_FLAGS);
	task->syscall.flags = record->value[FIELD_FLAGS];
	return ret;
}

static int syscall_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct open_call *call = &task->frame.call;
	int ret = 0;

	task->syscall.is_valid = false;
	task->copy.is_valid = false;
	if (task->frame.is_active) {
		/* The open's own return is missing; its result is the system call's all the same.
		 */
		ret = frame_close(c, task);
		task->frame.is_returned = true;
	}
	if (ret || !task->frame.is_returned)
		return ret;
	if (has_field(record, FIELD_RET)) {
		call->has_result = true;
		call->result = (int64_t)record->value[FIELD_RET];
	}
	return frame_emit(c, task);
}

static void copy_return(struct correlator *c, struct task *task, const struct record *record)
{
	task->copy.is_valid = has_field(record, FIELD_KNAME);
	hop_set(&task->copy.hop, c, task, record, HOP_COPY);
	task->copy.hop.has_addr = task->copy.is_valid;
	task->copy.hop.addr = record->value[FIELD_KNAME];
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

static void add_head(struct frame *frame, const struct hop *hop, uint64_t open)
{
	frame->head[frame->head_count] = *hop;
	frame->head[frame->head_count++].open = open;
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
	call->tgid = task->tgid;
	memcpy(call->comm, task->comm, COMM_SIZE);
	call->has_dfd = has_field(record, FIELD_DFD);
	call->dfd = (int32_t)record->value[FIELD_DFD];
	call->has_flags = has_field(record, FIELD_FLAGS);
	call->flags = record->value[FIELD_FLAGS];
	if (task->syscall.is_valid && task->syscall.epoch == c->epoch[SCOPE_TASK]) {
		call->has_user = task->syscall.has_user;
		call->user = task->syscall.user;
		if (task->syscall.has_flags) {
			call->has_flags = true;
			call->flags = task->syscall.flags;
		}
		if (task->syscall.has_user)
			add_head(frame, &task->syscall.hop, call->id);
		if (task->copy.is_valid)
			add_head(frame, &task->copy.hop, call->id);
	}
	hop_set(&hop, c, task, record, HOP_FILENAME);
	hop.has_addr = has_field(record, FIELD_KNAME);
	hop.addr = record->value[FIELD_KNAME];
	call->filename = hop.has_addr ? hop.addr : 0;
	add_head(frame, &hop, call->id);
	return keep_path(frame, record);
}

/* The last component was not reached, or nothing was seen of it: a name without a dentry. */
static int file_without_dentry(struct correlator *c, struct frame *frame, const struct hop *hop)
{
	struct identity identity = { .len = (uint32_t)frame->base_len };
	struct tracked_name *name;
	struct life *life;
	int ret;

	if (!frame->base_len || frame->base_len >= COMPONENT_SIZE || frame->has_head)
		return 0;
	memcpy(identity.component, frame->path + frame->base, identity.len);
	if (frame->step.is_valid && frame->step.is_final)
		identity = frame->step.identity;
	name = name_get(c, &identity, &ret);
	if (!name)
		return ret;
	life = life_start(c, name, 0, BORN_UNKNOWN, &ret);
	if (!life)
		return ret;
	name->pub.is_named = true;
	ret = name_add_path(name, frame->path, frame->call.path.len);
	for (size_t i = 0; i < frame->head_count && !ret; i++)
		ret = life_add_hop(c, life, &frame->head[i]);
	for (size_t i = 0; i < frame->step.pending_count && frame->step.is_final && !ret; i++)
		ret = life_add_hop(c, life, &frame->step.pending[i]);
	frame->step.pending_count = 0;
	frame->has_head = true;
	return ret ? ret : life_add_hop(c, life, hop);
}

static int file_failed(struct correlator *c, struct frame *frame, struct hop *hop, int64_t err)
{
	const struct step *step = &frame->step;

	hop->has_addr = false;
	hop->dentry = 0;
	hop->err = (int32_t)-err;
	if (step->is_valid && step->is_final && step->life) {
		int ret = step_bind(c, frame, step->life);

		return ret ? ret : life_add_hop(c, step->life, hop);
	}
	return file_without_dentry(c, frame, hop);
}

/* The life that bears the file's dentry; one that nobody looked up here was there before. */
static struct life *file_life(struct correlator *c, const struct record *record, int *ret)
{
	struct life *life = life_at(c, record->value[FIELD_DENTRY]);
	struct identity identity;
	struct tracked_name *name;

	*ret = 0;
	if (!identity_from(record, &identity))
		return life;
	if (life && is_same_name(life, &identity))
		return life;
	name = name_get(c, &identity, ret);
	return name ? life_start(c, name, record->value[FIELD_DENTRY], BORN_BEFORE, ret) : NULL;
}

static int file_returned(struct correlator *c, struct frame *frame, const struct record *record,
			 const struct hop *hop)
{
	struct evidence *evidence;
	struct life *life;
	const struct step *step = &frame->step;
	int ret;

	if (!has_field(record, FIELD_DENTRY))
		return 0;
	life = file_life(c, record, &ret);
	if (!life)
		return ret;
	life_name(life)->pub.is_named = true;
	/* Behind a mount point or a link that was not seen the file has another dentry. */
	if (step->is_valid && step->is_final && (!step->life || step->life == life))
		ret = step_bind(c, frame, life);
	else
		ret = frame_give_head(c, frame, life);
	if (ret)
		return ret;
	evidence = frame_evidence(frame, life);
	if (evidence) {
		frame->call.created = evidence->has[HOP_INSTANTIATE];
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
		call->has_result = true;
		call->result = file;
		ret = file_failed(c, frame, &hop, file);
	} else {
		ret = file_returned(c, frame, record, &hop);
	}
	if (ret)
		return ret;
	ret = frame_close(c, task);
	frame->is_returned = true;
	if (!ret && !(task->syscall.is_valid && c->options.armed[ROLE_SYSCALL][EDGE_RETURN]))
		ret = frame_emit(c, task);
	return ret;
}

int open_record(struct correlator *c, struct task *task, const struct record *record)
{
	switch (record->role) {
	case ROLE_SYSCALL:
		return record->edge == EDGE_ENTRY ? syscall_entry(c, task, record)
						  : syscall_return(c, task, record);
	case ROLE_GETNAME:
		copy_return(c, task, record);
		return 0;
	default:
		return record->edge == EDGE_ENTRY ? open_entry(c, task, record)
						  : open_return(c, task, record);
	}
}
