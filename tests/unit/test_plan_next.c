/* SPDX-License-Identifier: MIT */
/*
 * The plan after the kernel or the self-test turned a function down.
 */
#include "kernel_data.h"

#include "kernel/plan.h"

/* A plan of 6.12 whose chosen function for @role did not stand the test. */
static struct plan *plan_after(enum role role, enum probe_state otherwise)
{
	const struct plan_options options = { .group = "ftopen" };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	const struct plan_source source = { layout, symbols, &options };
	struct plan *plan;

	assert_int_equal(plan_make(&source, &plan), 0);
	assert_int_equal(plan_next(plan, role, otherwise, "never hit"), 0);
	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

static void a_function_that_failed_gives_way_to_the_next(void **state)
{
	struct plan *plan = plan_after(ROLE_GETNAME, PROBE_SILENT);
	const struct planned *planned = plan_find(plan, ROLE_GETNAME, POINT_RETURN);

	(void)state;
	assert_string_equal(planned->symbol, "getname_flags");
	assert_int_equal(planned->state, PROBE_EXACT);
	assert_string_equal(planned->tried[0].why, "never hit");
	assert_null(planned->tried[1].why);
	plan_free(plan);
}

static void without_another_candidate_a_silent_function_leaves_both_points_silent(void **state)
{
	struct plan *plan = plan_after(ROLE_LOOKUP_FAST, PROBE_SILENT);

	(void)state;
	for (int point = 0; point < POINT_NR; point++) {
		const struct planned *planned =
			plan_find(plan, ROLE_LOOKUP_FAST, (enum point)point);

		assert_int_equal(planned->state, PROBE_SILENT);
		assert_string_equal(planned->why, "__d_lookup_rcu: never hit");
		assert_null(planned->definition);
		assert_false(is_armed(planned));
	}
	plan_free(plan);
}

static void without_another_candidate_a_wrong_function_leaves_a_refused_role(void **state)
{
	struct plan *plan = plan_after(ROLE_DELETE, PROBE_REFUSED);

	(void)state;
	assert_int_equal(plan_find(plan, ROLE_DELETE, POINT_ENTRY)->state, PROBE_REFUSED);
	plan_free(plan);
}

static void other_roles_stay_as_they_are(void **state)
{
	struct plan *plan = plan_after(ROLE_DELETE, PROBE_REFUSED);

	(void)state;
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->probes[i].probe->role != ROLE_DELETE)
			assert_true(is_armed(&plan->probes[i]));
	}
	plan_free(plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_that_failed_gives_way_to_the_next),
		cmocka_unit_test(
			without_another_candidate_a_silent_function_leaves_both_points_silent),
		cmocka_unit_test(without_another_candidate_a_wrong_function_leaves_a_refused_role),
		cmocka_unit_test(other_roles_stay_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
