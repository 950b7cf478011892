/* SPDX-License-Identifier: MIT */
/*
 * Columns of a terminal. The C library's own widths depend on a locale, which names do not have.
 */
#include "util/columns.h"

#include <stdint.h>

#include "util/escape.h"

#define ELLIPSIS "…"

/* Ranges of characters that do not take one column, in order. */
static const struct {
	uint32_t low, high;
	uint8_t columns;
} widths[] = {
	{ 0x300, 0x36f, 0 },	 { 0x483, 0x489, 0 },	  { 0x591, 0x5bd, 0 },
	{ 0x610, 0x61a, 0 },	 { 0x64b, 0x65f, 0 },	  { 0x1100, 0x115f, 2 },
	{ 0x1ab0, 0x1aff, 0 },	 { 0x1dc0, 0x1dff, 0 },	  { 0x20d0, 0x20ff, 0 },
	{ 0x231a, 0x231b, 2 },	 { 0x2329, 0x232a, 2 },	  { 0x23e9, 0x23ec, 2 },
	{ 0x23f0, 0x23f0, 2 },	 { 0x23f3, 0x23f3, 2 },	  { 0x25fd, 0x25fe, 2 },
	{ 0x2614, 0x2615, 2 },	 { 0x2648, 0x2653, 2 },	  { 0x267f, 0x267f, 2 },
	{ 0x2693, 0x2693, 2 },	 { 0x26a1, 0x26a1, 2 },	  { 0x26aa, 0x26ab, 2 },
	{ 0x26bd, 0x26be, 2 },	 { 0x26c4, 0x26c5, 2 },	  { 0x26ce, 0x26ce, 2 },
	{ 0x26d4, 0x26d4, 2 },	 { 0x26ea, 0x26ea, 2 },	  { 0x26f2, 0x26f3, 2 },
	{ 0x26f5, 0x26f5, 2 },	 { 0x26fa, 0x26fa, 2 },	  { 0x26fd, 0x26fd, 2 },
	{ 0x2705, 0x2705, 2 },	 { 0x270a, 0x270b, 2 },	  { 0x2728, 0x2728, 2 },
	{ 0x274c, 0x274c, 2 },	 { 0x274e, 0x274e, 2 },	  { 0x2753, 0x2755, 2 },
	{ 0x2757, 0x2757, 2 },	 { 0x2795, 0x2797, 2 },	  { 0x27b0, 0x27b0, 2 },
	{ 0x27bf, 0x27bf, 2 },	 { 0x2b1b, 0x2b1c, 2 },	  { 0x2b50, 0x2b50, 2 },
	{ 0x2b55, 0x2b55, 2 },	 { 0x2e80, 0x303e, 2 },	  { 0x3041, 0x3098, 2 },
	{ 0x3099, 0x309a, 0 },	 { 0x309b, 0x4dbf, 2 },	  { 0x4e00, 0xa4cf, 2 },
	{ 0xa960, 0xa97f, 2 },	 { 0xac00, 0xd7a3, 2 },	  { 0xf900, 0xfaff, 2 },
	{ 0xfe00, 0xfe0f, 0 },	 { 0xfe10, 0xfe19, 2 },	  { 0xfe20, 0xfe2f, 0 },
	{ 0xfe30, 0xfe6f, 2 },	 { 0xff00, 0xff60, 2 },	  { 0xffe0, 0xffe6, 2 },
	{ 0x16fe0, 0x18d08, 2 }, { 0x1aff0, 0x1b2fb, 2 }, { 0x1f004, 0x1f004, 2 },
	{ 0x1f0cf, 0x1f0cf, 2 }, { 0x1f18e, 0x1f18e, 2 }, { 0x1f191, 0x1f19a, 2 },
	{ 0x1f200, 0x1f265, 2 }, { 0x1f300, 0x1f64f, 2 }, { 0x1f680, 0x1f6ff, 2 },
	{ 0x1f7e0, 0x1f7f0, 2 }, { 0x1f900, 0x1f9ff, 2 }, { 0x1fa70, 0x1faff, 2 },
	{ 0x20000, 0x3fffd, 2 },
};

static size_t width_of(uint32_t code)
{
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]) && widths[i].low <= code; i++) {
		if (code <= widths[i].high)
			return widths[i].columns;
	}
	return 1;
}

/* Bytes of the escape sequence or the character that @data begins with, and its @columns. */
static size_t unit(const char *data, size_t len, size_t *columns)
{
	size_t length = utf8_length(data, len);

	if (data[0] == '\\' && len > 1) {
		length = data[1] == 'x' && len >= 4 ? 4 : 2;
		*columns = length;
		return length;
	}
	*columns = length ? width_of(utf8_code_point(data, length)) : 1;
	return length ? length : 1;
}

size_t columns_of(const char *data, size_t len)
{
	size_t columns = 0, width;

	for (size_t at = 0; at < len; columns += width)
		at += unit(data + at, len - at, &width);
	return columns;
}

void columns_pad(struct text *text, const char *data, size_t len, size_t columns)
{
	size_t taken = columns_of(data, len);

	text_spaces(text, taken < columns ? columns - taken : 0);
}

/* Bytes of the longest beginning that takes at most @columns. */
static size_t beginning(const char *data, size_t len, size_t columns)
{
	size_t at = 0;

	while (at < len) {
		size_t width, length = unit(data + at, len - at, &width);

		if (width > columns)
			break;
		columns -= width;
		at += length;
	}
	return at;
}

/* Bytes of the shortest beginning after which at most @columns are left. */
static size_t up_to_end(const char *data, size_t len, size_t columns)
{
	size_t left = columns_of(data, len), at = 0;

	while (at < len && left > columns) {
		size_t width;

		at += unit(data + at, len - at, &width);
		left -= width;
	}
	return at;
}

void columns_shorten(struct text *text, const char *data, size_t len, size_t columns)
{
	size_t head = columns / 5, end;

	if (columns_of(data, len) <= columns) {
		text_bytes(text, data, len);
		return;
	}
	if (!columns)
		return;
	end = up_to_end(data, len, columns - 1 - head);
	text_bytes(text, data, beginning(data, len, head));
	TEXT(text, ELLIPSIS);
	text_bytes(text, data + end, len - end);
}

/* Bytes of @line that go on a line of @columns: up to a space, one word at least. */
static size_t wrapped_length(const char *line, size_t len, size_t columns)
{
	size_t fits = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && line[i] != ' ')
			continue;
		if (fits && columns_of(line, i) > columns)
			return fits;
		fits = i;
	}
	return len;
}

static void wrap_line(struct text *text, const char *line, size_t len, size_t columns)
{
	const size_t indent = 2;
	size_t length = wrapped_length(line, len, columns);

	text_bytes(text, line, length);
	text_char(text, '\n');
	while (length < len) {
		line += length + 1;
		len -= length + 1;
		length = wrapped_length(line, len, columns > indent ? columns - indent : 0);
		text_spaces(text, indent);
		text_bytes(text, line, length);
		text_char(text, '\n');
	}
}

void columns_wrap(struct text *text, const char *data, size_t len, size_t columns)
{
	const char *end = data + len, *newline;

	for (; data < end; data = newline + 1) {
		newline = memchr(data, '\n', (size_t)(end - data));
		if (!newline)
			newline = end;
		wrap_line(text, data, (size_t)(newline - data), columns ? columns : SIZE_MAX);
	}
}
