/* SPDX-License-Identifier: MIT */
/*
 * Paths over mounts: what a walk proves of them, and where it leaves open which of several places
 * is meant.
 */
#include "walk_script.h"

#define MOUNTPOINT NODE(0, 5)
#define MOUNTED	   NODE(1, 1)

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

/* The open returns the directory @dentry, which bears the name @component in @parent. */
static void open_directory(uint64_t parent, uint64_t dentry, const char *component)
{
	struct record r = opened_in(&s, parent, dentry, component);

	with(&r, FIELD_INODE, INODE);
	with(&r, FIELD_MODE, S_IFDIR);
	play(&s, &r);
	syscall_out(&s, 3);
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

static void a_directory_has_its_own_name_behind_dots_in_a_bind_mount(void **state)
{
	(void)state;
	go_to_bind("/bind/f", 6);
	walk_open(&s, "/bind/s/../../leaf");
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	walk_to_directory(&s, NODE(0, 7), 6, NODE(0, 8));
	walk_to_directory(&s, ROOT, 14, NODE(0, 7));
	open_directory(ROOT, NODE(0, 7), "leaf");
	walk_open(&s, "/bind/");
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	open_directory(ROOT, NODE(0, 7), "leaf");
	script_end(&s);
	says(&s, "open 3 \"/bind/s/../../leaf\" cache=hit path=/leaf ");
	says(&s, "open 4 \"/bind/\" cache=hit path=/bind ");
}

/* "/cwd" leads to "/leaf", or to "/bind", where that is mounted: no lookup tells which. */
static void behind_a_link_without_lookups_it_is_not_known_in_which_mount_a_walk_is(void **state)
{
	(void)state;
	go_to_bind("/bind/f", 6);
	walk_open(&s, "/cwd/f");
	walk_to_link(&s, ROOT, 1, NODE(0, 8));
	walk(&s, NODE(0, 7), 5, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	walk_open(&s, "/fd");
	walk_to_link(&s, ROOT, 1, NODE(0, 9));
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	walk_open(&s, "/fd");
	walk_to_link(&s, ROOT, 1, NODE(0, 9));
	open_directory(ROOT, NODE(0, 7), "leaf");
	script_end(&s);
	says(&s, "open 3 \"/cwd/f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
	says(&s, "open 4 \"/fd\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
	says(&s, "open 5 \"/fd\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* "/" is mounted on "/m". */
static void what_is_walked_to_by_the_root_below_itself_has_the_path_of_the_walk(void **state)
{
	(void)state;
	walk_open(&s, "/m/d/f");
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	walk_to_directory(&s, ROOT, 3, DIRECTORY);
	walk(&s, DIRECTORY, 5, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	walk_in_directory(&s);
	walk_open(&s, "/m/../d/f");
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	walk_to_directory(&s, ROOT, 6, DIRECTORY);
	walk(&s, DIRECTORY, 8, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/m/d/f\" cache=hit path=/m/d/f ");
	says(&s, "open 2 \"/d/f\" cache=hit path=/d/f ");
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
	says(&s, "open 4 \"/m/../d/f\" cache=hit path=/d/f ");
}

/* "/a" is mounted on "/a/b". */
static void what_is_mounted_below_itself_has_the_path_of_the_walk(void **state)
{
	(void)state;
	walk_open(&s, "/a/b/b/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_to_directory(&s, DIRECTORY, 3, MOUNTPOINT);
	walk_to_directory(&s, DIRECTORY, 5, MOUNTPOINT);
	walk(&s, MOUNTPOINT, 7, FILE_A);
	walk_file(&s, MOUNTPOINT, FILE_A, "f");
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 1 \"/a/b/b/f\" cache=hit path=/a/b/b/f ");
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* "/leaf", which nobody walked by its own name, is mounted on "/bind", and elsewhere. */
static void what_is_mounted_on_its_own_file_system_may_be_in_another_place(void **state)
{
	(void)state;
	walk_open(&s, "/bind/f");
	walk_to_directory(&s, ROOT, 1, MOUNTPOINT);
	walk(&s, NODE(0, 7), 6, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	walk_open(&s, "f");
	walk(&s, NODE(0, 7), 0, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

static void what_another_file_system_has_mounted_once_is_there(void **state)
{
	(void)state;
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	walk_open(&s, "f");
	walk(&s, MOUNTED, 0, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/m/f dir=/m\n");
}

/* Of "/m" nothing is known but that it is mounted below itself. */
static void what_is_only_known_to_be_below_itself_has_no_path(void **state)
{
	(void)state;
	walk_open(&s, "b/f");
	walk_to_directory(&s, MOUNTED, 0, NODE(1, 2));
	walk(&s, MOUNTED, 2, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "f");
	walk(&s, MOUNTED, 0, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	script_end(&s);
	says(&s, "open 3 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* What ftopen saw in two places when the trace began. */
static void begin_with_double(const struct double_place *place)
{
	script_end(&s);
	walk_begin(&s);
	correlator_free(s.c);
	s.options.cwd.doubles = place;
	s.options.cwd.double_count = 1;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
}

static const struct double_place bound = { .dev = 1, .ino = 7 };
static const struct double_place twice = { .dev = 2, .ino = 1, .is_mounted_twice = true };
static const struct double_place root_twice = { .dev = 1, .ino = 1, .is_mounted_twice = true };

/* "/leaf/s/f"; then "f" relative to "s", and relative to "/leaf". */
static void walk_in_leaf(void)
{
	walk_open(&s, "/leaf/s/f");
	walk_to_directory(&s, ROOT, 1, NODE(0, 7));
	walk_to_directory(&s, NODE(0, 7), 6, NODE(0, 8));
	walk(&s, NODE(0, 8), 8, FILE_A);
	walk_file(&s, NODE(0, 8), FILE_A, "f");
	walk_open(&s, "f");
	walk(&s, NODE(0, 8), 0, FILE_A);
	walk_file(&s, NODE(0, 8), FILE_A, "f");
	walk_open(&s, "g");
	walk_in_vain(&s, NODE(0, 7), 0);
	open_failed(&s, 2);
}

static void what_was_bound_before_the_trace_may_be_in_either_place(void **state)
{
	(void)state;
	begin_with_double(&bound);
	walk_in_leaf();
	script_end(&s);
	says(&s, "open 1 \"/leaf/s/f\" cache=hit path=/leaf/s/f ");
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n"
		 "  no dir: it is mounted in more than one place\n");
	says(&s, "open 3 \"g\" cache=miss path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

static void beside_what_was_bound_there_is_one_place(void **state)
{
	(void)state;
	begin_with_double(&bound);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 2 \"f\" cache=hit path=/d/f dir=/d\n");
}

static void only_a_walk_over_the_mount_has_a_path(const struct double_place *place)
{
	begin_with_double(place);
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	walk_open(&s, "f");
	walk(&s, MOUNTED, 0, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	script_end(&s);
	says(&s, "open 1 \"/m/f\" cache=hit path=/m/f ");
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* "/leaf" is on another file system than "/m" is, where it is mounted. */
static void what_was_bound_on_another_file_system_may_be_where_its_name_is(void **state)
{
	(void)state;
	only_a_walk_over_the_mount_has_a_path(&(struct double_place){ .dev = 2, .ino = 1 });
}

static void what_was_mounted_twice_before_the_trace_may_be_in_either_place(void **state)
{
	(void)state;
	only_a_walk_over_the_mount_has_a_path(&twice);
}

static void in_a_root_that_was_mounted_twice_only_absolute_walks_have_paths(void **state)
{
	(void)state;
	begin_with_double(&root_twice);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_in_directory(&s);
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f ");
	says(&s, "open 2 \"f\" cache=hit path=? dir=?\n"
		 "  no path: it is mounted in more than one place\n");
}

/* It may have gone to the other place since. */
static void a_program_that_began_in_what_was_bound_may_be_in_either_place(void **state)
{
	(void)state;
	script_end(&s);
	walk_begin(&s);
	correlator_free(s.c);
	s.options.cwd = (struct start_place){
		.path = "/bind/s",
		.dev = 1,
		.ino = 8,
		.root_dev = 1,
		.root_ino = 1,
		.doubles = &bound,
		.double_count = 1,
	};
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	walk_open(&s, "s/f");
	walk_to_directory(&s, NODE(0, 7), 0, NODE(0, 8));
	walk(&s, NODE(0, 8), 2, FILE_A);
	walk_file(&s, NODE(0, 8), FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"s/f\" cache=hit path=? dir=?\n");
}

static void what_is_mounted_above_the_root_does_not_matter(void **state)
{
	(void)state;
	cross("/m/f", MOUNTPOINT, NODE(1, 3));
	walk_open(&s, "/f");
	walk(&s, MOUNTED, 1, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	walk_open(&s, "f");
	walk(&s, MOUNTED, 0, NODE(1, 3));
	walk_file(&s, MOUNTED, NODE(1, 3), "f");
	script_end(&s);
	says(&s, "open 2 \"/f\" cache=hit path=/f ");
	says(&s, "open 3 \"f\" cache=hit path=/f dir=/\n");
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
		TEST(a_directory_has_its_own_name_behind_dots_in_a_bind_mount),
		TEST(behind_a_link_without_lookups_it_is_not_known_in_which_mount_a_walk_is),
		TEST(what_is_walked_to_by_the_root_below_itself_has_the_path_of_the_walk),
		TEST(what_is_mounted_below_itself_has_the_path_of_the_walk),
		TEST(what_is_mounted_on_its_own_file_system_may_be_in_another_place),
		TEST(what_another_file_system_has_mounted_once_is_there),
		TEST(what_is_only_known_to_be_below_itself_has_no_path),
		TEST(what_was_bound_before_the_trace_may_be_in_either_place),
		TEST(beside_what_was_bound_there_is_one_place),
		TEST(what_was_bound_on_another_file_system_may_be_where_its_name_is),
		TEST(what_was_mounted_twice_before_the_trace_may_be_in_either_place),
		TEST(in_a_root_that_was_mounted_twice_only_absolute_walks_have_paths),
		TEST(a_program_that_began_in_what_was_bound_may_be_in_either_place),
		TEST(what_is_mounted_above_the_root_does_not_matter),
		TEST(a_mounted_file_has_the_path_of_the_walk),
		TEST(behind_what_is_no_directory_nothing_is_mounted),
		TEST(a_component_of_another_string_proves_no_mount),
		TEST(behind_dots_it_is_not_known_in_which_mount_a_walk_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
