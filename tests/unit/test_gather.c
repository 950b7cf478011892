/* SPDX-License-Identifier: MIT */
/*
 * What a trace.dat says besides its pages, from a tracefs that is plain files.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/tracing/session_internal.h"
#include "folder.h"
#include "no_memory.h"
#include "said.h"
#include "tracedat/gather.h"

#define GROUP	    "ftopen_7_1"
#define MARKED_CPUS 8

static struct session session;
static struct instance task, any;
static struct instance *instances[] = { &task, &any };
static struct planned probes[2];
static struct plan plan = { .probes = probes, .count = 2 };
static struct plan_entry entries[2];
static struct dat_source source;
static struct dat_meta meta;

static void put_tracefs(void)
{
	put("events/header_page", "page");
	put("events/header_event", "event");
	put("events/" GROUP "/delete/format", "name: delete\n");
	put("kprobe_events", "p:mine/delete vfs_read\np:" GROUP "/delete d_delete\n");
	put("kprobe_profile", "  delete   9   9\n  delete   5   2\n");
	put("instances/task/trace_clock", "local global [mono] boot\n");
	put("instances/task/per_cpu/cpu0/stats", "entries: 1\n");
	put("instances/task/per_cpu/cpu1/stats", "entries: 2\n");
	put("instances/any/per_cpu/cpu0/stats", "entries: 3\n");
	put("instances/any/per_cpu/cpu1/stats", "entries: 4\n");
}

static int start(void **state)
{
	listen_to_messages(state);
	if (make_dir())
		return -1;
	put_tracefs();
	session = (struct session){ .dir = dir, .name = GROUP };
	task = (struct instance){ .session = &session, .dir = strdup(in_dir("instances/task")) };
	any = (struct instance){ .session = &session, .dir = strdup(in_dir("instances/any")) };
	probes[0] = (struct planned){ .probe = role_probe_find(ROLE_DELETE, POINT_ENTRY),
				      .state = PROBE_EXACT,
				      .symbol = "d_delete",
				      .definition = (char *)"p:" GROUP "/delete d_delete" };
	probes[1] = (struct planned){ .probe = role_probe_find(ROLE_EVICT, POINT_ENTRY),
				      .state = PROBE_REFUSED };
	entries[0] = (struct plan_entry){ ROLE_DELETE, POINT_ENTRY, .symbol = "d_delete",
					  .state = PROBE_EXACT };
	entries[1] = (struct plan_entry){ ROLE_EVICT, POINT_ENTRY, .state = PROBE_REFUSED,
					  .note = "a \\ and\na line" };
	source = (struct dat_source){ .tracefs = dir,
				      .wall = -5,
				      .session = &session,
				      .plan = &plan,
				      .entries = entries,
				      .instances = instances,
				      .instance_count = 2,
				      .sees_any = true };
	return 0;
}

static int stop(void **state)
{
	(void)state;
	dat_meta_release(&meta);
	free(task.dir);
	free(any.dir);
	return remove_dir();
}

static void everything_is_where_the_kernel_has_it(void **state)
{
	(void)state;
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_int_equal(meta.cpus, 2);
	assert_true(meta.has_any);
	assert_string_equal(meta.clock, "[mono]");
	assert_string_equal(meta.group, GROUP);
	assert_int_equal(meta.format_count, 1);
	assert_memory_equal(meta.formats[0].data, "name: delete\n", meta.formats[0].size);
	assert_memory_equal(meta.header_page.data, "page", 4);
	assert_memory_equal(meta.header_event.data, "event", 5);
	assert_non_null(strstr(meta.uname, "Linux "));
	assert_int_equal(meta.stat_count, 6);
	assert_string_equal(meta.stats[0], "CPU: 0\nentries: 1\n");
	assert_string_equal(meta.stats[2], "\nBuffer: ftopen_any\n\n");
	assert_string_equal(meta.stats[4], "CPU: 1\nentries: 4\n");
}

/* The counts are those of our probe, not those of another's with the same name. */
static void each_choice_is_reported_with_its_counts_and_its_reason(void **state)
{
	(void)state;
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_non_null(strstr(meta.stats[5],
			       DAT_PROBES "\n\nevictions: any\nwall-clock: -5\n"
					  "delete entry d_delete exact hits 5 missed "));
	assert_non_null(strstr(meta.stats[5],
			       "\nevict entry - refused hits unknown missed unknown: "
			       "a \\\\ and\\na line\n"));
}

static void an_instances_own_page_header_is_taken_before_the_common_one(void **state)
{
	(void)state;
	put("instances/task/events/header_page", "its own");
	put("instances/task/events/header_event", "its own event");
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_memory_equal(meta.header_page.data, "its own", 7);
}

/* The second instance may be there for the workers of rings alone. */
static void whose_evictions_are_seen_is_reported(void **state)
{
	(void)state;
	source.sees_any = false;
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_non_null(strstr(meta.stats[5], "evictions: own\n"));
}

static void one_instance_has_one_buffer(void **state)
{
	(void)state;
	source.instance_count = 1;
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_false(meta.has_any);
	assert_int_equal(meta.stat_count, 3);
}

static void what_is_hidden_has_no_symbols_and_says_so(void **state)
{
	(void)state;
	source.hider = (struct hider *)&source; /* is only asked for */
	source.all_symbols = true;
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_int_equal(meta.kallsyms.size, 0);
	assert_non_null(strstr(meta.stats[5], "\naddresses: hashed\n"));
}

static void without_a_count_it_is_unknown(void **state)
{
	(void)state;
	put("kprobe_profile", "");
	unlink(in_dir("instances/any/per_cpu/cpu1/stats"));
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_int_equal(meta.stat_count, 5);
	assert_non_null(strstr(meta.stats[4], "d_delete exact hits unknown missed unknown\n"));
}

/* Then every CPU of the file has counts, and the reader finds none whose losses are unknown. */
static void of_a_number_that_no_processor_has_nothing_is_lost(void **state)
{
	static const char none[] = "CPU: 2\nentries: 0\noverrun: 0\ncommit overrun: 0\n"
				   "dropped events: 0\nread events: 0\n";
	struct dat_stretch stretch = { .part = { .number = 2, .from = 1 } };

	(void)state;
	any.scope = SCOPE_ANY;
	put("instances/task/per_cpu/cpu3/stats", "entries: 5\n");
	put("instances/any/per_cpu/cpu3/stats", "entries: 6\n");
	for (int is_part = 0; is_part < 2; is_part++) {
		source.stretch = is_part ? &stretch : NULL;
		assert_int_equal(counts_mark_take(&stretch.before, &session, instances, 2), 0);
		assert_int_equal(dat_meta_gather(&source, &meta), 0);
		assert_int_equal(meta.cpus, 4);
		assert_int_equal(meta.stat_count, 10);
		assert_string_equal(meta.stats[2], none);
		assert_string_equal(meta.stats[7], none);
		counts_mark_release(&stretch.before);
		dat_meta_release(&meta);
	}
}

static void sub_buffers_of_two_sizes_are_refused(void **state)
{
	(void)state;
	put("instances/task/buffer_subbuf_size_kb", "8\n");
	put("instances/any/buffer_subbuf_size_kb", "4\n");
	assert_int_equal(dat_meta_gather(&source, &meta), -EINVAL);
	assert_non_null(strstr(said, "sub-buffers of different sizes"));
}

static void what_is_missing_is_named(void **state)
{
	static const char *const needed[] = {
		"events/header_event",
		"events/" GROUP "/delete/format",
		"instances/task/trace_clock",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		put_tracefs();
		unlink(in_dir(needed[i]));
		said[0] = '\0';
		assert_int_equal(dat_meta_gather(&source, &meta), -ENOENT);
		assert_non_null(strstr(said, in_dir(needed[i])));
		dat_meta_release(&meta);
	}
}

static void put_lost(const char *instance, int cpu, int overrun)
{
	char file[64], text[32];

	snprintf(file, sizeof(file), "instances/%s/per_cpu/cpu%d/stats", instance, cpu);
	snprintf(text, sizeof(text), "entries: 0\noverrun: %d\n", overrun);
	put(file, text);
}

/* Processors are listed in no order: one instance has them in this one, the other in reverse. */
static void what_was_lost_before_a_part_is_not_told_in_it(void **state)
{
	struct dat_stretch stretch = { .part = { .number = 2, .from = 1 } };

	(void)state;
	any.scope = SCOPE_ANY;
	for (int i = 0; i < MARKED_CPUS; i++) {
		put_lost("task", i, 100);
		put_lost("any", MARKED_CPUS - 1 - i, 100);
	}
	assert_int_equal(counts_mark_take(&stretch.before, &session, instances, 2), 0);
	put_lost("task", 1, 107);
	source.stretch = &stretch;
	assert_int_equal(dat_meta_gather(&source, &meta), 0);
	assert_int_equal(meta.stat_count, 2 * MARKED_CPUS + 2);
	for (int i = 0; i < MARKED_CPUS; i++) {
		const char *lost = i == 1 ? "overrun: 7\n" : "overrun: 0\n";

		assert_non_null(strstr(meta.stats[i], lost));
		assert_non_null(strstr(meta.stats[MARKED_CPUS + 1 + i], "overrun: 0\n"));
	}
	counts_mark_release(&stretch.before);
}

static void without_memory_it_fails_and_leaks_nothing(void **state)
{
	long failed = 0;
	int ret;

	(void)state;
	do {
		has_failed = false;
		countdown = failed++;
		ret = dat_meta_gather(&source, &meta);
		countdown = -1;
		/* It can do without the counts of the probes: they are unknown. */
		assert_true(!ret || (has_failed && ret == -ENOMEM));
		if (has_failed && !ret)
			assert_non_null(strstr(meta.stats[5], "d_delete exact hits unknown"));
		dat_meta_release(&meta);
	} while (has_failed);
	assert_int_equal(ret, 0);
	assert_true(failed > 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everything_is_where_the_kernel_has_it),
		TEST(each_choice_is_reported_with_its_counts_and_its_reason),
		TEST(an_instances_own_page_header_is_taken_before_the_common_one),
		TEST(whose_evictions_are_seen_is_reported),
		TEST(one_instance_has_one_buffer),
		TEST(what_is_hidden_has_no_symbols_and_says_so),
		TEST(without_a_count_it_is_unknown),
		TEST(of_a_number_that_no_processor_has_nothing_is_lost),
		TEST(sub_buffers_of_two_sizes_are_refused),
		TEST(what_is_missing_is_named),
		TEST(what_was_lost_before_a_part_is_not_told_in_it),
		TEST(without_memory_it_fails_and_leaks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
