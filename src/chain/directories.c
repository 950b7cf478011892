/* SPDX-License-Identifier: MIT */
/*
 * Directories, which names are in. One is identified by its dentry while that lives, and afterwards
 * by its name unless something contradicts it. Device and inode numbers never identify it.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct directory *directory_get(struct directory *dir)
{
	if (dir)
		dir->refs++;
	return dir;
}

static void leave_dentry(struct correlator *c, struct directory *dir)
{
	map_remove(&c->dirs, dir->dentry);
	dir->dentry = 0;
	directory_put(c, dir);
}

void directory_put(struct correlator *c, struct directory *dir)
{
	if (!dir)
		return;
	dir->refs--;
	/* It has no names in it, and no name of its own: it is of no use. */
	if (dir->refs == 1 && dir->dentry && !dir->name)
		leave_dentry(c, dir);
	else if (!dir->refs) {
		if (dir->mountpoint)
			dir->mountpoint->mounted = NULL;
		free(dir);
	}
}

void directory_make_root(struct correlator *c, struct directory *dir, struct task *task)
{
	directory_get(dir);
	directory_put(c, task->root);
	task->root = dir;
	task->is_root_doubtful = false;
}

/* Two that are known and differ cannot be of one directory. */
static bool may_be(const struct dir_facts *a, const struct dir_facts *b)
{
	/* A number without a device is given to a later super block again. */
	if (a->sb && b->sb && a->sb != b->sb)
		return false;
	if (!a->has_place || !b->has_place)
		return true;
	if (a->dev != b->dev || a->ino != b->ino)
		return false;
	return !a->has_gen || !b->has_gen || a->gen == b->gen;
}

static void learn_facts(struct directory *dir, const struct dir_facts *facts)
{
	if (facts->has_place && (facts->has_gen || !dir->facts.has_place))
		dir->facts = *facts;
}

bool is_in_directory(const struct directory *dir, const struct identity *identity)
{
	return dir->dentry == identity->parent && may_be(&dir->facts, &identity->facts);
}

static void bear_name(struct correlator *c, struct directory *dir, struct tracked_name *name)
{
	if (dir->name == name)
		return;
	directory_get(dir);
	if (dir->name)
		directory_forget_name(c, dir->name);
	if (name->dir)
		directory_forget_name(c, name);
	dir->name = name;
	name->dir = dir;
}

static int take_dentry(struct correlator *c, struct directory *dir, uint64_t dentry)
{
	if (map_put(&c->dirs, dentry, dir))
		return -ENOMEM;
	dir->dentry = dentry;
	dir->is_unseen = false;
	directory_get(dir);
	return 0;
}

static struct directory *directory_new(struct correlator *c, uint64_t dentry,
				       struct tracked_name *name)
{
	struct directory *dir = calloc(1, sizeof(*dir));

	if (!dir)
		return NULL;
	dir->id = ++c->next_dir;
	if (take_dentry(c, dir, dentry)) {
		free(dir);
		return NULL;
	}
	if (name)
		bear_name(c, dir, name);
	return dir;
}

void directory_removed(struct correlator *c, const struct record *record, const struct life *life)
{
	bool is_known = has_field(record, FIELD_MODE) || (life && life->inode != INODE_UNKNOWN);
	bool is_directory = has_field(record, FIELD_MODE) ? S_ISDIR(record->value[FIELD_MODE])
							  : life && life->inode == INODE_DIRECTORY;

	if (is_known && !is_directory)
		return;
	c->removals++;
	if (has_field(record, FIELD_INO))
		c->removed[record->value[FIELD_INO] % REMOVED_SLOTS] = c->removals;
	else
		c->unknown_removal = c->removals;
}

/* Whoever removed it, and whatever it was called: its numbers may be another directory's. */
static bool can_be_removed(const struct correlator *c, const struct directory *dir)
{
	return !c->options.armed[ROLE_DELETE][POINT_ENTRY] ||
	       !c->options.armed[ROLE_RENAME][POINT_ENTRY] || c->unknown_removal > dir->removals ||
	       c->removed[dir->facts.ino % REMOVED_SLOTS] > dir->removals;
}

/*
 * The name's former dentry and the one that bears it now are of one directory if the former was
 * evicted while it bore the name, no end can have gone unseen since, no directory of its number was
 * removed, and the numbers agree: @facts is NULL, or without them, if those are still to come.
 */
static bool is_same_again(const struct correlator *c, const struct directory *dir,
			  const struct dir_facts *facts)
{
	if (dir->is_unseen)
		return true;
	return !dir->dentry && !dir->is_removed && c->options.sees_any &&
	       dir->evicted[SCOPE_ANY] == c->epoch[SCOPE_ANY] &&
	       dir->evicted[SCOPE_TASK] == c->epoch[SCOPE_TASK] && dir->facts.has_place &&
	       !can_be_removed(c, dir) && (!facts || may_be(&dir->facts, facts));
}

bool directory_is_again(const struct correlator *c, const struct directory *former,
			const struct directory *found)
{
	return former != found && found->facts.has_place && !found->is_removed &&
	       is_same_again(c, former, &found->facts);
}

/* The numbers of a lookup contradict @dir: another directory is at its dentry. */
static void replaced(struct correlator *c, struct directory *dir)
{
	struct life *life = life_at(c, dir->dentry);
	bool is_guess = dir->is_guess;

	dir->is_removed = true;
	dir->is_guess = false;
	leave_dentry(c, dir);
	/* Its end went unseen, unless it was never certain that it is here. */
	if (life && !is_guess)
		life_end(c, life, END_UNKNOWN, NULL);
}

/* What hangs below @dentry, of which @facts is known, or NULL if nothing is. */
static struct directory *find(struct correlator *c, uint64_t dentry, const struct dir_facts *facts)
{
	struct directory *dir = map_get(&c->dirs, dentry);
	bool has_numbers = facts && facts->has_place;
	struct life *life;

	if (dir && (!facts || may_be(&dir->facts, facts))) {
		dir->is_guess &= !has_numbers;
		return dir;
	}
	if (dir)
		replaced(c, dir);
	life = life_at(c, dentry);
	if (!life)
		return directory_new(c, dentry, NULL);
	dir = life_name(life)->dir;
	if (!dir || !is_same_again(c, dir, facts))
		return directory_new(c, dentry, life_name(life));
	dir->is_guess = !has_numbers && !dir->is_unseen;
	return take_dentry(c, dir, dentry) ? NULL : dir;
}

static bool has_numbers(const struct directory *dir, uint32_t dev, uint64_t ino)
{
	return dir->facts.has_place && dir->facts.dev == dev && dir->facts.ino == ino;
}

/* Where the program began is known by its numbers, as long as nobody can have replaced it. */
static void note_start(struct correlator *c, struct directory *dir)
{
	const struct start_place *cwd = &c->options.cwd;

	if (!cwd->path)
		return;
	if (!c->start_dir && has_numbers(dir, cwd->dev, cwd->ino))
		c->start_dir = directory_get(dir);
	if (!c->start_root && has_numbers(dir, cwd->root_dev, cwd->root_ino))
		c->start_root = directory_get(dir);
}

static void mounted_twice(struct directory *dir)
{
	if (dir->mountpoint)
		dir->mountpoint->mounted = NULL;
	dir->mountpoint = NULL;
	dir->has_mountpoints = true;
}

/* The numbers may be another directory's by now: that takes a path away, and makes none. */
static void note_doubles(const struct correlator *c, struct directory *dir)
{
	const struct start_place *start = &c->options.cwd;

	if (dir->is_compared || !dir->facts.has_place)
		return;
	dir->is_compared = true;
	for (size_t i = 0; i < start->double_count; i++) {
		const struct double_place *place = &start->doubles[i];

		if (!has_numbers(dir, place->dev, place->ino))
			continue;
		if (place->is_mounted_twice)
			mounted_twice(dir);
		else
			dir->is_bound = true;
	}
}

struct directory *directory_of(struct correlator *c, const struct identity *identity, int *ret)
{
	struct directory *dir;

	*ret = 0;
	if (!identity->parent)
		return NULL;
	dir = find(c, identity->parent, &identity->facts);
	if (!dir) {
		*ret = -ENOMEM;
		return NULL;
	}
	learn_facts(dir, &identity->facts);
	note_start(c, dir);
	note_doubles(c, dir);
	return dir;
}

struct directory *directory_with(struct correlator *c, uint64_t dentry)
{
	return find(c, dentry, NULL);
}

struct directory *directory_below(struct correlator *c, struct tracked_name *name)
{
	struct directory *dir = name->dir;

	if (dir)
		return dir;
	dir = calloc(1, sizeof(*dir));
	if (!dir)
		return NULL;
	dir->id = ++c->next_dir;
	dir->is_unseen = true;
	bear_name(c, dir, name);
	return dir;
}

struct directory *directory_at(struct correlator *c, const struct life *life)
{
	if (life_at(c, life->pub.dentry) != life)
		return directory_below(c, life_name(life));
	return find(c, life->pub.dentry, NULL);
}

void directory_named(struct correlator *c, const struct life *life)
{
	struct directory *dir = map_get(&c->dirs, life->pub.dentry);

	if (dir)
		bear_name(c, dir, life_name(life));
}

void directory_moved(struct correlator *c, const struct life *life)
{
	if (!life || life->inode == INODE_DIRECTORY)
		c->options.cwd.path = NULL;
}

void directory_lost_name(const struct correlator *c, uint64_t dentry)
{
	struct directory *dir = map_get(&c->dirs, dentry);

	if (dir)
		dir->is_removed = true;
}

void directory_made(struct correlator *c, uint64_t dentry)
{
	struct directory *dir = map_get(&c->dirs, dentry);

	if (!dir)
		return;
	dir->is_removed = true;
	leave_dentry(c, dir);
}

void directory_evicted(struct correlator *c, uint64_t dentry)
{
	struct directory *dir = map_get(&c->dirs, dentry);

	if (!dir)
		return;
	for (int scope = 0; scope < SCOPE_NR; scope++)
		dir->evicted[scope] = c->epoch[scope];
	dir->removals = c->removals;
	leave_dentry(c, dir);
}

void directory_mounted(struct directory *dir, struct tracked_name *mountpoint)
{
	dir->is_unmounted = false;
	if (dir->mountpoint == mountpoint || dir->has_mountpoints)
		return;
	if (mountpoint->mounted)
		mountpoint->mounted->mountpoint = NULL;
	mountpoint->mounted = NULL;
	if (dir->mountpoint) {
		mounted_twice(dir);
		return;
	}
	dir->mountpoint = mountpoint;
	mountpoint->mounted = dir;
}

static void take_mountpoint(struct directory *former, struct directory *found)
{
	struct tracked_name *mountpoint = found->mountpoint;

	if (found->has_mountpoints)
		mounted_twice(former);
	if (!mountpoint)
		return;
	mountpoint->mounted = NULL;
	found->mountpoint = NULL;
	directory_mounted(former, mountpoint);
}

int directory_take_over(struct correlator *c, struct directory *former, struct directory *found)
{
	uint64_t dentry = found->dentry;

	learn_facts(former, &found->facts);
	take_mountpoint(former, found);
	former->is_bound |= found->is_bound;
	former->is_new_mount |= found->is_new_mount;
	former->is_unmounted |= found->is_unmounted;
	former->is_compared |= found->is_compared;
	former->is_unseen = false;
	former->is_guess = false;
	if (!dentry)
		return 0;
	leave_dentry(c, found);
	return take_dentry(c, former, dentry);
}

void directory_unmounted(struct directory *dir)
{
	if (dir->mountpoint)
		dir->mountpoint->mounted = NULL;
	dir->mountpoint = NULL;
	dir->is_unmounted = true;
}

void directory_forget_name(struct correlator *c, struct tracked_name *name)
{
	struct directory *dir = name->dir;

	name->dir = NULL;
	if (!dir)
		return;
	dir->name = NULL;
	directory_put(c, dir);
}

static void pass_on_mount(struct tracked_name *from, struct tracked_name *to)
{
	if (!from->mounted)
		return;
	if (to->mounted)
		to->mounted->mountpoint = NULL;
	to->mounted = from->mounted;
	to->mounted->mountpoint = to;
	from->mounted = NULL;
}

void directory_pass_on(struct tracked_name *from, struct tracked_name *to)
{
	pass_on_mount(from, to);
	if (to->dir || !from->dir)
		return;
	to->dir = from->dir;
	to->dir->name = to;
	from->dir = NULL;
}

void directories_free(struct correlator *c)
{
	struct directory *dir;
	size_t at = 0;

	while ((dir = map_next(&c->dirs, &at)))
		free(dir);
	map_release(&c->dirs);
}
