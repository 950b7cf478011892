/* SPDX-License-Identifier: MIT */
/*
 * Joining what was counted twice: two names that are one, and a directory that was freed and then
 * looked up by a task that is not traced, so that its new dentry was known before its name was.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_JOINS 64 /* of directories, at once */

bool is_name_alike(const struct tracked_name *a, const struct tracked_name *b)
{
	const struct bytes *left = &a->pub.component, *right = &b->pub.component;

	if (!a->parent || a->parent != b->parent || left->len != right->len)
		return false;
	if (a->parent->folds_case)
		return !strncasecmp(left->data, right->data, left->len);
	return !memcmp(left->data, right->data, left->len);
}

/* --- two names -------------------------------------------------------------------------------- */

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
static bool can_join(const struct correlator *c, const struct name *a, const struct name *b)
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
	move_path(into, from);
	directory_pass_on(from, into);
	name_remove(c, from);
	return 0;
}

/* --- a directory that is back ----------------------------------------------------------------- */

/* Two directories that are one: @former bears the name, @found was known by its dentry alone. */
struct rejoined {
	struct directory *former, *found;
};

/* What is still to be joined. */
struct joins {
	struct rejoined pairs[MAX_JOINS];
	size_t count;
};

static bool add_pair(const struct correlator *c, struct joins *joins, struct directory *former,
		     struct directory *found)
{
	if (joins->count == MAX_JOINS || !directory_is_again(c, former, found))
		return false;
	joins->pairs[joins->count++] =
		(struct rejoined){ directory_get(former), directory_get(found) };
	return true;
}

static void put_pair(struct correlator *c, const struct rejoined *pair)
{
	directory_put(c, pair->found);
	directory_put(c, pair->former);
}

static void redirect(struct correlator *c, struct directory **held, const struct rejoined *pair)
{
	if (*held != pair->found)
		return;
	*held = directory_get(pair->former);
	directory_put(c, pair->found);
}

static void redirect_frame(struct correlator *c, struct frame *frame, const struct rejoined *pair)
{
	redirect(c, &frame->start, pair);
	redirect(c, &frame->known, pair);
	for (size_t i = 0; i < frame->crossing_count; i++)
		redirect(c, &frame->crossings[i].dir, pair);
}

static void redirect_task(struct correlator *c, struct task *task, const struct rejoined *pair)
{
	struct cwd *cwd = &task->cwd;

	redirect(c, &task->root, pair);
	redirect(c, &cwd->dir, pair);
	for (size_t i = 0; i < cwd->mount_count; i++) {
		redirect(c, &cwd->mounts[i].root, pair);
		redirect(c, &cwd->mounts[i].on, pair);
	}
}

/* Each reference to the one that goes away becomes one to the other. */
static void redirect_all(struct correlator *c, const struct rejoined *pair)
{
	struct task *task;
	size_t at = 0;

	redirect(c, &c->start_dir, pair);
	redirect(c, &c->start_root, pair);
	while ((task = map_next(&c->tasks, &at)))
		redirect_task(c, task, pair);
	for (task = c->active; task; task = task->next_active) {
		for (struct frame *frame = task->frame; frame; frame = frame->other)
			redirect_frame(c, frame, pair);
	}
}

/* Directories of both that are one are joined, too. If not, that with a dentry bears the name. */
static void join_below(struct correlator *c, struct joins *joins, struct tracked_name *into,
		       struct tracked_name *from)
{
	if (!into->dir || !from->dir || add_pair(c, joins, into->dir, from->dir))
		return;
	if (from->dir->dentry)
		directory_forget_name(c, into);
}

static struct tracked_name *find_alike(const struct correlator *c, const struct tracked_name *name)
{
	struct tracked_name *other = map_get(&c->names, name->hash);

	while (other && (other == name || !is_name_alike(other, name)))
		other = other->same_hash;
	return other;
}

static int move_name(struct correlator *c, struct joins *joins, const struct rejoined *pair,
		     struct tracked_name *name)
{
	struct tracked_name *other;
	int ret;

	name_unlink(c, name);
	name->parent = directory_get(pair->former);
	directory_put(c, pair->found);
	ret = name_link(c, name);
	other = ret ? NULL : find_alike(c, name);
	if (!other || !can_join(c, &other->pub, &name->pub))
		return ret;
	join_below(c, joins, other, name);
	return names_join(c, other, name);
}

static int join_pair(struct correlator *c, struct joins *joins, const struct rejoined *pair)
{
	struct tracked_name *older;
	int ret = pair->found->folds_case ? names_fold(c, pair->former) : 0;

	if (!ret)
		ret = directory_take_over(c, pair->former, pair->found);
	if (ret)
		return ret;
	redirect_all(c, pair);
	/* Only names still refer to it. They are young: the newest come first. */
	for (struct tracked_name *name = c->newest; name && pair->found->refs > 1 && !ret;
	     name = older) {
		older = name->older;
		if (name->parent == pair->found)
			ret = move_name(c, joins, pair, name);
	}
	return ret;
}

int directory_rejoin(struct correlator *c, const struct tracked_name *name, uint64_t dentry)
{
	struct directory *found = map_get(&c->dirs, dentry);
	struct joins joins = { .count = 0 };
	bool is_joined;
	int ret = 0;

	if (!found || found->name || !name->dir)
		return 0;
	is_joined = add_pair(c, &joins, name->dir, found);
	while (joins.count) {
		struct rejoined pair = joins.pairs[--joins.count];

		if (!ret)
			ret = join_pair(c, &joins, &pair);
		put_pair(c, &pair);
	}
	return ret ? ret : is_joined;
}
