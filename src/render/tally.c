/* SPDX-License-Identifier: MIT */
/*
 * Counts by key.
 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

static bool is_key(const struct tally *tally, const struct bytes *key)
{
	return tally->key.len == key->len && !memcmp(tally->key.data, key->data, key->len);
}

/* The tally and its key are one piece of memory. */
static struct tally *tally_new(const struct bytes *key)
{
	struct tally *tally = calloc(1, sizeof(*tally) + key->len + 1);

	if (!tally)
		return NULL;
	memcpy(tally + 1, key->data, key->len);
	tally->key = (struct bytes){ (const char *)(tally + 1), key->len };
	return tally;
}

struct tally *tallies_get(struct tallies *tallies, const struct bytes *key)
{
	uint64_t hash = hash_bytes(key->data, key->len, 0);
	struct tally *tally = map_get(&tallies->by_hash, hash);

	/* Keys with one hash follow each other. */
	while (tally && !is_key(tally, key))
		tally = map_get(&tallies->by_hash, ++hash);
	if (tally)
		return tally;
	if (tallies->count == TALLIES_MAX_KEYS)
		return &tallies->others;
	tally = tally_new(key);
	if (!tally)
		return NULL;
	if (map_put(&tallies->by_hash, hash, tally)) {
		free(tally);
		return NULL;
	}
	tallies->rows[tallies->count++] = tally;
	return tally;
}

static int compare_keys(const struct bytes *left, const struct bytes *right)
{
	size_t len = left->len < right->len ? left->len : right->len;
	int order = memcmp(left->data, right->data, len);

	if (order)
		return order;
	return left->len < right->len ? -1 : left->len > right->len;
}

static int compare(const void *left, const void *right, void *context)
{
	const struct tally *a = *(struct tally *const *)left, *b = *(struct tally *const *)right;
	size_t column = *(const size_t *)context;

	if (a->counts[column] != b->counts[column])
		return a->counts[column] > b->counts[column] ? -1 : 1;
	return compare_keys(&a->key, &b->key);
}

void tallies_sort(struct tallies *tallies, size_t column)
{
	qsort_r(tallies->rows, tallies->count, sizeof(tallies->rows[0]), compare, &column);
}

void tallies_release(struct tallies *tallies)
{
	for (size_t i = 0; i < tallies->count; i++)
		free(tallies->rows[i]);
	map_release(&tallies->by_hash);
	tallies->count = 0;
}
