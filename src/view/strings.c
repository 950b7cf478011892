/* SPDX-License-Identifier: MIT */
/*
 * Strings that are kept once. Never moves a number; the bytes may move while strings are added.
 */
#include "strings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int make_room(struct view_strings *strings, size_t len)
{
	if (strings->len + len + 1 > strings->room) {
		size_t room = 2 * strings->room + len + 4096;
		char *grown = realloc(strings->bytes, room);

		if (!grown)
			return -ENOMEM;
		strings->bytes = grown;
		strings->room = room;
	}
	if (strings->count == strings->at_room) {
		uint32_t room = strings->at_room ? 2 * strings->at_room : 256;
		size_t *grown = realloc(strings->at, room * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		strings->at = grown;
		strings->at_room = room;
	}
	return 0;
}

/* Strings with one hash follow each other in the map. Return: NULL, or its number plus 1. */
static void *find(const struct view_strings *strings, const char *data, size_t len, uint64_t *hash)
{
	void *found;

	*hash = hash_bytes(data, len, 0);
	while ((found = map_get(&strings->by_hash, *hash))) {
		const char *string = view_string(strings, (uint32_t)((uintptr_t)found - 1));

		if (!strncmp(string, data, len) && !string[len])
			return found;
		(*hash)++;
	}
	return NULL;
}

int view_strings_add(struct view_strings *strings, const struct text *text, uint32_t *number)
{
	size_t len = strnlen(text->data, text->len);
	uint64_t hash;
	void *found = find(strings, text->data, len, &hash);
	int ret;

	if (found) {
		*number = (uint32_t)((uintptr_t)found - 1);
		return 0;
	}
	if (strings->count == UINT32_MAX / 2)
		return -EFBIG;
	ret = make_room(strings, len);
	if (!ret)
		ret = map_put(&strings->by_hash, hash, (void *)((uintptr_t)strings->count + 1));
	if (ret)
		return ret;
	memcpy(strings->bytes + strings->len, text->data, len);
	strings->bytes[strings->len + len] = '\0';
	strings->at[strings->count] = strings->len;
	strings->len += len + 1;
	*number = strings->count++;
	return 0;
}

static int compare(const void *a, const void *b, void *context)
{
	const struct view_strings *strings = context;

	return strcmp(view_string(strings, *(const uint32_t *)a),
		      view_string(strings, *(const uint32_t *)b));
}

int view_strings_rank(struct view_strings *strings)
{
	uint32_t *sorted;

	if (strings->ranks || !strings->count)
		return 0;
	sorted = malloc(strings->count * sizeof(*sorted));
	strings->ranks = malloc(strings->count * sizeof(*strings->ranks));
	if (!sorted || !strings->ranks) {
		free(sorted);
		free(strings->ranks);
		strings->ranks = NULL;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < strings->count; i++)
		sorted[i] = i;
	qsort_r(sorted, strings->count, sizeof(*sorted), compare, strings);
	for (uint32_t i = 0; i < strings->count; i++)
		strings->ranks[sorted[i]] = i;
	free(sorted);
	return 0;
}

void view_strings_settle(struct view_strings *strings)
{
	char *bytes = realloc(strings->bytes, strings->len ? strings->len : 1);

	if (bytes) {
		strings->bytes = bytes;
		strings->room = strings->len;
	}
	map_release(&strings->by_hash);
}

void view_strings_release(struct view_strings *strings)
{
	free(strings->bytes);
	free(strings->at);
	free(strings->ranks);
	map_release(&strings->by_hash);
	memset(strings, 0, sizeof(*strings));
}
