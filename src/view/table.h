/* SPDX-License-Identifier: MIT */
/*
 * Sorted rows, some of which a filter shows: the common part of the three lists. Knows neither
 * what a row is nor how it is drawn. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_TABLE_H
#define FTOPEN_VIEW_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"
#include "filter.h"

#define VIEW_NO_ROW UINT32_MAX

enum view_style {
	VIEW_PLAIN,
	VIEW_STRONG,
	VIEW_GOOD,
	VIEW_BAD,
	VIEW_UNSURE,
	VIEW_STYLES
};

/**
 * struct view_sort - a way to sort
 * @by_text: @key is a rank of strings, which have to be ranked before
 * @falls: the largest come first
 */
struct view_sort {
	const char *name;
	bool by_text;
	bool falls;
	uint64_t (*key)(const void *rows, uint32_t row);
};

/**
 * struct view_kind - what a list is made of
 * @heading: above its lines; NULL for none
 * @sorts: ends with a name of NULL
 * @has: whether the row has the word
 * @measure: lay out lines of @columns for these rows, which are to be shown; NULL for nothing
 * @line: write the line of @row, without its end, into @text, which is empty; @columns is 0 for no
 *	bound
 */
struct view_kind {
	const char *name;
	const char *heading;
	const struct view_sort *sorts;
	bool (*has)(const void *rows, uint32_t row, const struct view_needle *needle);
	enum view_style (*style)(const void *rows, uint32_t row);
	void (*measure)(void *rows, const uint32_t *which, size_t count, size_t columns);
	void (*line)(void *rows, uint32_t row, size_t columns, struct text *text);
};

/**
 * struct view_table - a list
 * @order: all rows, sorted
 * @shown: those that passed the filter up to now, in the same order
 * @scanned: how many were compared with the filter, of @to_scan
 * @narrows: they are those that were shown before, not all
 * @wanted: the row to which the cursor returns when it passes; VIEW_NO_ROW for none
 */
struct view_table {
	const struct view_kind *kind;
	void *rows;
	struct view_strings *strings;
	uint32_t count;
	uint32_t *order;
	uint32_t *shown;
	size_t shown_count;
	size_t scanned, to_scan;
	bool narrows;
	bool is_reversed;
	size_t sort;
	uint32_t wanted;
	struct view_filter filter;
	struct view_cursor cursor;
};

/**
 * view_table_init - a list of @count rows of @kind, all of them shown
 * @rows, @strings: stay the caller's and outlive the table
 *
 * Return: 0 or -ENOMEM; ends with view_table_release() in any case.
 */
int view_table_init(struct view_table *table, const struct view_kind *kind, void *rows,
		    uint32_t count, struct view_strings *strings);

/**
 * view_table_filter - show only rows that have the words of @text; view_table_work() finds them
 *
 * The cursor stays on its row as soon as that is found. Return: 0, or -ENOMEM: all rows are shown.
 */
int view_table_filter(struct view_table *table, const char *text);

/**
 * view_table_sort - by the kind's sort number @sort; the filter stays. Return: 0 or -ENOMEM.
 */
int view_table_sort(struct view_table *table, size_t sort, bool is_reversed);

/**
 * view_table_work - hold at most @rows more of them against the filter
 *
 * Return: whether there are any left.
 */
bool view_table_work(struct view_table *table, size_t rows);

/**
 * view_table_row - the row at the cursor, VIEW_NO_ROW if none is shown
 */
uint32_t view_table_row(const struct view_table *table);

/**
 * view_table_find - move the cursor to the next row shown that has all words of @search
 * @step: 1 or -1: which way; after the last one comes the first
 * @here: the row at the cursor will do
 *
 * Return: whether there is one.
 */
bool view_table_find(struct view_table *table, const struct view_filter *search, int step,
		     bool here);

void view_table_release(struct view_table *table);

#endif
