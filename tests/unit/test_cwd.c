/* SPDX-License-Identifier: MIT */
/*
 * Working directories in mounts: what a record tells of the mounts that one is in,
 * and what is left of that when a mount is made, moved or unmounted.
 */
#include "walk_script.h"

#include <fcntl.h>

#define LEAF	   NODE(0, 7)
#define LEAF_FILE  NODE(0, 8)
#define MOUNTPOINT NODE(0, 5)
#define OTHER	   NODE(0, 6)
#define SUB	   NODE(0, 9)
#define BELOW_SUB  NODE(0, 10)
#define TMPFS	   NODE(1, 1)
#define BELOW	   NODE(1, 2)

/* A struct mount, and the part of it that the kernel hands around. */
#define MOUNT(number)	 (UINT64_C(0xffff888300000000) + (number)*0x1000)
#define VFSMOUNT_AT	 UINT64_C(32)
#define VFSMOUNT(number) (MOUNT(number) + VFSMOUNT_AT)
#define ROOT_MOUNT	 1
#define NAMESPACE	 UINT64_C(0xffff888400000000)

/* A mount by its number, its root and the dentry that it covers. The innermost comes first. */
struct in_mount {
	int number;
	uint64_t root, on;
};

static const struct in_mount in_root[] = { { ROOT_MOUNT, ROOT, ROOT }, { 2, ROOT, ROOT } };
static const struct in_mount in_bind[] = { { 3, LEAF, MOUNTPOINT }, { ROOT_MOUNT, ROOT, ROOT } };

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void work_in(uint64_t parent, uint64_t dentry, const char *component,
		    const struct in_mount mounts[2], int above)
{
	struct record r = at(&s, ROLE_CWD, POINT_ENTRY);

	with_dentry(&r, dentry, inline_of(dentry), component);
	with_place(&r, parent);
	with(&r, FIELD_ROOT_MOUNT, VFSMOUNT(ROOT_MOUNT));
	with(&r, FIELD_VFSMOUNT_AT, VFSMOUNT_AT);
	with(&r, FIELD_VFSMOUNT, VFSMOUNT(mounts[0].number));
	with(&r, FIELD_MOUNT_ROOT, mounts[0].root);
	with(&r, FIELD_MOUNTPOINT, mounts[0].on);
	with(&r, FIELD_ABOVE, MOUNT(mounts[1].number));
	with(&r, FIELD_ABOVE_ROOT, mounts[1].root);
	with(&r, FIELD_ABOVE_POINT, mounts[1].on);
	with(&r, FIELD_TOP, MOUNT(above));
	play(&s, &r);
}

/* Outside of an open, as in the walk of a chdir(). */
static void look_up(uint64_t directory, uint64_t dentry, const char *component)
{
	look_for(&s, FAST, directory, component, USER);
	find(&s, dentry, component, S_IFDIR);
}

static void work_in_bind(void)
{
	look_up(ROOT, MOUNTPOINT, "bind");
	work_in(ROOT, LEAF, "leaf", in_bind, 2);
}

static void begin_open(const char *path, int dirfd)
{
	struct record r = at(&s, ROLE_OPEN, POINT_ENTRY);

	opened = path;
	with_text(&r, opened);
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_DFD, (uint64_t)(int64_t)dirfd);
	with(&r, FIELD_LOOKUP, 0);
	play(&s, &r);
}

static void open_from(int dirfd, uint64_t directory, uint64_t file)
{
	begin_open("f", dirfd);
	walk(&s, directory, 0, file);
	walk_file(&s, directory, file, "f");
}

static void open_here(void)
{
	open_from(AT_FDCWD, LEAF, LEAF_FILE);
}

/* @path goes up by as many ".." as it begins with, to @directory, where it finds @file. */
static void open_above(const char *path, uint64_t directory, uint64_t file)
{
	size_t last = (size_t)(strrchr(path, '/') - path) + 1;

	begin_open(path, AT_FDCWD);
	walk(&s, directory, last, file);
	walk_file(&s, directory, file, path + last);
}

static struct record mount_of(enum role role, uint64_t parent, uint64_t root, const char *component,
			      uint64_t on)
{
	struct record r = at(&s, role, POINT_ENTRY);

	with_dentry(&r, root, inline_of(root), component);
	with_place(&r, parent);
	with(&r, FIELD_MOUNTPOINT, on);
	with(&r, FIELD_ABOVE_NS, NAMESPACE);
	return r;
}

static void bind_leaf(uint64_t on)
{
	struct record r = mount_of(ROLE_MOUNT, ROOT, LEAF, "leaf", on);

	play(&s, &r);
}

static void take_away(void)
{
	struct record r = mount_of(ROLE_UMOUNT, ROOT, LEAF, "leaf", 0);

	play(&s, &r);
}

static void walk_in_leaf(void)
{
	walk_two(&s, "/leaf/f", LEAF, LEAF_FILE);
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

static void start(int32_t tid, int32_t tgid)
{
	struct record r = at(&s, ROLE_TASK, POINT_ENTRY);

	with(&r, FIELD_PID, (uint64_t)tid);
	with(&r, FIELD_TGID, (uint64_t)tgid);
	play(&s, &r);
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

/* The root of the file system has the numbers of others, as those of subvolumes have. */
static void begin_in(const struct known_task *known, size_t known_count)
{
	static const struct double_place root_twice = { .dev = 1,
							.ino = 1,
							.is_mounted_twice = true };
	struct record exec;

	script_end(&s);
	walk_begin(&s);
	correlator_free(s.c);
	s.options.cwd = (struct start_place){
		.path = "/bind/s",
		.dev = 77,
		.ino = 7,
		.root_dev = 77,
		.root_ino = 1,
		.doubles = &root_twice,
		.double_count = 1,
	};
	s.options.root = PROGRAM;
	s.options.known = known;
	s.options.known_count = known_count;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	exec = at(&s, ROLE_EXEC, POINT_ENTRY);
	play(&s, &exec);
}

static void begin_in_s(const struct known_task *known, size_t known_count)
{
	begin_in(known, known_count);
	open_here();
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

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(in_a_bind_mount_a_path_is_that_of_the_mount),
		TEST(dots_lead_up_within_a_bind_mount_and_out_of_it),
		TEST(dots_after_a_component_lead_back),
		TEST(a_path_may_end_with_dots),
		TEST(above_a_bind_mount_a_walk_may_come_back_by_the_name),
		TEST(a_walk_that_begins_again_goes_up_again),
		TEST(where_dots_lead_elsewhere_nothing_is_known_of_where_they_began),
		TEST(above_a_mount_that_was_moved_is_nothing_that_is_known),
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
		TEST(above_where_a_program_began_is_what_its_path_says),
		TEST(a_walk_may_come_down_to_where_it_began),
		TEST(a_program_that_goes_nowhere_is_where_it_began),
		TEST(where_it_went_in_an_earlier_part_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
