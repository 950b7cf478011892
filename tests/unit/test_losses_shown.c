/* SPDX-License-Identifier: MIT */
/*
 * How the formats show losses: what tasks did before they were selected is no lost record.
 */
#include "chains.h"

static char *shown(const struct render_format *format, const struct loss *loss)
{
	static const struct render_options plain;
	static const struct chain_summary end = { .totals = { .losses = 1 } };
	struct output output;

	output_start(&output, format, &plain);
	assert_int_equal(output.sink.loss(output.sink.context, loss), 0);
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static const struct loss unselected = {
	.cpu = -1,
	.from = 17,
	.to = 99,
	.count = LOSS_UNKNOWN,
	.is_unselected = true,
};

static void before_tasks_were_selected_no_record_was_lost(void **state)
{
	static const char words[] = "what tasks opened before they were selected";

	(void)state;
	assert_has(shown(&render_tree, &unselected), words);
	assert_has(shown(&render_list, &unselected), words);
	assert_has(shown(&render_live, &unselected), words);
	assert_has(shown(&render_summary, &unselected), words);
	assert_has(shown(&render_perfetto, &unselected), words);
	assert_lacks(shown(&render_perfetto, &unselected), "records were lost");
	assert_lacks(shown(&render_summary, &unselected), "unknown number");
	assert_has(shown(&render_json, &unselected), "\"what\":\"tasks\"");
	assert_has(shown(&render_html, &unselected), "\n[2,0,-1,17,99,null,1]\n");
}

static void beside_lost_records_both_are_said(void **state)
{
	static const struct render_options plain;
	static const struct chain_summary end;
	const struct loss lost = { .cpu = 3, .count = 5 };
	struct output output;

	(void)state;
	output_start(&output, &render_summary, &plain);
	assert_int_equal(output.sink.loss(output.sink.context, &unselected), 0);
	assert_int_equal(output.sink.loss(output.sink.context, &lost), 0);
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	assert_has(output_end(&output),
		   ", lost 5 on CPU 3, what tasks opened before they were selected\n");
}

static void a_lost_record_is_one(void **state)
{
	const struct loss lost = { .cpu = 3, .from = 17, .to = 99, .count = 5 };

	(void)state;
	assert_has(shown(&render_html, &lost), "\n[2,0,3,17,99,5,0]\n");
	assert_has(shown(&render_perfetto, &lost), "records were lost");
	assert_has(shown(&render_summary, &lost), ", lost 5 on CPU 3\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_tasks_were_selected_no_record_was_lost),
		cmocka_unit_test(beside_lost_records_both_are_said),
		cmocka_unit_test(a_lost_record_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
