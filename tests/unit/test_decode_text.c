/* SPDX-License-Identifier: MIT */
/*
 * The text of an event: where it ends, what says how long it is, and when it was not read.
 */
#include "decode_script.h"

static void a_string_outside_of_its_record_is_absent(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.string = (uint32_t)(200 << 16 | offsetof(struct event, text));
	record = decode_event(&event);
	assert_false(has_field(&record, FIELD_STRING));
}

static void a_string_that_starts_outside_is_absent(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.string = 1 << 16 | 60000;
	record = decode_event(&event);
	assert_false(has_field(&record, FIELD_STRING));
}

static void a_string_that_is_shorter_than_the_name_could_not_be_read(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.text[0] = '\0';
	record = decode_event(&event);
	assert_false(has_field(&record, FIELD_STRING));
}

static void fault_is_no_name_unless_it_is_one(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	strcpy(event.text, "(fault)");
	event.string = (uint32_t)(8 << 16 | offsetof(struct event, text));
	record = decode_event(&event);
	assert_false(has_field(&record, FIELD_STRING));
	stop(NULL);
	event.len = 7;
	record = decode_event(&event);
	assert_true(has_field(&record, FIELD_STRING));
}

/* The same as today's kernels are asked for it: without the length of the dentry's name. */
static const char open_ret_without_len[] =
	"name: open_ret\nID: 700\nformat:\n" COMMON FIELD("__data_loc char[]", "string", 8, 4)
		FIELD("u64", "file", 16, 8) FIELD("u64", "dentry", 24, 8)
			FIELD("u64", "name", 32, 8) FIELD("u8", "sym_do_filp_open", 40, 1) PRINT;

static void the_text_tells_how_long_a_dentrys_name_is(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.len = 4000;
	start(open_ret_without_len, "ftopen");
	assert_int_equal(decoded(&event, sizeof(event), &record), 0);
	assert_true(has_field(&record, FIELD_LEN));
	assert_int_equal(record.value[FIELD_LEN], 5);
	assert_true(decoder_fields(decoder, ROLE_OPEN, POINT_RETURN) & FIELD_BIT(FIELD_LEN));
	event.dentry = 0;
	assert_int_equal(decoded(&event, sizeof(event), &record), 0);
	assert_false(has_field(&record, FIELD_STRING));
	assert_false(has_field(&record, FIELD_LEN));
}

static void without_a_length_a_fault_is_no_name(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	start(open_ret_without_len, "ftopen");
	strcpy(event.text, "(fault)");
	event.string = (uint32_t)(8 << 16 | offsetof(struct event, text));
	assert_int_equal(decoded(&event, sizeof(event), &record), 0);
	assert_false(has_field(&record, FIELD_STRING));
	assert_false(has_field(&record, FIELD_LEN));
}

/* Behind a component that is looked up stands the rest of the path. */
static void the_text_of_a_lookup_does_not_tell_how_long_its_component_is(void **state)
{
	static const char lookup[] = "name: lookup_slow\nID: 700\nformat:\n" COMMON FIELD(
		"__data_loc char[]", "string", 8, 4) FIELD("u64", "parent", 24, 8)
		FIELD("u64", "name", 32, 8) FIELD("u8", "sym_d_lookup", 40, 1) PRINT;
	struct record record;

	(void)state;
	start(lookup, "ftopen");
	assert_int_equal(decoded(&example, sizeof(example), &record), 0);
	assert_true(has_field(&record, FIELD_STRING));
	assert_false(has_field(&record, FIELD_LEN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_string_outside_of_its_record_is_absent),
		TEST(a_string_that_starts_outside_is_absent),
		TEST(a_string_that_is_shorter_than_the_name_could_not_be_read),
		TEST(fault_is_no_name_unless_it_is_one),
		TEST(the_text_tells_how_long_a_dentrys_name_is),
		TEST(without_a_length_a_fault_is_no_name),
		TEST(the_text_of_a_lookup_does_not_tell_how_long_its_component_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
