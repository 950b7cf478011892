/* SPDX-License-Identifier: MIT */
/*
 * Claims about addresses that could not be read, and about an offset that no record told.
 */
#include "expectations.h"

#define TMP    "name \"/tmp/t_e.txt\"\n"
#define LONGER "name \"" LONG_NAME "\"\n"

/* The lookup's return has a dentry, and its name could not be read. */
static void hit_unread(struct script *s)
{
	struct record r;

	open_in(s, tmp_file.path, KNAME);
	lookup_in(s, FAST, "t_e.txt", KNAME + 5);
	r = at(s, FAST, POINT_RETURN);
	with(&r, FIELD_DENTRY, DENTRY_A);
	play(s, &r);
	open_out(s, DENTRY_A, DENTRY_A + INLINE_AT, "t_e.txt");
}

static void hit_read_and_unread(struct script *s)
{
	hit_file(s, &tmp_file);
	hit_unread(s);
}

static void miss_and_hit_unread(struct script *s)
{
	miss_file(s, &tmp_file);
	hit_unread(s);
}

static void an_address_that_was_not_read_is_no_missing_one(void **state)
{
	static const char why[] = "an address could not be read";

	(void)state;
	is_unknown(hit_unread, TMP "lookup - dentry = 56", why);
	is_unknown(hit_unread, TMP "show lookup - dentry", why);
	is_unknown(hit_unread, TMP "lookup outside dentry", why);
	is_unknown(hit_read_and_unread, TMP "lookup - dentry = 56", why);
	is_unknown(hit_read_and_unread, TMP "lookup - dentry = 57", why);
}

static void a_dentry_that_was_found_is_not_null_though_unread(void **state)
{
	(void)state;
	fails(hit_unread, TMP "lookup = NULL");
	holds(hit_unread, TMP "lookup != NULL");
}

static void what_is_null_has_no_address_whatever_else_was_not_read(void **state)
{
	(void)state;
	fails_for(miss_and_hit_unread, TMP "lookup - pointer = 0", "it has no address");
	fails_for(miss_and_hit_unread, TMP "first lookup - pointer = 0", "it has no address");
}

/* Records tell only the size of the dentry: what lies outside of it is at no offset in it. */
static void an_external_name_is_not_inline(void **state)
{
	static const char why[] = "the offset of the inline name is not known";

	(void)state;
	fails_for(minimal_open, LONGER "alloc - dentry = offset(inline)",
		  "it lies outside of the dentry");
	is_unknown(minimal_open, LONGER "alloc - dentry > offset(inline)", why);
	is_unknown(minimal_open, LONGER "alloc - dentry <= offset(inline)", why);
}

static void an_external_name_differs_from_the_inline_one(void **state)
{
	(void)state;
	comes_to(minimal_open, LONGER "alloc - dentry != offset(inline)", VERDICT_UNKNOWN,
		 "the offset of the inline name is not known");
}

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_address_that_was_not_read_is_no_missing_one),
		TEST(a_dentry_that_was_found_is_not_null_though_unread),
		TEST(what_is_null_has_no_address_whatever_else_was_not_read),
		TEST(an_external_name_is_not_inline),
		TEST(an_external_name_differs_from_the_inline_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
