/* SPDX-License-Identifier: MIT */
/*
 * Calls that take a path and open nothing: what is told of each, and that nothing of them is taken
 * for an open's.
 */
#include "walk_script.h"

#define TO (KNAME + 0x1000) /* the second path of a call with two */

static struct script s;

static int print_path_call(void *context, const struct open_call *call)
{
	say(context, "%s %d \"%.*s\"%s = %d%s cache=%s%s%s path=%s%s\n", call_name(call->call),
	    (int)call->id, (int)call->path.len, call->path.data,
	    call->has_unseen_path ? "(unseen)" : "", call->has_result ? (int)call->result : 0,
	    call->has_result ? "" : "(unseen)", cache_name(call->cache),
	    call->cache_why ? " why=" : "", call->cache_why ? call->cache_why : "",
	    call->resolved.data ? call->resolved.data : "?", call->complete ? "" : " incomplete");
	return 0;
}

static int begin(void **state)
{
	(void)state;
	script_options(&s);
	s.options.sink.open = print_walk;
	s.options.sink.name = print_node;
	s.options.sink.path_call = print_path_call;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	return 0;
}

static void enter(enum role role)
{
	struct record r = at(&s, role, POINT_ENTRY);

	with_comm(&r);
	play(&s, &r);
}

/* @user: the program's pointer to the path */
static void enter_with(enum role role, uint64_t user)
{
	struct record r = at(&s, role, POINT_ENTRY);

	with(&r, FIELD_UPTR, user);
	play(&s, &r);
}

static void leave(enum role role, int64_t result)
{
	struct record r = at(&s, role, POINT_RETURN);

	with(&r, FIELD_RET, (uint64_t)result);
	play(&s, &r);
}

static void begin_path(enum role role, const char *path, uint64_t kname)
{
	struct record r = at(&s, role, POINT_ENTRY);

	opened = path;
	with(&r, FIELD_DFD, (uint64_t)-100);
	with(&r, FIELD_KNAME, kname);
	with_text(&r, path);
	play(&s, &r);
}

/* The kernel could not copy the path. */
static void begin_without_copy(enum role role, int64_t error)
{
	struct record r = at(&s, role, POINT_ENTRY);

	with(&r, FIELD_DFD, (uint64_t)-100);
	with(&r, FIELD_FILENAME, (uint64_t)error);
	play(&s, &r);
}

static void stat_found(const char *path)
{
	enter(ROLE_CALL_STAT);
	begin_path(ROLE_PATH, path, KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_STAT, 0);
}

static void a_stat_has_its_path_result_and_answer(void **state)
{
	(void)state;
	stat_found("/d/f");
	script_end(&s);
	says(&s, "stat 1 \"/d/f\" = 0 cache=hit path=/d/f\n");
}

static void it_is_no_open(void **state)
{
	(void)state;
	stat_found("/d/f");
	script_end(&s);
	lacks(&s, "open ");
	assert_int_equal(s.totals.opens, 0);
	assert_int_equal(s.totals.path_calls, 1);
	for (int i = 0; i < CACHE_NR; i++)
		assert_int_equal(s.totals.caches[i], 0);
}

static void names_are_not_named_by_it(void **state)
{
	(void)state;
	stat_found("/d/f");
	script_end(&s);
	says(&s, "unnamed \"f\"");
	assert_int_equal(count_of(&s, "name \""), 0);
	assert_int_equal(count_of(&s, "PASS"), 0);
}

static void what_it_made_is_a_lifetime_without_claims_of_an_open(void **state)
{
	(void)state;
	enter(ROLE_CALL_STAT);
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	make_dentry(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_STAT, 0);
	script_end(&s);
	says(&s, "stat 1 \"/d/f\" = 0 cache=miss path=/d/f\n");
	says(&s, "born=traced end=alive: lookup=NULL source alloc insert\n");
	assert_int_equal(count_of(&s, "PASS"), 0);
	assert_int_equal(count_of(&s, "FAIL"), 0);
}

static void a_path_that_ends_on_the_way_says_why(void **state)
{
	(void)state;
	enter(ROLE_CALL_ACCESS);
	begin_path(ROLE_PATH, "/d/e/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	leave(ROLE_CALL_ACCESS, -2);
	script_end(&s);
	says(&s, "access 1 \"/d/e/f\" = -2 cache=unreached why=a directory on the way is missing");
}

static void a_rename_has_two_paths_each_with_its_answer(void **state)
{
	(void)state;
	enter(ROLE_CALL_RENAME);
	begin_path(ROLE_PARENT, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	begin_path(ROLE_PARENT, "/d/g", TO);
	walk_by(&s, TO + 1, ROOT, "d/g", DIRECTORY, S_IFDIR);
	walk_by(&s, KNAME + 3, DIRECTORY, "f", FILE_A, S_IFREG);
	look_for(&s, SLOW, DIRECTORY, "g", TO + 3);
	lookup_null(&s, SLOW);
	alloc(&s, "g", TO + 3, FILE_B, inline_of(FILE_B));
	insert_in(&s, DIRECTORY, FILE_B, "g", true);
	rename_to(&s, FILE_A, FILE_B, DIRECTORY, "g");
	leave(ROLE_CALL_RENAME, 0);
	script_end(&s);
	says(&s, "rename 1 \"/d/f\" = 0 cache=hit path=/d/f\n"
		 "rename 2 \"/d/g\" = 0 cache=miss path=/d/g\n");
}

static void both_paths_of_a_link_may_have_stood_in_one_place(void **state)
{
	(void)state;
	enter(ROLE_CALL_LINK);
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	begin_path(ROLE_PARENT, "/d/g", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_B);
	leave(ROLE_CALL_LINK, -17);
	script_end(&s);
	says(&s, "link 1 \"/d/f\" = -17 cache=hit path=/d/f\n"
		 "link 2 \"/d/g\" = -17 cache=hit path=/d/g\n");
}

static void a_walk_that_begins_anew_is_no_second_path(void **state)
{
	(void)state;
	enter(ROLE_CALL_RENAME);
	begin_path(ROLE_PARENT, "/d/f", KNAME);
	begin_path(ROLE_PARENT, "/d/f", KNAME);
	begin_path(ROLE_PARENT, "/d/g", TO);
	leave(ROLE_CALL_RENAME, -2);
	script_end(&s);
	assert_int_equal(s.totals.path_calls, 2);
}

static void a_path_that_the_kernel_walks_within_a_call_is_not_the_calls(void **state)
{
	(void)state;
	enter(ROLE_CALL_STAT);
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	begin_path(ROLE_PATH, "/mnt", TO);
	opened = "/d/f";
	walk(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_STAT, 0);
	script_end(&s);
	says(&s, "stat 1 \"/d/f\" = 0 cache=hit");
	assert_int_equal(s.totals.path_calls, 1);
}

static void a_walk_that_no_call_asked_for_is_nobodys(void **state)
{
	(void)state;
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	script_end(&s);
	assert_int_equal(s.totals.path_calls, 0);
}

static void what_the_kernel_cannot_copy_is_no_path(void **state)
{
	(void)state;
	enter(ROLE_CALL_STAT);
	begin_without_copy(ROLE_PATH, -14);
	leave(ROLE_CALL_STAT, -14);
	enter(ROLE_CALL_UNLINK);
	begin_without_copy(ROLE_PARENT, -2);
	leave(ROLE_CALL_UNLINK, -2);
	script_end(&s);
	says(&s, "stat 1 \"\" = -14 cache=unreached why=the path cannot be read");
	says(&s, "unlink 2 \"\" = -2 cache=unreached why=the path is empty");
	lacks(&s, "incomplete");
}

static void a_path_that_is_too_long_is_one(void **state)
{
	(void)state;
	enter(ROLE_CALL_STAT);
	begin_without_copy(ROLE_PATH, -36);
	leave(ROLE_CALL_STAT, -36);
	script_end(&s);
	says(&s, "stat 1 \"\"(unseen) = -36 cache=unreached why=the path is too long");
}

#define UNSEEN "cache=unknown why=no path was seen path=? incomplete\n"

static void what_is_refused_before_the_walk_has_a_path_that_is_not_seen(void **state)
{
	(void)state;
	enter(ROLE_CALL_STAT);
	leave(ROLE_CALL_STAT, -2);
	script_end(&s);
	says(&s, "stat 1 \"\"(unseen) = -2 " UNSEEN);
}

static void so_has_one_that_fits_no_record(void **state)
{
	(void)state;
	enter(ROLE_CALL_ACCESS);
	walk(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_ACCESS, 0);
	enter(ROLE_CALL_SETXATTR);
	walk(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_SETXATTR, 0);
	script_end(&s);
	says(&s, "access 1 \"\"(unseen) = 0 " UNSEEN "setxattr 2 \"\"(unseen) = 0 " UNSEEN);
}

static void so_has_the_second_path_if_the_first_one_led_nowhere(void **state)
{
	(void)state;
	enter(ROLE_CALL_RENAME);
	begin_path(ROLE_PARENT, "/e/f", KNAME);
	leave(ROLE_CALL_RENAME, -2);
	enter(ROLE_CALL_LINK);
	leave(ROLE_CALL_LINK, -22);
	script_end(&s);
	says(&s, "rename 1 \"/e/f\" = -2 ");
	says(&s, "rename 2 \"\"(unseen) = -2 " UNSEEN "link 3 \"\"(unseen) = -22 " UNSEEN
		 "link 4 \"\"(unseen) = -22 " UNSEEN);
}

static void a_call_of_a_descriptor_is_none_of_a_path(void **state)
{
	struct record empty = at(&s, ROLE_PATH, POINT_ENTRY);

	(void)state;
	enter(ROLE_CALL_UTIMES);
	leave(ROLE_CALL_UTIMES, 0);
	enter(ROLE_CALL_STAT);
	begin_path(ROLE_PATH, "", KNAME);
	leave(ROLE_CALL_STAT, 0);
	enter(ROLE_CALL_STAT);
	with(&empty, FIELD_KNAME, KNAME);
	play(&s, &empty);
	leave(ROLE_CALL_STAT, 0);
	script_end(&s);
	assert_int_equal(s.totals.path_calls, 0);
}

static void nor_is_one_that_failed_without_a_pointer_to_a_path(void **state)
{
	(void)state;
	enter_with(ROLE_CALL_UTIMES, 0);
	leave(ROLE_CALL_UTIMES, -9);
	enter_with(ROLE_CALL_GETXATTR, 0);
	leave(ROLE_CALL_GETXATTR, -61);
	script_end(&s);
	assert_int_equal(s.totals.path_calls, 0);
}

static void one_that_failed_with_such_a_pointer_has_a_path_that_is_not_seen(void **state)
{
	(void)state;
	enter_with(ROLE_CALL_UTIMES, 0x5000);
	leave(ROLE_CALL_UTIMES, -22);
	enter(ROLE_CALL_GETXATTR);
	leave(ROLE_CALL_GETXATTR, -34);
	script_end(&s);
	says(&s, "utimes 1 \"\"(unseen) = -22 " UNSEEN "getxattr 2 \"\"(unseen) = -34 " UNSEEN);
}

static void a_null_pointer_that_stands_for_no_descriptor_is_a_path(void **state)
{
	(void)state;
	enter_with(ROLE_CALL_UTIMES, 0);
	begin_without_copy(ROLE_PATH, -14);
	leave(ROLE_CALL_UTIMES, -14);
	script_end(&s);
	says(&s, "utimes 1 \"\" = -14 cache=unreached");
}

static void a_lost_record_makes_the_answer_unknown_and_never_a_miss(void **state)
{
	(void)state;
	enter(ROLE_CALL_STAT);
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	lose(&s, SCOPE_TASK, 1);
	leave(ROLE_CALL_STAT, -2);
	script_end(&s);
	says(&s, "stat 1 \"/d/f\" = 0(unseen) cache=unknown why=records were lost");
	says(&s, " incomplete\n");
}

static void a_call_without_its_return_is_handed_out_before_the_next_one(void **state)
{
	(void)state;
	enter(ROLE_CALL_RENAME);
	begin_path(ROLE_PARENT, "/d/f", KNAME);
	begin_path(ROLE_PARENT, "/d/g", TO);
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	script_end(&s);
	says(&s, "rename 1 \"/d/f\" = 0(unseen)");
	says(&s, "rename 2 \"/d/g\" = 0(unseen)");
	says(&s, "open 3 \"/d/f\" cache=hit path=/d/f");
	assert_int_equal(s.totals.opens, 1);
}

static void the_end_hands_out_the_call_that_a_task_is_in(void **state)
{
	(void)state;
	enter(ROLE_CALL_LINK);
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	begin_path(ROLE_PARENT, "/d/g", TO);
	script_end(&s);
	says(&s, "link 1 \"/d/f\" = 0(unseen)");
	says(&s, "link 2 \"/d/g\" = 0(unseen)");
}

static void chmod_in(const char *path, int64_t result)
{
	enter(ROLE_CALL_CHMOD);
	begin_path(ROLE_PATH, path, KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_CHMOD, result);
}

static void a_chmod_by_two_functions_is_one_call(void **state)
{
	(void)state;
	enter(ROLE_CALL_FCHMODAT);
	chmod_in("/d/f", 0);
	leave(ROLE_CALL_FCHMODAT, 0);
	script_end(&s);
	says(&s, "chmod 1 \"/d/f\" = 0 cache=hit path=/d/f\n");
	assert_int_equal(s.totals.path_calls, 1);
}

static void by_either_of_them_alone_it_is_one_too(void **state)
{
	(void)state;
	enter(ROLE_CALL_FCHMODAT);
	begin_path(ROLE_PATH, "/d/f", KNAME);
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	leave(ROLE_CALL_FCHMODAT, -1);
	chmod_in("/d/f", 0);
	script_end(&s);
	says(&s, "chmod 1 \"/d/f\" = -1 cache=hit path=/d/f\n");
	says(&s, "chmod 2 \"/d/f\" = 0 cache=hit path=/d/f\n");
	assert_int_equal(s.totals.path_calls, 2);
}

static void an_open_behind_it_is_as_ever(void **state)
{
	(void)state;
	stat_found("/d/f");
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	script_end(&s);
	says(&s, "open 2 \"/d/f\" cache=hit path=/d/f");
	says(&s, "\nname \"f\"");
	assert_int_equal(s.totals.opens, 1);
	assert_int_equal(s.totals.path_calls, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stat_has_its_path_result_and_answer),
		TEST(it_is_no_open),
		TEST(names_are_not_named_by_it),
		TEST(what_it_made_is_a_lifetime_without_claims_of_an_open),
		TEST(a_path_that_ends_on_the_way_says_why),
		TEST(a_rename_has_two_paths_each_with_its_answer),
		TEST(both_paths_of_a_link_may_have_stood_in_one_place),
		TEST(a_walk_that_begins_anew_is_no_second_path),
		TEST(a_path_that_the_kernel_walks_within_a_call_is_not_the_calls),
		TEST(a_walk_that_no_call_asked_for_is_nobodys),
		TEST(what_the_kernel_cannot_copy_is_no_path),
		TEST(a_path_that_is_too_long_is_one),
		TEST(what_is_refused_before_the_walk_has_a_path_that_is_not_seen),
		TEST(so_has_one_that_fits_no_record),
		TEST(so_has_the_second_path_if_the_first_one_led_nowhere),
		TEST(a_call_of_a_descriptor_is_none_of_a_path),
		TEST(nor_is_one_that_failed_without_a_pointer_to_a_path),
		TEST(one_that_failed_with_such_a_pointer_has_a_path_that_is_not_seen),
		TEST(a_null_pointer_that_stands_for_no_descriptor_is_a_path),
		TEST(a_lost_record_makes_the_answer_unknown_and_never_a_miss),
		TEST(a_call_without_its_return_is_handed_out_before_the_next_one),
		TEST(the_end_hands_out_the_call_that_a_task_is_in),
		TEST(a_chmod_by_two_functions_is_one_call),
		TEST(by_either_of_them_alone_it_is_one_too),
		TEST(an_open_behind_it_is_as_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
