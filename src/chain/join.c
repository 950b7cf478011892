/* SPDX-License-Identifier: MIT */
/*
 * Two names that are one: what is known of both becomes one's.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool is_name_alike(const struct tracked_name *a, const struct tracked_name *b)
{
	const struct bytes *left = &a->pub.component, *right = &b->pub.component;

	if (!a->parent || a->parent != b->parent || left->len != right->len)
		return false;
	if (a->parent->folds_case)
		return !strncasecmp(left->data, right->data, left->len);
	return !memcmp(left->data, right->data, left->len);
}

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

/* After a join, lifetimes are numbered in the order of birth, and relations follow them. */
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

/* If the caps have dropped something, the order of the rest is not known. */
bool can_names_join(const struct correlator *c, const struct name *a, const struct name *b)
{
	return !a->lifetimes_dropped && !b->lifetimes_dropped && !a->relations_dropped &&
	       !b->relations_dropped &&
	       a->lifetime_count + b->lifetime_count <= c->options.max_lifetimes &&
	       a->relation_count + b->relation_count <= NAME_MAX_RELATIONS;
}

/* Where the walk of one came to is told as the other's, if nothing is known of that. */
static void move_path(struct tracked_name *into, struct tracked_name *from)
{
	if (into->pub.resolved.data)
		return;
	free((char *)into->pub.links.data);
	into->pub.resolved = from->pub.resolved;
	into->pub.links = from->pub.links;
	from->pub.resolved = from->pub.links = (struct bytes){ 0 };
}

int names_join(struct correlator *c, struct tracked_name *into, struct tracked_name *from)
{
	int ret = 0;

	if (!can_names_join(c, &into->pub, &from->pub))
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
	into->pub.paths_dropped += from->pub.paths_dropped;
	add_counts(into, from);
	move_path(into, from);
	directory_pass_on(from, into);
	name_remove(c, from);
	return 0;
}
