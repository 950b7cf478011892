/* SPDX-License-Identifier: MIT */
/*
 * The plan: on five real kernels as golden files (UPDATE_GOLDEN=1 rewrites them), and each rule of
 * the choice by itself.
 */
#include "plans.h"
#include "said.h"

#include <errno.h>
#include <fcntl.h>

#include "kernel/definition.h"

static void check_golden(size_t kernel, const char *file, struct plan *plan)
{
	const char *path = kernel_file(kernel, file);
	char *text = printed(plan);
	char *golden;

	if (getenv("UPDATE_GOLDEN"))
		assert_int_equal(write_file(path, text, O_CREAT | O_TRUNC), 0);
	assert_int_equal(read_file(path, &golden, NULL), 0);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
	plan_free(plan);
}

static void plans_are_the_golden_ones(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++)
		check_golden(kernel, "plan.golden", kernel_plan(kernel, NULL));
}

/* Those that fetch arguments at the return. */
static void plans_of_calls_are_the_golden_ones(void **state)
{
	(void)state;
	for (size_t kernel = 2; kernel < KERNEL_NR; kernel++)
		check_golden(kernel, "calls.golden", kernel_plan_of_calls(kernel));
}

static void plans_of_path_calls_are_the_golden_ones(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++)
		check_golden(kernel, "path_calls.golden", kernel_plan_of_path_calls(kernel));
}

static void plans_of_users_are_the_golden_ones(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++)
		check_golden(kernel, "users.golden", kernel_plan_of_users(kernel));
}

static void path_calls_and_users_are_planned_only_if_they_are_wanted(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);

	(void)state;
	for (int role = 0; role < ROLE_NR; role++) {
		bool is_planned = plan_find(plan, (enum role)role, POINT_ENTRY) ||
				  plan_find(plan, (enum role)role, POINT_RETURN);

		assert_int_equal(is_planned, !is_path_call_role((enum role)role) &&
						     !is_user_role((enum role)role));
	}
	plan_free(plan);
}

static void each_kernel_has_a_function_for_each_path_call(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan_of_path_calls(kernel);

		for (size_t i = 0; i < plan->count; i++) {
			if (!is_armed(&plan->probes[i]))
				fail_msg("%s: %s", kernel_series[kernel], plan->probes[i].why);
		}
		plan_free(plan);
	}
}

static void a_call_has_one_event_for_both_edges(void **state)
{
	struct plan *plan = kernel_plan_of_calls(2);
	const struct planned *entry = probe_of(plan, ROLE_ALLOC, POINT_ENTRY);
	const struct planned *ret = probe_of(plan, ROLE_ALLOC, POINT_RETURN);
	char names[2][EVENT_NAME_SIZE];

	(void)state;
	planned_event(entry, names[0]);
	planned_event(ret, names[1]);
	assert_string_equal(names[0], "alloc_call");
	assert_string_equal(names[1], "alloc_call");
	assert_true(is_armed(entry) && !has_own_event(entry) && has_own_event(ret));
	assert_null(entry->definition);
	/* What both fetch is told apart. */
	assert_non_null(strstr(ret->definition, " name=+8($arg2):x64"));
	assert_non_null(strstr(ret->definition, " ret_name=+40($retval):x64"));
	plan_free(plan);
}

static void where_arguments_are_registers_there_are_no_calls(void **state)
{
	const struct plan_options options = { .group = "ftopen",
					      .registers = registers_of("x86_64"),
					      .fetches_at_return = true };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	struct plan *plan;

	(void)state;
	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	assert_true(has_own_event(probe_of(plan, ROLE_ALLOC, POINT_ENTRY)));
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

/*
 * A system call or an open may sleep as long as it likes, and instances of return probes are few.
 */
static void what_may_sleep_has_an_entry_of_its_own(void **state)
{
	struct plan *plan = kernel_plan_of_calls(2);

	(void)state;
	assert_true(has_own_event(probe_of(plan, ROLE_SYSCALL, POINT_ENTRY)));
	assert_true(has_own_event(probe_of(plan, ROLE_OPEN, POINT_ENTRY)));
	plan_free(plan);
}

static const char *chosen(size_t kernel, enum role role)
{
	static char name[64];
	struct plan *plan = kernel_plan(kernel, NULL);
	const struct planned *planned = plan_find(plan, role, POINT_ENTRY);

	if (!planned)
		planned = plan_find(plan, role, POINT_RETURN);
	snprintf(name, sizeof(name), "%s", planned->symbol ? planned->symbol : "");
	plan_free(plan);
	return name;
}

static void each_kernel_gets_the_function_it_has(void **state)
{
	(void)state;
	assert_string_equal(chosen(3, ROLE_OPEN), "do_filp_open");
	assert_string_equal(chosen(4, ROLE_OPEN), "do_file_open");
	assert_string_equal(chosen(2, ROLE_GETNAME), "getname");
	assert_string_equal(chosen(3, ROLE_GETNAME), "getname_flags");
	assert_string_equal(chosen(3, ROLE_EVICT), "__dentry_kill");
	assert_string_equal(chosen(4, ROLE_EVICT), "dentry_free");
	assert_string_equal(chosen(0, ROLE_INSERT), "__d_rehash");
}

static void every_probe_of_the_five_kernels_is_armed(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan(kernel, NULL);

		for (size_t i = 0; i < plan->count; i++)
			assert_true(is_armed(&plan->probes[i]));
		plan_free(plan);
	}
}

static void check_strings_first(const char *definition)
{
	char *line = strdup(definition);
	bool number = false;

	for (char *at = line, *word; (word = strsep(&at, " "));) {
		bool is_string = strstr(word, ":string") != NULL;

		if (is_string && number)
			fail_msg("%s", definition);
		number |= strchr(word, '=') && !is_string;
	}
	free(line);
}

static void strings_come_first(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan(kernel, NULL);

		for (size_t i = 0; i < plan->count; i++)
			check_strings_first(plan->probes[i].definition);
		plan_free(plan);
	}
}

static void the_first_value_names_the_function(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	const char *definition = probe_of(plan, ROLE_LOOKUP_FAST, POINT_RETURN)->definition;

	(void)state;
	assert_non_null(strstr(definition, " sym___d_lookup_rcu=$retval:x64 name=+"));
	definition = probe_of(plan, ROLE_EXEC, POINT_ENTRY)->definition;
	assert_string_equal(strrchr(definition, ' '), " sym_finalize_exec=\\1:u8");
	plan_free(plan);
}

static void return_probes_have_instances_enough(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);

	(void)state;
	assert_memory_equal(probe_of(plan, ROLE_OPEN, POINT_RETURN)->definition,
			    "r512:ftopen/open_ret ", 21);
	plan_free(plan);
}

static void the_number_of_instances_can_be_given(void **state)
{
	const struct plan_options options = { .group = "g", .max_active = 7 };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	struct plan *plan;

	(void)state;
	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	assert_memory_equal(probe_of(plan, ROLE_OPEN, POINT_RETURN)->definition, "r7:g/open_ret ",
			    14);
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

static void without_a_root_the_field_is_left_out(void **state)
{
	const struct plan_options options = { .group = "g" };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	struct plan *plan;

	(void)state;
	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	assert_null(strstr(probe_of(plan, ROLE_EXEC, POINT_ENTRY)->definition, "root"));
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

/* 6.12's symbols with @line for do_filp_open. */
static void check_open_reason(const char *kallsyms, const char *functions, const char *reason)
{
	struct plan *plan = plan_with(kallsyms, functions);
	const struct planned *planned = probe_of(plan, ROLE_OPEN, POINT_ENTRY);

	assert_int_equal(planned->state, PROBE_REFUSED);
	assert_null(planned->definition);
	assert_null(planned->symbol);
	assert_int_equal(planned->choice, -1);
	assert_false(is_armed(planned));
	assert_string_equal(planned->tried[0].symbol, "do_filp_open");
	assert_string_equal(planned->tried[0].why, reason);
	plan_free(plan);
}

static void a_function_that_is_missing_is_refused(void **state)
{
	(void)state;
	check_open_reason("1 t f\n", "f\n", "no such function");
}

static void two_functions_of_one_name_are_refused(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open\n2 t do_filp_open\n", "do_filp_open\n",
			  "2 functions of this name (EADDRNOTAVAIL)");
}

static void a_function_that_is_not_listed_is_refused(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open\n2 t f\n", "f\n",
			  "is inlined or notrace: not in available_filter_functions");
}

static void a_function_of_which_only_a_cold_part_is_left_is_refused(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open.cold\n2 t f\n", "f\n",
			  "only its '.cold' part is left, the rest is inlined");
}

static void a_clone_is_refused_and_named(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open.isra.0\n2 t f\n", "do_filp_open.isra.0\nf\n",
			  "only the clone 'do_filp_open.isra.0' is left, whose arguments may have "
			  "moved");
}

static void a_refused_probe_gives_the_reason_of_every_candidate(void **state)
{
	struct plan *plan = plan_with("1 t f\n", "f\n");

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_OPEN, POINT_RETURN)->why,
			    "do_filp_open: no such function; do_file_open: no such function");
	plan_free(plan);
}

static void a_rejected_candidate_gives_way_to_the_next(void **state)
{
	static const char *const reject[] = { "evict:__dentry_kill:did not fire", NULL };
	struct plan *plan = kernel_plan(2, reject);
	const struct planned *planned = probe_of(plan, ROLE_EVICT, POINT_ENTRY);

	(void)state;
	assert_string_equal(planned->symbol, "dentry_free");
	assert_string_equal(planned->tried[0].why, "rejected: did not fire");
	plan_free(plan);
}

static void a_rejection_needs_no_reason(void **state)
{
	static const char *const reject[] = { "evict:__dentry_kill", NULL };
	struct plan *plan = kernel_plan(2, reject);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_EVICT, POINT_ENTRY)->tried[0].why,
			    "rejected: not to be used in this run");
	plan_free(plan);
}

static void a_rejection_is_for_its_role_and_function_alone(void **state)
{
	static const char *const reject[] = { "open:__dentry_kill", "evict:__dentry_kil",
					      "evict:__dentry_kill2", NULL };
	struct plan *plan = kernel_plan(2, reject);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_EVICT, POINT_ENTRY)->symbol, "__dentry_kill");
	plan_free(plan);
}

static void entry_and_return_of_a_role_use_one_function(void **state)
{
	static const char *const reject[] = { "open:do_filp_open", NULL };
	struct plan *plan =
		plan_with("1 t do_filp_open\n2 t do_file_open\n", "do_filp_open\ndo_file_open\n");
	struct plan *other = kernel_plan(4, reject);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_OPEN, POINT_ENTRY)->symbol, "do_filp_open");
	assert_string_equal(probe_of(plan, ROLE_OPEN, POINT_RETURN)->symbol, "do_filp_open");
	assert_string_equal(probe_of(other, ROLE_OPEN, POINT_RETURN)->symbol, "do_file_open");
	plan_free(plan);
	plan_free(other);
}

static void a_stand_in_is_a_substitute(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);

	(void)state;
	assert_int_equal(probe_of(plan, ROLE_INSERT, POINT_ENTRY)->state, PROBE_SUBSTITUTE);
	assert_int_equal(probe_of(plan, ROLE_EVICT, POINT_ENTRY)->state, PROBE_EXACT);
	plan_free(plan);
}

static void a_renamed_function_is_no_substitute(void **state)
{
	struct plan *plan = kernel_plan(4, NULL);

	(void)state;
	assert_int_equal(probe_of(plan, ROLE_OPEN, POINT_ENTRY)->state, PROBE_EXACT);
	plan_free(plan);
}

static void without_a_list_the_plan_says_what_it_assumed(void **state)
{
	struct plan *plan = plan_with("1 t __d_add\n", NULL);
	char *text = printed(plan);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_INSERT, POINT_ENTRY)->symbol, "__d_add");
	assert_memory_equal(text, "# assumed: without available_filter_functions every function",
			    60);
	free(text);
	plan_free(plan);
}

static void with_a_list_nothing_was_assumed(void **state)
{
	struct plan *plan = kernel_plan(0, NULL);

	(void)state;
	assert_null(plan->assumed);
	plan_free(plan);
}

static void what_was_refused_is_printed_as_a_comment(void **state)
{
	struct plan *plan = plan_with("1 t f\n", "f\n");
	char *text = printed(plan);

	(void)state;
	assert_non_null(strstr(text, "\n# open: refused: do_filp_open: no such function; "
				     "do_file_open: no such function\n"));
	for (char *at = text, *line; (line = strsep(&at, "\n")) && *line;)
		assert_int_equal(line[0], '#');
	free(text);
	plan_free(plan);
}

static void a_silent_probe_is_not_printed_as_a_definition(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	struct planned *planned = plan_find(plan, ROLE_DROP, POINT_ENTRY);
	char *text;

	(void)state;
	planned->state = PROBE_SILENT;
	planned->why = strdup("did not fire");
	text = printed(plan);
	assert_non_null(strstr(text, "\n# drop: silent: did not fire\n"));
	assert_null(strstr(text, "p:ftopen/drop "));
	assert_false(is_armed(planned));
	free(text);
	plan_free(plan);
}

static void events_are_named_by_role_and_point(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	char name[32];

	(void)state;
	planned_event(probe_of(plan, ROLE_LOOKUP_SLOW, POINT_RETURN), name);
	assert_string_equal(name, "lookup_slow_ret");
	planned_event(probe_of(plan, ROLE_OPEN, POINT_ENTRY), name);
	assert_string_equal(name, "open");
	plan_free(plan);
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plans_are_the_golden_ones),
		TEST(each_kernel_gets_the_function_it_has),
		TEST(plans_of_calls_are_the_golden_ones),
		TEST(plans_of_path_calls_are_the_golden_ones),
		TEST(plans_of_users_are_the_golden_ones),
		TEST(path_calls_and_users_are_planned_only_if_they_are_wanted),
		TEST(each_kernel_has_a_function_for_each_path_call),
		TEST(a_call_has_one_event_for_both_edges),
		TEST(where_arguments_are_registers_there_are_no_calls),
		TEST(what_may_sleep_has_an_entry_of_its_own),
		TEST(every_probe_of_the_five_kernels_is_armed),
		TEST(strings_come_first),
		TEST(the_first_value_names_the_function),
		TEST(return_probes_have_instances_enough),
		TEST(the_number_of_instances_can_be_given),
		TEST(without_a_root_the_field_is_left_out),
		TEST(a_function_that_is_missing_is_refused),
		TEST(two_functions_of_one_name_are_refused),
		TEST(a_function_that_is_not_listed_is_refused),
		TEST(a_function_of_which_only_a_cold_part_is_left_is_refused),
		TEST(a_clone_is_refused_and_named),
		TEST(a_refused_probe_gives_the_reason_of_every_candidate),
		TEST(a_rejected_candidate_gives_way_to_the_next),
		TEST(a_rejection_needs_no_reason),
		TEST(a_rejection_is_for_its_role_and_function_alone),
		TEST(entry_and_return_of_a_role_use_one_function),
		TEST(a_stand_in_is_a_substitute),
		TEST(a_renamed_function_is_no_substitute),
		TEST(without_a_list_the_plan_says_what_it_assumed),
		TEST(with_a_list_nothing_was_assumed),
		TEST(what_was_refused_is_printed_as_a_comment),
		TEST(a_silent_probe_is_not_printed_as_a_definition),
		TEST(events_are_named_by_role_and_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
