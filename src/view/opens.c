/* SPDX-License-Identifier: MIT */
/*
 * The opens as rows of a list. Their lines are those of the list that report prints.
 */
#include "opens.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/words.h"
#include "rows.h"
#include "util/escape.h"

static int keep_word(struct view_opens *opens, const char *word, struct text *scratch,
		     uint32_t *number)
{
	scratch->len = 0;
	text_str(scratch, word ? word : "");
	return view_strings_add(opens->strings, scratch, number);
}

static const char *call_word(enum call call)
{
	const char *word = call_name(call);

	return word ? word : "?";
}

int view_opens_start(struct view_opens *opens, struct text *scratch)
{
	int ret = 0;

	for (int i = 0; i < CACHE_NR && !ret; i++)
		ret = keep_word(opens, cache_name((enum cache)i), scratch, &opens->caches[i]);
	for (int i = 0; i < CALL_NR && !ret; i++)
		ret = keep_word(opens, call_word((enum call)i), scratch, &opens->calls[i]);
	return ret;
}

/* Of an open that failed. */
static const char *error_word(const struct view_open *open)
{
	return open->has_result && open->result < 0 ? errno_name((int)-open->result) : NULL;
}

static int keep_strings(struct view_opens *opens, struct view_open *row,
			const struct open_call *open, struct text *scratch)
{
	int ret;

	scratch->len = 0;
	list_path(scratch, open);
	ret = view_strings_add(opens->strings, scratch, &row->path);
	scratch->len = 0;
	row->has_passed = list_passed(scratch, open);
	if (!ret)
		ret = view_strings_add(opens->strings, scratch, &row->passed);
	if (!ret)
		ret = keep_word(opens, error_word(row), scratch, &row->error);
	scratch->len = 0;
	text_bytes(scratch, open->comm, strnlen(open->comm, COMM_SIZE));
	return ret ? ret : view_strings_add(opens->strings, scratch, &row->comm);
}

int view_opens_add(struct view_opens *opens, const struct open_call *open, struct text *scratch)
{
	const struct list_row line = list_row_of(open);
	struct view_open *row;
	int ret = view_rows_room((void **)&opens->rows, opens->count, &opens->room, sizeof(*row));

	if (ret)
		return ret;
	row = &opens->rows[opens->count];
	*row = (struct view_open){
		.id = open->id,
		.ts = line.ts,
		.latency = line.latency,
		.flags = line.flags,
		.result = line.result,
		.mode = line.mode,
		.call = (uint8_t)open->call,
		.cache = (uint8_t)line.cache,
		.is_as_passed = line.is_as_passed,
		.has_flags = line.has_flags,
		.has_mode = line.has_mode,
		.has_result = line.has_result,
		.has_latency = line.latencies != 0,
		.is_complete = line.is_complete,
	};
	ret = keep_strings(opens, row, open, scratch);
	if (!ret)
		opens->count++;
	return ret;
}

void view_opens_release(struct view_opens *opens)
{
	free(opens->rows);
	memset(opens, 0, sizeof(*opens));
}

/* --- the kind --------------------------------------------------------------------------------- */

static const struct view_open *row_of(const void *rows, uint32_t row)
{
	return &((const struct view_opens *)rows)->rows[row];
}

static uint64_t key_order(const void *rows, uint32_t row)
{
	return row_of(rows, row)->id;
}

static uint64_t key_path(const void *rows, uint32_t row)
{
	return ((const struct view_opens *)rows)->strings->ranks[row_of(rows, row)->path];
}

static uint64_t key_task(const void *rows, uint32_t row)
{
	return ((const struct view_opens *)rows)->strings->ranks[row_of(rows, row)->comm];
}

static uint64_t key_latency(const void *rows, uint32_t row)
{
	return row_of(rows, row)->latency;
}

/* Failed ones first, by error; then what is not known; then the others. */
static uint64_t key_result(const void *rows, uint32_t row)
{
	const struct view_open *open = row_of(rows, row);

	if (!open->has_result)
		return UINT64_MAX / 2;
	return open->result < 0 ? (uint64_t)-open->result : UINT64_MAX;
}

static uint64_t key_cache(const void *rows, uint32_t row)
{
	return row_of(rows, row)->cache;
}

static const struct view_sort sorts[] = {
	{ "order", .key = key_order },
	{ "time taken", .falls = true, .key = key_latency },
	{ "path", .by_text = true, .key = key_path },
	{ "task", .by_text = true, .key = key_task },
	{ "result", .key = key_result },
	{ "cache", .key = key_cache },
	{ NULL },
};

static bool has(const void *rows, uint32_t row, const struct view_needle *needle)
{
	const struct view_opens *opens = rows;
	const struct view_strings *strings = opens->strings;
	const struct view_open *open = row_of(rows, row);

	return view_needle_has(needle, strings, open->path) ||
	       view_needle_has(needle, strings, open->passed) ||
	       view_needle_has(needle, strings, open->comm) ||
	       view_needle_has(needle, strings, open->error) ||
	       view_needle_has(needle, strings, opens->caches[open->cache]) ||
	       view_needle_has(needle, strings, opens->calls[open->call]);
}

static enum view_style style(const void *rows, uint32_t row)
{
	const struct view_open *open = row_of(rows, row);

	if (!open->is_complete || !open->has_result)
		return VIEW_UNSURE;
	if (open->result < 0)
		return VIEW_BAD;
	return open->cache == CACHE_HIT ? VIEW_GOOD : VIEW_PLAIN;
}

static struct list_row line_of(const struct view_opens *opens, uint32_t number)
{
	const struct view_strings *strings = opens->strings;
	const struct view_open *open = &opens->rows[number];
	struct list_row row = {
		.path = (char *)view_string(strings, open->path),
		.passed = open->has_passed ? (char *)view_string(strings, open->passed) : NULL,
		.ts = open->ts,
		.is_as_passed = open->is_as_passed,
		.call = call_word((enum call)open->call),
		.flags = open->flags,
		.mode = open->mode,
		.result = open->result,
		.cache = (enum cache)open->cache,
		.has_flags = open->has_flags,
		.has_mode = open->has_mode,
		.has_result = open->has_result,
		.is_complete = open->is_complete,
		.count = 1,
		.latency = open->latency,
		.latencies = open->has_latency,
	};

	strncpy(row.comm, view_string(strings, open->comm), sizeof(row.comm) - 1);
	return row;
}

static void measure(void *rows, const uint32_t *which, size_t count, size_t columns)
{
	struct view_opens *opens = rows;
	struct list_page *page = opens->page;

	page->columns = columns;
	page->has_comm = true;
	page->widths = (struct list_widths){ 0 };
	for (size_t i = 0; i < count; i++) {
		const struct list_row row = line_of(opens, which[i]);

		list_measure(page, &row);
	}
}

static void line(void *rows, uint32_t number, size_t columns, struct text *text)
{
	struct view_opens *opens = rows;
	const struct list_row row = line_of(opens, number);

	opens->page->columns = columns;
	list_line(text, opens->page, &row);
	text->len--; /* the end of the line */
}

const struct view_kind view_kind_opens = {
	.name = "opens",
	.sorts = sorts,
	.has = has,
	.style = style,
	.measure = measure,
	.line = line,
};
