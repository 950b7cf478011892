/* SPDX-License-Identifier: MIT */
/*
 * Comma-separated values: a line for each open, whatever its texts hold.
 */
#include "chains.h"

#define HEADER                                                                                  \
	"id,ts,tid,tgid,uid,comm,call,name,path,dirfd,flags,mode,result,error,cache,cache_why," \
	"walk,complete,latency_ns,copy_ns,walk_ns,lookup_ns,alloc_ns,filesystem_ns,opening_ns," \
	"descriptor_ns\r\n"

static char *csv_of(const struct open_call *open, const struct render_options *options)
{
	static const struct render_options plain;
	struct output output;

	output_start(&output, &render_csv, options ? options : &plain);
	assert_int_equal(output.sink.open(output.sink.context, open), 0);
	return output_end(&output);
}

static void an_open_is_a_line_of_its_fields(void **state)
{
	const struct open_call open = {
		.id = 7,
		.path = TEXT_OF("t_e.txt"),
		.resolved = TEXT_OF("/tmp/t_e.txt"),
		.flags = 32768,
		.mode = 0640,
		.has_mode = true,
		.ts = UINT64_C(5000000001),
		.latency_ns = 12345,
		.stage_ns = { [STAGE_WALK] = 12000, [STAGE_OPENING] = 345 },
		.stages = 1 << STAGE_WALK | 1 << STAGE_OPENING,
		.result = -2,
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
		.cache = CACHE_NEGATIVE,
		.comm = "te_miss",
	};
	char *text = csv_of(&open, NULL);

	(void)state;
	assert_string_equal(text,
			    HEADER "7,5.000000001,101,100,1000,\"te_miss\",\"open\",\"t_e.txt\","
				   "\"/tmp/t_e.txt\",-100,32768,416,-2,\"ENOENT\",\"negative\",,"
				   "\"rcu\",true,12345,,12000,,,,345,\r\n");
	free(text);
}

static void a_path_call_is_a_line_as_well(void **state)
{
	const struct open_call call = {
		.id = 8,
		.path = TEXT_OF("/x"),
		.tid = 5,
		.call = CALL_ACCESS,
		.cache = CACHE_HIT,
	};
	static const struct render_options plain;
	struct output output;
	char *text;

	(void)state;
	output_start(&output, &render_csv, &plain);
	assert_int_equal(output.sink.path_call(output.sink.context, &call), 0);
	text = output_end(&output);
	assert_string_equal(text, HEADER "8,0.000000000,5,,,,\"access\",\"/x\",,,,,,,\"hit\",,,"
					 "false,,,,,,,,\r\n");
	free(text);
}

static void what_is_not_known_is_empty(void **state)
{
	const struct render_options options = { .clock = { .only_orders = true } };
	const struct open_call open = { .id = 1, .tid = 5 };
	char *text = csv_of(&open, &options);

	(void)state;
	assert_string_equal(text, HEADER "1,,5,,,,,,,,,,,,\"unknown\",,,false,,,,,,,,\r\n");
	free(text);
}

static void no_text_ends_its_field(void **state)
{
	const struct open_call open = {
		.id = 1,
		.path = TEXT_OF("a,b\"c\r\n\\\xff\033"),
		.comm = "\"",
	};

	(void)state;
	assert_has(csv_of(&open, NULL), "0,,,\"\\\"\"\",,\"a,b\\\"\"c\\x0d\\n\\\\\\xff\\x1b\",,");
}

static void a_path_that_fits_no_buffer_is_written_whole(void **state)
{
	static char path[64 * 1024];
	const struct open_call open = { .id = 1, .path = { path, sizeof(path) - 1 } };
	size_t found = 0;
	char *text;

	(void)state;
	/* Each piece ends within a character of three bytes, were it not for that. */
	for (size_t i = 0; i < sizeof(path) - 3; i += 3)
		memcpy(path + i, "\xe2\x82\xac", 3);
	text = csv_of(&open, NULL);
	for (char *at = text; (at = strstr(at, "\xe2\x82\xac")); at += 3)
		found++;
	assert_int_equal(found, sizeof(path) / 3);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_call_is_a_line_as_well),
		cmocka_unit_test(an_open_is_a_line_of_its_fields),
		cmocka_unit_test(what_is_not_known_is_empty),
		cmocka_unit_test(no_text_ends_its_field),
		cmocka_unit_test(a_path_that_fits_no_buffer_is_written_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
