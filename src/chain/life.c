/* SPDX-License-Identifier: MIT */
/*
 * What is known of one lifetime: its hops, its inode, its end.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/array.h"

struct tracked_name *life_name(const struct life *life)
{
	return (struct tracked_name *)life->pub.name;
}

struct life *life_at(const struct correlator *c, uint64_t dentry)
{
	return dentry ? map_get(&c->lives, dentry) : NULL;
}

struct life *life_dying(const struct correlator *c, uint64_t dentry)
{
	return map_get(&c->dying, dentry);
}

size_t life_size(const struct life *life)
{
	return sizeof(*life) + life->pub.hops.count * sizeof(struct hop);
}

void life_free(struct life *life)
{
	*life_name(life)->kept -= life_size(life);
	free(life->pub.hops.items);
	free(life);
}

void life_end(struct correlator *c, struct life *life, enum lifetime_end end, const struct hop *by)
{
	life->pub.end = end;
	life->pub.end_tid = by ? by->tid : 0;
	memset(life->pub.end_comm, 0, COMM_SIZE);
	if (by)
		memcpy(life->pub.end_comm, by->comm, COMM_SIZE);
	if (end != END_EVICTED && end != END_RENAMED && end != END_UNKNOWN)
		return;
	if (map_get(&c->lives, life->pub.dentry) == life) {
		map_remove(&c->lives, life->pub.dentry);
		life_name(life)->live--;
	}
	/* If there is no room, a lookup that still finds it begins another lifetime. */
	if (end == END_EVICTED && map_put(&c->dying, life->pub.dentry, life))
		map_remove(&c->dying, life->pub.dentry);
}

void life_hashed(struct life *life)
{
	life->is_dropped = false;
	life->mover = 0;
	life->pub.end = END_ALIVE;
	life->pub.end_tid = 0;
	memset(life->pub.end_comm, 0, COMM_SIZE);
}

static void frame_forget(struct frame *frame, const struct life *life)
{
	size_t kept = 0;

	if (frame->step.life == life)
		frame->step.life = NULL;
	if (frame->nested.life == life)
		frame->nested.life = NULL;
	if (frame->walked_life == life)
		frame->walked_life = NULL;
	for (size_t i = 0; i < frame->evidence_count; i++) {
		if (frame->evidence[i].life != life)
			frame->evidence[kept++] = frame->evidence[i];
	}
	frame->evidence_count = kept;
}

/* A task that is in the middle of an open must not keep a pointer to freed memory. */
void life_forget(struct correlator *c, struct life *life)
{
	if (map_get(&c->lives, life->pub.dentry) == life)
		life_end(c, life, END_UNKNOWN, NULL);
	if (map_get(&c->dying, life->pub.dentry) == life)
		map_remove(&c->dying, life->pub.dentry);
	for (struct task *task = c->active; task; task = task->next_active) {
		for (struct frame *frame = task->frame; frame; frame = frame->other)
			frame_forget(frame, life);
	}
}

/* What led to an open becomes its file's when the file is known, after its lookups. */
static int keep_hop(struct correlator *c, struct life *life, const struct hop *hop)
{
	struct hop_list *hops = &life->pub.hops;
	size_t cap = c->options.max_hops;
	struct hop *items, *slot;

	if (hops->count == cap) {
		hops->items[list_oldest(cap, hops->dropped++)] = *hop;
		return 0;
	}
	items = array_grow(hops->items, hops->count, &hops->room, sizeof(*items));
	if (!items)
		return -ENOMEM;
	hops->items = items;
	slot = items + hops->count++;
	c->kept += sizeof(*slot);
	for (; !hops->dropped && slot > items && slot[-1].ts > hop->ts; slot--)
		*slot = slot[-1];
	*slot = *hop;
	return 0;
}

static bool keeps_open(const struct correlator *c, uint64_t open)
{
	return !open || !c->options.sink.only_open || open == c->options.sink.only_open;
}

/*
 * Only d_delete() and the eviction itself take a dentry's inode. A lookup found it before that, and
 * its record was written while the dentry was evicted, or after it.
 */
static bool had_inode_to_the_end(const struct correlator *c, const struct life *life)
{
	return life->pub.negative == IS_FALSE && c->options.sees_any &&
	       c->options.armed[ROLE_DELETE][POINT_ENTRY] && life->had_inode == c->epoch[SCOPE_ANY];
}

void life_correct_lookup(const struct correlator *c, const struct life *life, struct hop *hop)
{
	if (hop->negative == IS_FALSE)
		return;
	if (had_inode_to_the_end(c, life))
		hop->negative = IS_FALSE;
	else if (life->pub.end == END_EVICTED && life->pub.negative != IS_TRUE)
		hop->negative = IS_UNKNOWN;
}

void life_got_inode(const struct correlator *c, struct life *life)
{
	life->pub.negative = IS_FALSE;
	life->had_inode = c->epoch[SCOPE_ANY];
}

int life_add_hop(struct correlator *c, struct life *life, const struct hop *hop)
{
	if (keeps_open(c, hop->open) && keep_hop(c, life, hop))
		return -ENOMEM;
	if (!life->first_ts || hop->ts < life->first_ts)
		life->first_ts = hop->ts;
	life->seen = c->epoch[SCOPE_ANY];
	if (hop->dentry && hop->has_addr && !life->has_anchor) {
		life->has_anchor = true;
		life->anchor = *hop;
		life->pub.name_ptr = hop->addr;
	}
	if (!hop->dentry)
		return 0;
	if (hop->negative == IS_TRUE && life->pub.negative != IS_TRUE)
		life->negative_since = hop->ts;
	if (hop->negative == IS_FALSE)
		life->had_inode = c->epoch[SCOPE_ANY];
	if (hop->negative != IS_UNKNOWN)
		life->pub.negative = (enum tristate)hop->negative;
	return 0;
}

bool life_spelling(const struct correlator *c, uint64_t dentry, struct bytes *spelling)
{
	const struct life *life = life_at(c, dentry);

	if (!life || !c->options.sees_any || !c->options.armed[ROLE_RENAME][POINT_ENTRY] ||
	    life->seen != c->epoch[SCOPE_ANY])
		return false;
	*spelling = life->pub.name->component;
	return true;
}

/* The mode may be another inode's, or of none: then it is older bytes of the ring buffer. */
static bool is_changed_meanwhile(const struct record *record)
{
	return has_field(record, FIELD_INODE_FIRST) &&
	       record->value[FIELD_INODE_FIRST] != record->value[FIELD_INODE];
}

void life_note_inode(struct life *life, const struct record *record)
{
	if (!has_field(record, FIELD_MODE))
		return;
	if (is_changed_meanwhile(record))
		life->inode = INODE_UNKNOWN;
	else if (S_ISLNK(record->value[FIELD_MODE]))
		life->inode = INODE_LINK;
	else if (S_ISDIR(record->value[FIELD_MODE]))
		life->inode = INODE_DIRECTORY;
	else
		life->inode = INODE_OTHER;
}
