/* SPDX-License-Identifier: MIT */
/*
 * The chained hash from names to numbers.
 */
#include "kernel/name_index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_HEADS (1u << 20)

/* FNV-1a */
static uint32_t hash_name(const char *name, size_t len)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
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
