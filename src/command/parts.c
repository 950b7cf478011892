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

int parts_find(struct part_files *parts, const char *path)
{
	int ret;

	*parts = (struct part_files){ .path = path };
	ret = each_part(parts, find_last, parts);
	if (ret || parts->last <= MOST_NUMBER)
		return ret;
	error("cannot number the files of '%s': there is a '%s.%u' already", path, path,
	      parts->last);
	hint("move it away, or store the recording under another name");
	return -EOVERFLOW;
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

/* What another program has stored under such a name stays. */
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
