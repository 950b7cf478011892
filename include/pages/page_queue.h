/* SPDX-License-Identifier: MIT */
/*
 * The page source of pages that are handed in one by one, such as those that go to a file at the
 * same time.
 */
#ifndef FTOPEN_PAGES_PAGE_QUEUE_H
#define FTOPEN_PAGES_PAGE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "chain/record.h"
#include "pages/merge.h"

struct page_queue;

/**
 * page_queue_new - an empty queue of this machine's pages, each of @page_size bytes
 *
 * Return: NULL when out of memory. Ends with page_queue_free().
 */
struct page_queue *page_queue_new(size_t page_size);

void page_queue_free(struct page_queue *queue);

/**
 * page_queue_add - hand in a copy of the next page of this CPU
 *
 * When there is no memory for it, the merge says so, with -ENOMEM.
 */
void page_queue_add(struct page_queue *queue, enum scope scope, int cpu, const void *data);

/**
 * page_queue_complete - of every CPU all pages are there with records from before @until
 */
void page_queue_complete(struct page_queue *queue, uint64_t until);

/**
 * page_queue_pages - what was handed in, for the merge; stays the queue's
 */
struct page_source *page_queue_pages(struct page_queue *queue);

#endif
