/* SPDX-License-Identifier: MIT */
/*
 * Paths that were not found: each one once, in the order of their first opens, with the number of
 * tries and the task. Only opens that failed because the file, or a directory on the way, does not
 * exist.
 */
#include "render/render.h"
#include "common.h"
#include "render/path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util/columns.h"
#include "util/escape.h"
#include "util/map.h"

#define MAX_TASKS 3	/* that are named */
#define MAX_ROWS  20000 /* what else is missing is only counted */

/* The task that tried to open a path that does not exist. */
struct seeker {
	char comm[COMM_SIZE];
	uint64_t count;
};

/**
 * struct missing_row - one path
 * @by: the first MAX_TASKS of them; @others opens were by further ones
 */
struct missing_row {
	char *path;
	struct missing_row *next; /* of the same hash */
	uint64_t count;
	struct seeker by[MAX_TASKS];
	uint64_t others;
};

struct missing {
	struct text text;
	struct text scratch; /* never flushed */
	struct map by_hash;
	struct missing_row **rows;
	size_t count, room;
	uint64_t opens;
	uint64_t others; /* opens of paths that have no row */
	uint64_t incomplete;
};

static bool is_in_vain(const struct open_call *open)
{
	return open->has_result && (open->result == -ENOENT || open->result == -ENOTDIR);
}

static int make_room(struct missing *missing)
{
	size_t room = missing->room ? 2 * missing->room : 64;
	struct missing_row **grown;

	if (missing->count < missing->room)
		return 0;
	grown = realloc(missing->rows, room * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	missing->rows = grown;
	missing->room = room;
	return 0;
}

static struct missing_row *row_new(struct missing *missing, const char *path, uint64_t hash)
{
	struct missing_row *row = make_room(missing) ? NULL : calloc(1, sizeof(*row));

	if (!row)
		return NULL;
	row->path = strdup(path);
	row->next = map_get(&missing->by_hash, hash);
	if (!row->path || map_put(&missing->by_hash, hash, row)) {
		free(row->path);
		free(row);
		return NULL;
	}
	missing->rows[missing->count++] = row;
	return row;
}

/*
 * Return: 0 or -ENOMEM. *@found is the row of @open, made if it is new; NULL if there are too many.
 */
static int find_row(struct missing *missing, const struct open_call *open,
		    struct missing_row **found)
{
	const struct shown_path path = open_shown_path(open);
	struct text *scratch = &missing->scratch;
	struct missing_row *row;
	uint64_t hash;

	scratch->len = 0;
	path_write_all(scratch, &path);
	hash = hash_bytes(scratch->data, scratch->len, 0);
	text_char(scratch, '\0');
	row = map_get(&missing->by_hash, hash);
	while (row && strcmp(row->path, scratch->data) != 0)
		row = row->next;
	if (!row && missing->count < MAX_ROWS) {
		row = row_new(missing, scratch->data, hash);
		if (!row)
			return -ENOMEM;
	}
	*found = row;
	return 0;
}

static void count_seeker(struct missing_row *row, const char *comm)
{
	row->count++;
	for (size_t i = 0; i < MAX_TASKS; i++) {
		if (row->by[i].count && strcmp(row->by[i].comm, comm) != 0)
			continue;
		memcpy(row->by[i].comm, comm, COMM_SIZE);
		row->by[i].count++;
		return;
	}
	row->others++;
}

static int missing_open(struct renderer *renderer, const struct open_call *open)
{
	struct missing *missing = renderer->state;
	struct missing_row *row;
	int ret;

	missing->incomplete += !open->complete;
	if (!is_in_vain(open))
		return 0;
	missing->opens++;
	ret = find_row(missing, open, &row);
	if (ret)
		return ret;
	if (row)
		count_seeker(row, open->comm);
	else
		missing->others++;
	return 0;
}

/* "git", or "git ×3, sh ×2 and others ×1" where they are several. */
static void compose_seekers(struct text *text, const struct missing_row *row)
{
	bool is_one = !row->by[1].count;

	text->len = 0;
	for (size_t i = 0; i < MAX_TASKS && row->by[i].count; i++) {
		const char *comm = row->by[i].comm;

		text_str(text, i ? ", " : "");
		escape_c(text, *comm ? comm : "?", strnlen(*comm ? comm : "?", COMM_SIZE));
		if (!is_one)
			text_format(text, " ×%" PRIu64, row->by[i].count);
	}
	if (row->others)
		text_format(text, " and others ×%" PRIu64, row->others);
}

struct widths {
	size_t by, count, path;
};

static struct widths find_widths(struct missing *missing, size_t columns)
{
	struct widths widths = { 0 };
	char count[24];

	for (size_t i = 0; i < missing->count; i++) {
		const struct missing_row *row = missing->rows[i];
		size_t by, width = (size_t)snprintf(count, sizeof(count), "%" PRIu64, row->count);

		compose_seekers(&missing->scratch, row);
		by = columns_of(missing->scratch.data, missing->scratch.len);
		widths.count = width > widths.count ? width : widths.count;
		widths.by = by > widths.by ? by : widths.by;
	}
	widths.path = widths.by + widths.count + 4;
	widths.path = !columns ? SIZE_MAX : columns > widths.path ? columns - widths.path : 1;
	return widths;
}

static void write_row(struct missing *missing, const struct widths *widths,
		      const struct missing_row *row)
{
	struct text *text = &missing->text;
	char count[24];

	snprintf(count, sizeof(count), "%" PRIu64, row->count);
	text_spaces(text, widths->count - strlen(count) + 1);
	TEXT(text, "×");
	text_str(text, count);
	text_char(text, ' ');
	compose_seekers(&missing->scratch, row);
	text_bytes(text, missing->scratch.data, missing->scratch.len);
	columns_pad(text, missing->scratch.data, missing->scratch.len, widths->by);
	text_char(text, ' ');
	columns_shorten(text, row->path, strlen(row->path), widths->path);
	text_char(text, '\n');
}

static void write_scratch(struct missing *missing, size_t columns)
{
	columns_wrap(&missing->text, missing->scratch.data, missing->scratch.len, columns);
}

static int missing_loss(struct renderer *renderer, const struct loss *loss)
{
	struct missing *missing = renderer->state;

	missing->scratch.len = 0;
	render_loss(&missing->scratch, &renderer->options, loss);
	write_scratch(missing, renderer->options.columns);
	return text_flush(&missing->text);
}

static int missing_summary(struct renderer *renderer, const struct chain_summary *summary)
{
	struct missing *missing = renderer->state;
	const struct shown_counts seen = { .incomplete = missing->incomplete };
	const struct widths widths = find_widths(missing, renderer->options.columns);
	struct text *scratch = &missing->scratch;

	for (size_t i = 0; i < missing->count; i++)
		write_row(missing, &widths, missing->rows[i]);
	scratch->len = 0;
	text_format(scratch, "looked for in vain: %zu path%s, %" PRIu64 " time%s\n", missing->count,
		    missing->count == 1 ? "" : "s", missing->opens, missing->opens == 1 ? "" : "s");
	if (missing->others)
		text_format(scratch,
			    "%" PRIu64 " of these opens are of paths that are not listed\n",
			    missing->others);
	if (summary->totals.verdicts[VERDICT_FAIL])
		text_verdicts(scratch, summary->totals.verdicts);
	render_limits(scratch, summary, &seen);
	write_scratch(missing, renderer->options.columns);
	return text_flush(&missing->text);
}

static int missing_start(struct renderer *renderer)
{
	struct missing *missing = calloc(1, sizeof(*missing));

	if (!missing)
		return -ENOMEM;
	text_init(&missing->text, renderer->out);
	text_init(&missing->scratch, NULL);
	renderer->state = missing;
	return 0;
}

static void missing_release(struct renderer *renderer)
{
	struct missing *missing = renderer->state;

	if (!missing)
		return;
	for (size_t i = 0; i < missing->count; i++) {
		free(missing->rows[i]->path);
		free(missing->rows[i]);
	}
	free(missing->rows);
	map_release(&missing->by_hash);
	free(missing);
}

const struct render_format render_missing = {
	.name = "missing",
	.ignores_relations = true,
	.start = missing_start,
	.open = missing_open,
	.loss = missing_loss,
	.summary = missing_summary,
	.release = missing_release,
};
