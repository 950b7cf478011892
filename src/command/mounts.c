/* SPDX-License-Identifier: MIT */
/*
 * Reads /proc/PID/mountinfo, and compares mounts of one file system with each other.
 */
#include "mounts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_octal(const char *digits)
{
	return strspn(digits, "01234567") >= 3;
}

/* In place. The kernel writes spaces, newlines and backslashes as "\040". */
static void unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] != '\\' || !is_octal(text + 1)) {
			*to++ = *text++;
			continue;
		}
		*to++ = (char)((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
		text += 4;
	}
	*to = '\0';
}

/* A path without the slash of "/", so that what hangs below can follow it; NULL without memory. */
static char *path_of(const char *word)
{
	char *path = strdup(word);

	if (!path)
		return NULL;
	unescape(path);
	if (!strcmp(path, "/"))
		*path = '\0';
	return path;
}

static int add_mount(struct mounts *mounts, unsigned int major, unsigned int minor,
		     char *const paths[2])
{
	struct mount *grown = realloc(mounts->items, (mounts->count + 1) * sizeof(*grown));
	struct mount mount = { major, minor, path_of(paths[0]), path_of(paths[1]) };

	mounts->items = grown ? grown : mounts->items;
	if (!grown || !mount.root || !mount.at) {
		free(mount.root);
		free(mount.at);
		return -ENOMEM;
	}
	grown[mounts->count++] = mount;
	return 0;
}

/* "ID PARENT MAJOR:MINOR ROOT AT …" */
static int read_line(struct mounts *mounts, char *line)
{
	unsigned int major, minor;
	char *words[5], *rest = NULL;

	for (size_t i = 0; i < 5; i++) {
		words[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!words[i])
			return 0;
	}
	if (sscanf(words[2], "%u:%u", &major, &minor) != 2)
		return 0;
	return add_mount(mounts, major, minor, words + 3);
}

int mounts_read(struct mounts *mounts, FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	memset(mounts, 0, sizeof(*mounts));
	while (!ret && getline(&line, &size, in) > 0)
		ret = read_line(mounts, line);
	free(line);
	return ret;
}

void mounts_release(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++) {
		free(mounts->items[i].root);
		free(mounts->items[i].at);
	}
	free(mounts->items);
}

/* What of the path @path hangs below @above, with its slash; NULL if it does not. */
static const char *below(const char *path, const char *above)
{
	size_t len = strlen(above);

	if (strncmp(path, above, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	return path + len;
}

/* Where @other shows the root of @mount, if that is not where @mount shows it; else NULL. */
static const char *elsewhere(const struct mount *mount, const struct mount *other)
{
	const char *rest = below(mount->root, other->root), *place;

	if (!rest || mount == other || mount->major != other->major || mount->minor != other->minor)
		return NULL;
	place = below(mount->at, other->at);
	return place && !strcmp(place, rest) ? NULL : rest;
}

bool mount_is_bound(const struct mounts *mounts, const struct mount *mount)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const char *rest = elsewhere(mount, &mounts->items[i]);

		if (rest && *rest)
			return true;
	}
	return false;
}

bool mount_is_twice(const struct mounts *mounts, const struct mount *mount)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const char *rest = elsewhere(mount, &mounts->items[i]);

		if (rest && !*rest)
			return true;
	}
	return false;
}
