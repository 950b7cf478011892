/* SPDX-License-Identifier: MIT */
/*
 * Trace Event JSON: where slices and marks stand, and what is drawn where something is not known.
 */
#include "chains.h"
#include "json_check.h"

static const struct open_call whole = {
	.id = 7,
	.path = { "/tmp/t\"\\\xff", 9 },
	.ts = 5000700,
	.call_ts = 5000000,
	.latency_ns = 1500,
	.stage_ns = { [STAGE_COPY] = 400,
		      [STAGE_WALK] = 1000,
		      [STAGE_LOOKUP] = 500,
		      [STAGE_DESCRIPTOR] = 900 },
	.stages = 1 << STAGE_COPY | 1 << STAGE_WALK | 1 << STAGE_LOOKUP | 1 << STAGE_DESCRIPTOR,
	.result = -2,
	.tid = 101,
	.tgid = 100,
	.has_result = true,
	.has_latency = true,
	.complete = true,
	.call = CALL_OPEN,
	.cache = CACHE_MISS,
	.comm = "te_miss",
};

/* Each event stands on a line of its own. */
static bool is_json(const char *text)
{
	char line[8192];
	size_t len = 0;

	for (; *text && len < sizeof(line) - 2; text++) {
		if (*text != '\n')
			line[len++] = *text;
	}
	strcpy(line + len, "\n");
	return is_json_line(line, NULL);
}

static const struct open_call stat_call = {
	.id = 8,
	.path = { "/tmp/a", 6 },
	.ts = 6000000,
	.latency_ns = 2500,
	.result = -2,
	.tid = 101,
	.tgid = 100,
	.has_result = true,
	.has_latency = true,
	.complete = true,
	.call = CALL_STAT,
	.cache = CACHE_NEGATIVE,
	.comm = "te_miss",
};

static char *perfetto_of(const struct open_call *open)
{
	static const struct render_options plain;
	static const struct chain_summary end = { .kernel = "6.12" };
	struct output output;

	output_start(&output, &render_perfetto, &plain);
	if (open && is_path_call(open->call))
		assert_int_equal(output.sink.path_call(output.sink.context, open), 0);
	else if (open)
		assert_int_equal(output.sink.open(output.sink.context, open), 0);
	else
		assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static void an_open_is_a_slice_from_system_call_to_return(void **state)
{
	char *text = perfetto_of(&whole);

	(void)state;
	assert_true(is_json(text));
	assert_non_null(strstr(
		text, "{\"ph\":\"B\",\"cat\":\"open\",\"name\":\"/tmp/t\\\\\\\"\\\\\\\\\\\\xff\","
		      "\"pid\":100,\"tid\":101,\"ts\":5000.000,\"args\":{\"id\":7,"
		      "\"call\":\"open\",\"result\":-2,\"cache\":\"miss\","));
	assert_has(text,
		   "{\"ph\":\"E\",\"cat\":\"open\",\"name\":\"/tmp/t\\\\\\\"\\\\\\\\\\\\xff\","
		   "\"pid\":100,\"tid\":101,\"ts\":5002.800,\"args\":{\"id\":7,");
}

static void a_path_call_is_a_slice_without_stages(void **state)
{
	char *text = perfetto_of(&stat_call);

	(void)state;
	assert_true(is_json(text));
	assert_non_null(strstr(text, "{\"ph\":\"X\",\"cat\":\"path call\",\"name\":\"/tmp/a\","
				     "\"pid\":100,\"tid\":101,\"ts\":6000.000,\"dur\":2.500,"
				     "\"args\":{\"id\":8,\"call\":\"stat\",\"result\":-2,"
				     "\"cache\":\"negative\","));
	assert_null(strstr(text, "\"stage\""));
	free(text);
}

static void stages_are_slices_in_a_row(void **state)
{
	char *text = perfetto_of(&whole);

	(void)state;
	assert_non_null(strstr(text, "\"ts\":5000.000}\n,{\"ph\":\"E\",\"cat\":\"stage\",\"name\":"
				     "\"copy\",\"pid\":100,\"tid\":101,\"ts\":5000.400}"));
	assert_non_null(strstr(text, "\"ts\":5000.400}\n,{\"ph\":\"E\",\"cat\":\"stage\",\"name\":"
				     "\"descriptor\",\"pid\":100,\"tid\":101,\"ts\":5000.700}"));
	assert_non_null(strstr(text, "\"ts\":5000.700}\n,{\"ph\":\"E\",\"cat\":\"stage\",\"name\":"
				     "\"walk\",\"pid\":100,\"tid\":101,\"ts\":5001.700}"));
	assert_non_null(strstr(text, "\"ts\":5001.700}\n,{\"ph\":\"E\",\"cat\":\"stage\",\"name\":"
				     "\"lookup\",\"pid\":100,\"tid\":101,\"ts\":5002.200}"));
	assert_non_null(strstr(text, "\"ts\":5002.200}\n,{\"ph\":\"E\",\"cat\":\"stage\",\"name\":"
				     "\"descriptor\",\"pid\":100,\"tid\":101,\"ts\":5002.800}"));
	free(text);
}

static void stages_that_are_not_all_known_are_not_drawn(void **state)
{
	struct open_call open = whole;

	(void)state;
	open.stages = 1 << STAGE_WALK;
	assert_lacks(perfetto_of(&open), "\"cat\":\"stage\"");
	assert_has(perfetto_of(&open), "\"ts\":5002.200,\"args\":");
}

static void what_may_overlap_is_a_slice_of_its_own(void **state)
{
	struct open_call open = whole;

	(void)state;
	open.call = CALL_IO_URING;
	assert_lacks(perfetto_of(&open), "\"ph\":\"B\"");
	assert_has(perfetto_of(&open), "\"ts\":5000.000,\"dur\":2.800,");
}

static void an_open_without_a_return_is_a_mark(void **state)
{
	const struct open_call open = { .id = 1, .ts = 2000, .tid = 5 };

	(void)state;
	assert_has(perfetto_of(&open),
		   "{\"ph\":\"i\",\"cat\":\"open\",\"name\":\"(path unknown)\",\"pid\":5,\"tid\":5,"
		   "\"ts\":2.000,\"args\":");
}

static void tasks_have_their_names(void **state)
{
	(void)state;
	assert_has(perfetto_of(&whole),
		   "\"name\":\"thread_name\",\"pid\":100,\"tid\":101,\"ts\":0.000,\"args\":"
		   "{\"name\":\"te_miss\"}}");
}

static void an_eviction_is_a_mark(void **state)
{
	char *text;

	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	text = perfetto_of(NULL);
	assert_true(is_json(text));
	assert_has(text, "{\"ph\":\"i\",\"cat\":\"evict\",\"name\":\"/tmp/");
}

static void nothing_at_all_is_json_too(void **state)
{
	char *text;

	(void)state;
	chain_te_miss(&chain);
	text = perfetto_of(NULL);
	assert_true(is_json(text));
	assert_has(text, "{\"traceEvents\":[],\"displayTimeUnit\":\"ns\",");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_is_a_slice_from_system_call_to_return),
		cmocka_unit_test(a_path_call_is_a_slice_without_stages),
		cmocka_unit_test(stages_are_slices_in_a_row),
		cmocka_unit_test(stages_that_are_not_all_known_are_not_drawn),
		cmocka_unit_test(what_may_overlap_is_a_slice_of_its_own),
		cmocka_unit_test(an_open_without_a_return_is_a_mark),
		cmocka_unit_test(tasks_have_their_names),
		cmocka_unit_test(an_eviction_is_a_mark),
		cmocka_unit_test(nothing_at_all_is_json_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
