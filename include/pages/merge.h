/* SPDX-License-Identifier: MIT */
/*
 * The merge of pages: those of every CPU in, records and losses in the order of time out. Where
 * pages come from is a page source: a live stream (tracing/stream.h) or a file (tracedat/read.h).
 */
#ifndef FTOPEN_PAGES_MERGE_H
#define FTOPEN_PAGES_MERGE_H

#include <stdint.h>

#include "pages/page_cursor.h"
#include "pages/record_sink.h"

struct page_source;

/**
 * struct page_source_ops - what differs by where pages come from
 * @stop: tracing is off, only the rest is to be read; NULL for a source that does not grow
 * @collect: take the pages that came, and return the time up to which they are complete; NULL for a
 *source that does not grow
 * @next: load the page after the one of @cursor; returns 1, 0 if there is none yet, or a negative
 *	errno that was reported
 * @finish: everything was passed on: do what is left, and report to @sink what is lost; NULL for
 *	nothing
 */
struct page_source_ops {
	void (*stop)(struct page_source *source);
	int (*collect)(struct page_source *source, uint64_t *until);
	int (*next)(struct page_source *source, struct page_cursor *cursor);
	int (*finish)(struct page_source *source, const struct record_sink *sink);
};

/**
 * struct page_source - a row of cursors, one for each CPU of each buffer
 */
struct page_source {
	const struct page_source_ops *ops;
	struct page_cursor *first, *last;
};

/**
 * page_source_add - put @cursor, which stays where it is, at the end of the row
 */
void page_source_add(struct page_source *source, struct page_cursor *cursor);

/**
 * merge_until - pass on the records that are older than @until and whose order is known
 *
 * Return: 1 if there are more, for another call; 0, what the sink returned, or a negative errno.
 */
int merge_until(struct page_source *source, uint64_t until, const struct record_sink *sink);

/**
 * merge_rest - pass on everything, to the end of the source
 *
 * For a live source after tracing was turned off. Return: 0, what the sink returned, or a negative
 * errno.
 */
int merge_rest(struct page_source *source, const struct record_sink *sink);

#endif
