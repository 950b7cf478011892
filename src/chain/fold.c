/* SPDX-License-Identifier: MIT */
/*
 * Directories that ignore case: a lookup that finds a dentry with another spelling shows it. Names
 * that were counted apart until then are joined.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void fold_case(const struct directory *dir, char *component, size_t len)
{
	for (size_t i = 0; dir->folds_case && i < len; i++) {
		if (component[i] >= 'A' && component[i] <= 'Z')
			component[i] += 'a' - 'A';
	}
}

static bool is_folded_alike(const struct tracked_name *a, const struct tracked_name *b)
{
	const struct bytes *left = &a->pub.component, *right = &b->pub.component;

	return a->parent == b->parent && left->len == right->len &&
	       !strncasecmp(left->data, right->data, left->len);
}

/* --- joining two names ------------------------------------------------------------------------ */

static uint64_t birth_of(const struct lifetime *life)
{
	return ((const struct life *)life)->first_ts;
}

static int compare_births(const void *a, const void *b)
{
	const struct lifetime *left = *(struct lifetime *const *)a;
	const struct lifetime *right = *(struct lifetime *const *)b;

	return (birth_of(left) > birth_of(right)) - (birth_of(left) < birth_of(right));
}

/* @from's numbers begin after @into's; then both are counted in the order of birth. */
static int number_lifetimes(struct name *into, size_t relations)
{
	size_t count = into->lifetime_count;
	uint32_t *numbers = calloc(count, sizeof(*numbers));

	if (!numbers)
		return -ENOMEM;
	qsort(into->lifetimes, count, sizeof(*into->lifetimes), compare_births);
	for (size_t i = 0; i < count; i++) {
		numbers[into->lifetimes[i]->index] = (uint32_t)i;
		into->lifetimes[i]->index = (uint32_t)i;
	}
	for (size_t i = 0; i < relations; i++)
		into->relations[i].lifetime = numbers[into->relations[i].lifetime];
	free(numbers);
	return 0;
}

static int move_lifetimes(struct tracked_name *into, struct tracked_name *from)
{
	size_t count = into->pub.lifetime_count + from->pub.lifetime_count;
	struct lifetime **grown = realloc(into->pub.lifetimes, count * sizeof(struct lifetime *));

	if (!grown)
		return -ENOMEM;
	into->pub.lifetimes = grown;
	for (size_t i = 0; i < from->pub.lifetime_count; i++) {
		struct lifetime *life = from->pub.lifetimes[i];

		life->name = &into->pub;
		life->index += into->next_index;
		grown[into->pub.lifetime_count++] = life;
	}
	from->pub.lifetime_count = 0;
	into->live += from->live;
	return 0;
}

static int move_relations(struct tracked_name *into, struct tracked_name *from)
{
	size_t count = into->pub.relation_count + from->pub.relation_count;
	struct relation *grown = realloc(into->pub.relations, count * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	into->pub.relations = grown;
	into->relation_room = count;
	for (size_t i = 0; i < from->pub.relation_count; i++) {
		struct relation *moved = &grown[into->pub.relation_count++];

		*moved = from->pub.relations[i];
		moved->lifetime += into->next_index;
	}
	from->pub.relation_count = 0;
	return 0;
}

static void add_counts(struct tracked_name *into, const struct tracked_name *from)
{
	into->pub.is_requested |= from->pub.is_requested;
	for (int verdict = 0; verdict < VERDICT_NR; verdict++) {
		into->pub.verdicts[verdict] += from->pub.verdicts[verdict];
		for (int trust = 0; trust < TRUST_NR; trust++)
			into->dropped[trust][verdict] += from->dropped[trust][verdict];
	}
}

/* Where the caps have dropped something, the order of the rest is not known. */
static bool can_join(const struct correlator *c, const struct name *a, const struct name *b)
{
	return !a->lifetimes_dropped && !b->lifetimes_dropped && !a->relations_dropped &&
	       !b->relations_dropped &&
	       a->lifetime_count + b->lifetime_count <= c->options.max_lifetimes &&
	       a->relation_count + b->relation_count <= NAME_MAX_RELATIONS;
}

static int join(struct correlator *c, struct tracked_name *into, struct tracked_name *from)
{
	int ret = 0;

	if (!can_join(c, &into->pub, &from->pub))
		return 0;
	for (size_t i = 0; i < from->pub.path_count && !ret; i++)
		ret = name_add_path(into, from->pub.paths[i].data, from->pub.paths[i].len);
	if (!ret)
		ret = move_lifetimes(into, from);
	if (!ret && from->pub.relation_count)
		ret = move_relations(into, from);
	if (!ret && into->pub.lifetime_count)
		ret = number_lifetimes(&into->pub, into->pub.relation_count);
	if (ret)
		return ret;
	into->next_index = (uint32_t)into->pub.lifetime_count;
	add_counts(into, from);
	directory_pass_on(from, into);
	name_remove(c, from);
	return 0;
}

/* All that are younger than @name and spell the same. */
static int join_alike(struct correlator *c, struct tracked_name *name)
{
	struct tracked_name *other = map_get(&c->names, name->hash);
	int ret = 0;

	while (other && !ret) {
		struct tracked_name *next = other->same_hash;

		if (other != name && is_folded_alike(other, name))
			ret = join(c, name, other);
		other = next;
	}
	return ret;
}

int name_note_spelling(struct correlator *c, const struct identity *asked, const struct bytes *own)
{
	struct directory *dir;
	int ret;

	if (own->len != asked->len || !memcmp(own->data, asked->component, asked->len) ||
	    strncasecmp(own->data, asked->component, asked->len) != 0)
		return 0;
	dir = directory_of(c, asked, &ret);
	return dir ? names_fold(c, dir) : ret;
}

int names_fold(struct correlator *c, struct directory *dir)
{
	int ret = 0;

	if (dir->folds_case)
		return 0;
	for (struct tracked_name *name = c->oldest; name; name = name->newer) {
		if (name->parent == dir)
			name_unlink(c, name);
	}
	dir->folds_case = true;
	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer) {
		if (name->parent == dir)
			ret = name_link(c, name);
	}
	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer) {
		if (name->parent == dir)
			ret = join_alike(c, name);
	}
	return ret;
}
