/* SPDX-License-Identifier: MIT */
/*
 * A filter: a line has to contain all of its words. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_FILTER_H
#define FTOPEN_VIEW_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "strings.h"

#define VIEW_FILTER_SIZE  256
#define VIEW_FILTER_WORDS 8

/**
 * struct view_needle - a word that is looked for
 * @ignores_case: it has no capital letter
 * @known: by number of a string, whether it has the word (enum known)
 */
struct view_needle {
	const char *word;
	size_t len;
	bool ignores_case;
	unsigned char *known;
};

/**
 * struct view_filter - all zero lets everything through
 * @text: as it was typed
 * @words: the same, each word with a NUL after it
 */
struct view_filter {
	char text[VIEW_FILTER_SIZE];
	char words[VIEW_FILTER_SIZE];
	struct view_needle needles[VIEW_FILTER_WORDS];
	size_t count;
};

/**
 * view_filter_set - look for the words of @text, which is shorter than VIEW_FILTER_SIZE
 * @strings: how many strings view_needle_has() will be asked of; 0 for none
 *
 * Words beyond VIEW_FILTER_WORDS are part of the last one. Return: 0, or -ENOMEM, and everything
 * passes then.
 */
int view_filter_set(struct view_filter *filter, const char *text, uint32_t strings);

/**
 * view_filter_narrows - whether what passes @text has passed @filter as well
 */
bool view_filter_narrows(const struct view_filter *filter, const char *text);

/**
 * view_needle_in - whether the word stands in @text
 */
bool view_needle_in(const struct view_needle *needle, const char *text);

/**
 * view_needle_has - the same of a string that is kept: each is searched once
 */
bool view_needle_has(const struct view_needle *needle, const struct view_strings *strings,
		     uint32_t number);

/**
 * view_filter_in - whether all words stand in @text
 */
bool view_filter_in(const struct view_filter *filter, const char *text);

void view_filter_release(struct view_filter *filter);

#endif
