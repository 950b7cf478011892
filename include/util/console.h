/* SPDX-License-Identifier: MIT */
/*
 * The terminal of a command that is redrawn and steered by keys: its size, its keys one by one, and
 * its modes, which are put back. No screen of its own is taken: what was drawn last stays.
 */
#ifndef FTOPEN_UTIL_CONSOLE_H
#define FTOPEN_UTIL_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>

/**
 * struct console - @keys: the process's terminal, -1 for none: then no key comes
 */
struct console {
	int keys;
	bool has_modes;
	struct termios before;
};

/**
 * console_open - from here on keys are not shown, and come without Enter; Ctrl-C and Ctrl-Z do what
 * they always do
 */
void console_open(struct console *console);

/**
 * console_key - Return: the next key that was pressed, 0 for none
 */
char console_key(const struct console *console);

/**
 * console_clear - empty the screen at @out, and begin at its top; takes the modes again, which a
 * shell puts back when the process was stopped
 */
void console_clear(const struct console *console, FILE *out);

/**
 * console_close - put the modes back
 */
void console_close(struct console *console);

/**
 * console_size - of the terminal @fd; 24 rows of 80 columns where it does not say
 */
void console_size(int fd, size_t *rows, size_t *columns);

#endif
