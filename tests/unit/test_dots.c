/* SPDX-License-Identifier: MIT */
/*
 * ".." from a working directory: by the mounts that it is in, or from where the program began.
 */
#include "cwd_script.h"

/* The program works in "/bind/s", which is "/leaf/s" as well. */
static void work_below_bind(void)
{
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	bind_leaf(MOUNTPOINT);
	work_in(LEAF, SUB, "s", in_bind, 2);
}

static void dots_lead_up_within_a_bind_mount_and_out_of_it(void **state)
{
	(void)state;
	work_below_bind();
	open_above("../f", LEAF, LEAF_FILE);
	open_above("./..//./../g", ROOT, FILE_A);
	open_above("../../../g", ROOT, FILE_A);
	script_end(&s);
	says(&s, "open 2 \"../f\" cache=hit path=/bind/f dir=/bind/s\n");
	says(&s, "open 3 \"./..//./../g\" cache=hit path=/g dir=/bind/s\n");
	says(&s, "open 4 \"../../../g\" cache=hit path=/g dir=/bind/s\n");
}

static void dots_after_a_component_lead_back(void **state)
{
	(void)state;
	work_below_bind();
	begin_open("t/../f", AT_FDCWD);
	walk_to_directory(&s, SUB, 0, BELOW_SUB);
	walk(&s, SUB, 5, FILE_A);
	walk_file(&s, SUB, FILE_A, "f");
	begin_open("t/../../f", AT_FDCWD);
	walk_to_directory(&s, SUB, 0, BELOW_SUB);
	walk(&s, LEAF, 8, LEAF_FILE);
	walk_file(&s, LEAF, LEAF_FILE, "f");
	script_end(&s);
	says(&s, "open 2 \"t/../f\" cache=hit path=/bind/s/f dir=/bind/s\n");
	says(&s, "open 3 \"t/../../f\" cache=hit path=/bind/f dir=/bind/s\n");
}

static void open_directory(const char *path, uint64_t parent, uint64_t dentry,
			   const char *component)
{
	struct record r;

	begin_open(path, AT_FDCWD);
	r = opened_in(&s, parent, dentry, component);
	with(&r, FIELD_INODE, INODE);
	with(&r, FIELD_MODE, S_IFDIR);
	play(&s, &r);
	syscall_out(&s, 3);
}

static void a_path_may_end_with_dots(void **state)
{
	(void)state;
	work_below_bind();
	open_directory("..", ROOT, LEAF, "leaf");
	open_directory("../..", ROOT, ROOT, "/");
	script_end(&s);
	says(&s, "open 2 \"..\" cache=none path=/bind "
		 "dir=/bind/s\n");
	says(&s, "open 3 \"../..\" cache=none path=/ "
		 "dir=/bind/s\n");
}

/* The same file by the other place. */
static void above_a_bind_mount_a_walk_may_come_back_by_the_name(void **state)
{
	(void)state;
	work_below_bind();
	begin_open("../../leaf/s/f", AT_FDCWD);
	walk_to_directory(&s, ROOT, 6, LEAF);
	walk_to_directory(&s, LEAF, 11, SUB);
	walk(&s, SUB, 13, FILE_A);
	walk_file(&s, SUB, FILE_A, "f");
	script_end(&s);
	says(&s, "open 2 \"../../leaf/s/f\" cache=hit path=/leaf/s/f dir=/bind/s\n");
}

/* The kernel tries without locks first. */
static void a_walk_that_begins_again_goes_up_again(void **state)
{
	(void)state;
	work_below_bind();
	begin_open("../s/f", AT_FDCWD);
	walk_to_directory(&s, LEAF, 3, SUB);
	walk(&s, SUB, 5, FILE_A);
	walk_to_directory(&s, LEAF, 3, SUB);
	walk(&s, SUB, 5, FILE_A);
	walk_file(&s, SUB, FILE_A, "f");
	script_end(&s);
	says(&s, "open 2 \"../s/f\" cache=hit path=/bind/s/f dir=/bind/s\n");
}

/* Dots led to another directory than above the working directory that a record told. */
static void where_dots_lead_elsewhere_nothing_is_known_of_where_they_began(void **state)
{
	(void)state;
	work_below_bind();
	open_above("../f", OTHER, FILE_A);
	script_end(&s);
	says(&s, "open 2 \"../f\" cache=hit path=? dir=?\n"
		 "  no path: no lookup showed the name of a directory on the way\n"
		 "  no dir: no lookup showed it\n");
}

static void above_a_mount_that_was_moved_is_nothing_that_is_known(void **state)
{
	(void)state;
	work_below_bind();
	bind_leaf(OTHER);
	open_above("../f", LEAF, LEAF_FILE);
	open_above("../../g", ROOT, FILE_A);
	script_end(&s);
	says(&s, "open 2 \"../f\" cache=hit path=? dir=?\n"
		 "  no path: the mount that it is in was moved or unmounted\n");
	says(&s, "open 3 \"../../g\" cache=hit path=/g dir=?\n");
}

static void above_where_a_program_began_is_what_its_path_says(void **state)
{
	(void)state;
	begin_in_s(NULL, 0);
	open_above("../f", DIRECTORY, FILE_A);
	open_above("../../../f", ROOT, FILE_A);
	begin_open("../b/../../f", AT_FDCWD);
	walk_to_directory(&s, DIRECTORY, 3, BELOW_SUB);
	walk(&s, ROOT, 11, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "open 2 \"../f\" cache=hit path=/bind/f dir=/bind/s\n");
	says(&s, "open 3 \"../../../f\" cache=hit path=/f dir=/bind/s\n");
	says(&s, "open 4 \"../b/../../f\" cache=hit path=/f dir=/bind/s\n");
}

/* Its directory, "/bind/s", is seen on the way down only. */
static void a_walk_may_come_down_to_where_it_began(void **state)
{
	(void)state;
	begin_in(NULL, 0);
	begin_open("../s/f", AT_FDCWD);
	walk_to_directory(&s, DIRECTORY, 3, LEAF);
	walk(&s, LEAF, 5, LEAF_FILE);
	walk_file(&s, LEAF, LEAF_FILE, "f");
	script_end(&s);
	says(&s, "open 1 \"../s/f\" cache=hit path=/bind/s/f ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(dots_lead_up_within_a_bind_mount_and_out_of_it),
		TEST(dots_after_a_component_lead_back),
		TEST(a_path_may_end_with_dots),
		TEST(above_a_bind_mount_a_walk_may_come_back_by_the_name),
		TEST(a_walk_that_begins_again_goes_up_again),
		TEST(where_dots_lead_elsewhere_nothing_is_known_of_where_they_began),
		TEST(above_a_mount_that_was_moved_is_nothing_that_is_known),
		TEST(above_where_a_program_began_is_what_its_path_says),
		TEST(a_walk_may_come_down_to_where_it_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
