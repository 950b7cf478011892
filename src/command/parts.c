/* SPDX-License-Identifier: MIT */
/*
 * Numbers after a file's name, with zeros before them so that names sort as the parts follow.
 */
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracedat/read.h"
#include "util/message.h"
#include "util/number.h"

#define DIGITS 6

/* Behind it there are more numbers than a recording has files. */
#define MOST_NUMBER 1000000000

static int cannot_look(const struct part_files *parts, int err)
{
	error("cannot look for files of '%s': %s", parts->path, strerror(-err));
	return err;
}

/* Return: the number of the part that has this name, 0 if no part has it. */
static unsigned int number_of(const char *name, const char *base)
{
	size_t len = strlen(base);
	uint64_t number;
	char digits[16];

	if (strncmp(name, base, len) != 0 || name[len] != '.' ||
	    parse_number(name + len + 1, UINT_MAX, &number))
		return 0;
	snprintf(digits, sizeof(digits), "%0*u", DIGITS, (unsigned int)number);
	return strcmp(name + len + 1, digits) ? 0 : (unsigned int)number;
}

static int visit_parts(const struct part_files *parts, DIR *dir, const char *base,
		       int (*visit)(void *context, unsigned int number), void *context)
{
	int ret = 0;

	while (!ret) {
		const struct dirent *entry;
		unsigned int number;

		errno = 0;
		entry = readdir(dir);
		if (!entry)
			return errno ? cannot_look(parts, -errno) : 0;
		number = number_of(entry->d_name, base);
		ret = number ? visit(context, number) : 0;
	}
	return ret;
}

/* Return: 0, what @visit returned, or a negative errno that was reported. */
static int each_part(const struct part_files *parts,
		     int (*visit)(void *context, unsigned int number), void *context)
{
	char *copy = strdup(parts->path), *named = strdup(parts->path);
	DIR *dir = copy && named ? opendir(dirname(copy)) : NULL;
	int ret = dir ? visit_parts(parts, dir, basename(named), visit, context)
		      : cannot_look(parts, -errno);

	if (dir)
		closedir(dir);
	free(copy);
	free(named);
	return ret;
}

static int find_last(void *context, unsigned int number)
{
	struct part_files *parts = context;

	if (number > parts->last)
		parts->last = number;
	return 0;
}

static int find_parts(struct part_files *parts)
{
	int ret = each_part(parts, find_last, parts);

	if (ret || parts->last <= MOST_NUMBER)
		return ret;
	error("cannot number the files of '%s': there is a '%s.%u' already", parts->path,
	      parts->path, parts->last);
	hint("move it away, or store the recording under another name");
	return -EOVERFLOW;
}

/* --- one recording at a time ------------------------------------------------------------------ */

/* Each is for one more recording that ended just then. */
#define LOCK_TRIES 16

static char *name_lock(const char *path)
{
	char *copy = strdup(path), *named = strdup(path), *name = NULL;

	if (copy && named && asprintf(&name, "%s/.%s.lock", dirname(copy), basename(named)) < 0)
		name = NULL;
	free(copy);
	free(named);
	return name;
}

/* Its former owner may have removed it in between. */
static bool is_in_place(const char *name, int fd)
{
	struct stat named, opened;

	return !stat(name, &named) && !fstat(fd, &opened) && named.st_dev == opened.st_dev &&
	       named.st_ino == opened.st_ino;
}

/* Return: the descriptor, -EAGAIN if the file went meanwhile, or another negative errno. */
static int try_lock(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600), ret;

	if (fd < 0)
		return -errno;
	ret = flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
	if (ret == -EWOULDBLOCK)
		ret = -EBUSY;
	else if (!ret && !is_in_place(name, fd))
		ret = -EAGAIN;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

/* In a sticky, world-writable folder the kernel may refuse root another user's file. */
static int cannot_lock(const struct part_files *parts, int err)
{
	struct stat info;

	if (err == -EBUSY) {
		error("cannot number the files of '%s': another recording makes such files",
		      parts->path);
		hint("end that one, or store this one under another name");
		return err;
	}
	if (!parts->lock_name || lstat(parts->lock_name, &info))
		return cannot_look(parts, err);
	error("cannot lock '%s': %s", parts->lock_name, strerror(-err));
	hint("remove it if no recording makes files of this name, or store this one under another "
	     "name");
	return err;
}

static int lock_parts(struct part_files *parts)
{
	int ret;

	parts->lock_name = name_lock(parts->path);
	ret = parts->lock_name ? -EAGAIN : -ENOMEM;
	for (int tries = 0; ret == -EAGAIN && tries < LOCK_TRIES; tries++)
		ret = try_lock(parts->lock_name);
	if (ret >= 0) {
		parts->lock = ret;
		return 0;
	}
	ret = cannot_lock(parts, ret);
	free(parts->lock_name);
	parts->lock_name = NULL;
	return ret;
}

int parts_open(struct part_files *parts, const char *path)
{
	int ret;

	*parts = (struct part_files){ .path = path };
	ret = lock_parts(parts);
	if (!ret)
		ret = find_parts(parts);
	if (ret)
		parts_close(parts);
	return ret;
}

void parts_close(struct part_files *parts)
{
	if (!parts->lock_name)
		return;
	unlink(parts->lock_name);
	close(parts->lock);
	free(parts->lock_name);
	parts->lock_name = NULL;
}

/* --- names ------------------------------------------------------------------------------------ */

char *parts_name(const struct part_files *parts, unsigned int number)
{
	char *name;

	return asprintf(&name, "%s.%0*u", parts->path, DIGITS, number) < 0 ? NULL : name;
}

struct keeping {
	const struct part_files *parts;
	unsigned int first; /* that stays */
};

/* A file of another program with such a name stays. */
static int remove_part(const char *name)
{
	int ret;

	if (!dat_is_one(name) || !unlink(name) || errno == ENOENT)
		return 0;
	ret = -errno;
	error("cannot remove '%s': %s", name, strerror(-ret));
	hint("nothing more is recorded; move it away, or leave out --keep");
	return ret;
}

static int remove_old(void *context, unsigned int number)
{
	const struct keeping *keeping = context;
	char *name;
	int ret;

	if (number >= keeping->first)
		return 0;
	name = parts_name(keeping->parts, number);
	ret = name ? remove_part(name) : cannot_look(keeping->parts, -ENOMEM);
	free(name);
	return ret;
}

int parts_keep(const struct part_files *parts, unsigned int last, unsigned long keep)
{
	struct keeping keeping = { .parts = parts };

	if (!keep || last < keep)
		return 0;
	keeping.first = last + 1 - (unsigned int)keep;
	return each_part(parts, remove_old, &keeping);
}
