/* SPDX-License-Identifier: MIT */
/*
 * Memory for the reader's pages, taken many pages at a time. What was taken is used again, and
 * given back only at the end. Never locks: its user does.
 */
#ifndef FTOPEN_TRACING_PAGE_POOL_H
#define FTOPEN_TRACING_PAGE_POOL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct page_block;

/**
 * struct page - one page, while it is the stream's
 * @lost_from: everything of its buffer before this time was in earlier pages
 * @size: bytes that were read; zeros follow up to the page size
 * @spilled: its place in the file while it waits there, else -1
 */
struct page {
	struct page *next;
	uint64_t lost_from;
	size_t size;
	off_t spilled;
	char data[];
};

/**
 * struct page_pool - all zero but for @page_size: empty
 * @spare: pages that wait to be used
 */
struct page_pool {
	size_t page_size;
	struct page *spare;
	struct page_block *blocks;
};

/**
 * page_pool_get - a page with room for page_size bytes
 *
 * Return: the page, in no list and in memory, or NULL if there is no memory.
 */
struct page *page_pool_get(struct page_pool *pool);

/**
 * page_pool_put - @page came from page_pool_get() and is not needed any more
 */
void page_pool_put(struct page_pool *pool, struct page *page);

/**
 * page_pool_release - free all pages, those that were not put back as well
 */
void page_pool_release(struct page_pool *pool);

#endif
