/* SPDX-License-Identifier: MIT */
/*
 * Paths of control groups. What needs their file system is skipped where it is not mounted.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracing/cgroup.h"
#include "util/io.h"

static bool is_mounted(void)
{
	char *mounts;
	bool is;

	assert_int_equal(read_file("/proc/self/mounts", &mounts, NULL), 0);
	is = strstr(mounts, " cgroup2 ");
	free(mounts);
	return is;
}

/* The kernel knows no other way to write a path. */
static void the_path_is_as_the_kernel_writes_it(void **state)
{
	static const char *const roots[] = { "/", ".", "//", "/./" };
	struct cgroup cgroup = { 0 };

	(void)state;
	if (!is_mounted())
		skip();
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		assert_int_equal(cgroup_find(&cgroup, roots[i]), 0);
		assert_string_equal(cgroup.path, "");
		assert_true(cgroup.dir[strlen(cgroup.dir) - 1] != '/');
		cgroup_release(&cgroup);
	}
}

static void what_is_no_control_group_is_refused(void **state)
{
	static const char *const paths[] = { "", "/unlikely-name", "/../../../../..",
					     "/../../../../../proc", "/cgroup.procs" };
	struct cgroup cgroup = { 0 };

	(void)state;
	if (!is_mounted())
		skip();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(cgroup_find(&cgroup, paths[i]), -ENOENT);
		assert_null(cgroup.dir);
	}
}

static void a_group_has_its_path_and_those_below(void **state)
{
	const struct cgroup cgroup = { .path = "/a/b" }, root = { .path = "" };

	(void)state;
	assert_true(cgroup_has_path(&cgroup, "/a/b"));
	assert_true(cgroup_has_path(&cgroup, "/a/b/c"));
	assert_false(cgroup_has_path(&cgroup, "/a/bc"));
	assert_false(cgroup_has_path(&cgroup, "/a"));
	assert_true(cgroup_has_path(&root, "/a"));
	assert_true(cgroup_has_path(&root, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_path_is_as_the_kernel_writes_it),
		cmocka_unit_test(what_is_no_control_group_is_refused),
		cmocka_unit_test(a_group_has_its_path_and_those_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
