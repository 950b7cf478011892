/* SPDX-License-Identifier: MIT */
/*
 * What a part of a recording says of itself. The lines come from a file that anybody may have made.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../src/command/recording.h"

#define RECORDING "tests/data/recordings/6.12/te_miss.dat"

static struct recording recording;
static struct dat_extras extras;

static int start(void **state)
{
	(void)state;
	return recording_open(&recording, RECORDING);
}

static int stop(void **state)
{
	(void)state;
	recording_close(&recording);
	return 0;
}

static int reads(const char *text)
{
	return dat_extras_read(&extras, text, recording.decoder);
}

static void a_part_says_which_one_it_is_and_what_runs(void **state)
{
	(void)state;
	assert_int_equal(reads("part: 2 17 99 41 1\ntask: 42 41 0\ntask: 43 42 41\n"), 0);
	assert_int_equal(extras.part.number, 2);
	assert_int_equal(extras.part.from, 17);
	assert_int_equal(extras.part.until, 99);
	assert_int_equal(extras.part.root, 41);
	assert_true(extras.part.group_only);
	assert_int_equal(extras.known_count, 2);
	assert_int_equal(extras.known[1].tid, 43);
	assert_int_equal(extras.known[1].tgid, 42);
	assert_int_equal(extras.known[1].owner, 41);
	dat_extras_release(&extras);
}

static void a_file_says_when_tasks_were_not_recorded(void **state)
{
	(void)state;
	assert_int_equal(reads("unselected: 17 99\nunselected: 100 18446744073709551615\n"), 0);
	assert_int_equal(extras.unselected_count, 2);
	assert_int_equal(extras.unselected[0].from, 17);
	assert_int_equal(extras.unselected[0].to, 99);
	assert_true(extras.unselected[1].to == UINT64_MAX);
	dat_extras_release(&extras);
}

static void a_file_says_what_was_in_two_places(void **state)
{
	(void)state;
	assert_int_equal(reads("two-places: 8388609 7 0\ncwd: 1 2 3 4 /d\ntwo-places: 9 2 1\n"), 0);
	assert_string_equal(extras.cwd.path, "/d");
	assert_int_equal(extras.cwd.double_count, 2);
	assert_int_equal(extras.cwd.doubles[0].dev, 8388609);
	assert_int_equal(extras.cwd.doubles[0].ino, 7);
	assert_false(extras.cwd.doubles[0].is_mounted_twice);
	assert_true(extras.cwd.doubles[1].is_mounted_twice);
	dat_extras_release(&extras);
}

static void such_a_line_that_is_broken_is_not_passed_over(void **state)
{
	static const char *const broken[] = { "unselected: 17",	   "unselected: 18 17",
					      "unselected: 1 2 3", "unselected: x 2",
					      "two-places: 1 2",   "two-places: 1 2 2",
					      "two-places: x 2 1" };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		assert_int_equal(reads(broken[i]), -EBADMSG);
		dat_extras_release(&extras);
	}
}

static void the_last_part_has_no_end(void **state)
{
	(void)state;
	assert_int_equal(reads("part: 4294967295 18446744073709551615 0 0 0\n"), 0);
	assert_int_equal(extras.part.number, UINT32_MAX);
	assert_true(extras.part.from == UINT64_MAX);
	dat_extras_release(&extras);
}

/* It would pass for the whole recording, or for another part of it. */
static void a_part_that_does_not_say_which_one_is_refused(void **state)
{
	static const char *const lines[] = {
		"part: \n",
		"part: 2\n",
		"part: 2 17 99 41\n",
		"part: 2 17 99 41 1 1\n",
		"part: 2 17 99 41 2\n",
		"part: 0 17 99 41 1\n",
		"part: -1 17 99 41 1\n",
		"part: 2 99 17 41 1\n",
		"part: 4294967296 17 99 41 1\n",
		"part: 2 17 18446744073709551616 41 1\n",
		"part: 2 17 99 2147483648 1\n",
		"part: 2 17 99 41 1x\n",
		"task: 42 41\n",
		"task: 4294967338 41 0\n",
		"task: -42 41 0\n",
		"task: a b c\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (reads(lines[i]) != -EBADMSG)
			fail_msg("taken: %s", lines[i]);
		dat_extras_release(&extras);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_part_says_which_one_it_is_and_what_runs),
		TEST(a_file_says_when_tasks_were_not_recorded),
		TEST(a_file_says_what_was_in_two_places),
		TEST(such_a_line_that_is_broken_is_not_passed_over),
		TEST(the_last_part_has_no_end),
		TEST(a_part_that_does_not_say_which_one_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
