/* SPDX-License-Identifier: MIT */
/*
 * Paths from a task's root with links followed: over mounts that are proved, and none where
 * something on the way is not known.
 */
#include "walk_script.h"

#define MOUNTPOINT NODE(0, 5)
#define MOUNTED	   NODE(1, 1)
#define DEEP	   30
#define LONG	   200

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void cross(const char *path, uint64_t mountpoint, uint64_t file)
{
	walk_open(&s, path);
	walk(&s, ROOT, 1, mountpoint);
	walk(&s, MOUNTED, (size_t)(strrchr(path, '/') - path) + 1, file);
	walk_file(&s, MOUNTED, file, strrchr(path, '/') + 1);
}

static void neighbours_on_two_file_systems_prove_a_mount(void **state)
{
	(void)state;
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	script_end(&s);
	says(&s, "open 1 \"/m/f\" cache=hit path=/m/f");
	says(&s, "name \"f\" in 1 path=/m/f\n");
}

static void what_is_mounted_twice_has_the_path_of_each_walk(void **state)
{
	(void)state;
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	cross("/n/f", NODE(0, 6), NODE(1, 3));
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	script_end(&s);
	says(&s, "open 1 \"/m/f\" cache=hit path=/m/f");
	says(&s, "open 2 \"/n/f\" cache=hit path=/n/f");
	says(&s, "open 3 \"/m/f\" cache=hit path=/m/f");
}

static void below_what_is_mounted_twice_a_relative_walk_has_no_path(void **state)
{
	(void)state;
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	cross("/n/f", NODE(0, 6), NODE(1, 3));
	walk_open(&s, "f");
	walk(&s, MOUNTED, 0, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	script_end(&s);
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* "/leaf" is mounted on "/bind", on one file system. */
static void go_to_bind(const char *path, size_t offset)
{
	walk_open(&s, "/leaf/f");
	walk_to_directory(&s, ROOT, 1, NODE(0, 7));
	walk(&s, NODE(0, 7), 6, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	walk_open(&s, path);
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	walk(&s, NODE(0, 7), offset, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
}

static void a_bind_mount_has_the_path_of_the_walk(void **state)
{
	(void)state;
	go_to_bind("/bind/./f", 8);
	script_end(&s);
	says(&s, "open 1 \"/leaf/f\" cache=hit path=/leaf/f");
	says(&s, "open 2 \"/bind/./f\" cache=hit path=/bind/f");
}

static void below_a_bind_mount_a_relative_walk_has_no_path(void **state)
{
	(void)state;
	go_to_bind("/bind/f", 6);
	walk_open(&s, "f");
	walk(&s, NODE(0, 7), 0, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	script_end(&s);
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* "/g" is mounted on "/d/f": the file that is opened is not the one that was looked up. */
static void a_mounted_file_has_the_path_of_the_walk(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, ROOT, FILE_B, "g");
	walk_open(&s, "/g");
	walk(&s, ROOT, 1, FILE_B);
	walk_file(&s, ROOT, FILE_B, "g");
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f");
	says(&s, "open 2 \"/g\" cache=hit path=/g");
}

static void dots_between_two_components_prove_no_mount(void **state)
{
	(void)state;
	cross("/m/../f", MOUNTPOINT, NODE(1, 3));
	script_end(&s);
	says(&s, "cache=hit path=? ");
}

static void a_link_without_lookups_proves_no_mount(void **state)
{
	(void)state;
	walk_open(&s, "/cwd/f");
	walk_to_link(&s, ROOT, 1, MOUNTPOINT);
	walk(&s, MOUNTED, 5, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	script_end(&s);
	says(&s, "cache=hit path=? ");
}

static void behind_what_is_no_directory_nothing_is_mounted(void **state)
{
	(void)state;
	walk_open(&s, "/m/f");
	walk(&s, ROOT, 1, MOUNTPOINT);
	walk(&s, NODE(0, 7), 3, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	script_end(&s);
	says(&s, "cache=hit path=? dir=?\n"
		 "  no path: no lookup showed the name of a directory on the way\n");
}

/* rename("/d/f", "/n/f") looks up "f" in /d after "n" and "f" of the other path were walked. */
static void a_component_of_another_string_proves_no_mount(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_by(&s, ELSEWHERE + 1, ROOT, "n/f", NODE(0, 6), S_IFDIR);
	walk_by(&s, KNAME + 3, DIRECTORY, "f", FILE_A, S_IFREG);
	walk_open(&s, "f");
	walk(&s, DIRECTORY, 0, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/d/f dir=/d\n");
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

static void open_relative(void)
{
	walk_open(&s, "f");
	walk(&s, DIRECTORY, 0, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
}

static void where_the_program_began_is_known_without_a_walk(void **state)
{
	(void)state;
	begin_in_directory();
	open_relative();
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=/p/d/f dir=/p/d\n");
}

static void names_of_walks_count_more_than_where_the_program_began(void **state)
{
	(void)state;
	begin_in_directory();
	walk_two(&s, "/q/f", DIRECTORY, FILE_A);
	open_relative();
	script_end(&s);
	says(&s, "open 1 \"/q/f\" cache=hit path=/q/f");
	says(&s, "open 2 \"f\" cache=hit path=/q/f dir=/q\n");
}

/* A directory that no walk showed may be one above. */
static void a_rename_may_be_of_a_directory_above_where_the_program_began(void **state)
{
	(void)state;
	begin_in_directory();
	s.tid = OTHER_TASK;
	rename_to(&s, NODE(0, 6), NODE(0, 7), ROOT, "q");
	s.tid = PROGRAM;
	open_relative();
	script_end(&s);
	says(&s, "open 1 \"f\" cache=hit path=? dir=?\n");
}

static void the_rename_of_a_file_leaves_where_the_program_began(void **state)
{
	(void)state;
	begin_in_directory();
	open_relative();
	rename_to(&s, FILE_A, FILE_B, DIRECTORY, "g");
	walk_open(&s, "g");
	walk(&s, DIRECTORY, 0, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "g");
	script_end(&s);
	says(&s, "open 2 \"g\" cache=hit path=/p/d/g dir=/p/d\n");
}

/* Two places, of which ".." does not say from which one the walk comes. */
static void behind_dots_it_is_not_known_in_which_mount_a_walk_is(void **state)
{
	(void)state;
	go_to_bind("/bind/f", 6);
	walk_open(&s, "../leaf/f");
	walk(&s, NODE(0, 7), 8, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	script_end(&s);
	says(&s, "open 3 \"../leaf/f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
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

static void a_scoped_open_does_not_tell_the_root(void **state)
{
	struct record r;

	(void)state;
	r = at(&s, ROLE_SYSCALL, EDGE_ENTRY);
	with(&r, FIELD_RESOLVE, 0x10); /* RESOLVE_IN_ROOT */
	play(&s, &r);
	opened = "/f";
	r = at(&s, ROLE_OPEN, EDGE_ENTRY);
	with_text(&r, opened);
	with(&r, FIELD_KNAME, KNAME);
	play(&s, &r);
	walk(&s, DIRECTORY, 1, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=hit path=? dir=?\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(neighbours_on_two_file_systems_prove_a_mount),
		TEST(what_is_mounted_twice_has_the_path_of_each_walk),
		TEST(below_what_is_mounted_twice_a_relative_walk_has_no_path),
		TEST(a_bind_mount_has_the_path_of_the_walk),
		TEST(below_a_bind_mount_a_relative_walk_has_no_path),
		TEST(dots_between_two_components_prove_no_mount),
		TEST(a_link_without_lookups_proves_no_mount),
		TEST(a_mounted_file_has_the_path_of_the_walk),
		TEST(behind_what_is_no_directory_nothing_is_mounted),
		TEST(a_component_of_another_string_proves_no_mount),
		TEST(a_path_begins_at_the_root_of_the_task),
		TEST(a_root_that_changes_is_followed),
		TEST(a_relative_walk_tells_where_it_began),
		TEST(a_relative_walk_from_the_root_began_at_a_slash),
		TEST(without_a_known_root_there_is_no_path),
		TEST(behind_dots_it_is_not_known_where_a_walk_began),
		TEST(where_the_program_began_is_known_without_a_walk),
		TEST(names_of_walks_count_more_than_where_the_program_began),
		TEST(a_rename_may_be_of_a_directory_above_where_the_program_began),
		TEST(the_rename_of_a_file_leaves_where_the_program_began),
		TEST(behind_dots_it_is_not_known_in_which_mount_a_walk_is),
		TEST(a_path_that_is_longer_than_any_is_not_told),
		TEST(a_scoped_open_does_not_tell_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
