/* SPDX-License-Identifier: MIT */
/*
 * What the reader can keep nowhere is lost and told: how many records, and where; it never waits
 * for room.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tracing/reader.h"
#include "../../src/tracing/session_internal.h"
#include "folder.h"
#include "pages/page_cursor.h"
#include "util/message.h"

#define PAGE_SIZE 4096
#define LIMIT	  (2 * PAGE_SIZE)
#define TOO_LONG  600 /* seconds: it waits for ever */

/* For this source the kernel counts records that nobody has read, whatever is read. */
static const struct instance counted = { .dir = dir };

static struct reader *reader;
static int feed;
static int warnings;

static void hear(enum message_level level, const char *text)
{
	(void)text;
	warnings += level == MESSAGE_WARNING;
}

static void start_with(bool may_spill, const struct instance *instance)
{
	struct source source = { .scope = SCOPE_TASK, .instance = instance };
	const struct sources sources = { &source, 1, PAGE_SIZE };
	int ends[2];

	alarm(TOO_LONG);
	warnings = 0;
	message_set_hook(hear);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
	feed = ends[0];
	source.fd = ends[1];
	assert_int_equal(reader_new(&sources, LIMIT, may_spill, &reader), 0);
}

static void start(bool may_spill)
{
	start_with(may_spill, NULL);
}

static void stop(void)
{
	reader_free(reader);
	close(feed);
	message_set_hook(NULL);
	alarm(0);
}

/* A page of @count records of four bytes, all at its time. */
static void give(uint64_t time, unsigned int count)
{
	uint32_t page[PAGE_SIZE / 4] = { 0 };
	unsigned long commit = count * 8UL;

	memcpy(page, &time, sizeof(time));
	memcpy(page + 2, &commit, sizeof(commit));
	for (unsigned int i = 0; i < count; i++)
		page[4 + 2 * i] = 1; /* one word of data */
	assert_int_equal(send(feed, page, PAGE_SIZE, 0), PAGE_SIZE);
}

static int see_record(void *context, const struct raw_record *raw)
{
	(void)raw;
	strcat(context, "r");
	return 0;
}

static int see_loss(void *context, const struct loss *loss)
{
	sprintf((char *)context + strlen(context), " lost %lld ", (long long)loss->count);
	return 0;
}

/* Until the thread has read all that was given, and had time to keep it. */
static void await_reader(void)
{
	int unread;

	do {
		usleep(100000);
		assert_int_equal(ioctl(feed, SIOCOUTQ, &unread), 0);
	} while (unread);
	usleep(100000);
}

/* What has come, as "r" for a record and "lost N" for what is missing. */
static const char *taken(void)
{
	static char seen[256];
	const struct record_sink sink = { see_record, see_loss, seen };
	struct page_cursor cursor;
	struct arrivals arrivals;

	seen[0] = '\0';
	reader_take(reader, 0, &arrivals);
	page_cursor_init(&cursor, 0, SCOPE_TASK, sizeof(long),
			 __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	while (arrivals.first) {
		struct page *page = arrivals.first;

		arrivals.first = page->next;
		page = reader_load(reader, page);
		assert_non_null(page);
		page_cursor_load(&cursor, page->data, PAGE_SIZE, 0);
		while (!page_cursor_is_done(&cursor))
			page_cursor_pass_on(&cursor, &sink);
		reader_put(reader, page);
	}
	return seen;
}

static bool is_interrupted; /* the next read(2) */

ssize_t read(int fd, void *to, size_t size)
{
	if (!is_interrupted)
		return syscall(SYS_read, fd, to, size);
	is_interrupted = false;
	errno = EINTR;
	return -1;
}

/* "Everything before now has come" is true only of what was found empty. */
static void a_read_that_was_interrupted_is_made_again(void **state)
{
	(void)state;
	start(false);
	give(1, 2);
	is_interrupted = true;
	assert_int_equal(reader_read(reader), 0);
	assert_false(is_interrupted);
	assert_string_equal(taken(), "rr");
	stop();
}

static void what_has_no_room_is_lost_and_counted(void **state)
{
	(void)state;
	start(false);
	for (unsigned int i = 1; i <= 5; i++)
		give(i * 100, i);
	assert_int_equal(reader_read(reader), 0);
	assert_string_equal(taken(), "rrr lost 12 ");
	assert_int_equal(warnings, 1);
	assert_string_equal(taken(), "");
	stop();
}

static void what_comes_next_says_what_is_missing_before_it(void **state)
{
	(void)state;
	start(false);
	assert_int_equal(reader_start(reader), 0);
	for (unsigned int i = 1; i <= 5; i++)
		give(i * 100, i);
	await_reader();
	assert_string_equal(taken(), "rrr");
	give(600, 2);
	await_reader();
	assert_string_equal(taken(), " lost 12 rr");
	give(700, 1);
	await_reader();
	reader_stop(reader);
	assert_string_equal(taken(), "r");
	stop();
}

static void with_a_file_nothing_is_lost(void **state)
{
	(void)state;
	start(true);
	for (unsigned int i = 1; i <= 5; i++)
		give(i * 100, i);
	assert_int_equal(reader_read(reader), 0);
	assert_string_equal(taken(), "rrrrrrrrrrrrrrr");
	assert_int_equal(warnings, 0);
	stop();
}

/* A page that the kernel cannot give just then. */
static void give_nothing(void)
{
	assert_int_equal(send(feed, "", 0, 0), 0);
}

static void what_is_counted_at_the_end_is_asked_for_again(void **state)
{
	(void)state;
	start_with(true, &counted);
	give(100, 1);
	give_nothing();
	give(200, 2);
	give_nothing();
	give_nothing();
	give(300, 3);
	assert_int_equal(reader_drain(reader), 0);
	assert_string_equal(taken(), "rrrrrr");
	stop();
}

static void where_nothing_is_counted_the_end_is_the_end(void **state)
{
	(void)state;
	start(true);
	give(100, 1);
	give_nothing();
	give(200, 2);
	assert_int_equal(reader_drain(reader), 0);
	assert_string_equal(taken(), "r");
	assert_int_equal(reader_drain(reader), 0);
	assert_string_equal(taken(), "rr");
	stop();
}

static int make_counts(void **state)
{
	int ret = make_dir();

	(void)state;
	if (!ret)
		put("per_cpu/cpu0/stats", "entries: 7\noverrun: 0\n");
	return ret;
}

static int remove_counts(void **state)
{
	(void)state;
	return remove_dir();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_that_was_interrupted_is_made_again),
		cmocka_unit_test(what_has_no_room_is_lost_and_counted),
		cmocka_unit_test(what_comes_next_says_what_is_missing_before_it),
		cmocka_unit_test(with_a_file_nothing_is_lost),
		cmocka_unit_test(what_is_counted_at_the_end_is_asked_for_again),
		cmocka_unit_test(where_nothing_is_counted_the_end_is_the_end),
	};

	return cmocka_run_group_tests(tests, make_counts, remove_counts);
}
