/* SPDX-License-Identifier: MIT */
/*
 * The viewer without a terminal: rows, order, filter, cursor, the lines of a text.
 */
#include "chains.h"

#include "../../src/view/lines.h"
#include "../../src/view/model.h"

#define MANY 1000

static struct viewer *view;
static struct chain_sink sink;

static int begin(void **state)
{
	const struct render_options options = { .arch = "x86_64" };

	(void)state;
	assert_int_equal(viewer_new(&options, &view), 0);
	sink = viewer_sink(view);
	return 0;
}

static int end(void **state)
{
	(void)state;
	viewer_free(view);
	return 0;
}

static void see(struct open_call open)
{
	open.complete = true;
	open.has_result = true;
	assert_int_equal(sink.open(sink.context, &open), 0);
}

static void see_paths(const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		see((struct open_call){ .id = i + 1,
					.path = { paths[i], strlen(paths[i]) },
					.comm = "cat",
					.cache = CACHE_HIT });
}

/* All is read. */
static void settle(void)
{
	const struct chain_summary summary = { 0 };

	assert_int_equal(sink.summary(sink.context, &summary), 0);
	for (int i = 0; i < VIEW_LISTS; i++)
		assert_false(view_table_work(&view->tables[i], SIZE_MAX));
}

static struct view_table *opens(void)
{
	return &view->tables[VIEW_OPENS];
}

/* The ids of the opens that are shown, in their order. */
static const char *shown(void)
{
	static char text[256];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < opens()->shown_count && i < 20; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%u", i ? " " : "",
					(unsigned int)view->opens.rows[opens()->shown[i]].id);
	return text;
}

static const char *filtered(const char *text)
{
	assert_int_equal(view_table_filter(opens(), text), 0);
	assert_false(view_table_work(opens(), SIZE_MAX));
	return shown();
}

static const char *sorted(const char *by, bool is_reversed)
{
	const struct view_sort *sorts = opens()->kind->sorts;
	size_t at = 0;

	while (sorts[at].name && strcmp(sorts[at].name, by) != 0)
		at++;
	assert_non_null(sorts[at].name);
	assert_int_equal(view_table_sort(opens(), at, is_reversed), 0);
	assert_false(view_table_work(opens(), SIZE_MAX));
	return shown();
}

/* --- the filter ------------------------------------------------------------------------------- */

static void every_word_of_a_filter_has_to_be_there(void **state)
{
	static const char *const paths[] = { "/etc/passwd", "/etc/group", "/usr/lib/passwd.so" };

	(void)state;
	see_paths(paths, ARRAY_SIZE(paths));
	settle();
	assert_string_equal(filtered(""), "1 2 3");
	assert_string_equal(filtered("passwd"), "1 3");
	assert_string_equal(filtered("  passwd   etc "), "1");
	assert_string_equal(filtered("etc passwd group"), "");
	assert_string_equal(filtered("cat hit group"), "2");
	assert_string_equal(filtered(""), "1 2 3");
}

static void capital_letters_count_where_there_is_one(void **state)
{
	static const char *const paths[] = { "/Make", "/make" };

	(void)state;
	see_paths(paths, ARRAY_SIZE(paths));
	settle();
	assert_string_equal(filtered("make"), "1 2");
	assert_string_equal(filtered("Make"), "1");
	assert_string_equal(filtered("mAke"), "");
}

static void words_are_found_in_all_that_a_line_says(void **state)
{
	(void)state;
	see((struct open_call){ .id = 1, .path = TEXT_OF("/a"), .comm = "make", .result = -2 });
	see((struct open_call){
		.id = 2, .path = TEXT_OF("/b"), .comm = "cc", .cache = CACHE_MISS, .result = 3 });
	see((struct open_call){ .id = 3,
				.path = TEXT_OF("x"),
				.resolved = TEXT_OF("/real/x"),
				.comm = "ld",
				.call = CALL_EXEC });
	settle();
	assert_string_equal(filtered("enoent"), "1");
	assert_string_equal(filtered("make"), "1");
	assert_string_equal(filtered("miss"), "2");
	assert_string_equal(filtered("exec"), "3");
	assert_string_equal(filtered("real"), "3");
}

/* What comes of typing, letter by letter and back, is what comes of the whole text. */
static void a_filter_that_is_typed_shows_what_the_whole_one_shows(void **state)
{
	static const char typed[] = "9 77";
	char text[sizeof(typed)] = "";

	(void)state;
	for (uint64_t id = 1; id <= MANY; id++) {
		char path[32];
		int len = snprintf(path, sizeof(path), "/f%03u", (unsigned int)id);

		see((struct open_call){ .id = id, .path = { path, (size_t)len } });
	}
	settle();
	for (size_t i = 0; i < sizeof(typed) - 1; i++) {
		text[i] = typed[i];
		filtered(text);
	}
	assert_string_equal(shown(), "779 977");
	text[3] = '\0';
	filtered(text);
	assert_int_equal(opens()->shown_count, 54); /* a 7 and a 9 */
	assert_string_equal(filtered("9 77"), "779 977");
}

static void a_filter_works_in_parts(void **state)
{
	static const char *const paths[] = { "/a", "/b", "/a", "/b", "/a" };

	(void)state;
	see_paths(paths, ARRAY_SIZE(paths));
	settle();
	assert_int_equal(view_table_filter(opens(), "/a"), 0);
	assert_true(view_table_work(opens(), 3));
	assert_string_equal(shown(), "1 3");
	/* What comes in between begins anew. */
	assert_int_equal(view_table_filter(opens(), "/b"), 0);
	assert_true(view_table_work(opens(), 4));
	assert_string_equal(shown(), "2 4");
	assert_false(view_table_work(opens(), 1));
	assert_string_equal(shown(), "2 4");
}

/* --- order and cursor ------------------------------------------------------------------------- */

static void rows_are_sorted_and_equal_ones_stay_in_order(void **state)
{
	(void)state;
	see((struct open_call){ .id = 3,
				.path = TEXT_OF("/b"),
				.comm = "x",
				.latency_ns = 5,
				.has_latency = true });
	see((struct open_call){ .id = 1,
				.path = TEXT_OF("/c"),
				.comm = "x",
				.result = -13,
				.latency_ns = UINT64_C(1) << 40,
				.has_latency = true });
	see((struct open_call){ .id = 2, .path = TEXT_OF("/a"), .comm = "w", .result = -2 });
	settle();
	assert_string_equal(shown(), "1 2 3");
	assert_string_equal(sorted("path", false), "2 3 1");
	assert_string_equal(sorted("path", true), "1 3 2");
	assert_string_equal(sorted("task", false), "2 3 1");
	assert_string_equal(sorted("time taken", false), "1 3 2");
	assert_string_equal(sorted("result", false), "2 1 3");
	assert_string_equal(sorted("order", true), "3 2 1");
}

static void a_filter_stays_when_the_order_changes(void **state)
{
	static const char *const paths[] = { "/b/x", "/c", "/a/x" };

	(void)state;
	see_paths(paths, ARRAY_SIZE(paths));
	settle();
	assert_string_equal(filtered("x"), "1 3");
	assert_string_equal(sorted("path", false), "3 1");
}

static void the_cursor_stays_on_its_row(void **state)
{
	static const char *const paths[] = { "/d", "/c", "/b", "/a" };

	(void)state;
	see_paths(paths, ARRAY_SIZE(paths));
	settle();
	view_cursor_move(&opens()->cursor, 2, opens()->shown_count);
	assert_int_equal(view_table_row(opens()), 2);
	sorted("path", false);
	assert_int_equal(opens()->cursor.at, 1);
	assert_int_equal(view_table_row(opens()), 2);
	filtered("b");
	assert_int_equal(opens()->cursor.at, 0);
	filtered("");
	assert_int_equal(view_table_row(opens()), 2);
	filtered("nothing");
	assert_int_equal(view_table_row(opens()), VIEW_NO_ROW);
}

static void the_cursor_goes_as_far_as_there_are_lines(void **state)
{
	struct view_cursor cursor = { 0 };

	(void)state;
	view_cursor_move(&cursor, 5, 3);
	assert_int_equal(cursor.at, 2);
	view_cursor_move(&cursor, -1, 3);
	assert_int_equal(cursor.at, 1);
	view_cursor_move(&cursor, -9, 3);
	assert_int_equal(cursor.at, 0);
	view_cursor_move(&cursor, 1, 0);
	assert_int_equal(cursor.at, 0);
	cursor.at = 99;
	view_cursor_fit(&cursor, 10, 100);
	assert_int_equal(cursor.top, 90);
	view_cursor_fit(&cursor, 200, 100);
	assert_int_equal(cursor.top, 0);
	view_cursor_fit(&cursor, 10, 4);
	assert_int_equal(cursor.at, 3);
}

static void a_search_goes_round(void **state)
{
	static const char *const paths[] = { "/x1", "/y", "/x2" };
	struct view_filter search = { 0 };

	(void)state;
	see_paths(paths, ARRAY_SIZE(paths));
	settle();
	assert_int_equal(view_filter_set(&search, "x", view->strings.count), 0);
	assert_true(view_table_find(opens(), &search, 1, true));
	assert_int_equal(opens()->cursor.at, 0);
	assert_true(view_table_find(opens(), &search, 1, false));
	assert_int_equal(opens()->cursor.at, 2);
	assert_true(view_table_find(opens(), &search, 1, false));
	assert_int_equal(opens()->cursor.at, 0);
	assert_true(view_table_find(opens(), &search, -1, false));
	assert_int_equal(opens()->cursor.at, 2);
	assert_int_equal(view_filter_set(&search, "z", view->strings.count), 0);
	assert_false(view_table_find(opens(), &search, 1, true));
	assert_int_equal(opens()->cursor.at, 2);
	view_filter_release(&search);
}

/* --- rows and their lines --------------------------------------------------------------------- */

static const char *line(enum view_list list, uint32_t row, size_t columns)
{
	struct view_table *table = &view->tables[list];
	struct text *text = &view->scratch;

	if (table->kind->measure)
		table->kind->measure(table->rows, &row, 1, columns);
	text->len = 0;
	table->kind->line(table->rows, row, columns, text);
	text_char(text, '\0');
	return text->data;
}

static void an_open_takes_64_bytes_and_a_path_is_kept_once(void **state)
{
	uint32_t before;

	(void)state;
	assert_int_equal(sizeof(struct view_open), 64);
	see_paths(&(const char *){ "/same" }, 1);
	before = view->strings.count;
	for (int i = 0; i < MANY; i++)
		see_paths(&(const char *){ "/same" }, 1);
	assert_int_equal(view->strings.count, before);
	assert_int_equal(view->opens.count, MANY + 1);
}

static void a_line_is_that_of_the_list(void **state)
{
	(void)state;
	see((struct open_call){ .id = 1,
				.path = TEXT_OF("/etc/x"),
				.resolved = TEXT_OF("/etc/x"),
				.comm = "cat",
				.call = CALL_OPEN,
				.has_flags = true,
				.result = -2,
				.cache = CACHE_NEGATIVE,
				.has_latency = true,
				.latency_ns = 1500 });
	settle();
	assert_string_equal(line(VIEW_OPENS, 0, 0),
			    "open cat /etc/x O_RDONLY = ENOENT negative 1.5 us");
}

static void odd_bytes_of_names_never_reach_the_terminal(void **state)
{
	(void)state;
	see((struct open_call){ .id = 1, .path = TEXT_OF("/a\033[31m\n\xff"), .comm = "\033x" });
	settle();
	assert_non_null(strstr(line(VIEW_OPENS, 0, 0), "/a\\x1b[31m\\n\\xff"));
	assert_non_null(strstr(line(VIEW_OPENS, 0, 0), "\\x1bx"));
	assert_string_equal(filtered("x1b"), "1");
}

static void directories_count_their_opens(void **state)
{
	const struct view_folder *rows;

	(void)state;
	see((struct open_call){ .id = 1, .path = TEXT_OF("/d/a"), .result = -2 });
	see((struct open_call){ .id = 2, .path = TEXT_OF("/d/b"), .cache = CACHE_MISS });
	see((struct open_call){ .id = 3, .path = TEXT_OF("rel"), .cache = CACHE_NEGATIVE });
	settle();
	rows = view->folders.rows;
	assert_int_equal(view->folders.count, 2);
	assert_int_equal(rows[0].opens, 2);
	assert_int_equal(rows[0].failed, 1);
	assert_int_equal(rows[0].misses, 1);
	assert_int_equal(rows[1].negatives, 1);
	assert_non_null(strstr(line(VIEW_FOLDERS, 0, 80), " /d/"));
	assert_non_null(strstr(line(VIEW_FOLDERS, 1, 80), "(directory unknown)"));
}

static void negative_dentries_say_who_made_them(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	assert_int_equal(sink.name(sink.context, &chain.name), 0);
	settle();
	assert_int_equal(view->negatives.count, 1);
	assert_int_equal(view->negatives.rows[0].open, 1);
	assert_non_null(strstr(line(VIEW_NEGATIVES, 0, 80), "looked up  "));
}

static void view_as(uint32_t uid)
{
	const struct render_options options = { .filters.users = { true, uid } };

	viewer_free(view);
	assert_int_equal(viewer_new(&options, &view), 0);
	sink = viewer_sink(view);
}

/* Who cannot be told from others stays in. */
static void of_one_user_only_what_that_one_did_is_shown(void **state)
{
	(void)state;
	view_as(1000);
	see((struct open_call){ .id = 1, .path = TEXT_OF("/a/a"), .has_uid = true, .uid = 1000 });
	see((struct open_call){ .id = 2, .path = TEXT_OF("/b/b"), .has_uid = true, .uid = 0 });
	see((struct open_call){ .id = 3, .path = TEXT_OF("/a/c") });
	for (uint32_t uid = 0; uid < 3000; uid += 1000) {
		chain_tm_miss(&chain);
		for (size_t i = 0; i < chain.lifetimes[0].hops.count; i++) {
			chain.hops[0][i].has_uid = true;
			chain.hops[0][i].uid = uid;
		}
		assert_int_equal(sink.name(sink.context, &chain.name), 0);
	}
	chain_tm_miss(&chain);
	assert_int_equal(sink.name(sink.context, &chain.name), 0);
	settle();
	assert_string_equal(shown(), "1 3");
	assert_int_equal(view->folders.count, 1);
	assert_int_equal(view->negatives.count, 2);
	assert_int_equal(viewer_doubts(view), 2);
}

static void no_line_is_wider_than_the_screen(void **state)
{
	static const char *const paths[] = { "/a/rather/long/path/that/does/not/fit/at/all" };

	(void)state;
	see_paths(paths, 1);
	settle();
	for (int list = 0; list < VIEW_LISTS; list += VIEW_FOLDERS)
		assert_true(strlen(line((enum view_list)list, 0, 75)) <= 75 + 4);
}

/* --- texts ------------------------------------------------------------------------------------ */

static void lines_are_clipped_by_columns(void **state)
{
	size_t len;

	(void)state;
	assert_memory_equal(view_clip("abcdef", 2, 3, &len), "cde", 3);
	assert_int_equal(len, 3);
	assert_memory_equal(view_clip("├─ x", 1, 2, &len), "─ ", 4);
	assert_int_equal(len, 4);
	view_clip("日本", 0, 3, &len);
	assert_int_equal(len, 3);
	view_clip("ab", 5, 3, &len);
	assert_int_equal(len, 0);
	view_clip("\xff\xfe", 0, 5, &len);
	assert_int_equal(len, 2);
}

static void a_text_is_read_by_lines(void **state)
{
	struct view_lines lines = { 0 };
	struct view_filter search = { 0 };

	(void)state;
	assert_int_equal(view_lines_set(&lines, strdup("one\n\nthree PASS\nfour")), 0);
	assert_int_equal(lines.count, 4);
	assert_string_equal(lines.lines[1], "");
	assert_string_equal(lines.lines[3], "four");
	assert_int_equal(view_lines_style(lines.lines[2]), VIEW_GOOD);
	assert_int_equal(view_lines_style(lines.lines[0]), VIEW_PLAIN);
	assert_int_equal(view_filter_set(&search, "pass", 0), 0);
	assert_true(view_lines_find(&lines, &search, 1, true));
	assert_int_equal(lines.cursor.at, 2);
	view_filter_release(&search);
	view_lines_release(&lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_word_of_a_filter_has_to_be_there, begin, end),
		cmocka_unit_test_setup_teardown(capital_letters_count_where_there_is_one, begin,
						end),
		cmocka_unit_test_setup_teardown(words_are_found_in_all_that_a_line_says, begin,
						end),
		cmocka_unit_test_setup_teardown(
			a_filter_that_is_typed_shows_what_the_whole_one_shows, begin, end),
		cmocka_unit_test_setup_teardown(a_filter_works_in_parts, begin, end),
		cmocka_unit_test_setup_teardown(rows_are_sorted_and_equal_ones_stay_in_order, begin,
						end),
		cmocka_unit_test_setup_teardown(a_filter_stays_when_the_order_changes, begin, end),
		cmocka_unit_test_setup_teardown(the_cursor_stays_on_its_row, begin, end),
		cmocka_unit_test(the_cursor_goes_as_far_as_there_are_lines),
		cmocka_unit_test_setup_teardown(a_search_goes_round, begin, end),
		cmocka_unit_test_setup_teardown(an_open_takes_64_bytes_and_a_path_is_kept_once,
						begin, end),
		cmocka_unit_test_setup_teardown(a_line_is_that_of_the_list, begin, end),
		cmocka_unit_test_setup_teardown(odd_bytes_of_names_never_reach_the_terminal, begin,
						end),
		cmocka_unit_test_setup_teardown(directories_count_their_opens, begin, end),
		cmocka_unit_test_setup_teardown(negative_dentries_say_who_made_them, begin, end),
		cmocka_unit_test_setup_teardown(of_one_user_only_what_that_one_did_is_shown, begin,
						end),
		cmocka_unit_test_setup_teardown(no_line_is_wider_than_the_screen, begin, end),
		cmocka_unit_test(lines_are_clipped_by_columns),
		cmocka_unit_test(a_text_is_read_by_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
