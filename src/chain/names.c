/* SPDX-License-Identifier: MIT */
/*
 * Names and their lifetimes, under caps: at most max_names names, of which the oldest that has no
 * living dentry goes first; per name and lifetime the first and the last elements are kept.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct tracked_name *life_name(const struct life *life)
{
	return (struct tracked_name *)life->pub.name;
}

static uint64_t component_hash(const struct directory *dir, const char *component, size_t len)
{
	char folded[COMPONENT_SIZE];

	if (!dir || !dir->folds_case)
		return hash_bytes(component, len, dir ? dir->id : 0);
	memcpy(folded, component, len);
	fold_case(dir, folded, len);
	return hash_bytes(folded, len, dir->id);
}

static bool has_component(const struct tracked_name *name, const struct identity *identity)
{
	const struct bytes *component = &name->pub.component;

	if (component->len != identity->len)
		return false;
	if (name->parent && name->parent->folds_case)
		return !strncasecmp(component->data, identity->component, component->len);
	return !memcmp(component->data, identity->component, component->len);
}

bool is_same_name(const struct life *life, const struct identity *identity)
{
	const struct directory *dir = life_name(life)->parent;

	/* A directory that is not known contradicts nothing. */
	return has_component(life_name(life), identity) &&
	       (!dir || !identity->parent || is_in_directory(dir, identity));
}

static void life_free(struct life *life)
{
	free(life->pub.hops.items);
	free(life);
}

static void name_free(struct correlator *c, struct tracked_name *name)
{
	crossings_forget_name(c, name);
	if (name->mounted)
		name->mounted->mountpoint = NULL;
	directory_forget_name(c, name);
	directory_put(c, name->parent);
	for (size_t i = 0; i < name->pub.lifetime_count; i++)
		life_free((struct life *)name->pub.lifetimes[i]);
	for (size_t i = 0; i < name->pub.path_count; i++)
		free((char *)name->pub.paths[i].data);
	for (size_t i = 0; i < name->pub.relation_count; i++)
		free((char *)name->pub.relations[i].prefix.data);
	free((char *)name->pub.component.data);
	free((char *)name->pub.resolved.data);
	free(name->pub.paths);
	free(name->pub.lifetimes);
	free(name->pub.relations);
	free(name);
}

void name_unlink(struct correlator *c, struct tracked_name *name)
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

int name_link(struct correlator *c, struct tracked_name *name)
{
	const struct bytes *component = &name->pub.component;

	name->hash = component_hash(name->parent, component->data, component->len);
	name->same_hash = map_get(&c->names, name->hash);
	return map_put(&c->names, name->hash, name);
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
	if (end == END_DELETED)
		directory_lost_name(c, life->pub.dentry);
	if (end != END_EVICTED && end != END_RENAMED && end != END_UNKNOWN)
		return;
	if (map_get(&c->lives, life->pub.dentry) == life) {
		map_remove(&c->lives, life->pub.dentry);
		life_name(life)->live--;
	}
	/* Without room for it a lookup that still finds it begins another lifetime. */
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

/* A task that is in the middle of an open must not keep a pointer to what goes away. */
static void forget_life(struct correlator *c, struct life *life)
{
	if (map_get(&c->lives, life->pub.dentry) == life)
		life_end(c, life, END_UNKNOWN, NULL);
	if (map_get(&c->dying, life->pub.dentry) == life)
		map_remove(&c->dying, life->pub.dentry);
	for (struct task *task = c->active; task; task = task->next_active) {
		struct frame *frame = &task->frame;
		size_t kept = 0;

		step_forget(frame, life);
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
	list_settle(name->relations, NAME_MAX_RELATIONS, sizeof(*name->relations),
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
	return ((const struct life *)life)->seen != c->epoch[SCOPE_ANY];
}

static void settle_ends(const struct correlator *c, struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		struct lifetime *life = name->lifetimes[i];

		if (life->end != END_EVICTED && life->end != END_RENAMED && can_have_ended(c, life))
			life->end = END_UNKNOWN;
	}
}

/* A birth that nobody recorded may have been among what was lost at an unknown time. */
static void settle_births(const struct correlator *c, struct name *name)
{
	bool has_loss = c->lost_sometime[SCOPE_TASK] || c->lost_sometime[SCOPE_ANY] ||
			c->missed[ROLE_REHASH][EDGE_ENTRY] || c->missed[ROLE_ALLOC][EDGE_RETURN];

	for (size_t i = 0; i < name->lifetime_count && has_loss; i++) {
		struct lifetime *life = name->lifetimes[i];

		if (life->born == BORN_BEFORE || (life->born == BORN_UNTRACED && !life->born_tid))
			life->born = BORN_UNKNOWN;
	}
}

static int name_hand_out(struct correlator *c, struct tracked_name *name)
{
	int ret = 0;

	settle_lists(c, &name->pub);
	settle_ends(c, &name->pub);
	settle_births(c, &name->pub);
	relations_distrust(c, name);
	if (name->pub.is_named)
		c->totals.names++;
	for (int v = 0; v < VERDICT_NR; v++)
		c->totals.verdicts[v] += name->pub.verdicts[v];
	if (c->options.sink.name)
		ret = c->options.sink.name(c->options.sink.context, &name->pub);
	return ret;
}

void name_remove(struct correlator *c, struct tracked_name *name)
{
	name_unlink(c, name);
	unlink_age(c, name);
	name_free(c, name);
	c->name_count--;
}

static int push_out(struct correlator *c)
{
	struct tracked_name *name = c->oldest;
	int ret;

	while (name && (name->live || name->dir))
		name = name->newer;
	if (!name)
		name = c->oldest;
	ret = name_hand_out(c, name);
	for (size_t i = 0; i < name->pub.lifetime_count; i++)
		forget_life(c, (struct life *)name->pub.lifetimes[i]);
	name_remove(c, name);
	c->totals.pushed_out++;
	return ret;
}

static void describe(struct name *name, const struct dir_facts *facts)
{
	name->has_dir = facts->has_place;
	name->has_gen = facts->has_gen;
	name->dev = facts->dev;
	name->dir_ino = facts->ino;
	name->dir_gen = facts->gen;
}

static struct tracked_name *name_new(struct correlator *c, const struct identity *identity,
				     struct directory *dir)
{
	struct tracked_name *name = calloc(1, sizeof(*name));
	char *component = malloc(identity->len + 1);

	if (!name || !component)
		goto err_free;
	memcpy(component, identity->component, identity->len);
	component[identity->len] = '\0';
	name->pub.component = (struct bytes){ component, identity->len };
	describe(&name->pub, &identity->facts);
	name->ignores_relations = c->options.sink.ignores_relations;
	name->parent = dir;
	if (name_link(c, name))
		goto err_free;
	directory_get(dir);
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

/* A name whose directory is not known is like no other. */
static struct tracked_name *name_find(const struct correlator *c, const struct identity *identity,
				      const struct directory *dir)
{
	uint64_t hash = component_hash(dir, identity->component, identity->len);
	struct tracked_name *name = map_get(&c->names, hash);

	while (name && (name->parent != dir || !has_component(name, identity)))
		name = name->same_hash;
	return dir ? name : NULL;
}

struct tracked_name *name_in(struct correlator *c, struct directory *dir,
			     const struct identity *identity, int *ret)
{
	struct tracked_name *name = name_find(c, identity, dir);

	*ret = 0;
	if (name)
		return name;
	/* What is pushed out may be all that @dir is kept for. */
	directory_get(dir);
	if (c->name_count >= c->options.max_names)
		*ret = push_out(c);
	if (!*ret) {
		name = name_new(c, identity, dir);
		*ret = name ? 0 : -ENOMEM;
	}
	directory_put(c, dir);
	return name;
}

struct tracked_name *name_get(struct correlator *c, const struct identity *identity, int *ret)
{
	struct directory *dir = directory_of(c, identity, ret);

	return *ret ? NULL : name_in(c, dir, identity, ret);
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
	if (pub->path_count == NAME_MAX_PATHS) {
		pub->paths_dropped++;
		return 0;
	}
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

int name_resolve(struct tracked_name *name, const struct bytes *path)
{
	struct bytes *resolved = &name->pub.resolved;
	char *copy;

	if (!path->data ||
	    (resolved->len == path->len && !memcmp(resolved->data, path->data, path->len)))
		return 0;
	copy = malloc(path->len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, path->data, path->len);
	copy[path->len] = '\0';
	free((char *)resolved->data);
	*resolved = (struct bytes){ copy, path->len };
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
		&pub->relations[oldest_slot(NAME_MAX_RELATIONS, pub->relations_dropped)];

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
	if (pub->relation_count == NAME_MAX_RELATIONS)
		drop_oldest_relation(name);
	slot = list_slot((void **)&pub->relations, &pub->relation_count, &name->relation_room,
			 sizeof(*slot), NAME_MAX_RELATIONS, &pub->relations_dropped);
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
	/* What led to an open becomes its file's when the file is known, behind its lookups. */
	for (; !hops->dropped && slot > hops->items && slot[-1].ts > hop->ts; slot--)
		*slot = slot[-1];
	*slot = *hop;
	life->seen = c->epoch[SCOPE_ANY];
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
	life->seen = c->epoch[SCOPE_ANY];
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

/* The kernel may still answer from a dentry that is being freed, as long as it is in the hash. */
static bool was_found_dying(const struct life *life, const struct identity *identity,
			    uint64_t since)
{
	return life && is_same_name(life, identity) &&
	       (!life->is_dropped || life->dropped_ts >= since);
}

struct life *life_found(struct correlator *c, const struct identity *identity, uint64_t dentry,
			uint64_t since, int *ret)
{
	struct life *life = life_at(c, dentry);
	struct tracked_name *name;

	*ret = 0;
	if (life && is_same_name(life, identity))
		return life;
	if (!life && was_found_dying(life_dying(c, dentry), identity, since))
		return life_dying(c, dentry);
	name = name_get(c, identity, ret);
	life = name ? life_start(c, name, dentry, BORN_UNKNOWN, ret) : NULL;
	if (life)
		births_tell(c, &life->pub);
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
		name_free(c, name);
	}
	map_release(&c->names);
	map_release(&c->lives);
	map_release(&c->dying);
}
