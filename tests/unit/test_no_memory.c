/* SPDX-License-Identifier: MIT */
/*
 * Reports for which one allocation fails, each in turn: they end with an error, or are what they
 * were; nothing crashes, nothing leaks. And a filter of the viewer, which then is none.
 */
#include <errno.h>

#include "no_memory.h"
#include "report.h"

#include "../../src/view/model.h"

#define EACH  400 /* so many are tried one by one, later ones in steps */
#define STEPS 37

struct subject {
	const char *file;
	const char *format;
	const char *expect;
	bool hashes;
};

static int run(const struct subject *subject, const char *results)
{
	char *args[] = { (char *)subject->file, NULL };
	const struct options options = {
		.format = subject->format,
		.expect = subject->expect,
		.hash_addresses = subject->hashes,
		.results = results,
		.args = args,
		.arg_count = 1,
	};

	said[0] = '\0';
	return cmd_report(&options);
}

static char *text_of(const char *path)
{
	char *text;

	assert_int_equal(read_file(path, &text, NULL), 0);
	return text;
}

/* Hashes have a key of their own in each run: only their length is the same. */
static void assert_same(const struct subject *subject, long n, const char *path, const char *wanted)
{
	char *text = text_of(path);
	size_t at = 0;

	while (text[at] && (text[at] == wanted[at] || subject->hashes))
		at++;
	if (text[at] || wanted[at])
		fail_msg("allocation %ld of %s: it printed '%.60s'", n, subject->file, text + at);
	free(text);
}

static void without_memory(const struct subject *subject)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *wanted;
	int fd = mkstemp(path), status;
	long failed = 0;

	assert_int_equal(run(subject, path), 0);
	wanted = text_of(path);
	for (long n = 0;; n += n < EACH ? 1 : STEPS) {
		has_failed = false;
		countdown = n;
		status = run(subject, path);
		countdown = -1;
		if (!has_failed)
			break;
		if (!status)
			assert_same(subject, n, path, wanted);
		else if (status != 125 || !said[0])
			fail_msg("allocation %ld of %s: status %d, and it said '%s'", n,
				 subject->file, status, said);
		failed++;
	}
	assert_true(failed > 100);
	free(wanted);
	close(fd);
	unlink(path);
}

static void json_of_a_file_of_version_6(void **state)
{
	(void)state;
	without_memory(&(struct subject){
		.file = "tests/data/recordings/6.12/minimal_open.dat",
		.format = "json",
	});
}

static void claims_on_a_file_of_version_6(void **state)
{
	(void)state;
	without_memory(&(struct subject){
		.file = "tests/data/recordings/7.3/te_miss.dat",
		.format = "summary",
		.expect = "scenarios/te_miss.expect",
	});
}

static void a_tree_of_a_compressed_file(void **state)
{
	(void)state;
	without_memory(&(struct subject){
		.file = "tests/data/recordings/v7/te_miss-zstd.dat",
		.format = "tree",
	});
}

static void hashes_instead_of_addresses(void **state)
{
	(void)state;
	without_memory(&(struct subject){
		.file = "tests/data/recordings/6.12/delete.dat",
		.format = "json",
		.hashes = true,
	});
}

/* The rows that the filter before it showed are not all that there is. */
static void a_filter_of_the_viewer(void **state)
{
	const struct render_options options = { .arch = "x86_64" };
	const struct chain_summary summary = { 0 };
	struct view_table *table;
	struct chain_sink sink;
	struct viewer *view;

	(void)state;
	assert_int_equal(viewer_new(&options, &view), 0);
	sink = viewer_sink(view);
	for (uint64_t id = 1; id <= 2; id++)
		sink.open(sink.context, &(struct open_call){ .id = id,
							     .path = { id == 1 ? "/a" : "/b", 2 },
							     .complete = true });
	assert_int_equal(sink.summary(sink.context, &summary), 0);
	table = &view->tables[VIEW_OPENS];
	assert_false(view_table_work(table, SIZE_MAX));
	assert_int_equal(view_table_filter(table, "/a"), 0);
	assert_false(view_table_work(table, SIZE_MAX));
	assert_int_equal(table->shown_count, 1);
	countdown = 0;
	assert_int_equal(view_table_filter(table, "/a x"), -ENOMEM);
	countdown = -1;
	assert_false(view_table_work(table, SIZE_MAX));
	assert_string_equal(table->filter.text, "");
	assert_int_equal(table->shown_count, 2);
	viewer_free(view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(json_of_a_file_of_version_6, listen_to_messages),
		cmocka_unit_test_setup(claims_on_a_file_of_version_6, listen_to_messages),
		cmocka_unit_test_setup(a_tree_of_a_compressed_file, listen_to_messages),
		cmocka_unit_test_setup(hashes_instead_of_addresses, listen_to_messages),
		cmocka_unit_test(a_filter_of_the_viewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
