/* SPDX-License-Identifier: MIT */
/*
 * The list: what a line says, what is folded, and that nothing is wider than the page. And what a
 * terminal gets by itself: trees of a few names, the list of many.
 */
#include "chains.h"

#include "util/columns.h"

static const struct chain_summary end = { .totals = { .lost_is_known = true } };

static struct output output;

static void start(size_t columns)
{
	const struct render_options options = { .arch = "x86_64", .columns = columns };

	output_start(&output, &render_list, &options);
}

static struct open_call open_of(const char *path, const char *resolved)
{
	struct open_call open = {
		.id = 1,
		.path = { path, strlen(path) },
		.resolved = { resolved, resolved ? strlen(resolved) : 0 },
		.call = CALL_OPEN,
		.has_flags = true,
		.flags = 02100000,
		.has_result = true,
		.result = 3,
		.has_latency = true,
		.latency_ns = 29000,
		.complete = true,
		.cache = CACHE_HIT,
		.comm = "git",
	};

	return open;
}

static void give(const struct open_call *open)
{
	assert_int_equal(output.sink.open(output.sink.context, open), 0);
}

static void give_path(const char *path, const char *resolved)
{
	const struct open_call open = open_of(path, resolved);

	give(&open);
}

static char *finish(void)
{
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static void each_open_has_a_line(void **state)
{
	struct open_call open = open_of(".git/packed-refs", "/root/repo/.git/packed-refs");

	(void)state;
	start(0);
	give_path("/root/.gitconfig", "/root/.gitconfig");
	open.dir = TEXT_OF("/root/repo");
	open.flags = 0100000;
	open.result = -2;
	open.cache = CACHE_MISS;
	open.latency_ns = 277400;
	give(&open);
	assert_has(finish(),
		   "open /root/.gitconfig            O_RDONLY|O_CLOEXEC = 3      hit   29 us\n"
		   "open /root/repo/.git/packed-refs O_RDONLY           = ENOENT miss 277 us\n"
		   "\n0 opens, ");
}

static struct open_call stat_of(const char *path)
{
	struct open_call call = open_of(path, path);

	call.call = CALL_STAT;
	call.has_flags = false;
	call.result = 0;
	return call;
}

static void a_path_call_has_a_line_without_flags(void **state)
{
	const struct open_call call = stat_of("/etc");

	(void)state;
	start(0);
	give_path("/root/.gitconfig", "/root/.gitconfig");
	assert_int_equal(output.sink.path_call(output.sink.context, &call), 0);
	assert_has(finish(), "open /root/.gitconfig O_RDONLY|O_CLOEXEC = 3 hit 29 us\n"
			     "stat /etc             -                  = 0 hit 29 us\n");
}

static void path_calls_are_counted_beside_the_opens(void **state)
{
	const struct chain_summary summary = {
		.totals = { .opens = 1, .path_calls = 2, .lost_is_known = true },
	};

	(void)state;
	assert_has(render_text(&render_list, NULL, NULL, &summary),
		   "1 open, 2 paths of other calls, 0 names: ");
}

static void a_terminal_gets_the_list_if_there_are_path_calls(void **state)
{
	const struct render_options options = { .arch = "x86_64" };
	const struct open_call call = stat_of("/etc");

	(void)state;
	chain_te_miss(&chain);
	output_start(&output, &render_auto, &options);
	assert_int_equal(output.sink.path_call(output.sink.context, &call), 0);
	assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
	assert_has(finish(), "stat /etc - = 0 hit 29 us\n");
}

static void with_a_clock_each_line_has_the_time_of_its_first_open(void **state)
{
	const struct render_options options = {
		.arch = "x86_64", .columns = 80, .shows_times = true, .times = TIMES_DELTA
	};
	struct open_call open = open_of("/a", "/a");

	(void)state;
	output_start(&output, &render_list, &options);
	open.ts = 5000000000;
	give(&open);
	open.ts = 6000000000;
	give(&open);
	open.path.data = open.resolved.data = "/b";
	open.ts = 7500000000;
	give(&open);
	assert_has(finish(), "       0.000000 open /a O_RDONLY|O_CLOEXEC = 3 hit 29 us ×2\n"
			     "       2.500000 open /b O_RDONLY|O_CLOEXEC = 3 hit 29 us\n");
}

static void the_last_line_says_how_to_see_the_chains(void **state)
{
	char *text;

	(void)state;
	start(80);
	give_path("/x", "/x");
	text = finish();
	assert_true(strlen(text) > 68);
	assert_string_equal(text + strlen(text) - 68,
			    "\n--format=tree shows the chains, with --name=NAME those of one "
			    "name\n");
	free(text);
}

static void what_was_passed_stands_behind_the_path(void **state)
{
	(void)state;
	start(0);
	give_path("/lib/x.so.1", "/usr/lib/x.so.1.2");
	assert_has(finish(), "open /usr/lib/x.so.1.2 (as /lib/x.so.1) O_RDONLY");
}

static void a_path_that_is_not_known_is_shown_as_such(void **state)
{
	(void)state;
	start(0);
	give_path("conf", NULL);
	give_path("/x", NULL);
	assert_has(finish(), "open …/conf         O_RDONLY|O_CLOEXEC = 3 hit 29 us\n"
			     "open /x (as passed) O_RDONLY|O_CLOEXEC = 3 hit 29 us\n");
}

static void what_may_be_made_has_its_mode_behind_the_flags(void **state)
{
	struct open_call open = open_of("/new", "/new");

	(void)state;
	open.flags = 0302;
	open.has_mode = true;
	open.mode = 0640;
	start(0);
	give(&open);
	open.mode = 0600;
	give(&open);
	open.mode = 04;
	give(&open);
	assert_has(finish(), "open /new O_RDWR|O_CREAT|O_EXCL 0640 = 3 hit 29 us\n"
			     "open /new O_RDWR|O_CREAT|O_EXCL 0600 = 3 hit 29 us\n"
			     "open /new O_RDWR|O_CREAT|O_EXCL 0004 = 3 hit 29 us\n");
}

static void what_is_not_known_is_no_number(void **state)
{
	struct open_call open = open_of("/x", "/x");

	(void)state;
	open.call = CALL_UNKNOWN;
	open.has_flags = open.has_result = open.has_latency = open.complete = false;
	open.cache = CACHE_UNKNOWN;
	start(0);
	give(&open);
	assert_has(finish(), "? /x ? = ? unknown ? us incomplete\n");
}

static void repeats_are_folded(void **state)
{
	struct open_call open = open_of("/x", "/x");

	(void)state;
	start(0);
	for (int i = 0; i < 57; i++) {
		open.latency_ns = i ? 10000 : 67000;
		give(&open);
		give_path("/y", "/y");
	}
	assert_has(finish(), "open /x O_RDONLY|O_CLOEXEC = 3 hit 11 us ×57\n"
			     "open /y O_RDONLY|O_CLOEXEC = 3 hit 29 us ×57\n\n");
}

static void what_came_out_differently_is_not_folded(void **state)
{
	struct open_call open = open_of("/x", "/x");

	(void)state;
	start(0);
	open.cache = CACHE_MISS;
	give(&open);
	open.cache = CACHE_HIT;
	open.result = 4;
	give(&open);
	open.result = 5;
	give(&open);
	open.result = -13;
	give(&open);
	open.result = -2;
	give(&open);
	assert_has(finish(), "open /x O_RDONLY|O_CLOEXEC = 3      miss 29 us\n"
			     "open /x O_RDONLY|O_CLOEXEC = 4…     hit  29 us ×2\n"
			     "open /x O_RDONLY|O_CLOEXEC = EACCES hit  29 us\n"
			     "open /x O_RDONLY|O_CLOEXEC = ENOENT hit  29 us\n");
}

static void whose_they_are_is_said_where_they_differ(void **state)
{
	struct open_call open = open_of("/x", "/x");

	(void)state;
	start(0);
	give(&open);
	strcpy(open.comm, "s h");
	give(&open);
	assert_has(finish(), "open git /x O_RDONLY|O_CLOEXEC = 3 hit 29 us\n"
			     "open s h /x O_RDONLY|O_CLOEXEC = 3 hit 29 us\n");
}

static void hostile_names_stay_on_their_line(void **state)
{
	(void)state;
	start(0);
	give_path("/a\n\033[2J (as x)", "/a\n\033[2J (as x)");
	assert_has(finish(), "open \"/a\\n\\x1b[2J (as x)\" O_RDONLY");
}

/* Names of many lengths, with all that a line can have. */
static char *full_page(size_t columns)
{
	char path[600];

	start(columns);
	for (size_t len = 1; len < sizeof(path) - 1; len += 7) {
		struct open_call open;

		memset(path, len % 2 ? 'x' : '\001', len);
		path[0] = '/';
		path[len] = '\0';
		open = open_of(path, len % 3 ? path : "/resolved/elsewhere");
		open.flags = len % 5 ? 02100000 : 02304000;
		open.result = len % 7 ? 3 : -40;
		strcpy(open.comm, len % 2 ? "a" : "fifteen_letters");
		for (size_t i = 0; i < len; i++)
			give(&open);
	}
	return finish();
}

static void no_line_is_wider_than_the_page(void **state)
{
	(void)state;
	for (size_t columns = 20; columns < 260; columns += columns < 90 ? 1 : 13) {
		char *text = full_page(columns), *line = text;

		for (; *line; line = strchr(line, '\n') + 1)
			assert_true(columns_of(line, (size_t)(strchr(line, '\n') - line)) <=
				    columns);
		free(text);
	}
}

/* The end of the path is what tells the lines apart. */
static void a_narrow_page_keeps_path_and_result(void **state)
{
	static const size_t pages[] = { 40, 24 };

	(void)state;
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		start(pages[i]);
		give_path("/usr/lib/python3.11/encodings", "/usr/lib/python3.11/encodings");
		assert_has(finish(), "/encodings = 3");
	}
}

static void the_narrowest_page_has_the_result(void **state)
{
	struct open_call open = open_of("/usr/lib/python3.11/encodings", NULL);

	(void)state;
	open.resolved = open.path;
	open.result = -2;
	start(20);
	give(&open);
	assert_has(finish(), "…ncodings = ENOENT\n");
}

static void what_fits_is_not_shortened(void **state)
{
	struct open_call open = open_of("/lib/x86_64-linux-gnu/libunwind-ptrace.so.0",
					"/usr/lib/x86_64-linux-gnu/libunwind-ptrace.so.0");

	(void)state;
	start(200);
	give(&open);
	open.flags = 02304000;
	give(&open);
	assert_lacks(finish(), "…");
}

static void flags_give_way_before_the_path(void **state)
{
	struct open_call open = open_of("/usr/lib/python3.11/lib-dynload", NULL);

	(void)state;
	open.resolved = open.path;
	open.flags = 02304000;
	start(72);
	give(&open);
	assert_has(finish(),
		   "open /usr/lib/python3.11/lib-dynload O_RDONLY|O_NONBLOCK|… = 3 hit 29 us\n");
}

static void flags_are_those_of_the_machine(void **state)
{
	static const struct {
		const char *arch;
		uint64_t flags;
		const char *words;
	} rows[] = {
		{ "x86_64", 0302, " O_RDWR|O_CREAT|O_EXCL " },
		{ "x86_64", 02304000, " O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY " },
		{ "aarch64", 02444000, " O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY " },
		{ "s390x", 020200002, " O_RDWR|O_TMPFILE " },
		{ "aarch64", 020040002, " O_RDWR|O_TMPFILE " },
		{ "x86_64", 04010001, " O_WRONLY|O_SYNC " },
		{ "x86_64", 010001, " O_WRONLY|O_DSYNC " },
		{ "x86_64", 0100040, " O_RDONLY " },
		{ "x86_64", 0400000000, " O_RDONLY|0400000000 " },
		{ "mips", 0402, " 0402 " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct render_options options = { .arch = rows[i].arch };
		struct open_call open = open_of("/x", "/x");

		open.flags = rows[i].flags;
		output_start(&output, &render_list, &options);
		give(&open);
		assert_has(finish(), rows[i].words);
	}
}

static void as_it_comes_a_line_is_there_before_the_end(void **state)
{
	const struct render_options options = { .arch = "x86_64", .as_it_comes = true };

	(void)state;
	output_start(&output, &render_list, &options);
	give_path("/x", "/x");
	assert_string_equal(output.text, "open git /x O_RDONLY|O_CLOEXEC = 3 hit 29 us\n");
	give_path("/x", "/x");
	give_path("/x", "/x");
	give_path("/y", "/y");
	assert_has(finish(), "open git /x O_RDONLY|O_CLOEXEC = 3 hit 29 us\n"
			     "open git /x O_RDONLY|O_CLOEXEC = 3 hit 29 us ×2\n"
			     "open git /y O_RDONLY|O_CLOEXEC = 3 hit 29 us\n\n");
}

static char *of_so_many_names(int names)
{
	static const struct render_options options = { .arch = "x86_64", .columns = 80 };

	chain_te_miss(&chain);
	output_start(&output, &render_auto, &options);
	give_path("/tmp/t_e.txt", "/tmp/t_e.txt");
	for (int i = 0; i < names; i++)
		assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
	return finish();
}

static void a_dozen_names_are_shown_as_trees(void **state)
{
	char *text;

	(void)state;
	text = of_so_many_names(12);
	assert_null(strstr(text, "open /tmp/t_e.txt"));
	assert_has(text, "name string = \"/tmp/t_e.txt\"\n");
}

static void more_names_are_shown_as_a_list(void **state)
{
	char *text;

	(void)state;
	text = of_so_many_names(13);
	assert_null(strstr(text, "name string"));
	assert_has(text, "open /tmp/t_e.txt O_RDONLY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_call_has_a_line_without_flags),
		cmocka_unit_test(path_calls_are_counted_beside_the_opens),
		cmocka_unit_test(a_terminal_gets_the_list_if_there_are_path_calls),
		cmocka_unit_test(each_open_has_a_line),
		cmocka_unit_test(with_a_clock_each_line_has_the_time_of_its_first_open),
		cmocka_unit_test(the_last_line_says_how_to_see_the_chains),
		cmocka_unit_test(what_was_passed_stands_behind_the_path),
		cmocka_unit_test(a_path_that_is_not_known_is_shown_as_such),
		cmocka_unit_test(what_may_be_made_has_its_mode_behind_the_flags),
		cmocka_unit_test(what_is_not_known_is_no_number),
		cmocka_unit_test(repeats_are_folded),
		cmocka_unit_test(what_came_out_differently_is_not_folded),
		cmocka_unit_test(whose_they_are_is_said_where_they_differ),
		cmocka_unit_test(hostile_names_stay_on_their_line),
		cmocka_unit_test(no_line_is_wider_than_the_page),
		cmocka_unit_test(a_narrow_page_keeps_path_and_result),
		cmocka_unit_test(the_narrowest_page_has_the_result),
		cmocka_unit_test(what_fits_is_not_shortened),
		cmocka_unit_test(flags_give_way_before_the_path),
		cmocka_unit_test(flags_are_those_of_the_machine),
		cmocka_unit_test(as_it_comes_a_line_is_there_before_the_end),
		cmocka_unit_test(a_dozen_names_are_shown_as_trees),
		cmocka_unit_test(more_names_are_shown_as_a_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
