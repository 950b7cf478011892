/* SPDX-License-Identifier: MIT */
/*
 * The frame of an open: which component its walk is at, which lifetimes it touched and what it
 * proved about them.
 */
#include "internal.h"

#include <string.h>

static void frame_activate(struct correlator *c, struct task *task)
{
	task->frame.is_active = true;
	task->prev_active = NULL;
	task->next_active = c->active;
	if (c->active)
		c->active->prev_active = task;
	c->active = task;
}

static void frame_deactivate(struct correlator *c, struct task *task)
{
	*(task->prev_active ? &task->prev_active->next_active : &c->active) = task->next_active;
	if (task->next_active)
		task->next_active->prev_active = task->prev_active;
	task->frame.is_active = false;
}

void frame_start(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = &task->frame;

	/* Not the arrays behind their counts: this runs for every open. */
	frame->is_returned = false;
	frame->has_head = false;
	frame->followed_link = false;
	frame->has_first = false;
	frame->head_count = 0;
	frame->evidence_count = 0;
	frame->step.is_valid = false;
	frame->step.pending_count = 0;
	frame->outcome.is_known = false;
	memcpy(frame->start_epoch, c->epoch, sizeof(c->epoch));
	memset(&frame->call, 0, sizeof(frame->call));
	frame->call.id = c->next_open++;
	frame->call.ts = record->ts;
	frame->call.tid = record->tid;
	frame->call.tgid = task->tgid;
	memcpy(frame->call.comm, task->comm, COMM_SIZE);
	frame_activate(c, task);
}

struct evidence *frame_find_evidence(struct frame *frame, const struct life *life)
{
	for (size_t i = 0; i < frame->evidence_count; i++) {
		if (frame->evidence[i].life == life)
			return &frame->evidence[i];
	}
	return NULL;
}

struct evidence *frame_evidence(struct frame *frame, struct life *life)
{
	struct evidence *evidence = frame_find_evidence(frame, life);

	if (evidence || frame->evidence_count == FRAME_MAX_EVIDENCE)
		return evidence;
	evidence = &frame->evidence[frame->evidence_count++];
	memset(evidence->has, 0, sizeof(evidence->has));
	evidence->hit_count = 0;
	evidence->of_path = false;
	evidence->has_inline = false;
	evidence->inline_size = 0;
	evidence->life = life;
	return evidence;
}

int frame_give_head(struct correlator *c, struct frame *frame, struct life *life)
{
	int ret;

	if (frame->has_head)
		return 0;
	frame->has_head = true;
	ret = name_add_path(life_name(life), frame->path, frame->call.path.len);
	for (size_t i = 0; i < frame->head_count && !ret; i++)
		ret = life_add_hop(c, life, &frame->head[i]);
	return ret;
}

/*
 * A file system that stacks on others (overlayfs) looks the component up on its layers while its
 * own dentry is allocated and not yet in the hash.
 */
static bool is_inside_lookup(const struct frame *frame)
{
	for (size_t i = 0; i < frame->evidence_count; i++) {
		const struct evidence *evidence = &frame->evidence[i];

		if (evidence->of_path && evidence->has[HOP_ALLOC] && !evidence->has[HOP_INSERT])
			return true;
	}
	return false;
}

static bool is_base(const struct frame *frame, const struct identity *identity)
{
	return identity->len == frame->base_len &&
	       !memcmp(identity->component, frame->path + frame->base, frame->base_len);
}

void step_enter(struct frame *frame, const struct pending *lookup)
{
	struct step *step = &frame->step;

	if (step->is_valid && step->qname == lookup->qname && step->parent == lookup->parent &&
	    step->identity.len == lookup->identity.len)
		return;
	step_leave(frame);
	if (frame->has_first && frame->first_qname == lookup->qname)
		frame->followed_link = false; /* the walk starts over */
	if (!frame->has_first)
		frame->first_qname = lookup->qname;
	frame->has_first = true;
	step->is_valid = true;
	step->is_final = lookup->is_final;
	step->is_inner = is_inside_lookup(frame);
	step->of_path = !step->is_inner && !frame->followed_link &&
			(!step->is_final || is_base(frame, &lookup->identity));
	step->outcome = (struct outcome){ .is_known = true, .negative = IS_UNKNOWN };
	identity_copy(&step->identity, &lookup->identity);
	step->parent = lookup->parent;
	step->qname = lookup->qname;
	step->life = NULL;
	step->pending_count = 0;
}

void step_leave(struct frame *frame)
{
	struct step *step = &frame->step;

	if (step->is_valid && !step->is_inner) {
		frame->outcome = step->outcome;
		frame->outcome.is_known = step->is_final;
	}
	step->is_valid = false;
}

int step_bind(struct correlator *c, struct frame *frame, struct life *life)
{
	struct step *step = &frame->step;
	int ret = 0;

	step->life = life;
	if (step->is_final) {
		struct evidence *evidence = frame_evidence(frame, life);

		life_name(life)->pub.is_named = true;
		if (evidence)
			evidence->of_path = step->of_path;
	}
	if (step->is_final && step->of_path)
		ret = frame_give_head(c, frame, life);
	for (size_t i = 0; i < step->pending_count && !ret; i++)
		ret = life_add_hop(c, life, &step->pending[i]);
	step->pending_count = 0;
	return ret;
}

/* What the last component's lookups say; anything that could be missing makes it unknown. */
static void classify(const struct correlator *c, struct frame *frame)
{
	const struct outcome *outcome = &frame->outcome;
	struct open_call *call = &frame->call;
	bool sees_all = c->options.armed[ROLE_LOOKUP_REF][EDGE_RETURN] &&
			c->options.armed[ROLE_LOOKUP_SLOW][EDGE_RETURN];

	if (!outcome->is_known || frame->start_epoch[SCOPE_TASK] != c->epoch[SCOPE_TASK])
		return;
	if (outcome->saw_ref || outcome->saw_alloc)
		call->walk = WALK_REF;
	else if (outcome->saw_hit)
		call->walk = WALK_RCU;
	if (outcome->saw_alloc)
		call->cache = CACHE_MISS;
	else if (outcome->saw_hit && outcome->negative != IS_UNKNOWN)
		call->cache = outcome->negative == IS_TRUE ? CACHE_NEGATIVE : CACHE_HIT;
	else if (outcome->saw_null && !outcome->saw_hit && sees_all)
		call->cache = CACHE_MISS;
}

int frame_close(struct correlator *c, struct task *task)
{
	struct frame *frame = &task->frame;
	int ret = 0;

	step_leave(frame);
	classify(c, frame);
	frame->call.complete =
		frame->call.has_latency && frame->start_epoch[SCOPE_TASK] == c->epoch[SCOPE_TASK];
	for (size_t i = 0; i < frame->evidence_count && !ret; i++)
		ret = relate_open(c, frame, &frame->evidence[i]);
	frame->evidence_count = 0;
	frame_deactivate(c, task);
	return ret;
}

int frame_emit(struct correlator *c, struct task *task)
{
	struct frame *frame = &task->frame;
	struct open_call *call = &frame->call;

	frame->is_returned = false;
	c->totals.opens++;
	c->totals.hits += call->cache == CACHE_HIT;
	c->totals.negative_hits += call->cache == CACHE_NEGATIVE;
	c->totals.misses += call->cache == CACHE_MISS;
	call->path.data = frame->path;
	if (!c->options.sink.open)
		return 0;
	return c->options.sink.open(c->options.sink.context, call);
}
