/* SPDX-License-Identifier: MIT */
/*
 * Comma-separated values (RFC 4180): a line for each open, for spreadsheets and data bases. What is
 * not known is empty. Knows nothing of names and their chains.
 */
#include "render/render.h"
#include "common.h"

#include <errno.h>
#include <stdlib.h>

#include "util/escape.h"

struct csv {
	struct text text;
	struct text scratch; /* never flushed */
	struct times times;
};

/* Text in quotes; quotes inside it are doubled. It is escaped before, as in the tree. */
static void write_bytes(struct csv *csv, const struct bytes *bytes)
{
	static const struct quoting quoting = { "\"", '"' };

	if (!bytes->data)
		return;
	text_char(&csv->text, '"');
	escape_c_within(&csv->text, &csv->scratch, &quoting, bytes->data, bytes->len);
	text_char(&csv->text, '"');
}

static void write_word(struct csv *csv, const char *word)
{
	const struct bytes bytes = { word && *word ? word : NULL, word ? strlen(word) : 0 };

	write_bytes(csv, &bytes);
}

static void write_number(struct csv *csv, bool is_known, int64_t value)
{
	if (is_known)
		text_s64(&csv->text, value);
}

static void write_count(struct csv *csv, bool is_known, uint64_t value)
{
	if (is_known)
		text_u64(&csv->text, value);
}

/* --- columns ---------------------------------------------------------------------------------- */

static void write_id(struct csv *csv, const struct open_call *open)
{
	text_u64(&csv->text, open->id);
}

static void write_ts(struct csv *csv, const struct open_call *open)
{
	if (!csv->times.clock->only_orders)
		times_seconds(&csv->text, &csv->times, open->ts);
}

static void write_tid(struct csv *csv, const struct open_call *open)
{
	text_s64(&csv->text, open->tid);
}

static void write_tgid(struct csv *csv, const struct open_call *open)
{
	write_number(csv, open->tgid != 0, open->tgid);
}

static void write_uid(struct csv *csv, const struct open_call *open)
{
	write_count(csv, open->has_uid, open->uid);
}

static void write_comm(struct csv *csv, const struct open_call *open)
{
	write_word(csv, open->comm);
}

static void write_call(struct csv *csv, const struct open_call *open)
{
	write_word(csv, call_name(open->call));
}

static void write_name(struct csv *csv, const struct open_call *open)
{
	const struct bytes path = { open->path.len ? open->path.data : NULL, open->path.len };

	write_bytes(csv, &path);
}

static void write_path(struct csv *csv, const struct open_call *open)
{
	write_bytes(csv, &open->resolved);
}

static void write_dirfd(struct csv *csv, const struct open_call *open)
{
	write_number(csv, open->has_dfd, open->dfd);
}

static void write_flags(struct csv *csv, const struct open_call *open)
{
	write_count(csv, open->has_flags, open->flags);
}

static void write_mode(struct csv *csv, const struct open_call *open)
{
	write_count(csv, open->has_mode, open->mode);
}

static void write_result(struct csv *csv, const struct open_call *open)
{
	write_number(csv, open->has_result, open->result);
}

static void write_error(struct csv *csv, const struct open_call *open)
{
	if (open->has_result && open->result < 0)
		write_word(csv, errno_name((int)-open->result));
}

static void write_cache(struct csv *csv, const struct open_call *open)
{
	write_word(csv, cache_name(open->cache));
}

static void write_cache_why(struct csv *csv, const struct open_call *open)
{
	write_word(csv, open->cache_why);
}

static void write_walk(struct csv *csv, const struct open_call *open)
{
	write_word(csv, open->walk == WALK_UNKNOWN ? NULL : walk_name(open->walk));
}

static void write_complete(struct csv *csv, const struct open_call *open)
{
	text_str(&csv->text, open->complete ? "true" : "false");
}

static void write_latency(struct csv *csv, const struct open_call *open)
{
	write_count(csv, open->has_latency, open->latency_ns);
}

/* After these come the stages. */
static const struct {
	const char *name;
	void (*write)(struct csv *csv, const struct open_call *open);
} columns[] = {
	{ "id", write_id },
	{ "ts", write_ts },
	{ "tid", write_tid },
	{ "tgid", write_tgid },
	{ "uid", write_uid },
	{ "comm", write_comm },
	{ "call", write_call },
	{ "name", write_name },
	{ "path", write_path },
	{ "dirfd", write_dirfd },
	{ "flags", write_flags },
	{ "mode", write_mode },
	{ "result", write_result },
	{ "error", write_error },
	{ "cache", write_cache },
	{ "cache_why", write_cache_why },
	{ "walk", write_walk },
	{ "complete", write_complete },
	{ "latency_ns", write_latency },
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

static int end_line(struct csv *csv)
{
	TEXT(&csv->text, "\r\n");
	return text_flush(&csv->text);
}

static int open_line(struct renderer *renderer, const struct open_call *open)
{
	struct csv *csv = renderer->state;

	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (i)
			text_char(&csv->text, ',');
		columns[i].write(csv, open);
	}
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		text_char(&csv->text, ',');
		write_count(csv, has_stage(open, (enum stage)i), open->stage_ns[i]);
	}
	return end_line(csv);
}

static int write_header(struct csv *csv)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (i)
			text_char(&csv->text, ',');
		text_str(&csv->text, columns[i].name);
	}
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++)
		text_format(&csv->text, ",%s_ns", stage_name((enum stage)i));
	return end_line(csv);
}

static int start(struct renderer *renderer)
{
	struct csv *csv = malloc(sizeof(*csv));

	if (!csv)
		return -ENOMEM;
	text_init(&csv->text, renderer->out);
	text_init(&csv->scratch, NULL);
	csv->times = times_of(&renderer->options);
	renderer->state = csv;
	return write_header(csv);
}

static void release(struct renderer *renderer)
{
	free(renderer->state);
}

const struct render_format render_csv = {
	.name = "csv",
	.claims_aside = true,
	.ignores_relations = true,
	.start = start,
	.open = open_line,
	.path_call = open_line,
	.release = release,
};
