/* SPDX-License-Identifier: MIT */
/*
 * A directory that was freed, was loaded again by a task that is not traced, and is known by its
 * new dentry before a walk finds that by its name: when it is the same one, and when it need not
 * be.
 */
#include "walk_script.h"

#define SUB		   NODE(0, 5)
#define OTHER_DIR	   NODE(0, 7)
#define FILE_C		   NODE(0, 8)
#define BACK		   AGAIN(DIRECTORY)
#define ONCE_IN(component) "\"" component "\" in 2 "

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

/* "/d/f" is opened, and both are freed. */
static void open_and_evict(void)
{
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
}

/* Another task loads @directory, and moves "/a", which is known, into it as "g". */
static void known_by_a_rename_in(uint64_t directory)
{
	walk_open(&s, "/a");
	walk(&s, ROOT, 1, FILE_B);
	walk_file(&s, ROOT, FILE_B, "a");
	act(&s, OTHER_TASK, ROLE_REHASH, directory);
	s.tid = OTHER_TASK;
	rename_to(&s, FILE_B, NODE(0, 9), directory, "g");
	s.tid = PROGRAM;
}

static void open_f(uint64_t directory)
{
	walk_two(&s, "/d/f", directory, FILE_C);
}

static void a_rename_into_it_does_not_make_a_directory_another_one(void **state)
{
	(void)state;
	open_and_evict();
	known_by_a_rename_in(BACK);
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 1);
	assert_int_equal(count_of(&s, ONCE_IN("g")), 1);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file evict\n"
		 "  8 born=before end=alive: user filename lookup file\n");
	lacks(&s, "born=unknown");
}

/* The name is known in both: it has been opened from the directory itself, too. */
static void names_that_are_known_twice_are_one(void **state)
{
	(void)state;
	open_and_evict();
	walk_open(&s, "f");
	walk(&s, BACK, 0, FILE_B);
	walk_file(&s, BACK, FILE_B, "f");
	walk_two(&s, "/d/f", BACK, FILE_B);
	script_end(&s);
	assert_int_equal(count_of(&s, "\"f\" in "), 1);
	says(&s,
	     "\"f\" in 2 path=/d/f\n"
	     "  3 born=before end=evicted by else: user filename lookup file evict\n"
	     "  4 born=before end=alive: user filename lookup file user filename lookup file\n");
}

/* "/d/s/f" and then, from the directory of "s", "s/f" at other dentries. */
static void what_hangs_below_is_the_same_as_well(void **state)
{
	(void)state;
	walk_open(&s, "/d/s/f");
	walk(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, SUB);
	walk(&s, SUB, 5, FILE_A);
	walk_file(&s, SUB, FILE_A, "f");
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, SUB);
	evict_dentry(&s, DIRECTORY);
	walk_open(&s, "s/f");
	walk(&s, BACK, 0, AGAIN(SUB));
	walk(&s, AGAIN(SUB), 2, FILE_B);
	walk_file(&s, AGAIN(SUB), FILE_B, "f");
	walk_two(&s, "/d/g", BACK, FILE_C);
	walk_open(&s, "s/f");
	walk(&s, BACK, 0, AGAIN(SUB));
	walk(&s, AGAIN(SUB), 2, FILE_B);
	walk_file(&s, AGAIN(SUB), FILE_B, "f");
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("s")), 1);
	assert_int_equal(count_of(&s, "\"f\" in 5 "), 1);
	says(&s, "open 4 \"s/f\" cache=hit path=/d/s/f dir=/d\n");
}

/* An open that began in the directory is told with its path, although that was learned later. */
static void who_is_in_the_directory_stays_in_it(void **state)
{
	(void)state;
	open_and_evict();
	walk_open(&s, "f/../../d/f");
	look_for(&s, FAST, BACK, "f/../../d/f", KNAME);
	find(&s, FILE_B, "f", S_IFDIR);
	walk_to_directory(&s, ROOT, 8, BACK);
	walk(&s, BACK, 10, FILE_C);
	walk_file(&s, BACK, FILE_C, "f");
	script_end(&s);
	says(&s, "open 2 \"f/../../d/f\" cache=hit path=/d/f dir=/d\n");
}

static void what_is_mounted_in_it_stays_there(void **state)
{
	(void)state;
	open_and_evict();
	walk_open(&s, "m/f");
	walk_to_directory(&s, BACK, 0, SUB);
	walk(&s, NODE(1, 1), 2, NODE(1, 2));
	walk_file(&s, NODE(1, 1), NODE(1, 2), "f");
	open_f(BACK);
	walk_open(&s, "m/f");
	walk_to_directory(&s, BACK, 0, SUB);
	walk(&s, NODE(1, 1), 2, NODE(1, 2));
	walk_file(&s, NODE(1, 1), NODE(1, 2), "f");
	script_end(&s);
	says(&s, "open 4 \"m/f\" cache=hit path=/d/m/f dir=/d\n");
}

static void where_it_ignores_case_spellings_of_both_are_one(void **state)
{
	struct record r;

	(void)state;
	open_and_evict();
	walk_open(&s, "G");
	look_for(&s, FAST, BACK, "G", KNAME);
	r = at(&s, FAST, POINT_RETURN);
	with_dentry(&r, FILE_B, inline_of(FILE_B), "g");
	with(&r, FIELD_INODE, INODE);
	with(&r, FIELD_MODE, S_IFREG);
	play(&s, &r);
	walk_file(&s, BACK, FILE_B, "g");
	walk_open(&s, "F");
	walk(&s, BACK, 0, FILE_C);
	walk_file(&s, BACK, FILE_C, "F");
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")) + count_of(&s, ONCE_IN("F")), 1);
}

/* --- what need not be the same ---------------------------------------------------------------- */

static void another_inode_makes_another_directory(void **state)
{
	(void)state;
	open_and_evict();
	known_by_a_rename_in(OTHER_DIR);
	open_f(OTHER_DIR);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 1);
	assert_int_equal(count_of(&s, "\"f\" in 7 "), 1);
	assert_int_equal(count_of(&s, "\"g\" in 7 "), 1);
}

/* "x" in @directory, which has the generation @gen. */
static void insert_in_generation(uint64_t directory, uint64_t gen)
{
	struct record r = at(&s, ROLE_INSERT, POINT_ENTRY);

	with_dentry(&r, NODE(0, 10), inline_of(NODE(0, 10)), "x");
	with_place(&r, directory);
	with(&r, FIELD_DIR_GEN, gen);
	with(&r, FIELD_INODE, INODE);
	play(&s, &r);
}

static int names_with_generations(uint64_t first, uint64_t second)
{
	begin(NULL);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	insert_in_generation(DIRECTORY, first);
	evict_dentry(&s, NODE(0, 10));
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	insert_in_generation(BACK, second);
	open_f(BACK);
	script_end(&s);
	return count_of(&s, ONCE_IN("f"));
}

static void another_generation_makes_another_directory(void **state)
{
	(void)state;
	assert_int_equal(names_with_generations(1, 1), 1);
	assert_int_equal(names_with_generations(1, 2), 2);
}

static void without_its_numbers_it_may_be_another_directory(void **state)
{
	struct record r;

	(void)state;
	open_and_evict();
	r = at(&s, FAST, POINT_ENTRY);
	walk_open(&s, "g");
	with_text(&r, "g");
	with(&r, FIELD_LEN, 1);
	with(&r, FIELD_NAME, KNAME);
	with(&r, FIELD_PARENT, BACK);
	play(&s, &r);
	find(&s, FILE_B, "g", S_IFREG);
	open_failed(&s, 13);
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
}

static void after_a_loss_it_may_be_another_directory(void **state)
{
	static const enum scope scopes[] = { SCOPE_TASK, SCOPE_ANY };

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		begin(state);
		open_and_evict();
		lose(&s, scopes[i], 1);
		known_by_a_rename_in(BACK);
		open_f(BACK);
		script_end(&s);
		assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
	}
}

static void with_own_ends_alone_it_may_be_another_directory(void **state)
{
	(void)state;
	correlator_free(s.c);
	s.options.sees_any = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	open_and_evict();
	known_by_a_rename_in(BACK);
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
}

static void what_was_not_evicted_is_another_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	known_by_a_rename_in(BACK);
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
}

static void what_was_removed_is_another_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	evict_dentry(&s, FILE_A);
	act(&s, OTHER_TASK, ROLE_DELETE, DIRECTORY);
	evict_dentry(&s, DIRECTORY);
	known_by_a_rename_in(BACK);
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
}

static void what_was_renamed_is_another_directory(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	rename_to(&s, DIRECTORY, NODE(0, 9), ROOT, "e");
	evict_dentry(&s, FILE_A);
	evict_dentry(&s, DIRECTORY);
	known_by_a_rename_in(BACK);
	open_f(BACK);
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
}

static void the_same_numbers_below_another_parent_are_another_directory(void **state)
{
	(void)state;
	open_and_evict();
	known_by_a_rename_in(BACK);
	walk_open(&s, "/e/d/f");
	walk(&s, ROOT, 1, SUB);
	walk(&s, SUB, 3, BACK);
	walk(&s, BACK, 5, FILE_C);
	walk_file(&s, BACK, FILE_C, "f");
	script_end(&s);
	assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
}

/* --- what another one may have the number of -------------------------------------------------- */

#define NUMBER 2

static void with_inode(struct record *r, uint16_t mode, uint64_t number)
{
	with(r, FIELD_INODE, INODE);
	with(r, FIELD_MODE, mode);
	with(r, FIELD_INO, number);
}

static void remove_inode(uint64_t dentry, uint16_t mode, uint64_t number)
{
	struct record r;

	s.tid = OTHER_TASK;
	r = at(&s, ROLE_DELETE, POINT_ENTRY);
	with(&r, FIELD_DENTRY, dentry);
	with(&r, FIELD_NAME, inline_of(dentry));
	with_inode(&r, mode, number);
	with_comm(&r);
	play(&s, &r);
	s.tid = PROGRAM;
}

static void load_and_remove(void)
{
	act(&s, OTHER_TASK, ROLE_REHASH, BACK);
	remove_inode(BACK, S_IFDIR, NUMBER);
}

static void move_away_and_remove(void)
{
	act(&s, OTHER_TASK, ROLE_REHASH, BACK);
	s.tid = OTHER_TASK;
	rename_to(&s, BACK, NODE(0, 11), ROOT, "e");
	remove_inode(BACK, S_IFDIR, NUMBER);
}

static void replace_by_a_rename(void)
{
	struct record r;

	act(&s, OTHER_TASK, ROLE_REHASH, BACK);
	s.tid = OTHER_TASK;
	r = moved(&s, OTHER_DIR, BACK, ROOT, "d", false);
	with_inode(&r, S_IFDIR, NUMBER);
	play(&s, &r);
	s.tid = PROGRAM;
}

/* As older recordings tell it. */
static void remove_something(void)
{
	act(&s, OTHER_TASK, ROLE_DELETE, NODE(0, 11));
}

static void replace_something(void)
{
	struct record r;

	s.tid = OTHER_TASK;
	r = moved(&s, OTHER_DIR, NODE(0, 11), ROOT, "e", false);
	play(&s, &r);
	s.tid = PROGRAM;
}

static void remove_a_file(void)
{
	remove_inode(NODE(0, 11), S_IFREG, NUMBER);
}

static void remove_another_directory(void)
{
	remove_inode(NODE(0, 11), S_IFDIR, NUMBER + 1);
}

/* How many names "f" of a directory with one number there are: @is_known before it is found. */
static int names_after(void (*happens)(void), bool is_known)
{
	uint64_t directory = AGAIN(BACK);

	begin(NULL);
	open_and_evict();
	happens();
	evict_dentry(&s, BACK);
	if (is_known)
		known_by_a_rename_in(directory);
	open_f(directory);
	script_end(&s);
	return count_of(&s, ONCE_IN("f"));
}

static void a_number_of_a_removed_directory_may_be_another_ones(void **state)
{
	static void (*const ways[])(void) = { load_and_remove, move_away_and_remove,
					      replace_by_a_rename, remove_something,
					      replace_something };

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_int_equal(names_after(ways[i], false), 2);
		assert_int_equal(names_after(ways[i], true), 2);
	}
}

static void what_is_removed_with_another_number_takes_nothing_away(void **state)
{
	static void (*const ways[])(void) = { remove_a_file, remove_another_directory };

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		assert_int_equal(names_after(ways[i], false), 1);
		assert_int_equal(names_after(ways[i], true), 1);
	}
}

static void where_removals_are_not_seen_it_may_be_another_directory(void **state)
{
	static const enum role roles[] = { ROLE_DELETE, ROLE_RENAME };

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		begin(state);
		correlator_free(s.c);
		s.options.armed[roles[i]][POINT_ENTRY] = false;
		assert_int_equal(correlator_new(&s.options, &s.c), 0);
		open_and_evict();
		open_f(BACK);
		script_end(&s);
		assert_int_equal(count_of(&s, ONCE_IN("f")), 2);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_rename_into_it_does_not_make_a_directory_another_one),
		TEST(names_that_are_known_twice_are_one),
		TEST(what_hangs_below_is_the_same_as_well),
		TEST(who_is_in_the_directory_stays_in_it),
		TEST(what_is_mounted_in_it_stays_there),
		TEST(where_it_ignores_case_spellings_of_both_are_one),
		TEST(another_inode_makes_another_directory),
		cmocka_unit_test(another_generation_makes_another_directory),
		TEST(without_its_numbers_it_may_be_another_directory),
		cmocka_unit_test(after_a_loss_it_may_be_another_directory),
		TEST(with_own_ends_alone_it_may_be_another_directory),
		TEST(what_was_not_evicted_is_another_directory),
		TEST(what_was_removed_is_another_directory),
		TEST(what_was_renamed_is_another_directory),
		TEST(the_same_numbers_below_another_parent_are_another_directory),
		cmocka_unit_test(a_number_of_a_removed_directory_may_be_another_ones),
		cmocka_unit_test(what_is_removed_with_another_number_takes_nothing_away),
		cmocka_unit_test(where_removals_are_not_seen_it_may_be_another_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
