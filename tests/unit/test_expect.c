/* SPDX-License-Identifier: MIT */
/*
 * What claims come to: what holds and what fails.
 */
#include "expectations.h"

#define TMP   "name \"/tmp/t_e.txt\"\n"
#define TM    "name \"/tmp/t_m.txt\"\n"
#define LOCAL "name \"l_e.txt\"\n"
#define LONG  "name glob \"test_*_[0-9]?[!a-z]*\"\n"

/* --- which name --- */

FAILS_FOR(a_name_that_was_not_traced_fails, te_miss, "name \"/tmp/other\"\nfile = file",
	  "there is no such name in the trace")
HOLDS(a_pattern_selects_names, minimal_open, LONG "open 1: \nsource = filename")
FAILS(a_pattern_has_to_match_all, minimal_open, "name glob \"test_*_[0-9]\"\nopens = 2")
FAILS(a_quoted_star_is_a_star, minimal_open, "name \"test_*\"\nopens = 2")
FAILS(each_name_of_a_pattern_has_to_hold, hits, "name glob \"*_e.txt\"\nlifetimes = 2")
HOLDS(all_names_of_a_pattern_hold, hits, "name glob \"*_e.txt\"\nlast open:\ncache is hit")
FAILS(one_name_of_a_pattern_is_enough_to_fail, hits,
      "name glob \"*_e.txt\"\nfirst open:\nalloc is present")

static void escaped_name(struct script *s)
{
	static const struct file_spec file = { "a\n\"\xff", "a\n\"\xff", DENTRY_A,
					       DENTRY_A + INLINE_AT };

	miss_file(s, &file);
}

HOLDS(a_name_can_be_any_bytes, escaped_name, "name \"a\\n\\\"\\xff\"\nopens = 1")

static void unlinked_only(struct script *s)
{
	unlink_file(s, &local_file);
}

HOLDS(a_name_without_a_path_goes_by_its_component, unlinked_only,
      "name \"l_e.txt\"\ndelete is present")
FAILS_FOR(an_open_of_a_name_that_none_opened_fails, unlinked_only,
	  "name \"l_e.txt\"\nevery open:\nlookup is fast", "there is nothing of this kind")

/* --- where --- */

HOLDS(an_open_counts_from_the_start, tm_miss, TM "open 2:\ncache is negative")
HOLDS(an_open_counts_from_the_end, tm_miss, TM "last open but 1:\ncache is miss")
FAILS_FOR(an_open_that_is_not_there_fails, tm_miss, TM "open 3:\nalloc is absent",
	  "there is no such open of this name")
FAILS_FOR(a_lifetime_that_is_not_there_fails, tm_miss, TM "lifetime 2:\nend is alive",
	  "there is no such lifetime of this name")
HOLDS(every_open_is_checked, tm_miss, TM "every open:\nfile = ENOENT")
FAILS(every_open_has_to_hold, tm_miss, TM "every open:\ncache is miss")
HOLDS(every_lifetime_is_checked, rebuild, TMP "every lifetime:\nalloc = insert = file")
FAILS(lifetimes_are_not_mixed_up, rebuild, TMP "alloc = insert")
HOLDS(of_goes_before_the_place, tm_miss, TM "open 2:\nalloc of open 1 = insert of first open")
HOLDS(a_name_line_ends_the_place, tm_miss, TM "open 2:\n" TM "alloc = insert")
HOLDS(name_is_the_place_of_all, tm_miss, TM "open 2:\nname:\nalloc = insert")

HOLDS(a_claim_may_follow_its_name_and_place, tm_miss,
      "name \"/tmp/t_m.txt\": open 2: cache is negative\nresult = ENOENT")
FAILS(a_place_before_a_claim_counts, tm_miss, "name \"/tmp/t_m.txt\": open 2: cache is miss")

/* --- comparing --- */

HOLDS(equal_addresses_are_equal, te_miss, TMP "last open:\nalloc = insert = file")
FAILS(different_addresses_are_not_equal, te_miss, TMP "last open:\nalloc = source")
FAILS(the_third_term_counts, te_miss, TMP "last open:\nalloc = insert = source")
HOLDS(different_addresses_differ, te_miss, TMP "last open:\nalloc != source")
FAILS(equal_addresses_do_not_differ, te_miss, TMP "last open:\nalloc != insert")
HOLDS(a_difference_is_a_number, te_miss, TMP "last open:\nsource - filename = 5 = len(\"/tmp/\")")
FAILS(a_difference_is_another_number, te_miss, TMP "last open:\nsource - filename = 6")
FAILS(a_length_is_another_number, te_miss, TMP "last open:\nsource - filename = len(\"/tmp\")")
HOLDS(a_difference_has_a_sign, te_miss, TMP "last open:\nfilename - source = -5")
HOLDS(the_inline_name_has_its_offset, te_miss, TMP "last open:\nalloc - dentry = offset(inline)")
FAILS(an_external_name_has_no_offset, minimal_open, LONG "open 1:\nalloc - dentry = offset(inline)")
HOLDS(an_external_name_is_outside, minimal_open, LONG "open 1:\nalloc outside dentry")
FAILS(an_inline_name_is_not_outside, te_miss, TMP "last open:\nalloc outside dentry")
HOLDS(a_miss_is_null, tm_miss, TM "open 1:\nlookup = NULL")
FAILS(a_hit_is_not_null, tm_miss, TM "open 2:\nlookup = NULL")
FAILS(every_lookup_has_to_hold, tm_miss, TM "lookup = NULL")
HOLDS(the_first_lookup_is_picked, tm_miss, TM "first lookup = NULL")
HOLDS(the_last_lookup_is_picked, tm_miss, TM "last lookup = alloc")
HOLDS(the_third_lookup_is_picked, tm_miss, TM "lookup 3 = alloc")
FAILS_FOR(a_lookup_that_is_not_there_fails, tm_miss, TM "lookup 4 = alloc", "there is no such hop")
HOLDS(a_failed_open_is_an_error, tm_miss, TM "open 1:\nfile = ENOENT")
FAILS(a_failed_open_is_another_error, tm_miss, TM "open 1:\nfile = EACCES")
FAILS(a_failed_open_has_no_address, tm_miss, TM "open 1:\nfile = alloc")
HOLDS(a_result_is_an_error, tm_miss, TM "result = ENOENT")
HOLDS(a_result_is_a_descriptor, te_miss, TMP "result = 3")
FAILS(a_result_is_another_descriptor, te_miss, TMP "result = 4")
HOLDS(opens_are_counted, tm_miss, TM "opens = 2")
FAILS(opens_are_counted_right, tm_miss, TM "opens = 1")
HOLDS(lifetimes_are_counted, rebuild, TMP "lifetimes = 2")
FAILS(lifetimes_are_counted_right, rebuild, TMP "lifetimes = 1")
FAILS_FOR(a_hop_that_is_not_there_fails, te_miss, TMP "delete = alloc", "there is no such hop")
FAILS_FOR(several_hops_make_no_difference, rebuild, TMP "alloc - insert = 0",
	  "there are several such hops: name one open")
HOLDS(the_pointer_is_where_the_name_is, hits, LOCAL "last open:\nlookup = pointer = file")
FAILS_FOR(a_pointer_is_not_compared_with_itself, hits, LOCAL "first lookup of open 1 = pointer",
	  "no other hop shows the pointer")

/* --- being --- */

HOLDS(what_is_not_there_is_absent, hits, TMP "last open:\nalloc is absent")
FAILS(what_is_there_is_not_absent, hits, TMP "alloc is absent")
HOLDS(what_is_there_is_present, hits, TMP "alloc is present")
FAILS(what_is_not_there_is_not_present, hits, TMP "last open:\nalloc is present")
HOLDS(a_lookup_is_fast, hits, TMP "last open:\nlookup is fast")
FAILS(a_lookup_is_not_slow, hits, TMP "last open:\nlookup is slow")
HOLDS(a_lookup_is_slow, hits, TMP "first lookup of open 1 is slow")
HOLDS(a_lookup_is_negative, tm_miss, TM "open 2:\nlookup is negative")
FAILS(a_lookup_is_not_positive, tm_miss, TM "open 2:\nlookup is positive")
FAILS(a_miss_is_not_negative, tm_miss, TM "open 1:\nlookup is negative")
HOLDS(an_insert_is_positive, te_miss, TMP "last open:\ninsert is positive")
HOLDS(storage_is_inline, te_miss, TMP "storage is inline")
FAILS(storage_is_not_external, te_miss, TMP "storage is external")
HOLDS(storage_is_of_a_lifetime, rebuild, TMP "storage of lifetime 2 is inline")
HOLDS(a_lifetime_is_born, rebuild, TMP "born is traced")
HOLDS(a_lifetime_was_before, hits, LOCAL "born is before")
FAILS(a_lifetime_was_not_before, hits, TMP "born is before")
HOLDS(a_lifetime_ends, rebuild, TMP "lifetime 1:\nend is evicted")
FAILS(a_lifetime_does_not_end, rebuild, TMP "lifetime 2:\nend is evicted")
HOLDS(a_lifetime_goes_on, rebuild, TMP "lifetime 2:\nend is alive")
HOLDS(a_lifetime_is_deleted, delete, TMP "end is deleted")
HOLDS(the_task_that_ended_it_is_reported, hits_delete_evict, TMP "end is evicted by \"evict\"")
FAILS_FOR(another_task_did_not_end_it, hits_delete_evict, TMP "end is evicted by \"evic\"",
	  "another task ended it")
HOLDS(a_cache_is_hit, hits, TMP "last open:\ncache is hit")
FAILS(a_cache_is_not_missed, hits, TMP "last open:\ncache is miss")

/* --- showing --- */

static void shows(play_fn play_it, const char *text, int64_t number, bool reuse)
{
	struct expectations e;

	expectations_of(&e, play_it, text);
	assert_int_equal(e.results[0].verdict, VERDICT_NONE);
	assert_int_equal(e.results[0].values[0].number, number);
	assert_int_equal(e.results[0].reuse, reuse);
	expectations_end(&e);
}

static void a_difference_is_shown_without_a_verdict(void **state)
{
	(void)state;
	shows(rebuild, TMP "show insert of lifetime 1 - insert of lifetime 2",
	      (int64_t)(DENTRY_A - DENTRY_B), false);
}

static void equal_addresses_are_shown_as_reuse(void **state)
{
	(void)state;
	shows(post, LOCAL "show insert of lifetime 1 - insert of lifetime 2", 0, true);
}

FAILS(what_is_not_there_is_not_shown, te_miss, TMP "show delete - alloc")

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_name_that_was_not_traced_fails),
		TEST(a_pattern_selects_names),
		TEST(a_pattern_has_to_match_all),
		TEST(a_quoted_star_is_a_star),
		TEST(each_name_of_a_pattern_has_to_hold),
		TEST(all_names_of_a_pattern_hold),
		TEST(one_name_of_a_pattern_is_enough_to_fail),
		TEST(a_name_can_be_any_bytes),
		TEST(a_name_without_a_path_goes_by_its_component),
		TEST(an_open_of_a_name_that_none_opened_fails),
		TEST(an_open_counts_from_the_start),
		TEST(an_open_counts_from_the_end),
		TEST(an_open_that_is_not_there_fails),
		TEST(a_lifetime_that_is_not_there_fails),
		TEST(every_open_is_checked),
		TEST(every_open_has_to_hold),
		TEST(every_lifetime_is_checked),
		TEST(lifetimes_are_not_mixed_up),
		TEST(of_goes_before_the_place),
		TEST(a_name_line_ends_the_place),
		TEST(name_is_the_place_of_all),
		TEST(a_claim_may_follow_its_name_and_place),
		TEST(a_place_before_a_claim_counts),
		TEST(equal_addresses_are_equal),
		TEST(different_addresses_are_not_equal),
		TEST(the_third_term_counts),
		TEST(different_addresses_differ),
		TEST(equal_addresses_do_not_differ),
		TEST(a_difference_is_a_number),
		TEST(a_difference_is_another_number),
		TEST(a_length_is_another_number),
		TEST(a_difference_has_a_sign),
		TEST(the_inline_name_has_its_offset),
		TEST(an_external_name_has_no_offset),
		TEST(an_external_name_is_outside),
		TEST(an_inline_name_is_not_outside),
		TEST(a_miss_is_null),
		TEST(a_hit_is_not_null),
		TEST(every_lookup_has_to_hold),
		TEST(the_first_lookup_is_picked),
		TEST(the_last_lookup_is_picked),
		TEST(the_third_lookup_is_picked),
		TEST(a_lookup_that_is_not_there_fails),
		TEST(a_failed_open_is_an_error),
		TEST(a_failed_open_is_another_error),
		TEST(a_failed_open_has_no_address),
		TEST(a_result_is_an_error),
		TEST(a_result_is_a_descriptor),
		TEST(a_result_is_another_descriptor),
		TEST(opens_are_counted),
		TEST(opens_are_counted_right),
		TEST(lifetimes_are_counted),
		TEST(lifetimes_are_counted_right),
		TEST(a_hop_that_is_not_there_fails),
		TEST(several_hops_make_no_difference),
		TEST(the_pointer_is_where_the_name_is),
		TEST(a_pointer_is_not_compared_with_itself),
		TEST(what_is_not_there_is_absent),
		TEST(what_is_there_is_not_absent),
		TEST(what_is_there_is_present),
		TEST(what_is_not_there_is_not_present),
		TEST(a_lookup_is_fast),
		TEST(a_lookup_is_not_slow),
		TEST(a_lookup_is_slow),
		TEST(a_lookup_is_negative),
		TEST(a_lookup_is_not_positive),
		TEST(a_miss_is_not_negative),
		TEST(an_insert_is_positive),
		TEST(storage_is_inline),
		TEST(storage_is_not_external),
		TEST(storage_is_of_a_lifetime),
		TEST(a_lifetime_is_born),
		TEST(a_lifetime_was_before),
		TEST(a_lifetime_was_not_before),
		TEST(a_lifetime_ends),
		TEST(a_lifetime_does_not_end),
		TEST(a_lifetime_goes_on),
		TEST(a_lifetime_is_deleted),
		TEST(the_task_that_ended_it_is_reported),
		TEST(another_task_did_not_end_it),
		TEST(a_cache_is_hit),
		TEST(a_cache_is_not_missed),
		TEST(a_difference_is_shown_without_a_verdict),
		TEST(equal_addresses_are_shown_as_reuse),
		TEST(what_is_not_there_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
