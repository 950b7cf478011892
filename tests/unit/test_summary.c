/* SPDX-License-Identifier: MIT */
/*
 * The summary: who opens what, and who fills the cache with names that do not exist.
 */
#include "chains.h"

#include "../../src/render/tally.h"

static const struct chain_summary end = { .totals = { .lost_is_known = true } };

static struct output output;

static void start(void)
{
	static const struct render_options plain;

	output_start(&output, &render_summary, &plain);
}

static char *finish(void)
{
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static void give_open(const char *comm, const char *path, enum cache cache, enum walk walk,
		      int64_t result, uint64_t latency)
{
	struct open_call open = {
		.id = 1,
		.path = { path, strlen(path) },
		.result = result,
		.has_result = true,
		.has_latency = true,
		.latency_ns = latency,
		.complete = true,
		.walk = walk,
		.cache = cache,
	};

	strcpy(open.comm, comm);
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
}

static void give_name(void)
{
	assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
}

/* A name that @comm looked up in vain. */
static void give_missing(const char *comm)
{
	chain_tm_miss(&chain);
	for (size_t i = 0; i < chain.lifetimes[0].hops.count; i++)
		strcpy(chain.hops[0][i].comm, comm);
	give_name();
}

static void every_outcome_has_its_column(void **state)
{
	(void)state;
	start();
	give_open("prog", "/etc/a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("prog", "/etc/a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("prog", "/etc/a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("prog", "/etc/a", CACHE_HIT, WALK_REF, 3, 1);
	give_open("prog", "/etc/a", CACHE_HIT, WALK_REF, 3, 1);
	give_open("prog", "/etc/a", CACHE_NEGATIVE, WALK_RCU, -2, 1);
	give_open("prog", "/etc/a", CACHE_MISS, WALK_REF, -2, 1);
	give_open("prog", "/etc/a", CACHE_MISS, WALK_REF, -2, 1);
	give_open("prog", "/etc/a", CACHE_MISS, WALK_REF, -2, 1);
	give_open("prog", "/etc/a", CACHE_MISS, WALK_REF, -2, 1);
	give_open("prog", "/etc/a", CACHE_CREATED, WALK_REF, 3, 1);
	give_open("prog", "/etc/a", CACHE_CREATED, WALK_REF, 3, 1);
	give_open("prog", "/etc/..", CACHE_NONE, WALK_UNKNOWN, 3, 1);
	give_open("prog", "/etc/a/b", CACHE_UNREACHED, WALK_UNKNOWN, -20, 1);
	give_open("prog", "/etc/a", CACHE_STALE, WALK_REF, 3, 1);
	give_open("prog", "/etc/a", CACHE_UNKNOWN, WALK_UNKNOWN, 3, 1);
	assert_has(finish(), "program              opens failed  fast  slow   neg  miss   new  else"
			     "    ? allocs evicts  made  kept\n"
			     "prog                    16      6     3     2     1     4     2     3"
			     "    1      0      0     0     0\n");
}

/* A file may hold anything, and each of these bytes takes four in the output. */
static void a_directory_of_any_length_is_written_whole(void **state)
{
	static char path[64 * 1024 + 1];
	size_t found = 0;
	char *text;

	(void)state;
	memset(path, '\001', sizeof(path) - 1);
	path[0] = path[sizeof(path) - 2] = '/';
	start();
	give_open("prog", path, CACHE_HIT, WALK_RCU, 3, 1);
	text = finish();
	for (char *at = text; (at = strstr(at, "\\x01")); at += 4)
		found++;
	assert_int_equal(found, sizeof(path) - 3);
	assert_has(text, "\\x01/\n                         1      0     1");
}

static void directories_are_whole_where_they_are_known(void **state)
{
	struct open_call open = { .path = TEXT_OF("b"),
				  .resolved = TEXT_OF("/srv/b"),
				  .comm = "prog" };
	char *text;

	(void)state;
	start();
	give_open("prog", "/etc/x/a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("prog", "b", CACHE_HIT, WALK_RCU, 3, 1);
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
	text = finish();
	assert_non_null(strstr(text, "\n/etc/x/                  1 "));
	assert_non_null(strstr(text, "\n/srv/                    1 "));
	assert_has(text, "\n…/                       1 ");
}

static void who_makes_negative_dentries_is_named(void **state)
{
	(void)state;
	start();
	give_open("find", "/usr/a", CACHE_HIT, WALK_RCU, 3, 1);
	give_missing("loop");
	give_missing("loop");
	give_missing("find");
	assert_has(finish(), "negative dentries: 3 made, 3 still cached at the end; most by loop: "
			     "2\n");
}

static void an_evicted_negative_dentry_is_not_kept(void **state)
{
	(void)state;
	start();
	chain_tm_miss(&chain);
	chain.lifetimes[0].end = END_EVICTED;
	give_name();
	assert_has(finish(), "negative dentries: 1 made, 0 still cached at the end");
}

/* A name that @comm asked for by another call than an open, at @path. */
static void give_left(const char *comm, const char *path, enum lifetime_end how)
{
	chain_tm_miss(&chain);
	chain.lifetimes[0].hops.count = 0;
	chain.lifetimes[0].end = how;
	chain_add_hop(
		&chain, 0,
		(struct hop){ HOP(HOP_INSERT, 9, ROLE_INSERT, POINT_ENTRY, "__d_add", NAME_PTR),
			      .tid = 12 });
	strcpy(chain.hops[0][0].comm, comm);
	chain.name.is_requested = false;
	chain.name.path = (struct bytes){ NULL, 0 };
	if (path)
		chain.name.resolved = (struct bytes){ path, strlen(path) };
	give_name();
}

static void negative_dentries_are_counted_by_directory_and_maker(void **state)
{
	char *text;

	(void)state;
	start();
	give_left("stats", "/srv/a/1", END_ALIVE);
	give_left("stats", "/srv/a/2", END_EVICTED);
	give_left("other", "/srv/a/3", END_ALIVE);
	give_left("other", "/0", END_UNKNOWN);
	give_left("other", NULL, END_ALIVE);
	chain.name.path = TEXT_OF("/srv/a/as-passed");
	give_name();
	chain.name.path = TEXT_OF("relative/4");
	chain.name.has_dir = false;
	give_name();
	text = finish();
	assert_non_null(strstr(
		text, "negative dentries: made, kept, mostly by, in directory\n"
		      "       4       3  stats            /srv/a\n"
		      "       1       1  other            (directory unknown)\n"
		      "       1       0  other            /\n"
		      "       1       1  other            inode 131073 on device 259:1\n\n"));
	assert_has(text, "negative dentries: 7 made, 5 still cached at the end, 1 unknown; most by "
			 "other: 5\n");
}

static void an_unlinked_name_is_made_negative_by_who_unlinked_it(void **state)
{
	(void)state;
	start();
	chain_te_miss(&chain);
	chain.lifetimes[0].negative = IS_TRUE;
	chain.lifetimes[0].end = END_DELETED;
	chain_add_hop(
		&chain, 0,
		(struct hop){ HOP(HOP_DELETE, 9, ROLE_DELETE, POINT_ENTRY, "d_delete", NAME_PTR),
			      .tid = 12, .comm = "rm" });
	give_name();
	assert_has(finish(), "most by rm: 1\n");
}

static void evictions_count_for_who_did_them(void **state)
{
	(void)state;
	start();
	chain_rebuild(&chain, NAME_PTR);
	give_name();
	assert_has(finish(),
		   "\nsh                       0      0     0     0     0     0     0     0"
		   "    0      0      1     0     0\n");
}

static void directories_on_the_way_count_too(void **state)
{
	(void)state;
	start();
	chain_te_miss(&chain);
	chain.name.is_requested = false;
	give_name();
	assert_has(finish(),
		   "\nte_miss                  0      0     0     0     0     0     0     0"
		   "    0      1      0     0     0\n");
}

static void names_looked_up_in_vain_come_with_the_most_first(void **state)
{
	(void)state;
	start();
	chain_tm_miss(&chain);
	give_name();
	chain.name.path = TEXT_OF("/tmp/more.txt");
	chain_add_hop(&chain, 0, chain.hops[0][9]);
	give_name();
	assert_has(finish(), "looked up in vain: misses, negative hits, name\n"
			     "       1        2   /tmp/more.txt\n"
			     "       1        1   /tmp/t_m.txt\n\n");
}

/* The cache did not have it, and the file system did. */
static void a_miss_that_found_its_file_was_not_in_vain(void **state)
{
	(void)state;
	start();
	chain_te_miss(&chain);
	give_name();
	assert_lacks(finish(), "looked up in vain");
}

/* A directory on the way has no file of this open: its insert tells. */
static void a_miss_that_found_a_directory_was_not_in_vain(void **state)
{
	(void)state;
	start();
	chain_te_miss(&chain);
	chain.lifetimes[0].hops.count = 7;
	chain.hops[0][6].negative = IS_FALSE;
	give_name();
	assert_lacks(finish(), "looked up in vain");
}

static void allocs_without_a_name_are_said(void **state)
{
	struct chain_summary more = end;

	(void)state;
	more.totals.allocs = 3;
	start();
	chain_tm_miss(&chain);
	give_name();
	assert_int_equal(output.sink.summary(output.sink.context, &more), 0);
	assert_has(output_end(&output),
		   "\n2 of 3 allocs were for names that were not seen: the tables lack them\n");
}

static void only_ten_names_are_kept(void **state)
{
	char *text, *line;
	size_t lines = 0;

	(void)state;
	start();
	for (int i = 0; i < 50; i++)
		give_missing("loop");
	text = finish();
	for (line = text; (line = strstr(line, "  /tmp/t_m.txt")); line++)
		lines++;
	assert_int_equal(lines, 10);
	free(text);
}

static void counts_of_a_name_that_was_cut_are_lower_bounds(void **state)
{
	(void)state;
	start();
	chain_tm_miss(&chain);
	chain.lifetimes[0].hops.dropped = 5;
	give_name();
	assert_has(finish(), "\n       1+       1+  /tmp/t_m.txt\n");
}

static void latency_is_shown_by_outcome(void **state)
{
	(void)state;
	start();
	give_open("p", "a", CACHE_HIT, WALK_RCU, 3, 300);
	give_open("p", "a", CACHE_HIT, WALK_RCU, 3, 300);
	give_open("p", "a", CACHE_HIT, WALK_RCU, 3, 1500);
	give_open("p", "a", CACHE_MISS, WALK_REF, 3, 2500000);
	give_open("p", "a", CACHE_MISS, WALK_REF, 3, UINT64_MAX);
	assert_has(finish(),
		   "hit              3     700 ns     319 ns     1.5 us     1.5 us   █ ▄\n"
		   "miss             2");
}

static void give_stages(const char *path, uint64_t walk, uint64_t opening, const char *resolved)
{
	struct open_call open = {
		.path = { path, strlen(path) },
		.stage_ns = { [STAGE_WALK] = walk, [STAGE_ALLOC] = 7, [STAGE_OPENING] = opening },
		.stages = 1 << STAGE_WALK | 1 << STAGE_OPENING,
		.resolved = { resolved, resolved ? strlen(resolved) : 0 },
	};

	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
}

static void stages_are_summed_and_the_slowest_open_of_each_is_named(void **state)
{
	char *text;

	(void)state;
	start();
	give_stages("/etc/a", 1000, 300, NULL);
	give_stages("b", 400, 50000000, "/mnt/b\033");
	give_stages("/etc/c", 1023, 500, NULL);
	text = finish();
	assert_non_null(strstr(text,
			       "where the time goes      opens    in all 50% within 99% within "
			       "  slowest  slowest at\n"
			       "walk to the last part        3    2.4 us     1.0 us     1.0 us "
			       "   1.0 us  \"/etc/c\"\n"
			       "permission, opening          3   50.0 ms     511 ns    50.0 ms "
			       "  50.0 ms  \"/mnt/b\\x1b\"\n\n"));
	free(text);
}

/* The bucket of 7.0 ms ends at 7.3 ms. */
static void no_share_of_the_opens_took_longer_than_the_slowest(void **state)
{
	char *text;

	(void)state;
	start();
	give_stages("/etc/a", 7000000, 7000000, NULL);
	give_stages("/etc/b", 7000000, 7000000, NULL);
	text = finish();
	assert_non_null(strstr(text,
			       "walk to the last part        2   14.0 ms     7.0 ms     7.0 ms "
			       "   7.0 ms  "));
	free(text);
}

static void without_a_stage_there_is_no_table_of_them(void **state)
{
	(void)state;
	start();
	give_open("p", "a", CACHE_HIT, WALK_RCU, 3, 300);
	assert_lacks(finish(), "where the time goes");
}

static void many_programs_are_counted_together_when_the_table_is_full(void **state)
{
	char comm[COMM_SIZE];

	(void)state;
	start();
	for (int i = 0; i < TALLIES_MAX_KEYS + 5; i++) {
		snprintf(comm, sizeof(comm), "p%d", i);
		give_open(comm, "a", CACHE_HIT, WALK_RCU, 3, 1);
	}
	assert_has(finish(), "\nall others            4091      0  4091");
}

static void who_opens_most_comes_first(void **state)
{
	char *text, *more, *less;

	(void)state;
	start();
	give_open("less", "a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("more", "a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("more", "a", CACHE_HIT, WALK_RCU, 3, 1);
	text = finish();
	more = strstr(text, "\nmore ");
	less = strstr(text, "\nless ");
	assert_non_null(more);
	assert_true(less > more);
	free(text);
}

static void no_key_can_break_a_line(void **state)
{
	char *text;

	(void)state;
	start();
	give_open("a\nb\033", "x\n/y", CACHE_HIT, WALK_RCU, 3, 1);
	text = finish();
	assert_non_null(strstr(text, "\na\\nb\\x1b "));
	assert_has(text, "\n…/x\\n/ ");
}

static void a_long_key_has_a_line_of_its_own(void **state)
{
	(void)state;
	start();
	give_open("p", "/usr/share/locale/de_DE/LC_MESSAGES/x", CACHE_HIT, WALK_RCU, 3, 1);
	assert_has(finish(), "\n/usr/share/locale/de_DE/LC_MESSAGES/\n"
			     "                         1      0");
}

/* An ideograph takes two columns, an accent that is combined with a letter none. */
static void a_key_takes_the_columns_that_a_terminal_gives_it(void **state)
{
	char *text;

	(void)state;
	start();
	give_open("\u65e5", "/etc/a", CACHE_HIT, WALK_RCU, 3, 1);
	give_open("e\u0301e", "/etc/a", CACHE_HIT, WALK_RCU, 3, 1);
	text = finish();
	assert_non_null(strstr(text, "\n\u65e5                       1      0 "));
	assert_has(text, "\ne\u0301e                       1      0 ");
}

static void a_number_that_is_too_wide_is_not_joined_with_the_next(void **state)
{
	(void)state;
	start();
	for (int i = 0; i < 100000; i++)
		give_open("prog", "/etc/a", CACHE_MISS, WALK_REF, -2, 1);
	assert_has(finish(), "\nprog                100000 100000     0     0     0 100000     0 ");
}

static void lines_fit_100_columns(void **state)
{
	char *text, *line;

	(void)state;
	start();
	give_open("prog", "/etc/a", CACHE_HIT, WALK_RCU, 3, 100);
	give_missing("prog");
	text = finish();
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_in_range(strlen(line), 0, 100);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_has_its_column),
		cmocka_unit_test(a_directory_of_any_length_is_written_whole),
		cmocka_unit_test(directories_are_whole_where_they_are_known),
		cmocka_unit_test(who_makes_negative_dentries_is_named),
		cmocka_unit_test(an_evicted_negative_dentry_is_not_kept),
		cmocka_unit_test(negative_dentries_are_counted_by_directory_and_maker),
		cmocka_unit_test(an_unlinked_name_is_made_negative_by_who_unlinked_it),
		cmocka_unit_test(evictions_count_for_who_did_them),
		cmocka_unit_test(directories_on_the_way_count_too),
		cmocka_unit_test(names_looked_up_in_vain_come_with_the_most_first),
		cmocka_unit_test(a_miss_that_found_its_file_was_not_in_vain),
		cmocka_unit_test(a_miss_that_found_a_directory_was_not_in_vain),
		cmocka_unit_test(allocs_without_a_name_are_said),
		cmocka_unit_test(only_ten_names_are_kept),
		cmocka_unit_test(counts_of_a_name_that_was_cut_are_lower_bounds),
		cmocka_unit_test(latency_is_shown_by_outcome),
		cmocka_unit_test(stages_are_summed_and_the_slowest_open_of_each_is_named),
		cmocka_unit_test(no_share_of_the_opens_took_longer_than_the_slowest),
		cmocka_unit_test(without_a_stage_there_is_no_table_of_them),
		cmocka_unit_test(many_programs_are_counted_together_when_the_table_is_full),
		cmocka_unit_test(who_opens_most_comes_first),
		cmocka_unit_test(no_key_can_break_a_line),
		cmocka_unit_test(a_long_key_has_a_line_of_its_own),
		cmocka_unit_test(a_key_takes_the_columns_that_a_terminal_gives_it),
		cmocka_unit_test(a_number_that_is_too_wide_is_not_joined_with_the_next),
		cmocka_unit_test(lines_fit_100_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
