/* SPDX-License-Identifier: MIT */
/*
 * A line of the list: call, task, path, flags, result, what the cache had, how long it took. No
 * line is wider than the page: first the flags and then the path give way. Where that leaves too
 * little of the path, other parts are left out.
 */
#include "render/list_line.h"

#include <inttypes.h>
#include <string.h>

#include "common.h"
#include "flags.h"
#include "render/path.h"
#include "util/columns.h"
#include "util/escape.h"

#define MIN_FLAGS  10  /* "O_RDONLY|…" */
#define MAX_PATH   100 /* a longer one does not move what stands after the others */
#define MIN_PATH   16  /* with less of the path other parts are left out */
#define MIN_PASSED 12  /* less of what was passed is not worth showing */
#define AS_PASSED  " (as passed)"
#define AS_SHORT   " (as …)"

/* The parts of a line whose width is their length, as they are written. */
struct parts {
	char comm[4 * COMM_SIZE];
	char flags[256];
	char result[32];
	char latency[24];
	char tail[64];
};

static void copy(char *to, size_t size, const struct text *text)
{
	size_t len = text->len < size ? text->len : size - 1;

	memcpy(to, text->data, len);
	to[len] = '\0';
}

static void compose_result(char *to, size_t size, const struct list_row *row)
{
	const char *name = row->result < 0 ? errno_name((int)-row->result) : NULL;

	if (!row->has_result)
		snprintf(to, size, "= ?");
	else if (name)
		snprintf(to, size, "= %s", name);
	else
		snprintf(to, size, "= %" PRId64 "%s", row->result, row->has_other_fds ? "…" : "");
}

static void compose_latency(char *to, size_t size, const struct list_row *row)
{
	double us = row->latencies ? (double)row->latency / (double)row->latencies / 1e3 : 0;

	if (!row->latencies)
		snprintf(to, size, "? us");
	else if (us < 9.95)
		snprintf(to, size, "%.1f us", us);
	else if (us < 9999.5)
		snprintf(to, size, "%.0f us", us);
	else if (us < 9999500)
		snprintf(to, size, "%.0f ms", us / 1e3);
	else
		snprintf(to, size, "%.0f s", us / 1e6);
}

static void compose_tail(char *to, size_t size, const struct list_row *row)
{
	const char *incomplete = row->is_complete ? "" : "incomplete";

	if (row->count > 1)
		snprintf(to, size, "×%" PRIu64 "%s%s", row->count, *incomplete ? " " : "",
			 incomplete);
	else
		snprintf(to, size, "%s", incomplete);
}

static void compose(struct list_page *page, const struct list_row *row, struct parts *parts)
{
	struct text *scratch = &page->scratch;

	scratch->len = 0;
	escape_c(scratch, row->comm, strnlen(row->comm, COMM_SIZE));
	copy(parts->comm, sizeof(parts->comm), scratch);
	scratch->len = 0;
	if (row->has_flags)
		flags_write(scratch, row->flags, page->options->arch);
	else
		text_str(scratch, row->is_path_call ? "-" : "?");
	if (row->has_mode)
		text_format(scratch, " %04o", row->mode);
	copy(parts->flags, sizeof(parts->flags), scratch);
	compose_result(parts->result, sizeof(parts->result), row);
	compose_latency(parts->latency, sizeof(parts->latency), row);
	compose_tail(parts->tail, sizeof(parts->tail), row);
}

static size_t width(const char *part)
{
	return columns_of(part, strlen(part));
}

struct list_row list_row_of(const struct open_call *open)
{
	const struct shown_path path = open_shown_path(open);
	const char *call = call_name(open->call);
	struct list_row row = {
		.is_as_passed =
			path_is_as_passed(&path) && open->path.len && open->path.data[0] == '/',
		.call = call ? call : "?",
		.is_path_call = is_path_call(open->call),
		.has_flags = open->has_flags,
		.flags = open->flags,
		.has_mode = open->has_mode,
		.mode = open->mode,
		.has_result = open->has_result,
		.result = open->result,
		.cache = open->cache,
		.is_complete = open->complete,
		.ts = open->ts,
		.count = 1,
		.latencies = open->has_latency,
		.latency = open->has_latency ? open->latency_ns : 0,
	};

	memcpy(row.comm, open->comm, COMM_SIZE);
	return row;
}

void list_path(struct text *text, const struct open_call *open)
{
	const struct shown_path path = open_shown_path(open);

	path_write(text, &path);
}

bool list_passed(struct text *text, const struct open_call *open)
{
	const struct shown_path path = open_shown_path(open);
	bool differs = path_differs(&path);

	if (differs)
		path_write_bytes(text, &path.passed);
	return differs;
}

/* The columns that the row's path needs. */
static size_t path_width(const struct list_row *row)
{
	return width(row->path) + (row->is_as_passed ? sizeof(AS_PASSED) - 1 : 0);
}

static size_t passed_width(const struct list_row *row)
{
	return row->passed ? sizeof(" (as )") - 1 + width(row->passed) : 0;
}

static void widen(size_t *to, size_t columns)
{
	if (columns > *to)
		*to = columns;
}

void list_measure(struct list_page *page, const struct list_row *row)
{
	struct list_widths *widths = &page->widths;
	size_t path = path_width(row), both = path + passed_width(row);
	size_t most = page->columns ? SIZE_MAX : MAX_PATH;
	struct parts parts;

	compose(page, row, &parts);
	widen(&widths->times, page->has_times ? TIMES_WIDTH : 0);
	widen(&widths->call, strlen(row->call));
	widen(&widths->comm, page->has_comm ? width(parts.comm) : 0);
	widen(&widths->path, path < most ? path : most);
	widen(&widths->both, both < most ? both : most);
	widen(&widths->flags, width(parts.flags));
	widen(&widths->result, width(parts.result));
	widen(&widths->cache, strlen(cache_name(row->cache)));
	widen(&widths->latency, width(parts.latency));
	widen(&widths->tail, width(parts.tail));
}

/* What a part takes with the space beside it, if the page has it. */
static size_t with_space(size_t columns)
{
	return columns ? columns + 1 : 0;
}

static size_t other_columns(const struct list_widths *widths)
{
	return with_space(widths->times) + with_space(widths->call) + with_space(widths->comm) +
	       with_space(widths->result) + with_space(widths->cache) +
	       with_space(widths->latency) + with_space(widths->tail);
}

/* How many columns path and flags have between them, with the space between the two. */
static size_t shared_columns(const struct list_page *page, const struct list_widths *shown)
{
	size_t wanted = shown->both + with_space(shown->flags);
	size_t other = other_columns(shown);
	size_t room = page->columns > other ? page->columns - other : 0;

	return page->columns && wanted > room ? room : wanted;
}

static size_t at_most(size_t columns, size_t most)
{
	return columns < most ? columns : most;
}

static size_t at_least(size_t columns, size_t least)
{
	return columns > least ? columns : least;
}

/* What a path that needs so many columns leaves for flags in words, and a little in any case. */
static size_t left_for_flags(size_t shared, size_t needed)
{
	return at_least(shared > needed ? shared - needed : 0, MIN_FLAGS);
}

/* The widths of what the page has room for: 0 for the parts that are left out. */
static struct list_widths find_shown(const struct list_page *page)
{
	struct list_widths shown = page->widths;
	size_t *const parts[] = { &shown.flags, &shown.latency, &shown.call, &shown.times,
				  &shown.comm,	&shown.cache,	&shown.tail };
	const size_t wanted = at_most(shown.path, MIN_PATH);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t flags = with_space(at_most(shown.flags, MIN_FLAGS));

		if (shared_columns(page, &shown) >= wanted + flags)
			break;
		*parts[i] = 0;
	}
	return shown;
}

static void write_passed(struct text *text, const struct list_row *row, size_t room)
{
	const size_t frame = sizeof(" (as )") - 1;

	if (!row->passed || room < frame + MIN_PASSED)
		return;
	TEXT(text, " (as ");
	columns_shorten(text, row->passed, strlen(row->passed), room - frame);
	TEXT(text, ")");
}

/* Into the scratch, in at most @room columns on a page that has an end. */
static void write_path(struct list_page *page, const struct list_row *row, size_t room)
{
	const char *as = room < MIN_PATH + sizeof(AS_PASSED) - 1 ? AS_SHORT : AS_PASSED;
	const char *note = !row->is_as_passed ? "" : page->columns ? as : AS_PASSED;
	size_t left = page->columns ? room - at_most(width(note), room) : width(row->path);
	struct text *text = &page->scratch;

	text->len = 0;
	columns_shorten(text, row->path, strlen(row->path), left);
	columns_shorten(text, note, strlen(note), page->columns ? room - left : SIZE_MAX);
	write_passed(text, row,
		     page->columns ? room - columns_of(text->data, text->len) : SIZE_MAX);
}

static void write_right(struct text *text, const char *part, size_t columns)
{
	if (!columns)
		return;
	text_spaces(text, columns - width(part));
	text_str(text, part);
	text_char(text, ' ');
}

static void write_left(struct text *text, const char *part, size_t columns)
{
	if (!columns)
		return;
	text_str(text, part);
	columns_pad(text, part, strlen(part), columns);
	text_char(text, ' ');
}

/* The first flags say the most. */
static void shorten_flags(char *flags, size_t columns)
{
	static const char ellipsis[] = "…";

	if (strlen(flags) > columns && columns)
		memcpy(flags + columns - 1, ellipsis, sizeof(ellipsis));
}

static void write_path_and_flags(struct text *text, struct list_page *page,
				 const struct list_widths *shown, const struct list_row *row,
				 char *words)
{
	size_t shared = shared_columns(page, shown) - (shown->flags ? 1 : 0);
	size_t usual = at_most(shown->flags, left_for_flags(shared, shown->path));
	size_t left = at_least(usual, left_for_flags(shared, path_width(row)));
	size_t flags = at_most(strlen(words), page->columns ? left : SIZE_MAX);
	size_t path;

	shorten_flags(words, flags);
	flags = shown->flags ? at_least(flags, usual) : 0;
	path = shared > flags ? shared - flags : 0;
	write_path(page, row, path);
	text_bytes(text, page->scratch.data, page->scratch.len);
	columns_pad(text, page->scratch.data, page->scratch.len, path);
	text_char(text, ' ');
	write_left(text, words, flags);
}

void list_line(struct text *text, struct list_page *page, const struct list_row *row)
{
	const struct list_widths shown = find_shown(page);
	struct parts parts;

	compose(page, row, &parts);
	if (shown.times) {
		times_column(text, &page->times, row->ts);
		text_char(text, ' ');
	}
	write_left(text, row->call, shown.call);
	write_left(text, parts.comm, shown.comm);
	write_path_and_flags(text, page, &shown, row, parts.flags);
	write_left(text, parts.result, shown.result);
	write_left(text, cache_name(row->cache), shown.cache);
	write_right(text, parts.latency, shown.latency);
	if (shown.tail)
		text_str(text, parts.tail);
	while (text->len && text->data[text->len - 1] == ' ')
		text->len--;
	text_char(text, '\n');
}
