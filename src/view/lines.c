/* SPDX-License-Identifier: MIT */
/*
 * Lines of a text.
 */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/columns.h"
#include "util/escape.h"

static size_t count_lines(const char *text)
{
	size_t count = 0;

	while (*text) {
		count++;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return count;
}

int view_lines_set(struct view_lines *lines, char *text)
{
	size_t count = count_lines(text);

	view_lines_release(lines);
	lines->lines = malloc(count * sizeof(*lines->lines) + 1);
	if (!lines->lines) {
		free(text);
		return -ENOMEM;
	}
	lines->text = text;
	while (*text) {
		lines->lines[lines->count++] = text;
		text += strcspn(text, "\n");
		if (*text)
			*text++ = '\0';
	}
	return 0;
}

static bool ends_with(const char *line, const char *end)
{
	size_t len = strlen(line), end_len = strlen(end);

	return len >= end_len && !strcmp(line + len - end_len, end);
}

static bool begins_with(const char *line, const char *begin)
{
	return !strncmp(line, begin, strlen(begin));
}

static bool has_word(const char *line, const char *word)
{
	return strstr(line, word);
}

/* No line of a tree but that of a relation ends in the word of a verdict. */
enum view_style view_lines_style(const char *line)
{
	static const struct {
		bool (*is)(const char *line, const char *word);
		const char *word;
		enum view_style style;
	} styles[] = {
		{ ends_with, " PASS", VIEW_GOOD },
		{ ends_with, " FAIL", VIEW_BAD },
		{ has_word, " UNKNOWN", VIEW_UNSURE },
		{ begins_with, "name string = ", VIEW_STRONG },
		{ begins_with, "component = ", VIEW_STRONG },
		{ begins_with, "open ", VIEW_STRONG },
	};

	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++) {
		if (styles[i].is(line, styles[i].word))
			return styles[i].style;
	}
	return VIEW_PLAIN;
}

bool view_lines_find(struct view_lines *lines, const struct view_filter *search, int step,
		     bool here)
{
	size_t count = lines->count, at = lines->cursor.at;

	if (here && at < count && view_filter_in(search, lines->lines[at]))
		return true;
	for (size_t i = 0; i < count; i++) {
		at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
		if (!view_filter_in(search, lines->lines[at]))
			continue;
		lines->cursor.at = at;
		return true;
	}
	return false;
}

/* Bytes of the character that @text begins with; one that is not UTF-8 is none. */
static size_t character(const char *text)
{
	size_t length = utf8_length(text, strlen(text));

	return length ? length : 1;
}

/* Bytes of the longest beginning of @line that takes at most @columns. */
static size_t fitting(const char *line, size_t columns)
{
	size_t at = 0;

	while (line[at]) {
		size_t length = character(line + at), width = columns_of(line + at, length);

		if (width > columns)
			break;
		columns -= width;
		at += length;
	}
	return at;
}

const char *view_clip(const char *line, size_t shift, size_t columns, size_t *len)
{
	line += fitting(line, shift);
	*len = fitting(line, columns);
	return line;
}

void view_lines_release(struct view_lines *lines)
{
	free(lines->text);
	free(lines->lines);
	memset(lines, 0, sizeof(*lines));
}
