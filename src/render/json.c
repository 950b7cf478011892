/* SPDX-License-Identifier: MIT */
/*
 * JSON Lines: one object per open, name, loss, and one summary, as ftopen-json(5) lists them.
 * Never leaves a field out because it is not known (it is null then), never invents one.
 */
#include "render/render.h"
#include "render/common.h"

#include <errno.h>
#include <stdlib.h>

#include "util/escape.h"
#include "util/text.h"

/* Linux: the major number's place in the kernel's own dev_t. */
#define DEV_MINOR_BITS 20

struct json {
	struct text text;
	struct text scratch; /* never flushed */
	struct times times;  /* of opens */
};

static void write_null(struct text *text)
{
	TEXT(text, "null");
}

static void write_bool(struct text *text, bool value)
{
	if (value)
		TEXT(text, "true");
	else
		TEXT(text, "false");
}

/* Text that may hold anything: a string, or the bytes where it is not UTF-8. */
static void write_bytes(struct text *text, const char *data, size_t len)
{
	if (!data) {
		write_null(text);
	} else if (is_utf8(data, len)) {
		escape_json(text, data, len);
	} else {
		TEXT(text, "{\"bytes\":\"");
		escape_hex(text, data, len);
		TEXT(text, "\"}");
	}
}

/* NULL is null, and so is a comm that no record carried. */
static void write_string(struct text *text, const char *str)
{
	write_bytes(text, str && *str ? str : NULL, str ? strlen(str) : 0);
}

static void write_number(struct text *text, bool is_known, int64_t value)
{
	if (is_known)
		text_s64(text, value);
	else
		write_null(text);
}

static void write_count(struct text *text, bool is_known, uint64_t value)
{
	if (is_known)
		text_u64(text, value);
	else
		write_null(text);
}

static void write_addr(struct text *text, bool is_known, uint64_t addr)
{
	if (!is_known) {
		write_null(text);
		return;
	}
	text_char(text, '"');
	text_addr(text, addr);
	text_char(text, '"');
}

/* null by a clock that has none. */
static void write_time(struct text *text, struct times *times, uint64_t ts)
{
	if (times->clock->only_orders) {
		write_null(text);
		return;
	}
	text_char(text, '"');
	times_seconds(text, times, ts);
	text_char(text, '"');
}

static void write_tristate(struct text *text, enum tristate value)
{
	if (value == IS_UNKNOWN)
		write_null(text);
	else
		write_bool(text, value == IS_TRUE);
}

static void write_walk(struct text *text, enum walk walk)
{
	write_string(text, walk == WALK_UNKNOWN ? NULL : walk_name(walk));
}

static void write_verdicts(struct text *text, const uint64_t *verdicts)
{
	TEXT(text, "{\"PASS\":");
	text_u64(text, verdicts[VERDICT_PASS]);
	TEXT(text, ",\"FAIL\":");
	text_u64(text, verdicts[VERDICT_FAIL]);
	TEXT(text, ",\"UNKNOWN\":");
	text_u64(text, verdicts[VERDICT_UNKNOWN]);
	text_char(text, '}');
}

static int end_line(struct text *text)
{
	TEXT(text, "}\n");
	return text_flush(text);
}

static int json_open(struct renderer *renderer, const struct open_call *open)
{
	struct json *json = renderer->state;
	struct text *text = &json->text;

	TEXT(text, "{\"v\":1,\"type\":\"open\",\"id\":");
	text_u64(text, open->id);
	TEXT(text, ",\"name\":");
	/* An empty path is refused before the kernel keeps it: it is not known, either. */
	write_bytes(text, open->path.len ? open->path.data : NULL, open->path.len);
	TEXT(text, ",\"call\":");
	write_string(text, call_name(open->call));
	TEXT(text, ",\"dirfd\":");
	write_number(text, open->has_dfd, open->dfd);
	TEXT(text, ",\"flags\":");
	write_count(text, open->has_flags, open->flags);
	TEXT(text, ",\"result\":");
	write_number(text, open->has_result, open->result);
	TEXT(text, ",\"tid\":");
	text_s64(text, open->tid);
	TEXT(text, ",\"tgid\":");
	write_number(text, open->tgid != 0, open->tgid);
	TEXT(text, ",\"comm\":");
	write_string(text, open->comm);
	TEXT(text, ",\"ts\":");
	write_time(text, &json->times, open->ts);
	TEXT(text, ",\"latency_ns\":");
	write_count(text, open->has_latency, open->latency_ns);
	TEXT(text, ",\"walk\":");
	write_walk(text, open->walk);
	TEXT(text, ",\"cache\":");
	write_string(text, cache_name(open->cache));
	TEXT(text, ",\"cache_why\":");
	write_string(text, open->cache_why);
	TEXT(text, ",\"path\":");
	write_bytes(text, open->resolved.data, open->resolved.len);
	TEXT(text, ",\"path_why\":");
	write_string(text, open->resolved_why);
	TEXT(text, ",\"dir\":");
	write_bytes(text, open->dir.data, open->dir.len);
	TEXT(text, ",\"dir_why\":");
	write_string(text, open->dir_why);
	TEXT(text, ",\"complete\":");
	write_bool(text, open->complete);
	return end_line(text);
}

static void write_lookup_fields(struct text *text, const struct hop *hop)
{
	TEXT(text, ",\"hash\":");
	write_count(text, hop->has_hash, hop->hash);
	TEXT(text, ",\"len\":");
	write_count(text, hop->len != 0, hop->len);
	TEXT(text, ",\"walk\":");
	write_walk(text, hop->walk);
	TEXT(text, ",\"negative\":");
	write_tristate(text, hop->has_addr ? (enum tristate)hop->negative : IS_UNKNOWN);
}

static void write_hop(struct text *text, struct times *times, const struct hop *hop)
{
	TEXT(text, "{\"hop\":\"");
	text_str(text, hop_name(hop->kind));
	TEXT(text, "\",\"symbol\":");
	write_string(text, hop->symbol);
	TEXT(text, ",\"edge\":\"");
	text_str(text, edge_name(hop->edge));
	TEXT(text, "\",\"addr\":");
	write_addr(text, hop->has_addr, hop->addr);
	TEXT(text, ",\"ts\":");
	write_time(text, times, hop->ts);
	TEXT(text, ",\"cpu\":");
	text_s64(text, hop->cpu);
	TEXT(text, ",\"tid\":");
	text_s64(text, hop->tid);
	TEXT(text, ",\"comm\":");
	write_string(text, hop->comm);
	TEXT(text, ",\"open\":");
	write_count(text, hop->open != 0, hop->open);
	if (hop->kind == HOP_LOOKUP)
		write_lookup_fields(text, hop);
	if (hop->kind == HOP_FILE && hop->err) {
		TEXT(text, ",\"errno\":");
		text_s64(text, hop->err);
	}
	text_char(text, '}');
}

static void write_hops(struct text *text, struct times *times, const struct hop_list *hops)
{
	TEXT(text, ",\"hops\":[");
	for (size_t i = 0; i < hops->count; i++) {
		if (i)
			text_char(text, ',');
		write_hop(text, times, &hops->items[i]);
	}
	TEXT(text, "],\"hops_dropped\":");
	text_u64(text, hops->dropped);
}

static void write_lifetime(struct text *text, struct times *times, const struct lifetime *lifetime)
{
	TEXT(text, "{\"index\":");
	text_u64(text, lifetime->index);
	TEXT(text, ",\"dentry\":");
	write_addr(text, lifetime->dentry != 0, lifetime->dentry);
	TEXT(text, ",\"born\":");
	write_string(text, lifetime->born == BORN_NOT ? NULL : born_name(lifetime->born));
	TEXT(text, ",\"born_comm\":");
	write_string(text, lifetime->born_tid ? lifetime->born_comm : NULL);
	TEXT(text, ",\"born_tid\":");
	write_number(text, lifetime->born_tid != 0, lifetime->born_tid);
	TEXT(text, ",\"storage\":");
	write_string(text, storage_name(lifetime->storage));
	TEXT(text, ",\"end\":");
	write_string(text, end_name(lifetime->end));
	TEXT(text, ",\"end_comm\":");
	write_string(text, lifetime->end_comm);
	TEXT(text, ",\"end_tid\":");
	write_number(text, lifetime->end_tid != 0, lifetime->end_tid);
	TEXT(text, ",\"negative\":");
	write_tristate(text, lifetime->negative);
	write_hops(text, times, &lifetime->hops);
	text_char(text, '}');
}

/* A hop by its name, "dentry", or "lifetime N"; without the N where that is not known. */
static void write_operand(struct text *text, const struct operand_ref *operand,
			  const uint32_t *lifetime)
{
	text_char(text, '"');
	switch (operand->what) {
	case OPERAND_HOP:
		text_str(text, hop_name(operand->hop));
		break;
	case OPERAND_DENTRY:
		TEXT(text, "dentry");
		break;
	case OPERAND_LIFETIME:
		TEXT(text, "lifetime");
		if (lifetime) {
			text_char(text, ' ');
			text_u64(text, *lifetime);
		}
		break;
	}
	text_char(text, '"');
}

/*
 * len("/tmp/") as a JSON string: escaped as a C string first, so that it reads as in the tree.
 * Piece by piece, each of which fits the scratch buffer however much of it has to be escaped.
 */
static void write_prefix_length(struct json *json, const struct bytes *prefix)
{
	const size_t piece = TEXT_SIZE / 4;

	TEXT(&json->text, "\"len(\\\"");
	for (size_t at = 0; at < prefix->len; at += piece) {
		size_t rest = prefix->len - at;

		json->scratch.len = 0;
		escape_c(&json->scratch, prefix->data + at, rest < piece ? rest : piece);
		escape_json_inside(&json->text, json->scratch.data, json->scratch.len);
	}
	TEXT(&json->text, "\\\")\"");
}

static void write_means(struct json *json, const struct relation *relation)
{
	struct text *text = &json->text;

	switch (relation->means) {
	case MEANS_PREFIX:
		write_prefix_length(json, &relation->prefix);
		break;
	case MEANS_INLINE:
		TEXT(text, "\"offset of the inline name\"");
		break;
	case MEANS_SIZE:
		TEXT(text, "\"size of the dentry\"");
		break;
	case MEANS_LIFETIMES:
		write_string(text, relation->reuse ? "address reused" : "difference of lifetimes");
		break;
	case MEANS_SHARED:
		TEXT(text, "\"name shared by rename\"");
		break;
	case MEANS_MOVED:
		TEXT(text, "\"name moved by exchange\"");
		break;
	case MEANS_NOTHING:
		write_null(text);
		break;
	}
}

static bool has_expected(const struct relation *relation)
{
	return relation->means == MEANS_PREFIX || relation->means == MEANS_INLINE ||
	       relation->means == MEANS_SIZE;
}

static void write_operands(struct text *text, const struct name *name,
			   const struct relation *relation)
{
	uint32_t earlier;
	bool is_known = find_earlier_lifetime(name, relation, &earlier);

	TEXT(text, "{\"left\":");
	write_operand(text, &relation->left, is_known ? &earlier : NULL);
	TEXT(text, ",\"op\":\"");
	text_str(text, op_name(relation->op));
	TEXT(text, "\",\"right\":");
	write_operand(text, &relation->right, &relation->lifetime);
	TEXT(text, ",\"left_addr\":");
	write_addr(text, relation->left.has_addr, relation->left.addr);
	TEXT(text, ",\"right_addr\":");
	write_addr(text, relation->right.has_addr, relation->right.addr);
}

static void write_relation(struct json *json, const struct name *name,
			   const struct relation *relation)
{
	struct text *text = &json->text;
	bool is_claim = relation->verdict != VERDICT_NONE;

	write_operands(text, name, relation);
	TEXT(text, ",\"lifetime\":");
	text_u64(text, relation->lifetime);
	TEXT(text, ",\"open\":");
	write_count(text, relation->open != 0, relation->open);
	TEXT(text, ",\"value\":");
	write_number(text, relation->op == OP_DIFFERENCE && relation->has_value, relation->value);
	TEXT(text, ",\"expected\":");
	write_number(text, has_expected(relation), relation->expected);
	TEXT(text, ",\"means\":");
	write_means(json, relation);
	TEXT(text, ",\"verdict\":");
	write_string(text, is_claim ? verdict_name(relation->verdict) : NULL);
	TEXT(text, ",\"why\":");
	write_string(text, relation->why);
	text_char(text, '}');
}

static void write_identity(struct text *text, const struct name *name)
{
	TEXT(text, ",\"component\":");
	write_bytes(text, name->component.data, name->component.len);
	TEXT(text, ",\"dev\":");
	if (name->has_dir) {
		text_char(text, '"');
		text_u64(text, name->dev >> DEV_MINOR_BITS);
		text_char(text, ':');
		text_u64(text, name->dev & ((1u << DEV_MINOR_BITS) - 1));
		text_char(text, '"');
	} else {
		write_null(text);
	}
	TEXT(text, ",\"dir_ino\":");
	write_count(text, name->has_dir, name->dir_ino);
	TEXT(text, ",\"dir_gen\":");
	write_count(text, name->has_gen, name->dir_gen);
}

static int json_name(struct renderer *renderer, const struct name *name)
{
	struct json *json = renderer->state;
	struct times times = times_of(&renderer->options);
	struct text *text = &json->text;

	TEXT(text, "{\"v\":1,\"type\":\"name\",\"name\":");
	write_bytes(text, name->path.data, name->path.len);
	TEXT(text, ",\"paths\":[");
	for (size_t i = 0; i < name->path_count; i++) {
		if (i)
			text_char(text, ',');
		write_bytes(text, name->paths[i].data, name->paths[i].len);
	}
	TEXT(text, "],\"paths_dropped\":");
	text_u64(text, name->paths_dropped);
	TEXT(text, ",\"path\":");
	write_bytes(text, name->resolved.data, name->resolved.len);
	write_identity(text, name);
	TEXT(text, ",\"lifetimes\":[");
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (i)
			text_char(text, ',');
		write_lifetime(text, &times, name->lifetimes[i]);
	}
	TEXT(text, "],\"lifetimes_dropped\":");
	text_u64(text, name->lifetimes_dropped);
	TEXT(text, ",\"relations\":[");
	for (size_t i = 0; i < name->relation_count; i++) {
		if (i)
			text_char(text, ',');
		write_relation(json, name, &name->relations[i]);
	}
	TEXT(text, "],\"relations_dropped\":");
	text_u64(text, name->relations_dropped);
	TEXT(text, ",\"verdicts\":");
	write_verdicts(text, name->verdicts);
	return end_line(text);
}

static int json_loss(struct renderer *renderer, const struct loss *loss)
{
	struct json *json = renderer->state;
	struct times times = times_of(&renderer->options);
	struct text *text = &json->text;

	if (times.shown == TIMES_DELTA)
		times.shown = TIMES_TRACE;
	TEXT(text, "{\"v\":1,\"type\":\"loss\",\"what\":\"records\",\"scope\":");
	write_string(text, loss->scope == SCOPE_TASK ? "task" : "any");
	TEXT(text, ",\"cpu\":");
	write_number(text, loss->cpu >= 0, loss->cpu);
	TEXT(text, ",\"from\":");
	write_time(text, &times, loss->from);
	TEXT(text, ",\"to\":");
	write_time(text, &times, loss->to);
	TEXT(text, ",\"count\":");
	write_count(text, loss->count != LOSS_UNKNOWN, loss->count);
	return end_line(text);
}

static void write_plan(struct text *text, const struct chain_summary *summary)
{
	TEXT(text, ",\"plan\":[");
	for (size_t i = 0; i < summary->plan_count; i++) {
		const struct plan_entry *entry = &summary->plan[i];

		if (i)
			text_char(text, ',');
		TEXT(text, "{\"role\":");
		write_string(text, role_name(entry->role));
		TEXT(text, ",\"symbol\":");
		write_string(text, entry->symbol);
		TEXT(text, ",\"edge\":");
		write_string(text, edge_name(entry->edge));
		TEXT(text, ",\"state\":");
		write_string(text, entry->state);
		TEXT(text, ",\"note\":");
		write_string(text, entry->note);
		text_char(text, '}');
	}
	text_char(text, ']');
}

static void write_totals(struct text *text, const struct chain_totals *totals)
{
	const struct {
		const char *key;
		uint64_t count;
	} counts[] = {
		{ ",\"opens\":", totals->opens },
		{ ",\"names\":", totals->names },
		{ ",\"hits\":", totals->caches[CACHE_HIT] },
		{ ",\"negative_hits\":", totals->caches[CACHE_NEGATIVE] },
		{ ",\"misses\":", totals->caches[CACHE_MISS] },
		{ ",\"created\":", totals->caches[CACHE_CREATED] },
		{ ",\"stale\":", totals->caches[CACHE_STALE] },
		{ ",\"none\":", totals->caches[CACHE_NONE] },
		{ ",\"unreached\":", totals->caches[CACHE_UNREACHED] },
		{ ",\"allocs\":", totals->allocs },
		{ ",\"evictions\":", totals->evictions },
		{ ",\"pushed_out\":", totals->pushed_out },
		{ ",\"records\":", totals->records },
		{ ",\"losses\":", totals->losses },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		text_str(text, counts[i].key);
		write_count(text, counts[i].count != COUNT_UNKNOWN, counts[i].count);
	}
	TEXT(text, ",\"lost\":");
	write_count(text, totals->lost_is_known, totals->lost);
}

static void write_clock(struct text *text, const struct trace_clock *clock)
{
	TEXT(text, ",\"clock\":");
	write_string(text, clock->name);
	TEXT(text, ",\"wall_offset_ns\":");
	write_number(text, clock->has_wall, clock->wall);
}

static int json_summary(struct renderer *renderer, const struct chain_summary *summary)
{
	struct json *json = renderer->state;
	struct text *text = &json->text;

	TEXT(text, "{\"v\":1,\"type\":\"summary\",\"kernel\":");
	write_string(text, summary->kernel);
	TEXT(text, ",\"arch\":");
	write_string(text, summary->arch);
	TEXT(text, ",\"layout\":");
	write_string(text, summary->layout);
	write_clock(text, &renderer->options.clock);
	write_totals(text, &summary->totals);
	TEXT(text, ",\"missed_probes\":");
	write_count(text, summary->has_missed_probes, summary->missed_probes);
	write_plan(text, summary);
	TEXT(text, ",\"verdicts\":");
	write_verdicts(text, summary->totals.verdicts);
	return end_line(text);
}

static int json_start(struct renderer *renderer)
{
	struct json *json = malloc(sizeof(*json));

	if (!json)
		return -ENOMEM;
	text_init(&json->text, renderer->out);
	text_init(&json->scratch, NULL);
	json->times = times_of(&renderer->options);
	renderer->state = json;
	return 0;
}

static void json_release(struct renderer *renderer)
{
	free(renderer->state);
}

const struct render_format render_json = {
	.name = "json",
	.start = json_start,
	.open = json_open,
	.name_done = json_name,
	.loss = json_loss,
	.summary = json_summary,
	.release = json_release,
};
