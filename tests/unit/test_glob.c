/* SPDX-License-Identifier: MIT */
/*
 * Shell patterns over bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/glob.h"

static bool is_match(const char *pattern, const char *text)
{
	return glob_match(pattern, strlen(pattern), text, strlen(text));
}

#define MATCHES(rule, pattern, text)                  \
	static void rule(void **state)                \
	{                                             \
		(void)state;                          \
		assert_true(is_match(pattern, text)); \
	}

#define DIFFERS(rule, pattern, text)                   \
	static void rule(void **state)                 \
	{                                              \
		(void)state;                           \
		assert_false(is_match(pattern, text)); \
	}

MATCHES(plain_text_matches_itself, "/tmp/x", "/tmp/x")
DIFFERS(plain_text_matches_no_more, "/tmp/x", "/tmp/xy")
DIFFERS(plain_text_matches_no_less, "/tmp/xy", "/tmp/x")
MATCHES(a_star_is_nothing, "a*b", "ab")
MATCHES(a_star_is_many_bytes, "a*b", "a/c/d/b")
MATCHES(a_star_at_the_end_is_the_rest, "a*", "abc")
MATCHES(a_star_gives_way, "a*bc", "abbbc")
MATCHES(two_stars_give_way, "*a*b", "xxaayyab")
DIFFERS(a_star_does_not_eat_the_end, "a*b", "abc")
MATCHES(a_question_mark_is_one_byte, "a?c", "abc")
DIFFERS(a_question_mark_is_not_nothing, "a?", "a")
MATCHES(a_set_is_one_of_it, "[abc]x", "bx")
DIFFERS(a_set_is_none_else, "[abc]x", "dx")
MATCHES(a_range_has_its_ends, "[a-c][a-c]", "ac")
DIFFERS(a_range_ends, "[a-c]", "d")
MATCHES(a_negated_set_is_all_else, "[!a-c]", "d")
DIFFERS(a_negated_set_is_none_of_it, "[!a-c]", "b")
MATCHES(a_bracket_first_in_a_set_is_itself, "[]x]", "]")
MATCHES(a_bracket_that_nothing_closes_is_itself, "[ab", "[ab")
MATCHES(a_backslash_takes_a_star_as_it_is, "\\*", "*")
DIFFERS(a_backslash_leaves_no_star, "\\*", "x")
MATCHES(a_backslash_at_the_end_is_itself, "a\\", "a\\")
MATCHES(a_range_knows_high_bytes, "[\x80-\xff]", "\xe9")
MATCHES(a_class_is_one_of_it, "[[:digit:]x][[:upper:]]", "7Q")
DIFFERS(a_class_is_none_else, "[[:digit:]x]", "y")
DIFFERS(a_class_has_ascii_only, "[[:alpha:]]", "\xe9")
MATCHES(a_word_that_is_no_class_is_its_letters, "[[:z]x", ":x")
MATCHES(nothing_matches_nothing, "", "")
DIFFERS(nothing_matches_no_byte, "", "a")

static void a_zero_byte_is_a_byte(void **state)
{
	(void)state;
	assert_true(glob_match("a?c", 3, "a\0c", 3));
}

/* What makes a matcher that tries everything take ages. */
static void many_stars_end_soon(void **state)
{
	char text[4096];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(glob_match("a*a*a*a*a*a*a*a*b", 17, text, sizeof(text)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_matches_itself),
		cmocka_unit_test(plain_text_matches_no_more),
		cmocka_unit_test(plain_text_matches_no_less),
		cmocka_unit_test(a_star_is_nothing),
		cmocka_unit_test(a_star_is_many_bytes),
		cmocka_unit_test(a_star_at_the_end_is_the_rest),
		cmocka_unit_test(a_star_gives_way),
		cmocka_unit_test(two_stars_give_way),
		cmocka_unit_test(a_star_does_not_eat_the_end),
		cmocka_unit_test(a_question_mark_is_one_byte),
		cmocka_unit_test(a_question_mark_is_not_nothing),
		cmocka_unit_test(a_set_is_one_of_it),
		cmocka_unit_test(a_set_is_none_else),
		cmocka_unit_test(a_range_has_its_ends),
		cmocka_unit_test(a_range_ends),
		cmocka_unit_test(a_negated_set_is_all_else),
		cmocka_unit_test(a_negated_set_is_none_of_it),
		cmocka_unit_test(a_bracket_first_in_a_set_is_itself),
		cmocka_unit_test(a_bracket_that_nothing_closes_is_itself),
		cmocka_unit_test(a_backslash_takes_a_star_as_it_is),
		cmocka_unit_test(a_backslash_leaves_no_star),
		cmocka_unit_test(a_backslash_at_the_end_is_itself),
		cmocka_unit_test(a_range_knows_high_bytes),
		cmocka_unit_test(a_class_is_one_of_it),
		cmocka_unit_test(a_class_is_none_else),
		cmocka_unit_test(a_class_has_ascii_only),
		cmocka_unit_test(a_word_that_is_no_class_is_its_letters),
		cmocka_unit_test(nothing_matches_nothing),
		cmocka_unit_test(nothing_matches_no_byte),
		cmocka_unit_test(a_zero_byte_is_a_byte),
		cmocka_unit_test(many_stars_end_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
