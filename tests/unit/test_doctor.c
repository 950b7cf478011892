/* SPDX-License-Identifier: MIT */
/*
 * What ftopen doctor says of its findings, for people and for programs.
 */
#include "plans.h"

#include "render/doctor.h"

/* All that @write says, the caller's to free(). */
static char *written(const struct doctor *doctor,
		     int (*write)(const struct doctor *doctor, FILE *out))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(write(doctor, out), 0);
	fclose(out);
	return text;
}

static void has_text(const struct doctor *doctor, const char *wanted)
{
	char *text = written(doctor, doctor_text);

	if (!strstr(text, wanted))
		fail_msg("'%s' is not in:\n%s", wanted, text);
	free(text);
}

static void has_json(const struct doctor *doctor, const char *wanted)
{
	char *text = written(doctor, doctor_json);

	if (!strstr(text, wanted))
		fail_msg("'%s' is not in:\n%s", wanted, text);
	free(text);
}

static struct doctor nothing_known(void)
{
	return (struct doctor){
		.missed = LOSS_UNKNOWN,
		.leftovers = LOSS_UNKNOWN,
		.chain = CHAIN_IMPOSSIBLE,
	};
}

static void what_is_not_known_is_called_unknown(void **state)
{
	const struct doctor doctor = nothing_known();

	(void)state;
	has_text(&doctor, "lockdown        unknown\n");
	has_text(&doctor, "an open costs   unknown\n");
	has_text(&doctor, "missed hits     unknown\n");
	has_text(&doctor, "leftovers       unknown\n");
	has_json(&doctor, "\"lockdown\":null,");
	has_json(&doctor, "\"open_cost\":{\"components\":null,\"records\":null,");
	has_json(&doctor, "\"missed_probes\":null,\"leftovers\":null,");
}

static void whether_rings_can_be_followed_is_reported(void **state)
{
	struct doctor doctor = nothing_known();

	(void)state;
	has_text(&doctor, "io_uring        unknown\n");
	has_json(&doctor, "\"io_uring\":null,");
	doctor.rings = "requests can be followed";
	has_text(&doctor, "io_uring        requests can be followed\n");
	has_json(&doctor, "\"io_uring\":\"requests can be followed\",");
}

static void a_count_of_none_is_known(void **state)
{
	struct doctor doctor = nothing_known();

	(void)state;
	doctor.missed = 0;
	doctor.leftovers = 0;
	has_text(&doctor, "missed hits     0 in the self-test\n");
	has_text(&doctor, "leftovers       0 of killed runs\n");
	has_json(&doctor, "\"missed_probes\":0,\"leftovers\":0,");
}

static void without_a_plan_there_is_no_chain(void **state)
{
	const struct doctor doctor = nothing_known();

	(void)state;
	has_text(&doctor, "\nno chain is possible here\n");
	has_json(&doctor, "\"probes\":[],\"members\":[],\"problems\":[],\"chain\":\"none\"}\n");
}

static void what_was_reported_on_the_way_is_shown(void **state)
{
	struct doctor doctor = nothing_known();
	char problem[] = "ftopen: cannot open 'a \"b\"': no such file";

	(void)state;
	doctor.problems[doctor.problem_count++] = problem;
	has_text(&doctor, "\nftopen: cannot open 'a \"b\"': no such file\n");
	has_json(&doctor, "\"problems\":[\"ftopen: cannot open 'a \\\"b\\\"': no such file\"],");
}

static void a_substitute_says_what_it_stands_in_for(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	struct doctor doctor = nothing_known();

	(void)state;
	doctor.plan = plan;
	has_text(&doctor, "insert         entry    __d_rehash           substitute, not tested\n"
			  "                        not __d_add: ");
	has_text(&doctor, "                        __d_rehash inserts for __d_add, ");
	has_json(&doctor, "\"symbol\":\"__d_rehash\",\"state\":\"substitute\",\"proved\":false,");
	plan_free(plan);
}

static void the_longest_names_have_room(void **state)
{
	struct plan *plan = kernel_plan_of_path_calls(2);
	struct doctor doctor = nothing_known();

	(void)state;
	doctor.plan = plan;
	has_text(&doctor, "\npath           entry    filename_lookup      exact, not tested\n");
	has_text(&doctor, "\npath_parent    entry    __filename_parentat  exact, not tested\n");
	has_text(&doctor, "\ncall_listxattr entry    path_listxattr       exact, not tested\n");
	plan_free(plan);
}

static void each_member_says_where_its_place_comes_from(void **state)
{
	struct layout *layout = kernel_layout(2);
	struct doctor doctor = nothing_known();

	(void)state;
	doctor.layout = layout;
	has_text(&doctor, "layout          btf\n");
	has_text(&doctor, "dentry.d_parent                  offset   24 size   8  btf\n");
	has_json(&doctor,
		 "{\"member\":\"dentry.d_parent\",\"source\":\"btf\",\"offset\":24,\"size\":8,"
		 "\"btf_offset\":null,\"btf_size\":null,\"differs\":null,\"why\":null}");
	layout_free(layout);
}

static void where_two_sources_differ_both_answers_are_told(void **state)
{
	struct layout *layout = kernel_layout(2), *told = kernel_layout(4);
	struct doctor doctor = nothing_known();

	(void)state;
	doctor.layout = layout;
	doctor.told = told;
	has_text(&doctor,
		 "dentry.d_parent                  offset   24 size   8  btf, as in BTF\n");
	has_text(&doctor, "  btf, differs from BTF: offset ");
	has_json(&doctor, "\"differs\":true,");
	layout_free(told);
	layout_free(layout);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_known_is_called_unknown),
		cmocka_unit_test(whether_rings_can_be_followed_is_reported),
		cmocka_unit_test(a_count_of_none_is_known),
		cmocka_unit_test(without_a_plan_there_is_no_chain),
		cmocka_unit_test(what_was_reported_on_the_way_is_shown),
		cmocka_unit_test(a_substitute_says_what_it_stands_in_for),
		cmocka_unit_test(the_longest_names_have_room),
		cmocka_unit_test(each_member_says_where_its_place_comes_from),
		cmocka_unit_test(where_two_sources_differ_both_answers_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
