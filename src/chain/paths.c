/* SPDX-License-Identifier: MIT */
/*
 * Paths as a task sees them: from a name up to the task's root, by directories whose own names are
 * known. Nothing is completed where one is not.
 */
#include "internal.h"

#include <string.h>

static const char WHY_NO_ROOT[] = "no absolute path has shown the task's root yet";
static const char WHY_OTHER_TASK[] = "another task changed its root";
static const char WHY_FORGOTTEN[] = "its task was forgotten: too many others came since";
static const char WHY_NO_NAME[] = "no lookup showed the name of a directory on the way";
static const char WHY_LINK[] = "it is behind a link that was not followed";
static const char WHY_NO_DIRECTORY[] = "no lookup showed its directory";
static const char WHY_MOUNTED_TWICE[] = "it is mounted in more than one place";
static const char WHY_UNMOUNTED[] = "the mount that it is in was moved or unmounted";
static const char WHY_APART[] = "it is in a mount that is not below the task's root";
static const char WHY_TOO_LONG[] = "the path is too long";

/* Written from its end to its beginning. */
struct writer {
	char *path;
	size_t at;
};

static bool prepend(struct writer *writer, const struct bytes *component)
{
	if (component->len + 1 > writer->at)
		return false;
	writer->at -= component->len;
	memcpy(writer->path + writer->at, component->data, component->len);
	writer->path[--writer->at] = '/';
	return true;
}

static struct bytes written(const struct writer *writer)
{
	size_t len = RESOLVED_SIZE - 1 - writer->at;

	return len ? (struct bytes){ writer->path + writer->at, len } : (struct bytes){ "/", 1 };
}

static struct bytes unknown(const char **why, const char *reason)
{
	*why = reason;
	return (struct bytes){ NULL, 0 };
}

static const char *why_no_root(const struct correlator *c, const struct task *task)
{
	if (!task->is_root_doubtful)
		return WHY_NO_ROOT;
	return was_forgotten(c, task->tid) ? WHY_FORGOTTEN : WHY_OTHER_TASK;
}

/* Up from a directory, one name after the other. */
struct climb {
	const struct correlator *c;
	const struct task *task;
	const struct frame *frame;
	const struct directory *root;
	struct writer writer;
	struct writer below;   /* of where the program began; path is NULL while that was not met */
	size_t crossings;      /* of the walk's own, which are still further up */
	bool is_walked;	       /* the walk itself came this way */
	const struct cwd *cwd; /* in which mounts the walk began; NULL if that is not known */
	size_t crossed;	       /* of these mounts */
};

/* The walk was not seen here, but it is known in which mounts it began. */
static bool is_told(const struct climb *climb)
{
	return climb->cwd && !climb->is_walked;
}

/* Nothing but names is between here and the task's root. */
static bool is_in_root_mount(const struct climb *climb)
{
	return is_told(climb) && climb->cwd->is_whole && climb->crossed == climb->cwd->mount_count;
}

static bool is_in_two_places(const struct directory *dir)
{
	return dir->has_mountpoints || dir->is_bound;
}

static bool is_mounted(const struct directory *dir)
{
	return dir->mountpoint || is_in_two_places(dir);
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
static const struct tracked_name *name_above(struct climb *climb, const struct directory *dir,
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

/* Whether the task's root was met in another mount of it, above which the climb goes on. */
static bool is_above_root(const struct climb *climb)
{
	size_t before = climb->crossings;

	if (is_told(climb))
		return climb->crossed < climb->cwd->mount_count;
	return climb->is_walked && crossing_to(climb->frame, climb->root, &before);
}

/*
 * Whether @dir is where the program began, whose path ftopen saw before the trace. That path is
 * only right for a task that still has the same root.
 */
static bool is_at_start(const struct climb *climb, const struct directory *dir)
{
	const struct correlator *c = climb->c;

	return dir == c->start_dir && c->options.cwd.path && !climb->task->is_root_doubtful &&
	       (!climb->root || climb->root == c->start_root);
}

static size_t start_len(const char *start)
{
	size_t len = strlen(start);

	while (len && start[len - 1] == '/')
		len--;
	return len;
}

static struct bytes below_start(const struct climb *climb, const char **why)
{
	struct writer writer = climb->below;
	const char *start = climb->c->options.cwd.path;
	size_t len = start_len(start);

	if (len > writer.at)
		return unknown(why, WHY_TOO_LONG);
	*why = NULL;
	writer.at -= len;
	memcpy(writer.path + writer.at, start, len);
	return written(&writer);
}

/*
 * Whether the names lead to another path than that where the program began: then it began in a
 * mount, and this directory is in two places.
 */
static bool is_elsewhere(const struct climb *climb)
{
	const char *start = climb->c->options.cwd.path;
	size_t len = climb->below.path ? climb->below.at - climb->writer.at : 0;

	return climb->below.path &&
	       (len != start_len(start) ||
		memcmp(climb->writer.path + climb->writer.at, start, len) != 0);
}

/* Whether the root is mounted below itself, so that what is in it has two paths. */
static bool is_root_below_itself(const struct climb *climb)
{
	const struct tracked_name *name = climb->root->mountpoint;

	for (int depth = 0; depth < MAX_DEPTH && name && name->parent != climb->root; depth++) {
		const struct directory *dir = name->parent;

		name = !dir ? NULL : dir->name && dir->name->parent ? dir->name : dir->mountpoint;
	}
	return name || is_in_two_places(climb->root);
}

static struct bytes at_root(const struct climb *climb, const char **why)
{
	size_t before = climb->crossings;

	*why = NULL;
	if (is_in_root_mount(climb))
		return written(&climb->writer);
	if (!climb->is_walked && (is_elsewhere(climb) || is_root_below_itself(climb) ||
				  crossing_to(climb->frame, climb->root, &before)))
		return unknown(why, WHY_MOUNTED_TWICE);
	return written(&climb->writer);
}

static bool is_told_by_start(const struct climb *climb)
{
	return is_told(climb) && climb->cwd->kind == CWD_AT_START;
}

static bool is_apart(const struct climb *climb)
{
	return is_told(climb) && climb->cwd->is_apart && climb->crossed == climb->cwd->mount_count;
}

/* What is written hangs below @dir. */
static struct bytes climb_from(struct climb *climb, const struct directory *dir, const char **why)
{
	while (dir) {
		const struct tracked_name *name;

		climb->is_walked &= dir != climb->frame->known;
		if (dir->is_link)
			return unknown(why, WHY_LINK);
		if (is_apart(climb))
			return unknown(why, WHY_APART);
		if (dir == climb->root && !is_above_root(climb))
			return at_root(climb, why);
		if (is_at_start(climb, dir))
			climb->below = climb->writer;
		if (climb->below.path && is_told_by_start(climb))
			return below_start(climb, why);
		name = name_above(climb, dir, why);
		if (!name && climb->below.path && !is_in_two_places(dir))
			return below_start(climb, why);
		if (!name)
			return unknown(why,
				       climb->root ? *why : why_no_root(climb->c, climb->task));
		if (!prepend(&climb->writer, &name->pub.component))
			return unknown(why, WHY_TOO_LONG);
		dir = name->parent;
	}
	return unknown(why, WHY_NO_NAME);
}

/* Where the walk began, if that is known to be the working directory, in mounts that are known. */
static const struct cwd *cwd_of(const struct correlator *c, const struct task *task,
				const struct frame *frame)
{
	const struct cwd *cwd = &task->cwd;
	const struct directory *dir = cwd->kind == CWD_AT_START ? c->start_dir : cwd->dir;

	return dir && dir == frame->start && is_from_cwd(frame) && cwd->epoch == task_epoch(c, task)
		       ? cwd
		       : NULL;
}

/* Outside of an open the names alone tell the way. */
static struct climb climb_of(const struct correlator *c, const struct task *task, char *path)
{
	static const struct frame no_walk;
	const struct frame *frame = is_in_walk(task) ? task->frame : &no_walk;

	path[RESOLVED_SIZE - 1] = '\0';
	return (struct climb){
		.c = c,
		.task = task,
		.frame = frame,
		.root = task->root || task->is_root_doubtful ? task->root : c->start_root,
		.writer = { path, RESOLVED_SIZE - 1 },
		.crossings = frame->crossing_count,
		.is_walked = frame->is_rooted || frame->known,
		.cwd = frame->is_astray ? NULL : cwd_of(c, task, frame),
	};
}

/* Whether the walk came to @name itself. */
static bool is_walked_to(const struct frame *frame, const struct tracked_name *name)
{
	const struct step *step = &frame->step;

	return step->is_valid && step->life && life_name(step->life) == name;
}

struct bytes path_of_name(const struct correlator *c, const struct task *task,
			  const struct tracked_name *name, char *path, const char **why)
{
	struct climb climb = climb_of(c, task, path);

	/* A root, and what may be in another place than its name is. */
	if (name->dir && (!name->parent || name->dir == climb.root ||
			  (is_mounted(name->dir) && !is_walked_to(climb.frame, name))))
		return climb_from(&climb, name->dir, why);
	if (!name->parent)
		return unknown(why, WHY_NO_DIRECTORY);
	if (!prepend(&climb.writer, &name->pub.component))
		return unknown(why, WHY_TOO_LONG);
	return climb_from(&climb, name->parent, why);
}

struct bytes path_of_directory(const struct correlator *c, const struct task *task,
			       const struct directory *dir, char *path, const char **why)
{
	struct climb climb = climb_of(c, task, path);

	if (dir && dir == climb.frame->start)
		climb.is_walked = false;
	return climb_from(&climb, dir, why);
}

struct bytes path_of_start(const struct correlator *c, const struct task *task, char *path,
			   const char **why)
{
	struct climb climb = climb_of(c, task, path);

	climb.is_walked = false;
	climb.cwd = cwd_of(c, task, climb.frame);
	return climb_from(&climb, climb.frame->start, why);
}
