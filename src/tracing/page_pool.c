/* SPDX-License-Identifier: MIT */
/*
 * Blocks of pages. A thread's heap grows by a system call for each page of its own, and on 6.1 that
 * was half of what the reader cost until its memory was full.
 */
#include "page_pool.h"

#include <stdlib.h>

#define BLOCK_PAGES 32

struct page_block {
	struct page_block *next;
	_Alignas(struct page) char pages[];
};

void page_pool_put(struct page_pool *pool, struct page *page)
{
	page->next = pool->spare;
	pool->spare = page;
}

static void add_block(struct page_pool *pool)
{
	size_t each = sizeof(struct page) + pool->page_size;
	struct page_block *block = malloc(sizeof(*block) + BLOCK_PAGES * each);

	if (!block)
		return;
	block->next = pool->blocks;
	pool->blocks = block;
	for (size_t i = BLOCK_PAGES; i-- > 0;)
		page_pool_put(pool, (struct page *)(block->pages + i * each));
}

struct page *page_pool_get(struct page_pool *pool)
{
	struct page *page;

	if (!pool->spare)
		add_block(pool);
	page = pool->spare;
	if (!page)
		return NULL;
	pool->spare = page->next;
	page->next = NULL;
	page->spilled = -1;
	return page;
}

void page_pool_release(struct page_pool *pool)
{
	while (pool->blocks) {
		struct page_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
	pool->spare = NULL;
}
