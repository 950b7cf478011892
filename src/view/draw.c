/* SPDX-License-Identifier: MIT */
/*
 * The screen from top to bottom: the lists by name, a heading, the lines that have room, and a line
 * for what is typed or said. Only those lines are composed.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "browse.h"
#include "screen.h"
#include "util/escape.h"

void browse_say(struct browse *browse, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(browse->said, sizeof(browse->said), fmt, args);
	va_end(args);
}

static bool has_heading(const struct browse *browse)
{
	return !browse->has_text && browse->view->tables[browse->list].kind->heading;
}

size_t browse_height(const struct browse *browse)
{
	size_t others = has_heading(browse) ? 3 : 2, lines = view_screen_lines();

	return lines > others ? lines - others : 0;
}

static void draw(size_t line, const char *text, size_t shift, enum view_style style, bool is_marked)
{
	size_t len;
	const char *shown = view_clip(text, shift, view_screen_columns(), &len);

	view_screen_line(line, shown, len, style, is_marked);
}

static void end_text(struct text *text)
{
	text_char(text, '\0');
}

/* --- the bars --------------------------------------------------------------------------------- */

static void draw_title(struct browse *browse)
{
	struct text *text = &browse->text;

	text->len = 0;
	for (int i = 0; i < VIEW_LISTS; i++) {
		const struct view_table *table = &browse->view->tables[i];
		bool is_shown = (int)browse->list == i;

		text_format(text, "%c%s %" PRIu32 "%c ", is_shown ? '[' : ' ', table->kind->name,
			    table->count, is_shown ? ']' : ' ');
	}
	escape_c(text, browse->source->title, strlen(browse->source->title));
	end_text(text);
	draw(0, text->data, 0, VIEW_STRONG, true);
}

/* What is missing is never out of sight. */
static void write_losses(struct text *text, const struct chain_totals *totals)
{
	if (!totals->losses)
		return;
	if (totals->lost_is_known)
		text_format(text, "  %" PRIu64 " records lost", totals->lost);
	else
		TEXT(text, "  records lost, it is not known how many");
}

static void write_place(struct browse *browse)
{
	const struct view_table *table = browse_table(browse);
	struct text *text = &browse->text;
	size_t count = browse_count(browse);

	text_format(text, "%zu/%zu", count ? browse_cursor(browse)->at + 1 : 0, count);
	if (browse->has_text) {
		TEXT(text, "  q: back  ?: help");
		return;
	}
	text_format(text, "  by %s%s", table->kind->sorts[table->sort].name,
		    table->is_reversed ? ", reversed" : "");
	if (*table->filter.text) {
		TEXT(text, "  filter: ");
		text_str(text, table->filter.text);
	}
	if (table->scanned < table->to_scan)
		text_format(text, "  %zu %%", 100 * table->scanned / table->to_scan);
	write_losses(text, &browse->view->totals);
	TEXT(text, "  ?: help");
}

static size_t draw_bottom(struct browse *browse)
{
	static const char *const asked[] = { "", "filter: ", "/" };
	struct text *text = &browse->text;
	size_t cursor = SIZE_MAX;

	text->len = 0;
	if (browse->prompt) {
		text_str(text, asked[browse->prompt]);
		text_str(text, browse->typed);
		cursor = text->len;
	} else if (*browse->said) {
		text_str(text, browse->said);
	} else {
		write_place(browse);
	}
	end_text(text);
	draw(view_screen_lines() - 1, text->data, 0, VIEW_PLAIN, !browse->prompt);
	return cursor;
}

/* --- lines ------------------------------------------------------------------------------------ */

static void draw_rows(struct browse *browse, size_t from)
{
	struct view_table *table = browse_table(browse);
	const struct view_cursor *cursor = &table->cursor;
	size_t height = browse_height(browse), columns = view_screen_columns();
	size_t left = table->shown_count - cursor->top;
	size_t count = left < height ? left : height;
	const uint32_t *rows = table->shown + cursor->top;

	if (table->kind->measure)
		table->kind->measure(table->rows, rows, count, columns);
	for (size_t i = 0; i < height; i++) {
		struct text *text = &browse->text;
		bool is_row = i < count;

		text->len = 0;
		if (is_row)
			table->kind->line(table->rows, rows[i], columns, text);
		end_text(text);
		draw(from + i, text->data, 0,
		     is_row ? table->kind->style(table->rows, rows[i]) : VIEW_PLAIN,
		     is_row && cursor->top + i == cursor->at);
	}
}

static void draw_text(struct browse *browse, size_t from)
{
	const struct view_lines *lines = &browse->lines;
	const struct view_cursor *cursor = &lines->cursor;

	for (size_t i = 0; i < browse_height(browse); i++) {
		size_t at = cursor->top + i;
		const char *line = at < lines->count ? lines->lines[at] : "";

		draw(from + i, line, lines->shift, view_lines_style(line),
		     at < lines->count && at == cursor->at);
	}
}

void browse_draw(struct browse *browse)
{
	size_t first = 1, cursor;

	view_cursor_fit(browse_cursor(browse), browse_height(browse), browse_count(browse));
	draw_title(browse);
	if (has_heading(browse))
		draw(first++, browse_table(browse)->kind->heading, 0, VIEW_STRONG, false);
	if (browse->has_text)
		draw_text(browse, first);
	else
		draw_rows(browse, first);
	cursor = draw_bottom(browse);
	view_screen_show(cursor);
}
