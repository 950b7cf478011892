/* SPDX-License-Identifier: MIT */
/*
 * Numbers after a file's name, with zeros before them so that names sort as the parts follow.
 */
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/message.h"
#include "util/number.h"

#define DIGITS 6

static int cannot_look(const struct part_files *parts, int err)
{
	error("cannot look for files of '%s': %s", parts->path, strerror(-err));
	return err;
}

/* Return: the number of the part that has this name, 0 if it is none. */
static unsigned int number_of(const char *name, const char *base)
{
	size_t len = strlen(base);
	uint64_t number;

	if (strncmp(name, base, len) != 0 || name[len] != '.' || strlen(name + len + 1) < DIGITS ||
	    parse_number(name + len + 1, UINT_MAX - 1, &number))
		return 0;
	return (unsigned int)number;
}

/* Call @visit for each part. Return: 0, what @visit returned, or a negative errno. */
static int each_part(const struct part_files *parts,
		     int (*visit)(void *context, unsigned int number), void *context)
{
	char *copy = strdup(parts->path), *named = strdup(parts->path);
	const struct dirent *entry;
	DIR *dir = NULL;
	int ret = -ENOMEM;

	if (!copy || !named)
		goto out;
	dir = opendir(dirname(copy));
	ret = dir ? 0 : -errno;
	while (!ret && (entry = readdir(dir))) {
		unsigned int number = number_of(entry->d_name, basename(named));

		ret = number ? visit(context, number) : 0;
	}
	if (dir)
		closedir(dir);
out:
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

int parts_find(struct part_files *parts, const char *path)
{
	int ret;

	*parts = (struct part_files){ .path = path };
	ret = each_part(parts, find_last, parts);
	return ret ? cannot_look(parts, ret) : 0;
}

char *parts_name(const struct part_files *parts, unsigned int number)
{
	char *name;

	return asprintf(&name, "%s.%0*u", parts->path, DIGITS, number) < 0 ? NULL : name;
}

struct keeping {
	const struct part_files *parts;
	unsigned int first; /* that stays */
};

static int remove_old(void *context, unsigned int number)
{
	const struct keeping *keeping = context;
	char *name;
	int ret = 0;

	if (number >= keeping->first)
		return 0;
	name = parts_name(keeping->parts, number);
	if (!name)
		return -ENOMEM;
	if (unlink(name) < 0 && errno != ENOENT) {
		ret = -errno;
		error("cannot remove '%s': %s", name, strerror(-ret));
	}
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
