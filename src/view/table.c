/* SPDX-License-Identifier: MIT */
/*
 * Order, filter and cursor of a list. Never looks into a row: its kind does.
 */
#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGIT_BITS 16
#define DIGITS	   (1U << DIGIT_BITS)

int view_table_init(struct view_table *table, const struct view_kind *kind, void *rows,
		    uint32_t count, struct view_strings *strings)
{
	*table = (struct view_table){
		.kind = kind,
		.rows = rows,
		.strings = strings,
		.count = count,
		.order = malloc(count * sizeof(*table->order) + 1),
		.shown = malloc(count * sizeof(*table->shown) + 1),
		.wanted = VIEW_NO_ROW,
	};
	if (!table->order || !table->shown)
		return -ENOMEM;
	return view_table_sort(table, 0, false);
}

/* --- order ------------------------------------------------------------------------------------ */

struct keyed {
	uint64_t key;
	uint32_t row;
};

/* One pass of a radix sort, stable. Return: whether all have the same digit, and nothing moved. */
static bool sort_by_digit(const struct keyed *from, struct keyed *to, uint32_t count,
			  unsigned int shift, uint32_t *starts)
{
	uint32_t at = 0;

	memset(starts, 0, DIGITS * sizeof(*starts));
	for (uint32_t i = 0; i < count; i++)
		starts[from[i].key >> shift & (DIGITS - 1)]++;
	if (starts[from[0].key >> shift & (DIGITS - 1)] == count)
		return true;
	for (size_t i = 0; i < DIGITS; i++) {
		uint32_t many = starts[i];

		starts[i] = at;
		at += many;
	}
	for (uint32_t i = 0; i < count; i++)
		to[starts[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
	return false;
}

/* Return: where the sorted ones are. */
static struct keyed *sort_keyed(struct keyed *keyed, struct keyed *other, uint32_t count,
				uint32_t *starts)
{
	for (unsigned int shift = 0; shift < 64; shift += DIGIT_BITS) {
		struct keyed *from = keyed;

		if (sort_by_digit(keyed, other, count, shift, starts))
			continue;
		keyed = other;
		other = from;
	}
	return keyed;
}

static int find_order(struct view_table *table, const struct view_sort *sort, bool falls)
{
	struct keyed *keyed = malloc(2 * (size_t)table->count * sizeof(*keyed) + 1);
	uint32_t *starts = malloc(DIGITS * sizeof(*starts));
	struct keyed *sorted;

	if (!keyed || !starts) {
		free(keyed);
		free(starts);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < table->count; i++) {
		uint64_t key = sort->key(table->rows, i);

		keyed[i] = (struct keyed){ falls ? ~key : key, i };
	}
	sorted = table->count ? sort_keyed(keyed, keyed + table->count, table->count, starts)
			      : keyed;
	for (uint32_t i = 0; i < table->count; i++)
		table->order[i] = sorted[i].row;
	free(keyed);
	free(starts);
	return 0;
}

/* --- filter ----------------------------------------------------------------------------------- */

static void start_scan(struct view_table *table, bool narrows)
{
	uint32_t row = view_table_row(table);

	if (row != VIEW_NO_ROW)
		table->wanted = row;
	table->narrows = narrows;
	table->to_scan = narrows ? table->shown_count : table->count;
	table->scanned = 0;
	table->shown_count = 0;
	table->cursor = (struct view_cursor){ 0 };
}

int view_table_sort(struct view_table *table, size_t sort, bool is_reversed)
{
	const struct view_sort *how = &table->kind->sorts[sort];
	int ret = how->by_text ? view_strings_rank(table->strings) : 0;

	if (!ret)
		ret = find_order(table, how, how->falls != is_reversed);
	if (ret)
		return ret;
	table->sort = sort;
	table->is_reversed = is_reversed;
	start_scan(table, false);
	return 0;
}

int view_table_filter(struct view_table *table, const char *text)
{
	bool is_done = table->scanned == table->to_scan;
	bool narrows = is_done && view_filter_narrows(&table->filter, text);
	int ret = view_filter_set(&table->filter, text, table->strings->count);

	start_scan(table, narrows && !ret);
	return ret;
}

static bool passes(const struct view_table *table, const struct view_filter *filter, uint32_t row)
{
	for (size_t i = 0; i < filter->count; i++) {
		if (!table->kind->has(table->rows, row, &filter->needles[i]))
			return false;
	}
	return true;
}

/* What is shown is written over what was shown before, never faster than that is read. */
bool view_table_work(struct view_table *table, size_t rows)
{
	const uint32_t *from = table->narrows ? table->shown : table->order;

	for (; rows && table->scanned < table->to_scan; rows--) {
		uint32_t row = from[table->scanned++];

		if (!passes(table, &table->filter, row))
			continue;
		if (row == table->wanted)
			table->cursor.at = table->shown_count;
		table->shown[table->shown_count++] = row;
	}
	return table->scanned < table->to_scan;
}

/* --- cursor ----------------------------------------------------------------------------------- */

uint32_t view_table_row(const struct view_table *table)
{
	return table->cursor.at < table->shown_count ? table->shown[table->cursor.at] : VIEW_NO_ROW;
}

bool view_table_find(struct view_table *table, const struct view_filter *search, int step,
		     bool here)
{
	size_t count = table->shown_count, at = table->cursor.at;

	if (here && at < count && passes(table, search, table->shown[at]))
		return true;
	for (size_t i = 0; i < count; i++) {
		at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
		if (!passes(table, search, table->shown[at]))
			continue;
		table->cursor.at = at;
		return true;
	}
	return false;
}

void view_table_release(struct view_table *table)
{
	view_filter_release(&table->filter);
	free(table->order);
	free(table->shown);
	memset(table, 0, sizeof(*table));
}
