/* SPDX-License-Identifier: MIT */
/*
 * The lines of relations, losses and totals: no line but a relation's ends in a verdict, whatever a
 * name holds, and what is not known is said to be unknown.
 */
#include "chains.h"

#include <errno.h>

/* Whether a line ends in a verdict as relations' lines do. */
static bool ends_in_verdict(const char *line, size_t len)
{
	static const char *const words[] = { "PASS", "FAIL", "UNKNOWN" };

	if (len && line[len - 1] == ')') {
		const char *open = memrchr(line, '(', len);

		return open && open - line >= 7 && !memcmp(open - 7, "UNKNOWN", 7);
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t size = strlen(words[i]);

		if (len >= size && !memcmp(line + len - size, words[i], size))
			return true;
	}
	return false;
}

static size_t count_verdicts(const char *text)
{
	size_t count = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		count += ends_in_verdict(text, len);
		text += len + (text[len] == '\n');
	}
	return count;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static char *loss_text(const struct loss *loss)
{
	static const struct render_options plain;
	struct output output;

	output_start(&output, &render_tree, &plain);
	assert_int_equal(output.sink.loss(output.sink.context, loss), 0);
	return output_end(&output);
}

static void relations_stand_below_the_open_that_they_are_about(void **state)
{
	char *text;
	const char *second, *relation;

	(void)state;
	chain_tm_miss(&chain);
	text = tree(NULL);
	second = strstr(text, "open 2 by");
	relation = strstr(text, "lookup = insert ");
	assert_non_null(second);
	assert_true(relation > second);
	free(text);
}

static void the_difference_of_lifetimes_has_no_verdict(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR + 192);
	assert_has(tree(NULL), "\nlifetime 1 − lifetime 2: 0xffff8f29406394b8 − "
			       "0xffff8f2940639578 = -0xc0 = -192\n");
}

static void the_largest_differences_are_written_whole(void **state)
{
	(void)state;
	chain_rebuild(&chain, UINT64_C(0x7000000000000000));
	assert_has(tree(NULL), " = -0x700070d6bf9c6b48 = -8070574599887940424\n");
	chain_rebuild(&chain, UINT64_C(0x9000000000000000));
	assert_has(tree(NULL), " = 0x6fff8f29406394b8 = 8070326464607917240\n");
	chain_rebuild(&chain, NAME_PTR - (UINT64_C(1) << 63));
	assert_has(tree(NULL), " = -0x8000000000000000 = -9223372036854775808\n");
}

static void equal_addresses_of_lifetimes_are_called_reused(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	assert_has(tree(NULL), " = 0x0 = 0, address reused\n");
}

static void different_addresses_of_lifetimes_are_not_called_reused(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR + 192);
	assert_lacks(tree(NULL), "reused");
}

static void a_false_relation_shows_both_addresses_and_fails(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.relations[2].right.addr++;
	chain.relations[2].verdict = VERDICT_FAIL;
	assert_has(tree(NULL),
		   "  alloc = insert     0xffff8f29406394b8 ≠ 0xffff8f29406394b9 FAIL\n");
}

static void a_wrong_difference_says_but(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.relations[0].value = 6;
	chain.relations[0].verdict = VERDICT_FAIL;
	assert_has(tree(NULL), " = 0x6 = 6 but len(\"/tmp/\") = 5 FAIL\n");
}

static void an_unknown_relation_gives_its_reason(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.relations[3].right.has_addr = false;
	chain.relations[3].verdict = VERDICT_UNKNOWN;
	chain.relations[3].why = "records were lost in between";
	assert_has(tree(NULL), "  insert = file      0xffff8f29406394b8 ? unknown "
			       "UNKNOWN(records were lost in between)\n");
}

static void external_storage_lies_outside_the_dentry(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.lifetimes[0].storage = STORAGE_EXTERNAL;
	chain.relations[1].op = OP_OUTSIDE;
	chain.relations[1].means = MEANS_SIZE;
	chain.relations[1].expected = 192;
	chain.relations[1].left.addr = DENTRY + 192;
	assert_has(tree(NULL), "  alloc outside dentry 0xffff8f2940639540 outside "
			       "0xffff8f2940639480 + 192 bytes PASS\n");
}

static void storage_within_the_dentry_is_called_inside(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.relations[1].op = OP_OUTSIDE;
	chain.relations[1].means = MEANS_SIZE;
	chain.relations[1].expected = 192;
	chain.relations[1].left.addr = DENTRY + 191;
	chain.relations[1].verdict = VERDICT_FAIL;
	assert_has(tree(NULL), "0xffff8f294063953f inside 0xffff8f2940639480 + 192 bytes FAIL\n");
}

static void only_relations_end_in_a_verdict(void **state)
{
	const struct bytes hostile[] = {
		TEXT_OF("x PASS"),	   TEXT_OF("x\n  alloc = insert     0x1 = 0x1 PASS"),
		TEXT_OF("x\" PASS"),	   TEXT_OF("\033[2J PASS"),
		TEXT_OF("x UNKNOWN(why)"), TEXT_OF("\xe2\x80\xa8 FAIL"),
		TEXT_OF("\xff PASS"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		char *text, *plain;

		chain_te_miss(&chain);
		strcpy(chain.lifetimes[0].end_comm, "as_long");
		chain.lifetimes[0].end = END_EVICTED;
		chain.lifetimes[0].end_tid = 1;
		plain = tree(&with_plan);
		chain.name.path = chain.name.component = chain.paths[0] = hostile[i];
		chain.relations[0].prefix = hostile[i];
		strcpy(chain.lifetimes[0].end_comm, "x PASS");
		for (size_t j = 0; j < 8; j++)
			strcpy(chain.hops[0][j].comm, "a\n= PASS");
		text = tree(&with_plan);
		assert_int_equal(count_verdicts(text), 4);
		assert_int_equal(count_lines(text), count_lines(plain));
		free(text);
		free(plain);
	}
}

static void totals_are_in_lower_case(void **state)
{
	const struct chain_summary summary = {
		.totals = { .records = 23,
			    .opens = 1,
			    .names = 2,
			    .caches = { [CACHE_MISS] = 2 },
			    .lost_is_known = true,
			    .verdicts = { 0, 31, 0, 2 } },
		.has_missed_probes = true,
	};
	char *text = render_text(&render_tree, NULL, NULL, &summary);

	(void)state;
	assert_int_equal(count_verdicts(text), 0);
	assert_string_equal(text, "1 open, 2 names (0 shown): 0 hits, 0 negative hits, 2 misses, 0 "
				  "allocs, 0 evictions\n"
				  "31 pass, 0 fail, 2 unknown\n"
				  "23 records, none lost, 0 hits missed by the probes\n");
	free(text);
}

static void what_is_not_known_is_not_called_none(void **state)
{
	const struct chain_summary summary = { .totals = { .records = 1 } };

	(void)state;
	assert_has(render_text(&render_tree, NULL, NULL, &summary),
		   "1 record, how many were lost is unknown, how many hits the probes missed is "
		   "unknown\n");
}

static void roles_without_a_probe_are_named_with_the_reason(void **state)
{
	static const struct plan_entry plan[] = {
		{ ROLE_GETNAME, POINT_RETURN, NULL, PROBE_SILENT,
		  "getname_flags\nnever fired PASS" },
		{ ROLE_OPEN, POINT_ENTRY, "do_filp_open", PROBE_EXACT, NULL },
	};
	const struct chain_summary summary = { .plan = plan, .plan_count = 2 };

	(void)state;
	assert_has(render_text(&render_tree, NULL, NULL, &summary),
		   "unknown\nnot seen here: getname return (silent: getname_flags\\nnever fired "
		   "PASS)\n");
}

static void a_loss_says_what_where_and_how_many(void **state)
{
	const struct loss loss = {
		.scope = SCOPE_TASK,
		.cpu = 1,
		.from = UINT64_C(5000000000),
		.to = UINT64_C(5100000000),
		.count = 12,
	};

	(void)state;
	assert_has(loss_text(&loss), "lost: 12 records of the traced tasks on CPU 1, between "
				     "5.000000000 s and 5.100000000 s\n");
}

static void a_loss_without_a_count_is_of_an_unknown_number(void **state)
{
	const struct loss loss = { .scope = SCOPE_ANY, .cpu = -1, .to = 1, .count = LOSS_UNKNOWN };

	(void)state;
	assert_has(loss_text(&loss),
		   "lost: an unknown number of records of evictions, unlinks and renames, "
		   "between 0.000000000 s and 0.000000001 s\n");
}

static void dropped_relations_are_stated_with_the_verdicts_of_all(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.name.relations_dropped = 500;
	chain.name.verdicts[VERDICT_PASS] = 503;
	chain.name.verdicts[VERDICT_FAIL] = 1;
	assert_has(tree(NULL),
		   "\n… 500 more relations were not kept; of all of this name 503 pass, "
		   "1 fail, 0 unknown\n");
}

static void a_relation_whose_hops_were_dropped_is_still_shown(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.relations[3].open = 9;
	assert_has(tree(NULL), "\nlifetime 1, open 9 (its hops were not kept)\n  insert = file ");
}

static void a_full_disk_is_an_error(void **state)
{
	const struct chain_summary summary = { .kernel = NULL };
	const struct render_options plain = { 0 };
	struct renderer renderer;
	struct chain_sink sink;
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_int_equal(renderer_init(&renderer, &render_tree, full, &plain), 0);
	sink = renderer_sink(&renderer);
	assert_int_equal(sink.summary(sink.context, &summary), -ENOSPC);
	renderer_release(&renderer);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relations_stand_below_the_open_that_they_are_about),
		cmocka_unit_test(the_difference_of_lifetimes_has_no_verdict),
		cmocka_unit_test(the_largest_differences_are_written_whole),
		cmocka_unit_test(equal_addresses_of_lifetimes_are_called_reused),
		cmocka_unit_test(different_addresses_of_lifetimes_are_not_called_reused),
		cmocka_unit_test(a_false_relation_shows_both_addresses_and_fails),
		cmocka_unit_test(a_wrong_difference_says_but),
		cmocka_unit_test(an_unknown_relation_gives_its_reason),
		cmocka_unit_test(external_storage_lies_outside_the_dentry),
		cmocka_unit_test(storage_within_the_dentry_is_called_inside),
		cmocka_unit_test(only_relations_end_in_a_verdict),
		cmocka_unit_test(totals_are_in_lower_case),
		cmocka_unit_test(what_is_not_known_is_not_called_none),
		cmocka_unit_test(roles_without_a_probe_are_named_with_the_reason),
		cmocka_unit_test(a_loss_says_what_where_and_how_many),
		cmocka_unit_test(a_loss_without_a_count_is_of_an_unknown_number),
		cmocka_unit_test(dropped_relations_are_stated_with_the_verdicts_of_all),
		cmocka_unit_test(a_relation_whose_hops_were_dropped_is_still_shown),
		cmocka_unit_test(a_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
