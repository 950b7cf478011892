/* SPDX-License-Identifier: MIT */
/*
 * Strings that are kept once: a number stands for each. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_STRINGS_H
#define FTOPEN_VIEW_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#include "util/map.h"
#include "util/text.h"

/**
 * struct view_strings - all zero has none
 * @bytes: one after the other, each with a NUL
 * @at: where string number i begins
 * @ranks: its place in the order of bytes; NULL until view_strings_rank()
 */
struct view_strings {
	char *bytes;
	size_t len, room;
	size_t *at;
	uint32_t count, at_room;
	struct map by_hash;
	uint32_t *ranks;
};

/**
 * view_strings_add - the number of the string that @text holds, up to the first NUL
 *
 * Return: 0, -ENOMEM, or -EFBIG where there is no number left.
 */
int view_strings_add(struct view_strings *strings, const struct text *text, uint32_t *number);

static inline const char *view_string(const struct view_strings *strings, uint32_t number)
{
	return strings->bytes + strings->at[number];
}

/**
 * view_strings_rank - find the order of all strings, once; nothing is added afterwards
 *
 * Return: 0 or -ENOMEM.
 */
int view_strings_rank(struct view_strings *strings);

/**
 * view_strings_settle - give back what only adding needs
 */
void view_strings_settle(struct view_strings *strings);

void view_strings_release(struct view_strings *strings);

#endif
