/* SPDX-License-Identifier: MIT */
/*
 * Which tasks their names select, here and in the words of the kernel's filters.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "util/comm_filter.h"
#include "util/message.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static void ignore(enum message_level level, const char *text)
{
	(void)level;
	(void)text;
}

static void without_a_name_each_task_is_selected(void **state)
{
	const struct comm_filter none = { 0 };

	(void)state;
	assert_false(comm_filter_is_set(&none));
	assert_true(comm_filter_has(&none, ""));
	assert_true(comm_filter_has(&none, "sh"));
}

static void all_that_is_asked_for_has_to_hold(void **state)
{
	static const struct {
		struct comm_filter filter;
		const char *comm;
		bool has;
	} rows[] = {
		{ { .is = "sh" }, "sh", true },
		{ { .is = "s*" }, "sh", false },
		{ { .like = "s*" }, "sh", true },
		{ { .like = "s*" }, "bash", false },
		{ { .is_not = "sh" }, "sh", false },
		{ { .is_not = "sh" }, "bash", true },
		{ { .is_not = "*" }, "sh", true },
		{ { .like = "*sh", .is_not = "sh" }, "bash", true },
		{ { .like = "*sh", .is_not = "sh" }, "sh", false },
		/* The kernel keeps 15 bytes of a name. */
		{ { .is = "gnome-terminal-server" }, "gnome-terminal-", true },
		{ { .is = "gnome-terminal-server" }, "gnome-terminal", false },
		{ { .is_not = "gnome-terminal-server" }, "gnome-terminal-", false },
		{ { .is_not = "gnome-terminal-server" }, "gnome-terminal", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_true(comm_filter_is_set(&rows[i].filter));
		assert_int_equal(comm_filter_has(&rows[i].filter, rows[i].comm), rows[i].has);
	}
}

static void the_kernel_gets_a_pattern_of_the_full_kind(void **state)
{
	static const struct {
		struct comm_filter filter;
		const char *text;
	} rows[] = {
		{ { .is = "sh" }, "comm == \"sh\"" },
		{ { .is = "a\"b" }, "comm == 'a\"b'" },
		{ { .is_not = "it's" }, "comm != \"it's\"" },
		{ { .like = "sh*" }, "comm ~ \"\\sh*\"" },
		{ { .like = "7z*" }, "comm ~ \"\\7z*\"" },
		{ { .like = "!x" }, "comm ~ \"\\!x\"" },
		{ { .like = "*sh" }, "comm ~ \"***sh\"" },
		{ { .like = "[ab]*" }, "comm ~ \"[ab]*\"" },
		{ { .like = "\\*" }, "comm ~ \"\\*\"" },
		{ { .like = "a\\\\" }, "comm ~ \"\\a\\\\\"" },
		{ { .is = "a", .like = "b", .is_not = "c" },
		  "comm == \"a\" && comm ~ \"\\b\" && comm != \"c\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text;

		assert_int_equal(comm_filter_text(&rows[i].filter, &text), 0);
		assert_string_equal(text, rows[i].text);
		free(text);
	}
}

static void what_the_kernel_would_take_otherwise_is_refused(void **state)
{
	static const struct comm_filter rows[] = {
		{ .is = "a'b\"c" },
		{ .is_not = "a'b\"c" },
		{ .like = "a'b\"*" },
		{ .like = "[^a]*" },
		{ .like = "[[:digit:]]*" },
		{ .like = "a\\" },
		{ .is = "sh", .is_not = "a'b\"c" },
	};

	(void)state;
	message_set_hook(ignore);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text;

		assert_int_equal(comm_filter_text(&rows[i], &text), -EINVAL);
	}
	message_set_hook(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_name_each_task_is_selected),
		cmocka_unit_test(all_that_is_asked_for_has_to_hold),
		cmocka_unit_test(the_kernel_gets_a_pattern_of_the_full_kind),
		cmocka_unit_test(what_the_kernel_would_take_otherwise_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
