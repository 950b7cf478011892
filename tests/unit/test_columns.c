/* SPDX-License-Identifier: MIT */
/*
 * Columns of a terminal: what text takes, and what is left of it where that is too much.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/columns.h"

static struct text buffer;

static const char *shortened(const char *data, size_t columns)
{
	text_init(&buffer, NULL);
	columns_shorten(&buffer, data, strlen(data), columns);
	text_char(&buffer, '\0');
	return buffer.data;
}

static size_t columns(const char *data)
{
	return columns_of(data, strlen(data));
}

static void a_character_takes_what_a_terminal_gives_it(void **state)
{
	(void)state;
	assert_int_equal(columns("abc"), 3);
	assert_int_equal(columns("été"), 3);
	assert_int_equal(columns("日本"), 4);
	assert_int_equal(columns("✨⭐⌚☔🀄🆎🟠🪐𗀀︐"), 20);
	assert_int_equal(columns("e\u0301か\u3099"), 3);
	assert_int_equal(columns("\\x1b\\n"), 6);
}

static void what_fits_stays_whole(void **state)
{
	(void)state;
	assert_string_equal(shortened("/etc/passwd", 11), "/etc/passwd");
	assert_string_equal(shortened("", 0), "");
}

static void a_path_loses_its_middle(void **state)
{
	(void)state;
	assert_string_equal(shortened("/etc/passwd", 10), "/e…/passwd");
	assert_string_equal(shortened("/etc/passwd", 1), "…");
	assert_string_equal(shortened("/etc/passwd", 0), "");
}

static void nothing_is_wider_than_it_may_be(void **state)
{
	static const char *const texts[] = { "/tmp/\\x1b\\x1b\\x1b\\x1b/f", "日本語日本語日本語",
					     "a\u0301\u0301b\u0301c日d", "\\\\\\\\\\\\\\\\" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (size_t room = 0; room < 30; room++)
			assert_true(columns(shortened(texts[i], room)) <= room);
	}
}

static void an_escape_sequence_is_never_cut(void **state)
{
	(void)state;
	assert_string_equal(shortened("a\\x1b\\x1b\\x1b\\x1b", 14), "a…\\x1b\\x1b");
}

static const char *wrapped(const char *data, size_t columns)
{
	text_init(&buffer, NULL);
	columns_wrap(&buffer, data, strlen(data), columns);
	text_char(&buffer, '\0');
	return buffer.data;
}

static void lines_are_broken_at_spaces(void **state)
{
	(void)state;
	assert_string_equal(wrapped("one two three\nfour\n", 8), "one two\n  three\nfour\n");
	assert_string_equal(wrapped("a longer_than_the_line b\n", 9),
			    "a\n  longer_than_the_line\n  b\n");
	assert_string_equal(wrapped("one two three\n", 13), "one two three\n");
	assert_string_equal(wrapped("one two three\n", 0), "one two three\n");
	assert_string_equal(wrapped("", 5), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_character_takes_what_a_terminal_gives_it),
		cmocka_unit_test(what_fits_stays_whole),
		cmocka_unit_test(a_path_loses_its_middle),
		cmocka_unit_test(nothing_is_wider_than_it_may_be),
		cmocka_unit_test(an_escape_sequence_is_never_cut),
		cmocka_unit_test(lines_are_broken_at_spaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
