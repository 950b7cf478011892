/* SPDX-License-Identifier: MIT */
/*
 * In a tree, opens with the same hops and verdicts are drawn once and counted.
 */
#include "chains.h"

/* Two further negative hits like that of open 2, as opens 3 and 4. */
static void repeat(void)
{
	chain_tm_miss(&chain);
	for (uint64_t open = 3; open <= 4; open++) {
		for (int i = 0; i < 3; i++) {
			struct hop hop = chain.hops[0][8 + i];

			hop.open = open;
			hop.ts += open * 100;
			if (!i)
				hop.addr += open * 4096;
			chain_add_hop(&chain, 0, hop);
		}
		chain_add_relation(&chain, chain.relations[3])->open = open;
	}
}

static size_t count_of(char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		count++;
	free(text);
	return count;
}

#define TREES "do_filp_open entry"

static void equal_opens_are_drawn_once_with_the_verdicts_of_all(void **state)
{
	(void)state;
	repeat();
	assert_int_equal(count_of(tree(NULL), TREES), 2);
	assert_has(tree(NULL), "\n×3: the same hops in 2 more opens, the last one open 4; of all 3 "
			       "pass, 0 fail, 0 unknown\n");
}

static void nothing_of_a_folded_open_is_shown_again(void **state)
{
	(void)state;
	repeat();
	assert_lacks(tree(NULL), "not kept");
}

static void one_more_is_one(void **state)
{
	(void)state;
	repeat();
	chain.lifetimes[0].hops.count -= 3;
	assert_has(tree(NULL), "\n×2: the same hops in 1 more open, open 3; of all 2 pass, ");
}

static void another_hop_is_not_the_same(void **state)
{
	(void)state;
	repeat();
	chain.hops[0][12].walk = WALK_REF;
	chain.hops[0][12].symbol = "__d_lookup";
	assert_int_equal(count_of(tree(NULL), TREES), 3);
}

static void another_address_is_not_the_same(void **state)
{
	(void)state;
	repeat();
	chain.hops[0][12].addr++;
	assert_int_equal(count_of(tree(NULL), TREES), 3);
}

static void another_verdict_is_not_the_same(void **state)
{
	(void)state;
	repeat();
	chain.relations[5].verdict = VERDICT_FAIL;
	assert_int_equal(count_of(tree(NULL), TREES), 3);
	assert_has(tree(NULL), " FAIL\n");
}

static void somebody_elses_open_is_not_the_same(void **state)
{
	(void)state;
	repeat();
	for (int i = 11; i < 14; i++)
		strcpy(chain.hops[0][i].comm, "sh");
	assert_int_equal(count_of(tree(NULL), TREES), 3);
}

static void where_times_are_shown_each_open_is(void **state)
{
	static const struct render_options times = { .shows_times = true };

	(void)state;
	repeat();
	assert_int_equal(count_of(tree(&times), TREES), 4);
}

static void an_open_that_was_not_seen_whole_is_shown(void **state)
{
	static const struct render_options plain;
	const struct open_call open = { .id = 3 };
	struct output output;

	(void)state;
	repeat();
	output_start(&output, &render_tree, &plain);
	assert_int_equal(output.sink.open(output.sink.context, &open), 0);
	assert_int_equal(output.sink.name(output.sink.context, &chain.name), 0);
	assert_int_equal(count_of(output_end(&output), TREES), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_opens_are_drawn_once_with_the_verdicts_of_all),
		cmocka_unit_test(nothing_of_a_folded_open_is_shown_again),
		cmocka_unit_test(one_more_is_one),
		cmocka_unit_test(another_hop_is_not_the_same),
		cmocka_unit_test(another_address_is_not_the_same),
		cmocka_unit_test(another_verdict_is_not_the_same),
		cmocka_unit_test(somebody_elses_open_is_not_the_same),
		cmocka_unit_test(where_times_are_shown_each_open_is),
		cmocka_unit_test(an_open_that_was_not_seen_whole_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
