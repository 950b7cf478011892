/* SPDX-License-Identifier: MIT */
/*
 * A row of the list of opens, and its line.
 */
#ifndef FTOPEN_RENDER_LIST_LINE_H
#define FTOPEN_RENDER_LIST_LINE_H

#include "chain/open.h"
#include "render/render.h"
#include "render/times.h"
#include "util/text.h"

/**
 * struct list_row - opens that are alike in all that a line says, but for when and how long
 * @path, @passed: escaped; @passed is NULL where it says nothing else
 * @ts: of the first
 * @is_as_passed: @path is what was passed: the whole one is not known
 * @has_other_fds: not all of them returned @result
 * @latency: the sum of @latencies of them
 */
struct list_row {
	char *path;
	char *passed;
	uint64_t ts;
	bool is_as_passed;
	const char *call;
	bool is_path_call;
	char comm[COMM_SIZE];
	uint64_t flags;
	uint32_t mode;
	int64_t result;
	enum cache cache;
	bool has_flags;
	bool has_mode;
	bool has_result;
	bool has_other_fds;
	bool is_complete;
	uint64_t count;
	uint64_t latency;
	uint64_t latencies;
};

/**
 * struct list_widths - the columns of each part of a line, all zero at first
 * @times: of the time at which the open began
 * @both: of the path with what was passed
 */
struct list_widths {
	size_t times, call, comm, path, both, flags, result, cache, latency, tail;
};

/**
 * struct list_page - what lines are laid out for
 * @columns: none is wider; 0: nothing is shortened
 * @has_comm: lines say whose the opens are
 * @has_times: and when the first of them began
 */
struct list_page {
	const struct render_options *options;
	size_t columns;
	bool has_comm;
	bool has_times;
	struct times times;
	struct list_widths widths;
	struct text scratch; /* never flushed */
};

/**
 * list_row_of - what a row says of @open alone; the texts of its paths are not there yet
 */
struct list_row list_row_of(const struct open_call *open);

/**
 * list_path, list_passed - append the texts of a row's paths, escaped
 *
 * Return: of list_passed(): whether that says something that the path does not.
 */
void list_path(struct text *text, const struct open_call *open);
bool list_passed(struct text *text, const struct open_call *open);

/**
 * list_measure - widen the page's columns for @row
 */
void list_measure(struct list_page *page, const struct list_row *row);

/**
 * list_line - write the line of @row
 */
void list_line(struct text *text, struct list_page *page, const struct list_row *row);

#endif
