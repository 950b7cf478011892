/* SPDX-License-Identifier: MIT */
/*
 * The stages of all opens as a table.
 */
#include "stage_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/escape.h"

const char *stage_words(enum stage stage)
{
	static const char *const words[STAGE_NR] = {
		[STAGE_NONE] = "none",
		[STAGE_COPY] = "copy of the name",
		[STAGE_WALK] = "walk to the last part",
		[STAGE_LOOKUP] = "its lookup in the cache",
		[STAGE_ALLOC] = "its allocation",
		[STAGE_FILE_SYSTEM] = "file system's own work",
		[STAGE_OPENING] = "permission, opening",
		[STAGE_DESCRIPTOR] = "descriptor",
	};
	return words[stage];
}

/* The path of the open; as passed if the full one is not known. */
static const struct bytes *path_of(const struct open_call *open)
{
	return open->resolved.data ? &open->resolved : &open->path;
}

static int keep_slowest(struct stage_row *row, const struct open_call *open)
{
	const struct bytes *path = path_of(open);
	char *kept = realloc(row->slowest, path->len + 1);

	if (!kept)
		return -ENOMEM;
	if (path->len)
		memcpy(kept, path->data, path->len);
	row->slowest = kept;
	row->slowest_len = path->len;
	return 0;
}

int stage_table_add(struct stage_table *table, const struct open_call *open)
{
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		struct stage_row *row = &table->rows[i];
		bool is_slowest = !row->latency.count || open->stage_ns[i] > row->latency.max;

		if (!has_stage(open, (enum stage)i))
			continue;
		latency_add(&row->latency, open->stage_ns[i]);
		if (is_slowest && keep_slowest(row, open))
			return -ENOMEM;
	}
	return 0;
}

static void write_row(struct text *text, enum stage stage, const struct stage_row *row)
{
	const struct latency *latency = &row->latency;
	char sum[NS_SIZE], half[NS_SIZE], most[NS_SIZE], max[NS_SIZE];

	format_ns(sum, latency->sum);
	format_ns(half, latency_within(latency, 0.5));
	format_ns(most, latency_within(latency, 0.99));
	format_ns(max, latency->max);
	text_format(text, "%-23s%7" PRIu64 "%10s%11s%11s%10s  \"", stage_words(stage),
		    latency->count, sum, half, most, max);
	escape_c(text, row->slowest, row->slowest_len);
	TEXT(text, "\"\n");
}

static bool is_empty(const struct stage_table *table)
{
	for (int i = 0; i < STAGE_NR; i++) {
		if (table->rows[i].latency.count)
			return false;
	}
	return true;
}

void stage_table_write(const struct stage_table *table, struct text *text)
{
	if (is_empty(table))
		return;
	text_format(text, "%-23s%7s%10s%11s%11s%10s  %s\n", "where the time goes", "opens",
		    "in all", "50% within", "99% within", "slowest", "slowest at");
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		if (table->rows[i].latency.count)
			write_row(text, (enum stage)i, &table->rows[i]);
	}
	text_char(text, '\n');
}

void stage_table_release(struct stage_table *table)
{
	for (int i = 0; i < STAGE_NR; i++)
		free(table->rows[i].slowest);
}
