/* SPDX-License-Identifier: MIT */
/*
 * A cursor over lines; a window of them is shown. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_CURSOR_H
#define FTOPEN_VIEW_CURSOR_H

#include <stddef.h>

/**
 * struct view_cursor - all zero is at the first line
 * @at: the line
 * @top: the first that is shown
 */
struct view_cursor {
	size_t at, top;
};

/**
 * view_cursor_move - by @lines, which may be negative, as far as there are any
 * @count: how many lines there are
 */
void view_cursor_move(struct view_cursor *cursor, long lines, size_t count);

/**
 * view_cursor_fit - have the cursor inside of a window of @height lines, and the window full
 */
void view_cursor_fit(struct view_cursor *cursor, size_t height, size_t count);

#endif
