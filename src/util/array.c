/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow.
 */
#include "util/array.h"

#include <stdlib.h>

#define FIRST_ROOM 8

void *array_grow(void *items, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : FIRST_ROOM;
	void *grown;

	if (count < *room)
		return items;
	grown = reallocarray(items, more, size);
	if (grown)
		*room = more;
	return grown;
}
