/* SPDX-License-Identifier: MIT */
/*
 * A row of cursors. The one with the earliest record or loss has its turn, until another one has
 * the earliest.
 */
#include "pages/merge.h"

#include <stddef.h>

/* This many pages at once, then the caller has its turn. */
#define PAGES_AT_ONCE 256

/* Until the end: what has the last of all times comes, too. */
#define ALL_TIMES UINT64_MAX

void page_source_add(struct page_source *source, struct page_cursor *cursor)
{
	*(source->last ? &source->last->adjacent : &source->first) = cursor;
	source->last = cursor;
}

/* Stand at the next record or loss, going on to the next page. */
static int settle(struct page_source *source, struct page_cursor *cursor)
{
	int ret = 1;

	while (ret > 0 && page_cursor_is_done(cursor))
		ret = source->ops->next(source, cursor);
	return ret < 0 ? ret : 0;
}

/* Take what came. Return: 0 with the time up to which the order is known, or a negative errno. */
static int collect(struct page_source *source, uint64_t *until)
{
	int ret = 0;

	*until = ALL_TIMES;
	if (source->ops->collect)
		ret = source->ops->collect(source, until);
	for (struct page_cursor *cursor = source->first; cursor && !ret; cursor = cursor->adjacent)
		ret = settle(source, cursor);
	return ret;
}

/*
 * The cursor whose next record or loss comes first; among equals the one that is first in the row.
 * Its records before @turn come before everything in the other cursors. NULL if all are done.
 */
static struct page_cursor *earliest_of(struct page_cursor *first, uint64_t *turn)
{
	struct page_cursor *earliest = NULL;
	uint64_t earliest_time = ALL_TIMES;

	*turn = ALL_TIMES;
	for (struct page_cursor *cursor = first; cursor; cursor = cursor->adjacent) {
		uint64_t time;

		if (page_cursor_is_done(cursor))
			continue;
		time = page_cursor_time(cursor);
		if (earliest && time >= earliest_time) {
			if (time < *turn)
				*turn = time;
			continue;
		}
		*turn = earliest_time;
		earliest = cursor;
		earliest_time = time;
	}
	return earliest;
}

/* Pass on what comes from @cursor before @turn, its next record or loss in any case. */
static int pass_on_turn(struct page_source *source, struct page_cursor *cursor,
			const struct record_sink *sink, uint64_t turn, size_t *pages)
{
	int ret;

	do {
		ret = page_cursor_pass_on(cursor, sink);
		if (ret || !page_cursor_is_done(cursor))
			continue;
		ret = settle(source, cursor);
		if (!ret && !--*pages)
			ret = 1;
	} while (!ret && !page_cursor_is_done(cursor) && page_cursor_time(cursor) < turn);
	return ret;
}

/*
 * Pass on, in the order of time, what lies before @until, but at most what ends @pages pages.
 *
 * Return: 1 if that limit was reached, 0 if nothing is left, or a negative errno.
 */
static int pass_on(struct page_source *source, const struct record_sink *sink, uint64_t until,
		   size_t pages)
{
	struct page_cursor *cursor;
	uint64_t turn;
	int ret = 0;

	while (!ret && (cursor = earliest_of(source->first, &turn)) &&
	       (page_cursor_time(cursor) < until || until == ALL_TIMES))
		ret = pass_on_turn(source, cursor, sink, turn < until ? turn : until, &pages);
	return ret;
}

int merge_until(struct page_source *source, uint64_t until, const struct record_sink *sink)
{
	uint64_t ordered;
	int ret = collect(source, &ordered);

	return ret ? ret : pass_on(source, sink, ordered < until ? ordered : until, PAGES_AT_ONCE);
}

int merge_rest(struct page_source *source, const struct record_sink *sink)
{
	uint64_t ordered;
	int ret;

	if (source->ops->stop)
		source->ops->stop(source);
	ret = collect(source, &ordered);
	if (!ret)
		ret = pass_on(source, sink, ALL_TIMES, SIZE_MAX);
	if (!ret && source->ops->finish)
		ret = source->ops->finish(source, sink);
	return ret;
}
