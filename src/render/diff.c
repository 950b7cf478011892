/* SPDX-License-Identifier: MIT */
/*
 * Two tables of outcomes as text or JSON. What is alike is only counted.
 */
#include "render/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "path.h"
#include "util/escape.h"
#include "util/json.h"

struct diff {
	struct json json; /* its text alone, if the output is for people */
	const struct diff_side *sides;
	const struct diff_options *options;
	const char *section; /* the heading that was printed last */
	uint64_t same, different, only[2];
};

/* A group of counts: those that are not 0 are shown, with their words. */
struct facet {
	const char *name;
	const char *(*word)(int value);
	size_t at;
	int count;
	int unknown;
};

static const char *cache_word(int value)
{
	return cache_name((enum cache)value);
}

static const char *storage_word(int value)
{
	return storage_name((enum storage)value);
}

static const char *end_word(int value)
{
	return end_name((enum lifetime_end)value);
}

static const struct facet facets[] = {
	{ "opens", cache_word, offsetof(struct outcome, caches), OUTCOME_CACHES, CACHE_UNKNOWN },
	{ "lifetimes", storage_word, offsetof(struct outcome, storages), OUTCOME_STORAGES,
	  STORAGE_UNKNOWN },
	{ "ends", end_word, offsetof(struct outcome, ends), OUTCOME_ENDS, END_UNKNOWN },
};

#define FACET_COUNT (sizeof(facets) / sizeof(facets[0]))

static const uint64_t *counts_of(const struct outcome *outcome, const struct facet *facet)
{
	return (const uint64_t *)(const void *)((const char *)outcome + facet->at);
}

/* --- lists of counts: "2 hit, 1 miss", or {"hit":2,"miss":1} ---------------------------------- */

struct count_list {
	struct json *json;
	bool is_json;
	bool has_some;
};

static void list_begin(struct count_list *list, struct diff *diff)
{
	*list = (struct count_list){ .json = &diff->json, .is_json = diff->options->is_json };
	if (list->is_json)
		json_object(list->json);
}

static void list_add(struct count_list *list, const char *word, uint64_t count)
{
	struct text *text = &list->json->text;

	if (!count)
		return;
	if (list->is_json) {
		json_key(list->json, word);
		json_u64(list->json, count);
		return;
	}
	if (list->has_some)
		TEXT(text, ", ");
	list->has_some = true;
	text_u64(text, count);
	text_char(text, ' ');
	text_str(text, word);
}

static void list_end(struct count_list *list)
{
	if (list->is_json)
		json_object_end(list->json);
	else if (!list->has_some)
		TEXT(&list->json->text, "none");
}

static void list_facet(struct diff *diff, const struct outcome *outcome, const struct facet *facet)
{
	struct count_list list;

	list_begin(&list, diff);
	for (int i = 0; i < facet->count; i++)
		list_add(&list, facet->word(i), counts_of(outcome, facet)[i]);
	list_end(&list);
}

static void list_failures(struct diff *diff, const struct outcome *outcome)
{
	struct count_list list;

	list_begin(&list, diff);
	for (size_t i = 0; i < outcome->error_count; i++) {
		const char *name = errno_name(outcome->failed[i].error);

		list_add(&list, name ? name : "an errno without a name", outcome->failed[i].count);
	}
	list_add(&list, "otherwise", outcome->failed_otherwise);
	list_add(&list, "unseen", outcome->unseen);
	list_end(&list);
}

/* --- text ------------------------------------------------------------------------------------- */

static void heading(struct diff *diff, const char *section)
{
	if (diff->section == section)
		return;
	diff->section = section;
	text_char(&diff->json.text, '\n');
	text_str(&diff->json.text, section);
	text_char(&diff->json.text, '\n');
}

/* Whole as either side knows it. */
static void write_path(struct text *text, const struct outcome *a, const struct outcome *b)
{
	const struct shown_path path = {
		.resolved = b && b->resolved.data ? b->resolved : a->resolved,
		.passed = a->path,
	};

	path_write_all(text, &path);
}

static void label(struct text *text, const char *name)
{
	text_format(text, "    %-10s", name);
}

static bool facet_is_alike(const struct facet *facet, const struct outcome *a,
			   const struct outcome *b)
{
	return counts_are_alike(counts_of(a, facet), counts_of(b, facet), facet->count,
				facet->unknown);
}

static void facet_change(struct diff *diff, const struct facet *facet, const struct outcome *a,
			 const struct outcome *b)
{
	list_facet(diff, a, facet);
	TEXT(&diff->json.text, " -> ");
	list_facet(diff, b, facet);
}

static void facet_text(struct diff *diff, const struct facet *facet, const struct outcome *a,
		       const struct outcome *b)
{
	if (facet_is_alike(facet, a, b))
		return;
	label(&diff->json.text, facet->name);
	facet_change(diff, facet, a, b);
	text_char(&diff->json.text, '\n');
}

static void number_text(struct diff *diff, const char *name, uint64_t a, uint64_t b)
{
	label(&diff->json.text, name);
	text_u64(&diff->json.text, a);
	TEXT(&diff->json.text, " -> ");
	text_u64(&diff->json.text, b);
	text_char(&diff->json.text, '\n');
}

static void failures_text(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	if (outcome_fails_alike(a, b))
		return;
	label(&diff->json.text, "failed");
	list_failures(diff, a);
	TEXT(&diff->json.text, " -> ");
	list_failures(diff, b);
	text_char(&diff->json.text, '\n');
}

static void change_text(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	heading(diff, "names that came out differently");
	TEXT(&diff->json.text, "  ");
	write_path(&diff->json.text, a, b);
	if (!facet_is_alike(&facets[0], a, b)) {
		TEXT(&diff->json.text, ": ");
		facet_change(diff, &facets[0], a, b);
	}
	text_char(&diff->json.text, '\n');
	failures_text(diff, a, b);
	for (size_t i = 1; i < FACET_COUNT; i++)
		facet_text(diff, &facets[i], a, b);
	if (!number_is_alike(a->negative, a->maybe_negative, b->negative, b->maybe_negative))
		number_text(diff, "negative", a->negative, b->negative);
	if (!number_is_alike(a->verdicts[VERDICT_FAIL], a->verdicts[VERDICT_UNKNOWN],
			     b->verdicts[VERDICT_FAIL], b->verdicts[VERDICT_UNKNOWN]))
		number_text(diff, "FAIL", a->verdicts[VERDICT_FAIL], b->verdicts[VERDICT_FAIL]);
}

static void only_text(struct diff *diff, const struct outcome *outcome, int side)
{
	static const char *const sections[2][2] = {
		{ "only in a", "only in b" },
		{ "only in a (b is incomplete)", "only in b (a is incomplete)" },
	};

	heading(diff, sections[diff->sides[!side].is_incomplete][side]);
	TEXT(&diff->json.text, "  ");
	write_path(&diff->json.text, outcome, NULL);
	TEXT(&diff->json.text, ": ");
	list_facet(diff, outcome, &facets[0]);
	if (outcome->error_count) {
		TEXT(&diff->json.text, "; failed: ");
		list_failures(diff, outcome);
	}
	text_char(&diff->json.text, '\n');
}

/* Said once, for none of it is a difference below. */
static void unseen_text(struct text *text, const struct outcomes *outcomes)
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
	bool has_some = false;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (!counts[i].count)
			continue;
		text_str(text, has_some ? ", " : "   not known, so not counted as different: ");
		has_some = true;
		text_str(text, counts[i].words);
		text_char(text, ' ');
		text_u64(text, counts[i].count);
	}
	if (has_some)
		text_char(text, '\n');
}

static void side_text(struct diff *diff, int side)
{
	const struct diff_side *shown = &diff->sides[side];
	const struct chain_summary *summary = shown->summary;
	struct text *text = &diff->json.text;

	text_str(text, side ? "b  " : "a  ");
	escape_c(text, shown->file, strlen(shown->file));
	text_format(text, ": kernel %s, ", summary->kernel ? summary->kernel : "not known");
	text_u64(text, summary->totals.opens);
	TEXT(text, " opens of ");
	text_u64(text, shown->outcomes->count);
	TEXT(text, " paths");
	if (shown->is_incomplete)
		TEXT(text, "; records are missing: names that it lacks may have been opened");
	text_char(text, '\n');
	unseen_text(text, shown->outcomes);
}

static const char *symbol_text(const struct plan_entry *entry)
{
	return entry && entry->symbol ? entry->symbol : "none";
}

static void function_text(struct diff *diff, const struct plan_entry *a, const struct plan_entry *b)
{
	const struct plan_entry *known = a ? a : b;

	heading(diff, "functions that differ");
	text_format(&diff->json.text, "  %-12s %-7s %s -> %s\n", role_name(known->role),
		    edge_name(known->edge), symbol_text(a), symbol_text(b));
}

static void summary_text(struct diff *diff)
{
	struct text *text = &diff->json.text;

	text_char(text, '\n');
	text_u64(text, diff->same);
	TEXT(text, " paths alike, ");
	text_u64(text, diff->different);
	TEXT(text, " different, ");
	text_u64(text, diff->only[0]);
	TEXT(text, " only in a, ");
	text_u64(text, diff->only[1]);
	TEXT(text, " only in b\n");
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void begin_line(struct json *json, const char *type)
{
	json_object(json);
	JSON_KEY(json, "v");
	json_u64(json, 1);
	JSON_KEY(json, "type");
	json_word(json, type);
}

static void end_line(struct json *json)
{
	json_object_end(json);
	json_end_line(json);
}

static void outcome_json(struct diff *diff, const struct outcome *outcome)
{
	struct json *json = &diff->json;

	if (!outcome) {
		json_null(json);
		return;
	}
	json_object(json);
	for (size_t i = 0; i < FACET_COUNT; i++) {
		json_key(json, facets[i].name);
		list_facet(diff, outcome, &facets[i]);
	}
	JSON_KEY(json, "failed");
	list_failures(diff, outcome);
	JSON_KEY(json, "negative");
	json_u64(json, outcome->negative);
	JSON_KEY(json, "FAIL");
	json_u64(json, outcome->verdicts[VERDICT_FAIL]);
	json_object_end(json);
}

static void name_json(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	const struct bytes *path = a ? &a->path : &b->path;
	struct json *json = &diff->json;

	begin_line(json, "diff_name");
	JSON_KEY(json, "name");
	json_bytes(json, path->data, path->len);
	JSON_KEY(json, "a");
	outcome_json(diff, a);
	JSON_KEY(json, "b");
	outcome_json(diff, b);
	end_line(json);
}

static void unseen_json(struct json *json, const struct outcomes *outcomes)
{
	const struct unseen unseen = outcomes_unseen(outcomes);

	JSON_KEY(json, "not_known");
	json_object(json);
	JSON_KEY(json, "caches");
	json_u64(json, unseen.caches);
	JSON_KEY(json, "results");
	json_u64(json, unseen.results);
	JSON_KEY(json, "storages");
	json_u64(json, unseen.storages);
	JSON_KEY(json, "ends");
	json_u64(json, unseen.ends);
	json_object_end(json);
}

static void side_json(struct diff *diff, int side)
{
	const struct diff_side *shown = &diff->sides[side];
	struct json *json = &diff->json;

	begin_line(json, "diff_file");
	JSON_KEY(json, "side");
	json_word(json, side ? "b" : "a");
	JSON_KEY(json, "file");
	json_string(json, shown->file);
	JSON_KEY(json, "kernel");
	json_string(json, shown->summary->kernel);
	JSON_KEY(json, "arch");
	json_string(json, shown->summary->arch);
	JSON_KEY(json, "opens");
	json_u64(json, shown->summary->totals.opens);
	JSON_KEY(json, "paths");
	json_u64(json, shown->outcomes->count);
	JSON_KEY(json, "complete");
	json_bool(json, !shown->is_incomplete);
	unseen_json(json, shown->outcomes);
	end_line(json);
}

static void function_json(struct diff *diff, const struct plan_entry *a, const struct plan_entry *b)
{
	const struct plan_entry *known = a ? a : b;
	struct json *json = &diff->json;

	begin_line(json, "diff_function");
	JSON_KEY(json, "role");
	json_word(json, role_name(known->role));
	JSON_KEY(json, "edge");
	json_word(json, edge_name(known->edge));
	JSON_KEY(json, "a");
	json_string(json, a ? a->symbol : NULL);
	JSON_KEY(json, "b");
	json_string(json, b ? b->symbol : NULL);
	end_line(json);
}

static void summary_json(struct diff *diff)
{
	struct json *json = &diff->json;

	begin_line(json, "diff_summary");
	JSON_KEY(json, "same");
	json_u64(json, diff->same);
	JSON_KEY(json, "different");
	json_u64(json, diff->different);
	JSON_KEY(json, "only_a");
	json_u64(json, diff->only[0]);
	JSON_KEY(json, "only_b");
	json_u64(json, diff->only[1]);
	end_line(json);
}

/* --- the comparison --------------------------------------------------------------------------- */

static const struct plan_entry *entry_of(const struct chain_summary *summary,
					 const struct plan_entry *like)
{
	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *entry = &summary->plan[i];

		if (entry->role == like->role && entry->edge == like->edge)
			return entry;
	}
	return NULL;
}

/* Both have the rows of one table, unless they were made by ftopens of different versions. */
static void compare_functions(struct diff *diff)
{
	const struct chain_summary *summary = diff->sides[0].summary;

	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *a = &summary->plan[i];
		const struct plan_entry *b = entry_of(diff->sides[1].summary, a);

		if (!strcmp(symbol_text(a), symbol_text(b)))
			continue;
		if (diff->options->is_json)
			function_json(diff, a, b);
		else
			function_text(diff, a, b);
	}
}

static bool is_shown(const struct diff *diff, const struct outcome *outcome)
{
	const char *glob = diff->options->name_glob;

	return !glob || is_path_match(glob, &outcome->path) ||
	       is_path_match(glob, &outcome->resolved);
}

static void compare_row(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	if (outcome_is_same(a, b)) {
		diff->same++;
		return;
	}
	diff->different++;
	if (diff->options->is_json)
		name_json(diff, a, b);
	else
		change_text(diff, a, b);
}

static void show_only(struct diff *diff, int side, const struct outcome *outcome)
{
	diff->only[side]++;
	if (diff->options->is_json)
		name_json(diff, side ? NULL : outcome, side ? outcome : NULL);
	else
		only_text(diff, outcome, side);
}

static void compare_names(struct diff *diff)
{
	const struct outcomes *tables[] = { diff->sides[0].outcomes, diff->sides[1].outcomes };

	for (size_t i = 0; i < tables[0]->count; i++) {
		const struct outcome *a = tables[0]->rows[i];
		const struct outcome *b = outcomes_find(tables[1], &a->path);

		if (b && is_shown(diff, a))
			compare_row(diff, a, b);
	}
	for (int side = 0; side < 2; side++) {
		for (size_t i = 0; i < tables[side]->count; i++) {
			const struct outcome *outcome = tables[side]->rows[i];

			if (is_shown(diff, outcome) &&
			    !outcomes_find(tables[!side], &outcome->path))
				show_only(diff, side, outcome);
		}
	}
}

int render_diff(FILE *out, const struct diff_side sides[2], const struct diff_options *options)
{
	struct diff *diff = calloc(1, sizeof(*diff));
	int ret;

	if (!diff)
		return -ENOMEM;
	json_init(&diff->json, out);
	diff->sides = sides;
	diff->options = options;
	for (int side = 0; side < 2; side++) {
		if (options->is_json)
			side_json(diff, side);
		else
			side_text(diff, side);
	}
	compare_functions(diff);
	compare_names(diff);
	if (options->is_json)
		summary_json(diff);
	else
		summary_text(diff);
	ret = text_flush(&diff->json.text);
	free(diff);
	return ret;
}
