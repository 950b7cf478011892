/* SPDX-License-Identifier: MIT */
/*
 * Parts of lines.
 */
#include "rows.h"

#include <string.h>

#include "util/columns.h"
#include "util/escape.h"

#define TASK_COLUMNS 17

void view_write_task(struct text *text, const char *comm)
{
	size_t begin = text->len;

	escape_c(text, comm, strlen(comm));
	columns_pad(text, text->data + begin, text->len - begin, TASK_COLUMNS);
}

void view_write_path(struct text *text, const char *path, size_t columns)
{
	size_t used = columns_of(text->data, text->len);
	size_t left = columns > used ? columns - used : 0;

	columns_shorten(text, path, strlen(path), columns ? left : SIZE_MAX);
}
