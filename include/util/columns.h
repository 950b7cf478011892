/* SPDX-License-Identifier: MIT */
/*
 * How much room escaped text takes on a terminal, and what of it fits into less.
 */
#ifndef FTOPEN_UTIL_COLUMNS_H
#define FTOPEN_UTIL_COLUMNS_H

#include <stddef.h>

#include "util/text.h"

/**
 * columns_of - the columns that @data takes
 *
 * East Asian wide characters take two, combining ones none, everything else one.
 */
size_t columns_of(const char *data, size_t len);

/**
 * columns_pad - spaces after @data, which was written, up to @columns
 */
void columns_pad(struct text *text, const char *data, size_t len, size_t columns);

/**
 * columns_shorten - append @data, without its middle where it takes more than @columns
 * @data: as escape_c() writes it: an escape sequence is kept whole or left out
 *
 * What is left out shows as "…". The end, where a path has its file, keeps more than the beginning.
 */
void columns_shorten(struct text *text, const char *data, size_t len, size_t columns);

/**
 * columns_wrap - append the lines of @data, broken at spaces where they take more than @columns
 * @columns: 0 for no bound
 *
 * What goes on is indented by two.
 */
void columns_wrap(struct text *text, const char *data, size_t len, size_t columns);

#endif
