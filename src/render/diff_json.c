/* SPDX-License-Identifier: MIT */
/*
 * A comparison as JSON Lines; see ftopen-json(5).
 */
#include "common.h"
#include "diff_internal.h"

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

static void add_count(void *context, const char *word, uint64_t count)
{
	struct json *json = context;

	json_key(json, word);
	json_u64(json, count);
}

static void outcome_json(struct json *json, const struct outcome *outcome)
{
	if (!outcome) {
		json_null(json);
		return;
	}
	json_object(json);
	for (size_t i = 0; i < FACET_COUNT; i++) {
		json_key(json, diff_facets[i].name);
		json_object(json);
		facet_each(outcome, &diff_facets[i], add_count, json);
		json_object_end(json);
	}
	JSON_KEY(json, "failed");
	json_object(json);
	failures_each(outcome, add_count, json);
	json_object_end(json);
	JSON_KEY(json, "negative");
	json_u64(json, outcome->negative);
	JSON_KEY(json, "FAIL");
	json_u64(json, outcome->verdicts[VERDICT_FAIL]);
	json_object_end(json);
}

static void name_json(struct diff *diff, const struct outcome *a, const struct outcome *b)
{
	const struct bytes *path = a ? &a->path : &b->path;
	struct json *json = &diff->out;

	begin_line(json, "diff_name");
	JSON_KEY(json, "name");
	json_bytes(json, path->data, path->len);
	JSON_KEY(json, "a");
	outcome_json(json, a);
	JSON_KEY(json, "b");
	outcome_json(json, b);
	end_line(json);
}

static void only_json(struct diff *diff, const struct outcome *outcome, int side)
{
	name_json(diff, side ? NULL : outcome, side ? outcome : NULL);
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
	struct json *json = &diff->out;

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
	struct json *json = &diff->out;

	begin_line(json, "diff_function");
	JSON_KEY(json, "role");
	json_word(json, role_name(known->role));
	JSON_KEY(json, "edge");
	json_word(json, point_name(known->point));
	JSON_KEY(json, "a");
	json_string(json, a ? a->symbol : NULL);
	JSON_KEY(json, "b");
	json_string(json, b ? b->symbol : NULL);
	end_line(json);
}

static void summary_json(struct diff *diff)
{
	struct json *json = &diff->out;

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

const struct diff_format diff_json = {
	.side = side_json,
	.function = function_json,
	.change = name_json,
	.only = only_json,
	.summary = summary_json,
};
