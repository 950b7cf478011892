/* SPDX-License-Identifier: MIT */
/*
 * What is altered fails, each relation in turn, and what is lost or not probed is never claimed.
 */
#include "kernel_script.h"

/* Each relation is seen failing. */

static void an_altered_filename_fails(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "/tmp/t_e.txt", KNAME + 64);
	lookup_in(&s, FAST, "tmp/t_e.txt", KNAME + 1);
	lookup_hit(&s, FAST, PARENT, inline_of(PARENT), "tmp", false);
	lookup_in(&s, SLOW, "t_e.txt", KNAME + 5);
	lookup_null(&s, SLOW);
	alloc(&s, "t_e.txt", KNAME + 5, DENTRY_A, inline_of(DENTRY_A));
	insert(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt", false);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "  source - filename = -59 FAIL\n"));
}

static void an_altered_source_fails(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_e.txt", KNAME);
	lookup_in(&s, SLOW, "t_e.txt", KNAME);
	lookup_null(&s, SLOW);
	alloc(&s, "t_e.txt", KNAME + 1, DENTRY_A, inline_of(DENTRY_A));
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "  source == filename FAIL\n"));
}

static void an_altered_insert_fails_on_both_sides(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_e.txt", KNAME);
	lookup_in(&s, SLOW, "t_e.txt", KNAME);
	lookup_null(&s, SLOW);
	alloc(&s, "t_e.txt", KNAME, DENTRY_A, inline_of(DENTRY_A));
	insert(&s, DENTRY_A, inline_of(DENTRY_A) + 8, "t_e.txt", false);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "  alloc == insert FAIL\n"));
	assert_non_null(strstr(s.text, "  insert == file FAIL\n"));
}

static void a_short_name_outside_of_its_dentry_fails(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_e.txt", KNAME);
	lookup_in(&s, SLOW, "t_e.txt", KNAME);
	lookup_null(&s, SLOW);
	alloc(&s, "t_e.txt", KNAME, DENTRY_A, DENTRY_A + 4096);
	open_failed(&s, 2);
	script_end(&s);
	assert_non_null(strstr(s.text, "  alloc - dentry = 4096 FAIL\n"));
}

static void a_long_name_has_to_lie_outside_of_its_dentry(void **state)
{
	static const char name[] =
		"test_file_very_long_name_to_force_external_allocation_1770489275";
	struct script s;

	(void)state;
	for (int inside = 0; inside < 2; inside++) {
		script_begin(&s);
		open_in(&s, name, KNAME);
		lookup_in(&s, SLOW, name, KNAME);
		lookup_null(&s, SLOW);
		alloc(&s, name, KNAME, DENTRY_A, inside ? inline_of(DENTRY_A) : DENTRY_B);
		open_failed(&s, 2);
		script_end(&s);
		assert_non_null(strstr(s.text, inside ? "  alloc outside dentry FAIL\n"
						      : "  alloc outside dentry PASS\n"));
	}
}

static void an_altered_lookup_delete_and_evict_fail(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	open_in(&s, "/tmp/t_e.txt", KNAME);
	lookup_in(&s, FAST, "t_e.txt", KNAME + 5);
	lookup_hit(&s, FAST, DENTRY_A, inline_of(DENTRY_A) + 1, "t_e.txt", false);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A) + 2, "t_e.txt");
	end_of(&s, ROLE_DELETE, DENTRY_A, inline_of(DENTRY_A) + 3);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A) + 4);
	script_end(&s);
	assert_non_null(strstr(s.text, "  lookup == alloc FAIL\n"));
	assert_non_null(strstr(s.text, "  file == alloc FAIL\n"));
	assert_non_null(strstr(s.text, "  delete == alloc FAIL\n"));
	assert_non_null(strstr(s.text, "  evict == alloc FAIL\n"));
}

/* What is lost is never claimed. */

static void a_loss_inside_an_open_makes_it_incomplete_and_unknown(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_e.txt", KNAME);
	lookup_in(&s, SLOW, "t_e.txt", KNAME);
	lookup_null(&s, SLOW);
	alloc(&s, "t_e.txt", KNAME, DENTRY_A, inline_of(DENTRY_A));
	lose(&s, SCOPE_TASK, 3);
	insert(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt", false);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "cache=unknown walk=unknown incomplete\n"));
	assert_non_null(strstr(s.text, "  source == filename PASS\n"));
	assert_non_null(
		strstr(s.text, "  alloc == insert UNKNOWN(records were lost in between)\n"));
	assert_non_null(strstr(s.text, "loss scope=0 count=3\n"));
}

static void a_loss_of_ends_leaves_one_open_alone_but_not_two(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	lose(&s, SCOPE_ANY, LOSS_UNKNOWN);
	warm_open(&s, DENTRY_A);
	script_end(&s);
	assert_non_null(strstr(s.text, "  insert == file PASS\n"));
	assert_non_null(
		strstr(s.text, "  lookup == alloc UNKNOWN(records were lost in between)\n"));
	assert_false(s.totals.lost_is_known);
}

static void a_return_is_not_paired_across_a_loss(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "first", KNAME);
	lookup_in(&s, FAST, "first", KNAME);
	lose(&s, SCOPE_TASK, 2);
	/* This return belongs to a lookup whose entry is gone, not to that of "first". */
	lookup_hit(&s, FAST, DENTRY_A, inline_of(DENTRY_A), "other", false);
	open_failed(&s, 13);
	script_end(&s);
	assert_null(strstr(s.text, "cache=hit"));
	assert_null(strstr(s.text, "lookup "));
}

static void a_lost_lookup_is_no_miss(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_e.txt", KNAME);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "cache=unknown"));
}

static void a_null_in_rcu_walk_is_no_miss_where_other_lookups_are_not_seen(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	s.options.armed[ROLE_LOOKUP_REF][POINT_RETURN] = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	open_in(&s, "t_e.txt", KNAME);
	lookup_in(&s, FAST, "t_e.txt", KNAME);
	lookup_null(&s, FAST);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "cache=unknown"));
}

static void without_an_evict_probe_nothing_holds_across_opens(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	s.options.armed[ROLE_EVICT][POINT_ENTRY] = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	cold_open(&s, DENTRY_A);
	warm_open(&s, DENTRY_A);
	script_end(&s);
	assert_non_null(strstr(s.text, "  insert == file PASS\n"));
	assert_non_null(strstr(s.text, "  lookup == alloc UNKNOWN(ends are not seen"));
	assert_non_null(strstr(s.text, "  file == alloc UNKNOWN(ends are not seen"));
}

static void without_an_insert_probe_its_relations_are_unknown(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	s.options.armed[ROLE_INSERT][POINT_ENTRY] = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	open_in(&s, "t_e.txt", KNAME);
	lookup_in(&s, SLOW, "t_e.txt", KNAME);
	lookup_null(&s, SLOW);
	alloc(&s, "t_e.txt", KNAME, DENTRY_A, inline_of(DENTRY_A));
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
	script_end(&s);
	assert_non_null(strstr(s.text, "  alloc == insert UNKNOWN(insert: no probe is armed)\n"));
	assert_non_null(strstr(s.text, "  insert == file UNKNOWN(insert: no probe is armed)\n"));
}

static void missed_hits_of_evict_take_back_what_spans_opens(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	warm_open(&s, DENTRY_A);
	correlator_missed(s.c, ROLE_EVICT, POINT_ENTRY, 1);
	script_end(&s);
	assert_non_null(strstr(s.text, "  insert == file PASS\n"));
	assert_non_null(strstr(s.text, "  lookup == alloc UNKNOWN(the kernel missed"));
	assert_int_equal(s.totals.verdicts[VERDICT_UNKNOWN], 2);
}

static void an_open_without_a_return_has_no_result(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "fifo", KNAME);
	script_end(&s);
	assert_non_null(strstr(s.text, "open 1 \"fifo\" result=0(unseen) cache=unknown"));
	assert_non_null(strstr(s.text, "incomplete"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_altered_filename_fails),
		cmocka_unit_test(an_altered_source_fails),
		cmocka_unit_test(an_altered_insert_fails_on_both_sides),
		cmocka_unit_test(a_short_name_outside_of_its_dentry_fails),
		cmocka_unit_test(a_long_name_has_to_lie_outside_of_its_dentry),
		cmocka_unit_test(an_altered_lookup_delete_and_evict_fail),
		cmocka_unit_test(a_loss_inside_an_open_makes_it_incomplete_and_unknown),
		cmocka_unit_test(a_loss_of_ends_leaves_one_open_alone_but_not_two),
		cmocka_unit_test(a_return_is_not_paired_across_a_loss),
		cmocka_unit_test(a_lost_lookup_is_no_miss),
		cmocka_unit_test(a_null_in_rcu_walk_is_no_miss_where_other_lookups_are_not_seen),
		cmocka_unit_test(without_an_evict_probe_nothing_holds_across_opens),
		cmocka_unit_test(without_an_insert_probe_its_relations_are_unknown),
		cmocka_unit_test(missed_hits_of_evict_take_back_what_spans_opens),
		cmocka_unit_test(an_open_without_a_return_has_no_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
