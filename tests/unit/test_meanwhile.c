/* SPDX-License-Identifier: MIT */
/*
 * What the record of a lookup says of a dentry that another task changes while it is recorded: what
 * was read through a pointer that became another one counts as not read.
 */
#include "walk_script.h"

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

/* The dentry had no inode when the record was begun: in the place of the mode are older bytes. */
static void find_as_it_is_made(uint64_t dentry, const char *rest, uint16_t older)
{
	struct record r = at(&s, FAST, POINT_RETURN);

	with_dentry(&r, dentry, inline_of(dentry), component_of(rest));
	with(&r, FIELD_INODE_FIRST, 0);
	with(&r, FIELD_MODE, older);
	with(&r, FIELD_INODE, INODE);
	play(&s, &r);
}

static void walk_as_it_is_made(uint64_t directory, size_t offset, uint64_t dentry, uint16_t older)
{
	look_for(&s, FAST, directory, opened + offset, KNAME + offset);
	find_as_it_is_made(dentry, opened + offset, older);
}

static void older_bytes_make_no_link(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_as_it_is_made(ROOT, 1, DIRECTORY, S_IFLNK);
	walk_by(&s, ELSEWHERE, ROOT, "x", FILE_B, S_IFDIR);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	lacks(&s, "through");
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f");
}

static void older_bytes_make_no_directory(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_as_it_is_made(ROOT, 1, DIRECTORY, S_IFDIR);
	walk(&s, NODE(0, 7), 3, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=? dir=?\n");
}

/* What may be a link may lead to another file system without a mount. */
static void what_may_be_a_link_is_no_mountpoint(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_as_it_is_made(ROOT, 1, DIRECTORY, S_IFREG);
	walk(&s, NODE(1, 1), 3, NODE(1, 2));
	walk_file(&s, NODE(1, 1), NODE(1, 2), "f");
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=? dir=?\n");
}

/* What is read last is what the walk comes to. */
static void what_was_made_meanwhile_was_found(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk_as_it_is_made(ROOT, 1, FILE_A, S_IFREG);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/f\" cache=hit path=/f");
}

static int begin_negative(void **state)
{
	(void)state;
	negatives_begin(&s);
	return 0;
}

/* A dentry that nobody has seen is evicted between the answer of the hash and its record. */
static void what_an_eviction_took_was_not_negative(void **state)
{
	(void)state;
	opened = "/f";
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	find(&s, FILE_A, "f", 0);
	script_end(&s);
	lacks(&s, "negative");
}

static void what_was_negative_before_its_eviction_stays_so(void **state)
{
	(void)state;
	opened = "/f";
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	find(&s, FILE_A, "f", 0);
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	find(&s, FILE_A, "f", 0);
	script_end(&s);
	says(&s, "negative \"f\" 3\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(older_bytes_make_no_link),
		TEST(older_bytes_make_no_directory),
		TEST(what_may_be_a_link_is_no_mountpoint),
		TEST(what_was_made_meanwhile_was_found),
		cmocka_unit_test_setup(what_an_eviction_took_was_not_negative, begin_negative),
		cmocka_unit_test_setup(what_was_negative_before_its_eviction_stays_so,
				       begin_negative),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
