/* SPDX-License-Identifier: MIT */
/*
 * A comparison for people: on a terminal, no line is wider than it.
 */
#include <string.h>

#include "common.h"
#include "diff_internal.h"
#include "render/path.h"
#include "util/columns.h"
#include "util/escape.h"

/* --- lists of counts: "2 hit, 1 miss" --------------------------------------------------------- */

struct count_list {
	struct text *text;
	bool has_some;
};

static void add_count(void *context, const char *word, uint64_t count)
{
	struct count_list *list = context;

	if (list->has_some)
		TEXT(list->text, ", ");
	list->has_some = true;
	text_u64(list->text, count);
	text_char(list->text, ' ');
	text_str(list->text, word);
}

static void write_facet(struct text *text, const struct outcome *outcome, const struct facet *facet)
{
	struct count_list list = { .text = text };

	facet_each(outcome, facet, add_count, &list);
	if (!list.has_some)
		TEXT(text, "none");
}

static void write_failures(struct text *text, const struct outcome *outcome)
{
	struct count_list list = { .text = text };

	failures_each(outcome, add_count, &list);
	if (!list.has_some)
		TEXT(text, "none");
}

/* --- lines ------------------------------------------------------------------------------------ */

static void end_line(struct diff *diff)
{
	columns_wrap(&diff->out.text, diff->line.data, diff->line.len, diff->options->columns);
	diff->line.len = 0;
}

static void label(struct text *text, const char *name)
{
	text_format(text, "    %-10s", name);
}

static size_t width_of(const struct text *text)
{
	return columns_of(text->data, text->len);
}

/* How many columns are left on a line beside @taken. */
static size_t room_beside(const struct diff *diff, size_t taken)
{
	size_t columns = diff->options->columns;

	if (!columns)
		return SIZE_MAX;
	return columns > taken ? columns - taken : 0;
}

/* @path, without its middle if the line has no room for it. */
static void add_path(struct diff *diff)
{
	columns_shorten(&diff->line, diff->path.data, diff->path.len,
			room_beside(diff, width_of(&diff->line)));
	diff->path.len = 0;
}

/* Whether what @path and @rest hold takes more than a line. */
static bool is_too_wide(const struct diff *diff)
{
	return width_of(&diff->path) > room_beside(diff, strlen("  : ") + width_of(&diff->rest));
}

/* @rest follows the path if there is room for both, else it is on the next line. */
static void write_path_and_rest(struct diff *diff)
{
	bool is_alone = is_too_wide(diff);

	TEXT(&diff->line, "  ");
	add_path(diff);
	if (diff->rest.len && is_alone)
		end_line(diff);
	if (diff->rest.len)
		text_str(&diff->line, is_alone ? "    " : ": ");
	text_bytes(&diff->line, diff->rest.data, diff->rest.len);
	diff->rest.len = 0;
	end_line(diff);
}

/* A path, whole as either side knows it; what was passed gives way to it. */
static void write_path_line(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	const struct shown_path path = {
		.resolved = b && b->resolved.data ? b->resolved : a->resolved,
		.passed = a->path,
	};
	bool has_passed_line;

	path_write_all(&diff->path, &path);
	has_passed_line = path_differs(&path) && is_too_wide(diff);
	if (has_passed_line) {
		diff->path.len = 0;
		path_write(&diff->path, &path);
	}
	write_path_and_rest(diff);
	if (!has_passed_line)
		return;
	path_write_bytes(&diff->path, &path.passed);
	label(&diff->line, "passed as");
	add_path(diff);
	end_line(diff);
}

static void heading(struct diff *diff, const char *section)
{
	if (diff->section == section)
		return;
	diff->section = section;
	text_char(&diff->out.text, '\n');
	text_str(&diff->out.text, section);
	text_char(&diff->out.text, '\n');
}

/* --- a name of both sides --------------------------------------------------------------------- */

static bool facet_is_alike(const struct facet *facet, const struct outcome *a,
			   const struct outcome *b)
{
	return counts_are_alike(facet_counts(a, facet), facet_counts(b, facet), facet->count,
				facet->unknown);
}

static void facet_change(struct text *text, const struct facet *facet, const struct outcome *a,
			 const struct outcome *b)
{
	write_facet(text, a, facet);
	TEXT(text, " -> ");
	write_facet(text, b, facet);
}

static void facet_line(struct diff *diff, const struct facet *facet, const struct outcome *a,
		       const struct outcome *b)
{
	if (facet_is_alike(facet, a, b))
		return;
	label(&diff->line, facet->name);
	facet_change(&diff->line, facet, a, b);
	end_line(diff);
}

static void number_line(struct diff *diff, const char *name, uint64_t a, uint64_t b)
{
	label(&diff->line, name);
	text_u64(&diff->line, a);
	TEXT(&diff->line, " -> ");
	text_u64(&diff->line, b);
	end_line(diff);
}

static void failures_line(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	if (outcome_fails_alike(a, b))
		return;
	label(&diff->line, "failed");
	write_failures(&diff->line, a);
	TEXT(&diff->line, " -> ");
	write_failures(&diff->line, b);
	end_line(diff);
}

static void change_text(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	heading(diff, "names with different results");
	if (!facet_is_alike(&diff_facets[0], a, b))
		facet_change(&diff->rest, &diff_facets[0], a, b);
	write_path_line(diff, a, b);
	failures_line(diff, a, b);
	for (size_t i = 1; i < FACET_COUNT; i++)
		facet_line(diff, &diff_facets[i], a, b);
	if (!number_is_alike(a->negative, a->maybe_negative, b->negative, b->maybe_negative))
		number_line(diff, "negative", a->negative, b->negative);
	if (!number_is_alike(a->verdicts[VERDICT_FAIL], a->verdicts[VERDICT_UNKNOWN],
			     b->verdicts[VERDICT_FAIL], b->verdicts[VERDICT_UNKNOWN]))
		number_line(diff, "FAIL", a->verdicts[VERDICT_FAIL], b->verdicts[VERDICT_FAIL]);
}

/* --- the other parts -------------------------------------------------------------------------- */

static void only_text(struct diff *diff, const struct outcome *outcome, int side)
{
	static const char *const sections[2][2] = {
		{ "only in a", "only in b" },
		{ "only in a (b is incomplete)", "only in b (a is incomplete)" },
	};

	heading(diff, sections[diff->sides[!side].is_incomplete][side]);
	write_facet(&diff->rest, outcome, &diff_facets[0]);
	if (outcome->error_count) {
		TEXT(&diff->rest, "; failed: ");
		write_failures(&diff->rest, outcome);
	}
	write_path_line(diff, outcome, NULL);
}

/* Said once, for none of it is a difference below. */
static void unseen_line(struct diff *diff, const struct outcomes *outcomes)
{
	const struct unseen unseen = outcomes_unseen(outcomes);
	const struct {
		const char *words;
		uint64_t count;
	} counts[] = {
		{ "what the cache had (opens)", unseen.caches },
		{ "results (opens)", unseen.results },
		{ "storage (lifetimes)", unseen.storages },
		{ "ends (lifetimes)", unseen.ends },
	};
	struct text *text = &diff->line;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!counts[i].count)
			continue;
		text_str(text, text->len ? ", " : "   not known, so not counted as different: ");
		text_str(text, counts[i].words);
		text_char(text, ' ');
		text_u64(text, counts[i].count);
	}
	if (text->len)
		end_line(diff);
}

static void side_text(struct diff *diff, int side)
{
	const struct diff_side *shown = &diff->sides[side];
	const struct chain_summary *summary = shown->summary;
	struct text *text = &diff->line;

	text_str(text, side ? "b  " : "a  ");
	escape_c(text, shown->file, strlen(shown->file));
	text_format(text, ": kernel %s, ", summary->kernel ? summary->kernel : "not known");
	text_u64(text, summary->totals.opens);
	text_str(text, summary->totals.opens == 1 ? " open of " : " opens of ");
	text_u64(text, shown->outcomes->count);
	text_str(text, shown->outcomes->count == 1 ? " path" : " paths");
	if (shown->is_incomplete)
		TEXT(text, "; records are missing: names that it lacks may have been opened");
	end_line(diff);
	unseen_line(diff, shown->outcomes);
}

static const char *symbol_text(const struct plan_entry *entry)
{
	return entry && entry->symbol ? entry->symbol : "none";
}

static void function_text(struct diff *diff, const struct plan_entry *a, const struct plan_entry *b)
{
	const struct plan_entry *known = a ? a : b;

	heading(diff, "functions that differ");
	text_format(&diff->line, "  %-14s %-7s %s -> %s", role_name(known->role),
		    point_name(known->point), symbol_text(a), symbol_text(b));
	end_line(diff);
}

static void summary_text(struct diff *diff)
{
	struct text *text = &diff->line;

	text_char(&diff->out.text, '\n');
	text_u64(text, diff->same);
	text_str(text, diff->same == 1 ? " path alike, " : " paths alike, ");
	text_u64(text, diff->different);
	TEXT(text, " different, ");
	text_u64(text, diff->only[0]);
	TEXT(text, " only in a, ");
	text_u64(text, diff->only[1]);
	TEXT(text, " only in b");
	end_line(diff);
}

const struct diff_format diff_text = {
	.side = side_text,
	.function = function_text,
	.change = change_text,
	.only = only_text,
	.summary = summary_text,
};
