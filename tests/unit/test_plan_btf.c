/* SPDX-License-Identifier: MIT */
/*
 * The plan of who has read no list of functions: the BTF has to do, and what stays in doubt is
 * asked of the list afterwards.
 */
#include "plans.h"

static struct plan *plan_without_symbols(size_t kernel, const char *const *reject)
{
	struct layout *layout = kernel_layout(kernel);
	struct plan *plan = make_plan(layout, NULL, reject);

	layout_free(layout);
	return plan;
}

static void it_is_the_plan_of_who_has_read_the_list(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *with = kernel_plan(kernel, NULL);
		struct plan *without = plan_without_symbols(kernel, NULL);

		assert_true(plan_is_whole(without));
		for (size_t i = 0; i < with->count; i++) {
			assert_int_equal(without->probes[i].state, with->probes[i].state);
			assert_string_equal(without->probes[i].definition,
					    with->probes[i].definition);
		}
		plan_free(without);
		plan_free(with);
	}
}

static void what_the_source_calls_inline_is_not_asked_for(void **state)
{
	struct plan *plan = plan_without_symbols(2, NULL);
	const struct planned *insert = probe_of(plan, ROLE_INSERT, POINT_ENTRY);

	(void)state;
	assert_string_equal(insert->symbol, "__d_rehash");
	assert_string_equal(insert->tried[0].symbol, "__d_add");
	assert_non_null(strstr(insert->tried[0].why, "inline"));
	plan_free(plan);
}

static void a_function_that_the_btf_lacks_is_not_chosen(void **state)
{
	/* 7.3 calls do_filp_open do_file_open. */
	struct plan *plan = plan_without_symbols(4, NULL);
	const struct planned *open = probe_of(plan, ROLE_OPEN, POINT_ENTRY);

	(void)state;
	assert_string_equal(open->symbol, "do_file_open");
	assert_string_equal(open->tried[0].why, "no such function in the BTF");
	plan_free(plan);
}

static void a_role_that_is_left_without_a_function_makes_the_plan_less_than_whole(void **state)
{
	static const char *const reject[] = { "alloc:__d_alloc", NULL };
	struct plan *plan = plan_without_symbols(2, reject);

	(void)state;
	assert_false(plan_is_whole(plan));
	plan_free(plan);
}

static char *doubts(const char *functions)
{
	struct plan *plan = plan_without_symbols(2, NULL);
	char *path = file_of(functions, strlen(functions));
	struct symbols *symbols;
	char *why;

	assert_int_equal(symbols_from_functions(path, &symbols), 0);
	drop_file(path);
	assert_int_equal(plan_doubts(probe_of(plan, ROLE_ALLOC, POINT_ENTRY), symbols, &why), 0);
	symbols_free(symbols);
	plan_free(plan);
	return why;
}

static void the_list_may_tell_a_second_function_of_the_name(void **state)
{
	char *why = doubts("__d_alloc\nd_lookup\n__d_alloc [some]\n");

	(void)state;
	assert_string_equal(why, "2 functions of this name (EADDRNOTAVAIL)");
	free(why);
}

static void or_that_it_cannot_be_probed(void **state)
{
	char *why = doubts("d_lookup\n");

	(void)state;
	assert_string_equal(why, "not in available_filter_functions");
	free(why);
}

static void or_nothing_against_it(void **state)
{
	(void)state;
	assert_null(doubts("__d_alloc\nd_lookup\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_plan_of_who_has_read_the_list),
		cmocka_unit_test(what_the_source_calls_inline_is_not_asked_for),
		cmocka_unit_test(a_function_that_the_btf_lacks_is_not_chosen),
		cmocka_unit_test(
			a_role_that_is_left_without_a_function_makes_the_plan_less_than_whole),
		cmocka_unit_test(the_list_may_tell_a_second_function_of_the_name),
		cmocka_unit_test(or_that_it_cannot_be_probed),
		cmocka_unit_test(or_nothing_against_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
