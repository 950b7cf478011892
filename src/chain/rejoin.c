/* SPDX-License-Identifier: MIT */
/*
 * A directory that is back: it was freed and then looked up by a task that is not traced, so that
 * its new dentry was known before its name was. It was counted twice, as the names in it were.
 */
#include "internal.h"

#define MAX_JOINS 64 /* of directories, at once */

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
	if (!other || !can_names_join(c, &other->pub, &name->pub))
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
