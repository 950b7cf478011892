/* SPDX-License-Identifier: MIT */
/*
 * The correlator's memory: what is kept, what goes first, and that both are told.
 */
#include "kernel_script.h"

static void a_name_opened_often_stays_small(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	s.options.sink.open = NULL;
	correlator_free(s.c);
	s.options.max_hops = 16;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	cold_open(&s, DENTRY_A);
	for (int i = 0; i < 10000; i++)
		warm_open(&s, DENTRY_A);
	script_end(&s);
	assert_non_null(strstr(s.text,
			       ": user filename lookup=NULL source alloc lookup=NULL insert "
			       "file user filename lookup file user filename lookup "
			       "file\n"));
	assert_int_equal(s.totals.verdicts[VERDICT_PASS], 20004);
}

/* Hops by time, relations by open; @context counts what was dropped. */
static int see_order(void *context, const struct name *name)
{
	const struct hop_list *hops = &name->lifetimes[0]->hops;
	uint64_t *dropped = context;

	for (size_t i = 1; i < hops->count; i++)
		assert_true(hops->items[i - 1].ts <= hops->items[i].ts);
	for (size_t i = 1; i < name->relation_count; i++)
		assert_true(name->relations[i - 1].open <= name->relations[i].open);
	*dropped += hops->dropped && name->relations_dropped;
	return 0;
}

static void what_is_kept_is_in_order_wherever_it_ends(void **state)
{
	(void)state;
	for (int opens = 300; opens < 320; opens++) {
		struct chain_totals totals;
		uint64_t dropped = 0;
		struct script s;

		script_options(&s);
		s.options.max_hops = 21;
		s.options.sink = (struct chain_sink){ .name = see_order, .context = &dropped };
		assert_int_equal(correlator_new(&s.options, &s.c), 0);
		cold_open(&s, DENTRY_A);
		for (int i = 0; i < opens; i++)
			warm_open(&s, DENTRY_A);
		assert_int_equal(correlator_finish(s.c, &totals), 0);
		correlator_free(s.c);
		assert_int_equal(dropped, 1);
	}
}

/* The sanitizers see what is freed twice, or never. */
/* @context: the open whose hops and relations are wanted, then how many of each came. */
static int see_only_open(void *context, const struct name *name)
{
	const struct hop_list *hops = &name->lifetimes[0]->hops;
	uint64_t *counts = context;

	assert_int_equal(hops->dropped, 0);
	assert_int_equal(name->relations_dropped, 0);
	for (size_t i = 0; i < hops->count; i++) {
		assert_true(!hops->items[i].open || hops->items[i].open == counts[0]);
		counts[1] += hops->items[i].open == counts[0];
	}
	for (size_t i = 0; i < name->relation_count; i++)
		assert_true(!name->relations[i].open || name->relations[i].open == counts[0]);
	counts[2] += name->relation_count;
	return 0;
}

static void what_is_kept_is_in_order_whenever_it_is_looked_at(void **state)
{
	struct chain_totals totals;
	uint64_t dropped = 0;
	struct script s;

	(void)state;
	script_options(&s);
	s.options.max_hops = 21;
	s.options.sink = (struct chain_sink){ .name = see_order, .context = &dropped };
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	cold_open(&s, DENTRY_A);
	for (int i = 0; i < 320; i++) {
		warm_open(&s, DENTRY_A);
		assert_int_equal(correlator_peek(s.c, see_order, &dropped), 0);
	}
	assert_true(dropped > 0);
	assert_int_equal(correlator_finish(s.c, &totals), 0);
	correlator_free(s.c);
}

static void one_open_among_many_is_kept_whole(void **state)
{
	for (uint64_t open = 2; open < 302; open += 100) {
		uint64_t counts[3] = { open };
		struct chain_totals totals;
		struct script s;

		(void)state;
		script_options(&s);
		s.options.max_hops = 16;
		s.options.sink = (struct chain_sink){
			.name = see_only_open,
			.context = counts,
			.only_open = open,
		};
		assert_int_equal(correlator_new(&s.options, &s.c), 0);
		cold_open(&s, DENTRY_A);
		for (int i = 0; i < 300; i++)
			warm_open(&s, DENTRY_A);
		assert_int_equal(correlator_finish(s.c, &totals), 0);
		correlator_free(s.c);
		assert_int_equal(counts[1],
				 1 + 4); /* "tmp": lookup; its file: user filename lookup file */
		assert_true(counts[2] > 0);
		assert_int_equal(totals.verdicts[VERDICT_PASS], 604);
	}
}

static void what_is_dropped_takes_its_text_along(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	for (int i = 0; i < 200; i++) {
		cold_open(&s, DENTRY_A);
		end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	}
	script_end(&s);
	assert_true(s.totals.verdicts[VERDICT_PASS] > 500);
}

static void the_oldest_finished_name_goes_first(void **state)
{
	struct script s;
	char name[16];

	(void)state;
	script_options(&s);
	s.options.max_names = 4;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	for (int i = 0; i < 8; i++) {
		uint64_t dentry = DENTRY_A + (uint64_t)i * 4096;

		snprintf(name, sizeof(name), "n%d", i);
		open_in(&s, name, KNAME);
		lookup_in(&s, SLOW, name, KNAME);
		lookup_null(&s, SLOW);
		alloc(&s, name, KNAME, dentry, inline_of(dentry));
		open_failed(&s, 2);
		if (i == 1)
			end_of(&s, ROLE_EVICT, dentry, inline_of(dentry));
	}
	script_end(&s);
	assert_true(strstr(s.text, "name \"n1\"") < strstr(s.text, "name \"n0\""));
	assert_int_equal(s.totals.names, 8);
	assert_int_equal(s.totals.pushed_out, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_opened_often_stays_small),
		cmocka_unit_test(what_is_kept_is_in_order_wherever_it_ends),
		cmocka_unit_test(what_is_kept_is_in_order_whenever_it_is_looked_at),
		cmocka_unit_test(one_open_among_many_is_kept_whole),
		cmocka_unit_test(what_is_dropped_takes_its_text_along),
		cmocka_unit_test(the_oldest_finished_name_goes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
