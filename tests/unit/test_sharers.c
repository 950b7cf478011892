/* SPDX-License-Identifier: MIT */
/*
 * Tasks that have one working directory and one root, threads of one process or not, and threads
 * that have left the others (CLONE_FS).
 */
#include "cwd_script.h"

#define CHILD	  OTHER_TASK
#define LOADER	  300
#define FS	  UINT64_C(0xffff888500000000)
#define FS_OF_ONE UINT64_C(0xffff888500000100)

/* The running task starts @tid, which has @fs then, as so many tasks have. */
static void starts(int32_t tid, int32_t tgid, uint64_t fs, uint32_t users)
{
	struct record r = at(&s, ROLE_TASK, POINT_ENTRY);

	with(&r, FIELD_PID, (uint64_t)tid);
	with(&r, FIELD_TGID, (uint64_t)tgid);
	with(&r, FIELD_FS, fs);
	with(&r, FIELD_FS_USERS, users);
	play(&s, &r);
}

/* A process whose parent has its working directory as well. */
static void starts_sharer(void)
{
	starts(CHILD, CHILD, FS, 2);
}

static void goes_to_leaf(int32_t tid, uint64_t fs, uint32_t users, const struct in_mount mounts[2])
{
	struct record r;

	s.tid = tid;
	r = works_in(ROOT, LEAF, "leaf", mounts, 2);
	with(&r, FIELD_FS, fs);
	with(&r, FIELD_FS_USERS, users);
	play(&s, &r);
	s.tid = PROGRAM;
}

static void takes_root(int32_t tid, uint64_t fs, uint32_t users)
{
	struct record r;

	s.tid = tid;
	r = at(&s, ROLE_CHROOT, POINT_ENTRY);
	with_dentry(&r, LEAF, inline_of(LEAF), "leaf");
	with_place(&r, ROOT);
	with(&r, FIELD_FS, fs);
	with(&r, FIELD_FS_USERS, users);
	play(&s, &r);
	s.tid = PROGRAM;
}

/* The directory of PROGRAM has two places: it works in "/bind". */
static void begin_in_bind(uint64_t fs, uint32_t users)
{
	walk_in_leaf();
	look_up(ROOT, MOUNTPOINT, "bind");
	bind_leaf(MOUNTPOINT);
	goes_to_leaf(PROGRAM, fs, users, in_bind);
}

static void is_in_bind(const char *open)
{
	char line[128];

	snprintf(line, sizeof(line), "open %s \"f\" cache=hit path=/bind/f dir=/bind\n", open);
	says(&s, line);
}

static void is_not_known(const char *open)
{
	char line[160];

	snprintf(line, sizeof(line),
		 "open %s \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n",
		 open);
	says(&s, line);
}

static void where_a_process_went_who_shares_with_it_may_be(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts_sharer();
	open_here();
	goes_to_leaf(CHILD, FS, 2, in_root);
	open_here();
	script_end(&s);
	is_in_bind("2");
	is_not_known("3");
}

static void so_may_the_child_where_its_parent_went(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts_sharer();
	goes_to_leaf(PROGRAM, FS, 2, in_root);
	s.tid = CHILD;
	open_here();
	script_end(&s);
	is_not_known("2");
}

/* The child is gone, or it has left the others. */
static void whom_nobody_shares_with_moves_nobody(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts_sharer();
	goes_to_leaf(CHILD, FS_OF_ONE, 1, in_root);
	open_here();
	goes_to_leaf(PROGRAM, FS, 1, in_bind);
	s.tid = CHILD;
	open_here();
	script_end(&s);
	is_in_bind("2");
	says(&s, "open 3 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
}

static void a_thread_that_left_the_others_moves_none_of_them(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts(CHILD, PROGRAM, FS, 2);
	starts(LOADER, PROGRAM, FS, 3);
	goes_to_leaf(CHILD, FS_OF_ONE, 1, in_root);
	open_here();
	goes_to_leaf(LOADER, FS, 2, in_root);
	open_here();
	script_end(&s);
	is_in_bind("2");
	is_not_known("3");
}

/* LOADER, who shares with CHILD and not with PROGRAM, goes elsewhere. */
static void is_taken_along_by_loader(void)
{
	goes_to_leaf(LOADER, FS_OF_ONE, 2, in_root);
	open_here();
	s.tid = CHILD;
	open_here();
	script_end(&s);
	is_in_bind("2");
	is_not_known("3");
}

/* Those who left share with others, which is seen when these start. */
static void who_left_may_share_with_others(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts(CHILD, PROGRAM, FS, 2);
	s.tid = CHILD;
	starts(LOADER, LOADER, FS_OF_ONE, 2);
	is_taken_along_by_loader();
}

static void a_child_of_its_own_moves_nobody(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts(CHILD, CHILD, FS_OF_ONE, 1);
	s.tid = CHILD;
	starts(LOADER, CHILD, FS_OF_ONE, 2);
	is_taken_along_by_loader();
}

/* Where others begin, who was there before the records came tells by itself. */
static void who_was_there_before_is_known_by_where_it_goes(void **state)
{
	(void)state;
	begin_in_bind(FS, 3);
	goes_to_leaf(LOADER, FS_OF_ONE, 2, in_root);
	open_here();
	goes_to_leaf(CHILD, FS, 3, in_root);
	open_here();
	script_end(&s);
	is_in_bind("2");
	is_not_known("3");
}

/* The program began in "/bind/s", from where a child took it away. */
static void dots_do_not_begin_where_a_sharer_left_from(void **state)
{
	(void)state;
	begin_in_s(NULL, 0);
	starts_sharer();
	open_above("../f", DIRECTORY, FILE_A);
	goes_to_leaf(CHILD, FS, 2, in_root);
	open_above("../f", OTHER, FILE_B);
	script_end(&s);
	says(&s, "open 2 \"../f\" cache=hit path=/bind/f dir=/bind/s\n");
	says(&s, "open 3 \"../f\" cache=hit path=? dir=?\n");
}

static void a_root_is_shared_as_well(void **state)
{
	(void)state;
	walk_in_leaf();
	starts_sharer();
	takes_root(CHILD, FS, 2);
	open_here();
	walk_in_leaf();
	takes_root(CHILD, FS_OF_ONE, 1);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: another task changed its root\n");
	says(&s, "open 4 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
}

/* Which of both comes last is not recorded, but that one is done with it before it does more. */
static void of_two_who_go_at_once_it_is_not_known_who_is_the_last(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts_sharer();
	goes_to_leaf(CHILD, FS, 2, in_root);
	goes_to_leaf(PROGRAM, FS, 2, in_bind);
	open_here();
	goes_to_leaf(CHILD, FS, 2, in_root);
	s.tid = CHILD;
	open_here();
	goes_to_leaf(PROGRAM, FS, 2, in_bind);
	open_here();
	script_end(&s);
	is_not_known("2");
	says(&s, "open 3 \"f\" cache=hit path=/leaf/f dir=/leaf\n");
	is_in_bind("4");
}

static void nor_whose_root_is_the_last(void **state)
{
	(void)state;
	walk_in_leaf();
	starts_sharer();
	takes_root(CHILD, FS, 2);
	takes_root(PROGRAM, FS, 2);
	open_here();
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: another task changed its root\n");
}

/* The thread that executes a program takes the number of its process, and keeps its own place. */
static void executes(void)
{
	struct record r = at(&s, ROLE_EXEC, POINT_ENTRY);

	play(&s, &r);
}

static void a_program_may_begin_where_a_thread_had_gone(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts(CHILD, PROGRAM, FS, 2);
	goes_to_leaf(CHILD, FS_OF_ONE, 1, in_root);
	open_here();
	executes();
	open_here();
	script_end(&s);
	is_in_bind("2");
	is_not_known("3");
}

static void or_where_the_first_one_is_no_longer(void **state)
{
	(void)state;
	walk_in_leaf();
	start(PROGRAM, PROGRAM);
	walk_in_leaf();
	starts(CHILD, PROGRAM, FS, 2);
	takes_root(PROGRAM, FS_OF_ONE, 1);
	executes();
	open_here();
	script_end(&s);
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: another task changed its root\n");
}

static void it_begins_where_all_threads_are(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	starts(CHILD, PROGRAM, FS, 2);
	executes();
	open_here();
	goes_to_leaf(PROGRAM, FS, 1, in_bind);
	executes();
	open_here();
	script_end(&s);
	is_in_bind("2");
	is_in_bind("3");
}

/* Records of older recordings do not tell who shares: threads may. */
static void a_start_that_tells_nothing_leaves_it_open(void **state)
{
	(void)state;
	begin_in_bind(FS, 1);
	start(CHILD, PROGRAM);
	goes_to_leaf(CHILD, FS, 2, in_root);
	open_here();
	script_end(&s);
	is_not_known("2");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(where_a_process_went_who_shares_with_it_may_be),
		TEST(so_may_the_child_where_its_parent_went),
		TEST(whom_nobody_shares_with_moves_nobody),
		TEST(a_thread_that_left_the_others_moves_none_of_them),
		TEST(who_left_may_share_with_others),
		TEST(a_child_of_its_own_moves_nobody),
		TEST(who_was_there_before_is_known_by_where_it_goes),
		TEST(dots_do_not_begin_where_a_sharer_left_from),
		TEST(a_root_is_shared_as_well),
		TEST(of_two_who_go_at_once_it_is_not_known_who_is_the_last),
		TEST(nor_whose_root_is_the_last),
		TEST(a_program_may_begin_where_a_thread_had_gone),
		TEST(or_where_the_first_one_is_no_longer),
		TEST(it_begins_where_all_threads_are),
		TEST(a_start_that_tells_nothing_leaves_it_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
