/* SPDX-License-Identifier: MIT */
/*
 * Paths as a task sees them: from a name up to the task's root, by directories whose own names are
 * known. Nothing is completed where one is not.
 */
#include "internal.h"

#include <string.h>

/* Names that are deeper are in a circle, which renames that went unseen can make. */
#define MAX_DEPTH 2048

static const char WHY_NO_ROOT[] = "no absolute path has shown the task's root yet";
static const char WHY_NO_NAME[] = "no lookup showed the name of a directory on the way";
static const char WHY_NO_DIRECTORY[] = "no lookup showed its directory";
static const char WHY_MOUNTED_TWICE[] = "it is mounted in more than one place";
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
	return (struct bytes){ writer->path + writer->at, RESOLVED_SIZE - 1 - writer->at };
}

static struct bytes unknown(const char **why, const char *reason)
{
	*why = reason;
	return (struct bytes){ NULL, 0 };
}

/*
 * The name that leads further up. The walk itself shows which way it came, up to where it began;
 * further up a directory that is mounted as well as named may be seen in either place.
 */
static const struct tracked_name *name_above(const struct frame *frame, const struct directory *dir,
					     bool is_walked, const char **why)
{
	const struct tracked_name *name = dir->name && dir->name->parent ? dir->name : NULL;
	const struct tracked_name *crossed = crossing_to(frame, dir);
	bool is_mounted = dir->mountpoint || dir->has_mountpoints;

	if (crossed || (name && (is_walked || !is_mounted)))
		return crossed ? crossed : name;
	if (dir->mountpoint && !name)
		return dir->mountpoint;
	*why = is_mounted ? WHY_MOUNTED_TWICE : WHY_NO_NAME;
	return NULL;
}

/* What ftopen saw before the trace, of a task that has the root of then. */
static bool is_at_start(const struct correlator *c, const struct directory *dir,
			const struct directory *root)
{
	return dir == c->start_dir && c->options.cwd.path && (!root || root == c->start_root);
}

static struct bytes below_start(struct writer *writer, const char *start)
{
	struct bytes path = { start, strlen(start) };

	while (path.len && path.data[path.len - 1] == '/')
		path.len--;
	if (path.len > writer->at)
		return (struct bytes){ NULL, 0 };
	writer->at -= path.len;
	memcpy(writer->path + writer->at, path.data, path.len);
	return writer->path[writer->at] ? written(writer) : (struct bytes){ "/", 1 };
}

static bool is_absolute(const struct frame *frame)
{
	return frame->call.path.len && frame->path[0] == '/';
}

/*
 * What is written hangs below @dir. Names that walks showed count more than what was seen before
 * the trace, which is for where they end.
 */
static struct bytes climb(const struct correlator *c, const struct task *task,
			  struct writer *writer, const struct directory *dir, const char **why)
{
	const struct directory *root = task->root ? task->root : c->start_root;
	const struct directory *start = task->frame.start;
	struct writer below = { NULL, 0 };
	bool is_walked = start ? dir != start : is_absolute(&task->frame);

	*why = NULL;
	for (int depth = 0; depth < MAX_DEPTH && dir; depth++) {
		const struct tracked_name *name;

		if (dir == root)
			return writer->path[writer->at] ? written(writer)
							: (struct bytes){ "/", 1 };
		if (is_at_start(c, dir, root))
			below = *writer;
		is_walked &= dir != start;
		name = name_above(&task->frame, dir, is_walked, why);
		if (!name && below.path)
			return below_start(&below, c->options.cwd.path);
		if (!name)
			return unknown(why, root ? *why : WHY_NO_ROOT);
		if (!prepend(writer, &name->pub.component))
			return unknown(why, WHY_TOO_LONG);
		dir = name->parent;
	}
	return unknown(why, WHY_NO_NAME);
}

static struct writer writer_of(char *path)
{
	path[RESOLVED_SIZE - 1] = '\0';
	return (struct writer){ path, RESOLVED_SIZE - 1 };
}

struct bytes path_of_name(const struct correlator *c, const struct task *task,
			  const struct tracked_name *name, char *path, const char **why)
{
	struct writer writer = writer_of(path);

	/* The root of a file system, and what the walk came to by a mount. */
	if (name->dir && (!name->parent || crossing_to(&task->frame, name->dir)))
		return climb(c, task, &writer, name->dir, why);
	if (!name->parent)
		return unknown(why, WHY_NO_DIRECTORY);
	if (!prepend(&writer, &name->pub.component))
		return unknown(why, WHY_TOO_LONG);
	return climb(c, task, &writer, name->parent, why);
}

struct bytes path_of_directory(const struct correlator *c, const struct task *task,
			       const struct directory *dir, char *path, const char **why)
{
	struct writer writer = writer_of(path);

	return climb(c, task, &writer, dir, why);
}
