/* SPDX-License-Identifier: MIT */
/*
 * A text that is read line by line: a chain, the help. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_LINES_H
#define FTOPEN_VIEW_LINES_H

#include "table.h"

/**
 * struct view_lines - all zero has none
 * @text: each line of it ends with a NUL
 * @shift: columns that are left out at the left
 */
struct view_lines {
	char *text;
	const char **lines;
	size_t count;
	size_t shift;
	struct view_cursor cursor;
};

/**
 * view_lines_set - show @text, which becomes theirs, from its beginning
 *
 * Return: 0, or -ENOMEM, and there are no lines then.
 */
int view_lines_set(struct view_lines *lines, char *text);

/**
 * view_lines_style - how a line looks, by what it says
 */
enum view_style view_lines_style(const char *line);

/**
 * view_lines_find - as view_table_find()
 */
bool view_lines_find(struct view_lines *lines, const struct view_filter *search, int step,
		     bool here);

/**
 * view_clip - what of @line stands in the columns from @shift on, at most @columns of them
 * @len: filled with its bytes
 *
 * Return: points into @line. A character that is only partly there is left out.
 */
const char *view_clip(const char *line, size_t shift, size_t columns, size_t *len);

void view_lines_release(struct view_lines *lines);

#endif
