/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow: twice as large each time, so that adding an element stays cheap.
 */
#ifndef FTOPEN_UTIL_ARRAY_H
#define FTOPEN_UTIL_ARRAY_H

#include <stddef.h>

/**
 * array_grow - room for one more element
 * @items: malloc'ed, NULL at first; not to be used after this, unless it failed
 * @count, *@room: how many elements there are, and how many have room
 * @size: of an element
 *
 * Return: where the elements are now, or NULL, then @items is as it was. Ends with free().
 */
void *array_grow(void *items, size_t count, size_t *room, size_t size);

#endif
