/* SPDX-License-Identifier: MIT */
/*
 * An open whose entry was too large for the ring buffer: only its return shows that it was there.
 */
#include "kernel_script.h"

static void return_alone(struct script *s)
{
	struct record r = at(s, ROLE_OPEN, POINT_RETURN);

	with(&r, FIELD_FILE, (uint64_t)-2);
	play(s, &r);
}

static void in_a_system_call_a_return_without_its_entry_is_a_loss(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	syscall_in(&s);
	return_alone(&s);
	syscall_out(&s, -2);
	script_end(&s);
	assert_non_null(strstr(s.text, "loss scope=0 count=-1"));
}

/* The trace began, or a loss that is known ended, while it was open. */
static void outside_of_one_it_says_nothing(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	return_alone(&s);
	script_end(&s);
	assert_null(strstr(s.text, "loss"));
}

static void a_loss_that_is_known_is_not_told_twice(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	syscall_in(&s);
	lose(&s, SCOPE_TASK, 1);
	return_alone(&s);
	syscall_out(&s, -2);
	script_end(&s);
	assert_int_equal(s.totals.losses, 1);
}

static void a_path_that_is_too_long_for_any_open_is_no_loss(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	syscall_in(&s);
	syscall_out(&s, -36);
	script_end(&s);
	assert_int_equal(s.totals.losses, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_system_call_a_return_without_its_entry_is_a_loss),
		cmocka_unit_test(outside_of_one_it_says_nothing),
		cmocka_unit_test(a_loss_that_is_known_is_not_told_twice),
		cmocka_unit_test(a_path_that_is_too_long_for_any_open_is_no_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
