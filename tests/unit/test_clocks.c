/* SPDX-License-Identifier: MIT */
/*
 * Times of recordings by each kind of clock, and which of them are shown.
 */
#include "altered.h"

#include "pages/clock.h"

#define OURS   "tests/data/recordings/6.12/te_miss.dat"
#define THEIRS "tests/data/recordings/trace-cmd/filtered.dat" /* by trace-cmd, clock "local" */

#define OPTION_HEAD 6 /* number and size */

/* The first open's time, the caller's to free(); "null" for none. */
static char *first_time(const char *json)
{
	const char *at = strstr(json, "\"ts\":");

	assert_non_null(at);
	at += strlen("\"ts\":");
	return strndup(at + (*at == '"'), strcspn(at + (*at == '"'), "\","));
}

static double first_seconds(const char *json)
{
	char *text = first_time(json);
	double seconds = strtod(text, NULL);

	free(text);
	return seconds;
}

/* The file of ours with its option "version" made one of number @id that begins with @bytes. */
static void with_option(uint16_t id, const void *bytes, size_t size)
{
	static const char version[] = "ftopen 0.1";
	char *data, *option;
	size_t all;

	assert_true(size <= sizeof(version));
	assert_int_equal(read_file(OURS, &data, &all), 0);
	option = find_bytes(data, all, version, sizeof(version), 0) - OPTION_HEAD;
	memcpy(option, &id, sizeof(id));
	memset(option + OPTION_HEAD, 0, sizeof(version));
	memcpy(option + OPTION_HEAD, bytes, size);
	write_altered(data, all);
	free(data);
}

static char *show(struct options options, int *status)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *text;
	int fd = mkstemp(path);

	options.results = path;
	said[0] = '\0';
	*status = cmd_report(&options);
	assert_int_equal(read_file(path, &text, NULL), 0);
	close(fd);
	unlink(path);
	return text;
}

/* --- clocks ----------------------------------------------------------------------------------- */

static void a_counter_orders_and_gives_no_times(void **state)
{
	int status;
	char *json =
		altered(THEIRS, "[local] global counter ", " local global [counter]", 0, &status);

	(void)state;
	assert_non_null(strstr(said, "'counter' orders records, but does not measure time"));
	assert_non_null(strstr(json, "\"ts\":null,\"latency_ns\":null,\"stages\":null,"));
	assert_null(strstr(json, "\"ts\":\""));
	assert_non_null(strstr(json, "\"open\":1,\"since_ns\":null"));
	assert_non_null(strstr(json, "\"clock\":\"counter\""));
	assert_non_null(strstr(json, "\"verdict\":\"PASS\""));
	free(json);
}

static void a_timeline_needs_times(void **state)
{
	int status;

	(void)state;
	free(altered(THEIRS, "[local] global counter ", " local global [counter]", 0, &status));
	free(reported(altered_path, "perfetto", &status));
	assert_int_equal(status, STATUS_FTOPEN);
	assert_non_null(strstr(
		said, "cannot draw a timeline: the trace clock 'counter' does not measure time"));
}

static void uptime_and_cycles_are_no_times(void **state)
{
	static const char *const clocks[] = { "[uptime]      ", "[x86-tsc]     ",
					      "[some-clock-x]" };

	(void)state;
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		int status;
		char *json = altered(THEIRS, "[local] global", clocks[i], 0, &status);

		assert_non_null(strstr(json, "\"ts\":null,\"latency_ns\":null,\"stages\":null,"));
		free(json);
	}
}

static void clocks_in_nanoseconds_are_taken_as_they_are(void **state)
{
	static const char *const clocks[] = { "[local]       ", "[global]      ", "[mono]        ",
					      "[mono_raw]    ", "[boot]        ", "[tai]         ",
					      "[perf]        " };
	int status;
	char *wanted = reported(THEIRS, "json", &status);

	(void)state;
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		char *json = altered(THEIRS, "[local] global", clocks[i], 0, &status);

		assert_true(first_seconds(json) > 0);
		assert_true(first_seconds(json) == first_seconds(wanted));
		free(json);
	}
	free(wanted);
}

/* trace-cmd record --tsc2nsec; half a nanosecond for each cycle. */
static void cycles_are_converted_as_the_file_says(void **state)
{
	const uint32_t half[2] = { 1U << 30, 31 };
	int status;
	char *wanted = reported(OURS, "json", &status), *json;

	(void)state;
	with_option(14, half, sizeof(half));
	json = reported(altered_path, "json", &status);
	assert_int_equal(status, 0);
	assert_true(first_seconds(json) - first_seconds(wanted) / 2 < 1e-6);
	assert_true(first_seconds(wanted) / 2 - first_seconds(json) < 1e-6);
	free(wanted);
	free(json);
}

static void no_bit_of_a_long_trace_is_lost(void **state)
{
	static const struct {
		uint32_t mult, shift;
		uint64_t time;
	} scales[] = {
		{ 3735928559, 31, UINT64_C(214774973631677973) },
		{ 3735928559, 32, UINT64_C(107387486815838986) },
		{ 3735928559, 33, UINT64_C(53693743407919493) },
		{ UINT32_MAX, 63, UINT64_C(57489047) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		struct trace_clock clock = { .mult = scales[i].mult, .shift = scales[i].shift };

		assert_true(clock_time(&clock, UINT64_C(123456789012345678)) == scales[i].time);
	}
}

/* trace-cmd record --ts-offset */
static void an_offset_of_times_is_added(void **state)
{
	int status;
	char *wanted = reported(OURS, "json", &status), *json;
	double added;

	(void)state;
	with_option(7, "5000000000", sizeof("5000000000"));
	json = reported(altered_path, "json", &status);
	added = first_seconds(json) - first_seconds(wanted);
	assert_true(added > 4.999999 && added < 5.000001);
	free(wanted);
	free(json);
}

/* trace-cmd record --date, in microseconds */
static void a_date_makes_wall_clock_times(void **state)
{
	const struct options trace = { .input = altered_path,
				       .format = "json",
				       .clock = SHOW_TRACE };
	int status;
	char *wanted = reported(OURS, "json", &status), *json;
	double added;

	(void)state;
	with_option(1, "0x3b9aca00", sizeof("0x3b9aca00")); /* 1000 s */
	json = reported(altered_path, "json", &status);
	added = first_seconds(json) - first_seconds(wanted);
	assert_true(added > 999.999999 && added < 1000.000001);
	assert_non_null(strstr(json, "\"wall_offset_ns\":1000000000000"));
	free(json);
	json = show(trace, &status);
	assert_true(first_seconds(json) == first_seconds(wanted));
	free(wanted);
	free(json);
}

static void an_offset_that_is_none_is_refused(void **state)
{
	int status;

	(void)state;
	with_option(7, "5 seconds", sizeof("5 seconds"));
	free(reported(altered_path, "json", &status));
	assert_int_equal(status, STATUS_FTOPEN);
	assert_non_null(strstr(said, "an invalid offset of times"));
}

/* --- which of them ---------------------------------------------------------------------------- */

static void wall_clock_times_need_a_file_that_knows_them(void **state)
{
	const struct options wall = { .input = THEIRS, .format = "json", .clock = SHOW_WALL };
	int status;

	(void)state;
	free(show(wall, &status));
	assert_int_equal(status, STATUS_FTOPEN);
	assert_non_null(strstr(said, "cannot show wall-clock times"));
}

static void deltas_are_since_the_open_before(void **state)
{
	const struct options trace = { .input = OURS, .format = "json" };
	const struct options delta = { .input = OURS, .format = "json", .clock = SHOW_DELTA };
	int status;
	char *times = show(trace, &status), *deltas = show(delta, &status);
	const char *second = strstr(times + 1, "\n{"), *second_delta = strstr(deltas + 1, "\n{");
	double between;

	(void)state;
	assert_true(first_seconds(deltas) == 0);
	between = first_seconds(second) - first_seconds(times) - first_seconds(second_delta);
	assert_true(between < 1e-6 && between > -1e-6);
	free(times);
	free(deltas);
}

static void a_tree_has_times_if_a_clock_is_named(void **state)
{
	const struct options plain = { .input = OURS };
	const struct options timed = { .input = OURS, .clock = SHOW_TRACE };
	int status;
	char *without = show(plain, &status), *with = show(timed, &status);

	(void)state;
	assert_null(strstr(without, "), at "));
	assert_non_null(strstr(with, "), at "));
	free(without);
	free(with);
}

static void the_summary_begins_with_kernel_clock_span_and_losses(void **state)
{
	const struct options summary = { .input = altered_path, .format = "summary" };
	int status;
	char *text;

	(void)state;
	alter(OURS, "dropped events: 0", "dropped events: 7", 1);
	text = show(summary, &status);
	assert_int_equal(strncmp(text, "kernel 6.12.", strlen("kernel 6.12.")), 0);
	assert_non_null(strstr(text, " (x86_64), clock mono, "));
	assert_non_null(strstr(text, " s), lost 7 on CPU 1\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_orders_and_gives_no_times),
		cmocka_unit_test(a_timeline_needs_times),
		cmocka_unit_test(uptime_and_cycles_are_no_times),
		cmocka_unit_test(clocks_in_nanoseconds_are_taken_as_they_are),
		cmocka_unit_test(cycles_are_converted_as_the_file_says),
		cmocka_unit_test(no_bit_of_a_long_trace_is_lost),
		cmocka_unit_test(an_offset_of_times_is_added),
		cmocka_unit_test(a_date_makes_wall_clock_times),
		cmocka_unit_test(an_offset_that_is_none_is_refused),
		cmocka_unit_test(wall_clock_times_need_a_file_that_knows_them),
		cmocka_unit_test(deltas_are_since_the_open_before),
		cmocka_unit_test(a_tree_has_times_if_a_clock_is_named),
		cmocka_unit_test(the_summary_begins_with_kernel_clock_span_and_losses),
	};

	return run_altered("clocks", tests, sizeof(tests) / sizeof(tests[0]));
}
