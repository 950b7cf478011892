/* SPDX-License-Identifier: MIT */
/*
 * Shell patterns over bytes.
 */
#include "util/glob.h"

/*
 * The set at pattern[0] == '['. Return: its length in the pattern, 0 if nothing closes it.
 */
static size_t match_set(const char *pattern, size_t len, unsigned char c, bool *matches)
{
	bool is_negated = len > 1 && (pattern[1] == '!' || pattern[1] == '^');
	size_t start = is_negated ? 2 : 1;
	bool found = false;

	for (size_t i = start; i < len; i++) {
		unsigned char from = (unsigned char)pattern[i], to = from;

		if (from == ']' && i > start) {
			*matches = found != is_negated;
			return i + 1;
		}
		if (i + 2 < len && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
			to = (unsigned char)pattern[i + 2];
			i += 2;
		}
		if (from <= c && c <= to)
			found = true;
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
