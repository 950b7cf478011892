/* SPDX-License-Identifier: MIT */
/*
 * Recordings that trace-cmd made: whose records they have, which buffers, and what of them is lost.
 * Those in tests/data are of minimal_open on 6.12, without kallsyms and ftrace's own formats.
 */
#include "altered.h"
#include "report.h"

#include "tracedat/read.h"

#define FOLDER	    "tests/data/recordings/trace-cmd/"
#define FILTERED    FOLDER "filtered.dat"      /* record -e ftopen -F */
#define UNFILTERED  FOLDER "unfiltered.dat"    /* record -e ftopen */
#define TWO_BUFFERS FOLDER "two-buffers.dat"   /* record -e ftopen -B foo -e ftopen */
#define STACKS	    FOLDER "stacks.dat"	       /* record -e ftopen -F -T */
#define SPLIT	    FOLDER "te_miss-split.dat" /* trace-cmd split: without the kernel's counts */
#define VERSION_7   "tests/data/recordings/v7/te_miss-none.dat"

static int count_of(const char *text, const char *what)
{
	int count = 0;

	for (const char *at = text; (at = strstr(at, what)); at++)
		count++;
	return count;
}

/* The last page, whose first record says that it is longer than the page. */
static void break_page(const char *path)
{
	static const size_t page = 4096, head = 16;
	char *data;
	size_t size;

	assert_int_equal(read_file(path, &data, &size), 0);
	memset(data + size - page + head, 0, 4);
	memset(data + size - page + head + 4, 0x7f, 4);
	write_altered(data, size);
	free(data);
}

/* --- whose ------------------------------------------------------------------------------------ */

static void what_others_did_to_names_is_unknown_with_F(void **state)
{
	int status;
	char *json = reported(FILTERED, "json", &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(said, "does not prove that every task was recorded"));
	assert_non_null(strstr(json, "\"why\":\"what other tasks did to names is unknown\""));
	assert_null(strstr(json, "\"end\":\"alive\""));
	assert_non_null(strstr(json, "\"verdict\":\"PASS\""));
	free(json);
}

static void records_of_the_recorder_prove_that_every_task_was_recorded(void **state)
{
	int status;
	char *json = reported(UNFILTERED, "json", &status);

	(void)state;
	assert_int_equal(status, 0);
	assert_string_equal(said, "");
	assert_non_null(strstr(json, "\"end\":\"alive\""));
	free(json);
}

/* What was lost may be the record that tells whose child the recorder is. */
static void nothing_is_proved_if_records_are_missing(void **state)
{
	int status;
	char *json = altered(UNFILTERED, "dropped events: 0", "dropped events: 7", 0, &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(said, "does not prove"));
	assert_null(strstr(json, "\"end\":\"alive\""));
	free(json);
}

static int judged(const char *path, const char *claim)
{
	char file[] = "/tmp/ftopen-unit-XXXXXX";
	int fd = mkstemp(file), status;

	assert_int_equal(write_all(fd, claim, strlen(claim)), 0);
	close(fd);
	status = report(path, NULL, file, NULL);
	unlink(file);
	return status;
}

static void without_the_kernels_counts_nothing_is_known_to_be_absent(void **state)
{
	static const char *const claims[] = {
		"name \"/tmp/t_e.txt\": opens = 1\n",
		"name glob \"*\": names = 3\n",
		"name \"/tmp/t_e.txt\": evict is absent\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
		assert_int_equal(judged(SPLIT, claims[i]), STATUS_UNKNOWN);
}

/* --- buffers ---------------------------------------------------------------------------------- */

static void of_buffers_with_the_same_events_one_is_read(void **state)
{
	int status;
	char *json = reported(TWO_BUFFERS, "json", &status);

	(void)state;
	assert_non_null(strstr(said, "buffer 'foo' has events that another buffer has, too"));
	assert_int_equal(count_of(json, "\"type\":\"open\""), 4);
	assert_non_null(strstr(json, "\"lost\":0,"));
	free(json);
}

static void only_ftopen_any_is_the_buffer_of_what_ends_names(void **state)
{
	struct dat *dat;

	(void)state;
	alter(TWO_BUFFERS, "foo", "any", 0);
	assert_int_equal(dat_open(altered_path, &dat), 0);
	assert_int_equal(dat_info(dat)->buffers, 2);
	assert_false(dat_info(dat)->has_any);
	dat_close(dat);
	assert_int_equal(dat_open("tests/data/recordings/6.12/te_miss.dat", &dat), 0);
	assert_true(dat_info(dat)->has_any);
	dat_close(dat);
}

/* --- losses ----------------------------------------------------------------------------------- */

/* In one buffer with all tasks each loss is one of both scopes, and one all the same. */
static void a_loss_is_counted_once(void **state)
{
	struct recording recording;
	const struct pipeline_goal goal = { .hides = false };
	const struct loss loss = { .cpu = 1, .from = 1, .to = 2, .count = 5, .is_overrun = true };

	(void)state;
	assert_int_equal(recording_open(&recording, UNFILTERED), 0);
	assert_true(recording.sees_any);
	assert_int_equal(recording_read(&recording, &goal), 0);
	assert_true(recording.pipeline.source.is_one_buffer);
	assert_int_equal(pipeline_loss(&recording.pipeline, &loss), 0);
	assert_int_equal(pipeline_lost(&recording.pipeline, SCOPE_TASK, 0, 2), 0);
	assert_int_equal(correlator_finish(recording.pipeline.correlator,
					   &recording.pipeline.summary.totals),
			 0);
	assert_int_equal(recording.pipeline.summary.totals.lost, 7);
	assert_int_equal(recording.pipeline.summary.totals.losses - recording.pipeline.twins, 2);
	recording_close(&recording);
}

static void what_the_tool_threw_away_is_lost(void **state)
{
	int status;
	char *json = altered(FILTERED, "read events: 0", "read events: 9", 0, &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"count\":9}"));
	assert_non_null(strstr(json, "\"lost\":9,"));
	free(json);
}

/* What was read while the kernel counted is in both counts, or was thrown away. */
static void what_was_read_while_it_was_counted_may_be_lost(void **state)
{
	int status;
	char *json = altered(UNFILTERED, "entries: 0", "entries: 9", 0, &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"losses\":1,\"lost\":null,"));
	free(json);
}

/* One that was told already is none that was thrown away. */
static void a_broken_page_is_one_loss(void **state)
{
	int status;
	char *json;

	(void)state;
	break_page(FILTERED);
	json = reported(altered_path, "json", &status);
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"losses\":1,\"lost\":null,"));
	free(json);
}

static void records_of_other_events_are_no_losses(void **state)
{
	int status;
	char *json = reported(STACKS, "json", &status);

	(void)state;
	assert_non_null(strstr(json, "\"records\":71,\"losses\":0,\"lost\":0,"));
	free(json);
}

static void counts_of_version_7_are_read(void **state)
{
	int status;
	char *json = altered(VERSION_7, "\noverrun: 0", "\noverrun: 5", 0, &status);

	(void)state;
	assert_non_null(strstr(json, "\"lost\":5,"));
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_others_did_to_names_is_unknown_with_F),
		cmocka_unit_test(records_of_the_recorder_prove_that_every_task_was_recorded),
		cmocka_unit_test(nothing_is_proved_if_records_are_missing),
		cmocka_unit_test(without_the_kernels_counts_nothing_is_known_to_be_absent),
		cmocka_unit_test(of_buffers_with_the_same_events_one_is_read),
		cmocka_unit_test(only_ftopen_any_is_the_buffer_of_what_ends_names),
		cmocka_unit_test(a_loss_is_counted_once),
		cmocka_unit_test(what_the_tool_threw_away_is_lost),
		cmocka_unit_test(what_was_read_while_it_was_counted_may_be_lost),
		cmocka_unit_test(a_broken_page_is_one_loss),
		cmocka_unit_test(records_of_other_events_are_no_losses),
		cmocka_unit_test(counts_of_version_7_are_read),
	};

	return run_altered("foreign", tests, sizeof(tests) / sizeof(tests[0]));
}
