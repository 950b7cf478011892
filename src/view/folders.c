/* SPDX-License-Identifier: MIT */
/*
 * Directories as rows of a list: how many opens, how many of them failed, and what the cache had.
 */
#include "folders.h"

#include <inttypes.h>
#include <string.h>

#include "render/path.h"
#include "rows.h"

#define UNKNOWN "(directory unknown)"

/* Of the file that was meant; where that is not known, as it was passed. */
static void write_directory(struct text *text, const struct open_call *open)
{
	const struct bytes *path = open->resolved.data ? &open->resolved : &open->path;
	const struct bytes directory = path_directory(path);

	if (directory.len && directory.data[0] == '/')
		path_write_bytes(text, &directory);
	else
		TEXT(text, UNKNOWN);
}

static int find(struct view_folders *folders, uint32_t path, struct view_folder **row)
{
	uintptr_t found = (uintptr_t)map_get(&folders->by_path, path);
	int ret;

	if (found) {
		*row = &folders->rows[found - 1];
		return 0;
	}
	ret = view_rows_room((void **)&folders->rows, folders->count, &folders->room,
			     sizeof(**row));
	if (!ret)
		ret = map_put(&folders->by_path, path, (void *)((uintptr_t)folders->count + 1));
	if (ret)
		return ret;
	*row = &folders->rows[folders->count++];
	**row = (struct view_folder){ .path = path };
	return 0;
}

int view_folders_add(struct view_folders *folders, const struct open_call *open,
		     struct text *scratch)
{
	struct view_folder *row = NULL;
	uint32_t path;
	int ret;

	scratch->len = 0;
	write_directory(scratch, open);
	ret = view_strings_add(folders->strings, scratch, &path);
	if (!ret)
		ret = find(folders, path, &row);
	if (ret)
		return ret;
	row->opens++;
	row->failed += open->has_result && open->result < 0;
	row->misses += open->cache == CACHE_MISS;
	row->negatives += open->cache == CACHE_NEGATIVE;
	row->latency += open->has_latency ? open->latency_ns : 0;
	return 0;
}

void view_folders_release(struct view_folders *folders)
{
	free(folders->rows);
	map_release(&folders->by_path);
	memset(folders, 0, sizeof(*folders));
}

/* --- the kind --------------------------------------------------------------------------------- */

static const struct view_folder *row_of(const void *rows, uint32_t row)
{
	return &((const struct view_folders *)rows)->rows[row];
}

static uint64_t key_opens(const void *rows, uint32_t row)
{
	return row_of(rows, row)->opens;
}

static uint64_t key_failed(const void *rows, uint32_t row)
{
	return row_of(rows, row)->failed;
}

static uint64_t key_misses(const void *rows, uint32_t row)
{
	return row_of(rows, row)->misses;
}

static uint64_t key_negatives(const void *rows, uint32_t row)
{
	return row_of(rows, row)->negatives;
}

static uint64_t key_latency(const void *rows, uint32_t row)
{
	return row_of(rows, row)->latency;
}

static uint64_t key_path(const void *rows, uint32_t row)
{
	return ((const struct view_folders *)rows)->strings->ranks[row_of(rows, row)->path];
}

static const struct view_sort sorts[] = {
	{ "opens", .falls = true, .key = key_opens },
	{ "failed", .falls = true, .key = key_failed },
	{ "misses", .falls = true, .key = key_misses },
	{ "negative hits", .falls = true, .key = key_negatives },
	{ "time taken", .falls = true, .key = key_latency },
	{ "path", .by_text = true, .key = key_path },
	{ NULL },
};

static bool has(const void *rows, uint32_t row, const struct view_needle *needle)
{
	return view_needle_has(needle, ((const struct view_folders *)rows)->strings,
			       row_of(rows, row)->path);
}

static enum view_style style(const void *rows, uint32_t row)
{
	(void)rows;
	(void)row;
	return VIEW_PLAIN;
}

static void line(void *rows, uint32_t number, size_t columns, struct text *text)
{
	const struct view_strings *strings = ((const struct view_folders *)rows)->strings;
	const struct view_folder *row = row_of(rows, number);

	text_format(text, "%8" PRIu64 "%8" PRIu64 "%8" PRIu64 "%10" PRIu64 "%10.1f ms  ",
		    row->opens, row->failed, row->misses, row->negatives,
		    (double)row->latency / 1e6);
	view_write_path(text, view_string(strings, row->path), columns);
}

const struct view_kind view_kind_folders = {
	.name = "directories",
	.heading = "   opens  failed  misses  negative      taken     directory",
	.sorts = sorts,
	.has = has,
	.style = style,
	.line = line,
};
