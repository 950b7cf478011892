/* SPDX-License-Identifier: MIT */
/*
 * The lines in which the results of an expectation file are printed.
 */
#include "expectations.h"

#include "render/expect_results.h"

#define TMP "name \"/tmp/t_e.txt\"\n"

static void prints(play_fn play_it, const char *file, const char *text, const char *expected)
{
	struct expectations e;
	char *printed = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&printed, &size);

	assert_non_null(out);
	expectations_of(&e, play_it, text);
	assert_int_equal(
		render_expect_results(out, &(struct expect_results){ file, e.results, e.count }),
		0);
	fclose(out);
	assert_string_equal(printed, expected);
	free(printed);
	expectations_end(&e);
}

#define PRINTS(rule, play_it, text, lines, totals)                   \
	static void rule(void **state)                               \
	{                                                            \
		(void)state;                                         \
		prints(play_it, "f", text, lines "f: " totals "\n"); \
	}

PRINTS(equal_addresses_stand_in_a_row, te_miss, TMP "last open:\nalloc = insert = file",
       "\"/tmp/t_e.txt\"\n"
       "f:3: last open: alloc = insert = file: 0xffff888003000038 = 0xffff888003000038 = "
       "0xffff888003000038 PASS\n",
       "1 pass, 0 fail, 0 unknown")
PRINTS(different_addresses_are_not_joined_by_equal, te_miss, TMP "last open:\nalloc = source",
       "\"/tmp/t_e.txt\"\n"
       "f:3: last open: alloc = source: 0xffff888003000038 \xe2\x89\xa0 0xffff888001000025 FAIL\n"
       "\topen 2 (tid 100): 3\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(a_difference_stands_as_in_the_seed, te_miss,
       TMP "last open:\nsource - filename = 5 = len(\"/tmp/\")",
       "\"/tmp/t_e.txt\"\n"
       "f:3: last open: source - filename = 5 = len(\"/tmp/\"): 0xffff888001000025 \xe2\x88\x92 "
       "0xffff888001000020 = 0x5 = 5 and len(\"/tmp/\") = 5 PASS\n",
       "1 pass, 0 fail, 0 unknown")
PRINTS(a_negative_difference_has_its_sign, te_miss, TMP "last open:\nfilename - source = 5",
       "\"/tmp/t_e.txt\"\n"
       "f:3: last open: filename - source = 5: 0xffff888001000020 \xe2\x88\x92 "
       "0xffff888001000025 = -0x5 = -5 \xe2\x89\xa0 5 FAIL\n"
       "\topen 2 (tid 100): 3\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(a_reason_stands_before_fail, te_miss, TMP "delete = alloc of last open",
       "\"/tmp/t_e.txt\"\n"
       "f:2: delete = alloc of last open: not seen, 0xffff888003000038 "
       "(there is no such hop) FAIL\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(an_error_has_name_and_number, tm_miss, "name \"/tmp/t_m.txt\"\nopen 1:\nfile = ENOENT",
       "\"/tmp/t_m.txt\"\n"
       "f:3: open 1: file = ENOENT: ENOENT (-2) = ENOENT (-2) PASS\n",
       "1 pass, 0 fail, 0 unknown")
PRINTS(several_hops_are_counted, tm_miss, "name \"/tmp/t_m.txt\"\nopen 1:\nlookup = NULL",
       "\"/tmp/t_m.txt\"\n"
       "f:3: open 1: lookup = NULL: NULL (and 1 more) = NULL PASS\n",
       "1 pass, 0 fail, 0 unknown")
PRINTS(an_order_is_printed_as_it_is, tm_miss, "name \"/tmp/t_m.txt\"\nopens <= 1",
       "\"/tmp/t_m.txt\"\n"
       "f:2: opens <= 1: 2 > 1 FAIL\n"
       "\topen 1 (tid 100): ENOENT (-2), open 2 (tid 100): ENOENT (-2)\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(a_word_is_printed, te_miss, TMP "storage of last lifetime is external",
       "\"/tmp/t_e.txt\"\n"
       "f:2: storage of last lifetime is external: inline FAIL\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(what_is_shown_ends_in_no_verdict, post,
       "name \"l_e.txt\"\nshow alloc of open 1 - alloc of open 2",
       "\"l_e.txt\"\n"
       "f:2: show alloc of open 1 - alloc of open 2: 0xffff888004000038 \xe2\x88\x92 "
       "0xffff888004000038 = 0x0 = 0: address reused\n",
       "0 pass, 0 fail, 0 unknown")
PRINTS(a_claim_checked_several_times_says_so, tm_miss,
       "name \"/tmp/t_m.txt\"\nevery open:\nfile = ENOENT",
       "\"/tmp/t_m.txt\"\n"
       "f:3: every open: file = ENOENT: ENOENT (-2) = ENOENT (-2) (checked 2 times) PASS\n",
       "1 pass, 0 fail, 0 unknown")

static void unknown_comes_with_its_reason(void **state)
{
	(void)state;
	conditions.armed[ROLE_ALLOC][POINT_RETURN] = false;
	prints(hits, "f", TMP "open 2:\nalloc = insert of open 1",
	       "\"/tmp/t_e.txt\"\n"
	       "f:3: open 2: alloc = insert of open 1: not seen, 0xffff888003000038 "
	       "UNKNOWN(alloc: no probe is armed)\n"
	       "\topen 4 (tid 100): 3\n"
	       "f: 0 pass, 0 fail, 1 unknown\n");
}

static void two_names(struct script *s)
{
	comm = "a \" b";
	hits(s);
	comm = "cat";
	for (int i = 0; i < 6; i++)
		miss_nothing(s, &tmp_missing);
	comm = NULL;
}

PRINTS(each_offender_stands_with_its_open, two_names, "name glob \"*.txt\"\nopens < 2",
       "\"l_e.txt\"\n"
       "f:2: opens < 2: 2 = 2 (checked 3 times) FAIL\n"
       "\t\"l_e.txt\": 2 = 2; open 1 by \"a \\\" b\" (tid 100): 3, "
       "open 3 by \"a \\\" b\" (tid 100): 3\n"
       "\t\"/tmp/t_e.txt\": 2 = 2; open 2 by \"a \\\" b\" (tid 100): 3, "
       "open 4 by \"a \\\" b\" (tid 100): 3\n"
       "\t\"/tmp/t_m.txt\": 6 > 2; open 5 by \"cat\" (tid 100): ENOENT (-2), "
       "open 6 by \"cat\" (tid 100): ENOENT (-2), open 7 by \"cat\" (tid 100): ENOENT (-2), "
       "open 8 by \"cat\" (tid 100): ENOENT (-2) and 2 more\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(an_empty_set_says_so, hits, "name glob \"*\" where missing\nopens = 1",
       "name glob \"*\" where missing\n"
       "f:2: opens = 1 (no name is in the set) PASS\n",
       "1 pass, 0 fail, 0 unknown")
PRINTS(names_that_come_near_are_told, hits, "name \"/var/t_e.txt\"\nopens = 1",
       "name \"/var/t_e.txt\"\n"
       "f:2: opens = 1 (there is no such name in the trace) FAIL\n"
       "\tsimilar names: \"/tmp/t_e.txt\", \"l_e.txt\"\n",
       "0 pass, 1 fail, 0 unknown")
PRINTS(a_count_of_names_lists_them, tm_miss, "name glob \"*\" where failed\nnames = 0",
       "name glob \"*\" where failed\n"
       "f:2: names = 0: 1 \xe2\x89\xa0 0 FAIL\n"
       "\t\"/tmp/t_m.txt\"; open 1 (tid 100): ENOENT (-2), open 2 (tid 100): ENOENT (-2)\n",
       "0 pass, 1 fail, 0 unknown")

PRINTS(no_claim_stands_below_the_name_before, tm_miss,
       "name \"/tmp/t_m.txt\"\nopens = 2\nname glob \"*\"\nnames = 1\n"
       "name \"/tmp/t_m.txt\"\nlifetimes = 1",
       "\"/tmp/t_m.txt\"\n"
       "f:2: opens = 2: 2 = 2 PASS\n"
       "name glob \"*\"\n"
       "f:4: names = 1: 1 = 1 PASS\n"
       "\"/tmp/t_m.txt\"\n"
       "f:6: lifetimes = 1: 1 = 1 PASS\n",
       "3 pass, 0 fail, 0 unknown")

static void hostile(struct script *s)
{
	static const struct file_spec file = { "x\n PASS", "x\n PASS", DENTRY_A,
					       DENTRY_A + INLINE_AT };

	miss_file(s, &file);
}

static void no_name_forges_a_line(void **state)
{
	(void)state;
	prints(hostile, "f\n PASS", "name glob \"x*\"\nopens = 1",
	       "\"x\\n PASS\"\n"
	       "f\\n PASS:2: opens = 1: 1 = 1 PASS\n"
	       "f\\n PASS: 1 pass, 0 fail, 0 unknown\n");
}

static void many(struct script *s)
{
	static char paths[EXPECT_MAX_OFFENDERS + 3][24];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct file_spec file = tmp_missing;

		snprintf(paths[i], sizeof(paths[i]), "/tmp/%zu", i);
		file.path = paths[i];
		file.component = paths[i] + strlen("/tmp/");
		miss_nothing(s, &file);
	}
}

static void what_is_not_listed_is_counted_with_the_limit(void **state)
{
	struct expectations e;
	char *printed = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&printed, &size);

	(void)state;
	assert_non_null(out);
	expectations_of(&e, many, "name glob \"*\"\nopens > 1");
	assert_int_equal(render_expect_result(out, "f", &e.results[0]), 0);
	fclose(out);
	assert_non_null(strstr(printed, "\tand 3 more: at most 100 are listed\n"));
	free(printed);
	expectations_end(&e);
}

static void a_full_disk_is_an_error(void **state)
{
	struct expectations e;
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	setvbuf(out, NULL, _IONBF, 0);
	expectations_of(&e, te_miss, TMP "opens = 2");
	assert_int_equal(
		render_expect_results(out, &(struct expect_results){ "f", e.results, e.count }),
		-28);
	fclose(out);
	expectations_end(&e);
}

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(equal_addresses_stand_in_a_row),
		TEST(different_addresses_are_not_joined_by_equal),
		TEST(a_difference_stands_as_in_the_seed),
		TEST(a_negative_difference_has_its_sign),
		TEST(a_reason_stands_before_fail),
		TEST(an_error_has_name_and_number),
		TEST(several_hops_are_counted),
		TEST(an_order_is_printed_as_it_is),
		TEST(a_word_is_printed),
		TEST(what_is_shown_ends_in_no_verdict),
		TEST(a_claim_checked_several_times_says_so),
		TEST(each_offender_stands_with_its_open),
		TEST(an_empty_set_says_so),
		TEST(names_that_come_near_are_told),
		TEST(a_count_of_names_lists_them),
		TEST(no_claim_stands_below_the_name_before),
		TEST(unknown_comes_with_its_reason),
		TEST(no_name_forges_a_line),
		TEST(what_is_not_listed_is_counted_with_the_limit),
		TEST(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
