/* SPDX-License-Identifier: MIT */
/*
 * Two tables of outcomes side by side. Equal outcomes are only counted.
 */
#include "render/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "diff_internal.h"
#include "render/path.h"

static const struct plan_entry *entry_of(const struct chain_summary *summary,
					 const struct plan_entry *like)
{
	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *entry = &summary->plan[i];

		if (entry->role == like->role && entry->point == like->point)
			return entry;
	}
	return NULL;
}

static bool is_same_function(const struct plan_entry *a, const struct plan_entry *b)
{
	const char *symbols[] = { a ? a->symbol : NULL, b ? b->symbol : NULL };

	return symbols[0] && symbols[1] ? !strcmp(symbols[0], symbols[1])
					: symbols[0] == symbols[1];
}

/* Both have the rows of one table, unless they were made by ftopens of different versions. */
static void compare_functions(struct diff *diff, const struct diff_format *format)
{
	const struct chain_summary *summary = diff->sides[0].summary;

	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *a = &summary->plan[i];
		const struct plan_entry *b = entry_of(diff->sides[1].summary, a);

		if (!is_same_function(a, b))
			format->function(diff, a, b);
	}
}

static bool is_shown(const struct diff *diff, const struct outcome *outcome)
{
	const char *glob = diff->options->name_glob;

	return !glob || is_path_match(glob, &outcome->path) ||
	       is_path_match(glob, &outcome->resolved);
}

static void compare_row(struct diff *diff, const struct diff_format *format,
			const struct outcome *a, const struct outcome *b)
{
	if (outcome_is_same(a, b)) {
		diff->same++;
		return;
	}
	diff->different++;
	format->change(diff, a, b);
}

static void compare_names(struct diff *diff, const struct diff_format *format)
{
	const struct outcomes *tables[] = { diff->sides[0].outcomes, diff->sides[1].outcomes };

	for (size_t i = 0; i < tables[0]->count; i++) {
		const struct outcome *a = tables[0]->rows[i];
		const struct outcome *b = outcomes_find(tables[1], &a->path);

		if (b && is_shown(diff, a))
			compare_row(diff, format, a, b);
	}
	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < tables[side]->count; i++) {
			const struct outcome *outcome = tables[side]->rows[i];

			if (!is_shown(diff, outcome) ||
			    outcomes_find(tables[!side], &outcome->path))
				continue;
			diff->only[side]++;
			format->only(diff, outcome, side);
		}
	}
}

int render_diff(FILE *out, const struct diff_side sides[2], const struct diff_options *options)
{
	const struct diff_format *format = options->is_json ? &diff_json : &diff_text;
	struct diff *diff = calloc(1, sizeof(*diff));
	int ret;

	if (!diff)
		return -ENOMEM;
	json_init(&diff->out, out);
	text_init(&diff->line, NULL);
	text_init(&diff->path, NULL);
	text_init(&diff->rest, NULL);
	diff->sides = sides;
	diff->options = options;
	for (int side = 0; side < 2; side++)
		format->side(diff, side);
	compare_functions(diff, format);
	compare_names(diff, format);
	format->summary(diff);
	ret = text_flush(&diff->out.text);
	free(diff);
	return ret;
}
