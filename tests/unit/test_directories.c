/* SPDX-License-Identifier: MIT */
/*
 * What names hang in: when a directory whose dentry was freed is the same one again, and what
 * speaks against it.
 */
#include "walk_script.h"

#define SUB	 NODE(0, 5)
#define MANY	 100
#define FEW	 4
#define IN_TWO	 "\"f\" in 2 "
#define IN_OTHER "\"f\" in 7 "

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

/* "f" is found in the directory at @dentry, which has the numbers of @numbers. */
static void walk_as(uint64_t dentry, uint64_t numbers, uint64_t file)
{
	struct record r = at(&s, FAST, POINT_ENTRY);

	with_text(&r, "f");
	with(&r, FIELD_LEN, 1);
	with(&r, FIELD_NAME, KNAME + 3);
	with_place(&r, numbers);
	with(&r, FIELD_PARENT, dentry);
	play(&s, &r);
	find(&s, file, "f", S_IFREG);
}

static void after_drop_caches_a_name_is_the_same(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 1);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file evict\n"
		 "  4 born=before end=alive: user filename lookup file\n");
}

static void after_drop_caches_all_parents_are_the_same(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		uint64_t directory = i ? AGAIN(DIRECTORY) : DIRECTORY, sub = i ? AGAIN(SUB) : SUB;

		walk_open(&s, "/d/s/f");
		walk(&s, ROOT, 1, directory);
		walk(&s, directory, 3, sub);
		walk(&s, sub, 5, FILE_A);
		walk_file(&s, sub, FILE_A, "f");
		evict_dentry(&s, FILE_A);
		evict_dentry(&s, sub);
		evict_dentry(&s, directory);
	}
	script_end(&s);
	assert_int_equal(count_of(&s, "\"f\" in 5 "), 1);
	assert_int_equal(count_of(&s, "\"s\" in 2 "), 1);
	assert_int_equal(count_of(&s, "\"d\" in 1 "), 1);
}

/* mkdir("/d/n"): another task reads "/d" at the same time, and is quicker. */
static void mkdir_that_loses_the_race_for(const char *component)
{
	look_for(&s, SLOW, ROOT, "d/n", ELSEWHERE);
	lookup_null(&s, SLOW);
	alloc(&s, "d/n", ELSEWHERE, SUB, inline_of(SUB));
	look_for(&s, FAST, ROOT, "d/n", ELSEWHERE);
	lookup_null(&s, FAST);
	act(&s, OTHER_TASK, ROLE_REHASH, AGAIN(DIRECTORY));
	act(&s, PROGRAM, ROLE_EVICT, SUB);
	parallel(&s, AGAIN(DIRECTORY), component, S_IFDIR);
	look_for(&s, SLOW, AGAIN(DIRECTORY), "n", ELSEWHERE + 2);
	lookup_null(&s, SLOW);
	alloc(&s, "n", ELSEWHERE + 2, SUB, inline_of(SUB));
	parallel(&s, SUB, "n", 0);
	insert_in(&s, AGAIN(DIRECTORY), SUB, "n", true);
}

static void who_lost_the_race_outside_of_an_open_is_in_the_same_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	mkdir_that_loses_the_race_for("d");
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 1);
	assert_int_equal(count_of(&s, "\"n\" in 2 "), 1);
	says(&s, "  258 born=untraced by else end=alive: lookup lookup\n");
	says(&s, "  5 born=traced end=alive: insert\n");
}

static void what_comes_of_another_component_is_not_the_lookups(void **state)
{
	(void)state;
	mkdir_that_loses_the_race_for("e");
	script_end(&s);
	lacks(&s, "\"e\" in 1 ");
	lacks(&s, "\"d\" in 1 ");
}

static void what_a_walk_outside_of_an_open_lost_is_not_the_lookups(void **state)
{
	(void)state;
	look_for(&s, SLOW, ROOT, "d/n", ELSEWHERE);
	lookup_null(&s, SLOW);
	alloc(&s, "d/n", ELSEWHERE, SUB, inline_of(SUB));
	lose(&s, SCOPE_TASK, 1);
	parallel(&s, AGAIN(DIRECTORY), "d", S_IFDIR);
	script_end(&s);
	lacks(&s, "\"d\" in 1 ");
}

/* What cannot be opened has no lookup below the directory, which would tell its numbers. */
static void a_directory_in_which_nothing_was_looked_up_yet_may_be_the_same(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	walk_open(&s, "/d/f/");
	walk_to_directory(&s, ROOT, 1, AGAIN(DIRECTORY));
	open_failed(&s, 21);
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file evict\n"
		 "  4 born=before end=alive: user filename lookup file\n");
}

static void the_numbers_of_the_first_lookup_in_it_may_make_it_another_one(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	walk_open(&s, "/d/f/");
	walk_to_directory(&s, ROOT, 1, AGAIN(DIRECTORY));
	open_failed(&s, 21);
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, AGAIN(DIRECTORY));
	walk_as(AGAIN(DIRECTORY), NODE(0, 7), FILE_B);
	open_failed(&s, 13);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 1);
	assert_int_equal(count_of(&s, IN_OTHER), 1);
	says(&s, "open 2 \"/d/f/\" cache=unreached why=");
	says(&s, "name \"f\" in 0 path=?");
	says(&s, "  258 born=before end=alive: lookup lookup\n");
}

/*
 * What O_TMPFILE made in the directory at @dentry: of that, its record tells the file system only.
 */
static void make_tmpfile(uint64_t dentry)
{
	struct record r = at(&s, ROLE_OPEN, POINT_RETURN);

	with(&r, FIELD_FILE, OPENED_FILE);
	with_dentry(&r, NODE(0, 6), inline_of(NODE(0, 6)), "#616");
	with(&r, FIELD_PARENT, dentry);
	with(&r, FIELD_SB, sb_of(dentry));
	with(&r, FIELD_INODE, INODE);
	play(&s, &r);
	syscall_out(&s, 3);
}

static void walk_after_a_tmpfile(uint64_t numbers)
{
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	walk_open(&s, "/d");
	walk_to_directory(&s, ROOT, 1, AGAIN(DIRECTORY));
	make_tmpfile(AGAIN(DIRECTORY));
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, AGAIN(DIRECTORY));
	walk_as(AGAIN(DIRECTORY), numbers, FILE_B);
	open_failed(&s, 13);
	script_end(&s);
}

static void a_directory_of_which_only_the_file_system_is_told_yet_may_be_the_same(void **state)
{
	(void)state;
	walk_after_a_tmpfile(DIRECTORY);
	assert_int_equal(count_of(&s, IN_TWO), 1);
}

static void the_numbers_after_a_record_without_them_may_make_it_another_one(void **state)
{
	(void)state;
	walk_after_a_tmpfile(NODE(0, 7));
	assert_int_equal(count_of(&s, IN_TWO), 1);
	assert_int_equal(count_of(&s, IN_OTHER), 1);
}

static void a_directory_that_was_removed_is_another_one_later(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	act(&s, OTHER_TASK, ROLE_DELETE, DIRECTORY);
	evict_dentry(&s, DIRECTORY);
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
}

/* rmdir leaves a negative dentry, which mkdir takes: with the same numbers, and with others. */
static void a_directory_that_is_made_on_the_dentry_of_a_removed_one_is_another_one(void **state)
{
	static const uint64_t numbers[] = { DIRECTORY, NODE(0, 7) };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		begin(state);
		walk_two(&s, "/d/f", DIRECTORY, FILE_A);
		evict_dentry(&s, FILE_A);
		act(&s, PROGRAM, ROLE_DELETE, DIRECTORY);
		act(&s, PROGRAM, ROLE_INSTANTIATE, DIRECTORY);
		walk_open(&s, "/d/f");
		walk(&s, ROOT, 1, DIRECTORY);
		walk_as(DIRECTORY, numbers[i], FILE_B);
		open_failed(&s, 13);
		script_end(&s);
		assert_int_equal(count_of(&s, "\"f\" in "), 2);
		assert_int_equal(count_of(&s, "path=/d/f\n"), 2);
		lacks(&s, "end=unknown");
	}
}

static void a_directory_that_another_one_replaced_is_another_one_later(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	rename_to(&s, NODE(0, 7), DIRECTORY, ROOT, "d");
	evict_dentry(&s, DIRECTORY);
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
}

static void a_directory_with_another_inode_is_another_one(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	walk_two(&s, "/d/f", NODE(0, 7), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 1);
	assert_int_equal(count_of(&s, IN_OTHER), 1);
	lacks(&s, "end=unknown");
}

static void after_a_loss_a_directory_may_be_another_one(void **state)
{
	static const enum scope scopes[] = { SCOPE_TASK, SCOPE_ANY };

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		begin(state);
		walk_two(&s, "/d/f", DIRECTORY, FILE_A);
		evict_dentry(&s, FILE_A);
		evict_dentry(&s, DIRECTORY);
		lose(&s, scopes[i], 1);
		walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
		script_end(&s);
		assert_int_equal(count_of(&s, IN_TWO), 2);
	}
}

static void a_directory_whose_eviction_was_not_seen_may_be_another_one(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
}

static void with_own_ends_alone_a_directory_may_be_another_one(void **state)
{
	(void)state;
	script_end(&s);
	script_options(&s);
	s.options.sink.name = print_node;
	s.options.sees_any = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
}

static void equal_numbers_do_not_make_two_directories_one(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_two(&s, "/e/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
	says(&s, "\"f\" in 2 path=/d/f\n");
	says(&s, "\"f\" in 2 path=/e/f\n");
}

static void other_numbers_at_one_address_are_another_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "/d/f");
	walk(&s, ROOT, 1, DIRECTORY);
	walk_as(DIRECTORY, NODE(0, 7), FILE_B);
	open_failed(&s, 13);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 1);
	assert_int_equal(count_of(&s, IN_OTHER), 1);
}

static void a_renamed_directory_keeps_what_hangs_in_it(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	rename_to(&s, DIRECTORY, NODE(0, 7), ROOT, "e");
	walk_two(&s, "/e/f", DIRECTORY, FILE_A);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 1);
	says(&s, "open 2 \"/e/f\" cache=hit path=/e/f");
}

static void memory_that_is_allocated_anew_is_another_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "/e/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_B);
	walk_file(&s, DIRECTORY, FILE_B, "f");
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
}

/* Its eviction was not seen, so nobody knows what else was not. */
static void a_directory_whose_memory_was_given_away_unseen_is_another_one_later(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	alloc(&s, "e", ELSEWHERE, DIRECTORY, inline_of(DIRECTORY));
	walk_two(&s, "/d/f", AGAIN(DIRECTORY), FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, IN_TWO), 2);
}

/* The sanitizers watch over what is still used. */
static void names_that_a_cap_pushes_out_leave_the_directory_in_use(void **state)
{
	(void)state;
	script_end(&s);
	script_options(&s);
	s.options.sink.name = print_node;
	s.options.max_names = FEW;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	for (uint64_t i = 0; i < MANY; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/d%d/s/f%d", (int)i % 3, (int)i);
		walk_open(&s, path);
		walk(&s, ROOT, 1, NODE(0, 10 + i % 3));
		walk(&s, NODE(0, 10 + i % 3), 4, NODE(0, 20 + i % 3));
		walk(&s, NODE(0, 20 + i % 3), 6, NODE(0, 30 + i));
		walk_file(&s, NODE(0, 20 + i % 3), NODE(0, 30 + i), path + 6);
		if (i % 7 == 0)
			evict_dentry(&s, NODE(0, 20 + i % 3));
	}
	script_end(&s);
	assert_true(s.totals.pushed_out > MANY - FEW);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(after_drop_caches_a_name_is_the_same),
		TEST(after_drop_caches_all_parents_are_the_same),
		TEST(who_lost_the_race_outside_of_an_open_is_in_the_same_directory),
		TEST(what_comes_of_another_component_is_not_the_lookups),
		TEST(what_a_walk_outside_of_an_open_lost_is_not_the_lookups),
		TEST(a_directory_in_which_nothing_was_looked_up_yet_may_be_the_same),
		TEST(the_numbers_of_the_first_lookup_in_it_may_make_it_another_one),
		TEST(a_directory_of_which_only_the_file_system_is_told_yet_may_be_the_same),
		TEST(the_numbers_after_a_record_without_them_may_make_it_another_one),
		TEST(a_directory_that_was_removed_is_another_one_later),
		cmocka_unit_test(
			a_directory_that_is_made_on_the_dentry_of_a_removed_one_is_another_one),
		TEST(a_directory_that_another_one_replaced_is_another_one_later),
		TEST(a_directory_with_another_inode_is_another_one),
		cmocka_unit_test(after_a_loss_a_directory_may_be_another_one),
		TEST(a_directory_whose_eviction_was_not_seen_may_be_another_one),
		TEST(with_own_ends_alone_a_directory_may_be_another_one),
		TEST(equal_numbers_do_not_make_two_directories_one),
		TEST(other_numbers_at_one_address_are_another_directory),
		TEST(a_renamed_directory_keeps_what_hangs_in_it),
		TEST(memory_that_is_allocated_anew_is_another_directory),
		TEST(a_directory_whose_memory_was_given_away_unseen_is_another_one_later),
		TEST(names_that_a_cap_pushes_out_leave_the_directory_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
