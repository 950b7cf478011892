/* SPDX-License-Identifier: MIT */
/*
 * Lists that keep their first and their last elements, and count what they dropped in between.
 */
#include "internal.h"

#include "util/array.h"

/* Beyond @cap the second half is a ring, in which the oldest element is overwritten. */
size_t list_oldest(size_t cap, uint64_t dropped)
{
	size_t half = cap / 2;

	return half + (size_t)(dropped % (cap - half));
}

/*
 * Room for one more element. A full list is in order only after list_settle().
 *
 * Return: where the element goes, NULL when out of memory.
 */
void *list_slot(void **items, size_t *count, size_t *room, size_t size, size_t cap,
		uint64_t *dropped)
{
	char *grown;

	if (*count == cap)
		return (char *)*items + list_oldest(cap, (*dropped)++) * size;
	grown = array_grow(*items, *count, room, size);
	if (!grown)
		return NULL;
	*items = grown;
	return grown + (*count)++ * size;
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
