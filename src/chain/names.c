/* SPDX-License-Identifier: MIT */
/*
 * Names and their lifetimes, under caps: at most max_names names, of which the oldest that has no
 * living dentry goes first; per name and lifetime the first and the last elements are kept.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RELATIONS 256

struct tracked_name *life_name(const struct life *life)
{
	return (struct tracked_name *)life->pub.name;
}

static uint64_t identity_hash(const struct identity *identity)
{
	uint64_t hash = hash_bytes(identity->component, identity->len, identity->dir_ino);

	return hash_bytes(&identity->dev, sizeof(identity->dev), hash);
}

static bool has_identity(const struct name *name, const struct identity *identity)
{
	if (name->component.len != identity->len ||
	    memcmp(name->component.data, identity->component, identity->len))
		return false;
	if (name->has_dir != identity->has_dir)
		return false;
	if (!name->has_dir)
		return true;
	if (name->dev != identity->dev || name->dir_ino != identity->dir_ino)
		return false;
	/* Without a generation on both sides the inode number has to do. */
	return !name->has_gen || !identity->has_gen || name->dir_gen == identity->dir_gen;
}

bool is_same_name(const struct life *life, const struct identity *identity)
{
	const struct name *name = life->pub.name;

	if (name->has_dir && identity->has_dir)
		return has_identity(name, identity);
	/* A directory that is not known contradicts nothing. */
	return name->component.len == identity->len &&
	       !memcmp(name->component.data, identity->component, identity->len);
}

static void life_free(struct life *life)
{
	free(life->pub.hops.items);
	free(life);
}

static void name_free(struct tracked_name *name)
{
	for (size_t i = 0; i < name->pub.lifetime_count; i++)
		life_free((struct life *)name->pub.lifetimes[i]);
	for (size_t i = 0; i < name->pub.path_count; i++)
		free((char *)name->pub.paths[i].data);
	for (size_t i = 0; i < name->pub.relation_count; i++)
		free((char *)name->pub.relations[i].prefix.data);
	free((char *)name->pub.component.data);
	free(name->pub.paths);
	free(name->pub.lifetimes);
	free(name->pub.relations);
	free(name);
}

static void unlink_hash(struct correlator *c, struct tracked_name *name)
{
	struct tracked_name *first = map_get(&c->names, name->hash);
	struct tracked_name **at = &first;

	while (*at != name)
		at = &(*at)->same_hash;
	*at = name->same_hash;
	if (first)
		map_put(&c->names, name->hash, first); /* the key is there: cannot fail */
	else
		map_remove(&c->names, name->hash);
}

static void unlink_age(struct correlator *c, struct tracked_name *name)
{
	*(name->older ? &name->older->newer : &c->oldest) = name->newer;
	*(name->newer ? &name->newer->older : &c->newest) = name->older;
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
	if (map_get(&c->lives, life->pub.dentry) == life)
		map_remove(&c->lives, life->pub.dentry);
	life_name(life)->live--;
}

/* A task that is in the middle of an open must not keep a pointer to what goes away. */
static void forget_life(struct correlator *c, struct life *life)
{
	if (map_get(&c->lives, life->pub.dentry) == life)
		life_end(c, life, END_UNKNOWN, NULL);
	for (struct task *task = c->active; task; task = task->next_active) {
		struct frame *frame = &task->frame;
		size_t kept = 0;

		if (frame->step.life == life)
			frame->step.life = NULL;
		for (size_t i = 0; i < frame->evidence_count; i++) {
			if (frame->evidence[i].life != life)
				frame->evidence[kept++] = frame->evidence[i];
		}
		frame->evidence_count = kept;
	}
}

/* --- lists that keep their first and last elements --- */

/* Beyond @cap the second half is a ring, in which the oldest element is overwritten. */
static size_t oldest_slot(size_t cap, uint64_t dropped)
{
	size_t half = cap / 2;

	return half + (size_t)(dropped % (cap - half));
}

/*
 * Room for one more element. A full list is in order only after list_settle().
 *
 * Return: where the element goes, NULL when out of memory.
 */
static void *list_slot(void **items, size_t *count, size_t *room, size_t size, size_t cap,
		       uint64_t *dropped)
{
	char *grown;

	if (*count == cap)
		return (char *)*items + oldest_slot(cap, (*dropped)++) * size;
	if (*count == *room) {
		size_t bigger = *room ? *room * 2 : 8;

		grown = realloc(*items, bigger * size);
		if (!grown)
			return NULL;
		*items = grown;
		*room = bigger;
	}
	return (char *)*items + (*count)++ * size;
}

static void reverse(char *first, size_t count, size_t size)
{
	char *last = first + count * size;

	while (first + size < last) {
		last -= size;
		for (size_t i = 0; i < size; i++) {
			char kept = first[i];

			first[i] = last[i];
			last[i] = kept;
		}
		first += size;
	}
}

/* Turn the ring so that its oldest element comes first; nothing is added afterwards. */
static void list_settle(void *items, size_t cap, size_t size, uint64_t dropped)
{
	size_t half = cap / 2, before = oldest_slot(cap, dropped) - half;
	char *ring = (char *)items + half * size;

	if (!before)
		return;
	reverse(ring, before, size);
	reverse(ring + before * size, cap - half - before, size);
	reverse(ring, cap - half, size);
}

static void settle_lists(const struct correlator *c, struct name *name)
{
	list_settle(name->relations, MAX_RELATIONS, sizeof(*name->relations),
		    name->relations_dropped);
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop_list *hops = &name->lifetimes[i]->hops;

		list_settle(hops->items, c->options.max_hops, sizeof(*hops->items), hops->dropped);
	}
}

/* --- handing out --- */

/* That a lifetime goes on is known only where its end would have been seen up to now. */
static bool can_have_ended(const struct correlator *c, const struct lifetime *life)
{
	if (!c->options.sees_any || !c->options.armed[ROLE_EVICT][EDGE_ENTRY])
		return true;
	return life->hops.count &&
	       life->hops.items[life->hops.count - 1].epoch[SCOPE_ANY] != c->epoch[SCOPE_ANY];
}

static void settle_ends(const struct correlator *c, struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		struct lifetime *life = name->lifetimes[i];

		if (life->end != END_EVICTED && life->end != END_RENAMED && can_have_ended(c, life))
			life->end = END_UNKNOWN;
	}
}

static int name_hand_out(struct correlator *c, struct tracked_name *name)
{
	int ret = 0;

	settle_lists(c, &name->pub);
	settle_ends(c, &name->pub);
	relations_distrust(c, name);
	if (name->pub.is_named)
		c->totals.names++;
	for (int v = 0; v < VERDICT_NR; v++)
		c->totals.verdicts[v] += name->pub.verdicts[v];
	if (c->options.sink.name)
		ret = c->options.sink.name(c->options.sink.context, &name->pub);
	return ret;
}

static int push_out(struct correlator *c)
{
	struct tracked_name *name = c->oldest;
	int ret;

	while (name && name->live)
		name = name->newer;
	if (!name)
		name = c->oldest;
	ret = name_hand_out(c, name);
	for (size_t i = 0; i < name->pub.lifetime_count; i++)
		forget_life(c, (struct life *)name->pub.lifetimes[i]);
	unlink_hash(c, name);
	unlink_age(c, name);
	name_free(name);
	c->name_count--;
	c->totals.pushed_out++;
	return ret;
}

static struct tracked_name *name_new(struct correlator *c, const struct identity *identity)
{
	struct tracked_name *name = calloc(1, sizeof(*name));
	char *component = malloc(identity->len + 1);

	if (!name || !component)
		goto err_free;
	memcpy(component, identity->component, identity->len);
	component[identity->len] = '\0';
	name->pub.component = (struct bytes){ component, identity->len };
	name->pub.has_dir = identity->has_dir;
	name->pub.has_gen = identity->has_gen;
	name->pub.dev = identity->dev;
	name->pub.dir_ino = identity->dir_ino;
	name->pub.dir_gen = identity->dir_gen;
	name->ignores_relations = c->options.sink.ignores_relations;
	name->hash = identity_hash(identity);
	name->same_hash = map_get(&c->names, name->hash);
	if (map_put(&c->names, name->hash, name))
		goto err_free;
	name->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = name;
	c->newest = name;
	c->name_count++;
	return name;

err_free:
	free(component);
	free(name);
	return NULL;
}

struct tracked_name *name_get(struct correlator *c, const struct identity *identity, int *ret)
{
	struct tracked_name *name = map_get(&c->names, identity_hash(identity));

	*ret = 0;
	while (name && !has_identity(&name->pub, identity))
		name = name->same_hash;
	if (name)
		return name;
	if (c->name_count >= c->options.max_names)
		*ret = push_out(c);
	if (*ret)
		return NULL;
	name = name_new(c, identity);
	if (!name)
		*ret = -ENOMEM;
	return name;
}

int name_add_path(struct tracked_name *name, const char *path, size_t len)
{
	struct name *pub = &name->pub;
	struct bytes *paths;
	char *copy;

	for (size_t i = 0; i < pub->path_count; i++) {
		if (pub->paths[i].len == len && !memcmp(pub->paths[i].data, path, len))
			return 0;
	}
	if (pub->path_count == NAME_MAX_PATHS)
		return 0;
	paths = realloc(pub->paths, (pub->path_count + 1) * sizeof(*paths));
	if (!paths)
		return -ENOMEM;
	pub->paths = paths;
	copy = malloc(len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, path, len);
	copy[len] = '\0';
	paths[pub->path_count++] = (struct bytes){ copy, len };
	pub->path = paths[0];
	return 0;
}

/* From here on only its verdict is there. */
static void count_dropped(struct tracked_name *name, const struct relation *relation)
{
	name->dropped[relation_trust(relation)][relation->verdict]++;
}

static void drop_oldest_relation(struct tracked_name *name)
{
	const struct name *pub = &name->pub;
	struct relation *oldest =
		&pub->relations[oldest_slot(MAX_RELATIONS, pub->relations_dropped)];

	count_dropped(name, oldest);
	free((char *)oldest->prefix.data);
}

int name_add_relation(struct tracked_name *name, const struct relation *relation)
{
	struct name *pub = &name->pub;
	struct relation *slot;

	pub->verdicts[relation->verdict]++;
	if (name->ignores_relations) {
		count_dropped(name, relation);
		return 0;
	}
	if (pub->relation_count == MAX_RELATIONS)
		drop_oldest_relation(name);
	slot = list_slot((void **)&pub->relations, &pub->relation_count, &name->relation_room,
			 sizeof(*slot), MAX_RELATIONS, &pub->relations_dropped);
	if (!slot)
		return -ENOMEM;
	*slot = *relation;
	if (relation->prefix.data) {
		char *copy = malloc(relation->prefix.len + 1);

		if (copy) {
			memcpy(copy, relation->prefix.data, relation->prefix.len);
			copy[relation->prefix.len] = '\0';
		}
		slot->prefix = (struct bytes){ copy, copy ? relation->prefix.len : 0 };
		if (!copy)
			return -ENOMEM;
	}
	return 0;
}

int life_add_hop(struct correlator *c, struct life *life, const struct hop *hop)
{
	struct hop_list *hops = &life->pub.hops;
	struct hop *slot = list_slot((void **)&hops->items, &hops->count, &hops->room,
				     sizeof(*slot), c->options.max_hops, &hops->dropped);

	if (!slot)
		return -ENOMEM;
	*slot = *hop;
	if (hop->dentry && hop->has_addr && !life->has_anchor) {
		life->has_anchor = true;
		life->anchor = *hop;
		life->pub.name_ptr = hop->addr;
	}
	if (hop->dentry && hop->negative != IS_UNKNOWN)
		life->pub.negative = (enum tristate)hop->negative;
	return 0;
}

struct life *life_at(const struct correlator *c, uint64_t dentry)
{
	return dentry ? map_get(&c->lives, dentry) : NULL;
}

static void drop_middle_lifetime(struct correlator *c, struct tracked_name *name)
{
	struct name *pub = &name->pub;
	size_t at = pub->lifetime_count / 2;
	struct life *life = (struct life *)pub->lifetimes[at];

	forget_life(c, life);
	memmove(pub->lifetimes + at, pub->lifetimes + at + 1,
		(pub->lifetime_count - at - 1) * sizeof(*pub->lifetimes));
	pub->lifetime_count--;
	pub->lifetimes_dropped++;
	life_free(life);
}

struct life *life_start(struct correlator *c, struct tracked_name *name, uint64_t dentry,
			enum born born, int *ret)
{
	struct life *former = life_at(c, dentry);
	struct life *life;
	struct lifetime **grown;

	*ret = -ENOMEM;
	if (former)
		life_end(c, former, END_UNKNOWN, NULL);
	if (name->pub.lifetime_count >= c->options.max_lifetimes)
		drop_middle_lifetime(c, name);
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
	name->live += dentry ? 1 : 0;
	grown[name->pub.lifetime_count++] = &life->pub;
	*ret = 0;
	return life;
}

int names_finish(struct correlator *c)
{
	int ret = 0;

	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer)
		ret = name_hand_out(c, name);
	return ret;
}

void names_free(struct correlator *c)
{
	while (c->oldest) {
		struct tracked_name *name = c->oldest;

		c->oldest = name->newer;
		name_free(name);
	}
	map_release(&c->names);
	map_release(&c->lives);
}
