/* SPDX-License-Identifier: MIT */
/*
 * The pipeline from a recording to sinks of our own.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/command/recording.h"

#include "pages/page_queue.h"
#include "tracedat/read.h"

#define RECORDING "tests/data/recordings/6.12/te_miss.dat"
#define CUTS	  50
#define MISSED	  (UINT64_C(1) << 31) /* in a page's header */

/* What came out, and what the sink says to it. */
struct seen {
	int opens, names, losses, summaries;
	int answer;
};

static int see_open(void *context, const struct open_call *open)
{
	struct seen *seen = context;

	(void)open;
	seen->opens++;
	return seen->answer;
}

static int see_name(void *context, const struct name *name)
{
	struct seen *seen = context;

	(void)name;
	seen->names++;
	return seen->answer;
}

static int see_loss(void *context, const struct loss *loss)
{
	struct seen *seen = context;

	(void)loss;
	seen->losses++;
	return seen->answer;
}

static int see_summary(void *context, const struct chain_summary *summary)
{
	struct seen *seen = context;

	(void)summary;
	seen->summaries++;
	return seen->answer;
}

static int see_time(void *context, const struct raw_record *raw)
{
	uint64_t *times = context;

	times[0] = times[0] ? times[0] : raw->ts;
	times[1] = raw->ts;
	return 0;
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

static void find_times(const struct recording *recording, uint64_t *first, uint64_t *last)
{
	uint64_t times[2] = { 0 };
	const struct record_sink sink = { see_time, pass_loss, times };

	assert_int_equal(dat_read(recording->dat, &sink), 0);
	*first = times[0];
	*last = times[1];
}

static int read_into(struct recording *recording, struct seen *seen)
{
	const struct pipeline_goal goal = {
		.sink = {
			.open = see_open,
			.name = see_name,
			.loss = see_loss,
			.summary = see_summary,
			.context = seen,
		},
	};

	return recording_read(recording, &goal);
}

static void everything_comes_out_and_the_summary_last(void **state)
{
	struct recording recording;
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(recording_open(&recording, RECORDING), 0);
	assert_int_equal(read_into(&recording, &seen), 0);
	assert_true(seen.opens > 0 && seen.names > 0);
	assert_int_equal(seen.losses, 0);
	assert_int_equal(seen.summaries, 1);
	assert_true(recording.pipeline.summary.has_missed_probes);
	assert_int_equal(recording.pipeline.summary.missed_probes, 0);
	recording_close(&recording);
}

/* A reader of the results that went away does not make the recording whole. */
static void what_probes_missed_is_counted_when_the_sink_failed(void **state)
{
	struct recording recording;
	struct seen seen = { .answer = -EPIPE };

	(void)state;
	assert_int_equal(recording_open(&recording, RECORDING), 0);
	recording.extras.missed[0] = 3;
	assert_int_equal(read_into(&recording, &seen), -EPIPE);
	assert_int_equal(seen.summaries, 0);
	assert_int_equal(recording.pipeline.summary.missed_probes, 3);
	recording_close(&recording);
}

static void an_unknown_count_of_one_probe_leaves_the_sum_unknown(void **state)
{
	struct recording recording;
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(recording_open(&recording, RECORDING), 0);
	recording.extras.missed[0] = LOSS_UNKNOWN;
	recording.extras.missed[1] = 2;
	assert_int_equal(read_into(&recording, &seen), 0);
	assert_false(recording.pipeline.summary.has_missed_probes);
	assert_int_equal(recording.pipeline.summary.missed_probes, 2);
	recording_close(&recording);
}

static void know_program(struct recording *recording)
{
	struct known_task *program = malloc(sizeof(*program));

	assert_non_null(program);
	*program = (struct known_task){ recording->facts.root, recording->facts.root, 0 };
	recording->extras.known = program;
	recording->extras.known_count = 1;
}

/* @is_running: an earlier part told that the program runs */
static struct seen read_part(uint64_t from, uint64_t until, bool is_running)
{
	struct recording recording;
	struct seen seen = { 0 };

	assert_int_equal(recording_open(&recording, RECORDING), 0);
	recording.extras.part = (struct dat_part){ .number = 2, .from = from, .until = until };
	if (is_running)
		know_program(&recording);
	assert_int_equal(read_into(&recording, &seen), 0);
	recording_close(&recording);
	return seen;
}

/* Wherever the cut is: both parts have the pages around it. */
static void every_open_is_in_one_part(void **state)
{
	struct recording recording;
	struct seen seen = { 0 };
	uint64_t first, last;

	(void)state;
	assert_int_equal(recording_open(&recording, RECORDING), 0);
	assert_int_equal(read_into(&recording, &seen), 0);
	find_times(&recording, &first, &last);
	recording_close(&recording);
	for (int i = 1; i < CUTS; i++) {
		uint64_t cut = first + (last - first) / CUTS * (uint64_t)i;
		struct seen before = read_part(0, cut, false);
		struct seen after = read_part(cut + 1, 0, before.opens > 0);

		assert_int_equal(before.opens + after.opens, seen.opens);
		assert_int_equal(before.losses + after.losses, 0);
	}
}

/* A page of the buffer, in which is a record of no event that anybody knows, or none at all. */
static void hand_in(struct page_queue *queue, uint64_t time, unsigned long flags, bool has_record)
{
	const uint32_t words[] = { 1, 0 };
	const unsigned long commit = flags | (has_record ? sizeof(words) : 0);
	char page[4096] = { 0 };

	memcpy(page, &time, sizeof(time));
	memcpy(page + sizeof(time), &commit, sizeof(commit));
	if (has_record)
		memcpy(page + sizeof(time) + sizeof(commit), words, sizeof(words));
	page_queue_add(queue, SCOPE_TASK, 0, page);
}

/* Return: the losses of a part that has a record of 2,000, and then such a page. */
static int lost_in_part(uint64_t from, uint64_t until, unsigned long flags, bool has_record)
{
	struct recording recording;
	struct pipeline pipeline = { 0 };
	struct page_queue *queue = page_queue_new(4096);
	const struct pipeline_goal goal = { 0 };
	struct pipeline_source source = { .from = from, .until = until };
	uint64_t losses;

	assert_non_null(queue);
	assert_int_equal(recording_open(&recording, RECORDING), 0);
	source.pages = page_queue_pages(queue);
	source.decoder = recording.decoder;
	source.clock = recording.clock;
	assert_int_equal(pipeline_start(&pipeline, &source, &goal), 0);
	hand_in(queue, 2000, 0, true);
	hand_in(queue, 3000, flags, has_record);
	page_queue_complete(queue, UINT64_MAX);
	assert_int_equal(pipeline_pump(&pipeline, UINT64_MAX), 0);
	losses = pipeline.losses;
	pipeline_release(&pipeline);
	page_queue_free(queue);
	recording_close(&recording);
	return (int)losses;
}

/*
 * The mark stands after the last page, which may have records of the next part, or of the last one.
 */
static void what_a_part_lacks_is_its_loss(void **state)
{
	(void)state;
	assert_int_equal(lost_in_part(0, 1000, MISSED, false), 1);
	assert_int_equal(lost_in_part(5000, 9000, MISSED, false), 1);
	assert_int_equal(lost_in_part(5000, 0, MISSED, false), 1);
}

static void what_was_overwritten_after_a_part_is_not_its_loss(void **state)
{
	(void)state;
	assert_int_equal(lost_in_part(0, 1000, MISSED, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_out_and_the_summary_last),
		cmocka_unit_test(what_probes_missed_is_counted_when_the_sink_failed),
		cmocka_unit_test(an_unknown_count_of_one_probe_leaves_the_sum_unknown),
		cmocka_unit_test(every_open_is_in_one_part),
		cmocka_unit_test(what_a_part_lacks_is_its_loss),
		cmocka_unit_test(what_was_overwritten_after_a_part_is_not_its_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
