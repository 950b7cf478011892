/* SPDX-License-Identifier: MIT */
/*
 * Working directories in mounts: what a record tells of the mounts that one is in,
 * and what is left of that when a mount is made, moved or unmounted.
 */
#include "cwd_script.h"

static void take_away(void)
{
	struct record r = mount_of(ROLE_UMOUNT, ROOT, LEAF, "leaf", 0);

	play(&s, &r);
}

static void work_in_bind(void)
{
	look_up(ROOT, MOUNTPOINT, "bind");
	work_in(ROOT, LEAF, "leaf", in_bind, 2);
}

/* It is bound elsewhere, and the program works in it where it is named. */
static void bind_and_work_in_leaf(void)
{
	walk_in_leaf();
	bind_leaf(MOUNTPOINT);
	work_in(ROOT, LEAF, "leaf", in_root, 2);
}

static void in_a_bind_mount_a_path_is_that_of_the_mount(void **state)
{
	(void)state;
	walk_in_leaf();
	work_in_bind();
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/bind/f dir=/bind\n");
}

static void beside_a_bind_mount_a_path_is_that_of_the_name(void **state)
{
	(void)state;
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	bind_leaf(MOUNTPOINT);
	work_in(ROOT, LEAF, "leaf", in_root, 2);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
}

/* A descriptor may be of either place. */
static void a_mount_that_was_made_leaves_open_where_a_descriptor_is(void **state)
{
	(void)state;
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	open_from(9, LEAF, LEAF_FILE);
	bind_leaf(MOUNTPOINT);
	open_from(9, LEAF, LEAF_FILE);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

static void a_copied_namespace_has_its_mounts_where_they_were(void **state)
{
	struct record r;

	(void)state;
	walk_in_leaf();
	work_in_bind();
	r = mount_of(ROLE_MOUNT, ROOT, LEAF, "leaf", OTHER);
	with(&r, FIELD_ABOVE_NS, 0);
	play(&s, &r);
	open_here();
	open_from(9, LEAF, LEAF_FILE);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/bind/f dir=/bind\n");
	says(&s, "open 3 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
}

/* A link that tells no path, as those of descriptors: the file may have been opened in the bind. */
static void behind_a_link_the_mounts_of_the_working_directory_tell_nothing(void **state)
{
	(void)state;
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	bind_leaf(MOUNTPOINT);
	look_up(ROOT, DIRECTORY, "d");
	work_in(ROOT, DIRECTORY, "d", in_root, 2);
	begin_open("l", AT_FDCWD);
	walk_to_link(&s, DIRECTORY, 0, FILE_A);
	walk_file(&s, LEAF, LEAF_FILE, "f");
	script_end(&s);
	says(&s, "open 2 \"l\" cache=hit path=? dir=/d\n"
		 "  no path: it is mounted in more than one place\n");
}

/* By a link to "/bind/x" and back up. */
static void a_walk_may_come_back_in_another_mount(void **state)
{
	(void)state;
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	bind_leaf(MOUNTPOINT);
	work_in(ROOT, LEAF, "leaf", in_root, 2);
	begin_open("l/../f", AT_FDCWD);
	walk_to_link(&s, LEAF, 0, FILE_A);
	walk_by(&s, ELSEWHERE + 1, ROOT, "bind/x", MOUNTPOINT, S_IFDIR);
	walk_by(&s, ELSEWHERE + 6, LEAF, "x", FILE_B, S_IFDIR);
	walk(&s, LEAF, 5, LEAF_FILE);
	walk_file(&s, LEAF, LEAF_FILE, "f");
	script_end(&s);
	says(&s, "open 2 \"l/../f\" cache=hit path=/bind/f dir=/leaf\n");
}

/* tmpfs on "/bind/t", which is "/leaf/t" as well. */
static void a_mount_in_a_bind_mount_is_below_both(void **state)
{
	const struct in_mount inner[] = { { 4, TMPFS, LEAF_FILE }, { 3, LEAF, MOUNTPOINT } };

	(void)state;
	walk_two(&s, "/leaf/t", LEAF, LEAF_FILE);
	look_up(ROOT, MOUNTPOINT, "bind");
	work_in(TMPFS, TMPFS, "/", inner, ROOT_MOUNT);
	open_from(AT_FDCWD, TMPFS, BELOW);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/bind/t/f dir=/bind/t\n");
}

/*
 * "/leaf" on "/bind", "/other" on that, and a third mount on that, with the directory in it that
 * the innermost one covers: a record tells of two.
 */
static void of_mounts_upon_each_other_a_third_is_not_known(void **state)
{
	const struct in_mount stacked[] = { { 4, TMPFS, DIRECTORY }, { 5, OTHER, LEAF } };

	(void)state;
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	bind_leaf(MOUNTPOINT);
	look_up(OTHER, DIRECTORY, "d");
	work_in(TMPFS, TMPFS, "/", stacked, 3);
	open_from(AT_FDCWD, TMPFS, BELOW);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

static void a_mount_upon_a_mount_is_where_that_is(void **state)
{
	const struct in_mount stacked[] = { { 4, TMPFS, LEAF }, { 3, LEAF, MOUNTPOINT } };

	(void)state;
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	work_in(TMPFS, TMPFS, "/", stacked, ROOT_MOUNT);
	open_from(AT_FDCWD, TMPFS, BELOW);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/bind/f dir=/bind\n");
}

static void a_mount_that_was_moved_has_no_path(void **state)
{
	(void)state;
	walk_in_leaf();
	look_up(ROOT, OTHER, "other");
	work_in_bind();
	bind_leaf(OTHER);
	open_here();
	work_in(ROOT, LEAF, "leaf", (struct in_mount[]){ { 3, LEAF, OTHER }, in_root[0] }, 2);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: the mount that it is in was moved or unmounted\n"
		 "  no dir: the mount that it is in was moved or unmounted\n");
	says(&s, "open 3 \"f\" cache=hit path=/other/f dir=/other\n");
}

static void a_mount_that_was_taken_away_has_no_path(void **state)
{
	const struct in_mount nowhere[] = { { 3, LEAF, LEAF }, { 3, LEAF, LEAF } };

	(void)state;
	walk_in_leaf();
	work_in_bind();
	take_away();
	open_here();
	work_in(ROOT, LEAF, "leaf", nowhere, 3);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: the mount that it is in was moved or unmounted\n");
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is in a mount that is not below the task's root\n");
}

/* A file system that walks have seen in one place. */
static void what_walks_have_seen_mounted_may_be_taken_away(void **state)
{
	struct record r;

	(void)state;
	walk_open(&s, "/m/f");
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	walk(&s, TMPFS, 3, BELOW);
	walk_file(&s, TMPFS, BELOW, "f");
	open_from(9, TMPFS, BELOW);
	r = mount_of(ROLE_UMOUNT, TMPFS, TMPFS, "/", 0);
	play(&s, &r);
	open_from(9, TMPFS, BELOW);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/m/f dir=/m\n");
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: the mount that it is in was moved or unmounted\n");
}

/* pivot_root(".", "."), as container runtimes do it. */
static void who_pivots_has_another_root(void **state)
{
	struct record r;

	(void)state;
	walk_in_leaf();
	work_in_bind();
	open_here();
	bind_leaf(NODE(2, 1));
	r = at(&s, ROLE_PIVOT, POINT_ENTRY);
	with_dentry(&r, LEAF, inline_of(LEAF), "leaf");
	with_place(&r, ROOT);
	play(&s, &r);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/bind/f dir=/bind\n");
	says(&s, "open 3 \"f\" cache=hit path=/f dir=/\n");
}

static void others_than_who_pivots_may_have_their_root_still(void **state)
{
	struct record r;

	(void)state;
	walk_in_leaf();
	work_in(ROOT, LEAF, "leaf", in_root, 2);
	start(OTHER_TASK, OTHER_TASK);
	s.tid = OTHER_TASK;
	r = at(&s, ROLE_PIVOT, POINT_ENTRY);
	with_dentry(&r, DIRECTORY, inline_of(DIRECTORY), "d");
	with_place(&r, ROOT);
	play(&s, &r);
	s.tid = PROGRAM;
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: another task changed its root\n");
}

/* Nothing but the child, which may be elsewhere then, keeps the directory that becomes the root. */
static void a_root_is_kept_whoever_leaves_it(void **state)
{
	struct record r;

	(void)state;
	start(OTHER_TASK, OTHER_TASK);
	s.tid = OTHER_TASK;
	work_in(TMPFS, TMPFS, "/", (struct in_mount[]){ { 4, TMPFS, TMPFS }, in_root[0] }, 4);
	s.tid = PROGRAM;
	r = at(&s, ROLE_PIVOT, POINT_ENTRY);
	with_dentry(&r, TMPFS, inline_of(TMPFS), "/");
	with_place(&r, TMPFS);
	play(&s, &r);
	open_from(9, TMPFS, BELOW);
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=/f dir=/\n");
}

static void a_child_works_where_its_parent_did(void **state)
{
	(void)state;
	walk_in_leaf();
	work_in_bind();
	start(OTHER_TASK, OTHER_TASK);
	s.tid = OTHER_TASK;
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/bind/f dir=/bind\n");
}

/* It has one working directory with the others, unless it left them: names alone tell the way. */
static void where_another_thread_went_this_one_may_be_or_not(void **state)
{
	(void)state;
	start(PROGRAM, PROGRAM);
	start(OTHER_TASK, PROGRAM);
	bind_and_work_in_leaf();
	open_here();
	s.tid = OTHER_TASK;
	work_in(ROOT, LEAF, "leaf", in_root, 2);
	s.tid = PROGRAM;
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* Of tasks that were there before the records came it is not known which are of one process. */
static void any_task_of_before_may_be_another_thread(void **state)
{
	(void)state;
	bind_and_work_in_leaf();
	start(300, 300);
	s.tid = 300;
	work_in(ROOT, LEAF, "leaf", in_bind, 2);
	s.tid = PROGRAM;
	open_here();
	s.tid = OTHER_TASK;
	work_in(ROOT, LEAF, "leaf", in_bind, 2);
	s.tid = PROGRAM;
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

static void after_a_loss_it_is_not_known_where_a_task_works(void **state)
{
	struct loss loss = { .scope = SCOPE_TASK, .count = 1 };

	(void)state;
	bind_and_work_in_leaf();
	loss.from = loss.to = s.ts;
	assert_int_equal(correlator_loss(s.c, &loss), 0);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

static void a_program_that_goes_nowhere_is_where_it_began(void **state)
{
	(void)state;
	begin_in_s(NULL, 0);
	walk_in_leaf();
	open_here();
	open_from(9, LEAF, LEAF_FILE);
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=/bind/s/f dir=/bind/s\n");
	says(&s, "open 3 \"f\" cache=hit path=/bind/s/f dir=/bind/s\n");
	says(&s, "open 4 \"f\" cache=hit path=? dir=?\n");
}

static void where_it_went_in_an_earlier_part_is_not_known(void **state)
{
	static const struct known_task program = { .tid = PROGRAM, .tgid = PROGRAM };

	(void)state;
	begin_in_s(&program, 1);
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=? dir=?\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(in_a_bind_mount_a_path_is_that_of_the_mount),
		TEST(beside_a_bind_mount_a_path_is_that_of_the_name),
		TEST(a_mount_that_was_made_leaves_open_where_a_descriptor_is),
		TEST(a_copied_namespace_has_its_mounts_where_they_were),
		TEST(behind_a_link_the_mounts_of_the_working_directory_tell_nothing),
		TEST(a_walk_may_come_back_in_another_mount),
		TEST(a_mount_in_a_bind_mount_is_below_both),
		TEST(of_mounts_upon_each_other_a_third_is_not_known),
		TEST(a_mount_upon_a_mount_is_where_that_is),
		TEST(a_mount_that_was_moved_has_no_path),
		TEST(a_mount_that_was_taken_away_has_no_path),
		TEST(what_walks_have_seen_mounted_may_be_taken_away),
		TEST(who_pivots_has_another_root),
		TEST(others_than_who_pivots_may_have_their_root_still),
		TEST(a_root_is_kept_whoever_leaves_it),
		TEST(a_child_works_where_its_parent_did),
		TEST(where_another_thread_went_this_one_may_be_or_not),
		TEST(any_task_of_before_may_be_another_thread),
		TEST(after_a_loss_it_is_not_known_where_a_task_works),
		TEST(a_program_that_goes_nowhere_is_where_it_began),
		TEST(where_it_went_in_an_earlier_part_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
