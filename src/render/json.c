/* SPDX-License-Identifier: MIT */
/*
 * JSON Lines: one object per open, name, loss, and one summary, as ftopen-json(5) lists them.
 * Never leaves a field out because it is not known (it is null then), never invents one.
 */
#include "render/render.h"
#include "common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/escape.h"
#include "util/json.h"

struct json_lines {
	struct json json;
	struct text scratch; /* never flushed */
	struct times times;  /* of opens */
};

/* NULL is null, and so is a comm that no record carried. */
static void write_string(struct json *json, const char *str)
{
	json_bytes(json, str && *str ? str : NULL, str ? strlen(str) : 0);
}

static void write_addr(struct json *json, bool is_known, uint64_t addr)
{
	if (!is_known) {
		json_null(json);
		return;
	}
	json_quote(json);
	text_addr(&json->text, addr);
	json_unquote(json);
}

/* null by a clock that has none. */
static void write_time(struct json *json, struct times *times, uint64_t ts)
{
	if (times->clock->only_orders) {
		json_null(json);
		return;
	}
	json_quote(json);
	times_seconds(&json->text, times, ts);
	json_unquote(json);
}

static void write_tristate(struct json *json, enum tristate value)
{
	if (value == IS_UNKNOWN)
		json_null(json);
	else
		json_bool(json, value == IS_TRUE);
}

static void write_walk(struct json *json, enum walk walk)
{
	json_word(json, walk == WALK_UNKNOWN ? NULL : walk_name(walk));
}

static void write_verdicts(struct json *json, const uint64_t *verdicts)
{
	json_object(json);
	JSON_KEY(json, "PASS");
	json_u64(json, verdicts[VERDICT_PASS]);
	JSON_KEY(json, "FAIL");
	json_u64(json, verdicts[VERDICT_FAIL]);
	JSON_KEY(json, "UNKNOWN");
	json_u64(json, verdicts[VERDICT_UNKNOWN]);
	json_object_end(json);
}

static void begin_line(struct json *json, const char *type)
{
	json_object(json);
	JSON_KEY(json, "v");
	json_u64(json, 1);
	JSON_KEY(json, "type");
	json_word(json, type);
}

static int end_line(struct json *json)
{
	json_object_end(json);
	return json_end_line(json);
}

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

/* Pairs of strings, each of which ends with a NUL. */
static void write_links(struct json *json, const struct bytes *links)
{
	const char *link = links->data, *end = link + links->len;

	JSON_KEY(json, "links");
	json_array(json);
	while (link < end) {
		const char *target = link + strlen(link) + 1;

		json_object(json);
		JSON_KEY(json, "link");
		json_bytes(json, link, strlen(link));
		JSON_KEY(json, "target");
		json_bytes(json, target, strlen(target));
		json_object_end(json);
		link = target + strlen(target) + 1;
	}
	json_array_end(json);
}

static void write_paths(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "path");
	json_bytes(json, open->resolved.data, open->resolved.len);
	JSON_KEY(json, "path_why");
	write_string(json, open->resolved_why);
	write_links(json, &open->links);
	JSON_KEY(json, "dir");
	json_bytes(json, open->dir.data, open->dir.len);
	JSON_KEY(json, "dir_why");
	write_string(json, open->dir_why);
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
	write_string(json, open->comm);
	JSON_KEY(json, "ts");
	write_time(json, &lines->times, open->ts);
	JSON_KEY(json, "latency_ns");
	json_known_u64(json, open->has_latency, open->latency_ns);
}

static void write_answer(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "walk");
	write_walk(json, open->walk);
	JSON_KEY(json, "cache");
	json_word(json, cache_name(open->cache));
	JSON_KEY(json, "cache_why");
	write_string(json, open->cache_why);
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

	begin_line(json, "open");
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
	return end_line(json);
}

static int path_call_line(struct renderer *renderer, const struct open_call *call)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;

	begin_line(json, "call");
	write_arguments(json, call);
	JSON_KEY(json, "result");
	json_known_s64(json, call->has_result, call->result);
	write_who_and_when(lines, call);
	write_answer(json, call);
	return end_line(json);
}

static void write_lookup_fields(struct json *json, const struct hop *hop)
{
	JSON_KEY(json, "hash");
	json_known_u64(json, hop->has_hash, hop->hash);
	JSON_KEY(json, "len");
	json_known_u64(json, hop->len != 0, hop->len);
	JSON_KEY(json, "walk");
	write_walk(json, hop->walk);
	JSON_KEY(json, "negative");
	write_tristate(json, hop->has_addr ? (enum tristate)hop->negative : IS_UNKNOWN);
}

static void write_hop(struct json *json, struct times *times, const struct hop *hop)
{
	json_object(json);
	JSON_KEY(json, "hop");
	json_word(json, hop_name(hop->kind));
	JSON_KEY(json, "symbol");
	write_string(json, hop->symbol);
	JSON_KEY(json, "edge");
	json_word(json, point_name(hop->point));
	JSON_KEY(json, "addr");
	write_addr(json, hop->has_addr, hop->addr);
	JSON_KEY(json, "ts");
	write_time(json, times, hop->ts);
	JSON_KEY(json, "cpu");
	json_s64(json, hop->cpu);
	JSON_KEY(json, "tid");
	json_s64(json, hop->tid);
	JSON_KEY(json, "comm");
	write_string(json, hop->comm);
	JSON_KEY(json, "open");
	json_known_u64(json, hop->open != 0, hop->open);
	JSON_KEY(json, "since_ns");
	json_known_s64(json, hop->open && !times->clock->only_orders, hop->since);
	if (hop->kind == HOP_LOOKUP)
		write_lookup_fields(json, hop);
	if (hop->kind == HOP_FILE && hop->err) {
		JSON_KEY(json, "errno");
		json_s64(json, hop->err);
	}
	json_object_end(json);
}

static void write_hops(struct json *json, struct times *times, const struct hop_list *hops)
{
	JSON_KEY(json, "hops");
	json_array(json);
	for (size_t i = 0; i < hops->count; i++)
		write_hop(json, times, &hops->items[i]);
	json_array_end(json);
	JSON_KEY(json, "hops_dropped");
	json_u64(json, hops->dropped);
}

static void write_lifetime(struct json *json, struct times *times, const struct lifetime *lifetime)
{
	json_object(json);
	JSON_KEY(json, "index");
	json_u64(json, lifetime->index);
	JSON_KEY(json, "dentry");
	write_addr(json, lifetime->dentry != 0, lifetime->dentry);
	JSON_KEY(json, "born");
	json_word(json, lifetime->born == BORN_NOT ? NULL : born_name(lifetime->born));
	JSON_KEY(json, "born_comm");
	write_string(json, lifetime->born_tid ? lifetime->born_comm : NULL);
	JSON_KEY(json, "born_tid");
	json_known_s64(json, lifetime->born_tid != 0, lifetime->born_tid);
	JSON_KEY(json, "storage");
	json_word(json, storage_name(lifetime->storage));
	JSON_KEY(json, "end");
	json_word(json, end_name(lifetime->end));
	JSON_KEY(json, "end_comm");
	write_string(json, lifetime->end_comm);
	JSON_KEY(json, "end_tid");
	json_known_s64(json, lifetime->end_tid != 0, lifetime->end_tid);
	JSON_KEY(json, "negative");
	write_tristate(json, lifetime->negative);
	write_hops(json, times, &lifetime->hops);
	json_object_end(json);
}

/* A hop by its name, "dentry", or "lifetime N"; without the N where that is not known. */
static void write_operand(struct json *json, const struct operand_ref *operand,
			  const uint32_t *lifetime)
{
	json_quote(json);
	text_str(&json->text, operand_word(operand));
	if (operand->what == OPERAND_LIFETIME && lifetime) {
		text_char(&json->text, ' ');
		text_u64(&json->text, *lifetime);
	}
	json_unquote(json);
}

/* len("/tmp/") as a JSON string: escaped as a C string first, so that it reads as in the tree. */
static void write_prefix_length(struct json_lines *lines, const struct bytes *prefix)
{
	struct text *text = &lines->json.text;

	json_quote(&lines->json);
	TEXT(text, "len(\\\"");
	escape_c_within(text, &lines->scratch, &quoting_by_backslash, prefix->data, prefix->len);
	TEXT(text, "\\\")");
	json_unquote(&lines->json);
}

static void write_means(struct json_lines *lines, const struct relation *relation)
{
	if (relation->means == MEANS_PREFIX)
		write_prefix_length(lines, &relation->prefix);
	else
		json_word(&lines->json, means_word(relation));
}

static bool has_expected(const struct relation *relation)
{
	return relation->means == MEANS_PREFIX || relation->means == MEANS_INLINE ||
	       relation->means == MEANS_SIZE;
}

static void write_operands(struct json *json, const struct name *name,
			   const struct relation *relation)
{
	uint32_t earlier;
	bool is_known = find_earlier_lifetime(name, relation, &earlier);

	json_object(json);
	JSON_KEY(json, "left");
	write_operand(json, &relation->left, is_known ? &earlier : NULL);
	JSON_KEY(json, "op");
	json_word(json, op_name(relation->op));
	JSON_KEY(json, "right");
	write_operand(json, &relation->right, &relation->lifetime);
	JSON_KEY(json, "left_addr");
	write_addr(json, relation->left.has_addr, relation->left.addr);
	JSON_KEY(json, "right_addr");
	write_addr(json, relation->right.has_addr, relation->right.addr);
}

static void write_relation(struct json_lines *lines, const struct name *name,
			   const struct relation *relation)
{
	struct json *json = &lines->json;
	bool is_claim = relation->verdict != VERDICT_NONE;

	write_operands(json, name, relation);
	JSON_KEY(json, "lifetime");
	json_u64(json, relation->lifetime);
	JSON_KEY(json, "open");
	json_known_u64(json, relation->open != 0, relation->open);
	JSON_KEY(json, "value");
	json_known_s64(json, relation->op == OP_DIFFERENCE && relation->has_value, relation->value);
	JSON_KEY(json, "expected");
	json_known_s64(json, has_expected(relation), relation->expected);
	JSON_KEY(json, "means");
	write_means(lines, relation);
	JSON_KEY(json, "verdict");
	json_word(json, is_claim ? verdict_name(relation->verdict) : NULL);
	JSON_KEY(json, "why");
	write_string(json, relation->why);
	json_object_end(json);
}

static void write_identity(struct json *json, const struct name *name)
{
	JSON_KEY(json, "component");
	json_bytes(json, name->component.data, name->component.len);
	JSON_KEY(json, "dev");
	write_dev(json, name);
	JSON_KEY(json, "dir_ino");
	json_known_u64(json, name->has_dir, name->dir_ino);
	JSON_KEY(json, "dir_gen");
	json_known_u64(json, name->has_gen, name->dir_gen);
}

static int name_line(struct renderer *renderer, const struct name *name)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;
	struct times times = times_of(&renderer->options);

	begin_line(json, "name");
	JSON_KEY(json, "name");
	json_bytes(json, name->path.data, name->path.len);
	JSON_KEY(json, "paths");
	json_array(json);
	for (size_t i = 0; i < name->path_count; i++)
		json_bytes(json, name->paths[i].data, name->paths[i].len);
	json_array_end(json);
	JSON_KEY(json, "paths_dropped");
	json_u64(json, name->paths_dropped);
	JSON_KEY(json, "path");
	json_bytes(json, name->resolved.data, name->resolved.len);
	write_links(json, &name->links);
	write_identity(json, name);
	JSON_KEY(json, "lifetimes");
	json_array(json);
	for (size_t i = 0; i < name->lifetime_count; i++)
		write_lifetime(json, &times, name->lifetimes[i]);
	json_array_end(json);
	JSON_KEY(json, "lifetimes_dropped");
	json_u64(json, name->lifetimes_dropped);
	JSON_KEY(json, "relations");
	json_array(json);
	for (size_t i = 0; i < name->relation_count; i++)
		write_relation(lines, name, &name->relations[i]);
	json_array_end(json);
	JSON_KEY(json, "relations_dropped");
	json_u64(json, name->relations_dropped);
	JSON_KEY(json, "verdicts");
	write_verdicts(json, name->verdicts);
	return end_line(json);
}

static int loss_line(struct renderer *renderer, const struct loss *loss)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;
	struct times times = times_of(&renderer->options);

	if (times.shown == TIMES_DELTA)
		times.shown = TIMES_TRACE;
	begin_line(json, "loss");
	JSON_KEY(json, "what");
	json_word(json, loss->is_unselected ? "tasks" : "records");
	JSON_KEY(json, "scope");
	json_word(json, loss->scope == SCOPE_TASK ? "task" : "any");
	JSON_KEY(json, "cpu");
	json_known_s64(json, loss->cpu >= 0, loss->cpu);
	JSON_KEY(json, "from");
	write_time(json, &times, loss->from);
	JSON_KEY(json, "to");
	write_time(json, &times, loss->to);
	JSON_KEY(json, "count");
	json_known_u64(json, loss->count != LOSS_UNKNOWN, loss->count);
	return end_line(json);
}

static int claim_lines(struct renderer *renderer, const struct expect_results *results)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;
	int ret = 0;

	for (size_t i = 0; i < results->count && !ret; i++) {
		begin_line(json, "expect");
		expect_result_json(json, results->file, &results->items[i]);
		ret = end_line(json);
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
		write_string(json, entry->symbol);
		JSON_KEY(json, "edge");
		json_word(json, point_name(entry->point));
		JSON_KEY(json, "state");
		json_word(json, probe_state_name(entry->state));
		JSON_KEY(json, "note");
		write_string(json, entry->note);
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
	write_string(json, clock->name);
	JSON_KEY(json, "wall_offset_ns");
	json_known_s64(json, clock->has_wall, clock->wall);
}

static int summary_line(struct renderer *renderer, const struct chain_summary *summary)
{
	struct json_lines *lines = renderer->state;
	struct json *json = &lines->json;

	begin_line(json, "summary");
	JSON_KEY(json, "kernel");
	write_string(json, summary->kernel);
	JSON_KEY(json, "arch");
	write_string(json, summary->arch);
	JSON_KEY(json, "layout");
	json_word(json, summary->layout ? layout_source_name(summary->layout) : NULL);
	write_clock(json, &renderer->options.clock);
	write_totals(json, &summary->totals);
	JSON_KEY(json, "missed_probes");
	json_known_u64(json, summary->has_missed_probes, summary->missed_probes);
	write_plan(json, summary);
	JSON_KEY(json, "verdicts");
	write_verdicts(json, summary->totals.verdicts);
	return end_line(json);
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
