/* SPDX-License-Identifier: MIT */
/*
 * The line of a name in the HTML report: first what the list of names shows, then its lifetimes
 * with their hops, its relations and its spellings, which the page parses when somebody looks at
 * the name.
 */
#include "html.h"

#include <string.h>

#include "common.h"

/* What names can be filtered by; report.js knows them as FLAGS. */
enum flag {
	FLAG_FAILED = 1,
	FLAG_MISS = 2,
	FLAG_NEGATIVE = 4,
	FLAG_EVICTED = 8,
	FLAG_SEVERAL = 16,
	FLAG_FAIL = 32,
	FLAG_UNKNOWN = 64,
};

/* A string: numbers that the script's own cannot hold. */
static void write_addr(struct json *json, bool is_known, uint64_t addr)
{
	if (!is_known) {
		json_u64(json, 0);
		return;
	}
	json_quote(json);
	text_format(&json->text, "%016llx", (unsigned long long)addr);
	json_unquote(json);
}

static unsigned int hop_flags(const struct hop *hop)
{
	if (hop->kind == HOP_FILE)
		return hop->err ? FLAG_FAILED : 0;
	if (hop->kind == HOP_ALLOC)
		return FLAG_MISS;
	return 0;
}

static unsigned int name_flags(const struct name *name)
{
	unsigned int flags = name->lifetime_count > 1 ? FLAG_SEVERAL : 0;

	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		flags |= life->negative == IS_TRUE ? FLAG_NEGATIVE : 0;
		flags |= life->end == END_EVICTED ? FLAG_EVICTED : 0;
		for (size_t j = 0; j < life->hops.count; j++)
			flags |= hop_flags(&life->hops.items[j]);
	}
	flags |= name->verdicts[VERDICT_FAIL] ? FLAG_FAIL : 0;
	flags |= name->verdicts[VERDICT_UNKNOWN] ? FLAG_UNKNOWN : 0;
	return flags;
}

/* Of a lookup whether it found something negative, of a file the errno. */
static int hop_extra(const struct hop *hop)
{
	if (hop->kind == HOP_FILE)
		return hop->err;
	return hop->kind == HOP_LOOKUP && hop->has_addr && hop->negative == IS_TRUE;
}

/**
 * struct before - what a hop need not say again: it goes on from the hop before it
 * @ts: of that; at first the one of the first hop itself, because the page's numbers are not exact
 *	beyond 2^53
 * @comm: NULL at first
 */
struct before {
	uint64_t ts;
	const char *comm;
};

static void write_hop(struct json *json, const struct hop *hop, struct before *before)
{
	bool is_new = !before->comm || strcmp(before->comm, hop->comm) != 0;

	json_array(json);
	json_u64(json, hop->kind);
	json_u64(json, 2U * hop->role + hop->point);
	write_addr(json, hop->has_addr, hop->addr);
	json_s64(json, (int64_t)(hop->ts - before->ts));
	json_s64(json, hop->cpu);
	json_s64(json, hop->tid);
	json_u64(json, hop->open);
	if (is_new)
		html_comm(json, hop->comm);
	else
		json_string(json, "");
	json_s64(json, hop_extra(hop));
	json_array_end(json);
	before->ts = hop->ts;
	before->comm = hop->comm;
}

static void write_lifetime(struct json *json, const struct lifetime *life, struct before *before)
{
	json_array(json);
	json_u64(json, life->index);
	write_addr(json, life->dentry != 0, life->dentry);
	json_u64(json, life->born);
	json_u64(json, life->storage);
	json_u64(json, life->end);
	json_string(json, life->end_comm);
	json_s64(json, life->end_tid);
	json_u64(json, life->negative == IS_TRUE);
	json_array(json);
	for (size_t i = 0; i < life->hops.count; i++)
		write_hop(json, &life->hops.items[i], before);
	json_array_end(json);
	json_u64(json, life->hops.dropped);
	json_array_end(json);
}

/* A string: it can be any difference of two addresses. */
static void write_difference(struct json *json, const struct relation *relation)
{
	if (relation->op != OP_DIFFERENCE || !relation->has_value) {
		json_null(json);
		return;
	}
	json_quote(json);
	text_s64(&json->text, relation->value);
	json_unquote(json);
}

static void write_relation(struct json *json, const struct relation *relation)
{
	json_array(json);
	json_word(json, operand_word(&relation->left));
	json_u64(json, relation->op);
	json_word(json, operand_word(&relation->right));
	write_addr(json, relation->left.has_addr, relation->left.addr);
	write_addr(json, relation->right.has_addr, relation->right.addr);
	json_u64(json, relation->lifetime);
	json_u64(json, relation->open);
	write_difference(json, relation);
	json_u64(json, relation->means == MEANS_PREFIX);
	if (relation->means == MEANS_PREFIX)
		html_bytes(json, &relation->prefix);
	else
		json_word(json, means_word(relation));
	json_u64(json, relation->verdict);
	json_string(json, relation->why);
	json_array_end(json);
}

static void write_relations(struct json *json, const struct name *name)
{
	json_array(json);
	for (size_t i = 0; i < name->relation_count; i++)
		write_relation(json, &name->relations[i]);
	json_array_end(json);
}

static void write_paths(struct json *json, const struct name *name)
{
	json_array(json);
	for (size_t i = 0; i < name->path_count; i++)
		html_bytes(json, &name->paths[i]);
	json_array_end(json);
}

/* Each link, and after it what it leads to. */
static void write_links(struct json *json, const struct bytes *links)
{
	json_array(json);
	for (size_t at = 0; at < links->len; at += strlen(links->data + at) + 1)
		json_bytes(json, links->data + at, strlen(links->data + at));
	json_array_end(json);
}

/* Those that were dropped, too. */
static uint64_t count_steps(const struct name *name)
{
	uint64_t steps = 0;

	for (size_t i = 0; i < name->lifetime_count; i++)
		steps += name->lifetimes[i]->hops.count + name->lifetimes[i]->hops.dropped;
	return steps;
}

static uint64_t first_time(const struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (name->lifetimes[i]->hops.count)
			return name->lifetimes[i]->hops.items[0].ts;
	}
	return 0;
}

int html_name(struct html *html, const struct name *name)
{
	struct json *json = &html->json;
	const struct shown_path path = name_shown_path(name);
	struct before before = { .ts = first_time(name) };

	html_begin_line(json, LINE_NAME);
	json_u64(json, name_flags(name));
	json_u64(json, name->lifetime_count);
	json_u64(json, count_steps(name));
	html_path(html, &path);
	write_links(json, &name->links);
	json_array(json);
	for (size_t i = 0; i < name->lifetime_count; i++)
		write_lifetime(json, name->lifetimes[i], &before);
	json_array_end(json);
	write_relations(json, name);
	write_paths(json, name);
	return html_end_line(json);
}
