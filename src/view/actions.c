/* SPDX-License-Identifier: MIT */
/*
 * What keys do. The table below is all of it, and what the help shows.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "browse.h"
#include "chain.h"
#include "screen.h"

#define KEY_ESCAPE 0x1b
#define SHIFT	   8 /* columns */

/* --- moving ----------------------------------------------------------------------------------- */

static void move_by(struct browse *browse, long lines)
{
	view_cursor_move(browse_cursor(browse), lines, browse_count(browse));
}

static void go_down(struct browse *browse)
{
	move_by(browse, 1);
}

static void go_up(struct browse *browse)
{
	move_by(browse, -1);
}

static void page_down(struct browse *browse)
{
	move_by(browse, (long)browse_height(browse));
}

static void page_up(struct browse *browse)
{
	move_by(browse, -(long)browse_height(browse));
}

static void go_home(struct browse *browse)
{
	move_by(browse, -(long)browse_count(browse));
}

static void go_end(struct browse *browse)
{
	move_by(browse, (long)browse_count(browse));
}

static void shift_right(struct browse *browse)
{
	browse->lines.shift += SHIFT;
}

static void shift_left(struct browse *browse)
{
	browse->lines.shift -= browse->lines.shift < SHIFT ? browse->lines.shift : SHIFT;
}

/* --- lists ------------------------------------------------------------------------------------ */

static void show_list(struct browse *browse, enum view_list list)
{
	browse->has_text = false;
	browse->list = list;
}

static void next_list(struct browse *browse)
{
	show_list(browse, (enum view_list)((browse->list + 1) % VIEW_LISTS));
}

static void list_before(struct browse *browse)
{
	show_list(browse, (enum view_list)((browse->list + VIEW_LISTS - 1) % VIEW_LISTS));
}

static void sort(struct browse *browse, size_t how, bool is_reversed)
{
	browse_say(browse, "sorting");
	browse_draw(browse);
	browse->said[0] = '\0';
	if (view_table_sort(browse_table(browse), how, is_reversed))
		browse_say(browse, "cannot sort: there is no memory left");
}

static void next_sort(struct browse *browse)
{
	const struct view_table *table = browse_table(browse);

	sort(browse, table->kind->sorts[table->sort + 1].name ? table->sort + 1 : 0, false);
}

static void reverse(struct browse *browse)
{
	const struct view_table *table = browse_table(browse);

	sort(browse, table->sort, !table->is_reversed);
}

static void ask_filter(struct browse *browse)
{
	browse_ask(browse, VIEW_FILTER);
}

static void ask_search(struct browse *browse)
{
	browse_ask(browse, VIEW_SEARCH);
}

static void find_next(struct browse *browse)
{
	browse_find(browse, 1, false);
}

static void find_before(struct browse *browse)
{
	browse_find(browse, -1, false);
}

static void switch_times(struct browse *browse)
{
	struct viewer *view = browse->view;

	if (view->options.clock.only_orders) {
		browse_say(browse, "the trace clock does not measure time");
		return;
	}
	view->page.has_times = !view->page.has_times;
}

/* --- chains ----------------------------------------------------------------------------------- */

/* Any key leaves a recording that takes long; a signal leaves the viewer as well. */
static bool goes_on(void *context, unsigned int percent)
{
	struct browse *browse = context;
	int key;

	browse_say(browse, "reading the chain, %u %%; any key stops it", percent);
	browse_draw(browse);
	browse->said[0] = '\0';
	key = view_screen_key(false);
	browse->is_over |= key == VIEW_KEY_SIGNAL;
	return key == VIEW_KEY_NONE || key == VIEW_KEY_RESIZED;
}

static void write_first_line(struct browse *browse, uint32_t row)
{
	struct text *text = &browse->text;

	view_kind_opens.measure(&browse->view->opens, &row, 1, 0);
	text->len = 0;
	view_kind_opens.line(&browse->view->opens, row, 0, text);
	text_char(text, '\n');
	text_char(text, '\0');
}

static int show_text(struct browse *browse, char *text)
{
	int ret = view_lines_set(&browse->lines, text);

	browse->has_text = !ret;
	return ret;
}

static int show_chain(struct browse *browse, uint64_t open, uint32_t row)
{
	const struct view_chain chain = {
		.open = open,
		.explains = !browse->is_terse,
		.components = browse->has_components,
		.goes_on = goes_on,
		.context = browse,
	};
	char *read, *all = NULL;
	int ret = view_chain_read(browse->view, browse->source, &chain, &read);

	if (ret)
		return ret;
	write_first_line(browse, row);
	if (asprintf(&all, "%s%s", browse->text.data, read) < 0)
		ret = -ENOMEM;
	free(read);
	if (!ret)
		ret = show_text(browse, all);
	browse->open = open;
	return ret;
}

static void open_chain(struct browse *browse, uint64_t open)
{
	uint32_t row = view_find_open(browse->view, open);
	int ret = row == VIEW_NO_ROW ? -ENOENT : show_chain(browse, open, row);

	if (ret == -ENOENT)
		browse_say(browse, "no open of this recording made it");
	else if (ret && ret != -ECANCELED && !*browse->said)
		browse_say(browse, "cannot read the chain: %s", strerror(-ret));
}

/* Of a directory: the opens that have its path. */
static void open_folder(struct browse *browse, uint32_t row)
{
	const struct viewer *view = browse->view;
	const char *path = view_string(&view->strings, view->folders.rows[row].path);

	if (*path != '/') {
		browse_say(browse, "the directory of these opens is not known");
		return;
	}
	if (strlen(path) >= VIEW_FILTER_SIZE) {
		browse_say(browse, "cannot filter by so long a path");
		return;
	}
	show_list(browse, VIEW_OPENS);
	if (view_table_filter(browse_table(browse), path))
		browse_say(browse, "cannot filter: there is no memory left");
}

static void enter(struct browse *browse)
{
	const struct viewer *view = browse->view;
	uint32_t row = view_table_row(browse_table(browse));

	if (browse->has_text || row == VIEW_NO_ROW)
		return;
	if (browse->list == VIEW_FOLDERS)
		open_folder(browse, row);
	else if (browse->list == VIEW_NEGATIVES)
		open_chain(browse, view->negatives.rows[row].open);
	else
		open_chain(browse, view->opens.rows[row].id);
}

static void switch_words(struct browse *browse)
{
	browse->is_terse = !browse->is_terse;
	if (browse->has_text && browse->open)
		open_chain(browse, browse->open);
}

static void switch_components(struct browse *browse)
{
	browse->has_components = !browse->has_components;
	if (browse->has_text && browse->open)
		open_chain(browse, browse->open);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void copy(struct browse *browse)
{
	const struct view_lines *lines = &browse->lines;
	struct view_table *table = browse_table(browse);
	uint32_t row = view_table_row(table);
	struct text *text = &browse->text;

	text->len = 0;
	if (browse->has_text && lines->count)
		text_str(text, lines->lines[lines->cursor.at]);
	else if (!browse->has_text && row != VIEW_NO_ROW)
		table->kind->line(table->rows, row, 0, text);
	view_screen_copy(text->data, text->len);
	browse_say(browse, "copied, if the terminal lets programs do that (OSC 52)");
}

static void leave(struct browse *browse)
{
	browse->is_over = !browse->has_text;
	browse->has_text = false;
}

static void back(struct browse *browse)
{
	if (!browse->has_text && view_table_filter(browse_table(browse), ""))
		browse_say(browse, "cannot show all: there is no memory left");
	browse->has_text = false;
}

static void help(struct browse *browse);

static const struct {
	int keys[3];
	const char *names;
	const char *help;
	void (*act)(struct browse *browse);
} actions[] = {
	{ { 'q' }, "q", "back from a chain or from the help, else the end", leave },
	{ { '?', 'h' }, "? h", "this help", help },
	{ { '\r' },
	  "enter",
	  "an open's chain, or the opens filtered by a directory's path",
	  enter },
	{ { '\t' }, "tab", "opens, negative dentries, directories", next_list },
	{ { VIEW_KEY_BACK_TAB }, "shift-tab", "the same, backwards", list_before },
	{ { 'f' },
	  "f",
	  "show only lines with all words that are typed; enter keeps it",
	  ask_filter },
	{ { KEY_ESCAPE }, "escape", "back from a chain; in a list: no filter any more", back },
	{ { '/' }, "/", "search for words", ask_search },
	{ { 'n' }, "n", "the next line with these words", find_next },
	{ { 'N' }, "N", "the one before", find_before },
	{ { 's' }, "s", "sort by something else", next_sort },
	{ { 'r' }, "r", "sort the other way round", reverse },
	{ { 't' }, "t", "when each open began", switch_times },
	{ { 'e' }, "e", "in a chain: say what each line means, or do not", switch_words },
	{ { 'c' }, "c", "in a chain: directories on the way, too, or not", switch_components },
	{ { 'y' }, "y", "copy the line (OSC 52)", copy },
	{ { VIEW_KEY_DOWN, 'j' }, "down j", "the next line", go_down },
	{ { VIEW_KEY_UP, 'k' }, "up k", "the line before", go_up },
	{ { VIEW_KEY_PAGE_DOWN, ' ' }, "page-down space", "a screen further", page_down },
	{ { VIEW_KEY_PAGE_UP, 'b' }, "page-up b", "a screen back", page_up },
	{ { VIEW_KEY_HOME, 'g' }, "home g", "the first line", go_home },
	{ { VIEW_KEY_END, 'G' }, "end G", "the last line", go_end },
	{ { VIEW_KEY_RIGHT }, "right", "in a chain: what stands further right", shift_right },
	{ { VIEW_KEY_LEFT }, "left", "in a chain: and back", shift_left },
};

#define ACTION_COUNT (sizeof(actions) / sizeof(actions[0]))

static int show_help(struct browse *browse)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < ACTION_COUNT; i++)
		fprintf(out, "  %-16s %s\n", actions[i].names, actions[i].help);
	fputs("\nWords of a filter are found in the path, the task's name, the call, the errno "
	      "and\n"
	      "what the cache had: 'enoent python' shows what python did not find. Capital "
	      "letters\n"
	      "count if a word has one.\n",
	      out);
	if (fclose(out)) {
		free(text);
		return -ENOMEM;
	}
	return show_text(browse, text);
}

static void help(struct browse *browse)
{
	browse->open = 0;
	if (show_help(browse))
		browse_say(browse, "cannot show the help: there is no memory left");
}

void browse_press(struct browse *browse, int key)
{
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		for (size_t j = 0; j < sizeof(actions[i].keys) / sizeof(int); j++) {
			if (actions[i].keys[j] != key)
				continue;
			actions[i].act(browse);
			return;
		}
	}
}
