/* SPDX-License-Identifier: MIT */
/*
 * A place in a file, or in a section that was decompressed, from which numbers and texts are read
 * within bounds. What does not fit is reported with the section and the byte.
 */
#ifndef FTOPEN_TRACEDAT_CURSOR_H
#define FTOPEN_TRACEDAT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURSOR_WINDOW 4096

/**
 * struct cursor - all but the window is the caller's to set
 * @path: for messages
 * @section: where it stands, for messages
 * @memory: read from these bytes instead of @fd; NULL for the file
 * @base: added to places in messages, for bytes that were decompressed
 * @end: no byte from here on belongs to it
 * @is_big: numbers are big-endian
 */
struct cursor {
	const char *path;
	const char *section;
	const uint8_t *memory;
	int fd;
	bool is_big;
	uint64_t base;
	uint64_t at;
	uint64_t end;
	uint64_t window_at;
	size_t window_size;
	uint8_t window[CURSOR_WINDOW];
};

/**
 * cursor_bytes - read @size bytes
 *
 * Return: 0, or a negative errno that was reported: -EBADMSG if they are not all there. The same
 * holds for the functions below.
 */
int cursor_bytes(struct cursor *cursor, void *to, size_t size);

int cursor_u16(struct cursor *cursor, uint16_t *value);
int cursor_u32(struct cursor *cursor, uint32_t *value);
int cursor_u64(struct cursor *cursor, uint64_t *value);

int cursor_skip(struct cursor *cursor, uint64_t size);

/**
 * cursor_text - read @size bytes into memory of their own, and put a NUL after them
 * @text: the caller's to free()
 */
int cursor_text(struct cursor *cursor, uint64_t size, char **text);

/**
 * cursor_string - read up to and with a NUL
 * @text: the caller's to free()
 */
int cursor_string(struct cursor *cursor, char **text);

/**
 * cursor_expect - read what has to be there: @size bytes
 */
int cursor_expect(struct cursor *cursor, const void *bytes, size_t size);

/**
 * cursor_bad - report that @what at this place is wrong
 *
 * Return: -EBADMSG.
 */
int cursor_bad(const struct cursor *cursor, const char *what) __attribute__((nonnull));

#endif
