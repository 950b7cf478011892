/* SPDX-License-Identifier: MIT */
/*
 * Pages that are handed in: what comes out, in which order, and up to which time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pages/page_queue.h"

#define PAGE_SIZE 4096
#define HEADER	  16

static struct page_queue *queue;
static char seen[256];

/* What has come out: "cpu:value" for a record. */
static int see_record(void *context, const struct raw_record *raw)
{
	uint32_t value;

	(void)context;
	memcpy(&value, raw->data, sizeof(value));
	snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%d:%u ", raw->cpu, value);
	return 0;
}

static int see_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

static const struct record_sink sink = { see_record, see_loss, NULL };

static int begin(void **state)
{
	(void)state;
	seen[0] = '\0';
	queue = page_queue_new(PAGE_SIZE);
	return !queue;
}

static int end(void **state)
{
	(void)state;
	page_queue_free(queue);
	return 0;
}

/* A page with a record of one word at @time, and another one @later; each has its time as value. */
static void hand_in(int cpu, uint64_t time, uint32_t later)
{
	const uint32_t words[] = { 1, (uint32_t)time, later << 5 | 1, (uint32_t)time + later };
	const unsigned long commit = sizeof(words);
	char page[PAGE_SIZE] = { 0 };

	memcpy(page, &time, sizeof(time));
	memcpy(page + sizeof(time), &commit, sizeof(commit));
	memcpy(page + HEADER, words, sizeof(words));
	page_queue_add(queue, SCOPE_TASK, cpu, page);
}

static void nothing_is_in_order_before_it_is_complete(void **state)
{
	(void)state;
	hand_in(0, 100, 10);
	assert_int_equal(merge_until(page_queue_pages(queue), UINT64_MAX, &sink), 0);
	assert_string_equal(seen, "");
}

static void pages_come_in_the_order_of_time(void **state)
{
	(void)state;
	hand_in(1, 105, 30);
	hand_in(0, 100, 10);
	hand_in(0, 120, 40);
	page_queue_complete(queue, 140);
	assert_int_equal(merge_until(page_queue_pages(queue), UINT64_MAX, &sink), 0);
	assert_string_equal(seen, "0:100 1:105 0:110 0:120 1:135 ");
}

static void what_is_handed_in_later_goes_on(void **state)
{
	(void)state;
	hand_in(0, 100, 10);
	page_queue_complete(queue, 115);
	assert_int_equal(merge_until(page_queue_pages(queue), UINT64_MAX, &sink), 0);
	hand_in(0, 120, 5);
	hand_in(1, 122, 50);
	page_queue_complete(queue, 130);
	assert_int_equal(merge_until(page_queue_pages(queue), UINT64_MAX, &sink), 0);
	assert_string_equal(seen, "0:100 0:110 0:120 1:122 0:125 ");
}

static void the_rest_comes_at_the_end(void **state)
{
	(void)state;
	hand_in(0, 100, 10);
	assert_int_equal(merge_rest(page_queue_pages(queue), &sink), 0);
	assert_string_equal(seen, "0:100 0:110 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_in_order_before_it_is_complete, begin,
						end),
		cmocka_unit_test_setup_teardown(pages_come_in_the_order_of_time, begin, end),
		cmocka_unit_test_setup_teardown(what_is_handed_in_later_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(the_rest_comes_at_the_end, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
