/* SPDX-License-Identifier: MIT */
/*
 * Claims about sets of names: what is in a set, what is not known to be, who offends, and which
 * names come near one that is not there.
 */
#include "expectations.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include "walk_script.h"
#pragma GCC diagnostic pop

#define ETC	NODE(0, 5)
#define ETC_A	NODE(0, 6)
#define USR	NODE(0, 7)
#define USR_B	NODE(0, 8)
#define MISSING "name glob \"*\" where missing\n"

static void open_missing(struct script *s, const char *path, int error)
{
	walk_open(s, path);
	walk_to_directory(s, ROOT, 1, USR);
	walk_in_vain(s, USR, 5);
	open_failed(s, error);
	syscall_out(s, -error);
}

static void open_etc(struct script *s)
{
	walk_open(s, "/etc/a");
	walk_to_directory(s, ROOT, 1, ETC);
	walk(s, ETC, 5, ETC_A);
	walk_file(s, ETC, ETC_A, "a");
}

static void open_usr(struct script *s)
{
	walk_open(s, "/usr/b");
	walk_to_directory(s, ROOT, 1, USR);
	walk(s, USR, 5, USR_B);
	walk_file(s, USR, USR_B, "b");
}

/* git opens /etc/a twice; cat opens /etc/a once, /usr/b, and in vain /usr/c twice and /usr/d. */
static void places(struct script *s)
{
	comm = "git";
	open_etc(s);
	open_etc(s);
	comm = "cat";
	open_etc(s);
	open_usr(s);
	open_missing(s, "/usr/c", 2);
	open_missing(s, "/usr/c", 2);
	open_missing(s, "/usr/d", 13);
	comm = NULL;
}

/* --- what is in a set --- */

FAILS(a_missing_file_that_is_opened_twice_fails, places, MISSING "opens = 1")
HOLDS(only_what_is_missing_is_in_the_set, places, MISSING "names = 1")
HOLDS(every_open_of_the_set_is_missing, places, MISSING "every open:\nresult = ENOENT")
HOLDS(what_failed_is_in_the_set, places, "name glob \"*\" where failed\nnames = 2")
FAILS(what_failed_need_not_be_missing, places, "name glob \"*\" where failed\nresult = ENOENT")
HOLDS(a_path_is_under_a_directory, places, "name glob \"*\" where path under \"/etc\"\nnames = 1")
HOLDS(a_slash_behind_it_does_not_matter, places,
      "name glob \"*\" where path under \"/usr//\"\nnames = 3")
HOLDS(everything_is_under_the_root, places, "name glob \"*\" where path under \"/\"\nnames = 4")
HOLDS(a_part_of_a_component_is_no_directory, places,
      "name glob \"*\" where path under \"/et\"\nnames = 0")
HOLDS(a_directory_is_not_under_itself, places,
      "name glob \"*\" where path under \"/etc/a\"\nnames = 0")
HOLDS(a_task_is_known_by_its_name, places, "name glob \"*\" where by \"git\"\nnames = 1")
HOLDS(only_the_task_s_opens_count, places, "name glob \"*\" where by \"git\"\nopens = 2")
HOLDS(only_the_task_s_opens_have_numbers, places,
      "name glob \"*\" where path under \"/etc\" and by \"cat\"\nlast open:\nopens = 1")
HOLDS(conditions_add_up, places, "name glob \"*\" where failed and path under \"/usr\"\nnames = 2")
HOLDS(one_name_has_conditions_too, places, "name \"/etc/a\" where by \"cat\"\nopens = 1")
HOLDS(hops_of_other_opens_do_not_count, places,
      "name \"/etc/a\" where by \"cat\"\nlookup = file of last open")
HOLDS(directories_on_the_way_are_in_no_set, places, "name glob \"*\"\nnames = 4")
HOLDS(nor_are_they_by_their_component, places, "name glob \"etc\"\nnames = 0")
HOLDS(one_of_them_has_a_name_all_the_same, places, "name \"etc\"\nlookup is present")

/* One task finds nothing, the other one makes the file; other tasks evict both dentries. */
static void two_lifetimes(struct script *s)
{
	static const struct file_spec made = { "/tmp/t_m.txt", "t_m.txt", DENTRY_B,
					       DENTRY_B + INLINE_AT };

	comm = "asks";
	miss_nothing(s, &tmp_missing);
	comm = "early";
	evict(s, &tmp_missing);
	comm = "makes";
	miss_file(s, &made);
	comm = "late";
	evict(s, &made);
	comm = NULL;
}

#define ASKED "name \"/tmp/t_m.txt\" where missing\n"
#define MADE  "name \"/tmp/t_m.txt\" where by \"makes\"\n"

HOLDS(lifetimes_of_other_opens_do_not_count, two_lifetimes, ASKED "lifetimes = 1")
HOLDS(nor_does_what_ended_them, two_lifetimes, ASKED "evict = pointer")
HOLDS(nor_who_did, two_lifetimes, ASKED "end is evicted by \"early\"")
HOLDS(every_lifetime_is_one_of_the_chosen_opens, two_lifetimes,
      ASKED "every lifetime:\nend is evicted by \"early\"")
HOLDS(lifetimes_of_chosen_opens_are_numbered, two_lifetimes,
      MADE "lifetime 1:\nend is evicted by \"late\"")
HOLDS(so_are_they_from_the_end, two_lifetimes, ASKED "last lifetime:\nend is evicted by \"early\"")
FAILS_FOR(there_are_no_more_than_they_have, two_lifetimes, MADE "lifetime 2:\nstorage is inline",
	  "there is no such lifetime of this name")

/* --- the empty set --- */

FAILS_FOR(a_pattern_without_a_name_fails, places, "name glob \"/opt/*\" where missing\nopens = 1",
	  "there is no such name in the trace")
HOLDS(what_nothing_meets_holds, places, "name glob \"/etc/*\" where missing\nopens = 1")
FAILS(of_one_name_no_opens_are_not_one, places, "name \"/etc/a\" where by \"cp\"\nopens = 1")
FAILS(of_one_name_no_opens_are_not_many, places, "name \"/etc/a\" where by \"cp\"\nopens > 0")
HOLDS(of_one_name_no_opens_are_none, places, "name \"/etc/a\" where by \"cp\"\nopens = 0")
FAILS(of_one_name_no_lifetimes_are_not_two, places,
      "name \"/etc/a\" where by \"cp\"\nlifetimes = 2")
HOLDS(of_one_name_no_lifetimes_are_none, places, "name \"/etc/a\" where by \"cp\"\nlifetimes = 0")
FAILS_FOR(of_one_name_there_is_no_last_open, places,
	  "name \"/etc/a\" where by \"cp\"\nlast open:\nresult = 3",
	  "there is no such open of this name")
FAILS_FOR(nor_a_first_lifetime, places,
	  "name \"/etc/a\" where by \"cp\"\nlifetime 1:\nstorage is inline",
	  "there is no such lifetime of this name")
HOLDS(every_open_of_none_is_as_claimed, places,
      "name \"/etc/a\" where by \"cp\"\nevery open:\nresult = 3")
HOLDS(a_pattern_needs_no_last_open, places,
      "name glob \"/etc/*\" where missing\nlast open:\nresult = 3")
FAILS(that_the_set_is_not_empty_can_be_claimed, places,
      "name glob \"/etc/*\" where missing\nnames > 0")
HOLDS(no_name_at_all_is_a_number, places, "name glob \"/opt/*\"\nnames = 0")

static void with_loss(struct script *s)
{
	places(s);
	lose(s, SCOPE_TASK, 1);
}

IS_UNKNOWN(after_a_loss_no_set_is_empty, with_loss, "name glob \"/etc/*\" where missing\nopens = 1",
	   "records were lost")
IS_UNKNOWN(after_a_loss_names_are_not_counted, with_loss, MISSING "names = 1", "records were lost")

/* --- what is not known --- */

static void unanswered(struct script *s)
{
	places(s);
	comm = "dog";
	walk_open(s, "/usr/b");
	comm = NULL;
	walk_to_directory(s, ROOT, 1, USR);
	walk(s, USR, 5, USR_B);
}

IS_UNKNOWN(an_open_without_a_result_may_be_missing, unanswered, MISSING "result = ENOENT",
	   "the result of an open is not known")
IS_UNKNOWN(it_may_make_the_set_larger, unanswered, MISSING "names = 1",
	   "of some names it is not known whether they are in the set")
HOLDS(a_set_that_it_is_not_in_does_not_mind, unanswered,
      "name glob \"*\" where failed and by \"git\"\nnames = 0")
FAILS(what_is_known_to_fail_fails, unanswered,
      "name glob \"*\" where missing\nevery open:\ncache is hit")

static void without_comm(struct script *s)
{
	open_etc(s);
}

IS_UNKNOWN(a_task_without_a_name_may_be_git, without_comm,
	   "name glob \"*\" where by \"git\"\nopens = 1", "the task of an open is not known")

static void without_path(struct script *s)
{
	te_miss(s);
}

IS_UNKNOWN(a_path_that_is_not_known_may_be_there, without_path,
	   "name glob \"*\" where path under \"/tmp\"\nopens = 2",
	   "the path of an open is not known")

/* "/lib" is a link to "usr"; the file is found below it, and another one in vain. */
static void through_a_link(struct script *s)
{
	open_etc(s);
	walk_open(s, "/lib/b");
	walk_to_link(s, ROOT, 1, NODE(0, 9));
	walk_by(s, ELSEWHERE, ROOT, "usr", USR, S_IFDIR);
	walk(s, USR, 5, USR_B);
	walk_file(s, USR, USR_B, "b");
}

#define UNDER(directory) "name glob \"*\" where path under \"" directory "\"\n"

IS_UNKNOWN(what_is_under_a_link_is_not_known, through_a_link, UNDER("/lib") "names = 0",
	   "of some names it is not known whether they are in the set")
IS_UNKNOWN(the_link_is_the_reason, through_a_link, UNDER("/lib") "result >= 0",
	   "the directory of the condition is behind a link")
IS_UNKNOWN(so_is_one_further_up, through_a_link, UNDER("/lib/c") "result >= 0",
	   "the directory of the condition is behind a link")
HOLDS(where_it_leads_is_known, through_a_link, UNDER("/usr") "names = 1")
HOLDS(a_link_elsewhere_does_not_matter, through_a_link, UNDER("/etc") "names = 1")
HOLDS(nor_does_one_whose_name_begins_alike, through_a_link, UNDER("/libx") "names = 0")
HOLDS(nor_one_in_the_directory, through_a_link, UNDER("/") "names = 2")

/* --- who offends --- */

static void every_offender_is_listed_with_its_opens(void **state)
{
	struct expectations e;
	const struct expect_result *result;

	(void)state;
	expectations_of(&e, places, "name glob \"*\"\nresult >= 0");
	result = &e.results[0];
	assert_int_equal(result->verdict, VERDICT_FAIL);
	assert_int_equal(result->offender_count, 2);
	assert_string_equal(result->offenders[0].name.data, "/usr/c");
	assert_int_equal(result->offenders[0].open_count, 2);
	assert_int_equal(result->offenders[0].opens[0].id, 5);
	assert_int_equal(result->offenders[0].opens[1].id, 6);
	assert_int_equal(result->offenders[0].opens[0].result, -2);
	assert_string_equal(result->offenders[0].opens[0].comm, "cat");
	assert_string_equal(result->offenders[1].name.data, "/usr/d");
	assert_int_equal(result->offenders[1].opens[0].id, 7);
	expectations_end(&e);
}

static void who_is_counted_is_listed(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, places, MISSING "opens = 1\nnames = 0\n");
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(e.results[i].verdict, VERDICT_FAIL);
		assert_int_equal(e.results[i].offender_count, 1);
		assert_string_equal(e.results[i].offenders[0].name.data, "/usr/c");
		assert_int_equal(e.results[i].offenders[0].open_count, 2);
	}
	expectations_end(&e);
}

static void what_holds_has_no_offenders(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, places, MISSING "names = 1\nopens = 2");
	assert_int_equal(e.results[0].offender_count + e.results[1].offender_count, 0);
	expectations_end(&e);
}

static void relative(struct script *s)
{
	open_usr(s);
	walk_open(s, "e");
	walk(s, USR, 0, NODE(0, 9));
	walk_file(s, USR, NODE(0, 9), "e");
}

static void a_relative_path_is_shown_whole_where_it_is_known(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, relative, "name \"e\"\nopens = 2\nname glob \"e\"\nnames = 0");
	assert_int_equal(e.results[0].verdict, VERDICT_FAIL);
	assert_string_equal(e.results[0].name.data, "/usr/e");
	assert_string_equal(e.results[1].offenders[0].name.data, "/usr/e");
	expectations_end(&e);
}

#define MANY 150

static void many_failures(struct script *s)
{
	static char paths[MANY][24];

	for (int i = 0; i < MANY; i++) {
		snprintf(paths[i], sizeof(paths[i]), "/usr/%d", i);
		open_missing(s, paths[i], 2);
	}
	for (int i = 0; i < 9; i++)
		open_missing(s, "/usr/c", 2);
}

static void offenders_beyond_the_cap_are_counted(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, many_failures, MISSING "result >= 0\nname \"/usr/c\"\nopens = 1");
	assert_int_equal(e.results[0].verdict, VERDICT_FAIL);
	assert_int_equal(e.results[0].offender_count, EXPECT_MAX_OFFENDERS);
	assert_int_equal(e.results[0].offenders_dropped, MANY + 1 - EXPECT_MAX_OFFENDERS);
	assert_int_equal(e.results[1].offenders[0].open_count, EXPECT_MAX_OPENS);
	assert_int_equal(e.results[1].offenders[0].more_opens, 9 - EXPECT_MAX_OPENS);
	expectations_end(&e);
}

static void what_is_not_known_is_listed_with_its_reason(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, unanswered,
			"name glob \"/usr/*\" where path under \"/usr\"\n"
			"result > -50");
	assert_int_equal(e.results[0].verdict, VERDICT_UNKNOWN);
	assert_int_equal(e.results[0].offender_count, 1);
	assert_string_equal(e.results[0].offenders[0].name.data, "/usr/b");
	expectations_end(&e);
}

/* --- what comes near --- */

static void comes_near(const char *text, const char *first, size_t count)
{
	struct expectations e;

	expectations_of(&e, te_miss, text);
	assert_int_equal(e.results[0].verdict, VERDICT_FAIL);
	assert_int_equal(e.results[0].near_count, count);
	if (count)
		assert_string_equal(e.results[0].near[0].data, first);
	expectations_end(&e);
}

static void a_name_in_another_directory_comes_near(void **state)
{
	(void)state;
	comes_near("name \"/var/t_e.txt\"\nopens = 1", "/tmp/t_e.txt", 1);
}

static void a_slip_comes_near(void **state)
{
	(void)state;
	comes_near("name \"/tmp/te.txt\"\nopens = 1", "/tmp/t_e.txt", 1);
	comes_near("name \"/tmp/T_E.TXT\"\nopens = 1", "/tmp/t_e.txt", 1);
}

static void another_name_does_not(void **state)
{
	(void)state;
	comes_near("name \"/tmp/other\"\nopens = 1", NULL, 0);
}

static void a_pattern_comes_near_by_its_last_part(void **state)
{
	(void)state;
	comes_near("name glob \"/var/*.txt\"\nopens = 1", "/tmp/t_e.txt", 1);
}

static void what_is_there_needs_no_neighbour(void **state)
{
	struct expectations e;

	(void)state;
	expectations_of(&e, te_miss, "name \"/tmp/t_e.txt\"\nopens = 7");
	assert_int_equal(e.results[0].near_count, 0);
	expectations_end(&e);
}

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_missing_file_that_is_opened_twice_fails),
		TEST(only_what_is_missing_is_in_the_set),
		TEST(every_open_of_the_set_is_missing),
		TEST(what_failed_is_in_the_set),
		TEST(what_failed_need_not_be_missing),
		TEST(a_path_is_under_a_directory),
		TEST(a_slash_behind_it_does_not_matter),
		TEST(everything_is_under_the_root),
		TEST(a_part_of_a_component_is_no_directory),
		TEST(a_directory_is_not_under_itself),
		TEST(a_task_is_known_by_its_name),
		TEST(only_the_task_s_opens_count),
		TEST(only_the_task_s_opens_have_numbers),
		TEST(conditions_add_up),
		TEST(one_name_has_conditions_too),
		TEST(hops_of_other_opens_do_not_count),
		TEST(directories_on_the_way_are_in_no_set),
		TEST(nor_are_they_by_their_component),
		TEST(one_of_them_has_a_name_all_the_same),
		TEST(lifetimes_of_other_opens_do_not_count),
		TEST(nor_does_what_ended_them),
		TEST(nor_who_did),
		TEST(every_lifetime_is_one_of_the_chosen_opens),
		TEST(lifetimes_of_chosen_opens_are_numbered),
		TEST(so_are_they_from_the_end),
		TEST(there_are_no_more_than_they_have),
		TEST(a_pattern_without_a_name_fails),
		TEST(what_nothing_meets_holds),
		TEST(of_one_name_no_opens_are_not_one),
		TEST(of_one_name_no_opens_are_not_many),
		TEST(of_one_name_no_opens_are_none),
		TEST(of_one_name_no_lifetimes_are_not_two),
		TEST(of_one_name_no_lifetimes_are_none),
		TEST(of_one_name_there_is_no_last_open),
		TEST(nor_a_first_lifetime),
		TEST(every_open_of_none_is_as_claimed),
		TEST(a_pattern_needs_no_last_open),
		TEST(that_the_set_is_not_empty_can_be_claimed),
		TEST(no_name_at_all_is_a_number),
		TEST(after_a_loss_no_set_is_empty),
		TEST(after_a_loss_names_are_not_counted),
		TEST(an_open_without_a_result_may_be_missing),
		TEST(it_may_make_the_set_larger),
		TEST(a_set_that_it_is_not_in_does_not_mind),
		TEST(what_is_known_to_fail_fails),
		TEST(a_task_without_a_name_may_be_git),
		TEST(a_path_that_is_not_known_may_be_there),
		TEST(what_is_under_a_link_is_not_known),
		TEST(the_link_is_the_reason),
		TEST(so_is_one_further_up),
		TEST(where_it_leads_is_known),
		TEST(a_link_elsewhere_does_not_matter),
		TEST(nor_does_one_whose_name_begins_alike),
		TEST(nor_one_in_the_directory),
		TEST(every_offender_is_listed_with_its_opens),
		TEST(who_is_counted_is_listed),
		TEST(what_holds_has_no_offenders),
		TEST(a_relative_path_is_shown_whole_where_it_is_known),
		TEST(offenders_beyond_the_cap_are_counted),
		TEST(what_is_not_known_is_listed_with_its_reason),
		TEST(a_name_in_another_directory_comes_near),
		TEST(a_slip_comes_near),
		TEST(another_name_does_not),
		TEST(a_pattern_comes_near_by_its_last_part),
		TEST(what_is_there_needs_no_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
