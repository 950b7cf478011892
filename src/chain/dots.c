/* SPDX-License-Identifier: MIT */
/*
 * The text of a path, or of a link's body: what the kernel looks up, and "." and "..", which it
 * does not.
 */
#include "dots.h"

#include <string.h>

size_t skip_dots(const char *text, size_t len, size_t at, size_t dots)
{
	for (;;) {
		size_t end;

		while (at < len && text[at] == '/')
			at++;
		for (end = at; end < len && text[end] != '/'; end++)
			;
		if (end == at || end - at > dots || memcmp(text + at, "..", end - at))
			return at;
		at = end;
	}
}

size_t count_dotdots(const char *text, size_t from, size_t to)
{
	size_t count = 0;

	for (;;) {
		from = skip_dots(text, to, from, 1);
		if (from == to)
			return count;
		if (skip_dots(text, to, from, 2) == from)
			return 0;
		from += 2;
		count++;
	}
}

bool is_rest(const char *text, size_t len, size_t at, const struct record *record)
{
	return has_field(record, FIELD_STRING) && len - at == record->str_len &&
	       !memcmp(text + at, record->str, record->str_len);
}

bool is_adjacent(const char *text, size_t from, size_t to)
{
	return skip_dots(text, to, from, 1) == to;
}
