/* SPDX-License-Identifier: MIT */
/*
 * The HTML report: the page of html/ around lines of JSON, which its script reads. Writes
 * each open and each name as it comes and keeps nothing.
 */
#include "html.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "render/render.h"

#define MARKER		  "@DATA@"
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* html/page.html and what it includes, made into numbers by the Makefile. */
static const unsigned char page_bytes[] = {
#include "page.inc"
	0
};
static const char *const page = (const char *)page_bytes;

/* --- words ------------------------------------------------------------------------------------ */

#define ERRNO_COUNT (EHWPOISON + 1)

/* A list of words by value, as wide as the enum. */
#define WORDS(key, function, type, first, count)                    \
	do {                                                        \
		JSON_KEY(json, key);                                \
		json_array(json);                                   \
		for (int value = (first); value < (count); value++) \
			json_word(json, function((type)value));     \
		json_array_end(json);                               \
	} while (0)

static int write_words(struct html *html)
{
	struct json *json = &html->json;

	html_begin_line(json, LINE_WORDS);
	json_object(json);
	WORDS("HOPS", hop_name, enum hop_kind, 0, HOP_NR);
	WORDS("CACHES", cache_name, enum cache, 0, CACHE_NR);
	WORDS("ENDS", end_name, enum lifetime_end, 0, END_UNKNOWN + 1);
	WORDS("STORAGES", storage_name, enum storage, 0, STORAGE_EXTERNAL + 1);
	WORDS("BORN", born_name, enum born, 0, BORN_NR);
	WORDS("VERDICTS", verdict_name, enum verdict, 0, VERDICT_NR);
	WORDS("OPS", op_name, enum relation_op, 0, OP_OUTSIDE + 1);
	WORDS("POINTS", point_name, enum point, 0, POINT_NR);
	WORDS("ROLES", role_name, enum role, 0, ROLE_NR);
	WORDS("CALLS", call_name, enum call, 0, CALL_NR);
	WORDS("STAGES", stage_name, enum stage, STAGE_NONE + 1, STAGE_NR);
	WORDS("ERRNOS", errno_name, int, 0, ERRNO_COUNT);
	JSON_KEY(json, "TIMES");
	json_u64(json, html->has_times);
	json_object_end(json);
	return html_end_line(json);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* The path as passed, where it is not what is shown. */
static void write_passed(struct html *html, const struct open_call *open)
{
	bool is_other = open->resolved.data && open->path.len &&
			(open->path.len != open->resolved.len ||
			 memcmp(open->path.data, open->resolved.data, open->path.len) != 0);

	if (is_other)
		html_bytes(&html->json, &open->path);
	else
		json_null(&html->json);
}

static void write_open_stages(struct json *json, const struct open_call *open)
{
	if (!open->stages) {
		json_null(json);
		return;
	}
	json_array(json);
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++)
		json_known_u64(json, has_stage(open, (enum stage)i), open->stage_ns[i]);
	json_array_end(json);
}

static void write_open(struct html *html, enum line kind, const struct open_call *open)
{
	const struct shown_path path = open_shown_path(open);
	struct json *json = &html->json;

	html_begin_line(json, kind);
	json_u64(json, open->id);
	html_path(html, &path);
	json_known_s64(json, open->has_result, open->result);
	json_s64(json, open->tid);
	html_comm(json, open->comm);
	json_known_u64(json, open->has_latency, open->latency_ns);
	json_u64(json, open->cache);
	json_u64(json, open->complete);
	json_u64(json, open->call);
	write_passed(html, open);
	json_word(json, open->cache_why);
	write_open_stages(json, open);
	json_known_u64(json, open->has_uid, open->uid);
}

static int open_line(struct renderer *renderer, const struct open_call *open)
{
	struct html *html = renderer->state;

	write_open(html, LINE_OPEN, open);
	if (stage_table_add(&html->stages, open))
		return -ENOMEM;
	return html_end_line(&html->json);
}

static int path_call_line(struct renderer *renderer, const struct open_call *call)
{
	struct html *html = renderer->state;

	write_open(html, LINE_CALL, call);
	return html_end_line(&html->json);
}

static int name_line(struct renderer *renderer, const struct name *name)
{
	return html_name(renderer->state, name);
}

static int loss_line(struct renderer *renderer, const struct loss *loss)
{
	struct html *html = renderer->state;
	struct json *json = &html->json;

	html_begin_line(json, LINE_LOSS);
	json_u64(json, loss->scope);
	json_s64(json, loss->cpu);
	json_u64(json, loss->from);
	json_u64(json, loss->to);
	json_known_u64(json, loss->count != LOSS_UNKNOWN, loss->count);
	json_u64(json, loss->is_unselected);
	return html_end_line(json);
}

struct count {
	const char *key;
	uint64_t value;
};

static void write_counts(struct json *json, const struct count *counts, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		json_key(json, counts[i].key);
		json_known_u64(json, counts[i].value != COUNT_UNKNOWN, counts[i].value);
	}
}

static void write_totals(struct json *json, const struct chain_totals *totals)
{
	const struct count counts[] = {
		{ "opens", totals->opens },
		{ "hits", totals->caches[CACHE_HIT] },
		{ "negative_hits", totals->caches[CACHE_NEGATIVE] },
		{ "misses", totals->caches[CACHE_MISS] },
		{ "created", totals->caches[CACHE_CREATED] },
		{ "allocs", totals->allocs },
		{ "evictions", totals->evictions },
		{ "records", totals->records },
	};
	const struct count verdicts[] = {
		{ "PASS", totals->verdicts[VERDICT_PASS] },
		{ "FAIL", totals->verdicts[VERDICT_FAIL] },
		{ "UNKNOWN", totals->verdicts[VERDICT_UNKNOWN] },
	};

	write_counts(json, counts, ARRAY_SIZE(counts));
	JSON_KEY(json, "verdicts");
	json_object(json);
	write_counts(json, verdicts, ARRAY_SIZE(verdicts));
	json_object_end(json);
	JSON_KEY(json, "lost");
	json_known_u64(json, totals->lost_is_known, totals->lost);
}

/* By role and probe point, as hops refer to them. */
static void write_symbols(struct json *json, const struct chain_summary *summary)
{
	char key[16];

	JSON_KEY(json, "symbols");
	json_object(json);
	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *entry = &summary->plan[i];

		if (!entry->symbol)
			continue;
		snprintf(key, sizeof(key), "%u", 2U * entry->role + entry->point);
		json_key(json, key);
		json_string(json, entry->symbol);
	}
	json_object_end(json);
}

static void write_stages(struct json *json, const struct stage_table *stages)
{
	JSON_KEY(json, "stages");
	json_array(json);
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		const struct stage_row *row = &stages->rows[i];

		if (!row->latency.count)
			continue;
		json_array(json);
		json_word(json, stage_words((enum stage)i));
		json_u64(json, row->latency.count);
		json_u64(json, row->latency.sum);
		json_u64(json, latency_within(&row->latency, 0.5));
		json_u64(json, latency_within(&row->latency, 0.99));
		json_u64(json, row->latency.max);
		json_bytes(json, row->slowest, row->slowest_len);
		json_array_end(json);
	}
	json_array_end(json);
}

static int claim_lines(struct renderer *renderer, const struct expect_results *results)
{
	struct html *html = renderer->state;
	struct json *json = &html->json;
	int ret = 0;

	for (size_t i = 0; i < results->count && !ret; i++) {
		html_begin_line(json, LINE_CLAIM);
		json_object(json);
		expect_result_json(json, results->file, &results->items[i]);
		json_object_end(json);
		ret = html_end_line(json);
	}
	return ret;
}

static int summary_line(struct renderer *renderer, const struct chain_summary *summary)
{
	struct html *html = renderer->state;
	struct json *json = &html->json;

	html_begin_line(json, LINE_SUMMARY);
	json_object(json);
	JSON_KEY(json, "kernel");
	json_string(json, summary->kernel);
	JSON_KEY(json, "arch");
	json_string(json, summary->arch);
	JSON_KEY(json, "layout");
	json_word(json, summary->layout ? layout_source_name(summary->layout) : NULL);
	write_totals(json, &summary->totals);
	write_symbols(json, summary);
	write_stages(json, &html->stages);
	json_object_end(json);
	html_end_line(json);
	text_str(&json->text, strstr(page, MARKER) + strlen(MARKER));
	return text_flush(&json->text);
}

static int start(struct renderer *renderer)
{
	struct html *html = calloc(1, sizeof(*html));

	if (!html)
		return -ENOMEM;
	json_init(&html->json, renderer->out);
	text_init(&html->scratch, NULL);
	html->json.is_in_page = true;
	html->has_times = !renderer->options.clock.only_orders;
	renderer->state = html;
	text_bytes(&html->json.text, page, (size_t)(strstr(page, MARKER) - page));
	text_char(&html->json.text, '\n');
	return write_words(html);
}

static void release(struct renderer *renderer)
{
	struct html *html = renderer->state;

	if (!html)
		return;
	stage_table_release(&html->stages);
	free(html);
}

const struct render_format render_html = {
	.name = "html",
	.start = start,
	.open = open_line,
	.path_call = path_call_line,
	.name_done = name_line,
	.loss = loss_line,
	.claims = claim_lines,
	.summary = summary_line,
	.release = release,
};
