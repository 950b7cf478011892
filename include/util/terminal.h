/* SPDX-License-Identifier: MIT */
/*
 * What the terminal is like that results go to.
 */
#ifndef FTOPEN_UTIL_TERMINAL_H
#define FTOPEN_UTIL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * terminal_columns - how wide lines on @fd may be: COLUMNS, or what the terminal says
 *
 * Return: 0 for no bound: it is no terminal, or does not say.
 */
size_t terminal_columns(int fd);

/**
 * terminal_has_color - @fd is a terminal that is not dumb, and NO_COLOR is not set
 */
bool terminal_has_color(int fd);

#endif
