/* SPDX-License-Identifier: MIT */
/*
 * The links that a walk followed: where they are, and what was looked up of their bodies.
 */
#include "walk_script.h"

#include <signal.h>

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

/* "/d/l" is a link; the first component of its body is looked up in @first. */
static void walk_through_link(const char *body, uint64_t first)
{
	walk_open(&s, "/d/l/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_to_link(&s, DIRECTORY, 3, NODE(0, 5));
	walk_by(&s, ELSEWHERE, first, body, NODE(0, 6), S_IFDIR);
	walk(&s, NODE(0, 6), 5, FILE_A);
}

static void go_through_link(const char *body, uint64_t first)
{
	walk_through_link(body, first);
	walk_file(&s, NODE(0, 6), FILE_A, "f");
	script_end(&s);
}

static void a_link_that_was_followed_is_reported_with_its_body(void **state)
{
	(void)state;
	go_through_link("to", DIRECTORY);
	says(&s, "open 1 \"/d/l/f\" cache=hit path=/d/to/f dir=?\n"
		 "  through /d/l -> to\n");
}

static void a_link_from_the_root_is_reported_as_such(void **state)
{
	(void)state;
	go_through_link("to", ROOT);
	says(&s, "  through /d/l -> /to\n");
}

static void the_beginning_of_a_body_that_was_not_looked_up_is_not_made_up(void **state)
{
	(void)state;
	go_through_link("to", NODE(0, 9));
	says(&s, "  through /d/l -> …/to\n");
}

static void links_in_links_are_told_in_order(void **state)
{
	(void)state;
	walk_open(&s, "/d/l");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_to_link(&s, DIRECTORY, 3, NODE(0, 5));
	walk_by(&s, ELSEWHERE, DIRECTORY, "m", NODE(0, 6), S_IFLNK);
	walk_by(&s, ELSEWHERE + 64, DIRECTORY, "f", FILE_A, S_IFREG);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "  through /d/l -> m\n  through /d/m -> f\n");
}

/* A signal interrupts the open, and a handler with @sa_flags runs. */
static void be_interrupted(uint64_t sa_flags)
{
	struct record r;

	open_failed(&s, 512);
	r = at(&s, ROLE_SIGNAL, POINT_ENTRY);
	with(&r, FIELD_SA_FLAGS, sa_flags);
	play(&s, &r);
}

static void an_open_that_was_interrupted_has_the_path_of_its_walk(void **state)
{
	(void)state;
	walk_through_link("to", DIRECTORY);
	be_interrupted(0);
	script_end(&s);
	says(&s, "open 1 \"/d/l/f\" cache=hit path=/d/to/f dir=?\n"
		 "  through /d/l -> to\n");
}

static void what_others_open_leaves_the_interrupted_open_as_it_is(void **state)
{
	(void)state;
	walk_through_link("to", DIRECTORY);
	be_interrupted(SA_RESTART);
	s.tid = OTHER_TASK;
	go_through_link("ot", DIRECTORY);
	says(&s, "open 1 \"/d/l/f\" cache=hit path=/d/to/f dir=?\n"
		 "  through /d/l -> to\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_link_that_was_followed_is_reported_with_its_body),
		TEST(a_link_from_the_root_is_reported_as_such),
		TEST(the_beginning_of_a_body_that_was_not_looked_up_is_not_made_up),
		TEST(links_in_links_are_told_in_order),
		TEST(an_open_that_was_interrupted_has_the_path_of_its_walk),
		TEST(what_others_open_leaves_the_interrupted_open_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
