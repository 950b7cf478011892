/* SPDX-License-Identifier: MIT */
/*
 * Two recordings side by side: the functions that were probed, and the names that came out
 * differently.
 */
#ifndef FTOPEN_RENDER_DIFF_H
#define FTOPEN_RENDER_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "chain/outcome.h"
#include "chain/summary.h"

/**
 * struct diff_side - one of the two recordings
 * @is_incomplete: what it does not have may have been there
 */
struct diff_side {
	const char *file;
	const struct outcomes *outcomes;
	const struct chain_summary *summary;
	bool is_incomplete;
};

/**
 * struct diff_options - how it is shown
 * @is_json: a JSON object a line instead of text
 * @columns: a line of text takes at most so many; a path is shortened in its middle; 0 for no bound
 * @name_glob: only paths that match, NULL for all
 */
struct diff_options {
	bool is_json;
	size_t columns;
	const char *name_glob;
};

/**
 * render_diff - write the whole comparison to @out
 *
 * Return: 0, or a negative errno of @out.
 */
int render_diff(FILE *out, const struct diff_side sides[2], const struct diff_options *options);

#endif
