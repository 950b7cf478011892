/* SPDX-License-Identifier: MIT */
/*
 * Options as they are typed: what each kind of value may be, what belongs to which command, and
 * where the program's own words begin.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command/commands.h"
#include "said.h"

#define MAX_WORDS 16

static int stop_listening(void **state)
{
	(void)state;
	message_set_hook(NULL);
	return 0;
}

/* @line: the command and what follows, with one blank between words */
static int parse(const char *line, struct options *options)
{
	static char text[256];
	static char *words[MAX_WORDS + 1];
	int count = 0;
	char *rest;

	snprintf(text, sizeof(text), "%s", line);
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	words[count] = NULL;
	return options_parse(command_find(words[0]), count, words, options);
}

static void what_was_not_given_is_nothing(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("report", &options), 0);
	assert_false(options.filters.failed);
	assert_null(options.filters.name_glob);
	assert_null(options.format);
	assert_int_equal(options.filters.pid_count, 0);
	assert_int_equal(options.arg_count, 0);
}

static void filters_have_the_names_of_their_options(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("report --failed --negative --components --name=*.so", &options), 0);
	assert_true(options.filters.failed);
	assert_true(options.filters.negative);
	assert_true(options.filters.components);
	assert_string_equal(options.filters.name_glob, "*.so");
}

static void names_of_tasks_are_selected_in_three_ways(void **state)
{
	static const char *const commands[] = { "trace", "record", "report" };

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct options options;
		char line[64];

		snprintf(line, sizeof(line), "%s -c a --comm-glob=b* --not-comm c", commands[i]);
		assert_int_equal(parse(line, &options), 0);
		assert_string_equal(options.filters.comms.is, "a");
		assert_string_equal(options.filters.comms.like, "b*");
		assert_string_equal(options.filters.comms.is_not, "c");
	}
}

static void a_user_is_a_name_or_a_number(void **state)
{
	static const struct {
		const char *line;
		uint32_t uid;
	} rows[] = {
		{ "trace --uid root -a", 0 },
		{ "record --uid=4711 -a", 4711 },
		{ "report --uid 4294967294", 4294967294 },
		{ "top --uid 1", 1 },
		{ "view --uid 1", 1 },
		{ "probes --uid 1", 1 },
		{ "doctor --uid 1", 1 },
	};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(rows[i].line, &options), 0);
		assert_true(options.filters.users.is_set);
		assert_int_equal(options.filters.users.uid, rows[i].uid);
	}
	assert_int_equal(parse("report --uid 4294967295", &options), -EINVAL);
	assert_int_equal(parse("report --uid no-such-user", &options), -EINVAL);
	assert_non_null(strstr(said, "a user's name, or a number up to 4294967294"));
	assert_int_equal(parse("report", &options), 0);
	assert_false(options.filters.users.is_set);
}

static void the_first_word_that_is_no_option_is_the_program(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("trace -f ls -l --failed", &options), 0);
	assert_true(options.follow);
	assert_false(options.filters.failed);
	assert_int_equal(options.arg_count, 3);
	assert_string_equal(options.args[0], "ls");
}

static void a_value_that_is_none_of_its_choices_is_refused(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("report --clock=noon", &options), -EINVAL);
	assert_non_null(strstr(said, "wall|trace|delta"));
}

static void each_choice_has_its_own_value(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("report --clock=wall --color=auto", &options), 0);
	assert_int_equal(options.clock, SHOW_WALL);
	assert_int_equal(options.color, COLOR_AUTO);
	assert_int_equal(parse("report --clock=trace --color=always", &options), 0);
	assert_int_equal(options.clock, SHOW_TRACE);
	assert_int_equal(options.color, COLOR_ALWAYS);
	assert_int_equal(parse("report --clock=delta --color=never", &options), 0);
	assert_int_equal(options.clock, SHOW_DELTA);
	assert_int_equal(options.color, COLOR_NEVER);
}

static void each_choice_of_how_to_trace_has_its_own_value(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("trace --evictions=any --layout=auto --kallsyms=needed --calls=open",
			       &options),
			 0);
	assert_int_equal(options.evictions, EVICTIONS_ANY);
	assert_int_equal(options.calls, CALLS_OPEN);
	assert_int_equal(options.layout, OFFSETS_AUTO);
	assert_int_equal(options.symbols, SYMBOLS_NEEDED);
	assert_int_equal(
		parse("trace --evictions=own --layout=btf --kallsyms=all --calls=path", &options),
		0);
	assert_int_equal(options.evictions, EVICTIONS_OWN);
	assert_int_equal(options.calls, CALLS_PATH);
	assert_int_equal(options.layout, OFFSETS_BTF);
	assert_int_equal(options.symbols, SYMBOLS_ALL);
	assert_int_equal(parse("doctor --layout=measured --format=json", &options), 0);
	assert_int_equal(options.layout, OFFSETS_MEASURED);
	assert_int_equal(options.findings, FINDINGS_JSON);
	assert_int_equal(parse("diff --format=text", &options), 0);
	assert_int_equal(options.findings, FINDINGS_TEXT);
}

static void the_beginning_of_a_choice_is_none(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("report --format=tre", &options), -EINVAL);
	assert_int_equal(parse("report --format=tree", &options), 0);
}

static void an_option_of_another_command_is_none(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("clean --failed", &options), -EINVAL);
	assert_non_null(strstr(said, "clean: no such option '--failed'"));
}

/* What is refused is the byte itself, not the word before it. */
static void a_letter_beyond_ascii_is_no_option(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("trace -u x -\xc3\xa9 ls", &options), -EINVAL);
	assert_null(strstr(said, "no such option 'x'"));
	assert_non_null(strstr(said, "no such option '-"));
	assert_int_equal(parse("trace -f\xff ls", &options), -EINVAL);
	assert_null(strstr(said, "no such option '-f"));
}

static void what_is_wrong_with_a_long_option_is_said(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse("trace --follow=x ls", &options), -EINVAL);
	assert_non_null(strstr(said, "--follow takes no value, and '--follow=x' has one"));
	assert_int_equal(parse("trace --st ls", &options), -EINVAL);
	assert_non_null(strstr(said, "'--st' is ambiguous: --stop-when, --strict"));
	assert_int_equal(parse("trace --folow ls", &options), -EINVAL);
	assert_non_null(strstr(said, "did you mean "));
	assert_non_null(strstr(strstr(said, "did you mean "), "--follow"));
	assert_int_equal(parse("trace -d", &options), -EINVAL);
	assert_non_null(strstr(said, "no value for '-d'"));
}

static void a_number_is_a_whole_number(void **state)
{
	static const char *const wrong[] = { "trace -p 0 ls",  "trace -p -1 ls",
					     "trace -p 1x ls", "trace --buffer-size=0 ls",
					     "trace -d 0 ls",  "trace -d nan ls" };
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(parse(wrong[i], &options), -EINVAL);
	assert_int_equal(parse("trace -p 12 -p 13 -d 0.5", &options), 0);
	assert_int_equal(options.filters.pid_count, 2);
	assert_int_equal(options.filters.pids[1], 13);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, listen_to_messages, stop_listening)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_not_given_is_nothing),
		TEST(filters_have_the_names_of_their_options),
		TEST(names_of_tasks_are_selected_in_three_ways),
		TEST(a_user_is_a_name_or_a_number),
		TEST(the_first_word_that_is_no_option_is_the_program),
		TEST(a_value_that_is_none_of_its_choices_is_refused),
		TEST(each_choice_has_its_own_value),
		TEST(each_choice_of_how_to_trace_has_its_own_value),
		TEST(the_beginning_of_a_choice_is_none),
		TEST(an_option_of_another_command_is_none),
		TEST(a_letter_beyond_ascii_is_no_option),
		TEST(what_is_wrong_with_a_long_option_is_said),
		TEST(a_number_is_a_whole_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
