/* SPDX-License-Identifier: MIT */
/*
 * Room for rows, as the three lists need it. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_ROWS_H
#define FTOPEN_VIEW_ROWS_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "util/text.h"

/**
 * view_rows_room - have room for one more row of @size bytes than @count
 *
 * Return: 0, -ENOMEM, or -EFBIG where there is no number left for a row.
 */
static inline int view_rows_room(void **rows, uint32_t count, uint32_t *room, size_t size)
{
	uint32_t more = count < 256 ? 256 : count + count / 2;
	void *grown;

	if (count < *room)
		return 0;
	if (count > UINT32_MAX / 2)
		return -EFBIG;
	grown = realloc(*rows, more * size);
	if (!grown)
		return -ENOMEM;
	*rows = grown;
	*room = more;
	return 0;
}

/**
 * view_write_task - a task's name, escaped, in 17 columns
 */
void view_write_task(struct text *text, const char *comm);

/**
 * view_write_path - @path at the end of the line in @text, in the rest of @columns
 * @columns: 0 for no bound
 */
void view_write_path(struct text *text, const char *path, size_t columns);

#endif
