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

/* More relations than are kept: of the others the verdicts are counted. */
static void so_do_relations_that_are_not_kept(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	for (int i = 0; i < 1000; i++)
		warm_open(&s, DENTRY_A);
	assert_int_equal(correlator_lost(s.c, SCOPE_ANY, 0, 1), 0);
	script_end(&s);
	/* What the cold open proved; each of the others had two across opens. */
	assert_int_equal(s.totals.verdicts[VERDICT_PASS], 4);
	assert_int_equal(s.totals.verdicts[VERDICT_UNKNOWN], 2000);
}

/* A sink that wants no relations counts what the others see. */
static void so_do_relations_that_nobody_wants(void **state)
{
	for (int scope = 0; scope < SCOPE_NR; scope++) {
		struct script s, ignoring;

		(void)state;
		for (int i = 0; i < 2; i++) {
			struct script *each = i ? &ignoring : &s;

			script_options(each);
			each->options.sink.ignores_relations = i;
			assert_int_equal(correlator_new(&each->options, &each->c), 0);
			cold_open(each, DENTRY_A);
			warm_open(each, DENTRY_A);
			assert_int_equal(correlator_lost(each->c, (enum scope)scope, 0, 1), 0);
			script_end(each);
		}
		assert_non_null(strstr(s.text, "  alloc == insert "));
		assert_null(strstr(ignoring.text, "  alloc == insert "));
		assert_int_equal(s.totals.verdicts[VERDICT_UNKNOWN], scope == SCOPE_ANY ? 2 : 5);
		assert_memory_equal(s.totals.verdicts, ignoring.totals.verdicts,
				    sizeof(s.totals.verdicts));
	}
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

static void lose_told(struct script *s, uint64_t count, bool is_overrun)
{
	const struct loss loss = {
		.scope = SCOPE_TASK, .cpu = 0, .count = count, .is_overrun = is_overrun
	};

	assert_int_equal(correlator_loss(s->c, &loss), 0);
}

/* A loss of @told records and, if @has_uncounted, one without a number; the counter says @total. */
static struct chain_totals counted(uint64_t told, bool has_uncounted, uint64_t total)
{
	struct script s;

	script_begin(&s);
	lose_told(&s, told, true);
	if (has_uncounted)
		lose_told(&s, LOSS_UNKNOWN, true);
	correlator_overrun(s.c, total);
	script_end(&s);
	return s.totals;
}

static void the_counter_knows_what_a_page_had_no_room_to_tell(void **state)
{
	struct chain_totals totals = counted(10, true, 17);

	(void)state;
	assert_true(totals.lost_is_known);
	assert_int_equal(totals.lost, 17);
	totals = counted(10, false, 12); /* the last records, after which there is no page */
	assert_int_equal(totals.lost, 12);
}

static void a_counter_that_is_too_low_knows_nothing(void **state)
{
	struct chain_totals totals = counted(10, true, 10);

	(void)state;
	assert_false(totals.lost_is_known);
	assert_int_equal(totals.lost, 10);
}

static void the_counter_knows_nothing_of_other_losses(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	lose_told(&s, LOSS_UNKNOWN, false);
	lose_told(&s, LOSS_UNKNOWN, true);
	correlator_overrun(s.c, 100);
	script_end(&s);
	assert_false(s.totals.lost_is_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lost_records_of_the_tasks_leave_what_one_record_shows),
		cmocka_unit_test(lost_ends_leave_what_one_open_shows),
		cmocka_unit_test(so_do_relations_that_are_not_kept),
		cmocka_unit_test(so_do_relations_that_nobody_wants),
		cmocka_unit_test(the_difference_of_two_lifetimes_stays_without_a_verdict),
		cmocka_unit_test(the_counter_knows_what_a_page_had_no_room_to_tell),
		cmocka_unit_test(a_counter_that_is_too_low_knows_nothing),
		cmocka_unit_test(the_counter_knows_nothing_of_other_losses),
	};

	return cmocka_run_group_tests_name("lost_sometime", tests, NULL, NULL);
}
