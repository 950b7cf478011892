/* SPDX-License-Identifier: MIT */
/*
 * An open of which something was seen has a path, or the reason why it has none.
 */
#include "walk_script.h"

#include <errno.h>

#define UNSEEN_END "no path: the end of its walk was not seen\n"

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

static void an_open_that_is_cut_off_has_the_path_that_its_walk_came_to(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f dir=?\n");
	lacks(&s, "no path");
}

static void one_that_found_a_negative_dentry_has_it_too(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	look_for(&s, FAST, DIRECTORY, opened + 3, KNAME + 3);
	find(&s, FILE_A, opened + 3, 0);
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=negative path=/d/f dir=?\n");
}

static void one_whose_return_alone_is_missing_has_it_too(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	syscall_out(&s, 3);
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f dir=?\n");
}

static void where_a_link_leads_that_was_not_followed_yet_is_not_known(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_to_link(&s, DIRECTORY, 3, FILE_A);
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=? dir=?\n  " UNSEEN_END);
}

/* The file system has not told yet what it is. */
static void what_was_allocated_last_may_become_a_link(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk_in_vain(&s, DIRECTORY, 3);
	alloc(&s, "f", KNAME + 3, FILE_A, inline_of(FILE_A));
	script_end(&s);
	says(&s, "cache=miss path=? dir=?\n  " UNSEEN_END);
}

/* What was not looked up yet may be behind a link. */
static void before_the_last_component_there_is_no_path(void **state)
{
	(void)state;
	walk_open(&s, "/d/e/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	script_end(&s);
	says(&s, "path=? dir=?\n  " UNSEEN_END);
}

static void a_cut_off_open_tells_where_it_began(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "e/f");
	walk_to_directory(&s, DIRECTORY, 0, FILE_B);
	script_end(&s);
	says(&s, "open 2 \"e/f\" cache=unknown why=no lookup of the last component was seen "
		 "path=? dir=/d\n  " UNSEEN_END);
	lacks(&s, "no dir");
}

static void so_does_one_that_fails_at_dots(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "e/..");
	walk_in_vain(&s, DIRECTORY, 0);
	open_failed(&s, ENOENT);
	script_end(&s);
	says(&s, "open 2 \"e/..\" cache=unreached why=a directory on the way is missing path=? "
		 "dir=/d\n");
	lacks(&s, "no dir");
}

/* As decode() gives it of a text that could not be read, and of a name that is "(fault)". */
static void play_unread(struct record *r)
{
	r->present &= ~(FIELD_BIT(FIELD_STRING) | FIELD_BIT(FIELD_LEN));
	play(&s, r);
}

static void alloc_unread(uint64_t qname, size_t len, uint64_t dentry)
{
	struct record r = at(&s, ROLE_ALLOC, POINT_ENTRY);

	with(&r, FIELD_LEN, len);
	with(&r, FIELD_NAME, qname);
	play(&s, &r);
	r = at(&s, ROLE_ALLOC, POINT_RETURN);
	with_dentry(&r, dentry, inline_of(dentry), "");
	play_unread(&r);
}

static void return_unread(uint64_t directory, uint64_t dentry)
{
	struct record r = opened_in(&s, directory, dentry, "");

	with(&r, FIELD_INODE, INODE);
	play_unread(&r);
	syscall_out(&s, 3);
}

static void a_new_name_that_cannot_be_read_is_the_one_of_the_walk(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "(fault)");
	walk_in_vain(&s, DIRECTORY, 0);
	alloc_unread(KNAME, strlen("(fault)"), FILE_B);
	return_unread(DIRECTORY, FILE_B);
	script_end(&s);
	says(&s, "open 2 \"(fault)\" cache=miss path=/d/(fault) dir=/d\n");
	says(&s, "name \"(fault)\" in 2 path=/d/(fault)\n  4 born=traced end=alive: user filename "
		 "lookup=NULL source alloc file\n");
}

static void an_allocation_for_another_name_is_not_the_walks(void **state)
{
	(void)state;
	walk_two(&s, "/d/f", DIRECTORY, FILE_A);
	walk_open(&s, "(fault)");
	walk_in_vain(&s, DIRECTORY, 0);
	alloc_unread(ELSEWHERE, strlen("(fault)"), FILE_B);
	return_unread(DIRECTORY, FILE_B);
	script_end(&s);
	says(&s, "cache=miss path=? dir=/d\n  no path: the name of its dentry could not be read\n");
	lacks(&s, "alloc");
}

static void a_file_of_which_nothing_can_be_read_has_no_path(void **state)
{
	struct record r;

	(void)state;
	walk_open(&s, "/d/f");
	walk_to_directory(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	r = at(&s, ROLE_OPEN, POINT_RETURN);
	with(&r, FIELD_FILE, OPENED_FILE);
	play(&s, &r);
	syscall_out(&s, 3);
	script_end(&s);
	says(&s, "path=? dir=?\n  no path: its dentry could not be read\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_open_that_is_cut_off_has_the_path_that_its_walk_came_to),
		TEST(one_that_found_a_negative_dentry_has_it_too),
		TEST(one_whose_return_alone_is_missing_has_it_too),
		TEST(where_a_link_leads_that_was_not_followed_yet_is_not_known),
		TEST(what_was_allocated_last_may_become_a_link),
		TEST(before_the_last_component_there_is_no_path),
		TEST(a_cut_off_open_tells_where_it_began),
		TEST(so_does_one_that_fails_at_dots),
		TEST(a_new_name_that_cannot_be_read_is_the_one_of_the_walk),
		TEST(an_allocation_for_another_name_is_not_the_walks),
		TEST(a_file_of_which_nothing_can_be_read_has_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
