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

/* The name that leads further up. A root of a file system hangs where it is mounted. */
static const struct tracked_name *name_above(const struct directory *dir, const char **why)
{
	if (dir->name && dir->name->parent)
		return dir->name;
	if (!dir->mountpoint)
		*why = dir->has_mountpoints ? WHY_MOUNTED_TWICE : WHY_NO_NAME;
	return dir->mountpoint;
}

/* What is written hangs below @dir. */
static struct bytes climb(struct writer *writer, const struct directory *dir,
			  const struct directory *root, const char **why)
{
	*why = NULL;
	if (!root)
		return unknown(why, WHY_NO_ROOT);
	for (int depth = 0; depth < MAX_DEPTH && dir; depth++) {
		const struct tracked_name *name;

		if (dir == root && writer->path[writer->at])
			return written(writer);
		if (dir == root)
			return (struct bytes){ "/", 1 };
		name = name_above(dir, why);
		if (!name)
			return (struct bytes){ NULL, 0 };
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

struct bytes path_of_name(const struct tracked_name *name, const struct directory *root, char *path,
			  const char **why)
{
	struct writer writer = writer_of(path);

	if (!name->parent)
		return name->dir ? climb(&writer, name->dir, root, why)
				 : unknown(why, WHY_NO_DIRECTORY);
	if (!prepend(&writer, &name->pub.component))
		return unknown(why, WHY_TOO_LONG);
	return climb(&writer, name->parent, root, why);
}

struct bytes path_of_directory(const struct directory *dir, const struct directory *root,
			       char *path, const char **why)
{
	struct writer writer = writer_of(path);

	return climb(&writer, dir, root, why);
}
