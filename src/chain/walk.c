/* SPDX-License-Identifier: MIT */
/*
 * The walk along the path: lookups in the hash, the allocation of what was not there, its insert.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	enum walk walk;
	size_t slot;
} lookups[ROLE_NR] = {
	[ROLE_LOOKUP_FAST] = { WALK_RCU, 0 },
	[ROLE_LOOKUP_REF] = { WALK_REF, 1 },
	[ROLE_LOOKUP_SLOW] = { WALK_REF, 2 },
};

/* NULL and error pointers are no dentries. */
static bool has_dentry(const struct record *record)
{
	return has_field(record, FIELD_DENTRY) && record->value[FIELD_DENTRY] &&
	       record->value[FIELD_DENTRY] < (uint64_t)-MAX_ERRNO;
}

static bool is_link(const struct record *record)
{
	return has_field(record, FIELD_MODE) && S_ISLNK(record->value[FIELD_MODE]);
}

static bool ends_string(const struct record *record)
{
	for (uint64_t i = record->value[FIELD_LEN]; i < record->str_len; i++) {
		if (record->str[i] != '/')
			return false;
	}
	return true;
}

static void pending_set(const struct correlator *c, struct pending *pending,
			const struct record *record)
{
	pending->is_valid = identity_from(record, &pending->identity);
	if (!pending->is_valid)
		return;
	pending->is_final = ends_string(record);
	pending->epoch = c->epoch[SCOPE_TASK];
	pending->parent = has_field(record, FIELD_PARENT) ? record->value[FIELD_PARENT] : 0;
	pending->qname = has_field(record, FIELD_NAME) ? record->value[FIELD_NAME] : 0;
	pending->has_hash = has_field(record, FIELD_HASH);
	pending->hash = pending->has_hash ? (uint32_t)record->value[FIELD_HASH] : 0;
}

/* A return belongs to the entry before it unless something may have been lost in between. */
static bool pending_take(const struct correlator *c, struct pending *pending)
{
	bool is_valid = pending->is_valid && pending->epoch == c->epoch[SCOPE_TASK];

	pending->is_valid = false;
	return is_valid;
}

/* The slow lookup is made of the one in ref walk: that inner one proves nothing more. */
static bool is_inner_lookup(const struct task *task, const struct record *record)
{
	return record->role == ROLE_LOOKUP_REF &&
	       task->lookup[lookups[ROLE_LOOKUP_SLOW].slot].is_valid;
}

static void lookup_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct pending *pending = &task->lookup[lookups[record->role].slot];

	pending_set(c, pending, record);
	if (pending->is_valid && task->frame.is_active)
		step_enter(&task->frame, pending);
}

static bool is_at(const struct frame *frame, const struct pending *pending)
{
	const struct step *step = &frame->step;

	return frame->is_active && step->is_valid && step->qname == pending->qname &&
	       step->parent == pending->parent && step->identity.len == pending->identity.len;
}

static int add_pending_hop(struct correlator *c, struct frame *frame, const struct hop *hop)
{
	struct step *step = &frame->step;

	if (step->life)
		return life_add_hop(c, step->life, hop);
	if (step->pending_count < STEP_MAX_HOPS)
		step->pending[step->pending_count++] = *hop;
	return 0;
}

static int lookup_missed(struct correlator *c, struct frame *frame, const struct pending *pending,
			 const struct hop *hop)
{
	if (!is_at(frame, pending))
		return 0;
	frame->step.outcome.saw_null = true;
	return add_pending_hop(c, frame, hop);
}

/* The lifetime that the dentry lives, unless it turns out to bear another name by now. */
static struct life *life_of(struct correlator *c, const struct identity *identity, uint64_t dentry,
			    enum born born, int *ret)
{
	struct life *life = life_at(c, dentry);
	struct tracked_name *name;

	*ret = 0;
	if (life && is_same_name(life, identity))
		return life;
	name = name_get(c, identity, ret);
	return name ? life_start(c, name, dentry, born, ret) : NULL;
}

static int lookup_hit(struct correlator *c, struct task *task, struct pending *pending,
		      const struct record *record, const struct hop *hop)
{
	struct frame *frame = &task->frame;
	struct evidence *evidence;
	struct life *life;
	int ret;

	/* The dentry's own spelling counts: a directory may ignore case. */
	identity_spell(&pending->identity, record);
	life = life_of(c, &pending->identity, hop->dentry, BORN_BEFORE, &ret);
	if (!life || !frame->is_active || !frame->step.is_valid || hop->open != frame->call.id)
		return life ? life_add_hop(c, life, hop) : ret;
	frame->step.outcome.saw_hit = true;
	frame->step.outcome.negative = (enum tristate)hop->negative;
	frame->followed_link |= is_link(record);
	ret = step_bind(c, frame, life);
	if (ret)
		return ret;
	evidence = frame_find_evidence(frame, life);
	if (evidence && evidence->hit_count < EVIDENCE_MAX_HITS)
		evidence->hits[evidence->hit_count++] = *hop;
	return life_add_hop(c, life, hop);
}

static int lookup_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct pending *pending = &task->lookup[lookups[record->role].slot];
	struct hop hop;

	if (!pending_take(c, pending) || !has_field(record, FIELD_DENTRY))
		return 0;
	hop_set(&hop, c, task, record, HOP_LOOKUP);
	hop.open = is_at(&task->frame, pending) ? task->frame.call.id : 0;
	hop.has_hash = pending->has_hash;
	hop.hash = pending->hash;
	hop.len = pending->identity.len;
	hop.walk = (uint8_t)lookups[record->role].walk;
	if (hop.open && hop.walk == WALK_REF)
		task->frame.step.outcome.saw_ref = true;
	if (has_dentry(record))
		return lookup_hit(c, task, pending, record, &hop);
	hop.dentry = 0;
	hop.has_addr = false;
	return lookup_missed(c, &task->frame, pending, &hop);
}

static enum storage storage_of(const struct record *record)
{
	uint64_t offset = record->value[FIELD_NAME] - record->value[FIELD_DENTRY];

	if (!has_field(record, FIELD_NAME) || !has_field(record, FIELD_INLINE) ||
	    !has_field(record, FIELD_DENTRY_SIZE))
		return STORAGE_UNKNOWN;
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

static bool is_component(const struct identity *a, const struct identity *b)
{
	return a->len == b->len && !memcmp(a->component, b->component, a->len);
}

static void alloc_entry(const struct correlator *c, struct task *task, const struct record *record)
{
	pending_set(c, &task->alloc, record);
	hop_set(&task->source, c, task, record, HOP_SOURCE);
	task->source.open = task->frame.is_active ? task->frame.call.id : 0;
}

/*
 * Outside of an open, and without the lookup that tells the directory, a new dentry has no name
 * yet: its insert will give it one.
 */
static int alloc_return(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = &task->frame;
	struct step *step = &frame->step;
	struct identity identity;
	struct tracked_name *name;
	struct life *life;
	struct hop alloc, *source;
	int ret;

	source = pending_take(c, &task->alloc) ? &task->source : NULL;
	if (!has_dentry(record))
		return 0;
	c->totals.allocs++;
	if (!identity_from(record, &identity) || !frame->is_active || !step->is_valid ||
	    !is_component(&identity, &step->identity))
		return 0;
	if (source && !is_component(&identity, &task->alloc.identity))
		source = NULL;
	name = name_get(c, &step->identity, &ret);
	life = name ? life_start(c, name, record->value[FIELD_DENTRY], BORN_TRACED, &ret) : NULL;
	if (!life)
		return ret;
	step->outcome.saw_alloc = true;
	hop_set(&alloc, c, task, record, HOP_ALLOC);
	alloc.open = frame->call.id;
	life->pub.storage = storage_of(record);
	ret = step_bind(c, frame, life);
	if (!ret && source)
		ret = life_add_hop(c, life, source);
	if (!ret)
		ret = life_add_hop(c, life, &alloc);
	prove_alloc(frame_find_evidence(frame, life), record, source, &alloc);
	return ret ? ret : relate_lifetimes(life);
}

/* Without a probe for alloc a new dentry is first seen when it is inserted. */
static bool takes_place_of_alloc(const struct correlator *c, const struct frame *frame,
				 const struct identity *identity)
{
	return !c->options.armed[ROLE_ALLOC][EDGE_RETURN] && frame->is_active &&
	       frame->step.is_valid && is_component(identity, &frame->step.identity);
}

static int insert_entry(struct correlator *c, struct task *task, const struct record *record)
{
	struct frame *frame = &task->frame;
	struct evidence *evidence;
	struct identity identity;
	struct hop hop;
	struct life *life;
	bool is_new;
	int ret = 0;

	if (!has_dentry(record))
		return 0;
	hop_set(&hop, c, task, record, HOP_INSERT);
	life = life_at(c, hop.dentry);
	is_new = !life;
	if (identity_from(record, &identity)) {
		life = life_of(c, &identity, hop.dentry, BORN_TRACED, &ret);
		is_new = life && !life->has_anchor;
	}
	if (!life)
		return ret;
	life->is_inserted = true;
	life->pub.end = END_ALIVE;
	if (is_new && takes_place_of_alloc(c, frame, &identity))
		ret = step_bind(c, frame, life);
	if (ret)
		return ret;
	evidence = frame->is_active ? frame_find_evidence(frame, life) : NULL;
	if (frame->is_active && (evidence || frame->step.life == life))
		hop.open = frame->call.id;
	if (hop.open)
		frame->followed_link |= is_link(record);
	if (evidence) {
		evidence->has[HOP_INSERT] = true;
		evidence->hop[HOP_INSERT] = hop;
	}
	ret = life_add_hop(c, life, &hop);
	return ret || !is_new ? ret : relate_lifetimes(life);
}

int walk_record(struct correlator *c, struct task *task, const struct record *record)
{
	bool is_entry = record->edge == EDGE_ENTRY;

	if (record->role == ROLE_INSERT)
		return insert_entry(c, task, record);
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
	lookup_entry(c, task, record);
	return 0;
}
