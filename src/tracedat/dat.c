/* SPDX-License-Identifier: MIT */
/*
 * What every part of the reader needs of a file.
 */
#include "read_internal.h"

#include <stdlib.h>
#include <string.h>

#include "tracedat/write.h"

void dat_cursor(const struct dat *dat, struct cursor *cursor, const char *section, uint64_t at,
		uint64_t end)
{
	memset(cursor, 0, offsetof(struct cursor, window));
	cursor->path = dat->path;
	cursor->section = section;
	cursor->fd = dat->fd;
	cursor->is_big = dat->is_big;
	cursor->at = at;
	cursor->end = end;
}

void keep(char **place, char *text)
{
	free(*place);
	*place = text;
}

enum scope buffer_scope(const char *name)
{
	return strcmp(name, DAT_BUFFER_ANY) ? SCOPE_TASK : SCOPE_ANY;
}
