/* SPDX-License-Identifier: MIT */
/*
 * Emptying ring buffers as fast as they fill: pages wait in memory, and beyond a limit in an
 * unlinked temporary file, until the stream takes them. Of a page it reads the time, and the
 * records only to count those that have no room.
 */
#ifndef FTOPEN_TRACING_READER_H
#define FTOPEN_TRACING_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "page_pool.h"
#include "pages/page_sink.h"
#include "tracing/instance.h"

struct reader;

/**
 * struct source - where the pages of one CPU of one instance come from
 * @fd: gives one page a read(), without blocking; becomes the reader's
 * @instance: whose buffer it is, for the kernel's counts; NULL if there are none
 */
struct source {
	int fd;
	const struct instance *instance;
	int cpu;
	enum scope scope;
};

/**
 * struct sources - all that a reader reads
 * @page_size: of each
 */
struct sources {
	struct source *items;
	size_t count;
	size_t page_size;
};

/**
 * struct arrivals - the pages of one buffer since the last time
 * @first, @last: pages in their order, NULL for none
 * @read_until: everything before this time has come
 */
struct arrivals {
	struct page *first, *last;
	uint64_t read_until;
};

/**
 * reader_new - a reader of these sources
 * @limit: bytes of pages that may wait in memory
 * @may_spill: more pages may wait in a file; the next page reports as lost what finds no room
 *
 * Return: 0 or a negative errno that was reported; then the descriptors are still the caller's.
 */
int reader_new(const struct sources *sources, size_t limit, bool may_spill, struct reader **reader);

/**
 * reader_free - stop, and drop what was not taken
 */
void reader_free(struct reader *reader);

/**
 * reader_start - read in a thread of its own from here on, with priority over others: what it does
 * for a page is little, and a buffer that is full loses records
 *
 * Return: 0, or a negative errno that was reported.
 */
int reader_start(struct reader *reader);

/**
 * reader_stop - end the thread, if there is one
 */
void reader_stop(struct reader *reader);

/**
 * reader_tap - give every page that is read from here on to @tap, too; not while a thread reads
 */
void reader_tap(struct reader *reader, const struct page_sink *tap);

/**
 * reader_poll_fd - becomes readable when pages came
 */
int reader_poll_fd(const struct reader *reader);

/**
 * reader_read - read every source to its end; while a thread does it, nothing
 *
 * Return: 0, or the negative errno of a read that failed, in the thread or here.
 */
int reader_read(struct reader *reader);

/**
 * reader_drain - the same after tracing was turned off and the thread was stopped: what the kernel
 * still counts in a buffer is asked for again, for 20 ms at most
 */
int reader_drain(struct reader *reader);

/**
 * reader_take - the new pages of source number @index; the pages are the caller's to reader_put()
 */
void reader_take(struct reader *reader, size_t index, struct arrivals *arrivals);

/**
 * reader_again - make reader_poll_fd() readable once more: not all that came was handled
 */
void reader_again(const struct reader *reader);

/**
 * reader_load - the page with its bytes in memory, from the file if it waits there
 *
 * Return: the page, which may be another one than @page, or NULL if it cannot be read back; then
 * @page is still the caller's.
 */
struct page *reader_load(struct reader *reader, struct page *page);

/**
 * reader_put - give a page back
 */
void reader_put(struct reader *reader, struct page *page);

#endif
