/* SPDX-License-Identifier: MIT */
/*
 * Text on its way out. Numbers are written by hand: printf() took most of the time of a report.
 */
#include "util/text.h"

#include <errno.h>
#include <stdarg.h>

#include "util/clock.h"

static const char digits[] = "0123456789abcdef";

void text_init(struct text *text, FILE *out)
{
	text->out = out;
	text->error = 0;
	text->len = 0;
}

static void write_out(struct text *text, const char *data, size_t len)
{
	if (text->error || !len)
		return;
	errno = 0;
	if (fwrite(data, 1, len, text->out) != len)
		text->error = errno ? -errno : -EIO;
}

int text_flush(struct text *text)
{
	write_out(text, text->data, text->len);
	text->len = 0;
	return text->error;
}

void text_long(struct text *text, const char *data, size_t len)
{
	text_flush(text);
	if (len > TEXT_SIZE) {
		write_out(text, data, len);
		return;
	}
	memcpy(text->data, data, len);
	text->len = len;
}

void text_u64(struct text *text, uint64_t value)
{
	char buf[20];
	size_t at = sizeof(buf);

	do {
		buf[--at] = digits[value % 10];
		value /= 10;
	} while (value);
	text_bytes(text, buf + at, sizeof(buf) - at);
}

void text_s64(struct text *text, int64_t value)
{
	if (value < 0)
		text_char(text, '-');
	/* Negated as unsigned: the smallest number has no positive twin. */
	text_u64(text, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void text_addr(struct text *text, uint64_t addr)
{
	char buf[18] = "0x";

	for (size_t i = sizeof(buf) - 1; i >= 2; i--) {
		buf[i] = digits[addr & 0xf];
		addr >>= 4;
	}
	text_bytes(text, buf, sizeof(buf));
}

void text_hex_s64(struct text *text, int64_t value)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char buf[16];
	size_t at = sizeof(buf);

	do {
		buf[--at] = digits[size & 0xf];
		size >>= 4;
	} while (size);
	if (value < 0)
		text_char(text, '-');
	TEXT(text, "0x");
	text_bytes(text, buf + at, sizeof(buf) - at);
}

void text_seconds(struct text *text, uint64_t ns)
{
	uint64_t second = (uint64_t)NS_PER_SECOND, rest = ns % second;
	char buf[10] = ".";

	for (size_t i = sizeof(buf) - 1; i >= 1; i--) {
		buf[i] = digits[rest % 10];
		rest /= 10;
	}
	text_u64(text, ns / second);
	text_bytes(text, buf, sizeof(buf));
}

void text_spaces(struct text *text, size_t count)
{
	while (count--)
		text_char(text, ' ');
}

void text_format(struct text *text, const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	text_str(text, line);
}
