/* SPDX-License-Identifier: MIT */
/*
 * The names of a recording's files, and which of them --keep removes.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/command/parts.h"

#include "folder.h"
#include "said.h"

#define RECORDING "\027\010\104tracing6"

static char path[128];

static bool is_there(const char *file)
{
	struct stat info;

	return !lstat(in_dir(file), &info);
}

static int start(void **state)
{
	listen_to_messages(state);
	if (make_dir())
		return -1;
	snprintf(path, sizeof(path), "%s/r.dat", dir);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	return remove_dir();
}

static void numbers_go_on_behind_whatever_has_the_name_of_a_part(void **state)
{
	static const char *const no_parts[] = {
		"r.dat",	"r.dat.12",	   "r.dat.0000012",    "r.dat.000000",
		"r.dat.00001x", "r.dat.000099.gz", "r.dat.4294967296", "other.dat.000050",
	};
	struct part_files parts;

	(void)state;
	for (size_t i = 0; i < sizeof(no_parts) / sizeof(no_parts[0]); i++)
		put(no_parts[i], RECORDING);
	assert_int_equal(parts_open(&parts, path), 0);
	assert_int_equal(parts.last, 0);
	parts_close(&parts);
	put("r.dat.000003", "");
	assert_int_equal(mkdir(in_dir("r.dat.000007"), 0700), 0);
	assert_int_equal(parts_open(&parts, path), 0);
	assert_int_equal(parts.last, 7);
	parts_close(&parts);
}

static void two_recordings_never_take_the_same_numbers(void **state)
{
	struct part_files first, second, other;
	char other_path[160];

	(void)state;
	snprintf(other_path, sizeof(other_path), "%s/other.dat", dir);
	assert_int_equal(parts_open(&first, path), 0);
	assert_int_equal(parts_open(&second, path), -EBUSY);
	assert_non_null(strstr(said, "another recording makes such files"));
	assert_int_equal(parts_open(&other, other_path), 0);
	parts_close(&other);
	parts_close(&first);
	assert_int_equal(parts_open(&second, path), 0);
	parts_close(&second);
	assert_false(is_there(".r.dat.lock"));
}

/* It was killed: nobody has the file locked. */
static void a_lock_that_was_left_is_taken_over(void **state)
{
	struct part_files parts;

	(void)state;
	put(".r.dat.lock", "");
	assert_int_equal(parts_open(&parts, path), 0);
	parts_close(&parts);
	assert_false(is_there(".r.dat.lock"));
}

static void a_lock_is_no_link_to_elsewhere(void **state)
{
	struct part_files parts;

	(void)state;
	assert_int_equal(symlink("made", in_dir(".r.dat.lock")), 0);
	assert_int_equal(parts_open(&parts, path), -ELOOP);
	assert_false(is_there("made"));
}

/* Such as one of another user, in a folder of everybody. */
static void a_lock_that_cannot_be_taken_is_named_with_what_to_do(void **state)
{
	struct part_files parts;

	(void)state;
	assert_int_equal(mkdir(in_dir(".r.dat.lock"), 0700), 0);
	assert_int_equal(parts_open(&parts, path), -EISDIR);
	assert_non_null(strstr(said, "cannot lock '"));
	assert_non_null(strstr(said, "/.r.dat.lock': Is a directory\n"));
	assert_non_null(strstr(said, "remove it if no recording makes files"));
	assert_true(is_there(".r.dat.lock"));
	assert_int_equal(rmdir(in_dir(".r.dat.lock")), 0);
}

static void without_a_folder_there_is_no_lock_to_remove(void **state)
{
	struct part_files parts;

	(void)state;
	assert_int_equal(parts_open(&parts, "/nowhere/r.dat"), -ENOENT);
	assert_non_null(strstr(said, "cannot look for files of '/nowhere/r.dat'"));
	assert_null(strstr(said, "lock"));
}

/* From the highest one the next would be number 0, and then one that is there. */
static void without_a_number_left_nothing_is_recorded(void **state)
{
	struct part_files parts;

	(void)state;
	put("r.dat.4294967295", "");
	assert_int_equal(parts_open(&parts, path), -EOVERFLOW);
	assert_non_null(strstr(said, "r.dat.4294967295"));
}

static void the_last_recordings_are_kept(void **state)
{
	struct part_files parts = { .path = path };

	(void)state;
	put("r.dat.000001", RECORDING);
	put("r.dat.000002", RECORDING);
	put("r.dat.000003", RECORDING);
	put("r.dat.000004", RECORDING);
	assert_int_equal(parts_keep(&parts, 3, 0), 0);
	assert_int_equal(parts_keep(&parts, 3, 4), 0);
	assert_true(is_there("r.dat.000001"));
	assert_int_equal(parts_keep(&parts, 3, 2), 0);
	assert_false(is_there("r.dat.000001"));
	assert_true(is_there("r.dat.000002"));
	assert_true(is_there("r.dat.000003"));
	assert_true(is_there("r.dat.000004"));
}

static void what_is_no_recording_is_not_removed(void **state)
{
	struct part_files parts = { .path = path };

	(void)state;
	put("recording", RECORDING);
	put("r.dat.000001", "somebody's own");
	put("r.dat.000002", "");
	assert_int_equal(mkdir(in_dir("r.dat.000003"), 0700), 0);
	assert_int_equal(symlink("recording", in_dir("r.dat.000004")), 0);
	assert_int_equal(mkfifo(in_dir("r.dat.000005"), 0600), 0);
	assert_int_equal(parts_keep(&parts, 9, 1), 0);
	assert_true(is_there("recording"));
	assert_true(is_there("r.dat.000001"));
	assert_true(is_there("r.dat.000002"));
	assert_true(is_there("r.dat.000003"));
	assert_true(is_there("r.dat.000004"));
	assert_true(is_there("r.dat.000005"));
	assert_string_equal(said, "");
}

static void a_directory_that_cannot_be_read_is_told(void **state)
{
	struct part_files parts = { .path = "/nowhere/at/all/r.dat" };

	(void)state;
	assert_int_equal(parts_keep(&parts, 9, 1), -ENOENT);
	assert_string_equal(said, "ftopen: cannot look for files of '/nowhere/at/all/r.dat': "
				  "No such file or directory\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			numbers_go_on_behind_whatever_has_the_name_of_a_part, start, stop),
		cmocka_unit_test_setup_teardown(without_a_number_left_nothing_is_recorded, start,
						stop),
		cmocka_unit_test_setup_teardown(two_recordings_never_take_the_same_numbers, start,
						stop),
		cmocka_unit_test_setup_teardown(a_lock_that_was_left_is_taken_over, start, stop),
		cmocka_unit_test_setup_teardown(a_lock_is_no_link_to_elsewhere, start, stop),
		cmocka_unit_test_setup_teardown(
			a_lock_that_cannot_be_taken_is_named_with_what_to_do, start, stop),
		cmocka_unit_test_setup_teardown(without_a_folder_there_is_no_lock_to_remove, start,
						stop),
		cmocka_unit_test_setup_teardown(the_last_recordings_are_kept, start, stop),
		cmocka_unit_test_setup_teardown(what_is_no_recording_is_not_removed, start, stop),
		cmocka_unit_test_setup_teardown(a_directory_that_cannot_be_read_is_told, start,
						stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
