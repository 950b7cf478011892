/* SPDX-License-Identifier: MIT */
/*
 * The list: a line per open, alike ones folded, and the totals. At the end, in the order of the
 * first of each; for an attached trace as it comes. Never shows an address.
 */
#include "common.h"
#include "render/list_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/path.h"
#include "util/columns.h"
#include "util/escape.h"
#include "util/map.h"

#define MAX_ROWS 20000 /* what else is opened is only counted */

struct list {
	struct text text;
	struct list_page page;
	struct map by_hash; /* to rows, for those that are kept */
	struct list_row **rows;
	size_t count, room;
	uint64_t others;
	uint64_t incomplete;
	struct list_row *last; /* as it comes: those of it that have no line yet */
};

/* --- rows ------------------------------------------------------------------------------------- */

static char *kept(const struct text *scratch)
{
	return strndup(scratch->data, scratch->len);
}

static void row_free(struct list_row *row)
{
	if (!row)
		return;
	free(row->path);
	free(row->passed);
	free(row);
}

static int take_path(struct list *list, struct list_row *row, const struct open_call *open)
{
	struct text *scratch = &list->page.scratch;

	scratch->len = 0;
	list_path(scratch, open);
	row->path = kept(scratch);
	scratch->len = 0;
	if (!list_passed(scratch, open))
		return row->path ? 0 : -ENOMEM;
	row->passed = kept(scratch);
	return row->path && row->passed ? 0 : -ENOMEM;
}

static struct list_row *row_new(struct list *list, const struct open_call *open)
{
	struct list_row *row = malloc(sizeof(*row));

	if (!row)
		return NULL;
	*row = list_row_of(open);
	if (!take_path(list, row, open))
		return row;
	row_free(row);
	return NULL;
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* One that returned a descriptor is like one that returned another. */
static bool is_alike(const struct list_row *a, const struct list_row *b)
{
	return is_same_text(a->path, b->path) && is_same_text(a->passed, b->passed) &&
	       !strcmp(a->comm, b->comm) && a->call == b->call && a->flags == b->flags &&
	       a->has_flags == b->has_flags && a->has_mode == b->has_mode && a->mode == b->mode &&
	       a->has_result == b->has_result &&
	       (a->result < 0 || b->result < 0 ? a->result == b->result : true) &&
	       a->cache == b->cache && a->is_complete == b->is_complete;
}

static void fold(struct list_row *into, struct list_row *row)
{
	into->has_other_fds |= into->count && into->result != row->result;
	into->result = into->count ? into->result : row->result;
	into->ts = into->count ? into->ts : row->ts;
	into->count += row->count;
	into->latency += row->latency;
	into->latencies += row->latencies;
	row_free(row);
}

static uint64_t hash_of(const struct list_row *row)
{
	const uint64_t numbers[] = { row->flags, (uint64_t)row->cache,
				     row->result < 0 ? (uint64_t)row->result : 0 };
	uint64_t hash = hash_bytes(row->path, strlen(row->path), 0);

	return hash_bytes(numbers, sizeof(numbers), hash);
}

static int make_room(struct list *list)
{
	size_t room = list->room ? 2 * list->room : 64;
	struct list_row **grown;

	if (list->count < list->room)
		return 0;
	grown = realloc(list->rows, room * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->rows = grown;
	list->room = room;
	return 0;
}

/* @row becomes the list's. */
static int keep_row(struct list *list, struct list_row *row)
{
	uint64_t hash = hash_of(row);
	struct list_row *same = map_get(&list->by_hash, hash);

	/* Rows with one hash follow each other. */
	while (same && !is_alike(same, row))
		same = map_get(&list->by_hash, ++hash);
	if (same) {
		fold(same, row);
		return 0;
	}
	if (list->count == MAX_ROWS) {
		list->others += row->count;
		row_free(row);
		return 0;
	}
	if (make_room(list) || map_put(&list->by_hash, hash, row)) {
		row_free(row);
		return -ENOMEM;
	}
	list->rows[list->count++] = row;
	return 0;
}

/* --- as it comes ------------------------------------------------------------------------------ */

static void write_row(struct list *list, const struct list_row *row)
{
	list_measure(&list->page, row);
	list_line(&list->text, &list->page, row);
}

/* Opens that equal the last one share its line, which is written when a different one comes. */
static int write_last(struct list *list)
{
	if (list->last && list->last->count)
		write_row(list, list->last);
	row_free(list->last);
	list->last = NULL;
	return text_flush(&list->text);
}

static int write_next(struct renderer *renderer, struct list *list, struct list_row *row)
{
	int ret;

	if (list->last && is_alike(list->last, row)) {
		fold(list->last, row);
		return 0;
	}
	ret = write_last(list);
	write_row(list, row);
	list->last = row;
	row->count = 0;
	row->ts = 0;
	row->latency = row->latencies = 0;
	if (!ret)
		ret = text_flush(&list->text);
	if (!ret && fflush(renderer->out))
		ret = -errno;
	return ret;
}

/* --- the format ------------------------------------------------------------------------------- */

static int list_open(struct renderer *renderer, const struct open_call *open)
{
	struct list *list = renderer->state;
	struct list_row *row = row_new(list, open);

	if (!row)
		return -ENOMEM;
	list->incomplete += !open->complete && !is_path_call(open->call);
	return renderer->options.as_it_comes ? write_next(renderer, list, row)
					     : keep_row(list, row);
}

/* The task is named if the list has more than one. */
static void lay_out(struct list *list)
{
	for (size_t i = 1; i < list->count; i++)
		list->page.has_comm |= strcmp(list->rows[0]->comm, list->rows[i]->comm) != 0;
	for (size_t i = 0; i < list->count; i++)
		list_measure(&list->page, list->rows[i]);
}

/* What was written to the scratch, as lines of the page. */
static void write_scratch(struct list *list)
{
	const struct text *scratch = &list->page.scratch;

	columns_wrap(&list->text, scratch->data, scratch->len, list->page.columns);
}

static int list_loss(struct renderer *renderer, const struct loss *loss)
{
	struct list *list = renderer->state;
	int ret = write_last(list);

	list->page.scratch.len = 0;
	render_loss(&list->page.scratch, &renderer->options, loss);
	write_scratch(list);
	return ret ? ret : text_flush(&list->text);
}

static void write_rows(struct list *list)
{
	lay_out(list);
	for (size_t i = 0; i < list->count; i++)
		list_line(&list->text, &list->page, list->rows[i]);
}

static void write_totals(struct list *list, const struct chain_summary *summary)
{
	const struct shown_counts seen = { .incomplete = list->incomplete };
	struct text *scratch = &list->page.scratch;

	scratch->len = 0;
	if (list->others) {
		text_u64(scratch, list->others);
		TEXT(scratch, " further lines are left out: the list is full\n");
	}
	text_char(scratch, '\n');
	render_totals(scratch, summary, &seen);
	TEXT(scratch, "--format=tree shows the chains, with --name=NAME those of one name\n");
	write_scratch(list);
}

static int list_summary(struct renderer *renderer, const struct chain_summary *summary)
{
	struct list *list = renderer->state;
	int ret = write_last(list);

	write_rows(list);
	write_totals(list, summary);
	return ret ? ret : text_flush(&list->text);
}

static int list_start(struct renderer *renderer)
{
	struct list *list = calloc(1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	text_init(&list->text, renderer->out);
	text_init(&list->page.scratch, NULL);
	list->page.options = &renderer->options;
	list->page.columns = renderer->options.columns;
	list->page.has_comm = renderer->options.as_it_comes;
	list->page.has_times = renderer->options.shows_times;
	list->page.times = times_of(&renderer->options);
	renderer->state = list;
	return 0;
}

static void list_release(struct renderer *renderer)
{
	struct list *list = renderer->state;

	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		row_free(list->rows[i]);
	row_free(list->last);
	free(list->rows);
	map_release(&list->by_hash);
	free(list);
}

const struct render_format render_list = {
	.name = "list",
	.claims_first = true,
	.ignores_relations = true,
	.start = list_start,
	.open = list_open,
	.path_call = list_open,
	.loss = list_loss,
	.summary = list_summary,
	.release = list_release,
};
