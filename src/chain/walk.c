/* SPDX-License-Identifier: MIT */
/*
 * The walk along the path: lookups in the hash, the allocation of what was not there, its insert.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

static const struct {
	enum walk walk;
	size_t slot;
} lookups[ROLE_NR] = {
	[ROLE_LOOKUP_FAST] = { WALK_RCU, 0 },
	[ROLE_LOOKUP_REF] = { WALK_REF, 1 },
	[ROLE_LOOKUP_SLOW] = { WALK_REF, 2 },
};

static bool ends_string(const struct record *record)
{
	for (uint64_t i = record->value[FIELD_LEN]; i < record->str_len; i++) {
		if (record->str[i] != '/')
			return false;
	}
	return true;
}

/*
 * A record of a whole call was made at its end: it began after the task's record before it, which
 * may be that of a call that it made.
 */
static uint64_t begin_of(const struct task *task, const struct record *record)
{
	return record->is_call ? task->last_ts : record->ts;
}

static void pending_set(const struct correlator *c, const struct task *task,
			struct pending *pending, const struct record *record)
{
	pending->is_valid = identity_from(record, &pending->identity);
	if (!pending->is_valid)
		return;
	pending->is_final = ends_string(record);
	pending->epoch = task_epoch(c, task);
	pending->ts = begin_of(task, record);
	pending->parent_sb = has_field(record, FIELD_SB) ? record->value[FIELD_SB] : 0;
	pending->parent = has_field(record, FIELD_PARENT) ? record->value[FIELD_PARENT] : 0;
	pending->qname = has_field(record, FIELD_NAME) ? record->value[FIELD_NAME] : 0;
	pending->has_hash = has_field(record, FIELD_HASH);
	pending->hash = pending->has_hash ? (uint32_t)record->value[FIELD_HASH] : 0;
}

/* The text of an allocation's name comes with the return. */
static void pending_set_unread(const struct correlator *c, const struct task *task,
			       struct pending *pending, const struct record *record)
{
	pending->is_valid = has_field(record, FIELD_NAME) && has_field(record, FIELD_LEN);
	if (!pending->is_valid)
		return;
	pending->epoch = task_epoch(c, task);
	pending->qname = record->value[FIELD_NAME];
	pending->identity.len = (uint32_t)record->value[FIELD_LEN];
	*pending->identity.component = '\0';
}

/* A return belongs to the entry before it unless something may have been lost in between. */
static bool pending_take(const struct correlator *c, const struct task *task,
			 struct pending *pending)
{
	bool is_valid = pending->is_valid && pending->epoch == task_epoch(c, task);

	pending->is_valid = false;
	return is_valid;
}

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

static enum storage storage_of(const struct record *record)
{
	uint64_t offset;

	if (!has_field(record, FIELD_NAME) || !has_field(record, FIELD_INLINE) ||
	    !has_field(record, FIELD_DENTRY_SIZE))
		return STORAGE_UNKNOWN;
	offset = record->value[FIELD_NAME] - record->value[FIELD_DENTRY];
	if (offset == record->value[FIELD_INLINE])
		return STORAGE_INLINE;
	return offset >= record->value[FIELD_DENTRY_SIZE] ? STORAGE_EXTERNAL : STORAGE_UNKNOWN;
}

static void prove_alloc(struct evidence *evidence, const struct record *record,
			const struct hop *source, const struct hop *alloc)
{
	if (!evidence)
		return;
	evidence->has[HOP_ALLOC] = true;
	evidence->hop[HOP_ALLOC] = *alloc;
	if (source) {
		evidence->has[HOP_SOURCE] = true;
		evidence->hop[HOP_SOURCE] = *source;
	}
	evidence->has_inline = has_field(record, FIELD_INLINE) &&
			       has_field(record, FIELD_INLINE_SIZE) &&
			       has_field(record, FIELD_DENTRY_SIZE);
	if (!evidence->has_inline)
		return;
	evidence->inline_at = (uint32_t)record->value[FIELD_INLINE];
	evidence->inline_size = (uint32_t)record->value[FIELD_INLINE_SIZE];
	evidence->dentry_size = (uint32_t)record->value[FIELD_DENTRY_SIZE];
}

/* The step for which a dentry with @component was allocated; @entry is NULL if it was not seen. */
static struct step *step_of_alloc(struct frame *frame, const struct identity *component,
				  const struct pending *entry)
{
	struct step *nested = &frame->nested, *step = &frame->step;

	if (!frame->is_active)
		return NULL;
	if (entry && nested->is_valid && nested->qname == entry->qname &&
	    is_component(&nested->identity, component))
		return nested;
	return step->is_valid && is_component(&step->identity, component) ? step : NULL;
}

/* With a name that cannot be read: the address of the step's component identifies it. */
static struct step *step_of_unread(struct frame *frame, const struct pending *entry)
{
	struct step *nested = &frame->nested, *step = &frame->step;

	if (!frame->is_active || !entry || !entry->qname)
		return NULL;
	if (nested->is_valid && nested->qname == entry->qname)
		step = nested;
	if (!step->is_valid || step->qname != entry->qname)
		return NULL;
	return step->identity.len == entry->identity.len ? step : NULL;
}

/* The text may not be recorded yet: then the address of the step's component identifies it. */
static bool is_of_walk(struct frame *frame, const struct pending *entry)
{
	const struct step *nested = &frame->nested, *step = &frame->step;

	if (*entry->identity.component)
		return step_of_alloc(frame, &entry->identity, entry) == step;
	return step->is_valid && step->qname == entry->qname &&
	       !(nested->is_valid && nested->qname == entry->qname);
}

static void alloc_entry(const struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct pending *entry = &frame->alloc;

	pending_set(c, task, entry, record);
	if (!has_field(record, FIELD_STRING))
		pending_set_unread(c, task, entry, record);
	hop_set(&frame->source, c, task, record, HOP_SOURCE);
	frame->source.open = frame->is_active ? frame_open(frame) : 0;
	if (entry->is_valid && frame->is_active && is_of_walk(frame, entry))
		stages_note(&frame->stages, STAGE_EVENT_ALLOC, record->ts);
}

/*
 * The lifetime that the open found before @name got another one. It may have been in a walk that
 * the kernel began anew, because the file system refused what it was to open (ESTALE).
 */
static const struct life *found_before(const struct frame *frame, const struct step *step,
				       const struct tracked_name *name)
{
	size_t count = name->pub.lifetime_count;

	if (step->outcome.saw_hit)
		return step->life;
	if (step->kind != STEP_OF_PATH || !step->is_final || !frame->base_outcome.saw_hit)
		return NULL;
	return count < 2 ? NULL : (const struct life *)name->pub.lifetimes[count - 2];
}

/*
 * A dentry was found, and yet another one was allocated for the same component: the file system
 * refused the one that was found, unless somebody else took it away.
 */
static bool is_refused(const struct frame *frame, const struct step *step,
		       const struct tracked_name *name, int32_t tid)
{
	const struct life *found = found_before(frame, step, name);

	if (!found || step->outcome.saw_alloc)
		return false;
	if (found->pub.end == END_EVICTED || found->pub.end == END_UNHASHED)
		return found->pub.end_tid == tid;
	return found->pub.end == END_ALIVE;
}

/* Whether @component may be what the entry was about, whose text may not be recorded. */
static bool can_be_of(const struct pending *entry, const struct identity *component)
{
	if (!*entry->identity.component)
		return entry->identity.len == component->len;
	return is_component(component, &entry->identity);
}

static int begin_life(struct correlator *c, struct task *task, struct step *step,
		      const struct record *record, const struct hop *source)
{
	bool is_own_name = source && step->life && source->addr == step->life->pub.name_ptr;
	struct tracked_name *name;
	struct evidence *evidence;
	struct life *life;
	struct hop alloc;
	int ret;

	name = name_get(c, &step->identity, &ret);
	life = name ? life_start(c, name, record->value[FIELD_DENTRY], BORN_TRACED, &ret) : NULL;
	if (!life)
		return ret;
	step->outcome.is_refused |= is_refused(task->frame, step, name, task->tid);
	step->outcome.saw_alloc = true;
	step->is_in_lookup = true;
	task->frame->allocated = step;
	if (step == &task->frame->step)
		stages_note(&task->frame->stages, STAGE_EVENT_ALLOCATED, record->ts);
	hop_set(&alloc, c, task, record, HOP_ALLOC);
	alloc.open = frame_open(task->frame);
	life->pub.storage = storage_of(record);
	ret = step_bind(c, task->frame, step, life);
	if (!ret && source)
		ret = life_add_hop(c, life, source);
	if (!ret)
		ret = life_add_hop(c, life, &alloc);
	evidence = frame_find_evidence(task->frame, life);
	prove_alloc(evidence, record, source, &alloc);
	/* Copied from a dentry that was dropped, it proves nothing about the path. */
	if (evidence && is_own_name)
		evidence->of_path = false;
	return ret ? ret : relate_lifetimes(life);
}

/*
 * Outside of an open, and without the lookup that tells the directory, a new dentry has no name
 * yet: its insert will give it one.
 */
static int alloc_return(struct correlator *c, struct task *task, const struct record *record)
{
	bool has_entry = pending_take(c, task, &task->frame->alloc);
	const struct pending *entry = has_entry ? &task->frame->alloc : NULL;
	struct identity identity;
	struct step *step;
	bool has_name;

	task->frame->allocated = NULL;
	if (!has_dentry(record))
		return 0;
	task->passing.allocated = task->frame->is_active ? 0 : record->value[FIELD_DENTRY];
	c->totals.allocs++;
	dentry_is_new(c, record->value[FIELD_DENTRY]);
	births_alloc(c, record->value[FIELD_DENTRY]);
	has_name = identity_from(record, &identity);
	step = has_name ? step_of_alloc(task->frame, &identity, entry)
			: step_of_unread(task->frame, entry);
	if (!step)
		return 0;
	if (entry && has_name && !can_be_of(entry, &identity))
		entry = NULL;
	return begin_life(c, task, step, record, entry ? &task->frame->source : NULL);
}

/* Without a probe for alloc a new dentry is first seen when it is inserted. */
static bool takes_place_of_alloc(const struct correlator *c, const struct frame *frame,
				 const struct identity *identity)
{
	return !c->options.armed[ROLE_ALLOC][POINT_RETURN] && frame->is_active &&
	       frame->step.is_valid && is_component(identity, &frame->step.identity);
}

/* The dentry of @life is in the hash now: lookups of the file system's own are over. */
static int prove_insert(struct correlator *c, struct task *task, struct life *life, struct hop *hop)
{
	struct frame *frame = task->frame;
	struct evidence *evidence = frame_find_evidence(frame, life);
	bool is_walked = frame->step.life == life, is_nested = frame->nested.life == life;

	if (is_walked) {
		frame->step.is_in_lookup = false;
		stages_note(&frame->stages, STAGE_EVENT_INSERTED, hop->ts);
	}
	if (is_nested)
		frame->nested.is_in_lookup = false;
	if (evidence || is_walked || is_nested)
		hop->open = frame_open(frame);
	if (evidence) {
		evidence->has[HOP_INSERT] = true;
		evidence->hop[HOP_INSERT] = *hop;
	}
	return life_add_hop(c, life, hop);
}

/* By the walk of another call than an open. */
static int insert_outside(struct correlator *c, const struct task *task, struct life *life,
			  const struct hop *hop)
{
	int ret = name_locate(c, task, life_name(life));

	return ret ? ret : life_add_hop(c, life, hop);
}

static int insert_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = task->frame;
	struct identity identity;
	struct hop hop;
	struct life *life;
	bool is_new;
	int ret = 0;

	if (!has_dentry(record))
		return 0;
	hop_set(&hop, c, task, record, HOP_INSERT);
	dentry_is_inserted(c, hop.dentry, &hop);
	life = life_at(c, hop.dentry);
	if (identity_from(record, &identity))
		life = life_found(c, &identity, hop.dentry, UINT64_MAX, &ret);
	if (!life)
		return ret;
	is_new = !life->has_anchor;
	life->is_inserted = true;
	life_hashed(life);
	life_note_inode(life, record);
	if (is_new && takes_place_of_alloc(c, frame, &identity)) {
		life->pub.born = BORN_TRACED;
		ret = step_bind(c, frame, &frame->step, life);
	}
	if (!ret)
		ret = frame->is_active ? prove_insert(c, task, life, &hop)
				       : insert_outside(c, task, life, &hop);
	return ret || !is_new ? ret : relate_lifetimes(life);
}

int walk_record(struct correlator *c, struct task *task, const struct record *record)
{
	bool is_entry = record->point == POINT_ENTRY;

	if (record->role == ROLE_INSERT)
		return insert_entry(c, task, record);
	if (record->role == ROLE_PARALLEL)
		return parallel_return(c, task, record);
	if (record->role == ROLE_ALLOC && !is_entry)
		return alloc_return(c, task, record);
	if (record->role == ROLE_ALLOC) {
		alloc_entry(c, task, record);
		return 0;
	}
	if (is_inner_lookup(task, record))
		return 0;
	if (!is_entry)
		return lookup_return(c, task, record);
	return lookup_entry(c, task, record);
}
