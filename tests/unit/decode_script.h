/* SPDX-License-Identifier: MIT */
/*
 * An event by its format text, and the record that is made of it.
 */
#ifndef FTOPEN_TESTS_DECODE_SCRIPT_H
#define FTOPEN_TESTS_DECODE_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <event-parse.h>

#include "pages/decode.h"

#define DENTRY UINT64_C(0xffff888003000000)
#define FILE_P UINT64_C(0xffff888007000000)

#define COMMON                                                                         \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"         \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"         \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

#define FIELD(type, name, offset, size) \
	"\tfield:" type " " name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:0;\n"

#define PRINT "\nprint fmt: \"\"\n"

/* The return of an open, as a 64-bit kernel has it. */
static const char open_ret[] =
	"name: open_ret\nID: 700\nformat:\n" COMMON FIELD("__data_loc char[]", "string", 8, 4)
		FIELD("u32", "len", 12, 4) FIELD("u64", "file", 16, 8) FIELD("u64", "dentry", 24, 8)
			FIELD("u64", "name", 32, 8) FIELD("u8", "sym_do_filp_open", 40, 1) PRINT;

struct event {
	uint16_t type;
	uint8_t flags, preempt;
	int32_t pid;
	uint32_t string;
	uint32_t len;
	uint64_t file, dentry, name;
	uint8_t sym;
	char text[15];
};

static const struct event example = {
	.type = 700,
	.pid = 42,
	.string = (uint32_t)(6 << 16 | offsetof(struct event, text)),
	.len = 5,
	.file = FILE_P,
	.dentry = DENTRY,
	.name = DENTRY + 56,
	.text = "hello",
};

static struct tep_handle *tep;
static struct decoder *decoder;

static void start(const char *format, const char *group)
{
	tep = tep_alloc();
	tep_set_long_size(tep, 8);
	assert_int_equal(tep_parse_event(tep, format, strlen(format), group), 0);
	assert_int_equal(decoder_new(tep, NULL, &decoder), 0);
}

static int stop(void **state)
{
	(void)state;
	decoder_free(decoder);
	if (tep)
		tep_free(tep);
	decoder = NULL;
	tep = NULL;
	return 0;
}

static int decoded(const void *data, size_t size, struct record *record)
{
	const struct raw_record raw = { .ts = 5, .data = data, .size = (uint32_t)size, .cpu = 1 };

	struct record records[POINT_NR];
	int count;

	memset(records, 0xa5, sizeof(records));
	count = decode(decoder, &raw, records);
	*record = records[0];
	return count < 0 ? count : 0;
}

static struct record decode_event(const struct event *event)
{
	struct record record;

	start(open_ret, "ftopen");
	assert_int_equal(decoded(event, sizeof(*event), &record), 0);
	return record;
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

#endif
