/* SPDX-License-Identifier: MIT */
/*
 * What was looked for in vain: once each, in order, with how often and by whom.
 */
#include "chains.h"

#include <errno.h>

#include "util/columns.h"

static const struct chain_summary end = { .totals = { .lost_is_known = true } };

static struct output output;

static void start(size_t columns)
{
	const struct render_options options = { .columns = columns };

	output_start(&output, &render_missing, &options);
}

static void give(const char *path, int64_t result, const char *comm)
{
	struct open_call open = {
		.id = 1,
		.path = { path, strlen(path) },
		.resolved = { path, strlen(path) },
		.has_result = true,
		.result = result,
		.complete = true,
	};

	strcpy(open.comm, comm);
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
}

static char *finish(void)
{
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static void each_path_is_there_once_in_order(void **state)
{
	(void)state;
	start(0);
	give("/z", -ENOENT, "git");
	give("/a/b", -ENOTDIR, "git");
	for (int i = 0; i < 9; i++)
		give("/z", -ENOENT, "git");
	assert_has(finish(), " ×10 git /z\n"
			     "  ×1 git /a/b\n"
			     "looked for in vain: 2 paths, 11 times\n"
			     "0 records, ");
}

static void what_is_there_is_not_missing(void **state)
{
	(void)state;
	start(0);
	give("/a", 3, "git");
	give("/b", -EACCES, "git");
	give("/c", -EEXIST, "git");
	assert_has(finish(), "looked for in vain: 0 paths, 0 times\n");
}

static void a_result_that_was_not_seen_is_none(void **state)
{
	const struct open_call open = { .path = TEXT_OF("/x"), .result = -ENOENT };

	(void)state;
	start(0);
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
	assert_has(finish(), "looked for in vain: 0 paths, 0 times\n");
}

/* Chains are not shown, but one that is wrong makes the rest doubtful. */
static void a_failure_is_told(void **state)
{
	struct chain_summary summary = end;

	(void)state;
	summary.totals.verdicts[VERDICT_FAIL] = 1;
	assert_has(render_text(&render_missing, NULL, NULL, &summary),
		   "times\n0 pass, 1 fail, 0 unknown\n0 records, ");
}

static void everybody_who_looked_for_it_is_counted(void **state)
{
	(void)state;
	start(0);
	give("/x", -ENOENT, "git");
	give("/x", -ENOENT, "sh");
	give("/x", -ENOENT, "git");
	give("/x", -ENOENT, "cc");
	give("/x", -ENOENT, "ld");
	give("/x", -ENOENT, "as");
	give("/y", -ENOENT, "");
	assert_has(finish(), " ×6 git ×2, sh ×1, cc ×1 and others ×2 /x\n"
			     " ×1 ?                                  /y\n");
}

static void no_line_is_wider_than_the_page(void **state)
{
	char path[200], *text, *line;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[199] = '\0';
	start(60);
	give(path, -ENOENT, "git");
	text = finish();
	for (line = text; *line; line = strchr(line, '\n') + 1)
		assert_true(columns_of(line, (size_t)(strchr(line, '\n') - line)) <= 60);
	assert_has(text, "…");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_path_is_there_once_in_order),
		cmocka_unit_test(what_is_there_is_not_missing),
		cmocka_unit_test(a_result_that_was_not_seen_is_none),
		cmocka_unit_test(a_failure_is_told),
		cmocka_unit_test(everybody_who_looked_for_it_is_counted),
		cmocka_unit_test(no_line_is_wider_than_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
