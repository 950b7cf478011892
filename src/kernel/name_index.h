/* SPDX-License-Identifier: MIT */
/*
 * From a name to the numbers of the things that bear it: a chained hash over 100,000 and more
 * names that stay where they are. Owns its two arrays, never the names.
 */
#ifndef FTOPEN_KERNEL_NAME_INDEX_H
#define FTOPEN_KERNEL_NAME_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* No (further) thing in the chain. */
#define NAME_INDEX_END UINT32_MAX

/**
 * struct name_index - filled by name_index_init()
 * @heads: by hash, the number that was added last
 * @next: by number, the one that was added before it
 */
struct name_index {
	uint32_t *heads;
	uint32_t *next;
	uint32_t mask;
};

/**
 * name_index_init - an empty index for the numbers 0 to @count - 1
 *
 * Return: 0 or -ENOMEM. Ends with name_index_release(), which an all-zero index survives.
 */
int name_index_init(struct name_index *index, uint32_t count);

void name_index_release(struct name_index *index);

/**
 * name_index_add - let @number, which was not added before, be found under @name
 */
void name_index_add(struct name_index *index, uint32_t number, const char *name, size_t len);

/**
 * name_index_first, name_index_next - walk the numbers that may bear @name
 *
 * Other names come along with the same hash: the caller compares.
 *
 * Return: a number, or NAME_INDEX_END.
 */
uint32_t name_index_first(const struct name_index *index, const char *name, size_t len);
uint32_t name_index_next(const struct name_index *index, uint32_t number);

#endif
