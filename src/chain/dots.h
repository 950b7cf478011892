/* SPDX-License-Identifier: MIT */
/*
 * The text of a path, or of a link's body.
 */
#ifndef FTOPEN_CHAIN_DOTS_H
#define FTOPEN_CHAIN_DOTS_H

#include "model.h"

/**
 * skip_dots - past slashes and what consists of at most @dots dots, from @at on
 */
size_t skip_dots(const char *text, size_t len, size_t at, size_t dots);

/**
 * count_dotdots - how many ".." are between @from and @to
 *
 * Return: 0 as well if there is anything else but slashes and ".".
 */
size_t count_dotdots(const char *text, size_t from, size_t to);

/**
 * is_adjacent - whether nothing but slashes and "." is between @from and @to: a walk goes nowhere
 */
bool is_adjacent(const char *text, size_t from, size_t to);

/**
 * is_rest - whether the string of @record, what is left to be walked, is that of @text from @at on
 */
bool is_rest(const char *text, size_t len, size_t at, const struct record *record);

#endif
