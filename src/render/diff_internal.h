/* SPDX-License-Identifier: MIT */
/*
 * What the two ways to write a comparison share: the counts, and what is written of it.
 */
#ifndef FTOPEN_RENDER_DIFF_INTERNAL_H
#define FTOPEN_RENDER_DIFF_INTERNAL_H

#include "render/diff.h"
#include "util/json.h"

/**
 * struct diff - a comparison on its way out
 * @out: of a text, only its @text is used
 * @line, @path, @rest: of a text: a line before its width is known, or a path and the rest of its
 *			line; they have no stream
 * @section: of a text: the heading that was written last
 */
struct diff {
	struct json out;
	struct text line, path, rest;
	const struct diff_side *sides;
	const struct diff_options *options;
	const char *section;
	uint64_t same, different, only[2];
};

/**
 * struct diff_format - how each part is written
 * @function: a role whose function differs; @a or @b is NULL where that side has no such role
 * @change: a name of both sides
 * @only: a name that only @side has
 */
struct diff_format {
	void (*side)(struct diff *diff, int side);
	void (*function)(struct diff *diff, const struct plan_entry *a, const struct plan_entry *b);
	void (*change)(struct diff *diff, const struct outcome *a, const struct outcome *b);
	void (*only)(struct diff *diff, const struct outcome *outcome, int side);
	void (*summary)(struct diff *diff);
};

extern const struct diff_format diff_text, diff_json;

/**
 * struct facet - a group of counts
 * @word: what a value of the group is called
 * @at: where its counts stand in struct outcome
 * @unknown: the value that says nothing
 */
struct facet {
	const char *name;
	const char *(*word)(int value);
	size_t at;
	int count;
	int unknown;
};

#define FACET_COUNT 3

extern const struct facet diff_facets[FACET_COUNT];

const uint64_t *facet_counts(const struct outcome *outcome, const struct facet *facet);

/**
 * facet_each - call @add for each count that is not 0
 */
void facet_each(const struct outcome *outcome, const struct facet *facet,
		void (*add)(void *context, const char *word, uint64_t count), void *context);

/**
 * failures_each - the same for the errnos of the opens that failed, and for what was not seen
 */
void failures_each(const struct outcome *outcome,
		   void (*add)(void *context, const char *word, uint64_t count), void *context);

#endif
