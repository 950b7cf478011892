/* SPDX-License-Identifier: MIT */
/*
 * A check that cannot fail is worthless: each line of each scenario's expectation file is seen
 * failing when one address of one record is altered.
 */
#include "expectations.h"

#include "render/expect_results.h"

#define MAX_CLAIMS 32

static const enum field addresses[] = {
	FIELD_UPTR,   FIELD_KNAME, FIELD_FILE, FIELD_DENTRY,
	FIELD_PARENT, FIELD_NAME,  FIELD_DIR,  FIELD_INODE,
};

/* To its neighbour, to NULL, to an error, to addresses that stand elsewhere in the script. */
static const struct {
	bool is_sum;
	uint64_t value;
} changes[] = {
	{ true, 8 },	     { false, 0 },	  { false, (uint64_t)-1 },
	{ false, DENTRY_A }, { false, DENTRY_B }, { false, DENTRY_A + INLINE_AT },
	{ false, INODE },
};

#define ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))
#define CHANGES	  (sizeof(changes) / sizeof(changes[0]))

struct spoiled {
	play_fn play_it;
	char *text;
	bool is_seen[MAX_CLAIMS]; /* failing, or showing another difference */
	int64_t shown[MAX_CLAIMS];
};

static char *read_expectations(const char *scenario)
{
	char path[128];
	char *text;

	snprintf(path, sizeof(path), "scenarios/%s.expect", scenario);
	assert_int_equal(read_file(path, &text, NULL), 0);
	return text;
}

/* Without an alteration all hold, and what is shown is what an altered one must not show. */
static size_t run_unaltered(struct spoiled *spoiled)
{
	struct expectations e;
	size_t count;

	expectations_of(&e, spoiled->play_it, spoiled->text);
	count = e.count;
	assert_in_range(count, 1, MAX_CLAIMS);
	for (size_t i = 0; i < e.count; i++) {
		spoiled->shown[i] = e.results[i].values[0].number;
		if (e.results[i].verdict == VERDICT_PASS || e.results[i].verdict == VERDICT_NONE)
			continue;
		render_expect_result(stderr, "unaltered", &e.results[i]);
		fail_msg("line %u does not hold", e.results[i].line);
	}
	expectations_end(&e);
	return count;
}

static void run_altered(struct spoiled *spoiled)
{
	struct expectations e;

	expectations_of(&e, spoiled->play_it, spoiled->text);
	for (size_t i = 0; i < e.count; i++) {
		const struct expect_result *result = &e.results[i];

		spoiled->is_seen[i] |= result->verdict == VERDICT_FAIL;
		spoiled->is_seen[i] |= result->verdict == VERDICT_NONE &&
				       result->values[0].number != spoiled->shown[i];
	}
	expectations_end(&e);
}

static void alter_all(struct spoiled *spoiled, size_t records)
{
	for (size_t number = 1; number <= records; number++) {
		for (size_t i = 0; i < ADDRESSES * CHANGES; i++) {
			alteration = (struct alteration){
				.number = number,
				.field = addresses[i / CHANGES],
				.is_sum = changes[i % CHANGES].is_sum,
				.value = changes[i % CHANGES].value,
			};
			run_altered(spoiled);
		}
	}
	alteration = (struct alteration){ 0 };
}

/* That something is absent does not hang on an address: it has a test of its own. */
static bool is_of_absence(const char *claim)
{
	return strstr(claim, "is absent");
}

static void check_unseen(const struct spoiled *spoiled)
{
	struct expectations e;

	expectations_of(&e, spoiled->play_it, spoiled->text);
	for (size_t i = 0; i < e.count; i++) {
		if (!spoiled->is_seen[i] && !is_of_absence(e.results[i].claim))
			fail_msg("line %u was never seen failing: %s", e.results[i].line,
				 e.results[i].claim);
	}
	expectations_end(&e);
}

static void every_line_fails_on_an_altered_address(const char *scenario, play_fn play_it)
{
	struct spoiled spoiled = { .play_it = play_it, .text = read_expectations(scenario) };

	run_unaltered(&spoiled);
	alter_all(&spoiled, records_played);
	check_unseen(&spoiled);
	free(spoiled.text);
}

#define SPOIL(scenario, play_it)                                             \
	static void play_it##_lines_fail_on_an_altered_address(void **state) \
	{                                                                    \
		(void)state;                                                 \
		every_line_fails_on_an_altered_address(scenario, play_it);   \
	}

SPOIL("minimal_open", minimal_open)
SPOIL("te_miss", te_miss)
SPOIL("tm_miss", tm_miss)
SPOIL("lm_miss", lm_miss)
SPOIL("a_miss", a_miss)
SPOIL("hits", hits)
SPOIL("delete", delete)
SPOIL("evict", evict_both)
SPOIL("hits-delete-evict", hits_delete_evict)
SPOIL("rebuild", rebuild)
SPOIL("post", post)

static void hits_that_miss(struct script *s)
{
	miss_file(s, &local_file);
	miss_file(s, &tmp_file);
}

static void hits_lines_about_absence_fail_when_it_is_there(void **state)
{
	char *text = read_expectations("hits");
	struct expectations e;
	size_t failed = 0;

	(void)state;
	expectations_of(&e, hits_that_miss, text);
	for (size_t i = 0; i < e.count; i++)
		failed += is_of_absence(e.results[i].claim) && e.results[i].verdict == VERDICT_FAIL;
	assert_int_equal(failed, 2);
	expectations_end(&e);
	free(text);
}

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(minimal_open_lines_fail_on_an_altered_address),
		TEST(te_miss_lines_fail_on_an_altered_address),
		TEST(tm_miss_lines_fail_on_an_altered_address),
		TEST(lm_miss_lines_fail_on_an_altered_address),
		TEST(a_miss_lines_fail_on_an_altered_address),
		TEST(hits_lines_fail_on_an_altered_address),
		TEST(delete_lines_fail_on_an_altered_address),
		TEST(evict_both_lines_fail_on_an_altered_address),
		TEST(hits_delete_evict_lines_fail_on_an_altered_address),
		TEST(rebuild_lines_fail_on_an_altered_address),
		TEST(post_lines_fail_on_an_altered_address),
		TEST(hits_lines_about_absence_fail_when_it_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
