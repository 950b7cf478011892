/* SPDX-License-Identifier: MIT */
/*
 * Up from a directory: which name leads further, where a directory is mounted as well as named.
 */
#include "climb.h"

const char WHY_NO_NAME[] = "no lookup showed the name of a directory on the way";
const char WHY_MOUNTED_TWICE[] = "it is mounted in more than one place";
static const char WHY_UNMOUNTED[] = "the mount that it is in was moved or unmounted";

struct tracked_name *crossing_to(const struct frame *frame, const struct directory *dir,
				 size_t *before)
{
	for (size_t i = *before; i > 0; i--) {
		if (frame->crossings[i - 1].dir != dir)
			continue;
		*before = i - 1;
		return frame->crossings[i - 1].mountpoint;
	}
	return NULL;
}

/*
 * The mounts in which the walk began, if that is known to be the working directory. The directory
 * itself may not be, where the walk left it by "..".
 */
static const struct cwd *cwd_of(const struct correlator *c, const struct task *task,
				const struct frame *frame)
{
	const struct cwd *cwd = &task->cwd;
	const struct directory *dir = cwd->kind == CWD_AT_START ? c->start_dir : cwd->dir;
	/* Above a directory that was not seen the walk has begun there all the same. */
	bool is_here = frame->start ? dir == frame->start : frame->ups > 0;

	return is_here && is_from_cwd(frame) && cwd->epoch == task_epoch(c, task) ? cwd : NULL;
}

struct climb climb_of(const struct correlator *c, const struct task *task)
{
	static const struct frame no_walk;
	const struct frame *frame = is_in_walk(task) ? task->frame : &no_walk;

	return (struct climb){
		.c = c,
		.task = task,
		.frame = frame,
		.root = task->root || task->is_root_doubtful ? task->root : c->start_root,
		.crossings = frame->crossing_count,
		.is_walked = frame->is_rooted || frame->known,
		.cwd = frame->is_astray ? NULL : cwd_of(c, task, frame),
		.crossed = frame->crossed,
		.ups = frame->ups,
	};
}

struct climb climb_from_start(const struct correlator *c, const struct task *task)
{
	struct climb climb = climb_of(c, task);

	climb.is_walked = false;
	climb.cwd = cwd_of(c, task, climb.frame);
	climb.crossed = 0;
	climb.ups = 0;
	return climb;
}

void climb_comes_to(struct climb *climb, const struct directory *dir)
{
	climb->is_walked &= dir != climb->frame->known;
}

/* The walk was not seen here, but it is known in which mounts it began. */
static bool is_told(const struct climb *climb)
{
	return climb->cwd && !climb->is_walked;
}

bool climb_is_in_root_mount(const struct climb *climb)
{
	return is_told(climb) && climb->cwd->is_whole && climb->crossed == climb->cwd->mount_count;
}

/* What is mounted within its own file system is a part of it, and has a name as well. */
static bool is_part(const struct directory *dir)
{
	const struct directory *above = dir->mountpoint ? dir->mountpoint->parent : NULL;

	return above && above->facts.sb && above->facts.sb == dir->facts.sb;
}

static const char *why_no_name(const struct directory *dir)
{
	if (is_mounted(dir))
		return WHY_MOUNTED_TWICE;
	return dir->is_unmounted ? WHY_UNMOUNTED : WHY_NO_NAME;
}

/* Whether the mount is known that the climb is in. */
static bool is_mount_known(const struct climb *climb)
{
	return is_told(climb) && (climb->crossed < climb->cwd->mount_count || climb->cwd->is_whole);
}

/* Whether the climb came to the root of the next mount, @dir. */
static bool is_at_mount(const struct climb *climb, const struct directory *dir)
{
	return dir && is_told(climb) && climb->crossed < climb->cwd->mount_count &&
	       climb->cwd->mounts[climb->crossed].root == dir;
}

/*
 * The name that the mount covers to whose root @dir the climb came, NULL if that is not known. What
 * it covers may be the root of another one, which is seen there and not by its own name.
 */
static const struct tracked_name *name_below_mount(struct climb *climb, const struct directory *dir,
						   const char **why)
{
	*why = WHY_UNMOUNTED;
	while (is_at_mount(climb, dir))
		dir = climb->cwd->mounts[climb->crossed++].on;
	if (!dir)
		return NULL;
	*why = is_mount_known(climb) ? WHY_NO_NAME : why_no_name(dir);
	if (!dir->name || (is_mounted(dir) && !is_mount_known(climb)))
		return NULL;
	return dir->name->parent ? dir->name : NULL;
}

/*
 * The name that leads further up. The walk itself shows which way it came, up to where it began;
 * further up a directory that is mounted as well as named may be seen in either place.
 */
const struct tracked_name *climb_name(struct climb *climb, const struct directory *dir,
				      const char **why)
{
	const struct tracked_name *name = dir->name && dir->name->parent ? dir->name : NULL;
	const struct tracked_name *crossed;

	if (is_at_mount(climb, dir))
		return name_below_mount(climb, dir, why);
	*why = WHY_NO_NAME;
	if (is_mount_known(climb))
		return name;
	*why = why_no_name(dir);
	crossed = crossing_to(climb->frame, dir, &climb->crossings);
	if (crossed)
		return crossed;
	if (name)
		return climb->is_walked || !is_mounted(dir) ? name : NULL;
	return dir->is_bound || is_part(dir) ? NULL : dir->mountpoint;
}

bool climb_is_above_root(const struct climb *climb)
{
	size_t before = climb->crossings;

	if (is_told(climb))
		return climb->crossed < climb->cwd->mount_count;
	return climb->is_walked && crossing_to(climb->frame, climb->root, &before);
}

bool climb_is_told_by_start(const struct climb *climb)
{
	return is_told(climb) && climb->cwd->kind == CWD_AT_START;
}

bool climb_is_at_start(const struct climb *climb, const struct directory *dir, size_t *ups)
{
	const struct correlator *c = climb->c;
	bool is_above = climb->ups && climb_is_told_by_start(climb) && dir == climb->frame->known;

	*ups = is_above ? climb->ups : 0;
	return (is_above || dir == c->start_dir) && c->options.cwd.path &&
	       !climb->task->is_root_doubtful && (!climb->root || climb->root == c->start_root);
}

bool climb_is_apart(const struct climb *climb)
{
	return is_told(climb) && climb->cwd->is_apart && climb->crossed == climb->cwd->mount_count;
}

/* Only text tells what is above the place in which the program began, and it need not be checked.
 */
static bool is_told_above(const struct climb *climb, const struct directory *at)
{
	size_t ups;

	return climb_is_told_by_start(climb) && climb_is_at_start(climb, at, &ups);
}

static const struct directory *parent_of(struct climb *climb, const struct directory *at)
{
	const struct tracked_name *name;
	const char *why;

	if (at == climb->root && !climb_is_above_root(climb))
		return at;
	name = climb_is_apart(climb) ? NULL : climb_name(climb, at, &why);
	return name ? name->parent : NULL;
}

bool climb_leads_to(struct climb *climb, const struct directory **at, const struct directory *dir,
		    size_t dotdots)
{
	for (; *at && dotdots; dotdots--) {
		climb_comes_to(climb, *at);
		if (is_told_above(climb, *at)) {
			climb->ups += dotdots;
			return true;
		}
		climb->ups += !climb->is_walked;
		*at = parent_of(climb, *at);
	}
	return *at == dir;
}
