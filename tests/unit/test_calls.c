/* SPDX-License-Identifier: MIT */
/*
 * What made an open, and the result that the program got of it; opens that the kernel refuses
 * before it looks anything up.
 */
#include "last_open.h"

#include <fcntl.h>

#define EXEC_FLAG   0x20
#define CACHED_WALK 0x200000 /* LOOKUP_CACHED up to 6.16 */
#define CACHED_73   0x200    /* and of 7.3 */

static void copied(struct script *s, const char *path, uint64_t kname)
{
	struct record r = at(s, ROLE_GETNAME, POINT_RETURN);

	with(&r, FIELD_KNAME, kname);
	with_text(&r, path);
	play(s, &r);
}

/* An open that no system call of ours made. */
static void entered(struct script *s, uint64_t flags, uint64_t lookup)
{
	struct record r = at(s, ROLE_OPEN, POINT_ENTRY);

	with_text(&r, "/tmp/t_e.txt");
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_FLAGS, flags);
	with(&r, FIELD_UPTR, USER);
	with(&r, FIELD_LOOKUP, lookup);
	play(s, &r);
}

static void returned(struct script *s)
{
	file_out(s, ROLE_OPEN, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
}

/* The task is seen outside of the system calls that open. */
static void quiet(struct script *s)
{
	syscall_in(s);
	syscall_out(s, -14);
	seen = 0;
}

static void a_call_that_is_refused_is_an_open_with_its_result(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	syscall_in(&s);
	syscall_out(&s, -14);
	script_end(&s);
	assert_int_equal(seen, 1);
	assert_non_null(strstr(s.text, "open 1 \"\" result=-14 cache=unreached walk=unknown\n"));
	assert_string_equal(last.cache_why, "the path cannot be read");
}

static void it_has_the_path_that_was_copied(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	syscall_in(&s);
	copied(&s, "/tmp/t_e.txt", KNAME);
	syscall_out(&s, -24);
	script_end(&s);
	assert_non_null(strstr(s.text, "open 1 \"/tmp/t_e.txt\" result=-24 cache=unreached"));
	assert_non_null(strstr(s.text, "name \"t_e.txt\" path \"/tmp/t_e.txt\"\n"));
	assert_non_null(strstr(s.text, ": user copy file!\n"));
}

static void where_a_relative_path_would_have_begun_is_not_known(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	syscall_in(&s);
	copied(&s, "t_e.txt", KNAME);
	syscall_out(&s, -24);
	assert_null(last.dir.data);
	assert_non_null(last.dir_why);
	assert_string_equal(last.dir_why, "no lookup showed it");
	script_end(&s);
}

static void the_path_of_the_open_before_is_not_its(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	syscall_in(&s);
	copied(&s, "/tmp/t_e.txt", KNAME);
	syscall_out(&s, -24);
	syscall_in(&s);
	syscall_out(&s, -14);
	script_end(&s);
	assert_int_equal(seen, 2);
	assert_int_equal(last.path.len, 0);
}

static void what_records_were_lost_of_is_not_called_refused(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	syscall_in(&s);
	lose(&s, SCOPE_TASK, 1);
	syscall_out(&s, -14);
	script_end(&s);
	assert_int_equal(seen, 0);
}

/* The kernel drops the record of a copy that no sub-buffer holds: EMFILE, ENFILE, ENOMEM. */
static void a_path_that_was_copied_and_not_seen_leaves_the_open_incomplete(void **state)
{
	static const int errors[] = { 24, 23, 12 };
	struct script s;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		begin(&s);
		syscall_in(&s);
		syscall_out(&s, -errors[i]);
		assert_int_equal(last.result, -errors[i]);
		assert_int_equal(last.path.len, 0);
		assert_false(last.complete);
		script_end(&s);
	}
}

static void what_was_refused_without_a_copy_has_no_path_that_could_be_missing(void **state)
{
	static const int errors[] = { 2, 11, 14, 22, 36 };
	struct script s;
	struct record r;

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		begin(&s);
		syscall_in(&s);
		syscall_out(&s, -errors[i]);
		assert_true(last.complete);
		script_end(&s);
	}
	begin(&s);
	syscall_in(&s);
	r = at(&s, ROLE_GETNAME, POINT_RETURN);
	with(&r, FIELD_FILENAME, (uint64_t)-12);
	play(&s, &r);
	syscall_out(&s, -12);
	assert_true(last.complete);
	script_end(&s);
}

/* An exec, or a ring's request: the same loss as in a system call. */
static void an_open_whose_entry_was_dropped_is_a_loss_outside_of_a_call_as_well(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	quiet(&s);
	returned(&s);
	script_end(&s);
	assert_int_equal(seen, 0);
	assert_int_equal(s.totals.losses, 1);
}

static void a_task_that_was_in_an_open_when_the_trace_began_has_lost_nothing(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	returned(&s);
	script_end(&s);
	assert_int_equal(s.totals.losses, 0);
}

static void an_open_of_a_system_call_is_called_open(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	cold_open(&s, DENTRY_A);
	assert_int_equal(last.call, CALL_OPEN);
	assert_int_equal(last.result, 3);
	script_end(&s);
}

/* The mode is the record's without S_IFREG, which tells that there is one. */
static void an_open_that_may_make_a_file_has_a_mode(void **state)
{
	static const struct {
		uint64_t recorded;
		bool has_mode;
		uint32_t mode;
	} rows[] = { { 0100640, true, 0640 }, { 0100000, true, 0 }, { 0, false, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct script s;
		struct record r;

		begin(&s);
		r = at(&s, ROLE_OPEN, POINT_ENTRY);
		with_text(&r, "/tmp/t_e.txt");
		with(&r, FIELD_NEW_MODE, rows[i].recorded);
		play(&s, &r);
		returned(&s);
		script_end(&s);
		assert_int_equal(last.has_mode, rows[i].has_mode);
		assert_int_equal(last.mode, rows[i].mode);
	}
}

static void with_resolve_flags_it_is_called_openat2(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	begin(&s);
	r = at(&s, ROLE_SYSCALL, POINT_ENTRY);
	with(&r, FIELD_RESOLVE, 8);
	play(&s, &r);
	syscall_out(&s, -2);
	assert_int_equal(last.call, CALL_OPENAT2);
	script_end(&s);
}

static void an_exec_gives_no_descriptor(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	entered(&s, EXEC_FLAG, 0);
	returned(&s);
	assert_int_equal(last.call, CALL_EXEC);
	assert_true(last.has_result);
	assert_int_equal(last.result, 0);
	assert_true(last.complete);
	script_end(&s);
}

static void only_a_ring_walks_in_the_cache_outside_of_a_call(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	quiet(&s);
	entered(&s, 0, CACHED_WALK);
	returned(&s);
	assert_int_equal(last.call, CALL_IO_URING);
	assert_true(last.has_result);
	assert_int_equal(last.result, 0);
	entered(&s, 0, CACHED_73);
	returned(&s);
	assert_int_equal(last.call, CALL_IO_URING);
	entered(&s, 0, 1);
	returned(&s);
	assert_int_equal(last.call, CALL_KERNEL);
	script_end(&s);
}

static void what_the_kernel_opens_itself_is_not_counted(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	quiet(&s);
	entered(&s, 0, 0);
	returned(&s);
	assert_int_equal(last.call, CALL_KERNEL);
	script_end(&s);
	assert_int_equal(s.totals.opens, 1);
}

/* It may have been in one since before the trace. */
static void whether_a_task_was_in_a_system_call_is_not_guessed(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	entered(&s, 0, CACHED_WALK);
	returned(&s);
	assert_int_equal(last.call, CALL_UNKNOWN);
	assert_false(last.has_result);
	quiet(&s);
	lose(&s, SCOPE_TASK, 1);
	entered(&s, 0, CACHED_WALK);
	returned(&s);
	assert_int_equal(last.call, CALL_UNKNOWN);
	script_end(&s);
}

/* Before 6.12 a path that the program passed to acct(2) has its pointer. */
static void an_older_recording_tells_only_paths_of_the_kernels_own(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	begin(&s);
	quiet(&s);
	for (uint64_t user = 0; user <= USER; user += USER) {
		r = at(&s, ROLE_OPEN, POINT_ENTRY);
		with_text(&r, "/tmp/t_e.txt");
		with(&r, FIELD_UPTR, user);
		play(&s, &r);
		returned(&s);
		assert_int_equal(last.call, user ? CALL_UNKNOWN : CALL_KERNEL);
	}
	script_end(&s);
}

static void by_handle(struct script *s, uint64_t dfd)
{
	struct record r = at(s, ROLE_HANDLE, POINT_ENTRY);

	with(&r, FIELD_DFD, dfd);
	with(&r, FIELD_FLAGS, O_RDWR);
	play(s, &r);
}

static void handled(struct script *s, int64_t result)
{
	struct record r = at(s, ROLE_HANDLE, POINT_RETURN);

	with(&r, FIELD_RET, (uint64_t)result);
	play(s, &r);
}

static void root_returned(struct script *s)
{
	file_out(s, ROLE_OPEN_ROOT, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
}

static void an_open_by_handle_has_no_path_and_the_files_name(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	by_handle(&s, 5);
	root_returned(&s);
	assert_int_equal(seen, 0);
	handled(&s, 7);
	assert_int_equal(last.call, CALL_HANDLE);
	assert_int_equal(last.dfd, 5);
	assert_int_equal(last.flags, O_RDWR);
	assert_int_equal(last.cache, CACHE_NONE);
	assert_true(last.has_latency && last.complete);
	script_end(&s);
	assert_int_equal(seen, 1);
	assert_non_null(strstr(s.text, "open 1 \"\" result=7 cache=none"));
	assert_non_null(strstr(s.text, "name \"t_e.txt\""));
	assert_non_null(strstr(s.text, " file"));
}

static void a_handle_that_is_refused_is_an_open_with_its_result(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	by_handle(&s, 5);
	handled(&s, -116);
	script_end(&s);
	assert_int_equal(seen, 1);
	assert_int_equal(last.call, CALL_HANDLE);
	assert_int_equal(last.result, -116);
	assert_int_equal(last.cache, CACHE_NONE);
}

/* Firmware, which the kernel looks for from its first process's root. */
static void without_a_handle_it_is_the_kernels_own(void **state)
{
	struct script s;

	(void)state;
	begin(&s);
	quiet(&s);
	root_returned(&s);
	assert_int_equal(last.call, CALL_KERNEL);
	assert_false(last.has_latency);
	script_end(&s);
	assert_int_equal(s.totals.opens, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_is_refused_is_an_open_with_its_result),
		cmocka_unit_test(it_has_the_path_that_was_copied),
		cmocka_unit_test(where_a_relative_path_would_have_begun_is_not_known),
		cmocka_unit_test(the_path_of_the_open_before_is_not_its),
		cmocka_unit_test(what_records_were_lost_of_is_not_called_refused),
		cmocka_unit_test(a_path_that_was_copied_and_not_seen_leaves_the_open_incomplete),
		cmocka_unit_test(what_was_refused_without_a_copy_has_no_path_that_could_be_missing),
		cmocka_unit_test(
			an_open_whose_entry_was_dropped_is_a_loss_outside_of_a_call_as_well),
		cmocka_unit_test(a_task_that_was_in_an_open_when_the_trace_began_has_lost_nothing),
		cmocka_unit_test(an_open_of_a_system_call_is_called_open),
		cmocka_unit_test(an_open_that_may_make_a_file_has_a_mode),
		cmocka_unit_test(with_resolve_flags_it_is_called_openat2),
		cmocka_unit_test(an_exec_gives_no_descriptor),
		cmocka_unit_test(only_a_ring_walks_in_the_cache_outside_of_a_call),
		cmocka_unit_test(what_the_kernel_opens_itself_is_not_counted),
		cmocka_unit_test(an_older_recording_tells_only_paths_of_the_kernels_own),
		cmocka_unit_test(an_open_by_handle_has_no_path_and_the_files_name),
		cmocka_unit_test(a_handle_that_is_refused_is_an_open_with_its_result),
		cmocka_unit_test(without_a_handle_it_is_the_kernels_own),
		cmocka_unit_test(whether_a_task_was_in_a_system_call_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
