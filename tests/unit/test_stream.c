/* SPDX-License-Identifier: MIT */
/*
 * Pages of several CPUs in, records and losses in the order of time out. The pages come through
 * sockets that give one at a time, as trace_pipe_raw does.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tracing/stream_internal.h"

#define PAGE_SIZE 4096
#define CPUS	  3

#define MISSED	      (1UL << 31)
#define MISSED_STORED (1UL << 30)

static int feed[CPUS];	    /* our ends */
static int source_fd[CPUS]; /* the stream's */
static struct stream *stream;
static char seen[4096];

/* What has come out: "cpu:value" for a record, "lost cpu:count" for a loss. */
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
	snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "lost %d:%lld ", loss->cpu,
		 (long long)loss->count);
	return 0;
}

static const struct record_sink sink = { see_record, see_loss, NULL };

static int start(void **state)
{
	struct source items[CPUS];
	const struct sources sources = { items, CPUS, PAGE_SIZE };

	(void)state;
	for (int cpu = 0; cpu < CPUS; cpu++) {
		int ends[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
		feed[cpu] = ends[0];
		source_fd[cpu] = ends[1];
		items[cpu] = (struct source){ .fd = ends[1], .cpu = cpu, .scope = SCOPE_TASK };
	}
	seen[0] = '\0';
	return stream_from_sources(&sources, true, &stream);
}

static int stop(void **state)
{
	(void)state;
	stream_free(stream);
	for (int cpu = 0; cpu < CPUS; cpu++)
		close(feed[cpu]);
	return 0;
}

/* A page under construction: records of one 32-bit value, at times relative to its own. */
struct page_maker {
	uint8_t data[PAGE_SIZE];
	size_t used;
	uint64_t last;
};

static void page_start(struct page_maker *page, uint64_t time)
{
	memset(page, 0, sizeof(*page));
	memcpy(page->data, &time, sizeof(time));
	page->used = 16;
	page->last = time;
}

static void page_add(struct page_maker *page, uint64_t time, uint32_t value)
{
	uint32_t head = (uint32_t)((time - page->last) << 5) | 1; /* one word of data */

	memcpy(page->data + page->used, &head, sizeof(head));
	memcpy(page->data + page->used + 4, &value, sizeof(value));
	page->used += 8;
	page->last = time;
}

static void page_give(struct page_maker *page, int cpu, unsigned long flags, unsigned long lost)
{
	unsigned long commit = (page->used - 16) | flags;

	memcpy(page->data + 8, &commit, sizeof(commit));
	if (flags & MISSED_STORED)
		memcpy(page->data + page->used, &lost, sizeof(lost));
	assert_int_equal(send(feed[cpu], page->data, PAGE_SIZE, 0), PAGE_SIZE);
}

static void give(int cpu, uint64_t first, int count, uint64_t step)
{
	struct page_maker page;

	page_start(&page, first);
	for (int i = 0; i < count; i++)
		page_add(&page, first + (uint64_t)i * step, (uint32_t)(first + (uint64_t)i * step));
	page_give(&page, cpu, 0, 0);
}

static void comes_out(const char *wanted)
{
	assert_int_equal(merge_rest(stream_pages(stream), &sink), 0);
	assert_string_equal(seen, wanted);
}

static void records_of_all_cpus_come_in_the_order_of_time(void **state)
{
	(void)state;
	give(0, 100, 3, 30);
	give(1, 110, 3, 30);
	give(2, 105, 1, 0);
	comes_out("0:100 2:105 1:110 0:130 1:140 0:160 1:170 ");
}

static void equal_times_keep_the_order_of_the_cpus(void **state)
{
	(void)state;
	give(2, 100, 1, 0);
	give(0, 100, 1, 0);
	give(1, 100, 1, 0);
	comes_out("0:100 1:100 2:100 ");
}

static void pages_of_one_cpu_follow_each_other(void **state)
{
	(void)state;
	give(0, 100, 2, 10);
	give(0, 200, 2, 10);
	give(1, 150, 1, 0);
	comes_out("0:100 0:110 1:150 0:200 0:210 ");
}

static void a_loss_comes_before_the_page_that_tells_it(void **state)
{
	struct page_maker page;

	(void)state;
	give(0, 100, 1, 0);
	page_start(&page, 200);
	page_add(&page, 200, 200);
	page_give(&page, 0, MISSED | MISSED_STORED, 17);
	give(1, 150, 1, 0);
	comes_out("0:100 lost 0:17 1:150 0:200 ");
}

static void a_loss_without_a_number_is_unknown(void **state)
{
	struct page_maker page;

	(void)state;
	page_start(&page, 200);
	page_add(&page, 200, 200);
	page_give(&page, 0, MISSED, 0);
	comes_out("lost 0:-1 0:200 ");
}

static void a_loss_on_a_page_without_records_is_reported(void **state)
{
	struct page_maker page;

	(void)state;
	page_start(&page, 200);
	page_give(&page, 0, MISSED | MISSED_STORED, 3);
	comes_out("lost 0:3 ");
}

static void a_size_beyond_the_page_is_a_loss(void **state)
{
	struct page_maker page;

	(void)state;
	page_start(&page, 200);
	page_add(&page, 200, 200);
	page.used = PAGE_SIZE + 100;
	page_give(&page, 0, 0, 0);
	assert_int_equal(merge_rest(stream_pages(stream), &sink), 0);
	assert_non_null(strstr(seen, "lost 0:-1 "));
}

static void a_record_that_runs_out_of_the_page_ends_it(void **state)
{
	static const uint32_t endless[] = { 0, 0xfffffff0 }; /* its length is in the second word */
	struct page_maker page;

	(void)state;
	page_start(&page, 200);
	page_add(&page, 200, 200);
	memcpy(page.data + page.used, endless, sizeof(endless));
	page.used += sizeof(endless);
	page_give(&page, 0, 0, 0);
	comes_out("lost 0:-1 0:200 ");
}

static void a_length_that_would_wrap_ends_the_page(void **state)
{
	static const uint32_t wrapping[] = { 0, 1 };
	struct page_maker page;

	(void)state;
	page_start(&page, 200);
	page_add(&page, 200, 200);
	memcpy(page.data + page.used, wrapping, sizeof(wrapping));
	page.used += sizeof(wrapping);
	page_give(&page, 0, 0, 0);
	comes_out("lost 0:-1 0:200 ");
}

/* While tracing, what is younger than the oldest of the last reads has to wait. */
static void what_is_not_ordered_yet_waits(void **state)
{
	(void)state;
	give(0, UINT64_MAX / 2, 1, 0); /* in the future of the trace clock */
	assert_int_equal(merge_until(stream_pages(stream), UINT64_MAX, &sink), 0);
	assert_string_equal(seen, "");
	assert_int_equal(merge_rest(stream_pages(stream), &sink), 0);
	assert_non_null(strstr(seen, "0:"));
}

static void at_the_end_even_the_last_of_all_times_comes(void **state)
{
	(void)state;
	give(0, UINT64_MAX, 1, 0);
	give(1, 100, 1, 0);
	comes_out("1:100 0:4294967295 ");
}

static void what_is_held_waits(void **state)
{
	(void)state;
	give(0, 100, 3, 10);
	assert_int_equal(merge_until(stream_pages(stream), 110, &sink), 0);
	assert_string_equal(seen, "0:100 ");
	assert_int_equal(merge_until(stream_pages(stream), UINT64_MAX, &sink), 0);
	assert_string_equal(seen, "0:100 0:110 0:120 ");
}

/*
 * As of a processor that was never online: its pipe polls as an error, and cannot be read. A pipe's
 * writing end does so when nobody has the other one.
 */
static void without_buffer(int cpu, int *kept)
{
	int ends[2];

	*kept = dup(source_fd[cpu]);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_return_code(dup2(ends[1], source_fd[cpu]), errno);
	close(ends[1]);
}

static void a_processor_that_was_never_online_has_nothing(void **state)
{
	int kept;

	(void)state;
	without_buffer(1, &kept);
	give(0, 100, 2, 10);
	comes_out("0:100 0:110 ");
	close(kept);
}

static void others_do_not_wait_for_it(void **state)
{
	int kept;

	(void)state;
	without_buffer(1, &kept);
	give(0, 100, 2, 10);
	assert_int_equal(merge_until(stream_pages(stream), UINT64_MAX, &sink), 0);
	assert_string_equal(seen, "0:100 0:110 ");
	close(kept);
}

static void once_it_is_online_it_is_read(void **state)
{
	int kept;

	(void)state;
	without_buffer(1, &kept);
	give(0, 100, 1, 0);
	assert_int_equal(merge_until(stream_pages(stream), UINT64_MAX, &sink), 0);
	assert_return_code(dup2(kept, source_fd[1]), errno);
	close(kept);
	give(1, 200, 1, 0);
	give(0, 210, 1, 0);
	comes_out("0:100 1:200 0:210 ");
}

/* The thread looks for it every 50 ms, and does not wake for what cannot be read. */
static void who_waits_for_it_sleeps(void **state)
{
	struct timespec before, after;
	int kept;

	(void)state;
	without_buffer(1, &kept);
	assert_int_equal(stream_start(stream), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	usleep(500 * 1000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	close(kept);
	assert_in_range((after.tv_sec - before.tv_sec) * 1000 +
				(after.tv_nsec - before.tv_nsec) / 1000000,
			0, 100);
}

/* More than a socket holds: somebody has to take them. */
static void give_many(int count)
{
	assert_int_equal(stream_start(stream), 0);
	for (int i = 0; i < count; i++) {
		struct page_maker page;
		unsigned long commit = 8;

		page_start(&page, 1000 + (uint64_t)i);
		page_add(&page, 1000 + (uint64_t)i, (uint32_t)i);
		memcpy(page.data + 8, &commit, sizeof(commit));
		while (send(feed[0], page.data, PAGE_SIZE, 0) < 0)
			assert_int_equal(errno, EAGAIN);
	}
}

static void a_thread_reads_while_nobody_asks(void **state)
{
	(void)state;
	give_many(500);
	assert_int_equal(merge_rest(stream_pages(stream), &sink), 0);
	assert_memory_equal(seen, "0:0 0:1 0:2 ", 12);
}

static int count_record(void *context, const struct raw_record *raw)
{
	(void)raw;
	++*(int *)context;
	return 0;
}

static void many_pages_leave_the_caller_a_turn(void **state)
{
	int count = 0, ret;
	const struct record_sink counting = { count_record, see_loss, &count };

	(void)state;
	give_many(500);
	do {
		ret = merge_until(stream_pages(stream), UINT64_MAX, &counting);
	} while (!ret && !count);
	assert_int_equal(ret, 1);
	assert_in_range(count, 1, 499);
	assert_int_equal(merge_rest(stream_pages(stream), &counting), 0);
	assert_int_equal(count, 500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(records_of_all_cpus_come_in_the_order_of_time),
		TEST(equal_times_keep_the_order_of_the_cpus),
		TEST(pages_of_one_cpu_follow_each_other),
		TEST(a_loss_comes_before_the_page_that_tells_it),
		TEST(a_loss_without_a_number_is_unknown),
		TEST(a_loss_on_a_page_without_records_is_reported),
		TEST(a_size_beyond_the_page_is_a_loss),
		TEST(a_record_that_runs_out_of_the_page_ends_it),
		TEST(a_length_that_would_wrap_ends_the_page),
		TEST(what_is_not_ordered_yet_waits),
		TEST(at_the_end_even_the_last_of_all_times_comes),
		TEST(what_is_held_waits),
		TEST(a_processor_that_was_never_online_has_nothing),
		TEST(others_do_not_wait_for_it),
		TEST(once_it_is_online_it_is_read),
		TEST(who_waits_for_it_sleeps),
		TEST(a_thread_reads_while_nobody_asks),
		TEST(many_pages_leave_the_caller_a_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
