/* SPDX-License-Identifier: MIT */
/*
 * Lists that keep their first and their last elements, and count what they dropped in between.
 */
#include "internal.h"

size_t list_oldest(size_t cap, uint64_t dropped)
{
	size_t half = cap / 2;

	return half + (size_t)(dropped % (cap - half));
}

static void reverse(char *first, size_t count, size_t size)
{
	char *last = first + count * size;

	while (first + size < last) {
		last -= size;
		for (size_t i = 0; i < size; i++) {
			char kept = first[i];

			first[i] = last[i];
			last[i] = kept;
		}
		first += size;
	}
}

/* The element at @first comes first. */
static void turn(char *ring, size_t count, size_t first, size_t size)
{
	reverse(ring, first, size);
	reverse(ring + first * size, count - first, size);
	reverse(ring, count, size);
}

void list_settle(void *items, size_t cap, size_t size, uint64_t dropped)
{
	size_t half = cap / 2, before = list_oldest(cap, dropped) - half;

	if (before)
		turn((char *)items + half * size, cap - half, before, size);
}

void list_unsettle(void *items, size_t cap, size_t size, uint64_t dropped)
{
	size_t half = cap / 2, before = list_oldest(cap, dropped) - half;

	if (before)
		turn((char *)items + half * size, cap - half, cap - half - before, size);
}
