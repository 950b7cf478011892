/* SPDX-License-Identifier: MIT */
/*
 * Arguments by number and by register.
 */
#include "plans.h"

#include "kernel/registers.h"

static const char *const machines[] = { "x86_64", "aarch64", "riscv64", "s390x", "armv7l" };

#define MACHINE_NR (sizeof(machines) / sizeof(machines[0]))

static void the_readme_tells_whether_there_are_numbers(void **state)
{
	(void)state;
	assert_true(readme_has_args("\t     $stack<index>, $stack, $retval, $comm, $arg<N>,\n"));
	assert_false(readme_has_args("\t     $stack<index>, $stack, $retval, $comm,\n"));
	assert_false(
		readme_has_args("\t     $stack<index>, $stack, $retval, $comm,\n"
				"\t     kernel return probes support: $retval, $arg<N>, $comm\n"));
}

static void arguments_go_by_number_or_by_register(void **state)
{
	char text[ARGUMENT_SIZE];

	(void)state;
	assert_true(argument_fetch(NULL, 3, text));
	assert_string_equal(text, "$arg3");
	assert_true(argument_fetch(registers_of("x86_64"), 3, text));
	assert_string_equal(text, "%dx");
	assert_true(argument_fetch(registers_of("aarch64"), 1, text));
	assert_string_equal(text, "%x0");
	assert_true(argument_fetch(registers_of("riscv64"), 2, text));
	assert_string_equal(text, "%a1");
	assert_true(argument_fetch(registers_of("s390x"), 5, text));
	assert_string_equal(text, "%r6");
	assert_false(argument_fetch(registers_of("s390x"), 6, text));
	assert_true(argument_fetch(registers_of("armv7l"), 4, text));
	assert_string_equal(text, "%r3");
	assert_false(argument_fetch(registers_of("armv7l"), 5, text));
	assert_null(registers_of("vax"));
}

static void assert_the_same_but_for_arguments(const struct planned *numbers,
					      const struct planned *registers)
{
	const char *left = numbers->definition, *right = registers->definition;

	while (*left && *right) {
		if (!strncmp(left, "$arg", 4)) {
			assert_int_equal(*right, '%');
			left += strcspn(left + 1, ":)") + 1;
			right += strcspn(right, ":)");
		} else {
			assert_int_equal(*left++, *right++);
		}
	}
	assert_int_equal(*left, *right);
}

static void a_plan_with_registers_differs_in_its_arguments_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < MACHINE_NR; i++) {
		struct plan_options options = { .group = "ftopen", .root = ROOT };
		struct layout *layout = kernel_layout(2);
		struct symbols *symbols = kernel_symbols(2);
		struct plan_source source = { layout, symbols, &options };
		struct plan *numbers, *registers;

		assert_int_equal(plan_make(&source, &numbers), 0);
		options.registers = registers_of(machines[i]);
		assert_non_null(options.registers);
		assert_int_equal(plan_make(&source, &registers), 0);
		for (size_t k = 0; k < numbers->count; k++)
			assert_the_same_but_for_arguments(&numbers->probes[k],
							  &registers->probes[k]);
		plan_free(numbers);
		plan_free(registers);
		symbols_free(symbols);
		layout_free(layout);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_readme_tells_whether_there_are_numbers),
		cmocka_unit_test(arguments_go_by_number_or_by_register),
		cmocka_unit_test(a_plan_with_registers_differs_in_its_arguments_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
