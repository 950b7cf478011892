/* SPDX-License-Identifier: MIT */
/*
 * A trace.dat that cannot be written: the target is as it was, or a file that can be read, and it
 * is said what is missing.
 */
#include "dat_script.h"
#include "no_memory.h"

static int file_count(void)
{
	char command[128];
	FILE *out;
	int count = -1;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", dir);
	out = popen(command, "r");
	assert_non_null(out);
	assert_int_equal(fscanf(out, "%d", &count), 1);
	pclose(out);
	return count;
}

static void set_limit(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void assert_said(const char *text)
{
	if (!strstr(said, text))
		fail_msg("no '%s' in '%s'", text, said);
}

static void giving_up_leaves_the_target_and_nothing_else(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(write_file(target, "old", O_CREAT), 0);
	writer = new_writer();
	give_pages(writer, SCOPE_TASK, 0, 5, FIRST_PID);
	assert_int_equal(file_count(), 1);
	dat_writer_abort(writer);
	assert_target_is("old");
	assert_int_equal(file_count(), 1);
}

static void a_full_spool_keeps_what_was_whole_and_marks_the_rest_as_lost(void **state)
{
	struct dat_writer *writer = new_writer();

	(void)state;
	set_limit(2 * PAGE + PAGE / 2);
	give_pages(writer, SCOPE_ANY, 1, 5, FIRST_PID);
	set_limit(RLIM_INFINITY);
	assert_int_equal(finish(writer), -EFBIG);
	assert_said("cannot write '");
	assert_said("the records before that are kept");
	assert_int_equal(count_in_file(SCOPE_ANY, 1, FIRST_PID), 2 * PER_PAGE);
	assert_true(last_commit() == MISSED);
}

static void no_room_to_assemble_keeps_what_was_whole_and_marks_the_rest_as_lost(void **state)
{
	struct dat_writer *writer = new_writer();
	int count;

	(void)state;
	give_pages(writer, SCOPE_TASK, 0, 1024, FIRST_PID);
	set_limit(3 * 1024 * 1024);
	assert_int_equal(finish(writer), -EFBIG);
	set_limit(RLIM_INFINITY);
	count = count_in_file(SCOPE_TASK, 0, FIRST_PID);
	assert_in_range(count, 512 * PER_PAGE, 1023 * PER_PAGE);
	assert_true(last_commit() == MISSED);
	assert_int_equal(file_count(), 1);
}

static void no_room_for_the_sections_leaves_the_target_as_it_was(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(write_file(target, "old", O_CREAT), 0);
	writer = new_writer();
	set_limit(100);
	assert_int_equal(finish(writer), -EFBIG);
	set_limit(RLIM_INFINITY);
	assert_target_is("old");
	assert_int_equal(file_count(), 1);
}

static void a_cpu_that_no_machine_has_is_refused(void **state)
{
	struct dat_writer *writer = new_writer();
	char page[PAGE];

	(void)state;
	make_page(page, 1000000, FIRST_PID);
	dat_writer_page(writer, SCOPE_TASK, 1 << 20, page, PAGE);
	assert_true(finish(writer) < 0);
}

/* One allocation after another: the target is as it was, or has all that it was given. */
static void without_memory_it_fails_and_says_so(void **state)
{
	long failed = 0;
	int ret;

	(void)state;
	do {
		struct dat_meta meta = make_meta();
		struct dat_writer *writer;
		char page[PAGE];

		assert_int_equal(hider_new(NULL, &meta.hider), 0);
		make_page(page, 1000000, FIRST_PID);
		said[0] = '\0';
		has_failed = false;
		countdown = failed++;
		ret = dat_writer_new(target, false, &writer);
		if (!ret) {
			dat_writer_page(writer, SCOPE_TASK, 1, page, PAGE);
			ret = dat_writer_finish(writer, &meta);
		}
		countdown = -1;
		if (ret)
			assert_true(said[0]);
		else
			assert_int_equal(count_in_file(SCOPE_TASK, 1, FIRST_PID), PER_PAGE);
		hider_free(meta.hider);
		dat_meta_release(&meta);
		assert_true(file_count() <= 1);
	} while (has_failed);
	assert_int_equal(ret, 0);
	assert_true(failed > 20);
}

/* It has no O_TMPFILE either. */
static void a_folder_that_takes_no_files_is_reported(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_true(dat_writer_new("/proc/trace.dat", false, &writer) < 0);
	assert_said("cannot create '/proc/trace.dat'");
}

static void a_folder_is_refused(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(dat_writer_new(dir, false, &writer), -EISDIR);
	assert_said("Is a directory");
}

static void a_device_is_refused(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(dat_writer_new("/dev/null", false, &writer), -ENOTSUP);
	assert_said("cannot write '/dev/null': it is not a regular file");
}

static void a_folder_that_is_not_there_is_reported_before_anything_else(void **state)
{
	struct dat_writer *writer;

	(void)state;
	assert_int_equal(dat_writer_new("/tmp/ftopen-no-such/t.dat", false, &writer), -ENOENT);
	assert_said("cannot create '/tmp/ftopen-no-such/t.dat': No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(giving_up_leaves_the_target_and_nothing_else),
		RULE(a_full_spool_keeps_what_was_whole_and_marks_the_rest_as_lost),
		RULE(no_room_to_assemble_keeps_what_was_whole_and_marks_the_rest_as_lost),
		RULE(no_room_for_the_sections_leaves_the_target_as_it_was),
		RULE(a_cpu_that_no_machine_has_is_refused),
		RULE(without_memory_it_fails_and_says_so),
		RULE(a_folder_that_takes_no_files_is_reported),
		RULE(a_folder_is_refused),
		RULE(a_device_is_refused),
		RULE(a_folder_that_is_not_there_is_reported_before_anything_else),
	};

	return cmocka_run_group_tests(tests, start, end);
}
