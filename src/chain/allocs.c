/* SPDX-License-Identifier: MIT */
/*
 * Records of a new dentry: its allocation, for a component that was not in the hash, and its
 * insert.
 */
#include "internal.h"

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

int alloc_record(struct correlator *c, struct task *task, const struct record *record)
{
	if (record->point == POINT_RETURN)
		return alloc_return(c, task, record);
	alloc_entry(c, task, record);
	return 0;
}

/* --- inserts --- */

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

int insert_record(struct correlator *c, struct task *task, const struct record *record)
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
