/* SPDX-License-Identifier: MIT */
/*
 * Where pages wait that were read: in memory, or in an unlinked temporary file for what is beyond
 * the limit. What fits into neither is counted, and reported as lost: nothing waits for room.
 */
#include "reader_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pages/cpu_stats.h"
#include "pages/page_cursor.h"
#include "util/message.h"
#include "util/temporary.h"

struct page *reader_page(struct reader *reader)
{
	struct page *page;

	pthread_mutex_lock(&reader->lock);
	page = page_pool_get(&reader->pool);
	pthread_mutex_unlock(&reader->lock);
	return page;
}

void reader_spare(struct reader *reader, struct page *page)
{
	pthread_mutex_lock(&reader->lock);
	page_pool_put(&reader->pool, page);
	pthread_mutex_unlock(&reader->lock);
}

/* Pages in memory are the pool's; those in the file have an entry of their own. */
void reader_forget(struct queue *queue)
{
	struct page *page = queue->first;

	while (page) {
		struct page *next = page->next;

		if (page->spilled >= 0)
			free(page);
		page = next;
	}
}

/* Moves the page to the file. Return: its entry in the queue, NULL if that failed. */
static struct page *spill(struct reader *reader, const struct page *page)
{
	struct page *entry = malloc(sizeof(*entry));

	if (!entry)
		return NULL;
	if (reader->spill_fd < 0)
		reader->spill_fd = temporary_nameless();
	reader->may_spill = reader->spill_fd >= 0;
	*entry = *page;
	entry->spilled = reader->spill_end;
	if (reader->spill_fd < 0 || pwrite(reader->spill_fd, page->data, page->size,
					   entry->spilled) != (ssize_t)page->size) {
		free(entry);
		return NULL;
	}
	reader->spill_end += (off_t)page->size;
	reader->spilled++;
	return entry;
}

static void append(struct queue *queue, struct page *page)
{
	if (queue->last)
		queue->last->next = page;
	else
		queue->first = page;
	queue->last = page;
}

/* The reader's own buffers are this machine's. */
static void cursor_init(struct page_cursor *cursor, const struct queue *queue)
{
	page_cursor_init(cursor, queue->source.cpu, queue->source.scope, sizeof(long),
			 __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static int count_record(void *context, const struct raw_record *raw)
{
	uint64_t *count = context;

	(void)raw;
	*count = add_counts(*count, 1);
	return 0;
}

static int count_loss(void *context, const struct loss *loss)
{
	uint64_t *count = context;

	*count = add_counts(*count, loss->count);
	return 0;
}

static void count_dropped(const struct reader *reader, struct queue *queue, struct page *page)
{
	const struct record_sink sink = { count_record, count_loss, &queue->dropped };
	struct page_cursor cursor;

	cursor_init(&cursor, queue);
	page_cursor_load(&cursor, page->data, reader->page_size, 0);
	while (!page_cursor_is_done(&cursor))
		page_cursor_pass_on(&cursor, &sink);
}

/* The next page of this source says how many records are missing, or at the end the mark does. */
static void drop(struct reader *reader, struct queue *queue, struct page *page)
{
	struct page_cursor cursor;

	if (!reader->has_warned) {
		warning("records are lost: %zu MiB of them wait in memory, and there is no room "
			"for more",
			reader->limit >> 20);
		reader->has_warned = true;
	}
	count_dropped(reader, queue, page);
	if (queue->mark) {
		reader_spare(reader, page);
		return;
	}
	cursor_init(&cursor, queue);
	page_cursor_empty(&cursor, page->data);
	queue->mark = page;
}

static void report_dropped(const struct reader *reader, struct queue *queue, struct page *page)
{
	struct page_cursor cursor;

	cursor_init(&cursor, queue);
	page_cursor_add_loss(&cursor, page->data, reader->page_size, queue->dropped);
	queue->dropped = 0;
}

void reader_append_mark(struct reader *reader, struct queue *queue)
{
	if (!queue->dropped)
		return;
	report_dropped(reader, queue, queue->mark);
	append(queue, queue->mark);
	reader->in_memory++;
	queue->mark = NULL;
}

/* Return: false if there is room nowhere. */
static bool try_to_keep(struct reader *reader, struct queue *queue, struct page *page)
{
	bool has_memory;
	struct page *kept = page;

	pthread_mutex_lock(&reader->lock);
	/* After one page in the file, all the next ones go there, until the file is empty again. */
	has_memory =
		!reader->spilled && (reader->in_memory + 1) * reader->page_size <= reader->limit;
	if (queue->dropped && (has_memory || reader->may_spill))
		report_dropped(reader, queue, page);
	if (has_memory) {
		reader->in_memory++;
	} else {
		kept = reader->may_spill ? spill(reader, page) : NULL;
		if (kept)
			page_pool_put(&reader->pool, page);
	}
	if (kept)
		append(queue, kept);
	pthread_mutex_unlock(&reader->lock);
	return kept;
}

void reader_keep(struct reader *reader, struct queue *queue, struct page *page)
{
	if (!try_to_keep(reader, queue, page))
		drop(reader, queue, page);
}

static void forget_entry(struct reader *reader, struct page *entry)
{
	if (!--reader->spilled && !ftruncate(reader->spill_fd, 0))
		reader->spill_end = 0;
	free(entry);
}

void reader_put(struct reader *reader, struct page *page)
{
	pthread_mutex_lock(&reader->lock);
	if (page->spilled >= 0) {
		forget_entry(reader, page);
	} else {
		reader->in_memory--;
		page_pool_put(&reader->pool, page);
	}
	pthread_mutex_unlock(&reader->lock);
}

struct page *reader_load(struct reader *reader, struct page *page)
{
	struct page *loaded;

	if (page->spilled < 0)
		return page;
	loaded = reader_page(reader);
	if (!loaded)
		return NULL;
	loaded->size = page->size;
	loaded->lost_from = page->lost_from;
	loaded->next = page->next;
	if (pread(reader->spill_fd, loaded->data, page->size, page->spilled) !=
	    (ssize_t)page->size) {
		reader_spare(reader, loaded);
		return NULL;
	}
	memset(loaded->data + page->size, 0, reader->page_size - page->size);
	pthread_mutex_lock(&reader->lock);
	reader->in_memory++;
	forget_entry(reader, page);
	pthread_mutex_unlock(&reader->lock);
	return loaded;
}
