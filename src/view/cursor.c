/* SPDX-License-Identifier: MIT */
/*
 * Where the cursor goes.
 */
#include "cursor.h"

static size_t last_of(size_t count)
{
	return count ? count - 1 : 0;
}

void view_cursor_move(struct view_cursor *cursor, long lines, size_t count)
{
	size_t far = lines < 0 ? 0 - (size_t)lines : (size_t)lines, last = last_of(count);

	if (lines < 0)
		cursor->at = cursor->at > far ? cursor->at - far : 0;
	else
		cursor->at = last - cursor->at > far ? cursor->at + far : last;
}

void view_cursor_fit(struct view_cursor *cursor, size_t height, size_t count)
{
	size_t last_top = count > height ? count - height : 0;

	if (cursor->at > last_of(count))
		cursor->at = last_of(count);
	if (cursor->top > cursor->at)
		cursor->top = cursor->at;
	if (height && cursor->at - cursor->top >= height)
		cursor->top = cursor->at - height + 1;
	if (cursor->top > last_top)
		cursor->top = last_top;
}
