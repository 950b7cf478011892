/* SPDX-License-Identifier: MIT */
/*
 * What is typed in the last line: a filter or a search, which works with every key.
 */
#include <string.h>

#include "browse.h"
#include "screen.h"

#define KEY_ESCAPE 0x1b
#define KEY_CTRL_U 0x15

static void out_of_memory(struct browse *browse)
{
	browse_say(browse, "cannot do this: %s", "there is no memory left");
}

void browse_find(struct browse *browse, int step, bool here)
{
	bool found = browse->has_text
			     ? view_lines_find(&browse->lines, &browse->search, step, here)
			     : view_table_find(browse_table(browse), &browse->search, step, here);

	if (!found && browse->search.count)
		browse_say(browse, "not found: %s", browse->search.text);
}

void browse_ask(struct browse *browse, enum view_prompt prompt)
{
	if (prompt == VIEW_FILTER && browse->has_text) {
		browse_say(browse, "a filter is for lists; / searches here");
		return;
	}
	browse->prompt = prompt;
	browse->typed[0] = '\0';
	if (prompt == VIEW_FILTER)
		strcpy(browse->typed, browse_table(browse)->filter.text);
	browse->before = *browse_cursor(browse);
}

/* It is searched from where the cursor was when it was asked for. */
static void search(struct browse *browse)
{
	if (view_filter_set(&browse->search, browse->typed, browse->view->strings.count))
		out_of_memory(browse);
	*browse_cursor(browse) = browse->before;
	if (browse->search.count)
		browse_find(browse, 1, true);
}

static void work(struct browse *browse)
{
	if (browse->prompt == VIEW_SEARCH)
		search(browse);
	else if (view_table_filter(browse_table(browse), browse->typed))
		out_of_memory(browse);
}

/* What is typed is UTF-8: a character goes with all of its bytes. */
static void erase(struct browse *browse)
{
	size_t len = strlen(browse->typed);

	while (len && (browse->typed[len - 1] & 0xc0) == 0x80)
		len--;
	browse->typed[len ? len - 1 : 0] = '\0';
}

static void append(struct browse *browse, int key)
{
	size_t len = strlen(browse->typed);

	if (len + 1 >= sizeof(browse->typed))
		return;
	browse->typed[len] = (char)key;
	browse->typed[len + 1] = '\0';
}

void browse_type(struct browse *browse, int key)
{
	switch (key) {
	case '\r':
		browse->prompt = VIEW_NO_PROMPT;
		return;
	case KEY_ESCAPE:
		browse->typed[0] = '\0';
		work(browse);
		browse->prompt = VIEW_NO_PROMPT;
		return;
	case KEY_CTRL_U:
		browse->typed[0] = '\0';
		break;
	case VIEW_KEY_BACKSPACE:
		erase(browse);
		break;
	default:
		if (key < ' ' || key > 0xff)
			return;
		append(browse, key);
	}
	work(browse);
}
