/* SPDX-License-Identifier: MIT */
/*
 * JSON Lines: one object per open, name, loss, and one summary, as ftopen-json(5) lists them.
 * Never leaves a field out because it is not known (it is null then), never invents one.
 */
#include "json_line.h"

#include <errno.h>
#include <stdlib.h>

#include "render/render.h"

static void write_stages(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "stages");
	if (!open->stages) {
		json_null(json);
		return;
	}
	json_object(json);
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		json_key(json, stage_name((enum stage)i));
		json_known_u64(json, has_stage(open, (enum stage)i), open->stage_ns[i]);
	}
	json_object_end(json);
}

static void write_paths(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "path");
	json_bytes(json, open->resolved.data, open->resolved.len);
	JSON_KEY(json, "path_why");
	json_line_string(json, open->resolved_why);
	json_line_links(json, &open->links);
	JSON_KEY(json, "dir");
	json_bytes(json, open->dir.data, open->dir.len);
	JSON_KEY(json, "dir_why");
	json_line_string(json, open->dir_why);
}

static void write_who_and_when(struct json_lines *lines, const struct open_call *open)
{
	struct json *json = &lines->json;

	JSON_KEY(json, "tid");
	json_s64(json, open->tid);
	JSON_KEY(json, "tgid");
	json_known_s64(json, open->tgid != 0, open->tgid);
	JSON_KEY(json, "uid");
	json_known_u64(json, open->has_uid, open->uid);
	JSON_KEY(json, "comm");
	json_line_string(json, open->comm);
	JSON_KEY(json, "ts");
	json_line_time(json, &lines->times, open->ts);
	JSON_KEY(json, "latency_ns");
	json_known_u64(json, open->has_latency, open->latency_ns);
}

static void write_answer(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "walk");
	json_line_walk(json, open->walk);
	JSON_KEY(json, "cache");
	json_word(json, cache_name(open->cache));
	JSON_KEY(json, "cache_why");
	json_line_string(json, open->cache_why);
	write_paths(json, open);
	JSON_KEY(json, "complete");
	json_bool(json, open->complete);
}

static void write_arguments(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "id");
	json_u64(json, open->id);
	JSON_KEY(json, "name");
	/* An empty path is refused before the kernel keeps it: it is not known, either. */
	json_bytes(json, open->path.len ? open->path.data : NULL, open->path.len);
	JSON_KEY(json, "call");
	json_word(json, call_name(open->call));
	JSON_KEY(json, "dirfd");
	json_known_s64(json, open->has_dfd, open->dfd);
}

static int open_line(struct renderer *renderer, const struct open_call *open)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;

	json_line_begin(json, "open");
	write_arguments(json, open);
	JSON_KEY(json, "flags");
	json_known_u64(json, open->has_flags, open->flags);
	JSON_KEY(json, "mode");
	json_known_u64(json, open->has_mode, open->mode);
	JSON_KEY(json, "result");
	json_known_s64(json, open->has_result, open->result);
	write_who_and_when(lines, open);
	write_stages(json, open);
	write_answer(json, open);
	return json_line_end(json);
}

static int path_call_line(struct renderer *renderer, const struct open_call *call)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;

	json_line_begin(json, "call");
	write_arguments(json, call);
	JSON_KEY(json, "result");
	json_known_s64(json, call->has_result, call->result);
	write_who_and_when(lines, call);
	write_answer(json, call);
	return json_line_end(json);
}

static int name_line(struct renderer *renderer, const struct name *name)
{
	return json_name(renderer->state, &renderer->options, name);
}

static int loss_line(struct renderer *renderer, const struct loss *loss)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;
	struct times times = times_of(&renderer->options);

	if (times.shown == TIMES_DELTA)
		times.shown = TIMES_TRACE;
	json_line_begin(json, "loss");
	JSON_KEY(json, "what");
	json_word(json, loss->is_unselected ? "tasks" : "records");
	JSON_KEY(json, "scope");
	json_word(json, loss->scope == SCOPE_TASK ? "task" : "any");
	JSON_KEY(json, "cpu");
	json_known_s64(json, loss->cpu >= 0, loss->cpu);
	JSON_KEY(json, "from");
	json_line_time(json, &times, loss->from);
	JSON_KEY(json, "to");
	json_line_time(json, &times, loss->to);
	JSON_KEY(json, "count");
	json_known_u64(json, loss->count != LOSS_UNKNOWN, loss->count);
	return json_line_end(json);
}

static int claim_lines(struct renderer *renderer, const struct expect_results *results)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;
	int ret = 0;

	for (size_t i = 0; i < results->count && !ret; i++) {
		json_line_begin(json, "expect");
		expect_result_json(json, results->file, &results->items[i]);
		ret = json_line_end(json);
	}
	return ret;
}

static void write_plan(struct json *json, const struct chain_summary *summary)
{
	JSON_KEY(json, "plan");
	json_array(json);
	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *entry = &summary->plan[i];

		json_object(json);
		JSON_KEY(json, "role");
		json_word(json, role_name(entry->role));
		JSON_KEY(json, "symbol");
		json_line_string(json, entry->symbol);
		JSON_KEY(json, "edge");
		json_word(json, point_name(entry->point));
		JSON_KEY(json, "state");
		json_word(json, probe_state_name(entry->state));
		JSON_KEY(json, "note");
		json_line_string(json, entry->note);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_totals(struct json *json, const struct chain_totals *totals)
{
	const struct {
		const char *key;
		uint64_t count;
	} counts[] = {
		{ "opens", totals->opens },
		{ "path_calls", totals->path_calls },
		{ "names", totals->names },
		{ "hits", totals->caches[CACHE_HIT] },
		{ "negative_hits", totals->caches[CACHE_NEGATIVE] },
		{ "misses", totals->caches[CACHE_MISS] },
		{ "created", totals->caches[CACHE_CREATED] },
		{ "stale", totals->caches[CACHE_STALE] },
		{ "none", totals->caches[CACHE_NONE] },
		{ "unreached", totals->caches[CACHE_UNREACHED] },
		{ "allocs", totals->allocs },
		{ "evictions", totals->evictions },
		{ "pushed_out", totals->pushed_out },
		{ "records", totals->records },
		{ "losses", totals->losses },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		json_key(json, counts[i].key);
		json_known_u64(json, counts[i].count != COUNT_UNKNOWN, counts[i].count);
	}
	JSON_KEY(json, "lost");
	json_known_u64(json, totals->lost_is_known, totals->lost);
}

static void write_clock(struct json *json, const struct trace_clock *clock)
{
	JSON_KEY(json, "clock");
	json_line_string(json, clock->name);
	JSON_KEY(json, "wall_offset_ns");
	json_known_s64(json, clock->has_wall, clock->wall);
}

static int summary_line(struct renderer *renderer, const struct chain_summary *summary)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;

	json_line_begin(json, "summary");
	JSON_KEY(json, "kernel");
	json_line_string(json, summary->kernel);
	JSON_KEY(json, "arch");
	json_line_string(json, summary->arch);
	JSON_KEY(json, "layout");
	json_word(json, summary->layout ? layout_source_name(summary->layout) : NULL);
	write_clock(json, &renderer->options.clock);
	write_totals(json, &summary->totals);
	JSON_KEY(json, "missed_probes");
	json_known_u64(json, summary->has_missed_probes, summary->missed_probes);
	write_plan(json, summary);
	JSON_KEY(json, "verdicts");
	json_line_verdicts(json, summary->totals.verdicts);
	return json_line_end(json);
}

static int start(struct renderer *renderer)
{
	struct json_lines *lines = malloc(sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	json_init(&lines->json, renderer->out);
	text_init(&lines->scratch, NULL);
	lines->times = times_of(&renderer->options);
	renderer->state = lines;
	return 0;
}

static void release(struct renderer *renderer)
{
	free(renderer->state);
}

const struct render_format render_json = {
	.name = "json",
	.start = start,
	.open = open_line,
	.path_call = path_call_line,
	.name_done = name_line,
	.loss = loss_line,
	.claims = claim_lines,
	.summary = summary_line,
	.release = release,
};
