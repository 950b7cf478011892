/* SPDX-License-Identifier: MIT */
/*
 * JSON Lines: always valid, null where nothing is known, and with exactly the fields that
 * ftopen-json(5) lists.
 */
#include "chains.h"

#include "render/expect_results.h"

#include "json_check.h"
#include "util/io.h"

#define MAN_PAGE "man/ftopen-json.5"

static char *json(void)
{
	return render_text(&render_json, NULL, &chain.name, NULL);
}

static char *json_of_open(const struct open_call *open, const struct render_options *options)
{
	static const struct render_options plain;
	struct output output;

	output_start(&output, &render_json, options ? options : &plain);
	assert_int_equal(output.sink.open(output.sink.context, open), 0);
	return output_end(&output);
}

static char *json_of_loss(const struct loss *loss)
{
	static const struct render_options plain;
	struct output output;

	output_start(&output, &render_json, &plain);
	assert_int_equal(output.sink.loss(output.sink.context, loss), 0);
	return output_end(&output);
}

static const struct open_call whole_open = {
	.id = 7,
	.path = { "/tmp/t_e.txt", 12 },
	.flags = 0x8040,
	.mode = 0640,
	.has_mode = true,
	.ts = UINT64_C(5000000001),
	.latency_ns = 12345,
	.stage_ns = { [STAGE_COPY] = 700, [STAGE_LOOKUP] = 12345, [STAGE_ALLOC] = 99 },
	.stages = 1 << STAGE_COPY | 1 << STAGE_LOOKUP | 1 << STAGE_DESCRIPTOR,
	.result = 3,
	.dfd = -100,
	.tid = 101,
	.tgid = 100,
	.uid = 1000,
	.has_uid = true,
	.has_dfd = true,
	.has_flags = true,
	.has_result = true,
	.has_latency = true,
	.complete = true,
	.call = CALL_OPEN,
	.walk = WALK_RCU,
	.cache = CACHE_HIT,
	.resolved = { "/tmp/t_e.txt", 12 },
	.links = { "/tmp\0/var/tmp\0/var/tmp\0…/x", sizeof("/tmp\0/var/tmp\0/var/tmp\0…/x") },
	.dir = { "/tmp", 4 },
	.comm = "te_miss",
};

static void an_open_is_written_as_the_man_page_says(void **state)
{
	char *text = json_of_open(&whole_open, NULL);

	(void)state;
	assert_string_equal(text,
			    "{\"v\":1,\"type\":\"open\",\"id\":7,\"name\":\"/tmp/t_e.txt\","
			    "\"call\":\"open\",\"dirfd\":-100,\"flags\":32832,\"mode\":416,"
			    "\"result\":3,\"tid\":101,"
			    "\"tgid\":100,\"uid\":1000,\"comm\":\"te_miss\",\"ts\":\"5.000000001\","
			    "\"latency_ns\":12345,\"stages\":{\"copy\":700,\"walk\":null,"
			    "\"lookup\":12345,\"alloc\":null,\"filesystem\":null,\"opening\":null,"
			    "\"descriptor\":0},\"walk\":\"rcu\",\"cache\":\"hit\","
			    "\"cache_why\":null,\"path\":\"/tmp/t_e.txt\",\"path_why\":null,"
			    "\"links\":[{\"link\":\"/tmp\",\"target\":\"/var/tmp\"},"
			    "{\"link\":\"/var/tmp\",\"target\":\"…/x\"}],"
			    "\"dir\":\"/tmp\",\"dir_why\":null,"
			    "\"complete\":true}\n");
	free(text);
}

static char *json_of_path_call(const struct open_call *call)
{
	static const struct render_options plain;
	struct output output;

	output_start(&output, &render_json, &plain);
	assert_int_equal(output.sink.path_call(output.sink.context, call), 0);
	return output_end(&output);
}

static void a_path_call_is_written_as_the_man_page_says(void **state)
{
	struct open_call call = whole_open;
	char *text;

	(void)state;
	call.call = CALL_STAT;
	call.result = -2;
	call.links.len = 0;
	text = json_of_path_call(&call);
	assert_string_equal(text,
			    "{\"v\":1,\"type\":\"call\",\"id\":7,\"name\":\"/tmp/t_e.txt\","
			    "\"call\":\"stat\",\"dirfd\":-100,\"result\":-2,\"tid\":101,"
			    "\"tgid\":100,\"uid\":1000,\"comm\":\"te_miss\",\"ts\":\"5.000000001\","
			    "\"latency_ns\":12345,\"walk\":\"rcu\",\"cache\":\"hit\","
			    "\"cache_why\":null,\"path\":\"/tmp/t_e.txt\",\"path_why\":null,"
			    "\"links\":[],\"dir\":\"/tmp\",\"dir_why\":null,"
			    "\"complete\":true}\n");
	free(text);
}

static void what_an_open_lacks_is_null(void **state)
{
	const struct open_call open = { .id = 1, .tid = 5 };
	char *text = json_of_open(&open, NULL);

	(void)state;
	assert_string_equal(
		text,
		"{\"v\":1,\"type\":\"open\",\"id\":1,\"name\":null,\"call\":null,\"dirfd\":null,"
		"\"flags\":null,\"mode\":null,\"result\":null,\"tid\":5,\"tgid\":null,\"uid\":null,"
		"\"comm\":null,\"ts\":\"0.000000000\",\"latency_ns\":null,"
		"\"stages\":null,"
		"\"walk\":null,\"cache\":\"unknown\",\"cache_why\":null,"
		"\"path\":null,\"path_why\":null,\"links\":[],\"dir\":null,\"dir_why\":null,"
		"\"complete\":false}\n");
	free(text);
}

static void a_name_is_written_as_the_man_page_says(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	assert_has(json(), "{\"v\":1,\"type\":\"name\",\"name\":\"/tmp/t_e.txt\",\"paths\":"
			   "[\"/tmp/t_e.txt\"],\"paths_dropped\":0,\"path\":null,"
			   "\"links\":[],\"component\":\"t_e.txt\",\"dev\":\"259:1\","
			   "\"dir_ino\":131073,\"dir_gen\":null,\"lifetimes\":[{\"index\":0,"
			   "\"dentry\":\"0xffff8f2940639480\",\"born\":\"traced\","
			   "\"born_comm\":null,\"born_tid\":null,\"storage\":"
			   "\"inline\",\"end\":\"alive\",\"end_comm\":null,\"end_tid\":null,"
			   "\"negative\":false,\"hops\":[");
}

static void a_hop_is_written_as_the_man_page_says(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	assert_has(json(), "[{\"hop\":\"user\",\"symbol\":\"do_sys_openat2\",\"edge\":\"entry\","
			   "\"addr\":\"0x000055d0c8a7b004\",\"ts\":\"5.000000001\",\"cpu\":1,"
			   "\"tid\":101,\"comm\":\"te_miss\",\"open\":1,\"since_ns\":0},");
}

static void a_hop_tells_the_time_since_its_opens_entry(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.hops[0][0].since = -1500;
	chain.hops[0][1].open = 0;
	chain.hops[0][1].since = 7;
	assert_has(json(), "\"open\":1,\"since_ns\":-1500},");
	assert_has(json(), "\"open\":null,\"since_ns\":null},");
}

static void a_lookup_that_found_nothing_has_no_address(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.hops[0][2].negative = IS_FALSE;
	assert_has(json(), "{\"hop\":\"lookup\",\"symbol\":\"d_lookup\",\"edge\":\"return\","
			   "\"addr\":null,\"ts\":\"5.000000003\",\"cpu\":1,\"tid\":101,\"comm\":"
			   "\"te_miss\",\"open\":1,\"since_ns\":0,\"hash\":1730118631,\"len\":7,"
			   "\"walk\":\"ref\","
			   "\"negative\":null}");
}

static void a_negative_hit_has_an_address_and_says_so(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	assert_has(json(),
		   "\"addr\":\"0xffff8f29406394b8\",\"ts\":\"5.000000013\",\"cpu\":0,"
		   "\"tid\":101,\"comm\":\"te_miss\",\"open\":2,\"since_ns\":0,\"hash\":1429044786,"
		   "\"len\":7,\"walk\":\"rcu\",\"negative\":true}");
}

static void a_failed_open_has_an_errno_and_no_address(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	assert_has(json(),
		   "\"edge\":\"return\",\"addr\":null,\"ts\":\"5.000000014\",\"cpu\":0,"
		   "\"tid\":101,\"comm\":\"te_miss\",\"open\":2,\"since_ns\":0,\"errno\":2}]");
}

static void an_open_that_did_not_fail_has_no_errno(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	assert_lacks(json(), "errno");
}

static void a_difference_carries_its_value_and_meaning(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	assert_has(json(), "{\"left\":\"source\",\"op\":\"-\",\"right\":\"filename\",\"left_addr\":"
			   "\"0xffff8f29465fd025\",\"right_addr\":\"0xffff8f29465fd020\","
			   "\"lifetime\":0,\"open\":1,\"value\":5,\"expected\":5,\"means\":"
			   "\"len(\\\"/tmp/\\\")\",\"verdict\":\"PASS\",\"why\":null}");
}

static void an_equality_has_no_value(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	assert_has(json(), "{\"left\":\"insert\",\"op\":\"==\",\"right\":\"file\",\"left_addr\":"
			   "\"0xffff8f29406394b8\",\"right_addr\":\"0xffff8f29406394b8\","
			   "\"lifetime\":0,\"open\":1,\"value\":null,\"expected\":null,\"means\":"
			   "null,\"verdict\":\"PASS\",\"why\":null}");
}

static void an_unknown_relation_gives_its_reason(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.relations[3].right.has_addr = false;
	chain.relations[3].verdict = VERDICT_UNKNOWN;
	chain.relations[3].why = "records were lost in between";
	assert_has(json(), "\"right_addr\":null,\"lifetime\":0,\"open\":1,\"value\":null,"
			   "\"expected\":null,\"means\":null,\"verdict\":\"UNKNOWN\",\"why\":"
			   "\"records were lost in between\"}");
}

static void lifetimes_differ_without_a_verdict(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR + 192);
	assert_has(json(),
		   "{\"left\":\"lifetime 0\",\"op\":\"-\",\"right\":\"lifetime 1\","
		   "\"left_addr\":\"0xffff8f29406394b8\",\"right_addr\":"
		   "\"0xffff8f2940639578\",\"lifetime\":1,\"open\":null,\"value\":-192,"
		   "\"expected\":null,\"means\":\"difference of lifetimes\",\"verdict\":null,"
		   "\"why\":null}");
}

static void an_address_that_came_back_is_called_reused(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	assert_has(json(), "\"value\":0,\"expected\":null,\"means\":\"address reused\",\"verdict\":"
			   "null");
}

static void a_lifetime_that_was_dropped_has_no_number(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	chain.name.lifetimes_dropped = 3;
	chain.lifetimes[1].index = 4;
	chain.relations[4].lifetime = 4;
	assert_has(json(), "{\"left\":\"lifetime\",\"op\":\"-\",\"right\":\"lifetime 4\"");
}

static void an_end_tells_who_did_it(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	assert_has(json(), "\"end\":\"evicted\",\"end_comm\":\"sh\",\"end_tid\":12,");
}

static void what_a_name_lacks_is_null(void **state)
{
	(void)state;
	chain_init(&chain, (struct bytes){ NULL, 0 }, TEXT_OF("a"), 1);
	chain.name.path_count = 0;
	chain.name.has_dir = false;
	chain.lifetimes[0] = (struct lifetime){
		.end = END_UNKNOWN,
		.negative = IS_UNKNOWN,
	};
	assert_has(json(), "\"name\":null,\"paths\":[],\"paths_dropped\":0,\"path\":null,"
			   "\"links\":[],\"component\":\"a\",\"dev\":null,\"dir_ino\":"
			   "null,\"dir_gen\":null,\"lifetimes\":[{\"index\":0,\"dentry\":null,"
			   "\"born\":null,\"born_comm\":null,\"born_tid\":null,\"storage\":"
			   "\"unknown\",\"end\":\"unknown\",\"end_comm\":"
			   "null,\"end_tid\":null,\"negative\":null,\"hops\":[],");
}

static void what_was_dropped_is_counted(void **state)
{
	char *text;

	(void)state;
	chain_te_miss(&chain);
	chain.lifetimes[0].hops.dropped = 11;
	chain.name.lifetimes_dropped = 12;
	chain.name.relations_dropped = 13;
	text = json();
	assert_non_null(strstr(text, "\"hops_dropped\":11}],\"lifetimes_dropped\":12,"));
	assert_has(text, "\"relations_dropped\":13,\"verdicts\":{\"PASS\":4,\"FAIL\":0,\"UNKNOWN\":"
			 "0}}\n");
}

static void a_name_that_is_not_utf8_comes_as_bytes(void **state)
{
	struct open_call open = whole_open;

	(void)state;
	open.path = TEXT_OF("a\xff\n");
	assert_has(json_of_open(&open, NULL), "\"name\":{\"bytes\":\"61ff0a\"},");
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
	assert_has(json_of_loss(&loss),
		   "{\"v\":1,\"type\":\"loss\",\"what\":\"records\",\"scope\":\"task\",\"cpu\":1,"
		   "\"from\":\"5.000000000\",\"to\":\"5.100000000\",\"count\":12}\n");
}

static void a_loss_that_nobody_counted_is_null(void **state)
{
	const struct loss loss = { .scope = SCOPE_ANY, .cpu = -1, .to = 1, .count = LOSS_UNKNOWN };

	(void)state;
	assert_has(json_of_loss(&loss), "\"scope\":\"any\",\"cpu\":null,\"from\":\"0.000000000\","
					"\"to\":\"0.000000001\",\"count\":null}\n");
}

static void the_summary_counts_verdicts_and_names_the_plan(void **state)
{
	const struct chain_summary summary = {
		.kernel = "6.12.90",
		.arch = "x86_64",
		.layout = LAYOUT_MEASURED,
		.plan = plan_rehash,
		.plan_count = 1,
		.has_missed_probes = true,
		.totals = { .records = 23, .lost_is_known = true, .verdicts = { 9, 31, 0, 2 } },
	};

	(void)state;
	assert_has(
		render_text(&render_json, NULL, NULL, &summary),
		"{\"v\":1,\"type\":\"summary\",\"kernel\":\"6.12.90\",\"arch\":\"x86_64\","
		"\"layout\":\"measured\",\"clock\":null,\"wall_offset_ns\":null,\"opens\":0,\"path_"
		"calls\":0,"
		"\"names\":0,\"hits\":0,\"negative_hits\":0,"
		"\"misses\":0,\"created\":0,\"stale\":0,\"none\":0,\"unreached\":0,\"allocs\":0,"
		"\"evictions\":0,\"pushed_out\":0,\"records\":23,\"losses\":0,\"lost\":0,"
		"\"missed_probes\":0,\"plan\":[{\"role\":\"insert\",\"symbol\":\"__d_rehash\","
		"\"edge\":\"entry\",\"state\":\"substitute\",\"note\":\"inserts for __d_add, which "
		"this kernel does not let us probe\"}],\"verdicts\":{\"PASS\":31,\"FAIL\":0,"
		"\"UNKNOWN\":2}}\n");
}

static void what_the_summary_lacks_is_null(void **state)
{
	const struct chain_summary summary = { .totals = { .records = 1 } };
	char *text = render_text(&render_json, NULL, NULL, &summary);

	(void)state;
	assert_non_null(strstr(text, "\"kernel\":null,\"arch\":null,"));
	assert_has(text, "\"lost\":null,\"missed_probes\":null,\"plan\":[],");
}

static void whatever_a_name_holds_a_line_is_valid(void **state)
{
	char name[COMM_SIZE];

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		int len = snprintf(name, sizeof(name), "\"%c\\%c/", byte, byte);
		char *text;

		chain_te_miss(&chain);
		chain.name.path = chain.paths[0] = (struct bytes){ name, (size_t)len };
		chain.relations[0].prefix = chain.name.path;
		memcpy(chain.hops[0][0].comm, name, (size_t)len + 1);
		text = json();
		if (!is_json_line(text, NULL))
			fail_msg("not valid: %s", text);
		free(text);
	}
}

static void every_shape_is_valid(void **state)
{
	static void (*const shapes[])(struct chain *) = { chain_te_miss, chain_tm_miss };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		char *text;

		shapes[i](&chain);
		text = json();
		assert_true(is_json_line(text, NULL));
		free(text);
	}
}

static void a_long_prefix_is_written_whole(void **state)
{
	static char prefix[100000];
	char *text;

	(void)state;
	memset(prefix, '\001', sizeof(prefix));
	chain_te_miss(&chain);
	chain.relations[0].prefix = (struct bytes){ prefix, sizeof(prefix) };
	text = json();
	assert_true(is_json_line(text, NULL));
	assert_true(strlen(text) > 5 * sizeof(prefix));
	free(text);
}

static void the_checker_refuses_what_is_not_json(void **state)
{
	static const char *const bad[] = {
		"",
		"{}",
		"{\"a\":}\n",
		"{\"a\":1,}\n",
		"{\"a\":01}\n",
		"{\"a\":\"\x01\"}\n",
		"{\"a\":\"\\x41\"}\n",
		"{\"a\":\"\xff\"}\n",
		"{\"a\":[1,]}\n",
		"{\"a\":1}\n{}\n",
		"{\"a\":nul}\n",
		"{\"a\" 1}\n",
	};

	(void)state;
	assert_true(is_json_line("{\"a\":[1,-2.5,\"\\u00e9\\n\",null,true,{}]}\n", NULL));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(is_json_line(bad[i], NULL));
}

/* A claim that holds. */
static char *json_of_claim(void)
{
	static const struct render_options plain;
	static const struct expect_result item = { .line = 1,
						   .claim = "opens == 1",
						   .verdict = VERDICT_PASS };
	const struct expect_results results = { .file = "x.expect", .items = &item, .count = 1 };
	struct output output;

	output_start(&output, &render_json, &plain);
	assert_int_equal(render_json.claims(&output.renderer, &results), 0);
	return output_end(&output);
}

/* Everything that can be written, so that every field is. */
static void collect_output(struct json_fields *fields)
{
	const struct loss loss = { .scope = SCOPE_ANY, .cpu = -1, .to = 1, .count = LOSS_UNKNOWN };
	const struct chain_summary summary = { .plan = plan_rehash, .plan_count = 1 };
	struct open_call open = whole_open;
	char *texts[6];

	open.path = TEXT_OF("\xff");
	chain_tm_miss(&chain);
	texts[0] = json();
	texts[1] = json_of_open(&open, NULL);
	texts[2] = json_of_loss(&loss);
	texts[3] = render_text(&render_json, NULL, NULL, &summary);
	texts[4] = json_of_claim();
	texts[5] = json_of_path_call(&open);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_true(is_json_line(texts[i], fields));
		free(texts[i]);
	}
}

/* ".It Va FIELD" below ".Ss OBJECT". */
static void collect_man_page(struct json_fields *fields)
{
	char *page, *line, *rest;
	char object[32] = "";

	assert_int_equal(read_file(MAN_PAGE, &page, NULL), 0);
	for (line = strtok_r(page, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char field[32];

		if (sscanf(line, ".Ss %31s", object) == 1)
			continue;
		if (sscanf(line, ".It Va %31s", field) == 1)
			json_fields_add(fields, object, field);
	}
	free(page);
}

static void assert_all_in(const struct json_fields *these, const struct json_fields *those,
			  const char *where)
{
	for (size_t i = 0; i < these->count; i++) {
		if (!json_fields_has(those, these->names[i]))
			fail_msg("field %s is not in %s", these->names[i], where);
	}
}

static struct json_fields written, described;

static void every_field_that_is_written_is_in_the_man_page(void **state)
{
	(void)state;
	assert_true(written.count > 80);
	assert_all_in(&written, &described, MAN_PAGE);
}

static void every_field_in_the_man_page_is_written(void **state)
{
	(void)state;
	assert_true(described.count > 80);
	assert_all_in(&described, &written, "the output");
}

static int collect(void **state)
{
	(void)state;
	collect_output(&written);
	collect_man_page(&described);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_open_is_written_as_the_man_page_says),
		cmocka_unit_test(a_path_call_is_written_as_the_man_page_says),
		cmocka_unit_test(what_an_open_lacks_is_null),
		cmocka_unit_test(a_name_is_written_as_the_man_page_says),
		cmocka_unit_test(a_hop_is_written_as_the_man_page_says),
		cmocka_unit_test(a_hop_tells_the_time_since_its_opens_entry),
		cmocka_unit_test(a_lookup_that_found_nothing_has_no_address),
		cmocka_unit_test(a_negative_hit_has_an_address_and_says_so),
		cmocka_unit_test(a_failed_open_has_an_errno_and_no_address),
		cmocka_unit_test(an_open_that_did_not_fail_has_no_errno),
		cmocka_unit_test(a_difference_carries_its_value_and_meaning),
		cmocka_unit_test(an_equality_has_no_value),
		cmocka_unit_test(an_unknown_relation_gives_its_reason),
		cmocka_unit_test(lifetimes_differ_without_a_verdict),
		cmocka_unit_test(an_address_that_came_back_is_called_reused),
		cmocka_unit_test(a_lifetime_that_was_dropped_has_no_number),
		cmocka_unit_test(an_end_tells_who_did_it),
		cmocka_unit_test(what_a_name_lacks_is_null),
		cmocka_unit_test(what_was_dropped_is_counted),
		cmocka_unit_test(a_name_that_is_not_utf8_comes_as_bytes),
		cmocka_unit_test(a_loss_says_what_where_and_how_many),
		cmocka_unit_test(a_loss_that_nobody_counted_is_null),
		cmocka_unit_test(the_summary_counts_verdicts_and_names_the_plan),
		cmocka_unit_test(what_the_summary_lacks_is_null),
		cmocka_unit_test(whatever_a_name_holds_a_line_is_valid),
		cmocka_unit_test(every_shape_is_valid),
		cmocka_unit_test(a_long_prefix_is_written_whole),
		cmocka_unit_test(the_checker_refuses_what_is_not_json),
		cmocka_unit_test(every_field_that_is_written_is_in_the_man_page),
		cmocka_unit_test(every_field_in_the_man_page_is_written),
	};

	return cmocka_run_group_tests(tests, collect, NULL);
}
