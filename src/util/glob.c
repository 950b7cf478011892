/* SPDX-License-Identifier: MIT */
/*
 * Shell patterns over bytes.
 */
#include "util/glob.h"

#include <ctype.h>
#include <string.h>

#define CLASS_COUNT (sizeof(classes) / sizeof(classes[0]))

static const struct {
	const char *name;
	int (*has)(int c);
} classes[] = {
	{ "[:alnum:]", isalnum }, { "[:alpha:]", isalpha }, { "[:blank:]", isblank },
	{ "[:cntrl:]", iscntrl }, { "[:digit:]", isdigit }, { "[:graph:]", isgraph },
	{ "[:lower:]", islower }, { "[:print:]", isprint }, { "[:punct:]", ispunct },
	{ "[:space:]", isspace }, { "[:upper:]", isupper }, { "[:xdigit:]", isxdigit },
};

/* A class of bytes within a set. Return: its length in the pattern, 0 if there is none. */
static size_t match_class(const char *pattern, size_t len, unsigned char c, bool *found)
{
	for (size_t i = 0; i < CLASS_COUNT; i++) {
		size_t size = strlen(classes[i].name);

		if (len < size || memcmp(pattern, classes[i].name, size) != 0)
			continue;
		if (classes[i].has(c))
			*found = true;
		return size;
	}
	return 0;
}

/* A byte or a range of them within a set. Return: its length in the pattern. */
static size_t match_range(const char *pattern, size_t len, unsigned char c, bool *found)
{
	bool is_range = len > 2 && pattern[1] == '-' && pattern[2] != ']';
	unsigned char from = (unsigned char)pattern[0];
	unsigned char to = is_range ? (unsigned char)pattern[2] : from;

	if (from <= c && c <= to)
		*found = true;
	return is_range ? 3 : 1;
}

/*
 * The set at pattern[0] == '['. Return: its length in the pattern, 0 if nothing closes it.
 */
static size_t match_set(const char *pattern, size_t len, unsigned char c, bool *matches)
{
	bool is_negated = len > 1 && (pattern[1] == '!' || pattern[1] == '^');
	size_t start = is_negated ? 2 : 1;
	bool found = false;

	for (size_t i = start; i < len;) {
		size_t step;

		if (pattern[i] == ']' && i > start) {
			*matches = found != is_negated;
			return i + 1;
		}
		step = match_class(pattern + i, len - i, c, &found);
		i += step ? step : match_range(pattern + i, len - i, c, &found);
	}
	return 0;
}

/* One element of the pattern that is not a '*' against @c. Return: its length. */
static size_t match_one(const char *pattern, size_t len, char c, bool *matches)
{
	size_t set;

	if (*pattern == '[') {
		set = match_set(pattern, len, (unsigned char)c, matches);
		if (set)
			return set;
	}
	if (*pattern == '\\' && len > 1) {
		*matches = pattern[1] == c;
		return 2;
	}
	*matches = *pattern == '?' || *pattern == c;
	return 1;
}

bool glob_match(const char *pattern, size_t pattern_len, const char *text, size_t text_len)
{
	size_t p = 0, t = 0, star = 0, star_text = 0;
	bool has_star = false;

	while (t < text_len || p < pattern_len) {
		bool matches = false;
		size_t step = 0;

		if (p < pattern_len && pattern[p] == '*') {
			has_star = true;
			star = ++p;
			star_text = t;
			continue;
		}
		if (p < pattern_len && t < text_len)
			step = match_one(pattern + p, pattern_len - p, text[t], &matches);
		if (matches) {
			p += step;
			t++;
			continue;
		}
		/* Let the last star take one byte more: earlier ones need not give way. */
		if (!has_star || star_text >= text_len)
			return false;
		p = star;
		t = ++star_text;
	}
	return true;
}
