/* SPDX-License-Identifier: MIT */
/*
 * ftopen diff: what differs is shown, and nothing else.
 */
#include "report.h"

#include "chain/outcome.h"
#include "render/diff.h"
#include "util/columns.h"

#define RECORDINGS "tests/data/recordings/"

/* What diff prints, the caller's to free(). */
static char *difference(const char *a, const char *b, enum findings_format format, const char *glob)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *text;
	char *args[] = { (char *)a, (char *)b, NULL };
	const struct options options = { .findings = format,
					 .filters.name_glob = glob,
					 .results = path,
					 .args = args,
					 .arg_count = 2 };
	int fd = mkstemp(path);

	said[0] = '\0';
	assert_int_equal(cmd_diff(&options), 0);
	assert_int_equal(read_file(path, &text, NULL), 0);
	close(fd);
	unlink(path);
	return text;
}

static void two_kernels_differ_in_the_functions_that_were_renamed(void **state)
{
	char *text = difference(RECORDINGS "6.1/te_miss.dat", RECORDINGS "7.3/te_miss.dat",
				FINDINGS_TEXT, NULL);

	(void)state;
	assert_string_equal(strstr(text, "\n\n"),
			    "\n\nfunctions that differ\n"
			    "  getname        return  getname -> getname_flags\n"
			    "  open           entry   do_filp_open -> do_file_open\n"
			    "  open           return  do_filp_open -> do_file_open\n"
			    "  evict          entry   __dentry_kill -> dentry_free\n"
			    "\n2 paths alike, 0 different, 0 only in a, 0 only in b\n");
	free(text);
}

static void a_recording_does_not_differ_from_itself(void **state)
{
	static const char file[] = RECORDINGS "6.12/rebuild.dat";
	char *text = difference(file, file, FINDINGS_TEXT, NULL);

	(void)state;
	assert_null(strstr(text, "->"));
	assert_non_null(strstr(text, " alike, 0 different, 0 only in a, 0 only in b\n"));
	free(text);
}

static void a_name_that_came_out_differently_is_shown_with_both(void **state)
{
	char *text = difference(RECORDINGS "6.12/evict.dat", RECORDINGS "6.12/delete.dat",
				FINDINGS_TEXT, NULL);

	(void)state;
	assert_non_null(strstr(text, "names with different results\n"
				     "  …/l_e.txt: 1 negative -> 1 hit\n"
				     "    failed    1 ENOENT -> none\n"
				     "    ends      1 evicted -> 1 deleted\n"));
	assert_non_null(strstr(text, "only in a\n  /proc/sys/vm/drop_caches (as passed): 1 hit\n"));
	assert_non_null(strstr(text, "\n0 paths alike, 2 different, 1 only in a, 0 only in b\n"));
	free(text);
}

static void only_paths_that_match_are_compared(void **state)
{
	char *text = difference(RECORDINGS "6.12/evict.dat", RECORDINGS "6.12/delete.dat",
				FINDINGS_TEXT, "/tmp/*");

	(void)state;
	assert_null(strstr(text, "l_e.txt"));
	assert_non_null(strstr(text, "\n0 paths alike, 1 different, 0 only in a, 0 only in b\n"));
	free(text);
}

static void json_has_the_counts_of_both(void **state)
{
	char *text = difference(RECORDINGS "6.12/evict.dat", RECORDINGS "6.12/delete.dat",
				FINDINGS_JSON, "l_e.txt");

	(void)state;
	assert_non_null(strstr(
		text,
		"{\"v\":1,\"type\":\"diff_name\",\"name\":\"l_e.txt\","
		"\"a\":{\"opens\":{\"negative\":1},\"lifetimes\":{\"unknown\":1},"
		"\"ends\":{\"evicted\":1},\"failed\":{\"ENOENT\":1},\"negative\":1,\"FAIL\":0},"
		"\"b\":{\"opens\":{\"hit\":1},\"lifetimes\":{\"unknown\":1},"
		"\"ends\":{\"deleted\":1},\"failed\":{},\"negative\":"));
	assert_non_null(strstr(text, "{\"v\":1,\"type\":\"diff_summary\",\"same\":0,"
				     "\"different\":1,\"only_a\":0,\"only_b\":0}\n"));
	free(text);
}

/* What a recording with losses does not have may have been there. */
static void what_is_incomplete_is_called_so(void **state)
{
	static const char file[] = RECORDINGS "6.12/evict.dat";
	char path[] = "/tmp/ftopen-unit-XXXXXX", *data, *text;
	size_t size;
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(read_file(file, &data, &size), 0);
	assert_int_equal(write_all(fd, data, size - 4096), 0);
	text = difference(file, path, FINDINGS_TEXT, NULL);
	assert_non_null(strstr(text, "; records are missing: names that it lacks may have been"));
	free(text);
	free(data);
	close(fd);
	unlink(path);
}

static void names_cannot_break_out(void **state)
{
	static const char hostile[] = "a\"\n\033[31m";
	const struct open_call open = { .path = { hostile, sizeof(hostile) - 1 },
					.has_result = true,
					.result = 3,
					.cache = CACHE_HIT };
	const struct chain_summary summary = { 0 };
	struct outcomes a = { 0 }, b = { 0 };
	const struct diff_side sides[] = { { "a", &a, &summary, false },
					   { "b", &b, &summary, false } };
	const struct diff_options options = { 0 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(outcomes_open(&a, &open), 0);
	assert_int_equal(render_diff(out, sides, &options), 0);
	fclose(out);
	assert_non_null(strstr(text, "  \"…/a\\\"\\n\\x1b[31m\": 1 hit\n"));
	outcomes_release(&a);
	free(text);
}

static void one_file_is_refused(void **state)
{
	char *args[] = { (char *)"x", NULL };
	const struct options options = { .command = command_find("diff"),
					 .args = args,
					 .arg_count = 1 };

	(void)state;
	assert_int_equal(cmd_diff(&options), STATUS_FTOPEN);
	assert_non_null(strstr(said, "two files are needed, and 1 is given"));
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

static void paths_are_whole_where_a_side_knows_them(void **state)
{
	static const struct chain_summary summary;
	struct outcomes outcomes[2] = { 0 };
	struct diff_side sides[2];
	const struct diff_options options = { 0 };
	struct open_call open = { .path = { "l/f", 3 }, .cache = CACHE_HIT };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	for (int i = 0; i < 2; i++) {
		sides[i] = (struct diff_side){ .file = "x",
					       .outcomes = &outcomes[i],
					       .summary = &summary };
		assert_int_equal(outcomes_open(&outcomes[i], &open), 0);
		open.cache = CACHE_MISS;
		open.resolved = (struct bytes){ "/etc/f", 6 };
	}
	assert_int_equal(render_diff(out, sides, &options), 0);
	fclose(out);
	assert_non_null(strstr(text, "\n  /etc/f (passed as l/f): "));
	free(text);
	for (int i = 0; i < 2; i++)
		outcomes_release(&outcomes[i]);
}

/* The recordings side by side on 80 columns; what has no room is left out of the path's middle. */
static void no_line_is_wider_than_the_terminal(void **state)
{
	static const struct chain_summary summary = { .kernel = "6.12.90+deb13.1-cloud-amd64" };
	const struct diff_options options = { .columns = 80 };
	struct open_call open = { .cache = CACHE_HIT, .has_result = true, .result = 3 };
	struct outcomes outcomes[2] = { 0 };
	struct diff_side sides[2];
	char path[200], *text, *line;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	memset(path, 'p', sizeof(path));
	memcpy(path, "/begin/", 7);
	memcpy(path + sizeof(path) - 4, "/end", 4);
	for (int i = 0; i < 2; i++) {
		sides[i] = (struct diff_side){ path, &outcomes[i], &summary, true };
		open.path = open.resolved = (struct bytes){ path, sizeof(path) };
		assert_int_equal(outcomes_open(&outcomes[i], &open), 0);
		open.cache = CACHE_MISS;
		open.path.len = open.resolved.len -= i + 1;
		assert_int_equal(outcomes_open(&outcomes[i], &open), 0);
	}
	path[20] = '\0';
	assert_int_equal(render_diff(out, sides, &options), 0);
	fclose(out);
	assert_non_null(strstr(text, "\n  /begin/pppp"));
	assert_non_null(strstr(text, "p/end\n    1 hit -> 1 miss\n"));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (columns_of(line, strlen(line)) > 80)
			fail_msg("wider than 80 columns: %s", line);
	free(text);
	for (int i = 0; i < 2; i++)
		outcomes_release(&outcomes[i]);
}

/* A path that was a hit on one side and a miss on the other, on so many columns. */
static void shown_on(size_t columns, const char *expected)
{
	static const struct chain_summary summary;
	const struct diff_options options = { .columns = columns };
	struct open_call open = {
		.path = { "/lib/libm.so.6", 14 },
		.resolved = { "/usr/lib/libm.so.6", 18 },
		.cache = CACHE_HIT,
		.has_result = true,
	};
	struct outcomes outcomes[2] = { 0 };
	struct diff_side sides[2];
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; i < 2; i++) {
		sides[i] = (struct diff_side){ "x", &outcomes[i], &summary, false };
		assert_int_equal(outcomes_open(&outcomes[i], &open), 0);
		open.cache = CACHE_MISS;
	}
	assert_int_equal(render_diff(out, sides, &options), 0);
	fclose(out);
	if (!strstr(text, expected))
		fail_msg("on %zu columns, wanted: %s\nin: %s", columns, expected, text);
	free(text);
	for (int i = 0; i < 2; i++)
		outcomes_release(&outcomes[i]);
}

static void a_path_is_whole_where_a_line_of_its_own_has_room_for_it(void **state)
{
	(void)state;
	shown_on(64, "\n  /usr/lib/libm.so.6 (passed as /lib/libm.so.6): 1 hit -> 1 miss\n\n");
	shown_on(63, "\n  /usr/lib/libm.so.6: 1 hit -> 1 miss\n    passed as /lib/libm.so.6\n\n");
	shown_on(37, "\n  /usr/lib/libm.so.6: 1 hit -> 1 miss\n    passed as /lib/libm.so.6\n\n");
	shown_on(36,
		 "\n  /usr/lib/libm.so.6\n    1 hit -> 1 miss\n    passed as /lib/libm.so.6\n\n");
}

/* --- what is not known ------------------------------------------------------------------------ */

struct pair {
	struct outcomes outcomes[2];
	const char *const *likes;
	const char *glob;
};

static void open_at(struct pair *pair, int side, const char *path, enum cache cache, int64_t result)
{
	const struct open_call open = {
		.path = { path, strlen(path) },
		.cache = cache,
		.has_result = result != INT64_MIN,
		.result = result,
	};

	pair->outcomes[side].likes = pair->likes;
	pair->outcomes[side].like_count = pair->likes ? 1 : 0;
	assert_int_equal(outcomes_open(&pair->outcomes[side], &open), 0);
}

static void differ(struct pair *pair, const char *expected)
{
	static const struct chain_summary summary;
	const struct diff_options options = { .name_glob = pair->glob };
	struct diff_side sides[2];
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; i < 2; i++)
		sides[i] = (struct diff_side){ .file = "x",
					       .outcomes = &pair->outcomes[i],
					       .summary = &summary };
	assert_int_equal(render_diff(out, sides, &options), 0);
	fclose(out);
	if (!strstr(text, expected))
		fail_msg("no '%s' in: %s", expected, text);
	free(text);
	for (int i = 0; i < 2; i++)
		outcomes_release(&pair->outcomes[i]);
}

static void what_one_side_does_not_know_is_no_difference(void **state)
{
	struct pair pair = { 0 };

	(void)state;
	open_at(&pair, 0, "/a", CACHE_HIT, 3);
	open_at(&pair, 1, "/a", CACHE_UNKNOWN, INT64_MIN);
	differ(&pair, "\n1 path alike, 0 different");
}

static void it_is_said_once(void **state)
{
	struct pair pair = { 0 };

	(void)state;
	open_at(&pair, 0, "/a", CACHE_HIT, 3);
	open_at(&pair, 1, "/a", CACHE_UNKNOWN, INT64_MIN);
	differ(&pair,
	       "a  x: kernel not known, 0 opens of 1 path\n"
	       "b  x: kernel not known, 0 opens of 1 path\n"
	       "   not known, so not counted as different: what the cache had (opens) 1, results "
	       "(opens) 1\n");
}

static void more_than_that_is_one(void **state)
{
	struct pair pair = { 0 };

	(void)state;
	open_at(&pair, 0, "/a", CACHE_HIT, 3);
	open_at(&pair, 0, "/a", CACHE_HIT, 3);
	open_at(&pair, 1, "/a", CACHE_UNKNOWN, 3);
	open_at(&pair, 1, "/a", CACHE_MISS, 3);
	differ(&pair, ": 2 hit -> 1 unknown, 1 miss\n");
}

static void another_number_of_opens_is_one(void **state)
{
	struct pair pair = { 0 };

	(void)state;
	open_at(&pair, 0, "/a", CACHE_HIT, 3);
	open_at(&pair, 1, "/a", CACHE_HIT, 3);
	open_at(&pair, 1, "/a", CACHE_UNKNOWN, 3);
	differ(&pair, "\n0 paths alike, 1 different");
}

static void an_error_against_an_unseen_result_is_none(void **state)
{
	struct pair pair = { 0 };

	(void)state;
	open_at(&pair, 0, "/a", CACHE_HIT, -2);
	open_at(&pair, 1, "/a", CACHE_HIT, INT64_MIN);
	differ(&pair, "\n1 path alike, 0 different");
}

/* --- names ------------------------------------------------------------------------------------ */

static void names_that_differ_by_a_random_part_are_one(void **state)
{
	static const char *const likes[] = { "tmp.*" };
	struct pair pair = { .likes = likes };

	(void)state;
	open_at(&pair, 0, "/tmp/tmp.Xa1/out", CACHE_HIT, 3);
	open_at(&pair, 1, "/tmp/tmp.9999999/out", CACHE_MISS, 3);
	differ(&pair, "/tmp/tmp.*/out (as passed): 1 hit -> 1 miss\n");
}

static void a_pattern_with_a_slash_is_for_paths(void **state)
{
	static const char *const likes[] = { "/proc/[0-9]*/stat" };
	struct pair pair = { .likes = likes };

	(void)state;
	open_at(&pair, 0, "/proc/17/stat", CACHE_HIT, 3);
	open_at(&pair, 1, "/proc/4711/stat", CACHE_HIT, 3);
	differ(&pair, "\n1 path alike, 0 different, 0 only in a, 0 only in b");
}

static void what_is_not_like_it_stays(void **state)
{
	static const char *const likes[] = { "tmp.*" };
	struct pair pair = { .likes = likes };

	(void)state;
	open_at(&pair, 0, "//tmp/x/", CACHE_HIT, 3);
	open_at(&pair, 1, "/tmp/x/", CACHE_HIT, 3);
	differ(&pair, "\n0 paths alike, 0 different, 1 only in a, 1 only in b");
}

static void a_name_is_for_the_last_component_too(void **state)
{
	struct pair pair = { .glob = "a.txt" };

	(void)state;
	open_at(&pair, 0, "/x/a.txt", CACHE_HIT, 3);
	open_at(&pair, 0, "/x/b.txt", CACHE_HIT, 3);
	open_at(&pair, 1, "/x/a.txt", CACHE_MISS, 3);
	differ(&pair, "\n0 paths alike, 1 different, 0 only in a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_kernels_differ_in_the_functions_that_were_renamed),
		TEST(a_recording_does_not_differ_from_itself),
		TEST(a_name_that_came_out_differently_is_shown_with_both),
		TEST(only_paths_that_match_are_compared),
		TEST(json_has_the_counts_of_both),
		TEST(what_is_incomplete_is_called_so),
		TEST(names_cannot_break_out),
		TEST(one_file_is_refused),
		cmocka_unit_test(paths_are_whole_where_a_side_knows_them),
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(a_path_is_whole_where_a_line_of_its_own_has_room_for_it),
		cmocka_unit_test(what_one_side_does_not_know_is_no_difference),
		cmocka_unit_test(it_is_said_once),
		cmocka_unit_test(more_than_that_is_one),
		cmocka_unit_test(another_number_of_opens_is_one),
		cmocka_unit_test(an_error_against_an_unseen_result_is_none),
		cmocka_unit_test(names_that_differ_by_a_random_part_are_one),
		cmocka_unit_test(a_pattern_with_a_slash_is_for_paths),
		cmocka_unit_test(what_is_not_like_it_stays),
		cmocka_unit_test(a_name_is_for_the_last_component_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
