/* SPDX-License-Identifier: MIT */
/*
 * What is said of a dentry's birth, and that "before" is said of none that was inserted since the
 * trace began.
 */
#include "walk_script.h"

#define MANY 300000 /* several times what is remembered one by one */

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void know_file(uint64_t dentry)
{
	walk_open(&s, "/a");
	walk(&s, ROOT, 1, dentry);
	walk_file(&s, ROOT, dentry, "a");
}

/* What the lookup finds is not what is opened. */
static void know_by_lookup(uint64_t dentry)
{
	walk_open(&s, "/a");
	walk(&s, ROOT, 1, dentry);
	open_failed(&s, 13);
}

static void what_was_found_and_never_inserted_was_there_before(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_B);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=before end=alive:");
}

static void what_another_task_inserted_is_untraced_and_says_by_whom(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=untraced by else end=alive:");
}

static void what_a_traced_task_allocated_is_traced(void **state)
{
	(void)state;
	alloc(&s, "a", ELSEWHERE, FILE_A, inline_of(FILE_A));
	act(&s, PROGRAM, ROLE_REHASH, FILE_A);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=traced end=alive:");
}

static void an_insert_that_many_others_pushed_out_is_still_not_before(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	for (uint64_t i = 0; i < MANY; i++)
		act(&s, OTHER_TASK, ROLE_REHASH, NODE(3, 0) + i * 64);
	know_file(FILE_A);
	script_end(&s);
	/* By whom is not known any more: it was pushed out. */
	says(&s, "  3 born=untraced end=alive:");
}

static void what_is_found_behind_its_own_eviction_is_evicted(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	know_file(FILE_B);
	know_by_lookup(FILE_A);
	script_end(&s);
	says(&s, "  3 born=before end=evicted by else:");
}

static void what_another_task_inserted_and_evicted_keeps_both(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	know_by_lookup(FILE_A);
	know_by_lookup(FILE_A);
	script_end(&s);
	says(&s, "  3 born=untraced by else end=evicted by else:");
	assert_int_equal(count_of(&s, "  3 born="), 1);
}

static void what_is_inserted_where_another_was_evicted_is_alive(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	know_by_lookup(FILE_A);
	script_end(&s);
	says(&s, "  3 born=untraced by else end=alive:");
}

static void what_a_file_shows_where_another_was_evicted_is_alive(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	walk_open(&s, "/a");
	walk_file(&s, ROOT, FILE_A, "a");
	script_end(&s);
	says(&s, " end=alive:");
}

static void what_is_found_behind_its_own_drop_is_unhashed(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	know_by_lookup(FILE_A);
	script_end(&s);
	says(&s, "  3 born=before end=unhashed by else:");
}

static void what_went_back_to_the_hash_is_alive(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	know_by_lookup(FILE_A);
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_B);
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_B);
	know_file(FILE_B);
	script_end(&s);
	says(&s, "  3 born=before end=alive:");
	says(&s, "  4 born=untraced by else end=alive:");
}

static void where_an_insert_may_be_lost_an_eviction_before_tells_nothing(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	lose(&s, SCOPE_ANY, 1);
	know_by_lookup(FILE_A);
	script_end(&s);
	says(&s, "  3 born=unknown end=unknown:");
}

static void an_eviction_is_counted_once(void **state)
{
	(void)state;
	alloc(&s, "a", ELSEWHERE, FILE_A, inline_of(FILE_A));
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_B);
	script_end(&s);
	assert_int_equal(s.totals.evictions, 1);
}

static void without_inserts_by_any_task_nothing_is_before(void **state)
{
	(void)state;
	script_end(&s);
	script_options(&s);
	s.options.sink.name = print_node;
	s.options.armed[ROLE_REHASH][POINT_ENTRY] = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=untraced end=alive:");
}

static void with_own_ends_alone_nothing_is_before(void **state)
{
	(void)state;
	script_end(&s);
	script_options(&s);
	s.options.sink.name = print_node;
	s.options.sees_any = false;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=untraced end=");
}

static void lost_records_make_it_unknown(void **state)
{
	static const enum scope scopes[] = { SCOPE_TASK, SCOPE_ANY };

	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		begin(state);
		lose(&s, scopes[i], 1);
		know_file(FILE_A);
		script_end(&s);
		says(&s, "  3 born=unknown end=alive:");
	}
}

static void what_is_found_before_a_loss_was_before_all_the_same(void **state)
{
	(void)state;
	know_file(FILE_A);
	lose(&s, SCOPE_ANY, 1);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=before end=");
}

static void an_insert_that_was_seen_stays_so_after_a_loss(void **state)
{
	(void)state;
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_A);
	lose(&s, SCOPE_ANY, 1);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=untraced by else end=");
}

static void the_insert_of_a_traced_task_may_follow_an_allocation_that_was_lost(void **state)
{
	(void)state;
	know_file(FILE_B);
	lose(&s, SCOPE_TASK, 1);
	act(&s, PROGRAM, ROLE_REHASH, FILE_A);
	know_file(FILE_A);
	script_end(&s);
	says(&s, "  3 born=unknown by me end=");
}

static void what_was_lost_sometime_takes_before_back(void **state)
{
	(void)state;
	know_file(FILE_A);
	assert_int_equal(correlator_lost(s.c, SCOPE_ANY, 0, 1), 0);
	script_end(&s);
	says(&s, "  3 born=unknown end=");
}

static void missed_hits_of_the_insert_take_before_back(void **state)
{
	(void)state;
	know_file(FILE_A);
	correlator_missed(s.c, ROLE_REHASH, POINT_ENTRY, 1);
	script_end(&s);
	says(&s, "  3 born=unknown end=");
}

static void a_name_without_a_dentry_was_not_born(void **state)
{
	(void)state;
	walk_open(&s, "/a");
	walk_in_vain(&s, ROOT, 1);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "  0 born=not end=unknown: user filename lookup=NULL file!\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_was_found_and_never_inserted_was_there_before),
		TEST(what_another_task_inserted_is_untraced_and_says_by_whom),
		TEST(what_a_traced_task_allocated_is_traced),
		TEST(an_insert_that_many_others_pushed_out_is_still_not_before),
		TEST(what_is_found_behind_its_own_eviction_is_evicted),
		TEST(what_another_task_inserted_and_evicted_keeps_both),
		TEST(what_is_inserted_where_another_was_evicted_is_alive),
		TEST(what_a_file_shows_where_another_was_evicted_is_alive),
		TEST(what_is_found_behind_its_own_drop_is_unhashed),
		TEST(what_went_back_to_the_hash_is_alive),
		TEST(where_an_insert_may_be_lost_an_eviction_before_tells_nothing),
		TEST(an_eviction_is_counted_once),
		TEST(without_inserts_by_any_task_nothing_is_before),
		TEST(with_own_ends_alone_nothing_is_before),
		cmocka_unit_test(lost_records_make_it_unknown),
		TEST(what_is_found_before_a_loss_was_before_all_the_same),
		TEST(an_insert_that_was_seen_stays_so_after_a_loss),
		TEST(the_insert_of_a_traced_task_may_follow_an_allocation_that_was_lost),
		TEST(what_was_lost_sometime_takes_before_back),
		TEST(missed_hits_of_the_insert_take_before_back),
		TEST(a_name_without_a_dentry_was_not_born),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
