/* SPDX-License-Identifier: MIT */
/*
 * A hash map from 64-bit keys (addresses, ids, hashes) to pointers: open addressing, no allocation
 * per entry.
 */
#ifndef FTOPEN_UTIL_MAP_H
#define FTOPEN_UTIL_MAP_H

#include <stddef.h>
#include <stdint.h>

struct map_slot {
	uint64_t key;
	void *value; /* NULL: free */
};

/**
 * struct map - all zero is an empty map
 */
struct map {
	struct map_slot *slots;
	size_t room; /* a power of two, or 0 */
	size_t count;
};

/**
 * map_get - Return: the value of @key, NULL if it has none
 */
void *map_get(const struct map *map, uint64_t key);

/**
 * map_put - set the value of @key; @value is not NULL and stays the caller's
 *
 * Return: 0 or -ENOMEM; then the map is unchanged.
 */
int map_put(struct map *map, uint64_t key, void *value);

/**
 * map_remove - Return: the value that @key had, NULL if none
 */
void *map_remove(struct map *map, uint64_t key);

/**
 * map_next - walk over all entries, in no order; start with *@at = 0
 *
 * The map must not change during the walk. Return: NULL at the end.
 */
void *map_next(const struct map *map, size_t *at);

/**
 * map_release - free the map's own memory, not the values
 */
void map_release(struct map *map);

/**
 * hash_bytes - a 64-bit hash of @size bytes, chained through @seed
 */
uint64_t hash_bytes(const void *data, size_t size, uint64_t seed);

#endif
