/* SPDX-License-Identifier: MIT */
/*
 * From the bytes of an event to a record, by its format text: what is taken, and what stale or
 * broken bytes never become.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode_script.h"

/* What a probe that nobody needs a byte for says of its function. */
static const char drop[] =
	"name: drop\nID: 703\nformat:\n" COMMON FIELD("u64", "sym____d_drop", 8, 8)
		FIELD("u64", "name", 16, 8) FIELD("u32", "len", 24, 4) PRINT;

static const char syscall_ret[] = "name: syscall_ret\nID: 701\nformat:\n" COMMON
				  "\tfield:s32 ret;\toffset:8;\tsize:4;\tsigned:1;\n" PRINT;

/* A lookup as one record: hash and length are one number. */
static const char lookup_call[] =
	"name: lookup_fast_call\nID: 702\nformat:\n" COMMON FIELD("u64", "parent", 8, 8)
		FIELD("u64", "name", 16, 8) FIELD("u64", "hash_len", 24, 8)
			FIELD("u64", "dentry", 32, 8) FIELD("u64", "ret_name", 40, 8)
				FIELD("u64", "inode", 48, 8)
					FIELD("u8", "sym___d_lookup_rcu", 56, 1) PRINT;

struct call {
	uint16_t type;
	uint8_t flags, preempt;
	int32_t pid;
	uint64_t parent, name, hash_len, dentry, ret_name, inode;
	uint8_t sym;
	uint8_t room[7];
};

static const struct call example_call = {
	.type = 702,
	.pid = 42,
	.parent = FILE_P,
	.name = FILE_P + 5,
	.hash_len = UINT64_C(4) << 32 | 0xbeef,
	.dentry = DENTRY,
	.ret_name = DENTRY + 56,
};

static void the_field_with_the_functions_name_has_a_value(void **state)
{
	const struct {
		uint16_t type, flags;
		int32_t pid;
		uint64_t dentry, name;
		uint32_t len;
	} event = { 703, 0, 42, DENTRY, DENTRY + 56, 5 };
	const struct raw_record raw = { .ts = 5, .data = &event, .size = sizeof(event) };
	unsigned char bytes[sizeof(event)];
	struct record record;

	(void)state;
	start(drop, "ftopen");
	assert_int_equal(decoded(&event, sizeof(event), &record), 0);
	assert_string_equal(record.symbol, "___d_drop");
	assert_true(has_field(&record, FIELD_DENTRY) && record.value[FIELD_DENTRY] == DENTRY);
	assert_true(has_field(&record, FIELD_LEN) && record.value[FIELD_LEN] == 5);
	record.value[FIELD_DENTRY] = DENTRY + 64;
	assert_int_equal(encode(decoder, &raw, &record, 1, bytes), 0);
	assert_int_equal(decoded(bytes, sizeof(bytes), &record), 0);
	assert_true(record.value[FIELD_DENTRY] == DENTRY + 64);
}

static void an_event_becomes_its_record(void **state)
{
	struct record record = decode_event(&example);

	(void)state;
	assert_int_equal(record.role, ROLE_OPEN);
	assert_int_equal(record.point, POINT_RETURN);
	assert_int_equal(record.tid, 42);
	assert_int_equal(record.cpu, 1);
	assert_int_equal(record.ts, 5);
	assert_true(record.value[FIELD_FILE] == FILE_P);
	assert_true(record.value[FIELD_NAME] == DENTRY + 56);
	assert_int_equal(record.value[FIELD_LEN], 5);
	assert_int_equal(record.str_len, 5);
	assert_memory_equal(record.str, "hello", 5);
	assert_string_equal(record.symbol, "do_filp_open");
	assert_false(has_field(&record, FIELD_INODE));
}

static void what_is_read_through_null_is_stale(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.file = 0;
	record = decode_event(&event);
	assert_true(has_field(&record, FIELD_FILE));
	assert_false(has_field(&record, FIELD_DENTRY));
	assert_false(has_field(&record, FIELD_NAME));
	assert_false(has_field(&record, FIELD_LEN));
	assert_false(has_field(&record, FIELD_STRING));
}

static void what_is_read_through_an_error_pointer_is_stale(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.file = (uint64_t)-2;
	record = decode_event(&event);
	assert_true(record.value[FIELD_FILE] == (uint64_t)-2);
	assert_false(has_field(&record, FIELD_DENTRY));
	assert_false(has_field(&record, FIELD_STRING));
}

static void what_is_read_through_a_user_pointer_is_stale(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.dentry = 0x7473657400410024; /* text, as a failed fetch leaves it */
	record = decode_event(&event);
	assert_false(has_field(&record, FIELD_NAME));
	assert_false(has_field(&record, FIELD_STRING));
}

static void a_record_that_is_too_short_is_bad(void **state)
{
	struct record record;

	(void)state;
	start(open_ret, "ftopen");
	assert_int_equal(decoded(&example, 20, &record), -EBADMSG);
	assert_int_equal(decoded(&example, 3, &record), -EBADMSG);
}

static void another_event_is_not_ours(void **state)
{
	struct event event = example;
	struct record record;

	(void)state;
	event.type = 4;
	start(open_ret, "ftopen");
	assert_int_equal(decoded(&event, sizeof(event), &record), -ENOENT);
}

static void a_number_that_can_be_negative_is_extended(void **state)
{
	const struct {
		uint16_t type;
		uint16_t rest;
		int32_t pid, ret;
	} event = { .type = 701, .pid = 1, .ret = -13 };
	struct record record;

	(void)state;
	start(syscall_ret, "ftopen");
	assert_int_equal(decoded(&event, sizeof(event), &record), 0);
	assert_true((int64_t)record.value[FIELD_RET] == -13);
}

static void only_groups_of_ours_count(void **state)
{
	static const struct {
		const char *group;
		size_t events;
	} groups[] = { { "ftopen", 1 },	     { "ftopen_12_3456", 1 }, { "ftopen_12", 0 },
		       { "ftopen_x_1", 0 },  { "ftopenx", 0 },	      { "kprobes", 0 },
		       { "ftopen_1_2_3", 0 } };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		start(open_ret, groups[i].group);
		if (decoder_events(decoder) != groups[i].events)
			fail_msg("group '%s'", groups[i].group);
		stop(state);
	}
}

static void an_event_of_ours_that_is_not_known_is_reported(void **state)
{
	static const char format[] = "name: opdn\nID: 702\nformat:\n" COMMON PRINT;

	(void)state;
	start(format, "ftopen");
	assert_string_equal(decoder_unknown_event(decoder), "opdn");
}

static void a_field_that_is_not_known_is_reported(void **state)
{
	static const char format[] =
		"name: open_ret\nID: 702\nformat:\n" COMMON FIELD("u64", "file", 8, 8)
			FIELD("u64", "dentrz", 16, 8) PRINT;

	(void)state;
	start(format, "ftopen");
	assert_non_null(decoder_unknown_event(decoder));
	assert_string_equal(decoder_unknown_event(decoder), "open_ret");
	stop(state);
	start(open_ret, "ftopen");
	assert_null(decoder_unknown_event(decoder));
}

static void start_big_endian(const char *format, int long_size)
{
	tep = tep_alloc();
	tep_set_long_size(tep, long_size);
	tep_set_file_bigendian(tep, TEP_BIG_ENDIAN);
	tep_set_local_bigendian(tep, TEP_LITTLE_ENDIAN);
	assert_int_equal(tep_parse_event(tep, format, strlen(format), "ftopen"), 0);
	assert_int_equal(decoder_new(tep, NULL, &decoder), 0);
}

/* A big-endian kernel with pointers of four bytes. */
static void byte_order_and_word_size_are_the_files(void **state)
{
	static const char format[] =
		"name: open_ret\nID: 258\nformat:\n" COMMON FIELD("u32", "file", 8, 4)
			FIELD("u32", "dentry", 12, 4) FIELD("u32", "name", 16, 4) PRINT;
	static const uint8_t event[] = { 1, 2, 0,    0, 0, 0,  0,    9, 0xc1, 0,
					 0, 8, 0xc2, 0, 0, 16, 0xc2, 0, 0,    52 };
	static const uint8_t failed[] = { 1,	2,    0,    0, 0, 0,  0,    9, 0xff, 0xff,
					  0xff, 0xfe, 0xc2, 0, 0, 16, 0xc2, 0, 0,    52 };
	struct record record;

	(void)state;
	start_big_endian(format, 4);
	assert_int_equal(decoded(event, sizeof(event), &record), 0);
	assert_int_equal(record.tid, 9);
	assert_true(record.value[FIELD_DENTRY] == 0xc2000010);
	assert_true(record.value[FIELD_NAME] == 0xc2000034);
	assert_int_equal(decoded(failed, sizeof(failed), &record), 0);
	assert_true((int64_t)record.value[FIELD_FILE] == -2);
	assert_false(has_field(&record, FIELD_DENTRY));
}

/* s390x: a kernel with an address space of its own, whose first pages are the processor's. */
static void low_addresses_are_the_kernels_where_it_has_all(void **state)
{
	static const char format[] =
		"name: open_ret\nID: 258\nformat:\n" COMMON FIELD("u64", "file", 8, 8)
			FIELD("u64", "dentry", 16, 8) PRINT;
	uint8_t event[24] = { 1,    2,	  0,	0, 0, 0, 0, 9, 0, 0, 0,	   0,
			      0x02, 0x61, 0x8d, 0, 0, 0, 0, 0, 2, 1, 0xfb, 0x40 };
	struct record record;

	(void)state;
	start_big_endian(format, 8);
	assert_int_equal(decoded(event, sizeof(event), &record), 0);
	assert_true(record.value[FIELD_FILE] == 0x2618d00);
	assert_true(record.value[FIELD_DENTRY] == 0x201fb40);
	/* What is read through NULL is the lowcore's: no fault, and no dentry. */
	memset(event + 8, 0, 8);
	assert_int_equal(decoded(event, sizeof(event), &record), 0);
	assert_false(has_field(&record, FIELD_DENTRY));
}

/* A pointer that is always real is recorded by newer versions only. */
static void what_is_read_through_a_sure_pointer_counts_without_it(void **state)
{
	static const char older[] =
		"name: cwd\nID: 258\nformat:\n" COMMON FIELD("u64", "root_mount", 8, 8) PRINT;
	static const uint8_t event[] = {
		2, 1, 0, 0, 9, 0, 0, 0, 32, 0, 0, 0, 0x80, 0x88, 0xff, 0xff
	};
	struct record record;

	(void)state;
	start(older, "ftopen");
	assert_int_equal(decoded(event, sizeof(event), &record), 0);
	assert_true(record.value[FIELD_ROOT_MOUNT] == UINT64_C(0xffff888000000020));
	assert_false(has_field(&record, FIELD_FS));
	assert_false(has_field(&record, FIELD_FS_USERS));
}

/* A big-endian kernel with pointers of four bytes. */
static void who_shares_is_told_by_kernels_of_any_kind(void **state)
{
	static const char format[] =
		"name: task\nID: 258\nformat:\n" COMMON FIELD("u32", "sym_wake_up_new_task", 8, 4)
			FIELD("u32", "fs", 12, 4) FIELD("u32", "fs_users", 16, 4) PRINT;
	uint8_t event[] = { 1, 2, 0, 0, 0, 0, 0, 9, 0xc1, 0, 0, 0x10, 0xc2, 0, 0, 8, 0, 0, 0, 2 };
	struct record record;

	(void)state;
	start_big_endian(format, 4);
	assert_int_equal(decoded(event, sizeof(event), &record), 0);
	assert_true(record.value[FIELD_FS] == 0xc2000008);
	assert_int_equal(record.value[FIELD_FS_USERS], 2);
	memset(event + 12, 0, 4);
	assert_int_equal(decoded(event, sizeof(event), &record), 0);
	assert_false(has_field(&record, FIELD_FS_USERS));
}

static int decode_call(const struct call *call, struct record records[POINT_NR])
{
	const struct raw_record raw = { .ts = 5, .data = call, .size = sizeof(*call) };

	start(lookup_call, "ftopen");
	return decode(decoder, &raw, records);
}

static void a_call_becomes_its_entry_and_its_return(void **state)
{
	struct record records[POINT_NR];

	(void)state;
	assert_int_equal(decode_call(&example_call, records), 2);
	for (int i = 0; i < POINT_NR; i++) {
		assert_int_equal(records[i].role, ROLE_LOOKUP_FAST);
		assert_int_equal(records[i].point, i);
		assert_int_equal(records[i].ts, 5);
		assert_int_equal(records[i].tid, 42);
		assert_true(records[i].is_call);
		assert_string_equal(records[i].symbol, "__d_lookup_rcu");
	}
	assert_true(records[0].value[FIELD_NAME] == FILE_P + 5);
	assert_true(records[1].value[FIELD_NAME] == DENTRY + 56);
	assert_false(has_field(&records[0], FIELD_DENTRY));
	assert_false(has_field(&records[1], FIELD_PARENT));
	assert_true(has_field(&records[1], FIELD_INODE) && !records[1].value[FIELD_INODE]);
}

static void hash_and_length_are_two_halves_of_one_number(void **state)
{
	struct record records[POINT_NR];

	(void)state;
	assert_int_equal(decode_call(&example_call, records), 2);
	assert_int_equal(records[0].value[FIELD_HASH], 0xbeef);
	assert_int_equal(records[0].value[FIELD_LEN], 4);
	assert_false(has_field(&records[0], FIELD_HASH_LEN));
}

static void what_a_call_read_through_null_is_stale(void **state)
{
	struct call call = example_call;
	struct record records[POINT_NR];

	(void)state;
	call.dentry = 0;
	assert_int_equal(decode_call(&call, records), 2);
	assert_true(has_field(&records[0], FIELD_NAME));
	assert_true(has_field(&records[1], FIELD_DENTRY));
	assert_false(has_field(&records[1], FIELD_NAME));
	assert_false(has_field(&records[1], FIELD_INODE));
}

static void both_halves_of_a_call_are_known(void **state)
{
	struct record records[POINT_NR];
	const char *symbol;

	(void)state;
	assert_int_equal(decode_call(&example_call, records), 2);
	assert_true(decoder_has(decoder, ROLE_LOOKUP_FAST, POINT_ENTRY, &symbol));
	assert_string_equal(symbol, "__d_lookup_rcu");
	assert_true(decoder_has(decoder, ROLE_LOOKUP_FAST, POINT_RETURN, NULL));
	assert_true(decoder_fields(decoder, ROLE_LOOKUP_FAST, POINT_ENTRY) & FIELD_BIT(FIELD_LEN));
	assert_false(decoder_fields(decoder, ROLE_LOOKUP_FAST, POINT_ENTRY) &
		     FIELD_BIT(FIELD_DENTRY));
}

static void both_halves_of_a_call_are_written(void **state)
{
	const struct raw_record raw = { .data = &example_call, .size = sizeof(example_call) };
	struct call expected = example_call, result;
	struct record records[POINT_NR];

	(void)state;
	assert_int_equal(decode_call(&example_call, records), 2);
	/* As hiding does it. */
	records[0].present &= ~FIELD_BIT(FIELD_HASH);
	records[1].value[FIELD_NAME] = 7;
	assert_int_equal(encode(decoder, &raw, records, 2, &result), 0);
	expected.hash_len = UINT64_C(4) << 32;
	expected.ret_name = 7;
	expected.sym = 1;
	assert_memory_equal(&result, &expected, sizeof(result));
}

static void a_call_that_is_too_short_is_bad(void **state)
{
	const struct raw_record raw = { .data = &example_call, .size = 40 };
	struct record records[POINT_NR];

	(void)state;
	start(lookup_call, "ftopen");
	assert_int_equal(decode(decoder, &raw, records), -EBADMSG);
}

static void encoded(const struct event *event, const struct record *record, struct event *result)
{
	const struct raw_record raw = { .data = event, .size = sizeof(*event) };

	memset(result, 0xa5, sizeof(*result));
	assert_int_equal(encode(decoder, &raw, record, record ? 1 : 0, result), 0);
}

static void what_was_not_changed_is_written_as_it_was(void **state)
{
	struct record record = decode_event(&example);
	struct event expected = example, result;

	(void)state;
	expected.sym = 1;
	encoded(&example, &record, &result);
	assert_memory_equal(&result, &expected, sizeof(result));
}

static void stale_bytes_are_not_written(void **state)
{
	struct event stale = example, result;
	struct record record;

	(void)state;
	stale.file = 0;
	stale.text[8] = 'x'; /* after the string */
	record = decode_event(&stale);
	encoded(&stale, &record, &result);
	assert_int_equal(result.pid, 42);
	assert_true(result.dentry == 0);
	assert_true(result.name == 0);
	assert_int_equal(result.text[8], 0);
}

static void of_an_event_that_was_not_taken_its_number_stays(void **state)
{
	struct event result;

	(void)state;
	decode_event(&example);
	encoded(&example, NULL, &result);
	assert_int_equal(result.type, 700);
	assert_int_equal(result.pid, 42);
	assert_true(result.file == 0);
	assert_int_equal(result.text[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_event_becomes_its_record),
		TEST(the_field_with_the_functions_name_has_a_value),
		TEST(what_is_read_through_null_is_stale),
		TEST(what_is_read_through_an_error_pointer_is_stale),
		TEST(what_is_read_through_a_user_pointer_is_stale),
		TEST(a_record_that_is_too_short_is_bad),
		TEST(another_event_is_not_ours),
		TEST(a_number_that_can_be_negative_is_extended),
		TEST(only_groups_of_ours_count),
		TEST(an_event_of_ours_that_is_not_known_is_reported),
		TEST(a_field_that_is_not_known_is_reported),
		TEST(byte_order_and_word_size_are_the_files),
		TEST(low_addresses_are_the_kernels_where_it_has_all),
		TEST(what_is_read_through_a_sure_pointer_counts_without_it),
		TEST(who_shares_is_told_by_kernels_of_any_kind),
		TEST(what_was_not_changed_is_written_as_it_was),
		TEST(stale_bytes_are_not_written),
		TEST(a_call_becomes_its_entry_and_its_return),
		TEST(hash_and_length_are_two_halves_of_one_number),
		TEST(what_a_call_read_through_null_is_stale),
		TEST(both_halves_of_a_call_are_known),
		TEST(both_halves_of_a_call_are_written),
		TEST(a_call_that_is_too_short_is_bad),
		TEST(of_an_event_that_was_not_taken_its_number_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
