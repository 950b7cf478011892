/* SPDX-License-Identifier: MIT */
/*
 * The ten scenarios as kernels of three machines recorded them (make recordings): every claim of
 * every scenario holds, whatever the file's version and byte order.
 */
#include "report.h"

static const char *const series[] = { "5.10", "6.1",	    "6.12",	 "6.16",
				      "7.3",  "6.12-arm64", "6.12-s390x" };

static const char *const scenarios[] = { "minimal_open", "te_miss", "tm_miss", "lm_miss", "a_miss",
					 "hits",	 "delete",  "evict",   "rebuild", "post" };

#define SERIES_NR   (sizeof(series) / sizeof(series[0]))
#define SCENARIO_NR (sizeof(scenarios) / sizeof(scenarios[0]))

/* One recording, and the name of its test. */
struct recording {
	const char *scenario;
	char file[128];
	char name[128];
};

static void every_claim_of_the_scenario_holds(void **state)
{
	const struct recording *recording = *state;
	char expect[128];
	int status;

	snprintf(expect, sizeof(expect), "scenarios/%s.expect", recording->scenario);
	status = report(recording->file, NULL, expect, NULL);
	if (status)
		fail_msg("status %d: %s", status, said);
}

static void a_version_7_file_gives_what_version_6_gave(void **state)
{
	static const char *const files[] = { "tests/data/recordings/v7/te_miss-none.dat",
					     "tests/data/recordings/v7/te_miss-zstd.dat" };
	int status;
	char *wanted = reported("tests/data/recordings/6.12/te_miss.dat", "json", &status);

	(void)state;
	assert_int_equal(status, 0);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *got = reported(files[i], "json", &status);

		assert_int_equal(status, 0);
		assert_string_equal(got, wanted);
		free(got);
	}
	free(wanted);
}

/*
 * By trace-cmd record -F -c -e ftopen after the output of `ftopen probes` was pasted, then
 * converted. Claims across opens are UNKNOWN there, for what other tasks did to names was not
 * recorded.
 */
static void what_trace_cmd_recorded_gives_the_same_verdicts(void **state)
{
	static const struct {
		const char *file, *expect;
		int status;
	} recorded[] = {
		{ "tests/data/recordings/trace-cmd/te_miss.dat", "scenarios/te_miss.expect", 0 },
		{ "tests/data/recordings/6.12-s390x/te_miss-trace-cmd.dat",
		  "scenarios/te_miss.expect", 0 },
		{ "tests/data/recordings/6.12-s390x/hits-trace-cmd.dat", "scenarios/hits.expect",
		  STATUS_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
		int status;
		char *json;

		assert_int_equal(report(recorded[i].file, NULL, recorded[i].expect, NULL),
				 recorded[i].status);
		json = reported(recorded[i].file, "json", &status);
		assert_int_equal(status, STATUS_UNKNOWN);
		assert_null(strstr(json, "\"verdict\":\"FAIL\""));
		/* Whether the probes missed hits is not in such a file. */
		assert_non_null(strstr(json, "\"missed_probes\":null"));
		assert_non_null(strstr(json, "\"tgid\":null"));
		free(json);
	}
}

/* trace-cmd split keeps the main buffer alone, and the option that names the other one. */
static void what_trace_cmd_split_leaves_out_is_unknown(void **state)
{
	int status;
	char *json = reported("tests/data/recordings/trace-cmd/te_miss-split.dat", "json", &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(said, "lacks the records of what ends names"));
	assert_non_null(strstr(json, "\"evictions\":null"));
	assert_null(strstr(json, "\"end\":\"alive\""));
	free(json);
}

/* ... and of version 7 not even that. */
static void a_format_alone_does_not_say_that_ends_were_recorded(void **state)
{
	int status;
	char *json =
		reported("tests/data/recordings/trace-cmd/te_miss-split-v7.dat", "json", &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(said, "no records of what ends names"));
	assert_non_null(strstr(json, "\"evictions\":null"));
	assert_non_null(strstr(json, "\"lost\":null"));
	free(json);
}

int main(void)
{
	static struct recording recordings[SERIES_NR * SCENARIO_NR];
	struct CMUnitTest tests[SERIES_NR * SCENARIO_NR + 4];
	size_t count = 0;

	for (size_t i = 0; i < SERIES_NR * SCENARIO_NR; i++) {
		struct recording *recording = &recordings[i];

		recording->scenario = scenarios[i % SCENARIO_NR];
		snprintf(recording->file, sizeof(recording->file),
			 "tests/data/recordings/%s/%s.dat", series[i / SCENARIO_NR],
			 recording->scenario);
		snprintf(recording->name, sizeof(recording->name), "%s_on_%s", recording->scenario,
			 series[i / SCENARIO_NR]);
		for (char *dot = recording->name; *dot; dot++)
			*dot = *dot == '.' || *dot == '-' ? '_' : *dot;
		tests[count++] = (struct CMUnitTest){
			.name = recording->name,
			.test_func = every_claim_of_the_scenario_holds,
			.setup_func = NULL,
			.teardown_func = NULL,
			.initial_state = recording,
		};
	}
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(a_version_7_file_gives_what_version_6_gave);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		what_trace_cmd_recorded_gives_the_same_verdicts);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(what_trace_cmd_split_leaves_out_is_unknown);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		a_format_alone_does_not_say_that_ends_were_recorded);
	message_set_hook(hear);
	return _cmocka_run_group_tests("recordings", tests, count, NULL, NULL);
}
