/* SPDX-License-Identifier: MIT */
/*
 * What is on the screen: what the loop (browse.c), what keys do (actions.c), what is typed
 * (prompt.c) and the drawing (draw.c) share. For these files only.
 */
#ifndef FTOPEN_VIEW_BROWSE_H
#define FTOPEN_VIEW_BROWSE_H

#include "lines.h"
#include "model.h"

enum view_prompt {
	VIEW_NO_PROMPT,
	VIEW_FILTER,
	VIEW_SEARCH,
};

/**
 * struct browse - the state of the viewer
 * @list: the list that is shown, below the text if there is one
 * @lines: the chain or the help, shown if @has_text
 * @open: whose chain it is, 0 for the help
 * @prompt: what is typed in the last line
 * @typed: the bytes of it
 * @search: what / was asked for
 * @before: where the cursor was when it was asked
 * @said: what the last line says until the next key
 */
struct browse {
	struct viewer *view;
	const struct view_source *source;
	enum view_list list;
	struct view_lines lines;
	bool has_text;
	uint64_t open;
	bool is_terse;
	bool has_components;
	enum view_prompt prompt;
	char typed[VIEW_FILTER_SIZE];
	struct view_filter search;
	struct view_cursor before;
	char said[256];
	bool is_over;
	struct text text;
};

static inline struct view_table *browse_table(struct browse *browse)
{
	return &browse->view->tables[browse->list];
}

static inline struct view_cursor *browse_cursor(struct browse *browse)
{
	return browse->has_text ? &browse->lines.cursor : &browse_table(browse)->cursor;
}

static inline size_t browse_count(struct browse *browse)
{
	return browse->has_text ? browse->lines.count : browse_table(browse)->shown_count;
}

/* --- draw.c --- */

/**
 * browse_say - have the last line say it until the next key
 */
void browse_say(struct browse *browse, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * browse_draw - draw all that is shown
 */
void browse_draw(struct browse *browse);

/**
 * browse_height - how many lines of the list or the text are shown
 */
size_t browse_height(const struct browse *browse);

/* --- prompt.c --- */

/**
 * browse_ask - let a filter or a search be typed
 */
void browse_ask(struct browse *browse, enum view_prompt prompt);

/**
 * browse_type - a key, while something is typed
 */
void browse_type(struct browse *browse, int key);

/**
 * browse_find - go to the next or the previous match of the search
 */
void browse_find(struct browse *browse, int step, bool here);

/* --- actions.c --- */

/**
 * browse_press - a key, while nothing is typed
 */
void browse_press(struct browse *browse, int key);

#endif
