/* SPDX-License-Identifier: MIT */
/*
 * A ring buffer page: what of it is wiped when it leaves, and what is said of one that is broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tracing/pages.h"

#define PAGE_SIZE 4096
#define HEADER	  16

#define LOST	    (UINT64_C(1) << 31)
#define LOST_STORED (UINT64_C(1) << 30)

#define DISCARDED   (1 << 5 | 29) /* padding that has a time: its length follows */
#define TWO_WORDS   (1 << 5 | 2)
#define TIME_EXTEND (1 << 5 | 30)

static uint8_t page[PAGE_SIZE + PAGE_SLACK];
static struct page_cursor cursor;

static int start(void **state)
{
	(void)state;
	memset(page, 0xee, sizeof(page));
	return page_cursor_init(&cursor, 0, SCOPE_TASK, 8, false);
}

static int stop(void **state)
{
	(void)state;
	page_cursor_release(&cursor);
	return 0;
}

static void put(size_t at, uint32_t word)
{
	memcpy(page + at, &word, sizeof(word));
}

static uint32_t word_at(size_t at)
{
	uint32_t word;

	memcpy(&word, page + at, sizeof(word));
	return word;
}

static void load(uint64_t commit)
{
	const uint64_t time = 1000;

	memcpy(page, &time, sizeof(time));
	memcpy(page + 8, &commit, sizeof(commit));
	page_cursor_load(&cursor, page, PAGE_SIZE, 0);
	page_cursor_wipe(&cursor, page, PAGE_SIZE);
}

static void assert_wiped(size_t from, size_t to)
{
	for (size_t at = from; at < to; at++)
		assert_int_equal(page[at], 0);
}

static void records_stay_and_what_is_behind_them_goes(void **state)
{
	(void)state;
	put(HEADER, TWO_WORDS);
	load(12);
	assert_int_equal(word_at(HEADER), TWO_WORDS);
	assert_int_equal(word_at(HEADER + 4), 0xeeeeeeee);
	assert_int_equal(word_at(HEADER + 8), 0xeeeeeeee);
	assert_wiped(HEADER + 12, PAGE_SIZE);
}

static void what_a_discarded_record_held_goes(void **state)
{
	(void)state;
	put(HEADER, DISCARDED);
	put(HEADER + 4, 12); /* of its length and two words */
	put(HEADER + 16, TWO_WORDS);
	load(28);
	assert_int_equal(word_at(HEADER), DISCARDED);
	assert_int_equal(word_at(HEADER + 4), 12);
	assert_wiped(HEADER + 8, HEADER + 16);
	assert_int_equal(word_at(HEADER + 20), 0xeeeeeeee);
}

static void long_times_stay(void **state)
{
	(void)state;
	put(HEADER, TIME_EXTEND);
	put(HEADER + 4, 77);
	put(HEADER + 8, TWO_WORDS);
	load(20);
	assert_int_equal(word_at(HEADER), TIME_EXTEND);
	assert_int_equal(word_at(HEADER + 4), 77);
}

static void the_number_of_lost_records_stays(void **state)
{
	const uint64_t lost = 7;

	(void)state;
	put(HEADER, TWO_WORDS);
	memcpy(page + HEADER + 12, &lost, sizeof(lost));
	load(12 | LOST | LOST_STORED);
	assert_true(cursor.has_loss);
	assert_int_equal(cursor.lost, 7);
	assert_int_equal(word_at(HEADER + 12), 7);
	assert_wiped(HEADER + 20, PAGE_SIZE);
}

/* Also to who reads the page after it was wiped. */
static void a_broken_page_says_that_records_are_lost(void **state)
{
	(void)state;
	put(HEADER, TWO_WORDS);
	put(HEADER + 12, 0); /* a length that is none follows */
	put(HEADER + 16, 1);
	load(400);
	for (int again = 0; again < 2; again++) {
		assert_true(cursor.has_loss);
		assert_true(cursor.lost == LOSS_UNKNOWN);
		assert_ptr_equal(cursor.event, page + HEADER + 4);
		assert_wiped(HEADER + 12, PAGE_SIZE);
		page_cursor_load(&cursor, page, PAGE_SIZE, 0);
	}
}

/* The number lost has no room behind the data: neither that nor where the data ends is believed. */
static void a_size_without_room_for_the_number_lost_is_broken(void **state)
{
	(void)state;
	put(HEADER, TWO_WORDS);
	memset(page + HEADER + 12, 0, PAGE_SIZE - HEADER - 12);
	load((PAGE_SIZE - HEADER - 4) | LOST_STORED);
	assert_true(cursor.has_loss);
	assert_true(cursor.lost == LOSS_UNKNOWN);
	assert_ptr_equal(cursor.event, page + HEADER + 4);
	assert_int_equal(word_at(8), 12 | (uint32_t)LOST);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_stay_and_what_is_behind_them_goes),
		TEST(what_a_discarded_record_held_goes),
		TEST(long_times_stay),
		TEST(the_number_of_lost_records_stays),
		TEST(a_broken_page_says_that_records_are_lost),
		TEST(a_size_without_room_for_the_number_lost_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
