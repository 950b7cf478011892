/* SPDX-License-Identifier: MIT */
/*
 * Which mounts show what can be seen in another place as well, by the kernel's list of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/command/mounts.h"

static struct mounts mounts;

static void read_lines(const char *text)
{
	FILE *in = fmemopen((char *)text, strlen(text), "r");

	assert_non_null(in);
	assert_int_equal(mounts_read(&mounts, in), 0);
	fclose(in);
}

static int stop(void **state)
{
	(void)state;
	mounts_release(&mounts);
	return 0;
}

static void expect(size_t i, bool is_bound, bool is_twice)
{
	assert_true(i < mounts.count);
	assert_int_equal(mount_is_bound(&mounts, &mounts.items[i]), is_bound);
	assert_int_equal(mount_is_twice(&mounts, &mounts.items[i]), is_twice);
}

#define ROOT_LINE "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"

static void a_bound_directory_is_seen_by_its_own_name_as_well(void **state)
{
	(void)state;
	read_lines(ROOT_LINE "22 21 8:1 /leaf /bind rw,noatime shared:1 - ext4 /dev/sda1 rw\n");
	assert_int_equal(mounts.count, 2);
	expect(0, false, false);
	expect(1, true, false);
}

static void what_is_bound_twice_is_also_mounted_twice(void **state)
{
	(void)state;
	read_lines(ROOT_LINE "22 21 8:1 /leaf /bind rw - ext4 /dev/sda1 rw\n"
			     "23 21 8:1 /leaf /other rw - ext4 /dev/sda1 rw\n");
	expect(1, true, true);
	expect(2, true, true);
}

static void a_file_system_in_two_places_is_mounted_twice(void **state)
{
	(void)state;
	read_lines(ROOT_LINE "22 21 0:40 / /m rw - tmpfs tmpfs rw\n"
			     "23 21 0:40 / /n rw - tmpfs tmpfs rw\n"
			     "24 21 0:41 / /o rw - tmpfs tmpfs rw\n");
	expect(1, false, true);
	expect(2, false, true);
	expect(3, false, false);
}

static void the_root_below_itself_is_mounted_twice(void **state)
{
	(void)state;
	read_lines(ROOT_LINE "22 21 8:1 / /m rw - ext4 /dev/sda1 rw\n");
	expect(0, false, true);
	expect(1, false, true);
}

static void what_is_mounted_on_itself_is_in_one_place(void **state)
{
	(void)state;
	read_lines(ROOT_LINE "22 21 8:1 /self /self rw - ext4 /dev/sda1 rw\n"
			     "23 21 0:40 / /m rw - tmpfs tmpfs rw\n"
			     "24 23 0:40 / /m rw - tmpfs tmpfs rw\n"
			     "25 23 0:40 /d /m/d rw - tmpfs tmpfs rw\n");
	for (size_t i = 0; i < mounts.count; i++)
		expect(i, false, false);
}

/* As in a container: the host's own path of it is not there. */
static void what_no_other_mount_shows_is_in_one_place(void **state)
{
	(void)state;
	read_lines("21 1 8:1 /srv/root / rw - ext4 /dev/sda1 rw\n"
		   "22 21 8:1 /srv/data /data rw - ext4 /dev/sda1 rw\n"
		   "23 21 8:1 /srv/rootless /x rw - ext4 /dev/sda1 rw\n");
	for (size_t i = 0; i < mounts.count; i++)
		expect(i, false, false);
}

static void paths_are_as_they_were_before_the_kernel_wrote_them(void **state)
{
	(void)state;
	read_lines(ROOT_LINE "22 21 8:1 /a\\040b\\134 /c\\012d rw - ext4 /dev/sda1 rw\n");
	assert_string_equal(mounts.items[1].root, "/a b\\");
	assert_string_equal(mounts.items[1].at, "/c\nd");
}

static void a_line_that_is_no_mount_is_passed_over(void **state)
{
	(void)state;
	read_lines("\n22 21 8:1 /leaf\nx y z\n" ROOT_LINE);
	assert_int_equal(mounts.count, 1);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_bound_directory_is_seen_by_its_own_name_as_well),
		TEST(what_is_bound_twice_is_also_mounted_twice),
		TEST(a_file_system_in_two_places_is_mounted_twice),
		TEST(the_root_below_itself_is_mounted_twice),
		TEST(what_is_mounted_on_itself_is_in_one_place),
		TEST(what_no_other_mount_shows_is_in_one_place),
		TEST(paths_are_as_they_were_before_the_kernel_wrote_them),
		TEST(a_line_that_is_no_mount_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
