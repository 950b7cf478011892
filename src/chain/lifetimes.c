/* SPDX-License-Identifier: MIT */
/*
 * Lifetimes: a dentry bears a name from its birth, or from a rename, to its end. What is known of a
 * dentry that is being freed is kept until another one takes its place.
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
	if (end == END_DELETED)
		directory_lost_name(c, life->pub.dentry);
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

struct life *life_dying(const struct correlator *c, uint64_t dentry)
{
	return map_get(&c->dying, dentry);
}

void dentry_is_inserted(struct correlator *c, uint64_t dentry, const struct hop *by)
{
	map_remove(&c->dying, dentry);
	births_insert(c, dentry, by);
}

void dentry_is_new(struct correlator *c, uint64_t dentry)
{
	struct life *former = life_at(c, dentry);

	if (former)
		life_end(c, former, END_UNKNOWN, NULL);
	map_remove(&c->dying, dentry);
	directory_lost_name(c, dentry);
	directory_evicted(c, dentry);
}

static void frame_forget(struct frame *frame, const struct life *life)
{
	size_t kept = 0;

	step_forget(frame, life);
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

struct life *life_at(const struct correlator *c, uint64_t dentry)
{
	return dentry ? map_get(&c->lives, dentry) : NULL;
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

static int drop_middle_lifetime(struct correlator *c, struct tracked_name *name)
{
	struct name *pub = &name->pub;
	size_t at = pub->lifetime_count / 2;
	struct life *life = (struct life *)pub->lifetimes[at];
	int ret = life_tell_negative(c, life, UINT64_MAX);

	life_forget(c, life);
	memmove(pub->lifetimes + at, pub->lifetimes + at + 1,
		(pub->lifetime_count - at - 1) * sizeof(*pub->lifetimes));
	pub->lifetime_count--;
	pub->lifetimes_dropped++;
	pub->dropped_without_dentry += !life->pub.dentry;
	life_free(life);
	return ret;
}

struct life *life_start(struct correlator *c, struct tracked_name *name, uint64_t dentry,
			enum born born, int *ret)
{
	struct life *former = life_at(c, dentry);
	struct life *life;
	struct lifetime **grown;

	*ret = 0;
	if (former)
		life_end(c, former, END_UNKNOWN, NULL);
	if (name->pub.lifetime_count >= c->options.max_lifetimes)
		*ret = drop_middle_lifetime(c, name);
	if (*ret)
		return NULL;
	*ret = -ENOMEM;
	grown = realloc(name->pub.lifetimes,
			(name->pub.lifetime_count + 1) * sizeof(*name->pub.lifetimes));
	if (!grown)
		return NULL;
	name->pub.lifetimes = grown;
	life = calloc(1, sizeof(*life));
	if (!life)
		return NULL;
	if (dentry && map_put(&c->lives, dentry, life)) {
		free(life);
		return NULL;
	}
	life->pub.name = &name->pub;
	life->pub.dentry = dentry;
	life->pub.born = born;
	life->pub.negative = IS_UNKNOWN;
	life->pub.end = dentry ? END_ALIVE : END_UNKNOWN;
	life->pub.index = name->next_index++;
	life->seen = c->epoch[SCOPE_ANY];
	c->kept += life_size(life);
	name->live += dentry ? 1 : 0;
	grown[name->pub.lifetime_count++] = &life->pub;
	map_remove(&c->dying, dentry);
	directory_named(c, life);
	*ret = 0;
	return life;
}

struct life *life_without_dentry(struct correlator *c, struct tracked_name *name, int *ret)
{
	size_t count = name->pub.lifetime_count;
	struct life *last = count ? (struct life *)name->pub.lifetimes[count - 1] : NULL;

	*ret = 0;
	return last && !last->pub.dentry ? last : life_start(c, name, 0, BORN_NOT, ret);
}

/*
 * The kernel may still answer from a dentry that is being freed, as long as it is in the hash. A
 * drop is recorded where it begins, and who drops may be kept from the processor there: that the
 * dentry is out of the hash is not sure before another one is inserted at its address. Until then
 * the address proves which dentry it is, though its directory was evicted as well.
 */
static bool was_found_dying(const struct correlator *c, const struct life *life,
			    const struct identity *identity, uint64_t since)
{
	if (!life || !bears_component(life, identity))
		return false;
	if (since != UINT64_MAX && births_sees_inserts(c) && life->seen == c->epoch[SCOPE_ANY])
		return true;
	return is_same_name(life, identity) && (!life->is_dropped || life->dropped_ts >= since);
}

/* The record of its end came before that of the lookup which found it. */
static void end_as_before(struct correlator *c, struct life *life)
{
	struct hop by = { 0 };
	enum lifetime_end end = births_ended(c, life->pub.dentry, &by);

	if (end == END_UNKNOWN)
		life->pub.end = END_UNKNOWN;
	if (end != END_EVICTED && end != END_UNHASHED)
		return;
	life->is_dropped = end == END_UNHASHED;
	life->dropped_ts = by.ts;
	life_end(c, life, end, &by);
}

static struct tracked_name *name_found(struct correlator *c, const struct identity *identity,
				       uint64_t dentry, int *ret)
{
	struct tracked_name *name = name_get(c, identity, ret);

	if (!name)
		return NULL;
	*ret = directory_rejoin(c, name, dentry);
	if (*ret > 0)
		name = name_get(c, identity, ret);
	return *ret ? NULL : name;
}

struct life *life_found(struct correlator *c, const struct identity *identity, uint64_t dentry,
			uint64_t since, int *ret)
{
	struct life *life = life_at(c, dentry);
	struct tracked_name *name;

	*ret = 0;
	if (life && is_same_name(life, identity))
		return life;
	if (!life && was_found_dying(c, life_dying(c, dentry), identity, since))
		return life_dying(c, dentry);
	name = name_found(c, identity, dentry, ret);
	life = name ? life_start(c, name, dentry, BORN_UNKNOWN, ret) : NULL;
	if (!life)
		return NULL;
	births_tell(c, &life->pub);
	/* What a file or an insert shows at that address is another one. */
	if (since != UINT64_MAX)
		end_as_before(c, life);
	return life;
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
