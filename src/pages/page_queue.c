/* SPDX-License-Identifier: MIT */
/*
 * A list of pages for each CPU of each scope. Never looks into a page.
 */
#include "pages/page_queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct queued {
	struct queued *next;
	uint64_t lost_from;
	char data[];
};

/* One CPU of one scope; begins with its cursor, which is in the first page, if it has one. */
struct cpu_pages {
	struct page_cursor cursor;
	struct queued *first, *last;
};

/* Begins with what the merge knows of it. */
struct page_queue {
	struct page_source pages;
	size_t page_size;
	uint64_t until;
	int error;
};

static void leave_page(struct cpu_pages *of_cpu)
{
	struct queued *page = of_cpu->first;

	of_cpu->first = page->next;
	if (!of_cpu->first)
		of_cpu->last = NULL;
	page_cursor_leave(&of_cpu->cursor);
	free(page);
}

static int next_page(struct page_source *pages, struct page_cursor *cursor)
{
	const struct page_queue *queue = (const struct page_queue *)pages;
	struct cpu_pages *of_cpu = (struct cpu_pages *)cursor;

	if (cursor->has_page)
		leave_page(of_cpu);
	if (!of_cpu->first)
		return 0;
	page_cursor_load(cursor, of_cpu->first->data, queue->page_size, of_cpu->first->lost_from);
	return 1;
}

static int collect(struct page_source *pages, uint64_t *until)
{
	const struct page_queue *queue = (const struct page_queue *)pages;

	if (queue->until < *until)
		*until = queue->until;
	return queue->error;
}

static const struct page_source_ops queued_pages = {
	.collect = collect,
	.next = next_page,
};

struct page_queue *page_queue_new(size_t page_size)
{
	struct page_queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return NULL;
	queue->pages.ops = &queued_pages;
	queue->page_size = page_size;
	return queue;
}

void page_queue_free(struct page_queue *queue)
{
	if (!queue)
		return;
	for (struct page_cursor *cursor = queue->pages.first; cursor;) {
		struct cpu_pages *of_cpu = (struct cpu_pages *)cursor;

		cursor = cursor->adjacent;
		while (of_cpu->first)
			leave_page(of_cpu);
		free(of_cpu);
	}
	free(queue);
}

/* Return: NULL when out of memory. */
static struct cpu_pages *pages_of(struct page_queue *queue, enum scope scope, int cpu)
{
	struct cpu_pages *of_cpu;

	for (struct page_cursor *cursor = queue->pages.first; cursor; cursor = cursor->adjacent) {
		if (cursor->scope == scope && cursor->cpu == cpu)
			return (struct cpu_pages *)cursor;
	}
	of_cpu = calloc(1, sizeof(*of_cpu));
	if (!of_cpu)
		return NULL;
	page_cursor_init(&of_cpu->cursor, cpu, scope, sizeof(long),
			 __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	page_source_add(&queue->pages, &of_cpu->cursor);
	return of_cpu;
}

void page_queue_add(struct page_queue *queue, enum scope scope, int cpu, const void *data)
{
	struct cpu_pages *of_cpu = pages_of(queue, scope, cpu);
	struct queued *page = of_cpu ? malloc(sizeof(*page) + queue->page_size) : NULL;

	if (!page) {
		queue->error = -ENOMEM;
		return;
	}
	*page = (struct queued){ .lost_from = queue->until };
	memcpy(page->data, data, queue->page_size);
	*(of_cpu->last ? &of_cpu->last->next : &of_cpu->first) = page;
	of_cpu->last = page;
}

void page_queue_complete(struct page_queue *queue, uint64_t until)
{
	queue->until = until;
}

struct page_source *page_queue_pages(struct page_queue *queue)
{
	return &queue->pages;
}
