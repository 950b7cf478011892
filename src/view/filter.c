/* SPDX-License-Identifier: MIT */
/*
 * Words that are looked for. Bytes are compared, in no locale: only the letters of ASCII have a
 * case.
 */
#include "filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum known {
	NOT_ASKED,
	IS_THERE,
	IS_NOT_THERE,
};

static bool has_capital(const char *word)
{
	for (; *word; word++) {
		if (*word >= 'A' && *word <= 'Z')
			return true;
	}
	return false;
}

static int add_word(struct view_filter *filter, const char *word, uint32_t strings)
{
	struct view_needle *needle = &filter->needles[filter->count];

	*needle = (struct view_needle){
		.word = word,
		.len = strlen(word),
		.ignores_case = !has_capital(word),
		.known = strings ? calloc(strings, 1) : NULL,
	};
	if (strings && !needle->known)
		return -ENOMEM;
	filter->count++;
	return 0;
}

int view_filter_set(struct view_filter *filter, const char *text, uint32_t strings)
{
	char *rest = filter->words;
	int ret = 0;

	view_filter_release(filter);
	strncpy(filter->text, text, sizeof(filter->text) - 1);
	memcpy(filter->words, filter->text, sizeof(filter->words));
	while (!ret && *(rest += strspn(rest, " "))) {
		char *word = rest;

		rest += filter->count + 1 < VIEW_FILTER_WORDS ? strcspn(rest, " ") : strlen(rest);
		if (*rest)
			*rest++ = '\0';
		ret = add_word(filter, word, strings);
	}
	if (ret)
		view_filter_release(filter);
	return ret;
}

bool view_filter_narrows(const struct view_filter *filter, const char *text)
{
	return !strncmp(filter->text, text, strlen(filter->text));
}

bool view_needle_in(const struct view_needle *needle, const char *text)
{
	size_t len = strlen(text);

	if (!needle->ignores_case)
		return memmem(text, len, needle->word, needle->len);
	for (; len >= needle->len; text++, len--) {
		if ((*text | 0x20) == (*needle->word | 0x20) &&
		    !strncasecmp(text, needle->word, needle->len))
			return true;
	}
	return false;
}

bool view_needle_has(const struct view_needle *needle, const struct view_strings *strings,
		     uint32_t number)
{
	unsigned char *known = &needle->known[number];

	if (*known == NOT_ASKED)
		*known = view_needle_in(needle, view_string(strings, number)) ? IS_THERE
									      : IS_NOT_THERE;
	return *known == IS_THERE;
}

bool view_filter_in(const struct view_filter *filter, const char *text)
{
	for (size_t i = 0; i < filter->count; i++) {
		if (!view_needle_in(&filter->needles[i], text))
			return false;
	}
	return true;
}

void view_filter_release(struct view_filter *filter)
{
	for (size_t i = 0; i < filter->count; i++)
		free(filter->needles[i].known);
	memset(filter, 0, sizeof(*filter));
}
