/* SPDX-License-Identifier: MIT */
/*
 * Top: what a period counts, the screen in each size and order, and the line of JSON.
 */
#include "chains.h"

#include "render/top.h"
#include "util/columns.h"

static const struct top_period second = { .from = 1000000000, .to = 2000000000 };
static const struct top_size usual = { 24, 80 };

static struct top *top;
static char *written;
static size_t written_len;

static int begin(void **state)
{
	(void)state;
	top = top_new(&(struct user_filter){ 0 });
	assert_non_null(top);
	return 0;
}

static int end(void **state)
{
	(void)state;
	top_free(top);
	free(written);
	written = NULL;
	return 0;
}

static struct open_call open_of(const char *comm, const char *path)
{
	struct open_call open = {
		.path = { path, strlen(path) },
		.resolved = { path, strlen(path) },
		.has_result = true,
		.result = 3,
		.cache = CACHE_HIT,
		.has_latency = true,
		.latency_ns = 1000,
	};

	strcpy(open.comm, comm);
	return open;
}

static void give(const char *comm, const char *path)
{
	const struct open_call open = open_of(comm, path);

	assert_int_equal(top_open(top, &open), 0);
}

static void give_missing(const char *comm)
{
	chain_tm_miss(&chain);
	for (size_t i = 0; i < chain.lifetimes[0].hops.count; i++)
		strcpy(chain.hops[0][i].comm, comm);
	assert_int_equal(top_negative(top, &chain.name, &chain.lifetimes[0]), 0);
}

static FILE *memory(void)
{
	FILE *out;

	free(written);
	out = open_memstream(&written, &written_len);
	assert_non_null(out);
	return out;
}

static void screen(struct top_size size, enum top_order order)
{
	FILE *out = memory();

	assert_int_equal(top_screen(top, out, &second, size, order), 0);
	fclose(out);
}

static void json(void)
{
	const struct trace_clock clock = { .wall = 5 };
	FILE *out = memory();

	assert_int_equal(top_json(top, out, &second, &clock), 0);
	fclose(out);
}

static void shows(const char *text)
{
	if (!strstr(written, text))
		fail_msg("no \"%s\" in:\n%s", text, written);
}

static void shows_in_order(const char *first, const char *then)
{
	const char *at = strstr(written, first);

	if (!at || !strstr(at, then))
		fail_msg("no \"%s\" before \"%s\" in:\n%s", first, then, written);
}

static void each_open_counts_for_its_program_and_its_directory(void **state)
{
	struct open_call open = open_of("find", "/srv/gone");

	(void)state;
	give("cat", "/etc/a");
	open.cache = CACHE_MISS;
	open.result = -2;
	open.latency_ns = 2500000;
	assert_int_equal(top_open(top, &open), 0);
	give("find", "/etc/b");
	screen(usual, TOP_BY_OPENS);
	shows("1.0 s: 3 opens, 1 failed, 1 misses, 0 negative dentries made, nothing lost\n");
	shows("find                            2       1       1       0     2.5 ms  -");
	shows("cat                             1       0       0       0     1.0 us  -");
	shows("/etc/                           2       0       0       0     1.0 us  -");
	shows("/srv/                           1       1       1       0     2.5 ms  -");
	shows_in_order("find", "cat");
	shows_in_order("/etc/", "/srv/");
}

static void the_next_period_begins_at_nothing(void **state)
{
	(void)state;
	give("cat", "/etc/a");
	top_next(top);
	give("find", "/srv/a");
	screen(usual, TOP_BY_OPENS);
	shows("1.0 s: 1 opens");
	assert_null(strstr(written, "cat"));
}

static void what_makes_negative_dentries_counts_without_an_open(void **state)
{
	(void)state;
	give("cat", "/etc/a");
	give_missing("python3");
	screen(usual, TOP_BY_MADE);
	shows_in_order("python3                         0       0       0       1          -",
		       "cat ");
	shows("/tmp/                           0       0       0       1          -");
}

static void give_stages(uint64_t walk, uint64_t file_system, unsigned int stages)
{
	struct open_call open = open_of("cat", "/etc/a");

	open.stages = (uint8_t)stages;
	open.stage_ns[STAGE_WALK] = walk;
	open.stage_ns[STAGE_FILE_SYSTEM] = file_system;
	assert_int_equal(top_open(top, &open), 0);
}

#define BIT(stage) (1U << (stage))

static void the_slowest_open_has_its_longest_stage(void **state)
{
	(void)state;
	give_stages(300, 700, BIT(STAGE_WALK) | BIT(STAGE_FILE_SYSTEM));
	screen(usual, TOP_BY_OPENS);
	shows("1.0 us  filesystem\n");
	shows("file system's own work          1     700 ns     700 ns  /etc/a\n");
}

static void a_stage_is_the_longest_only_if_no_unknown_one_can_be(void **state)
{
	(void)state;
	give_stages(0, 499, BIT(STAGE_FILE_SYSTEM));
	screen(usual, TOP_BY_OPENS);
	shows("1.0 us  -\n");
	top_next(top);
	give_stages(0, 500, BIT(STAGE_FILE_SYSTEM));
	screen(usual, TOP_BY_OPENS);
	shows("1.0 us  filesystem\n");
}

static void every_order_is_that_of_its_key(void **state)
{
	static const char keys[TOP_ORDER_NR + 1] = "ofmns";
	struct open_call slow = open_of("slow", "/a/a"), failed = open_of("failed", "/b/b"),
			 missed = open_of("missed", "/c/c");
	static const char *const first[TOP_ORDER_NR] = { "often", "failed", "missed", "maker",
							 "slow" };

	(void)state;
	slow.latency_ns = 2000;
	failed.result = -13;
	missed.cache = CACHE_MISS;
	give("often", "/d/d");
	give("often", "/d/d");
	assert_int_equal(top_open(top, &slow), 0);
	assert_int_equal(top_open(top, &failed), 0);
	assert_int_equal(top_open(top, &missed), 0);
	give_missing("maker");
	for (int i = 0; i < TOP_ORDER_NR; i++) {
		assert_int_equal(top_order_of(keys[i]), i);
		screen(usual, (enum top_order)i);
		assert_ptr_equal(strstr(strchr(strchr(written, '\n') + 1, '\n') + 1, first[i]),
				 strchr(strchr(written, '\n') + 1, '\n') + 1);
	}
	assert_int_equal(top_order_of('x'), TOP_ORDER_NR);
	assert_int_equal(top_order_of('\0'), TOP_ORDER_NR);
}

/* So many lines, none of them wider. */
static void fits(struct top_size size)
{
	size_t rows = 0;

	screen(size, TOP_BY_OPENS);
	for (const char *at = written; *at; rows++) {
		const char *line_end = strchr(at, '\n');

		assert_true(columns_of(at, (size_t)(line_end - at)) <= size.columns);
		at = line_end + 1;
	}
	assert_true(rows <= size.rows);
}

static void a_screen_of_any_size_is_kept_within(void **state)
{
	char path[5000];

	(void)state;
	memset(path, '\001', sizeof(path));
	path[0] = path[sizeof(path) - 2] = '/';
	path[sizeof(path) - 1] = '\0';
	give("cat", path);
	for (int i = 0; i < 300; i++) {
		snprintf(path, sizeof(path), "/%d/a", i);
		give(path, path);
	}
	for (size_t rows = 0; rows < 60; rows++)
		fits((struct top_size){ rows, 80 });
	for (size_t columns = 0; columns < 250; columns += 7)
		fits((struct top_size){ 24, columns });
}

static void what_finds_the_table_full_has_a_row(void **state)
{
	char path[32];

	(void)state;
	for (int i = 0; i < 4100; i++) {
		snprintf(path, sizeof(path), "/%d/a", i);
		give("cat", path);
	}
	screen(usual, TOP_BY_OPENS);
	shows("(others)                        4 ");
	json();
	shows("{\"path\":null,\"opens\":4,");
	top_next(top);
	give("cat", "/a/a");
	screen(usual, TOP_BY_OPENS);
	assert_null(strstr(written, "(others)"));
}

static void a_period_is_a_line_of_json(void **state)
{
	(void)state;
	give_stages(300, 700, BIT(STAGE_WALK) | BIT(STAGE_FILE_SYSTEM));
	give_missing("stat");
	json();
	assert_string_equal(
		written,
		"{\"v\":1,\"type\":\"period\",\"from\":\"1.000000005\",\"to\":\"2.000000005\","
		"\"losses\":0,\"unknown_users\":null,\"opens\":1,\"failed\":0,\"misses\":0,"
		"\"negative_hits\":0,"
		"\"negatives_made\":1,\"latency_ns\":1000,\"slowest_ns\":1000,"
		"\"slowest_stage\":\"filesystem\",\"programs\":["
		"{\"comm\":\"cat\",\"opens\":1,\"failed\":0,\"misses\":0,\"negative_hits\":0,"
		"\"negatives_made\":0,\"latency_ns\":1000,\"slowest_ns\":1000,"
		"\"slowest_stage\":\"filesystem\"},"
		"{\"comm\":\"stat\",\"opens\":0,\"failed\":0,\"misses\":0,\"negative_hits\":0,"
		"\"negatives_made\":1,\"latency_ns\":0,\"slowest_ns\":0,\"slowest_stage\":null}],"
		"\"directories\":["
		"{\"path\":\"/etc/\",\"opens\":1,\"failed\":0,\"misses\":0,\"negative_hits\":0,"
		"\"negatives_made\":0,\"latency_ns\":1000,\"slowest_ns\":1000,"
		"\"slowest_stage\":\"filesystem\"},"
		"{\"path\":\"/tmp/\",\"opens\":0,\"failed\":0,\"misses\":0,\"negative_hits\":0,"
		"\"negatives_made\":1,\"latency_ns\":0,\"slowest_ns\":0,\"slowest_stage\":null}],"
		"\"stages\":["
		"{\"stage\":\"walk\",\"opens\":1,\"ns\":300,\"slowest_ns\":300,"
		"\"slowest_path\":\"/etc/a\"},"
		"{\"stage\":\"filesystem\",\"opens\":1,\"ns\":700,\"slowest_ns\":700,"
		"\"slowest_path\":\"/etc/a\"}]}\n");
}

static void losses_are_shown(void **state)
{
	const struct top_period lossy = { .to = 1000000000, .losses = 2 };
	const struct chain_summary summary = {
		.totals = { .opens = 7, .losses = 3, .lost = 9 },
		.has_missed_probes = true,
	};
	FILE *out = memory();

	(void)state;
	assert_int_equal(top_screen(top, out, &lossy, (struct top_size){ 24, 120 }, TOP_BY_OPENS),
			 0);
	fclose(out);
	shows("negative dentries made, 2 losses\n");
	out = memory();
	assert_int_equal(top_json_end(top, out, &summary), 0);
	fclose(out);
	assert_string_equal(written, "{\"v\":1,\"type\":\"end\",\"opens\":7,\"losses\":3,"
				     "\"lost\":null,\"missed_probes\":0}\n");
	out = memory();
	assert_int_equal(top_end(top, out, &summary), 0);
	fclose(out);
	shows("7 opens");
	shows("lost");
}

static void give_as(const char *comm, const char *path, bool is_known, uint32_t uid)
{
	struct open_call open = open_of(comm, path);

	open.has_uid = is_known;
	open.uid = uid;
	assert_int_equal(top_open(top, &open), 0);
}

static void give_missing_as(const char *comm, bool is_known, uint32_t uid)
{
	chain_tm_miss(&chain);
	for (size_t i = 0; i < chain.lifetimes[0].hops.count; i++) {
		strcpy(chain.hops[0][i].comm, comm);
		chain.hops[0][i].has_uid = is_known;
		chain.hops[0][i].uid = uid;
	}
	assert_int_equal(top_negative(top, &chain.name, &chain.lifetimes[0]), 0);
}

/* Who cannot be told from others counts, and is told. */
static void only_what_one_user_did_counts(void **state)
{
	(void)state;
	top_free(top);
	top = top_new(&(struct user_filter){ .is_set = true, .uid = 1000 });
	assert_non_null(top);
	give_as("own", "/etc/a", true, 1000);
	give_as("other", "/etc/b", true, 0);
	give_as("doubtful", "/etc/c", false, 0);
	give_missing_as("own", true, 1000);
	give_missing_as("other", true, 0);
	give_missing_as("doubtful", false, 0);
	assert_int_equal(top_doubts(top), 2);
	screen((struct top_size){ 24, 120 }, TOP_BY_OPENS);
	shows("1.0 s: 2 opens, 0 failed, 0 misses, 2 negative dentries made, 2 by unknown users, ");
	shows("own ");
	shows("doubtful ");
	assert_null(strstr(written, "other "));
	json();
	shows("\"unknown_users\":2,\"opens\":2,");
	top_next(top);
	assert_int_equal(top_doubts(top), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_open_counts_for_its_program_and_its_directory,
						begin, end),
		cmocka_unit_test_setup_teardown(the_next_period_begins_at_nothing, begin, end),
		cmocka_unit_test_setup_teardown(what_makes_negative_dentries_counts_without_an_open,
						begin, end),
		cmocka_unit_test_setup_teardown(the_slowest_open_has_its_longest_stage, begin, end),
		cmocka_unit_test_setup_teardown(
			a_stage_is_the_longest_only_if_no_unknown_one_can_be, begin, end),
		cmocka_unit_test_setup_teardown(every_order_is_that_of_its_key, begin, end),
		cmocka_unit_test_setup_teardown(a_screen_of_any_size_is_kept_within, begin, end),
		cmocka_unit_test_setup_teardown(what_finds_the_table_full_has_a_row, begin, end),
		cmocka_unit_test_setup_teardown(a_period_is_a_line_of_json, begin, end),
		cmocka_unit_test_setup_teardown(losses_are_shown, begin, end),
		cmocka_unit_test_setup_teardown(only_what_one_user_did_counts, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
