/* SPDX-License-Identifier: MIT */
/*
 * Escaping. What is plain is copied in runs; only what is not is looked at byte by byte.
 */
#include "util/escape.h"

#include <errno.h>
#include <stdint.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const char digits[] = "0123456789abcdef";

/* Well-formed sequences of more than one byte, RFC 3629 section 4: first byte, second byte. */
static const struct {
	uint8_t first_low, first_high;
	uint8_t second_low, second_high;
	uint8_t length;
} sequences[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Characters that are text by encoding, but that a terminal or a reader obeys. */
static const struct {
	uint32_t low, high;
} steering[] = {
	{ 0x80, 0x9f },	    /* C1 control characters, CSI among them */
	{ 0x61c, 0x61c },   /* a mark of direction */
	{ 0x200b, 0x200f }, /* without width, marks of direction */
	{ 0x2028, 0x202e }, /* line and paragraph separators, overrides of direction */
	{ 0x2060, 0x206f }, /* without width, isolates of direction */
	{ 0xfeff, 0xfeff }, /* byte order mark */
};

size_t utf8_length(const char *data, size_t len)
{
	const uint8_t *byte = (const uint8_t *)data;
	size_t row = 0;

	if (!len)
		return 0;
	if (byte[0] < 0x80)
		return 1;
	while (row < ARRAY_SIZE(sequences) && byte[0] > sequences[row].first_high)
		row++;
	if (row == ARRAY_SIZE(sequences) || byte[0] < sequences[row].first_low ||
	    len < sequences[row].length)
		return 0;
	if (byte[1] < sequences[row].second_low || byte[1] > sequences[row].second_high)
		return 0;
	for (size_t i = 2; i < sequences[row].length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	}
	return sequences[row].length;
}

bool is_utf8(const char *data, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t step = utf8_length(data + at, len - at);

		if (!step)
			return false;
		at += step;
	}
	return true;
}

uint32_t utf8_code_point(const char *data, size_t length)
{
	const uint8_t *byte = (const uint8_t *)data;
	uint32_t code = length == 1 ? byte[0] : byte[0] & (0xffu >> (length + 1));

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (byte[i] & 0x3f);
	return code;
}

static bool is_steering(uint32_t code)
{
	if (code < 0x20 || code == 0x7f)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(steering); i++) {
		if (code >= steering[i].low && code <= steering[i].high)
			return true;
	}
	return false;
}

/* How many bytes from @data on need no escaping in either form. */
static size_t plain_run(const char *data, size_t len)
{
	size_t at = 0;

	while (at < len && data[at] >= 0x20 && data[at] < 0x7f && data[at] != '"' &&
	       data[at] != '\\')
		at++;
	return at;
}

static void hex_byte(struct text *text, char byte)
{
	char pair[2] = { digits[(uint8_t)byte >> 4], digits[(uint8_t)byte & 0xf] };

	text_bytes(text, pair, sizeof(pair));
}

static char short_form(char c)
{
	switch (c) {
	case '"':
	case '\\':
		return c;
	case '\n':
		return 'n';
	case '\t':
		return 't';
	default:
		return '\0';
	}
}

/* What needs no number. Return: how many bytes it took, 0 if the character needs one. */
static size_t escape_shortly(struct text *text, const char *data, size_t length)
{
	char letter = short_form(data[0]);

	if (letter) {
		char pair[2] = { '\\', letter };

		text_bytes(text, pair, sizeof(pair));
		return 1;
	}
	if (!length || is_steering(utf8_code_point(data, length)))
		return 0;
	text_bytes(text, data, length);
	return length;
}

/* Append one character that is not plain; return how many bytes it took. */
static size_t escape_c_one(struct text *text, const char *data, size_t len)
{
	size_t length = utf8_length(data, len), taken = escape_shortly(text, data, length);

	if (taken)
		return taken;
	if (!length)
		length = 1;
	for (size_t i = 0; i < length; i++) {
		TEXT(text, "\\x");
		hex_byte(text, data[i]);
	}
	return length;
}

/* What is not plain goes to @escape_one, which returns of how many bytes it was. */
static void escape_each(struct text *text, const char *data, size_t len,
			size_t (*escape_one)(struct text *text, const char *data, size_t len))
{
	for (size_t at = 0; at < len;) {
		size_t run = plain_run(data + at, len - at);

		text_bytes(text, data + at, run);
		at += run;
		if (at < len)
			at += escape_one(text, data + at, len - at);
	}
}

void escape_c(struct text *text, const char *data, size_t len)
{
	escape_each(text, data, len, escape_c_one);
}

/* How much of @data, which ends within no character, fits a buffer however it is escaped. */
static size_t piece_of(const char *data, size_t len)
{
	const size_t most = TEXT_SIZE / 4;
	size_t size = len < most ? len : most;

	while (size < len && size > most - 4 && ((unsigned char)data[size] & 0xc0) == 0x80)
		size--;
	return size;
}

const struct quoting quoting_by_backslash = { "\"\\", '\\' };

void escape_c_within(struct text *text, struct text *scratch, const struct quoting *quoting,
		     const char *data, size_t len)
{
	while (len) {
		size_t size = piece_of(data, len);

		scratch->len = 0;
		escape_c(scratch, data, size);
		for (size_t i = 0; i < scratch->len; i++) {
			if (strchr(quoting->special, scratch->data[i]))
				text_char(text, quoting->by);
			text_char(text, scratch->data[i]);
		}
		data += size;
		len -= size;
	}
}

static int hex_value(char c)
{
	for (int i = 0; i < 16; i++) {
		if (digits[i] == c)
			return i;
	}
	return -EINVAL;
}

/* Undo the escape sequence after a backslash; return how many bytes it took. */
static int unescape_one(const char *data, size_t len, char *out)
{
	static const char from[] = "\"\\nt", to[] = "\"\\\n\t";
	const char *found = len ? memchr(from, data[0], sizeof(from) - 1) : NULL;
	int high, low;

	if (found) {
		*out = to[found - from];
		return 1;
	}
	if (len < 3 || data[0] != 'x')
		return -EINVAL;
	high = hex_value(data[1]);
	low = hex_value(data[2]);
	if (high < 0 || low < 0)
		return -EINVAL;
	*out = (char)(high << 4 | low);
	return 3;
}

int unescape_c(const char *data, size_t len, char *out, size_t *out_len)
{
	size_t used = 0;

	for (size_t at = 0; at < len; used++) {
		int step;

		if (data[at] != '\\') {
			out[used] = data[at++];
			continue;
		}
		step = unescape_one(data + at + 1, len - at - 1, &out[used]);
		if (step < 0)
			return step;
		at += 1 + (size_t)step;
	}
	*out_len = used;
	return 0;
}

/* Every character that is escaped lies in the basic plane: one \u is enough. */
static size_t escape_json_one(struct text *text, const char *data, size_t len)
{
	size_t length = utf8_length(data, len), taken = escape_shortly(text, data, length);
	uint32_t code = length ? utf8_code_point(data, length) : 0xfffd;

	if (taken)
		return taken;
	TEXT(text, "\\u");
	hex_byte(text, (char)(code >> 8));
	hex_byte(text, (char)(code & 0xff));
	return length ? length : 1;
}

void escape_json(struct text *text, const char *data, size_t len)
{
	escape_each(text, data, len, escape_json_one);
}

void escape_hex(struct text *text, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hex_byte(text, data[i]);
}
