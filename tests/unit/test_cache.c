/* SPDX-License-Identifier: MIT */
/*
 * The answer to "was it cached", word by word: what proves it, and what must not be taken for it.
 */
#include "walk_script.h"

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void a_dentry_with_an_inode_is_a_hit(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=hit path");
}

static void a_dentry_without_an_inode_is_a_negative_hit(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk_by(&s, KNAME + 1, ROOT, "f", FILE_A, 0);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "cache=negative path");
}

static void what_was_not_there_is_a_miss(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=miss path");
}

static void only_the_last_component_answers(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=hit path=/d/f");
}

static void slashes_behind_the_last_component_do_not_matter(void **state)
{
	(void)state;
	walk_open(&s, "/d//");
	walk(&s, ROOT, 1, DIRECTORY);
	walk_file(&s, ROOT, DIRECTORY, "d");
	script_end(&s);
	says(&s, "cache=hit path=/d ");
}

static void create(uint64_t fmode, bool has_instantiate)
{
	struct record r;

	walk_open(&s, "/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, FILE_A);
	if (has_instantiate)
		act(&s, PROGRAM, ROLE_INSTANTIATE, FILE_A);
	r = opened_in(&s, ROOT, FILE_A, "f");
	with(&r, FIELD_FMODE, fmode);
	play(&s, &r);
	syscall_out(&s, 3);
	script_end(&s);
}

static void a_file_that_the_kernel_marks_as_created_is_created(void **state)
{
	(void)state;
	create(0x100000, false);
	says(&s, "cache=created");
}

static void a_dentry_that_turns_positive_within_the_open_is_created(void **state)
{
	(void)state;
	create(0, true);
	says(&s, "cache=created");
}

static void a_file_that_was_found_on_disk_is_not_created(void **state)
{
	(void)state;
	create(0x3, false);
	says(&s, "cache=miss");
}

static void refuse(int32_t dropper)
{
	walk_open(&s, "/f");
	walk(&s, ROOT, 1, FILE_A);
	if (dropper)
		act(&s, dropper, ROLE_DROP, FILE_A);
	make_dentry(&s, ROOT, 1, FILE_B);
	walk_file(&s, ROOT, FILE_B, "f");
	script_end(&s);
}

static void what_the_same_task_drops_and_allocates_anew_was_stale(void **state)
{
	(void)state;
	refuse(PROGRAM);
	says(&s, "cache=stale");
}

static void what_another_task_drops_meanwhile_was_not_stale(void **state)
{
	(void)state;
	refuse(OTHER_TASK);
	says(&s, "cache=miss");
}

/* As ESTALE makes the kernel do it: the file system refuses what it found when it opens it. */
static void refuse_late(int32_t dropper)
{
	walk_open(&s, "/d/f");
	walk(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	act(&s, dropper, ROLE_DROP, FILE_A);
	walk(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	make_dentry(&s, DIRECTORY, 3, FILE_B);
	walk_file(&s, DIRECTORY, FILE_B, "f");
	script_end(&s);
}

static void what_was_refused_before_the_kernel_walked_anew_was_stale(void **state)
{
	(void)state;
	refuse_late(PROGRAM);
	says(&s, "cache=stale");
}

static void what_another_task_drops_before_the_kernel_walks_anew_was_not_stale(void **state)
{
	(void)state;
	refuse_late(OTHER_TASK);
	says(&s, "cache=miss");
}

static void a_path_of_slashes_and_dots_has_nothing_to_look_up(void **state)
{
	static const char *const paths[] = { "/", "//", ".", "..", "/..", "./../." };

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		walk_open(&s, paths[i]);
		walk_file(&s, ROOT, ROOT, "/");
	}
	script_end(&s);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char line[64];

		snprintf(line, sizeof(line), "\"%s\" cache=none path", paths[i]);
		says(&s, line);
	}
}

static void dots_at_the_end_have_nothing_to_look_up_either(void **state)
{
	(void)state;
	walk_open(&s, "/d/..");
	walk(&s, ROOT, 1, DIRECTORY);
	walk_file(&s, ROOT, ROOT, "/");
	script_end(&s);
	says(&s, "cache=none path");
}

static void what_begins_with_dots_is_a_name(void **state)
{
	(void)state;
	walk_open(&s, "/...");
	walk(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "...");
	walk_open(&s, "/.f");
	walk(&s, ROOT, 1, FILE_B);
	walk_file(&s, ROOT, FILE_B, ".f");
	script_end(&s);
	says(&s, "\"/...\" cache=hit");
	says(&s, "\"/.f\" cache=hit");
}

static void stop_at(const char *path, bool is_found, int error)
{
	walk_open(&s, path);
	if (is_found)
		walk(&s, ROOT, 1, DIRECTORY);
	else
		walk_in_vain(&s, ROOT, 1);
	open_failed(&s, error);
	script_end(&s);
}

static void behind_a_missing_directory_the_name_is_unreached(void **state)
{
	(void)state;
	stop_at("/d/f", false, 2);
	says(&s, "cache=unreached why=a directory on the way is missing");
}

static void behind_a_directory_that_must_not_be_searched_the_name_is_unreached(void **state)
{
	(void)state;
	stop_at("/d/f", true, 13);
	says(&s, "cache=unreached why=no permission to search a directory on the way");
}

static void behind_a_file_the_name_is_unreached(void **state)
{
	(void)state;
	stop_at("/d/f", true, 20);
	says(&s, "cache=unreached why=a component on the way is not a directory");
}

static void dots_behind_a_missing_directory_are_unreached(void **state)
{
	(void)state;
	stop_at("/d/..", false, 2);
	says(&s, "cache=unreached");
}

static void an_open_that_fails_at_its_last_component_reached_it(void **state)
{
	(void)state;
	stop_at("/d", true, 13);
	says(&s, "cache=hit");
}

static void where_a_link_leads_does_not_change_its_answer(void **state)
{
	(void)state;
	walk_open(&s, "/link");
	walk_to_link(&s, ROOT, 1, FILE_A);
	look_for(&s, SLOW, ROOT, "gone/f", ELSEWHERE);
	lookup_null(&s, SLOW);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "cache=hit path=/link");
}

static void lost_records_make_it_unknown_with_the_reason(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk(&s, ROOT, 1, FILE_A);
	lose(&s, SCOPE_TASK, 1);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=unknown why=records were lost");
}

static void without_any_lookup_it_is_unknown_with_the_reason(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=unknown why=no lookup of the last component was seen");
}

static void a_walk_that_begins_again_answers_by_its_last_round(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk(&s, ROOT, 1, DIRECTORY);
	look_for(&s, FAST, DIRECTORY, "f", KNAME + 3);
	lookup_null(&s, FAST);
	walk(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "cache=hit");
	assert_int_equal(s.totals.caches[CACHE_HIT], 1);
	assert_int_equal(s.totals.caches[CACHE_MISS], 0);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_dentry_with_an_inode_is_a_hit),
		TEST(a_dentry_without_an_inode_is_a_negative_hit),
		TEST(what_was_not_there_is_a_miss),
		TEST(only_the_last_component_answers),
		TEST(slashes_behind_the_last_component_do_not_matter),
		TEST(a_file_that_the_kernel_marks_as_created_is_created),
		TEST(a_dentry_that_turns_positive_within_the_open_is_created),
		TEST(a_file_that_was_found_on_disk_is_not_created),
		TEST(what_the_same_task_drops_and_allocates_anew_was_stale),
		TEST(what_another_task_drops_meanwhile_was_not_stale),
		TEST(what_was_refused_before_the_kernel_walked_anew_was_stale),
		TEST(what_another_task_drops_before_the_kernel_walks_anew_was_not_stale),
		TEST(a_path_of_slashes_and_dots_has_nothing_to_look_up),
		TEST(dots_at_the_end_have_nothing_to_look_up_either),
		TEST(what_begins_with_dots_is_a_name),
		TEST(behind_a_missing_directory_the_name_is_unreached),
		TEST(behind_a_directory_that_must_not_be_searched_the_name_is_unreached),
		TEST(behind_a_file_the_name_is_unreached),
		TEST(dots_behind_a_missing_directory_are_unreached),
		TEST(an_open_that_fails_at_its_last_component_reached_it),
		TEST(where_a_link_leads_does_not_change_its_answer),
		TEST(lost_records_make_it_unknown_with_the_reason),
		TEST(without_any_lookup_it_is_unknown_with_the_reason),
		TEST(a_walk_that_begins_again_answers_by_its_last_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
