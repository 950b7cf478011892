/* SPDX-License-Identifier: MIT */
/*
 * Paths from a task's root with links followed, and none where something on the way is not known.
 */
#include "walk_script.h"

#define DEEP 30
#define LONG 200

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void begin_tmpfile(const char *path)
{
	struct record r;

	r = at(&s, ROLE_SYSCALL, POINT_ENTRY);
	with(&r, FIELD_FLAGS, 020200000);
	with(&r, FIELD_RESOLVE, 0);
	play(&s, &r);
	opened = path;
	r = at(&s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, path);
	with(&r, FIELD_KNAME, KNAME);
	play(&s, &r);
}

/* The file's own name, "#616", is none that anybody could look up. */
static void a_file_without_a_name_has_the_path_of_its_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	begin_tmpfile(".");
	walk_file(&s, DIRECTORY, FILE_B, "#616");
	script_end(&s);
	says(&s, "open 2 \".\" cache=none path=/d dir=/d\n");
}

static void a_path_of_dots_begins_where_it_ends(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "./.");
	walk_file(&s, ROOT, DIRECTORY, "d");
	script_end(&s);
	says(&s, "open 2 \"./.\" cache=none path=/d dir=/d\n");
}

static void a_start_that_the_walk_left_at_once_is_not_known(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "..");
	walk_file(&s, ROOT, DIRECTORY, "d");
	walk_open(&s, "../f");
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	walk_open(&s, "none");
	syscall_out(&s, -24);
	script_end(&s);
	says(&s, "open 2 \"..\" cache=none path=/d dir=?\n  no dir: no lookup showed it\n");
	says(&s, "open 3 \"../f\" cache=hit path=/d/f dir=?\n  no dir: no lookup showed it\n");
	says(&s, "path=? dir=?\n  no path: the end of its walk was not seen\n"
		 "  no dir: no lookup showed it\n");
}

static void a_file_without_a_name_in_a_mount_has_the_path_of_the_walk(void **state)
{
	(void)state;
	begin_tmpfile("/m");
	walk_to_directory(&s, ROOT, 1, NODE(0, 5));
	walk_file(&s, NODE(1, 1), NODE(1, 3), "#616");
	script_end(&s);
	says(&s, "open 1 \"/m\" cache=hit path=/m dir=?\n");
}

static void a_file_without_a_name_in_the_root_is_not_the_root(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	begin_tmpfile("/");
	walk_file(&s, ROOT, FILE_B, "#616");
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 2 \"/\" cache=none path=/ dir=?\n");
	says(&s, "open 3 \"f\" cache=hit path=/d/f dir=/d\n");
}

static void a_path_begins_at_the_root_of_the_task(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	s.tid = OTHER_TASK;
	walk_open(&s, "/f");
	walk(&s, DIRECTORY, 1, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f");
	says(&s, "open 2 \"/f\" cache=hit path=/f ");
}

static void a_root_that_changes_is_followed(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "/f");
	walk(&s, DIRECTORY, 1, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	script_end(&s);
	says(&s, "open 2 \"/f\" cache=hit path=/f ");
	says(&s, "open 3 \"/d/f\" cache=hit path=/d/f ");
}

static void thread_starts(int32_t starter, int32_t tid, int32_t tgid)
{
	struct record r;

	s.tid = starter;
	r = at(&s, ROLE_TASK, POINT_ENTRY);
	with(&r, FIELD_PID, (uint64_t)tid);
	with(&r, FIELD_TGID, (uint64_t)tgid);
	play(&s, &r);
	s.tid = PROGRAM;
}

/* "/d" becomes the root of @tid. */
static void chroot_by(int32_t tid)
{
	struct record r;

	s.tid = tid;
	r = at(&s, ROLE_CHROOT, POINT_ENTRY);
	with_dentry(&r, DIRECTORY, inline_of(DIRECTORY), "d");
	with_place(&r, ROOT);
	play(&s, &r);
	s.tid = PROGRAM;
}

static void a_chroot_is_the_tasks_root(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	chroot_by(PROGRAM);
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/f dir=/\n");
}

/*
 * A task holds its root: what was freed at that address is another dentry, though nobody hashed it.
 */
static void a_root_is_no_dentry_that_was_freed(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	act(&s, OTHER_TASK, ROLE_EVICT, DIRECTORY);
	act(&s, OTHER_TASK, ROLE_DROP, DIRECTORY);
	chroot_by(PROGRAM);
	walk_in_directory(&s);
	script_end(&s);
	assert_int_equal(count_of(&s, "  2 born="), 2);
	says(&s, "end=alive:\n");
}

/* In "/d", which is the task's root now. */
static void the_root_to_which_dots_lead_is_a_slash(void **state)
{
	struct record r;

	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	chroot_by(PROGRAM);
	walk_open(&s, "..");
	r = opened_in(&s, ROOT, DIRECTORY, "d");
	with(&r, FIELD_MODE, S_IFDIR);
	play(&s, &r);
	syscall_out(&s, 3);
	script_end(&s);
	says(&s, "open 2 \"..\" cache=none path=/ dir=?\n");
}

static void a_child_begins_with_the_root_of_the_task_that_made_it(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	chroot_by(PROGRAM);
	thread_starts(PROGRAM, OTHER_TASK, OTHER_TASK);
	s.tid = OTHER_TASK;
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/f dir=/\n");
}

/* A thread that called unshare() has a root of its own. */
static void the_chroot_of_another_thread_may_be_this_ones_or_not(void **state)
{
	(void)state;
	thread_starts(OTHER_TASK + 1, PROGRAM, PROGRAM);
	thread_starts(PROGRAM, OTHER_TASK, PROGRAM);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	chroot_by(OTHER_TASK);
	walk_in_directory(&s);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: another task changed its root\n"
		 "  no dir: another task changed its root\n");
	says(&s, "open 4 \"f\" cache=hit path=/d/f dir=/d\n");
}

static void a_thread_that_a_doubtful_one_made_has_a_doubtful_root(void **state)
{
	(void)state;
	thread_starts(OTHER_TASK + 1, PROGRAM, PROGRAM);
	thread_starts(PROGRAM, OTHER_TASK, PROGRAM);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	chroot_by(OTHER_TASK);
	thread_starts(PROGRAM, OTHER_TASK + 1, OTHER_TASK + 1);
	s.tid = OTHER_TASK + 1;
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "  no path: another task changed its root\n");
}

static void a_relative_walk_tells_where_it_began(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "./g");
	walk(&s, DIRECTORY, 2, FILE_B);
	walk_file(&s, DIRECTORY, FILE_B, "g");
	script_end(&s);
	says(&s, "open 2 \"./g\" cache=hit path=/d/g dir=/d\n");
}

static void a_relative_walk_from_the_root_began_at_a_slash(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "g");
	walk(&s, ROOT, 0, FILE_B);
	walk_file(&s, ROOT, FILE_B, "g");
	script_end(&s);
	says(&s, "open 2 \"g\" cache=hit path=/g dir=/\n");
}

static void without_a_known_root_there_is_no_path(void **state)
{
	(void)state;
	walk_open(&s, "g");
	walk(&s, DIRECTORY, 0, FILE_B);
	walk_file(&s, DIRECTORY, FILE_B, "g");
	script_end(&s);
	says(&s, "cache=hit path=? dir=?\n"
		 "  no path: no absolute path has shown the task's root yet\n"
		 "  no dir: no absolute path has shown the task's root yet\n");
}

static void behind_dots_it_is_not_known_where_a_walk_began(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "../g");
	walk(&s, ROOT, 3, FILE_B);
	walk_file(&s, ROOT, FILE_B, "g");
	script_end(&s);
	says(&s, "open 2 \"../g\" cache=hit path=/g dir=?\n");
}

/* The program begins in "/p/d", of which ftopen knows the numbers. */
static void begin_in_directory(void)
{
	script_end(&s);
	walk_begin(&s);
	correlator_free(s.c);
	s.options.cwd = (struct start_place){
		.path = "/p/d", .dev = 1, .ino = 2, .root_dev = 1, .root_ino = 1
	};
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
}

static void where_the_program_began_is_known_without_a_walk(void **state)
{
	(void)state;
	begin_in_directory();
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=/p/d/f dir=/p/d\n");
}

static void a_program_that_began_where_no_name_leads_to_may_be_in_either_place(void **state)
{
	(void)state;
	begin_in_directory();
	walk_two(&s, "/q/f", DIRECTORY, FILE_A);
	walk_in_directory(&s);
	walk_two(&s, "/q/f", DIRECTORY, FILE_A);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
	says(&s, "open 3 \"/q/f\" cache=hit path=/q/f ");
}

/* A directory that no walk showed may be one above. */
static void a_rename_may_be_of_a_directory_above_where_the_program_began(void **state)
{
	(void)state;
	begin_in_directory();
	s.tid = OTHER_TASK;
	rename_to(&s, NODE(0, 6), NODE(0, 7), ROOT, "q");
	s.tid = PROGRAM;
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=? dir=?\n");
}

static void the_rename_of_a_file_leaves_where_the_program_began(void **state)
{
	(void)state;
	begin_in_directory();
	walk_in_directory(&s);
	rename_to(&s, FILE_A, FILE_B, DIRECTORY, "g");
	walk_open(&s, "g");
	walk(&s, DIRECTORY, 0, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "g");
	script_end(&s);
	says(&s, "open 2 \"g\" cache=hit path=/p/d/g dir=/p/d\n");
}

static int resolved, unresolved;

static int count_paths(void *context, const struct open_call *open)
{
	(void)context;
	resolved += open->resolved.data != NULL;
	unresolved += open->resolved.data == NULL;
	return 0;
}

static void a_path_that_is_longer_than_any_is_not_told(void **state)
{
	char path[LONG + 2] = "/";

	(void)state;
	script_end(&s);
	script_options(&s);
	s.options.sink.name = NULL;
	s.options.sink.open = count_paths;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	for (uint64_t i = 0; i < DEEP; i++) {
		memset(path + !i, 'x', LONG);
		path[LONG + !i] = '\0';
		walk_open(&s, path);
		walk(&s, NODE(0, 1 + i), !i, NODE(0, 2 + i));
		walk_file(&s, NODE(0, 1 + i), NODE(0, 2 + i), path + !i);
	}
	script_end(&s);
	/* 20 components of 201 bytes with their slashes are less than PATH_MAX. */
	assert_int_equal(resolved, 20);
	assert_int_equal(unresolved, DEEP - 20);
}

/* There are too many links, or a worker of a ring follows it later. */
static void behind_a_link_that_was_not_followed_there_is_no_path(void **state)
{
	(void)state;
	walk_open(&s, "/l/f");
	walk_to_link(&s, ROOT, 1, DIRECTORY);
	open_failed(&s, 40);
	walk_open(&s, "/l");
	walk_to_link(&s, ROOT, 1, DIRECTORY);
	open_failed(&s, 40);
	script_end(&s);
	says(&s, "path=? dir=?\n  no path: it is behind a link that was not followed\n");
	says(&s, "open 2 \"/l\" cache=hit path=/l ");
}

static void a_scoped_open_does_not_tell_the_root(void **state)
{
	struct record r;

	(void)state;
	r = at(&s, ROLE_SYSCALL, POINT_ENTRY);
	with(&r, FIELD_RESOLVE, 0x10); /* RESOLVE_IN_ROOT */
	play(&s, &r);
	opened = "/f";
	r = at(&s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, opened);
	with(&r, FIELD_KNAME, KNAME);
	play(&s, &r);
	walk(&s, DIRECTORY, 1, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=hit path=? dir=?\n");
}

/* A ring's open of "/f": no system call says its RESOLVE_ flags. */
static void open_by_ring(uint64_t lookup_flags)
{
	struct record r;

	opened = "/f";
	r = at(&s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, opened);
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_LOOKUP, lookup_flags);
	play(&s, &r);
	walk(&s, DIRECTORY, 1, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
}

static void a_scoped_open_of_a_ring_does_not_tell_the_root(void **state)
{
	(void)state;
	open_by_ring(0x300000); /* LOOKUP_CACHED, LOOKUP_IN_ROOT up to 6.16 */
	says(&s, "cache=hit path=? dir=?\n");
}

static void a_scoped_open_of_a_newer_ring_does_not_tell_the_root(void **state)
{
	(void)state;
	open_by_ring(0x10000200); /* the same in 7.3 */
	says(&s, "cache=hit path=? dir=?\n");
}

static void an_open_of_a_ring_tells_the_root(void **state)
{
	(void)state;
	open_by_ring(0x200000);
	says(&s, "cache=hit path=/f dir=?\n");
}

/* stat("/d/f") of a name that does not exist, by a task whose root is known. */
static void a_name_that_no_open_asked_for_has_a_path(void **state)
{
	(void)state;
	walk_two(&s, "/d/g", DIRECTORY, FILE_B);
	opened = "/d/f";
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	alloc(&s, "f", KNAME + 3, FILE_A, inline_of(FILE_A));
	insert_in(&s, DIRECTORY, FILE_A, "f", true);
	script_end(&s);
	says(&s, "unnamed \"f\" in 2 path=/d/f\n");
}

static void a_name_that_is_unlinked_without_an_open_has_a_path(void **state)
{
	(void)state;
	walk_two(&s, "/d/g", DIRECTORY, FILE_B);
	opened = "/d/f";
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	act(&s, PROGRAM, ROLE_DELETE, FILE_A);
	script_end(&s);
	says(&s, "name \"f\" in 2 path=/d/f\n");
}

static void without_a_known_root_what_no_open_asked_for_has_no_path(void **state)
{
	(void)state;
	opened = "/d/f";
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	alloc(&s, "f", KNAME + 3, FILE_A, inline_of(FILE_A));
	insert_in(&s, DIRECTORY, FILE_A, "f", true);
	script_end(&s);
	says(&s, "unnamed \"f\" in 2 path=?\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_file_without_a_name_has_the_path_of_its_directory),
		TEST(a_path_of_dots_begins_where_it_ends),
		TEST(a_start_that_the_walk_left_at_once_is_not_known),
		TEST(a_file_without_a_name_in_a_mount_has_the_path_of_the_walk),
		TEST(a_file_without_a_name_in_the_root_is_not_the_root),
		TEST(the_root_to_which_dots_lead_is_a_slash),
		TEST(a_path_begins_at_the_root_of_the_task),
		TEST(a_root_that_changes_is_followed),
		TEST(a_chroot_is_the_tasks_root),
		TEST(a_root_is_no_dentry_that_was_freed),
		TEST(a_child_begins_with_the_root_of_the_task_that_made_it),
		TEST(the_chroot_of_another_thread_may_be_this_ones_or_not),
		TEST(a_thread_that_a_doubtful_one_made_has_a_doubtful_root),
		TEST(a_relative_walk_tells_where_it_began),
		TEST(a_relative_walk_from_the_root_began_at_a_slash),
		TEST(without_a_known_root_there_is_no_path),
		TEST(behind_dots_it_is_not_known_where_a_walk_began),
		TEST(where_the_program_began_is_known_without_a_walk),
		TEST(a_program_that_began_where_no_name_leads_to_may_be_in_either_place),
		TEST(a_rename_may_be_of_a_directory_above_where_the_program_began),
		TEST(the_rename_of_a_file_leaves_where_the_program_began),
		TEST(a_path_that_is_longer_than_any_is_not_told),
		TEST(behind_a_link_that_was_not_followed_there_is_no_path),
		TEST(a_scoped_open_does_not_tell_the_root),
		TEST(a_scoped_open_of_a_ring_does_not_tell_the_root),
		TEST(a_scoped_open_of_a_newer_ring_does_not_tell_the_root),
		TEST(an_open_of_a_ring_tells_the_root),
		TEST(a_name_that_no_open_asked_for_has_a_path),
		TEST(a_name_that_is_unlinked_without_an_open_has_a_path),
		TEST(without_a_known_root_what_no_open_asked_for_has_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
