/* SPDX-License-Identifier: MIT */
/*
 * Claims about calls that take a path and open nothing: a line "call", what holds of its calls, and
 * what is not known of them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain/expect.h"
#include "render/expect_results.h"
#include "util/json.h"

static struct expect_options options;
static bool loses;	    /* records were lost */
static bool misses;	    /* the kernel missed hits of the probe of a path call */
static uint64_t pushed_out; /* names that were printed early */
static int64_t second_result;
static bool has_second_result;
static bool hides_second_path; /* it was not seen */
static uint64_t next_id = 1;

static int setup(void **state)
{
	(void)state;
	memset(options.armed, 1, sizeof(options.armed));
	options.sees_any = true;
	options.only_seen = false;
	loses = misses = false;
	pushed_out = 0;
	second_result = -ENOENT;
	has_second_result = true;
	hides_second_path = false;
	return 0;
}

static struct open_call call_of(enum call call, const char *path, const char *comm, int64_t result)
{
	struct open_call made = {
		.id = next_id++,
		.call = call,
		.path = { path, strlen(path) },
		.resolved = { path, strlen(path) },
		.tid = 7,
		.result = result,
		.has_result = true,
		.complete = true,
		.cache = result ? CACHE_MISS : CACHE_HIT,
	};

	snprintf(made.comm, sizeof(made.comm), "%s", comm);
	return made;
}

/* git looks for two files, of which the second is not there; sh asks for the first. */
static void play(const struct chain_sink *sink)
{
	const struct loss loss = { .count = 1 };
	struct open_call calls[] = {
		call_of(CALL_STAT, "/etc/a", "git", 0),
		call_of(CALL_STAT, "/etc/b", "git", second_result),
		call_of(CALL_ACCESS, "/etc/a", "sh", 0),
	};

	calls[1].has_result = has_second_result;
	calls[1].has_unseen_path = hides_second_path;
	if (hides_second_path)
		calls[1].path.len = 0;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		assert_int_equal(sink->path_call(sink->context, &calls[i]), 0);
	if (loses)
		assert_int_equal(sink->loss(sink->context, &loss), 0);
}

/* Ends with expect_run_free() and expect_free(). */
static void judge(const char *text, struct expect **expect, struct expect_run **run,
		  const struct expect_result **results)
{
	const struct chain_summary summary = { .totals.pushed_out = pushed_out };
	struct expect_error error;
	struct chain_sink sink;
	size_t count;

	if (expect_parse(text, strlen(text), expect, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.message);
	assert_int_equal(expect_run_new(*expect, &options, run), 0);
	sink = expect_run_sink(*run);
	play(&sink);
	assert_int_equal(sink.summary(sink.context, &summary), 0);
	expect_run_missed(*run, ROLE_CALL_LISTXATTR, POINT_RETURN, misses);
	assert_int_equal(expect_run_finish(*run, results, &count), 0);
	assert_int_equal(count, 1);
}

static void comes_to(const char *text, enum verdict verdict, const char *why)
{
	const struct expect_result *results;
	struct expect_run *run;
	struct expect *expect;

	judge(text, &expect, &run, &results);
	if (results->verdict != verdict)
		fail_msg("%s: %s (%s)", results->claim, verdict_name(results->verdict),
			 results->why ? results->why : "no reason");
	if (why)
		assert_string_equal(results->why ? results->why : "no reason", why);
	expect_run_free(run);
	expect_free(expect);
}

static void those_to_blame_are_no_opens(void **state)
{
	const struct expect_result *results;
	char *printed = NULL, *calls;
	struct expect_run *run;
	struct expect *expect;
	struct json json;
	size_t size = 0;
	FILE *out = open_memstream(&printed, &size);

	(void)state;
	assert_non_null(out);
	judge("call stat glob \"*\": result = 0", &expect, &run, &results);
	json_init(&json, out);
	json_object(&json);
	expect_result_json(&json, "f", results);
	json_object_end(&json);
	assert_int_equal(json_end_line(&json), 0);
	fclose(out);
	assert_non_null(strstr(printed, "\"opens\":[],\"opens_dropped\":0,"));
	calls = strstr(printed, "\"calls\":[");
	assert_non_null(calls);
	assert_int_not_equal(calls[strlen("\"calls\":[")], ']');
	expect_run_free(run);
	expect_free(expect);
	free(printed);
}

static void prints(const char *text, const char *expected)
{
	const struct expect_result *results;
	struct expect_run *run;
	struct expect *expect;
	char *printed = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&printed, &size);

	assert_non_null(out);
	judge(text, &expect, &run, &results);
	assert_int_equal(render_expect_result(out, "f", results), 0);
	fclose(out);
	assert_string_equal(printed, expected);
	expect_run_free(run);
	expect_free(expect);
	free(printed);
}

static void each_call_to_blame_stands_with_its_path(void **state)
{
	(void)state;
	next_id = 1;
	prints("call glob \"*\": result = ENOENT",
	       "\"/etc/a\"\n"
	       "f:1: result = ENOENT: 0 ≠ ENOENT (-2) (checked 3 times) FAIL\n"
	       "\t\"/etc/a\": 0 ≠ ENOENT (-2); stat 1 by \"git\" (tid 7): 0\n"
	       "\t\"/etc/a\": 0 ≠ ENOENT (-2); access 3 by \"sh\" (tid 7): 0\n");
	next_id = 1;
	prints("call stat glob \"*\": cache is hit",
	       "\"/etc/b\"\n"
	       "f:1: cache is hit: miss (checked 2 times) FAIL\n"
	       "\t\"/etc/b\": miss; stat 2 by \"git\" (tid 7): ENOENT (-2)\n");
	next_id = 1;
	prints("call glob \"*\": calls < 3",
	       "call glob \"*\"\n"
	       "f:1: calls < 3: 3 = 3 FAIL\n"
	       "\t\"/etc/a\"; stat 1 by \"git\" (tid 7): 0\n"
	       "\t\"/etc/b\"; stat 2 by \"git\" (tid 7): ENOENT (-2)\n"
	       "\t\"/etc/a\"; access 3 by \"sh\" (tid 7): 0\n");
}

#define HOLDS(rule, text)                           \
	static void rule(void **state)              \
	{                                           \
		(void)state;                        \
		comes_to(text, VERDICT_PASS, NULL); \
	}

#define FAILS(rule, text, why)                     \
	static void rule(void **state)             \
	{                                          \
		(void)state;                       \
		comes_to(text, VERDICT_FAIL, why); \
	}

HOLDS(calls_of_a_path_are_counted, "call \"/etc/a\"\ncalls = 2")
HOLDS(those_of_one_kind_are, "call stat \"/etc/a\"\ncalls = 1")
HOLDS(a_pattern_selects_calls, "call stat glob \"/etc/*\"\ncalls = 2")
HOLDS(conditions_select_calls, "call glob \"*\" where missing and by \"git\"\ncalls = 1")
HOLDS(a_path_is_below_a_directory, "call glob \"*\" where path under \"/etc\"\ncalls = 3")
HOLDS(none_of_them_is_a_number_too, "call unlink glob \"*\": calls = 0")
FAILS(a_wrong_number_fails, "call glob \"*\"\ncalls < 3", NULL)
HOLDS(results_are_claimed_of_each, "call \"/etc/a\"\nresult = 0")
FAILS(one_result_is_enough_to_fail, "call stat glob \"*\"\nresult = 0", NULL)
HOLDS(an_error_is_a_result, "call \"/etc/b\"\nresult = ENOENT")
HOLDS(the_cache_answers_each, "call \"/etc/a\"\ncache is hit")
FAILS(the_cache_has_one_answer, "call \"/etc/b\"\ncache is hit", NULL)
FAILS(a_call_that_is_not_there_fails, "call \"/etc/c\"\nresult = 0",
      "there is no such call in the trace")
HOLDS(an_empty_set_holds, "call \"/etc/a\" where failed\nresult = EPERM")
FAILS(a_call_opens_nothing, "name \"/etc/a\"\nopens = 1", "there is no such name in the trace")

static void what_was_lost_may_have_been_a_call(void **state)
{
	(void)state;
	loses = true;
	comes_to("call \"/etc/a\"\ncalls = 2", VERDICT_UNKNOWN, "records were lost");
	comes_to("call \"/etc/a\"\nresult = 0", VERDICT_UNKNOWN, "records were lost");
	comes_to("call \"/etc/b\"\nresult = 0", VERDICT_FAIL, NULL);
	options.only_seen = true;
	comes_to("call \"/etc/a\"\ncalls = 2", VERDICT_PASS, NULL);
}

static void names_that_were_printed_early_are_no_calls(void **state)
{
	(void)state;
	pushed_out = 1;
	comes_to("call \"/etc/a\"\ncalls = 2", VERDICT_PASS, NULL);
	comes_to("call stat glob \"*\"\nresult = 0", VERDICT_FAIL, NULL);
}

static void a_missed_hit_may_have_been_a_call(void **state)
{
	static const char why[] = "the kernel missed hits of a probe";

	(void)state;
	misses = true;
	comes_to("call \"/etc/a\"\ncalls = 2", VERDICT_UNKNOWN, why);
	comes_to("call \"/etc/a\"\nresult = 0", VERDICT_UNKNOWN, why);
	comes_to("call \"/etc/b\"\nresult = 0", VERDICT_FAIL, NULL);
}

static void a_result_that_was_not_seen_is_unknown(void **state)
{
	(void)state;
	has_second_result = false;
	comes_to("call \"/etc/b\"\nresult = ENOENT", VERDICT_UNKNOWN,
		 "the result of a call is not known");
	comes_to("call glob \"*\" where missing\ncalls = 1", VERDICT_UNKNOWN,
		 "of some calls it is not known whether they are in the set");
	comes_to("call glob \"*\" where missing\ncalls < 4", VERDICT_PASS, NULL);
	comes_to("call glob \"*\" where failed\nresult = ENOENT", VERDICT_UNKNOWN,
		 "the result of a call is not known");
}

static void a_call_whose_path_was_not_seen_may_be_any(void **state)
{
	static const char why[] = "the path of a call was not seen";

	(void)state;
	hides_second_path = true;
	comes_to("call \"/etc/c\": calls = 0", VERDICT_UNKNOWN,
		 "of some calls it is not known whether they are in the set");
	comes_to("call stat glob \"/*\": calls = 1", VERDICT_UNKNOWN,
		 "of some calls it is not known whether they are in the set");
	comes_to("call \"/etc/a\": result = 0", VERDICT_UNKNOWN, why);
	comes_to("call \"/etc/c\": result = 0", VERDICT_UNKNOWN, why);
	comes_to("call \"/etc/a\": result = EPERM", VERDICT_FAIL, NULL);
	comes_to("call glob \"**\": calls = 3", VERDICT_PASS, NULL);
	comes_to("call access \"/etc/a\": calls = 1", VERDICT_PASS, NULL);
	comes_to("call \"/etc/c\" where by \"sh\": calls = 0", VERDICT_PASS, NULL);
	comes_to("call \"/etc/c\" where by \"sh\": result = 0", VERDICT_FAIL,
		 "there is no such call in the trace");
	options.only_seen = true;
	comes_to("call \"/etc/c\": calls = 1", VERDICT_UNKNOWN, NULL);
	comes_to("call \"/etc/a\": calls >= 2", VERDICT_PASS, NULL);
}

static void without_a_probe_a_call_may_be_missing(void **state)
{
	(void)state;
	options.armed[ROLE_CALL_CHMOD][POINT_ENTRY] = false;
	comes_to("call chmod glob \"*\": calls = 0", VERDICT_UNKNOWN,
		 "a call may be missing: no probe for it is armed");
	comes_to("call glob \"*\": calls = 3", VERDICT_UNKNOWN,
		 "a call may be missing: no probe for it is armed");
	comes_to("call stat glob \"*\": calls = 2", VERDICT_PASS, NULL);
	comes_to("call glob \"*\": result = 0", VERDICT_FAIL, NULL);
}

static void without_one_probe_of_a_walk_a_call_may_be_missing(void **state)
{
	(void)state;
	options.armed[ROLE_PARENT][POINT_ENTRY] = false;
	comes_to("call unlink glob \"*\": calls = 0", VERDICT_UNKNOWN,
		 "a call may be missing: no probe for it is armed");
}

static void what_was_not_asked_for_is_not_absent(void **state)
{
	(void)state;
	options.armed[ROLE_PATH][POINT_ENTRY] = false;
	options.armed[ROLE_PARENT][POINT_ENTRY] = false;
	comes_to("call unlink glob \"*\": calls = 0", VERDICT_UNKNOWN,
		 "no path call was recorded (--calls=path)");
}

static void refused(const char *text, unsigned int column, const char *message)
{
	struct expect_error error;
	struct expect *expect;

	assert_int_equal(expect_parse(text, strlen(text), &expect, &error), -EINVAL);
	assert_string_equal(error.message, message);
	assert_int_equal(error.column, column);
}

static void what_calls_do_not_have_is_refused(void **state)
{
	static const char why[] = "of calls only 'calls', 'result' and 'cache' can be claimed";

	(void)state;
	refused("call \"a\": opens = 1", 11, why);
	refused("call \"a\": alloc = insert", 11, why);
	refused("call \"a\": born is traced", 11, why);
	refused("call \"a\": last open: result = 0", 11, "calls have no places");
	refused("name \"a\": calls = 1", 11, "'calls' counts those of a line 'call \"...\"' above");
	refused("call \"a\": calls = result", 11,
		"'calls' counts all of a set: it is compared with a number, in no place");
	refused("call open \"a\": calls = 1", 6,
		"expected a path in quotes, 'glob', or a call such as 'stat', found 'open'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(calls_of_a_path_are_counted, setup),
		cmocka_unit_test_setup(those_of_one_kind_are, setup),
		cmocka_unit_test_setup(a_pattern_selects_calls, setup),
		cmocka_unit_test_setup(conditions_select_calls, setup),
		cmocka_unit_test_setup(a_path_is_below_a_directory, setup),
		cmocka_unit_test_setup(none_of_them_is_a_number_too, setup),
		cmocka_unit_test_setup(a_wrong_number_fails, setup),
		cmocka_unit_test_setup(results_are_claimed_of_each, setup),
		cmocka_unit_test_setup(one_result_is_enough_to_fail, setup),
		cmocka_unit_test_setup(an_error_is_a_result, setup),
		cmocka_unit_test_setup(the_cache_answers_each, setup),
		cmocka_unit_test_setup(the_cache_has_one_answer, setup),
		cmocka_unit_test_setup(a_call_that_is_not_there_fails, setup),
		cmocka_unit_test_setup(an_empty_set_holds, setup),
		cmocka_unit_test_setup(a_call_opens_nothing, setup),
		cmocka_unit_test_setup(those_to_blame_are_no_opens, setup),
		cmocka_unit_test_setup(each_call_to_blame_stands_with_its_path, setup),
		cmocka_unit_test_setup(what_was_lost_may_have_been_a_call, setup),
		cmocka_unit_test_setup(names_that_were_printed_early_are_no_calls, setup),
		cmocka_unit_test_setup(a_missed_hit_may_have_been_a_call, setup),
		cmocka_unit_test_setup(a_result_that_was_not_seen_is_unknown, setup),
		cmocka_unit_test_setup(a_call_whose_path_was_not_seen_may_be_any, setup),
		cmocka_unit_test_setup(without_a_probe_a_call_may_be_missing, setup),
		cmocka_unit_test_setup(without_one_probe_of_a_walk_a_call_may_be_missing, setup),
		cmocka_unit_test_setup(what_was_not_asked_for_is_not_absent, setup),
		cmocka_unit_test_setup(what_calls_do_not_have_is_refused, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
