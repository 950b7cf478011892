/* SPDX-License-Identifier: MIT */
/*
 * Pages of the pool: each has room of its own, and is used again once it was put back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tracing/page_pool.h"

#define PAGE_SIZE 4096
#define MANY	  100 /* of several blocks */

static void each_page_has_room_of_its_own(void **state)
{
	struct page_pool pool = { .page_size = PAGE_SIZE };
	struct page *pages[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		pages[i] = page_pool_get(&pool);
		assert_non_null(pages[i]);
		assert_null(pages[i]->next);
		assert_true(pages[i]->spilled < 0);
		assert_int_equal((uintptr_t)pages[i] % _Alignof(struct page), 0);
		memset(pages[i]->data, i, PAGE_SIZE);
	}
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(pages[i]->data[0], i);
		assert_int_equal(pages[i]->data[PAGE_SIZE - 1], i);
		assert_null(pages[i]->next);
	}
	page_pool_release(&pool);
}

static void what_was_put_back_is_used_again(void **state)
{
	struct page_pool pool = { .page_size = PAGE_SIZE };
	const struct page *first = page_pool_get(&pool);
	const struct page_block *blocks = pool.blocks;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		struct page *page = page_pool_get(&pool);

		assert_ptr_not_equal(page, first);
		page->spilled = i;
		page_pool_put(&pool, page);
		assert_ptr_equal(pool.blocks, blocks);
	}
	assert_true(page_pool_get(&pool)->spilled < 0);
	page_pool_release(&pool);
	assert_null(pool.spare);
	assert_null(pool.blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_page_has_room_of_its_own),
		cmocka_unit_test(what_was_put_back_is_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
