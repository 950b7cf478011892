/* SPDX-License-Identifier: MIT */
/*
 * What the kernel counts at the end of a trace is lost, from a tracefs that is plain files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/command/live.h"
#include "../../src/command/recording.h"
#include "../../src/tracing/session_internal.h"
#include "folder.h"
#include "kernel/layout.h"
#include "pages/page_queue.h"

#define RECORDING "tests/data/recordings/6.12/te_miss.dat"
#define NONE	  "entries: 0\noverrun: 0\ncommit overrun: 0\ndropped events: 0\n"

static struct session session;
static struct instance task;
static struct recording recording;
static struct page_queue *queue;
static struct layout *layout;

static int start(void **state)
{
	(void)state;
	queue = page_queue_new(4096);
	if (!queue || make_dir() || recording_open(&recording, RECORDING) ||
	    layout_without_btf(&layout))
		return -1;
	session = (struct session){ .dir = dir };
	task = (struct instance){ .session = &session, .dir = strdup(in_dir("instances/task")) };
	put("instances/task/per_cpu/cpu0/stats", NONE);
	return task.dir ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	free(task.dir);
	layout_free(layout);
	recording_close(&recording);
	page_queue_free(queue);
	return remove_dir();
}

static int take_summary(void *context, const struct chain_summary *summary)
{
	struct chain_totals *totals = context;

	*totals = summary->totals;
	return 0;
}

static int pass_loss(void *context, const struct loss *loss)
{
	(void)context;
	(void)loss;
	return 0;
}

/* Of a trace without a record; cpu0 lost none. */
static struct chain_totals totals_with(const char *stats)
{
	static const struct options options = { .all = true };
	struct plan plan = { .count = 0 };
	struct chain_totals totals = { 0 };
	const struct pipeline_goal goal = {
		.sink = { .loss = pass_loss, .summary = take_summary, .context = &totals },
	};
	struct live live = {
		.options = &options,
		.layout = layout,
		.plan = &plan,
		.session = &session,
		.instances = { &task },
		.instance_count = 1,
		.decoder = recording.decoder,
	};

	put("instances/task/per_cpu/cpu1/stats", stats);
	if (!*stats)
		remove(in_dir("instances/task/per_cpu/cpu1/stats"));
	assert_int_equal(live_join(&live, page_queue_pages(queue), &goal), 0);
	assert_int_equal(live_finish(&live, NULL), 0);
	pipeline_release(&live.pipeline);
	return totals;
}

static void what_is_left_is_lost_and_counted(void **state)
{
	struct chain_totals none = totals_with(NONE);
	struct chain_totals left = totals_with("entries: 7\noverrun: 0\ncommit overrun: 0\n"
					       "dropped events: 0\n");

	(void)state;
	assert_int_equal(none.losses, 0);
	assert_true(none.lost_is_known);
	assert_int_equal(left.losses, 1);
	assert_int_equal(left.lost, 7);
	assert_true(left.lost_is_known);
}

static void counts_that_cannot_be_read_are_a_loss_of_unknown_size(void **state)
{
	static const char *const broken[] = { "", "entries: 0\n", "read events: 9\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct chain_totals totals = totals_with(broken[i]);

		assert_int_equal(totals.losses, 1);
		assert_false(totals.lost_is_known);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_left_is_lost_and_counted),
		TEST(counts_that_cannot_be_read_are_a_loss_of_unknown_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
