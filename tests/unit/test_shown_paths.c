/* SPDX-License-Identifier: MIT */
/*
 * How a path is worded: whole, with what was passed where that says something else, and as unknown
 * where it is.
 */
#include "chains.h"

#include "render/path.h"

static struct text buffer;

static void is_worded(const char *resolved, const char *passed, const char *dir, const char *words)
{
	const struct shown_path path = {
		.resolved = { resolved, resolved ? strlen(resolved) : 0 },
		.passed = { passed, passed ? strlen(passed) : 0 },
		.dir = { dir, dir ? strlen(dir) : 0 },
	};

	text_init(&buffer, NULL);
	path_write_all(&buffer, &path);
	text_char(&buffer, '\0');
	assert_string_equal(buffer.data, words);
}

static void what_was_passed_stands_behind_the_whole_path(void **state)
{
	(void)state;
	is_worded("/usr/lib/z.so", "/lib/z.so", NULL, "/usr/lib/z.so (passed as /lib/z.so)");
	is_worded("/a/b", "/x/../a/b", NULL, "/a/b (passed as /x/../a/b)");
	is_worded("/b", "/a/b", NULL, "/b (passed as /a/b)");
	is_worded("/a/b", "/b", NULL, "/a/b (passed as /b)");
	is_worded("/etc/b", "l", "/a", "/etc/b (passed as l)");
	is_worded("/b/f", "f", "/a", "/b/f (passed as f)");
	is_worded("/a", "..", "/a/b", "/a (passed as ..)");
}

static void what_says_the_same_is_not_repeated(void **state)
{
	(void)state;
	is_worded("/a/b", "/a/b", NULL, "/a/b");
	is_worded("/a/b", "//a/./b/", NULL, "/a/b");
	is_worded("/a/b", "b", "/a", "/a/b");
	is_worded("/a/b", "./b", "/a", "/a/b");
	is_worded("/b", "b", "/", "/b");
	is_worded("/a", ".", "/a", "/a");
	is_worded("/", "/", NULL, "/");
	is_worded("/a/b", "b", NULL, "/a/b");
	is_worded("/a/b", NULL, NULL, "/a/b");
}

static void what_is_not_known_is_shown_as_such(void **state)
{
	(void)state;
	is_worded(NULL, "conf", NULL, "…/conf");
	is_worded(NULL, "conf", "/etc", "/etc/conf");
	is_worded(NULL, "conf", "/", "/conf");
	is_worded(NULL, "/lib/z.so", NULL, "/lib/z.so (as passed)");
	is_worded(NULL, "", NULL, "(path unknown)");
	is_worded(NULL, NULL, NULL, "(path unknown)");
}

static void what_is_no_word_stands_in_quotes(void **state)
{
	(void)state;
	is_worded("/a (passed as b)", "/a (passed as b)", NULL, "\"/a (passed as b)\"");
	is_worded("/a\n", "/b\"", NULL, "/a\\n (passed as \"/b\\\"\")");
	is_worded(NULL, "a b", "/c", "\"/c/a b\"");
	is_worded("/…/a", "/…/a", NULL, "\"/…/a\"");
}

static void links_that_were_followed_are_named(void **state)
{
	static const char links[] = "/lib\0usr/lib\0/usr/lib/z.so\0z.so.1\0";
	struct shown_path path = {
		.resolved = TEXT_OF("/usr/lib/z.so.1"),
		.passed = TEXT_OF("/lib/z.so"),
		.links = { links, sizeof(links) - 1 },
	};

	(void)state;
	text_init(&buffer, NULL);
	path_write_all(&buffer, &path);
	text_char(&buffer, '\n');
	/* Of the link itself, what it leads to comes after it. */
	path.resolved = TEXT_OF("/usr/lib/z.so");
	path_write_all(&buffer, &path);
	text_char(&buffer, '\0');
	assert_string_equal(buffer.data, "/usr/lib/z.so.1 (passed as /lib/z.so, through /lib -> "
					 "usr/lib, through /usr/lib/z.so -> z.so.1)\n"
					 "/usr/lib/z.so (passed as /lib/z.so, through /lib -> "
					 "usr/lib)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_passed_stands_behind_the_whole_path),
		cmocka_unit_test(what_says_the_same_is_not_repeated),
		cmocka_unit_test(what_is_not_known_is_shown_as_such),
		cmocka_unit_test(what_is_no_word_stands_in_quotes),
		cmocka_unit_test(links_that_were_followed_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
