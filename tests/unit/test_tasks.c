/* SPDX-License-Identifier: MIT */
/*
 * Which task's opens are reported, decided from records alone.
 */
#include "kernel_script.h"

static void new_task(struct script *s, int32_t pid, int32_t tgid)
{
	struct record r = at(s, ROLE_TASK, POINT_ENTRY);

	with(&r, FIELD_PID, (uint64_t)pid);
	with(&r, FIELD_TGID, (uint64_t)tgid);
	play(s, &r);
}

static void selection(bool follow, struct script *s)
{
	struct record r;

	script_options(s);
	s->options.root = PROGRAM;
	s->options.group_only = !follow;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
	/* What exec opens comes without a system call. */
	r = at(s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, "before_exec");
	play(s, &r);
	r = at(s, ROLE_OPEN, POINT_RETURN);
	play(s, &r);
	r = at(s, ROLE_EXEC, POINT_ENTRY);
	play(s, &r);
	open_in(s, "program", KNAME);
	open_failed(s, 2);
	new_task(s, 101, PROGRAM);
	new_task(s, 102, 102);
	s->tid = 101;
	open_in(s, "thread", KNAME);
	open_failed(s, 2);
	s->tid = 102;
	open_in(s, "child", KNAME);
	open_failed(s, 2);
	script_end(s);
}

static void only_the_program_and_its_threads_are_reported(void **state)
{
	struct script s;

	(void)state;
	selection(false, &s);
	assert_null(strstr(s.text, "before_exec"));
	assert_non_null(strstr(s.text, "\"program\""));
	assert_non_null(strstr(s.text, "\"thread\""));
	assert_null(strstr(s.text, "\"child\""));
}

static void with_follow_descendants_are_reported_too(void **state)
{
	struct script s;

	(void)state;
	selection(true, &s);
	assert_null(strstr(s.text, "before_exec"));
	assert_non_null(strstr(s.text, "\"child\""));
}

/* Attached to 100 and 101, which start a thread and a process, which starts a thread. */
static void attached(bool group_only, struct script *s)
{
	static const struct {
		int32_t tid, tgid;
		const char *path;
	} born[] = { { 102, 100, "thread" }, { 200, 200, "child" }, { 201, 200, "childs_thread" } };

	script_options(s);
	s->options.group_only = group_only;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
	s->tid = 101;
	open_in(s, "attached", KNAME);
	open_failed(s, 2);
	for (size_t i = 0; i < sizeof(born) / sizeof(born[0]); i++) {
		new_task(s, born[i].tid, born[i].tgid);
		s->tid = born[i].tid;
		open_in(s, born[i].path, KNAME);
		open_failed(s, 2);
	}
	script_end(s);
}

static void attached_to_a_group_its_new_threads_are_reported_and_no_new_process(void **state)
{
	struct script s;

	(void)state;
	attached(true, &s);
	assert_non_null(strstr(s.text, "\"attached\""));
	assert_non_null(strstr(s.text, "\"thread\""));
	assert_null(strstr(s.text, "child"));
}

static void attached_with_follow_new_processes_are_reported_too(void **state)
{
	struct script s;

	(void)state;
	attached(false, &s);
	assert_non_null(strstr(s.text, "\"child\""));
	assert_non_null(strstr(s.text, "\"childs_thread\""));
}

static void named(struct script *s, const char *comm)
{
	struct record r = at(s, ROLE_COMM, POINT_ENTRY);

	with(&r, FIELD_PID, PROGRAM);
	with_text(&r, comm);
	play(s, &r);
}

/* Of two opens the filter hides the end of the first and the beginning of the second. */
static void with_hidden_ends(bool by_comm, struct script *s)
{
	script_options(s);
	s->options.by_comm = by_comm;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
	named(s, "me");
	open_in(s, "first", KNAME);
	named(s, "other");
	named(s, "me");
	open_failed(s, 2);
	script_end(s);
}

static void an_open_of_which_the_name_hid_an_end_is_of_no_other(void **state)
{
	struct script s;

	(void)state;
	with_hidden_ends(true, &s);
	assert_non_null(strstr(s.text, "open 1 \"first\" result=0(unseen)"));
	assert_int_equal(s.totals.opens, 1);
}

static void without_such_a_filter_a_name_is_only_a_name(void **state)
{
	struct script s;

	(void)state;
	with_hidden_ends(false, &s);
	assert_non_null(strstr(s.text, "open 1 \"first\" result=-2"));
}

/* Its number was another thread's, which was in an open. */
static void who_execs_is_in_no_open(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	script_options(&s);
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	open_in(&s, "blocked", KNAME);
	r = at(&s, ROLE_EXEC, POINT_ENTRY);
	play(&s, &r);
	assert_non_null(strstr(s.text, "open 1 \"blocked\" result=0(unseen)"));
	open_in(&s, "after", KNAME);
	open_failed(&s, 2);
	script_end(&s);
	assert_non_null(strstr(s.text, "open 2 \"after\" result=-2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_of_which_the_name_hid_an_end_is_of_no_other),
		cmocka_unit_test(without_such_a_filter_a_name_is_only_a_name),
		cmocka_unit_test(who_execs_is_in_no_open),
		cmocka_unit_test(only_the_program_and_its_threads_are_reported),
		cmocka_unit_test(with_follow_descendants_are_reported_too),
		cmocka_unit_test(
			attached_to_a_group_its_new_threads_are_reported_and_no_new_process),
		cmocka_unit_test(attached_with_follow_new_processes_are_reported_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
