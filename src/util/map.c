/* SPDX-License-Identifier: MIT */
/*
 * Linear probing with backward-shift deletion, at most three quarters full.
 */
#include "util/map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

static uint64_t mix(uint64_t x)
{
	/* The finalizer of MurmurHash3: kernel addresses differ in few middle bits. */
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ (x >> 33);
}

static size_t home(const struct map *map, uint64_t key)
{
	return (size_t)mix(key) & (map->room - 1);
}

static size_t find(const struct map *map, uint64_t key)
{
	size_t i = home(map, key);

	while (map->slots[i].value && map->slots[i].key != key)
		i = (i + 1) & (map->room - 1);
	return i;
}

void *map_get(const struct map *map, uint64_t key)
{
	return map->room ? map->slots[find(map, key)].value : NULL;
}

static int grow(struct map *map)
{
	struct map bigger = { .room = map->room ? map->room * 2 : FIRST_ROOM };

	bigger.slots = calloc(bigger.room, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < map->room; i++) {
		if (map->slots[i].value)
			bigger.slots[find(&bigger, map->slots[i].key)] = map->slots[i];
	}
	bigger.count = map->count;
	free(map->slots);
	*map = bigger;
	return 0;
}

int map_put(struct map *map, uint64_t key, void *value)
{
	size_t i;

	if ((map->count + 1) * 4 > map->room * 3) {
		int ret = grow(map);

		if (ret)
			return ret;
	}
	i = find(map, key);
	if (!map->slots[i].value)
		map->count++;
	map->slots[i] = (struct map_slot){ .key = key, .value = value };
	return 0;
}

void *map_remove(struct map *map, uint64_t key)
{
	size_t mask = map->room - 1, hole, i;
	void *value;

	if (!map->room)
		return NULL;
	hole = find(map, key);
	value = map->slots[hole].value;
	if (!value)
		return NULL;
	for (i = (hole + 1) & mask; map->slots[i].value; i = (i + 1) & mask) {
		/* An entry may fill the hole unless its home lies between the hole and it. */
		if (((i - home(map, map->slots[i].key)) & mask) < ((i - hole) & mask))
			continue;
		map->slots[hole] = map->slots[i];
		hole = i;
	}
	map->slots[hole].value = NULL;
	map->count--;
	return value;
}

void *map_next(const struct map *map, size_t *at)
{
	while (*at < map->room) {
		void *value = map->slots[(*at)++].value;

		if (value)
			return value;
	}
	return NULL;
}

void map_release(struct map *map)
{
	free(map->slots);
	memset(map, 0, sizeof(*map));
}

uint64_t hash_bytes(const void *data, size_t size, uint64_t seed)
{
	const unsigned char *bytes = data;
	uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return mix(hash);
}
