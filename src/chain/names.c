/* SPDX-License-Identifier: MIT */
/*
 * Names, limited in number and in bytes. If there are too many, the oldest one without a living
 * dentry is handed out first.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LOOKED_AT 256 /* names, for one that can go */

/* As a directory that ignores case compares it: in ASCII. */
static void fold_case(char *component, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (component[i] >= 'A' && component[i] <= 'Z')
			component[i] += 'a' - 'A';
	}
}

static uint64_t component_hash(const struct directory *dir, const char *component, size_t len)
{
	char folded[COMPONENT_SIZE];

	if (!dir || !dir->folds_case)
		return hash_bytes(component, len, dir ? dir->id : 0);
	memcpy(folded, component, len);
	fold_case(folded, len);
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

bool bears_component(const struct life *life, const struct identity *identity)
{
	return has_component(life_name(life), identity);
}

bool is_same_name(const struct life *life, const struct identity *identity)
{
	const struct directory *dir = life_name(life)->parent;

	/* A directory that is not known contradicts nothing. */
	return bears_component(life, identity) &&
	       (!dir || !identity->parent || is_in_directory(dir, identity));
}

/* Without its lifetimes. */
static size_t name_size(const struct tracked_name *name)
{
	const struct name *pub = &name->pub;
	size_t size = sizeof(*name) + pub->component.len + pub->resolved.len + pub->links.len;

	for (size_t i = 0; i < pub->path_count; i++)
		size += sizeof(pub->paths[i]) + pub->paths[i].len;
	for (size_t i = 0; i < pub->relation_count; i++)
		size += sizeof(pub->relations[i]) + pub->relations[i].prefix.len;
	return size;
}

static void name_free(struct correlator *c, struct tracked_name *name)
{
	crossings_forget_name(c, name);
	c->kept -= name_size(name);
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
	free((char *)name->pub.links.data);
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
	if (c->next_out == name)
		c->next_out = name->newer;
	*(name->older ? &name->older->newer : &c->oldest) = name->newer;
	*(name->newer ? &name->newer->older : &c->newest) = name->older;
}

static void turn_lists(const struct correlator *c, struct name *name,
		       void (*turn)(void *items, size_t cap, size_t size, uint64_t dropped))
{
	turn(name->relations, NAME_MAX_RELATIONS, sizeof(*name->relations),
	     name->relations_dropped);
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop_list *hops = &name->lifetimes[i]->hops;

		turn(hops->items, c->options.max_hops, sizeof(*hops->items), hops->dropped);
	}
}

/* --- handing out --- */

/* A lifetime is known to go on only if its end would have been seen. */
static bool can_have_ended(const struct correlator *c, const struct lifetime *life)
{
	if (!c->options.sees_any || !c->options.armed[ROLE_EVICT][POINT_ENTRY])
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

/* A birth that was not recorded may be among the records that were lost at an unknown time. */
static void settle_births(const struct correlator *c, struct name *name)
{
	bool has_loss = c->lost_sometime[SCOPE_TASK] || c->lost_sometime[SCOPE_ANY] ||
			c->missed[ROLE_REHASH][POINT_ENTRY] || c->missed[ROLE_ALLOC][POINT_RETURN];

	for (size_t i = 0; i < name->lifetime_count && has_loss; i++) {
		struct lifetime *life = name->lifetimes[i];

		if (life->born == BORN_BEFORE || (life->born == BORN_UNTRACED && !life->born_tid))
			life->born = BORN_UNKNOWN;
	}
}

static int name_hand_out(struct correlator *c, struct tracked_name *name)
{
	int ret = 0;

	turn_lists(c, &name->pub, list_settle);
	settle_ends(c, &name->pub);
	settle_births(c, &name->pub);
	relations_distrust(c, name);
	ret = name_tell_negatives(c, name, UINT64_MAX);
	if (name->pub.is_requested)
		c->totals.names++;
	for (int v = 0; v < VERDICT_NR; v++)
		c->totals.verdicts[v] += name->pub.verdicts[v];
	if (c->options.sink.name && !ret)
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

/*
 * One without a living dentry, or else one without names below it, among the next few: to look at
 * all of them each time would take too long.
 */
static struct tracked_name *find_out(struct correlator *c)
{
	struct tracked_name *name, *second = NULL;

	for (int i = 0; i < LOOKED_AT; i++) {
		name = c->next_out ? c->next_out : c->oldest;
		c->next_out = name->newer;
		if (!name->live && !name->dir)
			return name;
		if (!second && !name->dir)
			second = name;
	}
	return second ? second : c->oldest;
}

static int push_out(struct correlator *c)
{
	struct tracked_name *name = find_out(c);
	int ret = name_hand_out(c, name);

	for (size_t i = 0; i < name->pub.lifetime_count; i++)
		life_forget(c, (struct life *)name->pub.lifetimes[i]);
	name_remove(c, name);
	c->totals.pushed_out++;
	return ret;
}

int names_fit(struct correlator *c)
{
	int ret = 0;

	while (c->kept > c->options.max_kept && c->oldest && !ret)
		ret = push_out(c);
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
	name->only_open = c->options.sink.only_open;
	name->kept = &c->kept;
	name->parent = dir;
	if (name_link(c, name))
		goto err_free;
	directory_get(dir);
	name->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = name;
	c->newest = name;
	c->name_count++;
	c->kept += name_size(name);
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
	/* The name that is handed out may be the only reason to keep @dir. */
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
	*name->kept += sizeof(*paths) + len;
	pub->path = paths[0];
	return 0;
}

/* Return: 0 or -ENOMEM, in which case *@kept is as it was. */
static int keep_bytes(struct tracked_name *name, struct bytes *kept, const struct bytes *bytes)
{
	char *copy;

	if (kept->len == bytes->len && (!kept->len || !memcmp(kept->data, bytes->data, kept->len)))
		return 0;
	copy = malloc(bytes->len + 1);
	if (!copy)
		return -ENOMEM;
	if (bytes->len)
		memcpy(copy, bytes->data, bytes->len);
	copy[bytes->len] = '\0';
	free((char *)kept->data);
	*name->kept += bytes->len - kept->len;
	*kept = (struct bytes){ copy, bytes->len };
	return 0;
}

int name_resolve(struct tracked_name *name, const struct bytes *path, const struct bytes *links)
{
	int ret = path->data ? keep_bytes(name, &name->pub.resolved, path) : 0;

	return ret || !path->data || !links ? ret : keep_bytes(name, &name->pub.links, links);
}

int name_locate(const struct correlator *c, const struct task *task, struct tracked_name *name)
{
	char path[RESOLVED_SIZE];
	struct bytes resolved;
	const char *why;

	if (!task || is_in_open(task) || name->pub.resolved.data)
		return 0;
	resolved = path_of_name(c, task, name, path, &why);
	return name_resolve(name, &resolved, NULL);
}

int names_finish(struct correlator *c)
{
	int ret = 0;

	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer)
		ret = name_hand_out(c, name);
	return ret;
}

int correlator_peek(const struct correlator *c, int (*show)(void *context, const struct name *name),
		    void *context)
{
	int ret = 0;

	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer) {
		turn_lists(c, &name->pub, list_settle);
		ret = show(context, &name->pub);
		turn_lists(c, &name->pub, list_unsettle);
	}
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
