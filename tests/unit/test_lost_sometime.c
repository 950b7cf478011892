/* SPDX-License-Identifier: MIT */
/*
 * Records that the kernel counts as lost without saying when: what they could have changed is not
 * known.
 */
#include "kernel_script.h"

static void lost_records_of_the_tasks_leave_what_one_record_shows(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	assert_int_equal(correlator_lost(s.c, SCOPE_TASK, 1, 2), 0);
	script_end(&s);
	assert_non_null(strstr(s.text, "  alloc == insert UNKNOWN(records were lost, and"));
	assert_non_null(strstr(s.text, "  insert == file UNKNOWN(records were lost, and"));
	assert_non_null(strstr(s.text, "  alloc - dentry = 56 PASS\n"));
	assert_non_null(strstr(s.text, "loss scope=0 count=2\n"));
	assert_int_equal(s.totals.lost, 2);
}

static void lost_ends_leave_what_one_open_shows(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	warm_open(&s, DENTRY_A);
	assert_int_equal(correlator_lost(s.c, SCOPE_ANY, 0, 1), 0);
	script_end(&s);
	assert_non_null(strstr(s.text, "  alloc == insert PASS\n"));
	assert_non_null(strstr(s.text, "  lookup == alloc UNKNOWN(records were lost, and"));
	assert_non_null(strstr(s.text, " end=unknown:"));
}

static void the_difference_of_two_lifetimes_stays_without_a_verdict(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	cold_open(&s, DENTRY_B);
	assert_int_equal(correlator_lost(s.c, SCOPE_TASK, 0, 1), 0);
	script_end(&s);
	assert_non_null(strstr(s.text, "  lifetimes - = "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lost_records_of_the_tasks_leave_what_one_record_shows),
		cmocka_unit_test(lost_ends_leave_what_one_open_shows),
		cmocka_unit_test(the_difference_of_two_lifetimes_stays_without_a_verdict),
	};

	return cmocka_run_group_tests_name("lost_sometime", tests, NULL, NULL);
}
