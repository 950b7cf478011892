/* SPDX-License-Identifier: MIT */
/*
 * The terminal, by way of ncurses: nothing else knows of it. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_SCREEN_H
#define FTOPEN_VIEW_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "table.h"

/* What was pressed: a character, or one of these. */
enum view_key {
	VIEW_KEY_NONE = 0x100,
	VIEW_KEY_UP,
	VIEW_KEY_DOWN,
	VIEW_KEY_LEFT,
	VIEW_KEY_RIGHT,
	VIEW_KEY_PAGE_UP,
	VIEW_KEY_PAGE_DOWN,
	VIEW_KEY_HOME,
	VIEW_KEY_END,
	VIEW_KEY_BACK_TAB,
	VIEW_KEY_BACKSPACE,
	VIEW_KEY_RESIZED,
	VIEW_KEY_SIGNAL, /* view_screen_signal() says which */
};

/**
 * view_screen_start - take the terminal
 *
 * Return: 0, or a negative errno that was reported. Ends with view_screen_end().
 */
int view_screen_start(void);

/**
 * view_screen_end - give the terminal back as it was
 */
void view_screen_end(void);

size_t view_screen_lines(void);
size_t view_screen_columns(void);

/**
 * view_screen_line - draw @len bytes of @text in line @line, and nothing after them
 * @is_marked: it is that of the cursor, or a bar
 */
void view_screen_line(size_t line, const char *text, size_t len, enum view_style style,
		      bool is_marked);

/**
 * view_screen_show - let what was drawn appear
 * @cursor: the column of the last line in which something is typed; SIZE_MAX for none
 */
void view_screen_show(size_t cursor);

/**
 * view_screen_key - the next key; bytes of other characters than ASCII come one by one
 * @waits: until there is one; else VIEW_KEY_NONE if there is none yet
 */
int view_screen_key(bool waits);

/**
 * view_screen_signal - the number of the signal that wants us to end, 0 for none
 */
int view_screen_signal(void);

/**
 * view_screen_copy - hand @text to the terminal's clipboard (OSC 52)
 */
void view_screen_copy(const char *text, size_t len);

#endif
