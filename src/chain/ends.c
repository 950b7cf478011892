/* SPDX-License-Identifier: MIT */
/*
 * What ends or changes a lifetime, from any task: only dentries that are followed matter.
 */
#include "internal.h"

#include <string.h>

static bool is_by_selected(const struct correlator *c, const struct task *task)
{
	return task && is_selected(c, task);
}

static int instantiated(struct correlator *c, struct task *task, struct life *life, struct hop *hop)
{
	struct evidence *evidence = NULL;
	int ret;

	life->pub.end = END_ALIVE;
	if (task && task->frame.is_active)
		evidence = frame_find_evidence(&task->frame, life);
	if (evidence) {
		hop->open = task->frame.call.id;
		evidence->has[HOP_INSTANTIATE] = true;
		evidence->hop[HOP_INSTANTIATE] = *hop;
	}
	ret = life_add_hop(c, life, hop);
	/* Inside of an open it is related with the rest of it. */
	return ret || evidence ? ret : relate_anchor(c, life, hop, 0);
}

static int deleted(struct correlator *c, struct task *task, struct life *life, struct hop *hop)
{
	int ret = life_add_hop(c, life, hop);

	if (is_by_selected(c, task))
		life_name(life)->pub.is_named = true;
	life_end(c, life, END_DELETED, hop);
	/* d_delete() leaves a negative dentry, unless a drop follows because someone holds it. */
	life->pub.negative = c->options.armed[ROLE_DROP][EDGE_ENTRY] ? IS_TRUE : IS_UNKNOWN;
	return ret ? ret : relate_anchor(c, life, hop, 0);
}

static int evicted(struct correlator *c, struct life *life, struct hop *hop)
{
	enum tristate negative = life->pub.negative;
	int ret = life_add_hop(c, life, hop);

	c->totals.evictions++;
	/* By now the inode may be gone from any dentry: what it was before counts. */
	life->pub.negative = negative;
	life_end(c, life, END_EVICTED, hop);
	return ret ? ret : relate_anchor(c, life, hop, 0);
}

static void dropped(struct correlator *c, struct life *life, const struct hop *hop)
{
	if (life->pub.end == END_DELETED)
		life->pub.negative = IS_FALSE;
	life_end(c, life, END_UNHASHED, hop);
}

/*
 * The dentry takes over the name of the target: its old name's lifetime ends, and on the same
 * dentry one of the new name begins. The new name pointer is not known before the next hop.
 */
static int renamed(struct correlator *c, struct task *task, struct life *life,
		   const struct record *record, struct hop *hop)
{
	bool is_named = life_name(life)->pub.is_named || is_by_selected(c, task);
	struct life *target =
		has_field(record, FIELD_TARGET) ? life_at(c, record->value[FIELD_TARGET]) : NULL;
	struct identity identity;
	struct tracked_name *name;
	int ret;

	hop->negative = IS_UNKNOWN;
	ret = life_add_hop(c, life, hop);
	if (!ret)
		ret = relate_anchor(c, life, hop, 0);
	life_end(c, life, END_RENAMED, hop);
	if (target)
		life_end(c, target, END_UNHASHED, hop);
	if (ret || !identity_from(record, &identity))
		return ret;
	name = name_get(c, &identity, &ret);
	if (!name)
		return ret;
	name->pub.is_named |= is_named;
	life = life_start(c, name, hop->dentry, BORN_TRACED, &ret);
	return ret;
}

int end_record(struct correlator *c, const struct record *record)
{
	static const enum hop_kind kinds[ROLE_NR] = {
		[ROLE_INSTANTIATE] = HOP_INSTANTIATE,
		[ROLE_DELETE] = HOP_DELETE,
		[ROLE_RENAME] = HOP_RENAME,
		[ROLE_EVICT] = HOP_EVICT,
	};
	struct life *life;
	struct task *task;
	struct hop hop;

	if (!has_field(record, FIELD_DENTRY))
		return 0;
	life = life_at(c, record->value[FIELD_DENTRY]);
	if (!life)
		return 0;
	task = task_find(c, record->tid);
	hop_set(&hop, c, task, record, kinds[record->role]);
	switch (record->role) {
	case ROLE_INSTANTIATE:
		return instantiated(c, task, life, &hop);
	case ROLE_DELETE:
		return deleted(c, task, life, &hop);
	case ROLE_RENAME:
		return renamed(c, task, life, record, &hop);
	case ROLE_EVICT:
		return evicted(c, life, &hop);
	default:
		dropped(c, life, &hop);
		return 0;
	}
}
