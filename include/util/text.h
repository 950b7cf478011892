/* SPDX-License-Identifier: MIT */
/*
 * Text on its way out: appended piece by piece to a buffer of fixed size that is handed to stdio
 * when it is full. Knows nothing of what is written; never allocates, never closes the stream.
 */
#ifndef FTOPEN_UTIL_TEXT_H
#define FTOPEN_UTIL_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 65536

/**
 * struct text - a buffer in front of a stream
 * @out: stays the caller's
 * @error: the first failure, a negative errno; nothing is written after it
 */
struct text {
	FILE *out;
	int error;
	size_t len;
	char data[TEXT_SIZE];
};

void text_init(struct text *text, FILE *out);

/**
 * text_flush - hand what was appended to the stream (whose own buffer may still hold it)
 *
 * Return: 0, or the first negative errno that the stream gave, now or earlier.
 */
int text_flush(struct text *text);

/**
 * text_long - append @len bytes that do not fit, or may not; text_bytes() calls it
 */
void text_long(struct text *text, const char *data, size_t len);

static inline void text_bytes(struct text *text, const char *data, size_t len)
{
	if (len > TEXT_SIZE || text->len > TEXT_SIZE - len) {
		text_long(text, data, len);
		return;
	}
	memcpy(text->data + text->len, data, len);
	text->len += len;
}

/* A literal, whose length the compiler knows. */
#define TEXT(text, literal) text_bytes(text, "" literal, sizeof(literal) - 1)

static inline void text_str(struct text *text, const char *str)
{
	text_bytes(text, str, strlen(str));
}

static inline void text_char(struct text *text, char c)
{
	text_bytes(text, &c, 1);
}

void text_u64(struct text *text, uint64_t value);
void text_s64(struct text *text, int64_t value);

/**
 * text_addr - "0x" and 16 hexadecimal digits
 */
void text_addr(struct text *text, uint64_t addr);

/**
 * text_hex_s64 - the sign, "0x" and as few hexadecimal digits as it takes
 */
void text_hex_s64(struct text *text, int64_t value);

/**
 * text_seconds - @ns as seconds with nine decimals
 */
void text_seconds(struct text *text, uint64_t ns);

/**
 * text_format - append as printf() does, cut after 255 bytes: for numbers and our own words
 */
void text_format(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * text_spaces - @count spaces
 */
void text_spaces(struct text *text, size_t count);

#endif
