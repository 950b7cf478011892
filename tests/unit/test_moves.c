/* SPDX-License-Identifier: MIT */
/*
 * Ends by any task, as kernels make them: rename, exchange, drop and eviction; and lookups that the
 * kernel still answers from a dentry that is being freed.
 */
#include "walk_script.h"

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void know_file(uint64_t dentry, const char *path)
{
	walk_open(&s, path);
	walk(&s, ROOT, 1, dentry);
	walk_file(&s, ROOT, dentry, path + 1);
}

static void a_rename_ends_one_name_and_begins_another_on_the_same_dentry(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	rename_to(&s, FILE_A, FILE_B, ROOT, "b");
	know_file(FILE_A, "/b");
	script_end(&s);
	says(&s, "name \"a\" in 1 path=/a\n  3 born=before end=renamed by me:");
	says(&s, "name \"b\" in 1 path=/b\n  3 born=traced end=alive: user filename "
		 "lookup file\n");
}

static void the_drop_inside_of_a_rename_is_no_end(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	move(&s, FILE_A, FILE_B, ROOT, "b", false);
	act(&s, PROGRAM, ROLE_DROP, FILE_A);
	script_end(&s);
	says(&s, "name \"b\" in 1 path=?\n  3 born=traced end=alive:\n");
}

static void a_drop_by_another_task_after_a_rename_is_an_end(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	rename_to(&s, FILE_A, FILE_B, ROOT, "b");
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	script_end(&s);
	says(&s, "  3 born=traced end=unhashed by else:\n");
}

static void a_rename_over_a_file_ends_that_ones_lifetime(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	know_file(FILE_B, "/b");
	rename_to(&s, FILE_A, FILE_B, ROOT, "b");
	script_end(&s);
	says(&s,
	     "name \"b\" in 1 path=/b\n  4 born=before end=unhashed by me: user filename lookup "
	     "file rename\n  3 born=traced end=alive:\n");
}

static void exchange(void)
{
	move(&s, FILE_A, FILE_B, ROOT, "b", true);
	act(&s, PROGRAM, ROLE_DROP, FILE_A);
	act(&s, PROGRAM, ROLE_DROP, FILE_B);
	act(&s, PROGRAM, ROLE_REHASH, FILE_A);
	act(&s, PROGRAM, ROLE_REHASH, FILE_B);
}

static void an_exchange_gives_each_the_others_name(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	know_file(FILE_B, "/b");
	exchange();
	script_end(&s);
	says(&s, "name \"a\" in 1 path=/a\n  3 born=before end=renamed by me: user filename lookup "
		 "file rename\n  4 born=traced end=alive:\n");
	says(&s, "name \"b\" in 1 path=/b\n  4 born=before end=renamed by me: user filename lookup "
		 "file rename\n  3 born=traced end=alive:\n");
}

static void an_exchange_with_a_dentry_that_is_not_followed_gives_it_the_name(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	exchange();
	script_end(&s);
	says(&s, "end=renamed by me: user filename lookup file rename\n  4 born=traced "
		 "end=alive:\n");
	says(&s, "name \"b\" in 1 path=?\n  3 born=traced end=alive:\n");
}

static void an_exchange_with_a_target_that_is_followed_alone_ends_its_name(void **state)
{
	(void)state;
	know_file(FILE_B, "/b");
	exchange();
	script_end(&s);
	says(&s, "  4 born=before end=renamed by me: user filename lookup file rename\n  3 "
		 "born=traced end=alive:\n");
}

/* FILE_A comes back into the hash as "b", with a name at @name_ptr. */
static void insert_as_b(uint64_t name_ptr)
{
	struct record r = at(&s, ROLE_INSERT, POINT_ENTRY);

	with_dentry(&r, FILE_A, name_ptr, "b");
	with_place(&r, ROOT);
	with(&r, FIELD_INODE, INODE);
	play(&s, &r);
}

static void a_copy_that_an_exchange_moved_is_not_address_reuse(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	know_file(FILE_B, "/b");
	exchange();
	insert_as_b(inline_of(FILE_B));
	script_end(&s);
	says(&s, "  lifetimes - = 0\n");
}

static void a_copy_that_a_rename_shares_is_not_address_reuse(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	know_file(FILE_B, "/b");
	rename_to(&s, FILE_A, FILE_B, ROOT, "b");
	insert_as_b(inline_of(FILE_B));
	script_end(&s);
	says(&s, "  lifetimes - = 0\n");
}

static void a_drop_by_another_task_is_not_the_one_of_the_rename(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	move(&s, FILE_A, FILE_B, ROOT, "b", false);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	script_end(&s);
	says(&s, "  3 born=traced end=unhashed by else:\n");
}

static void evict_like_7_3(void)
{
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
}

static void evict_like_6_16(void)
{
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
}

static void an_eviction_is_one_whatever_comes_first(void **state)
{
	static void (*const ways[])(void) = { evict_like_7_3, evict_like_6_16 };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		begin(state);
		know_file(FILE_A, "/a");
		ways[i]();
		script_end(&s);
		says(&s, "end=evicted by else: user filename lookup file evict\n");
		assert_int_equal(s.totals.evictions, 1);
	}
}

static void a_dentry_that_nobody_looked_up_is_not_counted_as_evicted(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_B);
	script_end(&s);
	assert_int_equal(s.totals.evictions, 0);
}

static void an_eviction_of_what_was_allocated_counts(void **state)
{
	(void)state;
	walk_open(&s, "/a");
	alloc(&s, "zz", ELSEWHERE, FILE_B, inline_of(FILE_B));
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_B);
	script_end(&s);
	assert_int_equal(s.totals.evictions, 1);
}

enum begin {
	BEFORE_THE_DROP,
	BEHIND_THE_DROP,
	BEHIND_A_LOSS
};

/* A lookup that begins, a kill by another task, and the answer. */
static void find_across(enum begin begin)
{
	know_file(FILE_A, "/a");
	walk_open(&s, "/a");
	if (begin == BEFORE_THE_DROP)
		look_for(&s, FAST, ROOT, "a", KNAME + 1);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	if (begin == BEHIND_A_LOSS)
		lose(&s, SCOPE_ANY, 1);
	if (begin != BEFORE_THE_DROP)
		look_for(&s, FAST, ROOT, "a", KNAME + 1);
	find(&s, FILE_A, "a", S_IFREG);
	open_failed(&s, 2);
	script_end(&s);
}

static void a_lookup_that_began_before_the_drop_belongs_to_the_dying(void **state)
{
	(void)state;
	find_across(BEFORE_THE_DROP);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file user "
		 "filename evict lookup");
}

/* The drop is recorded where it begins: until it is done the kernel finds the dentry. */
static void a_lookup_behind_the_drop_belongs_to_the_dying_as_nobody_inserted(void **state)
{
	(void)state;
	find_across(BEHIND_THE_DROP);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file user "
		 "filename evict lookup");
	lacks(&s, "end=alive");
}

static void a_lookup_behind_a_lost_record_does_not_belong_to_the_dying(void **state)
{
	(void)state;
	find_across(BEHIND_A_LOSS);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file evict\n");
}

static void a_lookup_behind_the_drop_does_not_where_inserts_are_not_seen(void **state)
{
	(void)state;
	s.options.armed[ROLE_REHASH][POINT_ENTRY] = false;
	correlator_free(s.c);
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	find_across(BEHIND_THE_DROP);
	says(&s, "end=evicted by else: user filename lookup file evict\n");
}

/* The directory is evicted as well, and may have come back at another dentry. */
static void a_dying_dentry_is_known_by_its_address_though_its_directory_is_gone(void **state)
{
	for (int is_back = 0; is_back < 2; is_back++) {
		begin(state);
		walk_two(&s, "/d/f", DIRECTORY, FILE_A);
		walk_open(&s, "/d/f");
		walk_to_directory(&s, ROOT, 1, DIRECTORY);
		act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
		act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
		act(&s, OTHER_TASK, ROLE_EVICT, DIRECTORY);
		act(&s, OTHER_TASK, ROLE_DROP, DIRECTORY);
		if (is_back) {
			act(&s, OTHER_TASK, ROLE_REHASH, AGAIN(DIRECTORY));
			insert_in(&s, ROOT, AGAIN(DIRECTORY), "d", false);
			insert_in(&s, AGAIN(DIRECTORY), FILE_B, "g", false);
		}
		walk(&s, DIRECTORY, 3, FILE_A);
		open_failed(&s, 2);
		script_end(&s);
		says(&s, "name \"f\" in 2 path=/d/f\n  3 born=before end=evicted by else: user "
			 "filename lookup file user filename evict lookup");
		assert_int_equal(count_of(&s, "\"f\" in "), 1);
		assert_int_equal(count_of(&s, "\"d\" in "), 1);
		lacks(&s, "  3 born=untraced");
	}
}

static void another_name_at_the_address_of_a_dying_dentry_is_not_its(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	walk_two(&s, "/d/g", DIRECTORY, FILE_A);
	script_end(&s);
	says(&s, "end=evicted by else: user filename lookup file evict\n");
	says(&s, "name \"g\" in 2");
}

static void after_an_insert_nothing_belongs_to_the_dying(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	know_file(FILE_A, "/a");
	script_end(&s);
	says(&s, "  3 born=before end=evicted by else: user filename lookup file evict\n"
		 "  3 born=untraced by else end=alive:");
}

static void an_allocation_ends_what_was_dying(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	walk_open(&s, "/a");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "a");
	script_end(&s);
	says(&s, "lookup file evict\n  3 born=traced end=alive:");
}

static void a_dropped_dentry_that_is_rehashed_goes_on(void **state)
{
	(void)state;
	know_file(FILE_A, "/a");
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	script_end(&s);
	says(&s, "  3 born=before end=alive: user filename lookup file\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_rename_ends_one_name_and_begins_another_on_the_same_dentry),
		TEST(the_drop_inside_of_a_rename_is_no_end),
		TEST(a_drop_by_another_task_after_a_rename_is_an_end),
		TEST(a_rename_over_a_file_ends_that_ones_lifetime),
		TEST(an_exchange_gives_each_the_others_name),
		TEST(an_exchange_with_a_dentry_that_is_not_followed_gives_it_the_name),
		TEST(an_exchange_with_a_target_that_is_followed_alone_ends_its_name),
		TEST(a_copy_that_an_exchange_moved_is_not_address_reuse),
		TEST(a_copy_that_a_rename_shares_is_not_address_reuse),
		TEST(a_drop_by_another_task_is_not_the_one_of_the_rename),
		cmocka_unit_test(an_eviction_is_one_whatever_comes_first),
		TEST(a_dentry_that_nobody_looked_up_is_not_counted_as_evicted),
		TEST(an_eviction_of_what_was_allocated_counts),
		TEST(a_lookup_that_began_before_the_drop_belongs_to_the_dying),
		TEST(a_lookup_behind_the_drop_belongs_to_the_dying_as_nobody_inserted),
		TEST(a_lookup_behind_a_lost_record_does_not_belong_to_the_dying),
		TEST(a_lookup_behind_the_drop_does_not_where_inserts_are_not_seen),
		cmocka_unit_test(
			a_dying_dentry_is_known_by_its_address_though_its_directory_is_gone),
		TEST(another_name_at_the_address_of_a_dying_dentry_is_not_its),
		TEST(after_an_insert_nothing_belongs_to_the_dying),
		TEST(an_allocation_ends_what_was_dying),
		TEST(a_dropped_dentry_that_is_rehashed_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
