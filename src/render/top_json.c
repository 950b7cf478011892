/* SPDX-License-Identifier: MIT */
/*
 * A period as a line of JSON. ftopen-top(1) says what its fields are.
 */
#include "top.h"
#include "common.h"

static void write_stage(struct json *json, const uint64_t *counts)
{
	enum stage stage = (enum stage)counts[TOP_STAGE];

	json_word(json, stage == STAGE_NONE ? NULL : stage_name(stage));
}

static void write_counts(struct json *json, const uint64_t *counts)
{
	JSON_KEY(json, "opens");
	json_u64(json, counts[TOP_OPENS]);
	JSON_KEY(json, "failed");
	json_u64(json, counts[TOP_FAILED]);
	JSON_KEY(json, "misses");
	json_u64(json, counts[TOP_MISSES]);
	JSON_KEY(json, "negative_hits");
	json_u64(json, counts[TOP_NEGATIVE]);
	JSON_KEY(json, "negatives_made");
	json_u64(json, counts[TOP_MADE]);
	JSON_KEY(json, "latency_ns");
	json_u64(json, counts[TOP_TIME]);
	JSON_KEY(json, "slowest_ns");
	json_u64(json, counts[TOP_SLOWEST]);
	JSON_KEY(json, "slowest_stage");
	write_stage(json, counts);
}

/* For what did not fit into the table the key is null. */
static void write_tallies(struct json *json, struct tallies *tallies, const char *key)
{
	const uint64_t *others = tallies->others.counts;

	tallies_sort(tallies, TOP_OPENS);
	json_array(json);
	for (size_t i = 0; i < tallies->count; i++) {
		const struct tally *tally = tallies->rows[i];

		json_object(json);
		json_key(json, key);
		json_bytes(json, tally->key.data, tally->key.len);
		write_counts(json, tally->counts);
		json_object_end(json);
	}
	if (others[TOP_OPENS] || others[TOP_MADE]) {
		json_object(json);
		json_key(json, key);
		json_null(json);
		write_counts(json, others);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_stages(struct json *json, const struct stage_table *stages)
{
	json_array(json);
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		const struct stage_row *row = &stages->rows[i];

		if (!row->latency.count)
			continue;
		json_object(json);
		JSON_KEY(json, "stage");
		json_word(json, stage_name((enum stage)i));
		JSON_KEY(json, "opens");
		json_u64(json, row->latency.count);
		JSON_KEY(json, "ns");
		json_u64(json, row->latency.sum);
		JSON_KEY(json, "slowest_ns");
		json_u64(json, row->latency.max);
		JSON_KEY(json, "slowest_path");
		json_bytes(json, row->slowest, row->slowest_len);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_time(struct json *json, const struct trace_clock *clock, uint64_t ts)
{
	struct times times = { .clock = clock, .shown = TIMES_WALL };

	json_quote(json);
	times_seconds(&json->text, &times, ts);
	json_unquote(json);
}

int top_json(struct top *top, FILE *out, const struct top_period *period,
	     const struct trace_clock *clock)
{
	struct json *json = &top->json;

	json_init(json, out);
	json_object(json);
	JSON_KEY(json, "v");
	json_u64(json, 1);
	JSON_KEY(json, "type");
	json_word(json, "period");
	JSON_KEY(json, "from");
	write_time(json, clock, period->from);
	JSON_KEY(json, "to");
	write_time(json, clock, period->to);
	JSON_KEY(json, "losses");
	json_u64(json, period->losses);
	JSON_KEY(json, "unknown_users");
	json_known_u64(json, top->users.is_set, top->doubts);
	write_counts(json, top->all);
	JSON_KEY(json, "programs");
	write_tallies(json, &top->programs, "comm");
	JSON_KEY(json, "directories");
	write_tallies(json, &top->directories, "path");
	JSON_KEY(json, "stages");
	write_stages(json, &top->stages);
	json_object_end(json);
	return json_end_line(json);
}

int top_json_end(struct top *top, FILE *out, const struct chain_summary *summary)
{
	const struct chain_totals *totals = &summary->totals;
	struct json *json = &top->json;

	json_init(json, out);
	json_object(json);
	JSON_KEY(json, "v");
	json_u64(json, 1);
	JSON_KEY(json, "type");
	json_word(json, "end");
	JSON_KEY(json, "opens");
	json_u64(json, totals->opens);
	JSON_KEY(json, "losses");
	json_u64(json, totals->losses);
	JSON_KEY(json, "lost");
	json_known_u64(json, totals->lost_is_known, totals->lost);
	JSON_KEY(json, "missed_probes");
	json_known_u64(json, summary->has_missed_probes, summary->missed_probes);
	json_object_end(json);
	return json_end_line(json);
}
