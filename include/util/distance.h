/* SPDX-License-Identifier: MIT */
/*
 * How far two words are apart, to guess which one was meant.
 */
#ifndef FTOPEN_UTIL_DISTANCE_H
#define FTOPEN_UTIL_DISTANCE_H

#include <stdbool.h>
#include <stddef.h>

#define DISTANCE_MAX_LEN 255 /* bytes of a word */

/**
 * distance_of - how many letters have to be added, left out or replaced to get from @a to @b
 *
 * Levenshtein's distance. Neither is longer than DISTANCE_MAX_LEN.
 */
unsigned int distance_of(const char *a, size_t a_len, const char *b, size_t b_len);

/**
 * is_near - whether @b may have been meant by @a: at most two letters differ
 */
bool is_near(const char *a, const char *b);

#endif
