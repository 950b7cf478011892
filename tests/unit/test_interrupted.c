/* SPDX-License-Identifier: MIT */
/*
 * Opens that signals interrupt: the result is what the program got, and what the kernel begins anew
 * is one open.
 */
#include <signal.h>

#include "last_open.h"

static void handled(struct script *s, uint64_t flags)
{
	struct record r = at(s, ROLE_SIGNAL, POINT_ENTRY);

	with(&r, FIELD_SA_FLAGS, flags);
	play(s, &r);
}

static void look(struct script *s)
{
	struct record r = at(s, ROLE_DELIVERY, POINT_ENTRY);

	play(s, &r);
}

static void interrupted(struct script *s, int err)
{
	open_in(s, "/tmp/fifo", KNAME);
	open_failed(s, err);
}

/* An open of another path, from another pointer. */
static void another(struct script *s)
{
	struct record r = at(s, ROLE_SYSCALL, POINT_ENTRY);

	with(&r, FIELD_UPTR, USER + 64);
	play(s, &r);
	syscall_out(s, -14);
}

static void a_handler_ends_it(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	assert_int_equal(seen, 0);
	handled(&s, 0);
	assert_int_equal(seen, 1);
	assert_int_equal(last.result, -4);
	assert_true(last.has_result && last.complete);
	script_end(&s);
	assert_int_equal(seen, 1);
}

static void a_handler_with_sa_restart_does_not(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	handled(&s, SA_RESTART);
	assert_int_equal(seen, 0);
	interrupted(&s, 2);
	assert_int_equal(seen, 1);
	assert_int_equal(last.id, 1);
	assert_int_equal(last.result, -2);
	assert_true(last.complete);
	another(&s);
	assert_int_equal(last.id, 2);
	script_end(&s);
	assert_int_equal(s.totals.opens, 2);
}

/* A ring's work interrupts it, and before the task is back in the program that sends a signal. */
static void what_begins_anew_already_no_later_handler_ends(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	look(&s);
	look(&s);
	handled(&s, 0);
	assert_int_equal(seen, 0);
	interrupted(&s, 2);
	assert_int_equal(seen, 1);
	assert_int_equal(last.id, 1);
	assert_int_equal(last.result, -2);
	script_end(&s);
	assert_int_equal(s.totals.opens, 1);
}

static void the_first_look_that_finds_a_signal_decides(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	look(&s);
	handled(&s, 0);
	assert_int_equal(seen, 1);
	assert_int_equal(last.result, -4);
	look(&s);
	handled(&s, SA_RESTART);
	interrupted(&s, 512);
	look(&s);
	handled(&s, SA_RESTART);
	look(&s);
	handled(&s, 0);
	interrupted(&s, 2);
	assert_int_equal(seen, 2);
	assert_int_equal(last.result, -2);
	script_end(&s);
}

/* The task was stopped and goes on, or the signal is ignored. */
static void without_a_handler_it_begins_anew(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	interrupted(&s, 2);
	assert_int_equal(seen, 1);
	assert_int_equal(last.result, -2);
	assert_true(last.complete);
	script_end(&s);
}

static void some_begin_anew_whatever_the_handler(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 513);
	handled(&s, 0);
	assert_int_equal(seen, 0);
	interrupted(&s, 2);
	assert_int_equal(seen, 1);
	interrupted(&s, 514);
	handled(&s, SA_RESTART);
	assert_int_equal(last.result, -4);
	script_end(&s);
}

static void the_handler_opens_in_between(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	handled(&s, SA_RESTART);
	another(&s);
	assert_int_equal(seen, 1);
	assert_int_equal(last.result, -14);
	interrupted(&s, 2);
	assert_int_equal(seen, 2);
	assert_int_equal(last.id, 1);
	assert_int_equal(last.result, -2);
	script_end(&s);
}

static void only_the_first_handler_decides(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	handled(&s, SA_RESTART);
	handled(&s, 0);
	assert_int_equal(seen, 0);
	interrupted(&s, 2);
	assert_int_equal(last.result, -2);
	script_end(&s);
}

static void what_never_comes_back_is_incomplete(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	another(&s);
	assert_int_equal(seen, 2);
	interrupted(&s, 512);
	handled(&s, SA_RESTART);
	script_end(&s);
	assert_int_equal(seen, 3);
	assert_false(last.has_result);
	assert_false(last.complete);
}

static void after_a_loss_nobody_knows(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	interrupted(&s, 512);
	lose(&s, SCOPE_TASK, 1);
	handled(&s, 0);
	assert_int_equal(seen, 1);
	assert_false(last.has_result);
	script_end(&s);
}

static void without_the_probe_its_result_is_unknown(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	s.options.armed[ROLE_SIGNAL][POINT_ENTRY] = false;
	s.options.sink.open = keep;
	seen = 0;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	interrupted(&s, 512);
	assert_int_equal(seen, 1);
	assert_false(last.has_result);
	assert_true(last.complete);
	script_end(&s);
	assert_non_null(strstr(s.text, "file!"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handler_ends_it),
		cmocka_unit_test(a_handler_with_sa_restart_does_not),
		cmocka_unit_test(what_begins_anew_already_no_later_handler_ends),
		cmocka_unit_test(the_first_look_that_finds_a_signal_decides),
		cmocka_unit_test(without_a_handler_it_begins_anew),
		cmocka_unit_test(some_begin_anew_whatever_the_handler),
		cmocka_unit_test(the_handler_opens_in_between),
		cmocka_unit_test(only_the_first_handler_decides),
		cmocka_unit_test(what_never_comes_back_is_incomplete),
		cmocka_unit_test(after_a_loss_nobody_knows),
		cmocka_unit_test(without_the_probe_its_result_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
