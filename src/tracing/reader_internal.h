/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the reader share: the thread that reads (reader.c), and where pages wait
 * (reader_pages.c).
 */
#ifndef FTOPEN_TRACING_READER_INTERNAL_H
#define FTOPEN_TRACING_READER_INTERNAL_H

#include <pthread.h>

#include "reader.h"

/**
 * struct queue - the pages of one source
 * @is_watched: it has a buffer, and wakes the thread
 * @first, @last, @read_until: as struct arrivals will have them; under the lock
 * @empty_at: when the source was last found empty
 * @dropped: records that could be kept nowhere since the last page that was
 * @mark: a page that says so, if no other page does
 */
struct queue {
	struct source source;
	bool is_watched;
	struct page *first, *last;
	uint64_t read_until;
	uint64_t empty_at;
	uint64_t dropped;
	struct page *mark;
};

struct reader {
	struct queue *queues;
	size_t count;
	size_t page_size;
	size_t limit;
	bool may_spill;
	bool has_warned;
	const struct page_sink *tap;
	int epoll_fd, wake_fd, stop_fd;
	bool has_thread;
	bool stops; /* atomic */
	pthread_t thread;
	/* shared by both threads, under the lock */
	pthread_mutex_t lock;
	struct page_pool pool;
	size_t in_memory;
	int spill_fd;
	off_t spill_end;
	size_t spilled;
	int error;
};

/* --- reader_pages.c --- */

/**
 * reader_page - an empty page; it ends with reader_keep() or reader_spare()
 *
 * Return: NULL when out of memory.
 */
struct page *reader_page(struct reader *reader);
void reader_spare(struct reader *reader, struct page *page);

/**
 * reader_keep - @page waits in memory or in the file; if there is room in neither, its records are
 * lost, and the next page of the source says so
 */
void reader_keep(struct reader *reader, struct queue *queue, struct page *page);

/**
 * reader_append_mark - the source has no more pages: one without records says what is missing at
 * its end; under the lock
 */
void reader_append_mark(struct reader *reader, struct queue *queue);

/**
 * reader_forget - free what waits in @queue
 */
void reader_forget(struct queue *queue);

#endif
