/* SPDX-License-Identifier: MIT */
/*
 * OpenMetrics: what is counted for whom, and that there is a bound to how many of them there are.
 */
#include "chains.h"

static struct output output;

static void start(void)
{
	static const struct render_options plain;

	output_start(&output, &render_openmetrics, &plain);
}

static char *finish(void)
{
	static const struct chain_summary end = { .totals = { .records = 5, .losses = 1 } };

	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static void give_open(const char *comm, const char *path, enum cache cache, uint64_t latency)
{
	struct open_call open = {
		.id = 1,
		.resolved = { path, strlen(path) },
		.result = -2,
		.has_result = cache == CACHE_NEGATIVE,
		.has_latency = true,
		.latency_ns = latency,
		.call = CALL_OPEN,
		.cache = cache,
	};

	strcpy(open.comm, comm);
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
}

static void opens_are_counted_by_program_directory_and_cache(void **state)
{
	char *text;

	(void)state;
	start();
	give_open("a", "/etc/x", CACHE_HIT, 1);
	give_open("a", "/etc/y", CACHE_HIT, 1);
	give_open("a", "/etc/y", CACHE_NEGATIVE, 1);
	give_open("b", "/y", CACHE_MISS, 1);
	text = finish();
	assert_non_null(strstr(text, "\nftopen_opens_total{program=\"a\",directory=\"/etc\","
				     "cache=\"hit\"} 2\n"));
	assert_non_null(strstr(text, "\nftopen_opens_total{program=\"b\",directory=\"/\","
				     "cache=\"miss\"} 1\n"));
	assert_non_null(
		strstr(text, "\nftopen_failed_opens_total{program=\"a\",directory=\"/etc\"} 1\n"));
	assert_non_null(strstr(text, "\nftopen_records_total 5\n"));
	assert_has(text, "\nftopen_losses_total 1\n# EOF\n");
}

static void what_the_kernel_opens_itself_is_not_counted(void **state)
{
	const struct open_call open = { .id = 1, .call = CALL_KERNEL };

	(void)state;
	start();
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
	assert_lacks(finish(), "ftopen_opens_total{");
}

static void a_bucket_holds_what_took_no_longer(void **state)
{
	char *text;

	(void)state;
	start();
	give_open("a", "/x", CACHE_HIT, 1000);
	give_open("a", "/x", CACHE_HIT, 1001);
	give_open("a", "/x", CACHE_HIT, UINT64_C(2000000000));
	text = finish();
	assert_non_null(strstr(text, "directory=\"/\",le=\"1e-06\"} 1\n"));
	assert_non_null(strstr(text, "directory=\"/\",le=\"2.5e-06\"} 2\n"));
	assert_non_null(strstr(text, "directory=\"/\",le=\"1.0\"} 2\n"));
	assert_non_null(strstr(text, "directory=\"/\",le=\"+Inf\"} 3\n"));
	assert_has(text, "_seconds_sum{program=\"a\",directory=\"/\"} 2.000002001\n");
}

static void negative_dentries_are_counted_for_their_maker(void **state)
{
	char *text;

	(void)state;
	start();
	chain_tm_miss(&chain);
	chain.name.resolved = TEXT_OF("/tmp/t_m.txt");
	assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
	chain.lifetimes[0].end = END_EVICTED;
	assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
	text = finish();
	assert_non_null(strstr(text, "_made_total{program=\"te_miss\",directory=\"/tmp\"} 2\n"));
	assert_has(text, "_kept{program=\"te_miss\",directory=\"/tmp\"} 1\n");
}

static void a_label_cannot_end_its_quotes(void **state)
{
	(void)state;
	start();
	give_open("a\"\\\n", "/\xff/x", CACHE_HIT, 1);
	assert_has(finish(), "{program=\"a\\\\\\\"\\\\\\\\\\\\n\",directory=\"/\\\\xff\",");
}

static void rows_beyond_the_heaviest_are_one(void **state)
{
	char path[32], *text;
	size_t rows = 0;

	(void)state;
	start();
	for (int i = 0; i < 5000; i++) {
		snprintf(path, sizeof(path), "/%d/x", i);
		give_open("a", path, CACHE_HIT, 1);
	}
	give_open("a", "/7/x", CACHE_HIT, 1);
	text = finish();
	for (char *at = text; (at = strstr(at, "\nftopen_opens_total{")); at++)
		rows++;
	assert_int_equal(rows, 201);
	assert_non_null(strstr(text, "{program=\"a\",directory=\"/7\",cache=\"hit\"} 2\n"));
	assert_has(text, "{program=\"(others)\",directory=\"(others)\",cache=\"hit\"} 4800\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_are_counted_by_program_directory_and_cache),
		cmocka_unit_test(what_the_kernel_opens_itself_is_not_counted),
		cmocka_unit_test(a_bucket_holds_what_took_no_longer),
		cmocka_unit_test(negative_dentries_are_counted_for_their_maker),
		cmocka_unit_test(a_label_cannot_end_its_quotes),
		cmocka_unit_test(rows_beyond_the_heaviest_are_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
