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
#include <kbuffer.h>

#include "pages/page_cursor.h"

#define PAGE_SIZE 4096
#define HEADER	  16

#define LOST	    (UINT64_C(1) << 31)
#define LOST_STORED (UINT64_C(1) << 30)

#define DISCARDED   (1 << 5 | 29) /* padding that has a time: its length follows */
#define TWO_WORDS   (1 << 5 | 2)
#define TIME_EXTEND (1 << 5 | 30)

#define PAGES	2000
#define PADDING 29
#define STAMP	31
#define SPARE	16 /* the library looks at whole words */

static uint8_t page[PAGE_SIZE + SPARE];
static struct page_cursor cursor;

static int start(void **state)
{
	(void)state;
	memset(page, 0xee, sizeof(page));
	page_cursor_init(&cursor, 0, SCOPE_TASK, 8, false);
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

/* The number lost has no room after the data: neither that nor where the data ends is believed. */
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

static struct raw_record *taken;

static int take_record(void *context, const struct raw_record *raw)
{
	(void)context;
	*taken = *raw;
	return 0;
}

static int take_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

static const struct record_sink take_all = { take_record, take_loss, NULL };

static uint64_t seed = 1;

static uint32_t random_number(void)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33);
}

static void store(size_t at, unsigned int size, uint64_t value, bool is_big)
{
	for (unsigned int i = 0; i < size; i++)
		page[at + (is_big ? size - 1 - i : i)] = (uint8_t)(value >> (8 * i));
}

/* Return: its length, 0 for one that does not fit into @room. */
static size_t put_any_record(size_t at, size_t room, bool is_big)
{
	uint32_t type = random_number() % 32, delta = random_number() & 0x7ffffff;
	size_t length = 4 + 4 * type;

	if (!type || type == PADDING)
		length = 8 + 4 * (random_number() % 40);
	else if (type > PADDING)
		length = 8;
	if (length > room)
		return 0;
	store(at, 4, is_big ? type << 27 | delta : delta << 5 | type, is_big);
	if (!type || type == PADDING)
		store(at + 4, 4, length - 4, is_big);
	return length;
}

/* Return: how many records it says are missing before it. */
static uint64_t make_page(unsigned int long_size, bool is_big)
{
	size_t start = 8 + long_size, at = start, length;
	uint64_t flags = random_number() % 4 ? 0 : LOST;
	uint64_t lost = flags ? LOSS_UNKNOWN : 0;

	for (size_t i = 0; i < PAGE_SIZE; i++)
		page[i] = (uint8_t)random_number();
	while ((length = put_any_record(at, PAGE_SIZE - 8 - at, is_big)))
		at += length;
	if (flags && random_number() % 2) {
		flags |= LOST_STORED;
		lost = 1 + random_number() % 1000;
		store(at, long_size, lost, is_big);
	}
	store(0, 8, (uint64_t)random_number() << 30, is_big);
	store(8, long_size, (at - start) | flags, is_big);
	return lost;
}

static void assert_same_walk(unsigned int long_size, bool is_big, uint64_t lost)
{
	struct kbuffer *kbuf = kbuffer_alloc(long_size == 4 ? KBUFFER_LSIZE_4 : KBUFFER_LSIZE_8,
					     is_big ? KBUFFER_ENDIAN_BIG : KBUFFER_ENDIAN_LITTLE);
	unsigned long long ts;
	struct raw_record raw;
	void *event;

	page_cursor_init(&cursor, 0, SCOPE_TASK, long_size, is_big);
	page_cursor_load(&cursor, page, PAGE_SIZE, 0);
	assert_int_equal(kbuffer_load_subbuffer(kbuf, page), 0);
	/* Not so the library: it tells no loss before a page that begins with padding or a time. */
	assert_int_equal(cursor.has_loss, lost != 0);
	assert_true(!lost || cursor.lost == lost);
	if (lost)
		assert_int_equal(page_cursor_pass_on(&cursor, &take_all), 0);
	for (event = kbuffer_read_event(kbuf, &ts); event; event = kbuffer_next_event(kbuf, &ts)) {
		taken = &raw;
		assert_int_equal(page_cursor_pass_on(&cursor, &take_all), 0);
		assert_ptr_equal(raw.data, event);
		assert_int_equal(raw.size, kbuffer_event_size(kbuf));
		assert_true(raw.ts == ts);
	}
	assert_true(page_cursor_is_done(&cursor));
	kbuffer_free(kbuf);
}

/* Of every type and length, of either byte order and word size. */
static void libtraceevent_walks_the_same_way(void **state)
{
	(void)state;
	for (int i = 0; i < PAGES; i++) {
		unsigned int long_size = i % 2 ? 4 : 8;
		bool is_big = i / 2 % 2;

		assert_same_walk(long_size, is_big, make_page(long_size, is_big));
	}
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_stay_and_what_is_behind_them_goes),
		TEST(what_a_discarded_record_held_goes),
		TEST(long_times_stay),
		TEST(the_number_of_lost_records_stays),
		TEST(a_broken_page_says_that_records_are_lost),
		TEST(a_size_without_room_for_the_number_lost_is_broken),
		TEST(libtraceevent_walks_the_same_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
