/* SPDX-License-Identifier: MIT */
/*
 * Paths as a task sees them: from a name up to the task's root, by directories whose own names are
 * known. Nothing is completed where one is not.
 */
#include "climb.h"

#include <string.h>

static const char WHY_NO_ROOT[] = "no absolute path has shown the task's root yet";
static const char WHY_OTHER_TASK[] = "another task changed its root";
static const char WHY_FORGOTTEN[] = "its task was forgotten: too many others came since";
static const char WHY_LINK[] = "it is behind a link that was not followed";
static const char WHY_NO_DIRECTORY[] = "no lookup showed its directory";
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

/* A path that is written by a climb. */
struct ascent {
	struct climb climb;
	struct writer writer;
	struct writer below; /* of where the program began; path is NULL while that was not met */
	size_t ups;	     /* so many directories above that */
};

/* The length of the path in which the program began, without its last @ups components. */
static size_t start_len(const char *start, size_t ups)
{
	size_t len = strlen(start);

	for (;;) {
		while (len && start[len - 1] == '/')
			len--;
		if (!ups--)
			return len;
		while (len && start[len - 1] != '/')
			len--;
	}
}

static struct bytes below_start(const struct ascent *ascent, const char **why)
{
	struct writer writer = ascent->below;
	const char *start = ascent->climb.c->options.cwd.path;
	size_t len = start_len(start, ascent->ups);

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
static bool is_elsewhere(const struct ascent *ascent)
{
	const char *start = ascent->climb.c->options.cwd.path;
	size_t len = ascent->below.path ? ascent->below.at - ascent->writer.at : 0;

	return ascent->below.path &&
	       (len != start_len(start, ascent->ups) ||
		memcmp(ascent->writer.path + ascent->writer.at, start, len) != 0);
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

static struct bytes at_root(const struct ascent *ascent, const char **why)
{
	const struct climb *climb = &ascent->climb;
	size_t before = climb->crossings;

	*why = NULL;
	if (climb_is_in_root_mount(climb))
		return written(&ascent->writer);
	if (!climb->is_walked && (is_elsewhere(ascent) || is_root_below_itself(climb) ||
				  crossing_to(climb->frame, climb->root, &before)))
		return unknown(why, WHY_MOUNTED_TWICE);
	return written(&ascent->writer);
}

/* What is written hangs below @dir. */
static struct bytes climb_path(struct ascent *ascent, const struct directory *dir, const char **why)
{
	struct climb *climb = &ascent->climb;

	while (dir) {
		const struct tracked_name *name;
		size_t ups;

		climb_comes_to(climb, dir);
		if (dir->is_link)
			return unknown(why, WHY_LINK);
		if (climb_is_apart(climb))
			return unknown(why, WHY_APART);
		if (climb_is_at_start(climb, dir, &ups)) {
			ascent->below = ascent->writer;
			ascent->ups = ups;
		}
		if (ascent->below.path && climb_is_told_by_start(climb))
			return below_start(ascent, why);
		if (dir == climb->root && !climb_is_above_root(climb))
			return at_root(ascent, why);
		name = climb_name(climb, dir, why);
		if (!name && ascent->below.path && !is_in_two_places(dir))
			return below_start(ascent, why);
		if (!name)
			return unknown(why,
				       climb->root ? *why : why_no_root(climb->c, climb->task));
		if (!prepend(&ascent->writer, &name->pub.component))
			return unknown(why, WHY_TOO_LONG);
		dir = name->parent;
	}
	return unknown(why, WHY_NO_NAME);
}

static struct ascent ascent_of(struct climb climb, char *path)
{
	path[RESOLVED_SIZE - 1] = '\0';
	return (struct ascent){ .climb = climb, .writer = { path, RESOLVED_SIZE - 1 } };
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
	struct ascent ascent = ascent_of(climb_of(c, task), path);
	const struct climb *climb = &ascent.climb;

	/* A root, and what may be in another place than its name is. */
	if (name->dir && (!name->parent || name->dir == climb->root ||
			  (is_mounted(name->dir) && !is_walked_to(climb->frame, name))))
		return climb_path(&ascent, name->dir, why);
	if (!name->parent)
		return unknown(why, WHY_NO_DIRECTORY);
	if (!prepend(&ascent.writer, &name->pub.component))
		return unknown(why, WHY_TOO_LONG);
	return climb_path(&ascent, name->parent, why);
}

struct bytes path_of_directory(const struct correlator *c, const struct task *task,
			       const struct directory *dir, char *path, const char **why)
{
	struct ascent ascent = ascent_of(climb_of(c, task), path);
	const struct frame *frame = ascent.climb.frame;

	if (dir && dir == frame->start && !frame->ups)
		ascent.climb.is_walked = false;
	return climb_path(&ascent, dir, why);
}

struct bytes path_of_start(const struct correlator *c, const struct task *task, char *path,
			   const char **why)
{
	struct ascent ascent = ascent_of(climb_from_start(c, task), path);

	return climb_path(&ascent, ascent.climb.frame->start, why);
}
