/* SPDX-License-Identifier: MIT */
/*
 * For a name that was not seen: similar names of the trace, compared by their last component.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/distance.h"
#include "util/glob.h"

#define MAX_SLIPS 2  /* letters that are added, left out or others */
#define NOT_NEAR  99 /* a distance */

static struct bytes last_component(struct bytes path)
{
	size_t from;

	while (path.len > 1 && path.data[path.len - 1] == '/')
		path.len--;
	for (from = path.len; from && path.data[from - 1] != '/'; from--)
		;
	return (struct bytes){ path.data + from, path.len - from };
}

static bool is_in_reach(const struct bytes *a, const struct bytes *b)
{
	size_t longer = a->len > b->len ? a->len : b->len;
	size_t shorter = a->len + b->len - longer;

	return longer <= DISTANCE_MAX_LEN && longer - shorter <= MAX_SLIPS && shorter > MAX_SLIPS;
}

/* 0 is nearest. */
static unsigned int distance(const struct name_spec *spec, const struct bytes *path)
{
	struct bytes asked = last_component(spec->text), found = last_component(*path);
	unsigned int count;

	if (spec->is_glob)
		return glob_match(asked.data, asked.len, found.data, found.len) ? 0 : NOT_NEAR;
	if (asked.len == found.len && !memcmp(asked.data, found.data, asked.len))
		return 0;
	if (asked.len == found.len && !strncasecmp(asked.data, found.data, asked.len))
		return 1;
	if (!is_in_reach(&asked, &found))
		return NOT_NEAR;
	count = distance_of(asked.data, asked.len, found.data, found.len);
	return count <= MAX_SLIPS ? count + 1 : NOT_NEAR;
}

static bool is_there(const struct near *near, const struct bytes *path)
{
	for (size_t i = 0; i < near->count; i++) {
		if (near->paths[i].len == path->len &&
		    !memcmp(near->paths[i].data, path->data, path->len))
			return true;
	}
	return false;
}

static int keep(struct near *near, const struct bytes *path, unsigned int far)
{
	size_t at = near->count;
	char *copy;

	while (at && near->distances[at - 1] > far)
		at--;
	if (at == EXPECT_MAX_NEAR || is_there(near, path))
		return 0;
	copy = malloc(path->len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, path->data, path->len);
	copy[path->len] = '\0';
	if (near->count == EXPECT_MAX_NEAR)
		free((char *)near->paths[--near->count].data);
	for (size_t i = near->count++; i > at; i--) {
		near->paths[i] = near->paths[i - 1];
		near->distances[i] = near->distances[i - 1];
	}
	near->paths[at] = (struct bytes){ copy, path->len };
	near->distances[at] = far;
	return 0;
}

static int offer(struct near *near, const struct name_spec *spec, const struct bytes *path)
{
	unsigned int far = distance(spec, path);

	return far == NOT_NEAR ? 0 : keep(near, path, far);
}

int near_offer(struct near *near, const struct name_spec *spec, const struct name *name)
{
	int ret = 0;

	if (!name->path_count)
		return offer(near, spec, &name->component);
	for (size_t i = 0; i < name->path_count && !ret; i++)
		ret = offer(near, spec, &name->paths[i]);
	return ret;
}

void near_release(struct near *near)
{
	for (size_t i = 0; i < near->count; i++)
		free((char *)near->paths[i].data);
}
