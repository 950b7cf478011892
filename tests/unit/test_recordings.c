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

/* The number after @key in the object at @text, -1 for null. */
static long long number_at(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	assert_non_null(at);
	return strncmp(at + strlen(key), "null", 4) ? atoll(at + strlen(key)) : -1;
}

/* Of an open that was seen whole: all of it is in the stages. */
static void stages_add_up(const char *open)
{
	static const char *const keys[] = { "\"walk\":", "\"lookup\":", "\"alloc\":",
					    "\"filesystem\":", "\"opening\":" };
	const char *stages = strstr(open, "\"stages\":{");
	long long sum = 0;

	assert_non_null(stages);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		long long ns = number_at(stages, keys[i]);

		sum += ns > 0 ? ns : 0;
	}
	assert_int_equal(sum, number_at(open, "\"latency_ns\":"));
	assert_true(number_at(stages, "\"copy\":") > 0);
	assert_true(number_at(stages, "\"descriptor\":") > 0);
}

static void the_stages_of_an_open_are_all_of_its_time(void **state)
{
	static const struct {
		const char *scenario;
		int opens;
	} shown[] = { { "te_miss", 3 }, { "tm_miss", 3 }, { "hits", 4 } };

	(void)state;
	for (size_t i = 0; i < SERIES_NR * 3; i++) {
		char file[128], *json;
		int status, opens = 0;

		snprintf(file, sizeof(file), "tests/data/recordings/%s/%s.dat", series[i / 3],
			 shown[i % 3].scenario);
		json = reported(file, "json", &status);
		for (const char *at = json; (at = strstr(at, "\"type\":\"open\"")); at++) {
			stages_add_up(at);
			opens++;
		}
		assert_int_equal(opens, shown[i % 3].opens);
		free(json);
	}
}

/* A name that was not cached shows what the cache spares: allocation and file system. */
static void a_miss_has_the_stages_that_a_hit_spares(void **state)
{
	(void)state;
	for (size_t i = 0; i < SERIES_NR; i++) {
		char file[128], *json, *at;
		int status;

		snprintf(file, sizeof(file), "tests/data/recordings/%s/te_miss.dat", series[i]);
		json = reported(file, "json", &status);
		at = strstr(json, "\"cache\":\"miss\"");
		assert_non_null(at);
		while (strncmp(at, "\"stages\":", 9) != 0)
			at--;
		assert_true(number_at(at, "\"alloc\":") > 0);
		assert_true(number_at(at, "\"filesystem\":") > 0);
		free(json);
	}
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

/* By ftopen record on armhf, whose layout was measured: pointers of four bytes. */
static void what_a_machine_of_32_bits_recorded_holds_here(void **state)
{
	static const char file[] = "tests/data/recordings/6.12-armhf/te_miss.dat";
	int status;
	char *json;

	(void)state;
	assert_int_equal(report(file, NULL, "scenarios/te_miss.expect", NULL), 0);
	json = reported(file, "json", &status);
	assert_int_equal(status, 0);
	assert_non_null(strstr(json, "\"verdict\":\"PASS\""));
	assert_null(strstr(json, "\"verdict\":\"FAIL\""));
	assert_null(strstr(json, "\"verdict\":\"UNKNOWN\""));
	free(json);
}

/* trace-cmd split keeps the main buffer alone, and the option that names the other one. */
static void what_trace_cmd_split_leaves_out_is_unknown(void **state)
{
	int status;
	char *json = reported("tests/data/recordings/trace-cmd/te_miss-split.dat", "json", &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(said, "no records of evictions and renames: they were left out"));
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
	assert_non_null(
		strstr(said, "no records of evictions and renames: whether there were any"));
	assert_non_null(strstr(json, "\"evictions\":null"));
	assert_non_null(strstr(json, "\"lost\":null"));
	free(json);
}

int main(void)
{
	static struct recording recordings[SERIES_NR * SCENARIO_NR];
	struct CMUnitTest tests[SERIES_NR * SCENARIO_NR + 7];
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
		(struct CMUnitTest)cmocka_unit_test(what_a_machine_of_32_bits_recorded_holds_here);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(what_trace_cmd_split_leaves_out_is_unknown);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		a_format_alone_does_not_say_that_ends_were_recorded);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(the_stages_of_an_open_are_all_of_its_time);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(a_miss_has_the_stages_that_a_hit_spares);
	message_set_hook(hear);
	return _cmocka_run_group_tests("recordings", tests, count, NULL, NULL);
}
