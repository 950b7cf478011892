/* SPDX-License-Identifier: MIT */
/*
 * Claims where it is not known which name an open is of: the kernel refused it before it read a
 * path, or the name has more spellings than are kept.
 */
#include "expectations.h"

static void refused(struct script *s, int error)
{
	syscall_in(s);
	syscall_out(s, -error);
}

/* --- opens without a path --- */

static void wrong_flags(struct script *s)
{
	comm = "git";
	miss_file(s, &tmp_file);
	refused(s, 22);
	comm = NULL;
}

#define UNSEEN "the path of an open was not seen"
#define NAME   "name \"/tmp/t_e.txt\"\n"
#define ALL    "name glob \"*\"\n"

IS_UNKNOWN(an_open_without_a_path_may_be_one_more, wrong_flags, NAME "opens = 1", UNSEEN)
IS_UNKNOWN(its_result_may_be_one_of_the_name, wrong_flags, NAME "result != EINVAL", UNSEEN)
IS_UNKNOWN(it_may_be_one_of_every_open, wrong_flags, NAME "every open:\nresult >= 0", UNSEEN)
IS_UNKNOWN(it_may_be_the_last_one, wrong_flags, NAME "last open:\nresult >= 0", UNSEEN)
IS_UNKNOWN(it_may_be_the_only_one_of_a_name, wrong_flags, "name \"/tmp/x\"\nopens = 1", UNSEEN)
IS_UNKNOWN(what_it_found_is_not_known, wrong_flags, NAME "cache is miss", UNSEEN)
IS_UNKNOWN(it_gave_no_file, wrong_flags, NAME "file != NULL", UNSEEN)
IS_UNKNOWN(it_may_be_in_a_set, wrong_flags, "name glob \"*\" where failed\nnames = 0",
	   "of some names it is not known whether they are in the set")
IS_UNKNOWN(it_may_be_in_a_set_of_one_name, wrong_flags,
	   "name \"/tmp/t_e.txt\" where failed\nopens = 0",
	   "of some names it is not known whether they are in the set")
IS_UNKNOWN(it_may_fail_in_an_empty_set, wrong_flags,
	   "name glob \"/tmp/*\" where failed\nresult = ENOENT", UNSEEN)
FAILS(no_such_open_makes_a_wrong_number_right, wrong_flags,
      "name glob \"*\" where failed\nnames = 3")
FAILS(what_was_seen_to_fail_fails_all_the_same, wrong_flags, NAME "result = ENOENT")
FAILS(and_so_does_every_open_with_it, wrong_flags, NAME "every open:\nresult = ENOENT")
HOLDS(it_never_came_to_a_dentry, wrong_flags, NAME "alloc = insert")
HOLDS(it_is_in_no_set_whose_conditions_it_does_not_meet, wrong_flags,
      "name glob \"*\" where missing\nnames = 0")
HOLDS(nor_in_that_of_another_task, wrong_flags, "name glob \"*\" where by \"cat\"\nnames = 0")
HOLDS(a_lifetime_does_not_mind, wrong_flags, NAME "lifetime 1:\nresult >= 0")

static void it_is_listed_where_it_matters(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, wrong_flags, NAME "opens = 1\n" ALL "names = 1");
	for (size_t i = 0; i < 2; i++) {
		const struct expect_offender *last =
			&e.results[i].offenders[e.results[i].offender_count - 1];

		assert_int_equal(e.results[i].verdict, VERDICT_UNKNOWN);
		assert_int_equal(last->name.len, 0);
		assert_int_equal(last->open_count, 1);
		assert_int_equal(last->opens[0].id, 2);
		assert_int_equal(last->opens[0].result, -22);
		assert_string_equal(last->opens[0].comm, "git");
	}
	expectations_end(&e);
}

static void empty_path(struct script *s)
{
	comm = "git";
	miss_file(s, &tmp_file);
	refused(s, 2);
	comm = NULL;
}

HOLDS(an_empty_path_is_no_other_one, empty_path, NAME "opens = 1\nevery open:\nresult >= 0")
HOLDS(nor_does_it_fit_another_pattern, empty_path, "name glob \"/*\" where missing\nnames = 0")
IS_UNKNOWN(every_pattern_of_all_is_its, empty_path, "name glob \"*\" where missing\nnames = 0",
	   "of some names it is not known whether they are in the set")

/* --- spellings --- */

#define SPELLINGS (NAME_MAX_PATHS + 3)

/* "/tmp/t_e.txt", "/tmp/./t_e.txt" and so on; the last ones are not kept. */
static void many_spellings(struct script *s)
{
	static char paths[SPELLINGS][64 + 2 * SPELLINGS];

	for (int i = 0; i < SPELLINGS; i++) {
		struct file_spec file = tmp_file;
		char *at = stpcpy(paths[i], "/tmp/");

		for (int j = 0; j < i; j++)
			at = stpcpy(at, "./");
		strcpy(at, "t_e.txt");
		file.path = paths[i];
		hit_file(s, &file);
	}
}

#define DOTS "./././././././././././././././././"

HOLDS(a_spelling_that_was_not_kept_is_the_name_s, many_spellings,
      "name \"/tmp/" DOTS "./t_e.txt\"\nopens = 19")
FAILS(it_is_in_the_set_of_its_pattern, many_spellings, "name glob \"/tmp/" DOTS "*\"\nnames = 0")
HOLDS(another_one_is_not, many_spellings, "name glob \"/tmp/" DOTS DOTS "*\"\nnames = 0")

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_open_without_a_path_may_be_one_more),
		TEST(its_result_may_be_one_of_the_name),
		TEST(it_may_be_one_of_every_open),
		TEST(it_may_be_the_last_one),
		TEST(it_may_be_the_only_one_of_a_name),
		TEST(what_it_found_is_not_known),
		TEST(it_gave_no_file),
		TEST(it_may_be_in_a_set),
		TEST(it_may_be_in_a_set_of_one_name),
		TEST(it_may_fail_in_an_empty_set),
		TEST(no_such_open_makes_a_wrong_number_right),
		TEST(what_was_seen_to_fail_fails_all_the_same),
		TEST(and_so_does_every_open_with_it),
		TEST(it_never_came_to_a_dentry),
		TEST(it_is_in_no_set_whose_conditions_it_does_not_meet),
		TEST(nor_in_that_of_another_task),
		TEST(a_lifetime_does_not_mind),
		TEST(it_is_listed_where_it_matters),
		TEST(an_empty_path_is_no_other_one),
		TEST(nor_does_it_fit_another_pattern),
		TEST(every_pattern_of_all_is_its),
		TEST(a_spelling_that_was_not_kept_is_the_name_s),
		TEST(it_is_in_the_set_of_its_pattern),
		TEST(another_one_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
