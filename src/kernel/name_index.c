/* SPDX-License-Identifier: MIT */
/*
 * The chained hash from names to numbers.
 */
#include "name_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEADS (1u << 20)

#define HASH_FACTOR UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * HASH_FACTOR;
	return hash ^ hash >> 32;
}

/* A word at a time: there are some hundred thousand names. */
static uint32_t hash_name(const char *name, size_t len)
{
	uint64_t hash = len, word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, name, sizeof(word));
		hash = mix(hash, word);
		name += sizeof(word);
	}
	word = 0;
	memcpy(&word, name, len);
	return (uint32_t)mix(hash, word);
}

int name_index_init(struct name_index *index, uint32_t count)
{
	uint32_t heads = 16;

	while (heads < count && heads < MAX_HEADS)
		heads *= 2;
	index->mask = heads - 1;
	index->heads = malloc(heads * sizeof(*index->heads));
	index->next = malloc((size_t)count * sizeof(*index->next) + 1);
	if (!index->heads || !index->next) {
		name_index_release(index);
		return -ENOMEM;
	}
	/* Every byte 0xff makes every head NAME_INDEX_END. */
	memset(index->heads, 0xff, heads * sizeof(*index->heads));
	return 0;
}

void name_index_release(struct name_index *index)
{
	free(index->heads);
	free(index->next);
	*index = (struct name_index){ 0 };
}

void name_index_add(struct name_index *index, uint32_t number, const char *name, size_t len)
{
	uint32_t *head = &index->heads[hash_name(name, len) & index->mask];

	index->next[number] = *head;
	*head = number;
}

uint32_t name_index_first(const struct name_index *index, const char *name, size_t len)
{
	return index->heads[hash_name(name, len) & index->mask];
}

uint32_t name_index_next(const struct name_index *index, uint32_t number)
{
	return index->next[number];
}
