/* SPDX-License-Identifier: MIT */
/*
 * Names are bytes that may hold anything. Here they become text that cannot break a line, a
 * terminal or a JSON string, and that can be turned back into the bytes.
 */
#ifndef FTOPEN_UTIL_ESCAPE_H
#define FTOPEN_UTIL_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

/**
 * utf8_length - bytes of the well-formed UTF-8 sequence that @data begins with
 *
 * Return: 1 to 4, or 0 if there is none (also for overlong forms, surrogates and what lies
 * beyond U+10FFFF, as RFC 3629 has it).
 */
size_t utf8_length(const char *data, size_t len);

bool is_utf8(const char *data, size_t len);

/**
 * utf8_code_point - the character of the well-formed sequence of @length bytes at @data
 */
uint32_t utf8_code_point(const char *data, size_t length);

/**
 * escape_c - append @data in the form of a C string, without the quotes around it
 *
 * \\ \" \n \t, and \xHH with exactly two digits for every byte of: control characters, what is not
 * UTF-8, and characters that steer the terminal or the direction of text. Undone by unescape_c().
 */
void escape_c(struct text *text, const char *data, size_t len);

/**
 * struct quoting - how a string of a format is written: @by stands before each of @special
 */
struct quoting {
	const char *special;
	char by;
};

/* For text in double quotes: a backslash stands before double quotes and backslashes. */
extern const struct quoting quoting_by_backslash;

/**
 * escape_c_within - the same inside of a string of another format
 * @scratch: never flushed; what it holds is lost
 */
void escape_c_within(struct text *text, struct text *scratch, const struct quoting *quoting,
		     const char *data, size_t len);

/**
 * unescape_c - the bytes that escape_c() was given
 * @out: room for @len bytes
 * @out_len: filled with the number of bytes
 *
 * Return: 0, or -EINVAL for what escape_c() never writes.
 */
int unescape_c(const char *data, size_t len, char *out, size_t *out_len);

/**
 * escape_json - append @data in the form of a JSON string, without the quotes around it
 * @data: must be UTF-8; see is_utf8()
 */
void escape_json(struct text *text, const char *data, size_t len);

/**
 * escape_hex - append two hexadecimal digits per byte
 */
void escape_hex(struct text *text, const char *data, size_t len);

#endif
