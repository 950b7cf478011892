/* SPDX-License-Identifier: MIT */
/*
 * Live lines: what stands in one, and what never reaches a terminal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "render/render.h"

static const struct open_call example = {
	.id = 1,
	.path = { (char *)"/tmp/x", 6 },
	.ts = UINT64_C(5123456789),
	.latency_ns = 12345,
	.result = 3,
	.tid = 42,
	.has_result = true,
	.has_latency = true,
	.complete = true,
	.walk = WALK_RCU,
	.cache = CACHE_HIT,
	.comm = "cat",
};

/* The lines of @count times @open; the caller's to free(). */
static char *lines_of(const struct open_call *open, int count, bool color)
{
	const struct render_options options = { .color = color };
	struct renderer renderer;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(renderer_init(&renderer, &render_live, out, &options), 0);
	for (int i = 0; i < count; i++) {
		const struct chain_sink sink = renderer_sink(&renderer);

		assert_int_equal(sink.open(sink.context, open), 0);
	}
	renderer_release(&renderer);
	fclose(out);
	return text;
}

static int count_of(const char *text, const char *part)
{
	int count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

static void a_line_has_all_there_is_to_say(void **state)
{
	char *text = lines_of(&example, 1, false);

	(void)state;
	assert_non_null(strstr(text, "    5.123457 cat                  42 3             hit       "
				     "rcu         12.3 /tmp/x (as passed)\n"));
	free(text);
}

static void what_is_not_known_is_no_number(void **state)
{
	struct open_call open = example;
	char *text;

	(void)state;
	open.has_result = open.has_latency = open.complete = false;
	open.walk = WALK_UNKNOWN;
	open.cache = CACHE_UNKNOWN;
	text = lines_of(&open, 1, false);
	assert_non_null(strstr(text, " 42 ?             unknown   ?              ? /tmp/x "
				     "(as passed) (incomplete)\n"));
	free(text);
}

static void a_whole_path_comes_with_what_was_passed(void **state)
{
	struct open_call open = example;
	char *text;

	(void)state;
	open.resolved = (struct bytes){ (char *)"/usr/x", 6 };
	text = lines_of(&open, 1, false);
	assert_non_null(strstr(text, "12.3 /usr/x (passed as /tmp/x)\n"));
	free(text);
}

static void a_failure_has_the_name_of_its_errno(void **state)
{
	struct open_call open = example;
	char *text;

	(void)state;
	open.result = -2;
	text = lines_of(&open, 1, false);
	assert_non_null(strstr(text, " 42 ENOENT        hit"));
	free(text);
}

static void a_file_that_came_into_being_is_called_created(void **state)
{
	struct open_call open = example;
	char *text;

	(void)state;
	open.cache = CACHE_CREATED;
	text = lines_of(&open, 1, false);
	assert_non_null(strstr(text, " created "));
	assert_null(strstr(text, " hit "));
	free(text);
}

static void hostile_names_stay_on_their_line(void **state)
{
	struct open_call open = example;
	char *text;

	(void)state;
	open.path = (struct bytes){ (char *)"a\n\033[2J\"", 7 };
	strcpy(open.comm, "x\033]0;");
	text = lines_of(&open, 1, false);
	assert_int_equal(count_of(text, "\n"), 2);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "\"…/a\\n\\x1b[2J\\\"\"\n"));
	free(text);
}

static void in_a_pipe_there_is_one_header_and_no_color(void **state)
{
	char *text = lines_of(&example, 100, false);

	(void)state;
	assert_int_equal(count_of(text, "time comm"), 1);
	assert_null(strchr(text, '\033'));
	free(text);
}

static void on_a_terminal_the_header_comes_again(void **state)
{
	char *text = lines_of(&example, 100, true);

	(void)state;
	assert_int_equal(count_of(text, "time comm"), 3);
	free(text);
}

static void on_a_terminal_a_failure_is_red(void **state)
{
	struct open_call open = example;
	char *text;

	(void)state;
	open.result = -13;
	text = lines_of(&open, 1, true);
	assert_non_null(strstr(text, "\033[31m EACCES"));
	free(text);
}

static void lines_are_there_before_the_end(void **state)
{
	const struct render_options options = { .color = false };
	struct renderer renderer;
	size_t size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	struct chain_sink sink;

	(void)state;
	assert_int_equal(renderer_init(&renderer, &render_live, out, &options), 0);
	sink = renderer_sink(&renderer);
	assert_int_equal(sink.open(sink.context, &example), 0);
	assert_non_null(strstr(text, "/tmp/x (as passed)\n"));
	renderer_release(&renderer);
	fclose(out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_all_there_is_to_say),
		cmocka_unit_test(what_is_not_known_is_no_number),
		cmocka_unit_test(a_whole_path_comes_with_what_was_passed),
		cmocka_unit_test(a_failure_has_the_name_of_its_errno),
		cmocka_unit_test(a_file_that_came_into_being_is_called_created),
		cmocka_unit_test(hostile_names_stay_on_their_line),
		cmocka_unit_test(in_a_pipe_there_is_one_header_and_no_color),
		cmocka_unit_test(on_a_terminal_the_header_comes_again),
		cmocka_unit_test(on_a_terminal_a_failure_is_red),
		cmocka_unit_test(lines_are_there_before_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
