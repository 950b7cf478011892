/* SPDX-License-Identifier: MIT */
/*
 * Which opens are a name's, when there is a file, and how numbers compare.
 */
#include "expectations.h"

#define DIR   "name \"/tmp\"\n"
#define TMP   "name \"/tmp/t_e.txt\"\n"
#define TM    "name \"/tmp/t_m.txt\"\n"
#define LOCAL "name \"l_e.txt\"\n"

/* --- whose an open is --- */

#define DENTRY_TMP UINT64_C(0xffff888007000000)

static void walk_tmp(struct script *s, const char *rest)
{
	lookup_in(s, ROLE_LOOKUP_FAST, rest, KNAME + 1);
	lookup_hit(s, ROLE_LOOKUP_FAST, DENTRY_TMP, DENTRY_TMP + INLINE_AT, "tmp", false);
}

static void open_in_tmp(struct script *s)
{
	open_in(s, "/tmp/t_e.txt", KNAME);
	walk_tmp(s, "tmp/t_e.txt");
	lookup_in(s, ROLE_LOOKUP_FAST, "t_e.txt", KNAME + 5);
	lookup_hit(s, ROLE_LOOKUP_FAST, DENTRY_A, DENTRY_A + INLINE_AT, "t_e.txt", false);
	open_out(s, DENTRY_A, DENTRY_A + INLINE_AT, "t_e.txt");
}

/* The directory is opened once, and two opens walk through it, the last of them at the end. */
static void directory(struct script *s)
{
	open_in_tmp(s);
	open_in(s, "/tmp", KNAME);
	walk_tmp(s, "tmp");
	open_out(s, DENTRY_TMP, DENTRY_TMP + INLINE_AT, "tmp");
	open_in_tmp(s);
}

HOLDS(an_open_that_walks_through_is_not_the_directory_s, directory, DIR "opens = 1")
FAILS(opens_that_walk_through_are_not_counted, directory, DIR "opens = 3")
FAILS_FOR(nor_are_they_the_third_open, directory, DIR "open 3:\nlookup is fast",
	  "there is no such open of this name")
HOLDS(the_last_open_is_of_the_name_itself, directory, DIR "last open:\nfile is present")
HOLDS(every_open_is_of_the_name_itself, directory, DIR "every open:\nfile = lookup")
HOLDS(what_walked_through_is_known_of_the_name_all_the_same, directory, DIR "lookup 3 is fast")
HOLDS(both_opens_are_those_of_the_file, directory, TMP "opens = 2")

/* --- the file --- */

FAILS_FOR(a_failed_open_gave_no_file, tm_miss, TM "open 1:\nfile != NULL", "the open gave no file")
FAILS_FOR(a_failed_open_gave_no_other_file, tm_miss, TM "open 1:\nfile != alloc",
	  "the open gave no file")
FAILS(a_failed_open_has_no_file_present, tm_miss, TM "open 1:\nfile is present")
HOLDS(a_failed_open_has_its_file_absent, tm_miss, TM "open 1:\nfile is absent")
HOLDS(an_open_that_gave_one_has_it_present, te_miss, TMP "file is present")
FAILS(an_open_that_gave_one_has_it_not_absent, te_miss, TMP "file is absent")
HOLDS(an_open_that_gave_one_has_a_file, te_miss, TMP "file != NULL")
HOLDS(a_failed_open_has_another_error, tm_miss, TM "open 1:\nfile != EACCES")
FAILS(a_failed_open_has_no_other_error, tm_miss, TM "open 1:\nfile != ENOENT")
HOLDS(an_open_that_gave_one_has_no_error, te_miss, TMP "file != ENOENT")

static void stray(struct script *s)
{
	te_miss(s);
	open_in(s, "t_e.txt", KNAME);
}

IS_UNKNOWN(an_open_that_may_be_one_of_them_is_not_left_out, stray, TMP "opens = 2",
	   "an open is incomplete, and its name is not known")
IS_UNKNOWN(the_last_open_may_be_another_one, stray, TMP "last open:\nfile is present",
	   "an open is incomplete, and its name is not known")
HOLDS(what_is_no_matter_of_opens_is_known, stray, TMP "storage is inline")

static void unfinished(struct script *s)
{
	miss(s, &tmp_file, false);
}

IS_UNKNOWN(without_its_return_an_open_s_file_is_not_absent, unfinished, TMP "file is absent",
	   "the open is incomplete")

/* --- less and more --- */

HOLDS(two_are_less_than_three, tm_miss, TM "opens < 3")
FAILS(two_are_not_less_than_two, tm_miss, TM "opens < 2")
HOLDS(two_are_not_more_than_two, tm_miss, TM "opens <= 2")
FAILS(two_are_more_than_one, tm_miss, TM "opens <= 1")
HOLDS(two_are_above_one, tm_miss, TM "opens > 1")
FAILS(two_are_not_above_two, tm_miss, TM "opens > 2")
HOLDS(two_are_at_least_two, tm_miss, TM "opens >= 2")
FAILS(two_are_not_at_least_three, tm_miss, TM "opens >= 3")
HOLDS(the_mathematical_signs_are_the_same, tm_miss, TM "opens \xe2\x89\xa4 2")
HOLDS(a_number_may_stand_first, tm_miss, TM "1 < opens")
FAILS(every_result_has_to_be_at_least_0, tm_miss, TM "result >= 0")
HOLDS(an_error_is_less_than_0, tm_miss, TM "result < 0")
HOLDS(an_error_is_its_negative_number, tm_miss, TM "result = -2")
HOLDS(a_difference_has_an_order, te_miss, TMP "last open:\nsource - filename <= len(\"/tmp/\")")

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_open_that_walks_through_is_not_the_directory_s),
		TEST(opens_that_walk_through_are_not_counted),
		TEST(nor_are_they_the_third_open),
		TEST(the_last_open_is_of_the_name_itself),
		TEST(every_open_is_of_the_name_itself),
		TEST(what_walked_through_is_known_of_the_name_all_the_same),
		TEST(both_opens_are_those_of_the_file),
		TEST(a_failed_open_gave_no_file),
		TEST(a_failed_open_gave_no_other_file),
		TEST(a_failed_open_has_no_file_present),
		TEST(a_failed_open_has_its_file_absent),
		TEST(an_open_that_gave_one_has_it_present),
		TEST(an_open_that_gave_one_has_it_not_absent),
		TEST(an_open_that_gave_one_has_a_file),
		TEST(a_failed_open_has_another_error),
		TEST(a_failed_open_has_no_other_error),
		TEST(an_open_that_gave_one_has_no_error),
		TEST(two_are_less_than_three),
		TEST(two_are_not_less_than_two),
		TEST(two_are_not_more_than_two),
		TEST(two_are_more_than_one),
		TEST(two_are_above_one),
		TEST(two_are_not_above_two),
		TEST(two_are_at_least_two),
		TEST(two_are_not_at_least_three),
		TEST(the_mathematical_signs_are_the_same),
		TEST(a_number_may_stand_first),
		TEST(every_result_has_to_be_at_least_0),
		TEST(an_error_is_less_than_0),
		TEST(an_error_is_its_negative_number),
		TEST(a_difference_has_an_order),
		TEST(an_open_that_may_be_one_of_them_is_not_left_out),
		TEST(the_last_open_may_be_another_one),
		TEST(what_is_no_matter_of_opens_is_known),
		TEST(without_its_return_an_open_s_file_is_not_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
