/* SPDX-License-Identifier: MIT */
/*
 * Shell patterns over bytes that may hold anything, in no locale. Never looks at files.
 */
#ifndef FTOPEN_UTIL_GLOB_H
#define FTOPEN_UTIL_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/**
 * glob_match - whether all of @text matches @pattern
 *
 * '*' is any number of bytes, a slash included, '?' one byte, [a-z] and [!a-z] one of a set (in
 * which a ']' that comes first stands for itself, and [:alpha:] and its like stand for the bytes of
 * that class in the C locale), a backslash takes the next byte as it is. A '['
 * that nothing closes stands for itself.
 */
bool glob_match(const char *pattern, size_t pattern_len, const char *text, size_t text_len);

#endif
