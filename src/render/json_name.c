/* SPDX-License-Identifier: MIT */
/*
 * The object of a name, with its lifetimes, their hops, and its relations.
 */
#include "json_line.h"

#include "util/escape.h"

static void write_lookup_fields(struct json *json, const struct hop *hop)
{
	JSON_KEY(json, "hash");
	json_known_u64(json, hop->has_hash, hop->hash);
	JSON_KEY(json, "len");
	json_known_u64(json, hop->len != 0, hop->len);
	JSON_KEY(json, "walk");
	json_line_walk(json, hop->walk);
	JSON_KEY(json, "negative");
	json_line_tristate(json, hop->has_addr ? (enum tristate)hop->negative : IS_UNKNOWN);
}

static void write_hop(struct json *json, struct times *times, const struct hop *hop)
{
	json_object(json);
	JSON_KEY(json, "hop");
	json_word(json, hop_name(hop->kind));
	JSON_KEY(json, "symbol");
	json_line_string(json, hop->symbol);
	JSON_KEY(json, "edge");
	json_word(json, point_name(hop->point));
	JSON_KEY(json, "addr");
	json_line_addr(json, hop->has_addr, hop->addr);
	JSON_KEY(json, "ts");
	json_line_time(json, times, hop->ts);
	JSON_KEY(json, "cpu");
	json_s64(json, hop->cpu);
	JSON_KEY(json, "tid");
	json_s64(json, hop->tid);
	JSON_KEY(json, "comm");
	json_line_string(json, hop->comm);
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
	json_line_addr(json, lifetime->dentry != 0, lifetime->dentry);
	JSON_KEY(json, "born");
	json_word(json, lifetime->born == BORN_NOT ? NULL : born_name(lifetime->born));
	JSON_KEY(json, "born_comm");
	json_line_string(json, lifetime->born_tid ? lifetime->born_comm : NULL);
	JSON_KEY(json, "born_tid");
	json_known_s64(json, lifetime->born_tid != 0, lifetime->born_tid);
	JSON_KEY(json, "storage");
	json_word(json, storage_name(lifetime->storage));
	JSON_KEY(json, "end");
	json_word(json, end_name(lifetime->end));
	JSON_KEY(json, "end_comm");
	json_line_string(json, lifetime->end_comm);
	JSON_KEY(json, "end_tid");
	json_known_s64(json, lifetime->end_tid != 0, lifetime->end_tid);
	JSON_KEY(json, "negative");
	json_line_tristate(json, lifetime->negative);
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
	json_line_addr(json, relation->left.has_addr, relation->left.addr);
	JSON_KEY(json, "right_addr");
	json_line_addr(json, relation->right.has_addr, relation->right.addr);
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
	json_line_string(json, relation->why);
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

static void write_paths(struct json *json, const struct name *name)
{
	JSON_KEY(json, "paths");
	json_array(json);
	for (size_t i = 0; i < name->path_count; i++)
		json_bytes(json, name->paths[i].data, name->paths[i].len);
	json_array_end(json);
	JSON_KEY(json, "paths_dropped");
	json_u64(json, name->paths_dropped);
}

int json_name(struct json_lines *lines, const struct render_options *options,
	      const struct name *name)
{
	struct json *json = &lines->json;
	struct times times = times_of(options);

	json_line_begin(json, "name");
	JSON_KEY(json, "name");
	json_bytes(json, name->path.data, name->path.len);
	write_paths(json, name);
	JSON_KEY(json, "path");
	json_bytes(json, name->resolved.data, name->resolved.len);
	json_line_links(json, &name->links);
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
	json_line_verdicts(json, name->verdicts);
	return json_line_end(json);
}
