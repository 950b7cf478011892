/* SPDX-License-Identifier: MIT */
/*
 * Standing in a ring buffer page, at its next record or at what is missing before it. Pages are
 * untrusted: one that does not hold together counts as a loss of unknown size.
 */
#ifndef FTOPEN_PAGES_PAGE_CURSOR_H
#define FTOPEN_PAGES_PAGE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages/record_sink.h"

/**
 * struct page_cursor - a place in the pages of one CPU of one instance
 * @event: the next record, in the page, up to @next; NULL at the end of the page
 * @ts: its time
 * @has_loss: records are missing before @event; @lost says how many, or LOSS_UNKNOWN
 * @lost_from: ... none of them older than this
 * @is_overrun: ... the ring buffer overwrote them; else the page is not what the kernel makes
 * @records: how many were passed on, of whatever event
 * @is_broken: there was a page that is not what the kernel makes
 * @last_ts: time of the record before
 * @adjacent: the next one of its page source, NULL for the last
 */
struct page_cursor {
	struct page_cursor *adjacent;
	int cpu;
	enum scope scope;
	unsigned int long_size;
	bool is_big;
	bool is_swapped;		 /* not in this machine's byte order */
	uint8_t type_shift, delta_shift; /* of the parts of a record's first word */
	bool has_page;
	bool has_loss;
	uint64_t lost;
	uint64_t lost_from;
	bool is_overrun;
	bool is_broken;
	uint64_t records;
	uint8_t *event;
	uint8_t *next, *end; /* what of the page comes after it */
	uint64_t ts;
	uint64_t last_ts;
};

/**
 * page_cursor_init - for pages of a kernel with longs of @long_size bytes, 4 or 8
 */
void page_cursor_init(struct page_cursor *cursor, int cpu, enum scope scope, unsigned int long_size,
		      bool is_big);

/**
 * page_cursor_load - stand at the start of a page
 * @page: @size bytes, whose header the cursor may change; has to stay until the next page is loaded
 * @lost_from: records that are missing before it are not older than this
 */
void page_cursor_load(struct page_cursor *cursor, void *page, size_t size, uint64_t lost_from);

/**
 * page_cursor_wipe - in the page that was loaded: zero every byte that belongs to no record
 *
 * Those are what padding and discarded records hold, and what is after the last record: older
 * bytes of the ring buffer.
 */
void page_cursor_wipe(const struct page_cursor *cursor, void *page, size_t size);

/**
 * page_cursor_empty - take the records out of a page of @size bytes, and what it says of others
 * page_cursor_add_loss - have it say that @count records more are missing before it
 *
 * For pages that the cursor does not stand in; the number is left out where it has no room.
 */
void page_cursor_empty(const struct page_cursor *cursor, void *page);
void page_cursor_add_loss(const struct page_cursor *cursor, void *page, size_t size,
			  uint64_t count);

/**
 * page_cursor_leave - the page is over, or goes away
 */
void page_cursor_leave(struct page_cursor *cursor);

/**
 * page_cursor_is_done - whether neither record nor loss of the page is left
 */
bool page_cursor_is_done(const struct page_cursor *cursor);

/**
 * page_cursor_time - of the next record, or of the loss before it
 */
uint64_t page_cursor_time(const struct page_cursor *cursor);

/**
 * page_cursor_pass_on - give the next record or loss to @sink and step over it
 *
 * Return: what the sink returned.
 */
int page_cursor_pass_on(struct page_cursor *cursor, const struct record_sink *sink);

#endif
