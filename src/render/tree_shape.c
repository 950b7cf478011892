/* SPDX-License-Identifier: MIT */
/*
 * The shape of the trees: which hop stands under which. Hops come in the order of time; each open
 * is a group of its own, however much the opens of several threads interleave.
 */
#include "tree.h"

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"

#define MAX_PARENTS 5

/* What a hop hangs from, by preference; from the root if there is none of these. */
static const enum tree_slot parents[HOP_NR][MAX_PARENTS] = {
	[HOP_LOOKUP] = { SLOT_ALLOC, SLOT_ENTRY, SLOT_FILENAME },
	[HOP_SOURCE] = { SLOT_MISS, SLOT_ENTRY, SLOT_FILENAME },
	[HOP_ALLOC] = { SLOT_SOURCE, SLOT_MISS, SLOT_ENTRY, SLOT_FILENAME },
	[HOP_INSERT] = { SLOT_ALLOC, SLOT_HIT, SLOT_MISS, SLOT_ENTRY, SLOT_FILENAME },
	[HOP_INSTANTIATE] = { SLOT_INSERT, SLOT_HIT, SLOT_FILENAME },
	[HOP_FILE] = { SLOT_INSERT, SLOT_ALLOC, SLOT_HIT, SLOT_MISS, SLOT_FILENAME },
	[HOP_DELETE] = { SLOT_HIT },
	[HOP_RENAME] = { SLOT_HIT },
	[HOP_EVICT] = { SLOT_DELETE },
};

static const enum tree_slot fills[HOP_NR] = {
	[HOP_FILENAME] = SLOT_FILENAME, [HOP_SOURCE] = SLOT_SOURCE, [HOP_ALLOC] = SLOT_ALLOC,
	[HOP_INSERT] = SLOT_INSERT,	[HOP_DELETE] = SLOT_DELETE,
};

static struct hop_group *group_add(struct shape *shape, const struct hop *hop, size_t index)
{
	struct hop_group *group, *groups;

	groups = array_grow(shape->groups, shape->group_count, &shape->group_room, sizeof(*groups));
	if (!groups)
		return NULL;
	shape->groups = groups;
	group = &groups[shape->group_count++];
	*group = (struct hop_group){ .start = hop, .begin = index, .first = -1, .last = -1 };
	for (int i = 0; i < SLOT_NR; i++)
		group->slots[i] = -1;
	return group;
}

/*
 * Outside of an open a group goes on as long as nothing else happens to the dentry: what one task
 * does, and the eviction of a deleted name by any task.
 */
static bool is_continued(const struct hop_group *last, const struct hop *hop)
{
	if (last->start->open)
		return false;
	if (hop->kind == HOP_EVICT && last->slots[SLOT_DELETE] >= 0)
		return true;
	return hop->tid == last->start->tid;
}

static struct hop_group *group_find(struct shape *shape, const struct hop *hop)
{
	struct hop_group *last = shape->group_count ? &shape->groups[shape->group_count - 1] : NULL;

	if (!last)
		return NULL;
	if (!hop->open)
		return is_continued(last, hop) ? last : NULL;
	for (size_t i = shape->group_count; i-- > 0;) {
		if (shape->groups[i].start->open == hop->open)
			return &shape->groups[i];
	}
	return NULL;
}

/* Append a node under @parent, or under the group's root for -1; return its index. */
static int node_add(struct shape *shape, struct hop_group *group, const struct hop *hop, int parent)
{
	int index = (int)shape->node_count;
	int *first, *last;
	struct node *nodes;

	nodes = array_grow(shape->nodes, shape->node_count, &shape->node_room, sizeof(*nodes));
	if (!nodes)
		return -ENOMEM;
	shape->nodes = nodes;
	nodes[shape->node_count++] =
		(struct node){ .hop = hop, .first = -1, .last = -1, .next = -1 };
	first = parent < 0 ? &group->first : &shape->nodes[parent].first;
	last = parent < 0 ? &group->last : &shape->nodes[parent].last;
	if (*last < 0)
		*first = index;
	else
		shape->nodes[*last].next = index;
	*last = index;
	return index;
}

static int parent_of(const struct hop_group *group, enum hop_kind kind)
{
	for (int i = 0; i < MAX_PARENTS && parents[kind][i] != SLOT_NONE; i++) {
		int node = group->slots[parents[kind][i]];

		if (node >= 0)
			return node;
	}
	return -1;
}

/* Several lookups of one component share the line that says what is looked up. */
static bool is_same_lookup(const struct shape *shape, const struct hop_group *group,
			   const struct hop *hop)
{
	int entry = group->slots[SLOT_ENTRY];
	const struct hop *before = entry >= 0 ? shape->nodes[entry].hop : NULL;

	return before && hop->point == POINT_RETURN && before->point == POINT_RETURN &&
	       before->len == hop->len && before->has_hash == hop->has_hash &&
	       before->hash == hop->hash;
}

static int add_lookup_entry(struct shape *shape, struct hop_group *group, const struct hop *hop)
{
	int node;

	if (!hop->has_hash && !hop->len && hop->point == POINT_RETURN)
		return 0;
	if (is_same_lookup(shape, group, hop))
		return 0;
	node = node_add(shape, group, hop, group->slots[SLOT_FILENAME]);
	if (node < 0)
		return node;
	shape->nodes[node].is_lookup_entry = true;
	group->slots[SLOT_ENTRY] = node;
	return 0;
}

/* A lookup is two lines: what is looked up, and what came back. */
static int add_lookup(struct shape *shape, struct hop_group *group, const struct hop *hop)
{
	bool is_recheck = group->slots[SLOT_ALLOC] >= 0;
	int ret = is_recheck ? 0 : add_lookup_entry(shape, group, hop);
	int node;

	/* Only its entry was seen: what it returned is unknown. */
	if (ret || hop->point == POINT_ENTRY)
		return ret;
	node = node_add(shape, group, hop, parent_of(group, HOP_LOOKUP));
	if (node < 0)
		return node;
	shape->nodes[node].is_recheck = is_recheck;
	if (hop->has_addr)
		group->slots[SLOT_HIT] = node;
	else if (!is_recheck)
		group->slots[SLOT_MISS] = node;
	return 0;
}

static int add_hop(struct shape *shape, struct hop_group *group, const struct hop *hop)
{
	int node;

	if (hop->kind == HOP_LOOKUP)
		return add_lookup(shape, group, hop);
	node = node_add(shape, group, hop, parent_of(group, hop->kind));
	if (node < 0)
		return node;
	if (fills[hop->kind] != SLOT_NONE)
		group->slots[fills[hop->kind]] = node;
	if (hop->kind == HOP_INSERT)
		group->slots[SLOT_ALLOC] = -1;
	return 0;
}

int shape_make(struct shape *shape, const struct lifetime *lifetime)
{
	const struct hop_list *hops = &lifetime->hops;

	shape->node_count = 0;
	shape->group_count = 0;
	for (size_t i = 0; i < hops->count; i++) {
		struct hop_group *group = group_find(shape, &hops->items[i]);
		int ret;

		if (!group)
			group = group_add(shape, &hops->items[i], i);
		if (!group)
			return -ENOMEM;
		ret = add_hop(shape, group, &hops->items[i]);
		if (ret)
			return ret;
	}
	return 0;
}

void shape_release(struct shape *shape)
{
	free(shape->nodes);
	free(shape->groups);
	*shape = (struct shape){ 0 };
}
