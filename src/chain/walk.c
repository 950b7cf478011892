/* SPDX-License-Identifier: MIT */
/*
 * The walk along the path: lookups in the hash, and what they came to.
 */
#include "internal.h"

static const struct {
	enum walk walk;
	size_t slot;
} lookups[ROLE_NR] = {
	[ROLE_LOOKUP_FAST] = { WALK_RCU, 0 },
	[ROLE_LOOKUP_REF] = { WALK_REF, 1 },
	[ROLE_LOOKUP_SLOW] = { WALK_REF, 2 },
};

/* The slow lookup is made of the one in ref walk: that inner one proves nothing more. */
static bool is_inner_lookup(const struct task *task, const struct record *record)
{
	return record->role == ROLE_LOOKUP_REF &&
	       task->frame->lookup[lookups[ROLE_LOOKUP_SLOW].slot].is_valid;
}

/* Where a lookup of the open itself is, not one of its file system's. */
static void note_lookup(struct task *task, const struct pending *pending,
			const struct record *record)
{
	struct frame *frame = task->frame;

	if (step_at(frame, pending) != &frame->step)
		return;
	stages_note(&frame->stages,
		    is_walked_out(frame) ? STAGE_EVENT_AT_LAST : STAGE_EVENT_ON_THE_WAY,
		    record->ts);
	if (record->is_call)
		stages_blur(&frame->stages);
}

/* With records of whole calls the inner one comes first, and proves all of it. */
static bool is_outer_lookup(const struct correlator *c, const struct task *task,
			    const struct pending *pending, const struct record *record)
{
	return record->is_call && record->role == ROLE_LOOKUP_SLOW && pending->is_valid &&
	       task->inner.end && task->inner.end == task->last_ts &&
	       task->inner.epoch == task_epoch(c, task) && task->inner.parent == pending->parent &&
	       task->inner.qname == pending->qname;
}

static void note_inner(const struct correlator *c, struct task *task, const struct pending *pending,
		       const struct record *record)
{
	if (!record->is_call || record->role != ROLE_LOOKUP_REF || !pending->is_valid)
		return;
	task->inner.end = record->ts;
	task->inner.epoch = task_epoch(c, task);
	task->inner.parent = pending->parent;
	task->inner.qname = pending->qname;
}

static int lookup_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct pending *pending = &task->frame->lookup[lookups[record->role].slot];
	int ret;

	pending_set(c, task, pending, record);
	if (is_outer_lookup(c, task, pending, record))
		pending->is_valid = false;
	note_inner(c, task, pending, record);
	if (!pending->is_valid)
		return 0;
	if (!task->frame->is_active)
		return step_pass(c, task, pending, record);
	ret = step_enter(c, task, pending, record);
	note_lookup(task, pending, record);
	return ret;
}

static int add_pending_hop(struct correlator *c, struct step *step, const struct hop *hop)
{
	if (step->life)
		return life_add_hop(c, step->life, hop);
	if (step->pending_count < STEP_MAX_HOPS)
		step->pending[step->pending_count++] = *hop;
	return 0;
}

static int lookup_missed(struct correlator *c, struct step *step, const struct hop *hop)
{
	if (!step)
		return 0;
	step->outcome.saw_null = true;
	return add_pending_hop(c, step, hop);
}

/* @step came to the dentry of @life, by the lookup @hop. */
static int step_found(struct correlator *c, struct task *task, struct step *step, struct life *life,
		      const struct hop *hop)
{
	struct evidence *evidence;
	int ret;

	if (step == &task->frame->step)
		stages_note(&task->frame->stages, STAGE_EVENT_FOUND, hop->ts);
	step->outcome.saw_hit = true;
	step->outcome.negative = (enum tristate)hop->negative;
	step->is_in_lookup = false;
	ret = step_bind(c, task->frame, step, life);
	if (ret)
		return ret;
	evidence = frame_find_evidence(task->frame, life);
	if (evidence && evidence->hit_count < EVIDENCE_MAX_HITS)
		evidence->hits[evidence->hit_count++] = *hop;
	return life_add_hop(c, life, hop);
}

static bool is_made_meanwhile(const struct record *record)
{
	return has_field(record, FIELD_INODE_FIRST) && !record->value[FIELD_INODE_FIRST] &&
	       has_field(record, FIELD_INODE) && record->value[FIELD_INODE];
}

/* Where the dentry got its inode after it was found, the walk comes to that. */
static void made_meanwhile(const struct correlator *c, struct step *step, struct life *life)
{
	life_got_inode(c, life);
	if (step)
		step->outcome.negative = IS_FALSE;
}

/* How the dentry itself is spelled, as far as it is known. */
static int note_spelling(struct correlator *c, const struct identity *asked,
			 const struct record *record)
{
	struct bytes own = { record->str, record->str_len };

	if (!has_field(record, FIELD_STRING) &&
	    !life_spelling(c, record->value[FIELD_DENTRY], &own))
		return 0;
	return name_note_spelling(c, asked, &own);
}

static int lookup_hit(struct correlator *c, struct task *task, struct pending *pending,
		      const struct record *record, struct hop *hop)
{
	struct step *step = step_at(task->frame, pending);
	struct life *life;
	int ret;

	ret = note_spelling(c, &pending->identity, record);
	if (ret)
		return ret;
	/* The dentry's own spelling counts. */
	identity_spell(&pending->identity, record);
	life = life_found(c, &pending->identity, hop->dentry, pending->ts, &ret);
	if (!life)
		return ret;
	life_note_inode(life, record);
	life_correct_lookup(c, life, hop);
	if (!step)
		task->passing.dentry = hop->dentry;
	ret = step ? step_found(c, task, step, life, hop) : life_add_hop(c, life, hop);
	if (!ret && is_made_meanwhile(record))
		made_meanwhile(c, step, life);
	return ret;
}

static int lookup_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct pending *pending = &task->frame->lookup[lookups[record->role].slot];
	struct step *step;
	struct hop hop;

	if (!pending_take(c, task, pending) || !has_field(record, FIELD_DENTRY))
		return 0;
	step = step_at(task->frame, pending);
	hop_set(&hop, c, task, record, HOP_LOOKUP);
	hop.open = step ? frame_open(task->frame) : 0;
	hop.has_hash = pending->has_hash;
	hop.hash = pending->hash;
	hop.len = pending->identity.len;
	hop.walk = (uint8_t)lookups[record->role].walk;
	if (step && hop.walk == WALK_REF)
		step->outcome.saw_ref = true;
	if (has_dentry(record))
		return lookup_hit(c, task, pending, record, &hop);
	hop.dentry = 0;
	hop.has_addr = false;
	return lookup_missed(c, step, &hop);
}

/* The step that a return of d_alloc_parallel() is about, NULL if its entry may have been lost. */
static struct step *step_of_parallel(const struct correlator *c, struct task *task)
{
	struct step *step = task->frame->allocated;

	task->frame->allocated = NULL;
	if (!step || !step->is_valid || frame_has_loss(c, task->frame))
		return NULL;
	return step;
}

/*
 * What d_alloc_parallel() returns is the dentry that was allocated for it, or another task's, which
 * was quicker. The latter came out of no lookup.
 */
static int parallel_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct step *step = step_of_parallel(c, task);
	struct life *life;
	struct hop hop;
	bool had_hit;
	int ret;

	if (!task->frame->is_active)
		return step_pass_joined(c, task, record);
	if (!step || !has_dentry(record))
		return 0;
	life = life_at(c, record->value[FIELD_DENTRY]);
	if (life && life == step->life)
		return 0;
	identity_spell(&step->identity, record);
	life = life_found(c, &step->identity, record->value[FIELD_DENTRY], step->ts, &ret);
	if (!life)
		return ret;
	life_note_inode(life, record);
	hop_set(&hop, c, task, record, HOP_LOOKUP);
	hop.open = frame_open(task->frame);
	hop.walk = WALK_REF;
	had_hit = step->outcome.saw_hit;
	ret = step_found(c, task, step, life, &hop);
	step->outcome.saw_hit = had_hit;
	return ret;
}

int walk_record(struct correlator *c, struct task *task, const struct record *record)
{
	if (record->role == ROLE_INSERT)
		return insert_record(c, task, record);
	if (record->role == ROLE_ALLOC)
		return alloc_record(c, task, record);
	if (record->role == ROLE_PARALLEL)
		return parallel_return(c, task, record);
	if (is_inner_lookup(task, record))
		return 0;
	if (record->point == POINT_RETURN)
		return lookup_return(c, task, record);
	return lookup_entry(c, task, record);
}
