/* SPDX-License-Identifier: MIT */
/*
 * A recording of another byte order or word size gives what this one gives. The others are made of
 * a real one, number by number, as the kernel and the formats say where numbers are.
 */
#include "report.h"

#include <errno.h>

#include <event-parse.h>

#include "../../src/tracedat/hide.h"
#include "tracedat/read.h"

#define WORD	    4
#define PAGE_HEAD   (8 + 8) /* time stamp, and a long of the kernel that made the recording */
#define TIME_EXTEND 30
#define PADDING	    29

static const char original[] = "tests/data/recordings/6.12/te_miss.dat";

/**
 * struct copy - the recording while it is rewritten in place
 * @at: what is before it is of the other byte order
 */
struct copy {
	uint8_t *bytes;
	size_t size, at;
	bool is_big;
	unsigned int long_size;
	struct tep_handle *tep;
};

/* --- numbers ---------------------------------------------------------------------------------- */

static uint64_t little(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | bytes[size];
	return value;
}

static void put(const struct copy *copy, size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		copy->bytes[at + (copy->is_big ? size - 1 - i : i)] = (uint8_t)(value >> (8 * i));
}

static uint64_t number(struct copy *copy, size_t size)
{
	uint64_t value;

	assert_true(copy->at + size <= copy->size);
	value = little(copy->bytes + copy->at, size);
	put(copy, copy->at, size, value);
	copy->at += size;
	return value;
}

static char *text(struct copy *copy, size_t number_size)
{
	uint64_t size = number(copy, number_size);
	char *start = (char *)copy->bytes + copy->at;

	copy->at += size;
	return start;
}

static void string(struct copy *copy)
{
	copy->at += strlen((char *)copy->bytes + copy->at) + 1;
}

/* --- pages ------------------------------------------------------------------------------------ */

static void fields(const struct copy *copy, size_t at, const struct tep_format_field *field)
{
	for (; field; field = field->next) {
		size_t size = (size_t)field->size, place = at + (size_t)field->offset;

		/* What is an array is text, but for the place and length of a dynamic one. */
		if (!(field->flags & TEP_FIELD_IS_ARRAY) || field->flags & TEP_FIELD_IS_DYNAMIC)
			put(copy, place, size, little(copy->bytes + place, size));
	}
}

static void event(const struct copy *copy, size_t at)
{
	int id = (int)little(copy->bytes + at, 2);
	struct tep_event *known = tep_find_event(copy->tep, id);

	assert_non_null(known);
	fields(copy, at, known->format.common_fields);
	fields(copy, at, known->format.fields);
}

/* The type is in the lowest bits of the first word, or in the highest of a big-endian one. */
static unsigned int record_head(struct copy *copy)
{
	uint32_t word = (uint32_t)little(copy->bytes + copy->at, WORD);
	unsigned int type = word & 31;

	put(copy, copy->at, WORD, copy->is_big ? word >> 5 | (uint32_t)type << 27 : word);
	copy->at += WORD;
	return type;
}

static void record(struct copy *copy)
{
	unsigned int type = record_head(copy);
	size_t size = type * (size_t)WORD;

	if (type >= TIME_EXTEND) {
		number(copy, WORD);
		return;
	}
	if (!type || type == PADDING)
		size = number(copy, WORD) - WORD;
	if (type != PADDING)
		event(copy, copy->at);
	copy->at += (size + WORD - 1) & ~(size_t)(WORD - 1);
}

static void page(struct copy *copy)
{
	size_t start = copy->at, end;
	uint64_t commit;

	number(copy, 8);
	commit = number(copy, 8);
	end = copy->at + (commit & 0xfffff);
	while (copy->at < end)
		record(copy);
	if (copy->long_size == 8)
		return;
	put(copy, start + 8, 4, commit);
	memmove(copy->bytes + start + 8 + 4, copy->bytes + start + PAGE_HEAD,
		end - start - PAGE_HEAD);
}

/* --- sections --------------------------------------------------------------------------------- */

static void headers(struct copy *copy)
{
	char *commit;

	copy->at = strlen("\027\010\104tracing") + sizeof("6");
	copy->bytes[copy->at++] = copy->is_big;
	copy->bytes[copy->at++] = (uint8_t)copy->long_size;
	number(copy, 4);
	string(copy);
	commit = strstr(text(copy, 8), " commit;");
	commit = strstr(commit, "size:8");
	commit[strlen("size:")] = (char)('0' + copy->long_size);
	string(copy);
	text(copy, 8);
}

static void formats(struct copy *copy)
{
	assert_int_equal(number(copy, 4), 0);
	for (uint64_t systems = number(copy, 4); systems; systems--) {
		string(copy);
		for (uint64_t count = number(copy, 4); count; count--)
			text(copy, 8);
	}
}

/* Symbols, printk formats, command lines; then how many CPUs there are. */
static uint64_t lists(struct copy *copy)
{
	text(copy, 4);
	text(copy, 4);
	text(copy, 8);
	return number(copy, 4);
}

static void options(struct copy *copy)
{
	uint64_t id;

	string(copy);
	while ((id = number(copy, 2))) {
		uint64_t size = number(copy, 4);
		size_t end = copy->at + size;

		if (id == 3)
			number(copy, 8);
		copy->at = end;
	}
}

static void table(struct copy *copy, uint64_t cpus)
{
	string(copy);
	while (cpus--) {
		uint64_t offset = number(copy, 8), size = number(copy, 8);
		size_t back = copy->at;

		for (copy->at = offset; copy->at < offset + size;) {
			size_t start = copy->at;

			page(copy);
			copy->at = start + 4096;
		}
		copy->at = back;
	}
	text(copy, 8); /* the clock */
}

static void rewrite(struct copy *copy)
{
	uint64_t cpus;

	headers(copy);
	formats(copy);
	cpus = lists(copy);
	options(copy);
	table(copy, cpus);
	table(copy, cpus);
}

/* --- tests ------------------------------------------------------------------------------------ */

static const struct copy kinds[] = {
	{ .is_big = false, .long_size = 8 },
	{ .is_big = true, .long_size = 8 },
	{ .is_big = false, .long_size = 4 },
	{ .is_big = true, .long_size = 4 },
};

/* Hashes have no room in 32 bits; with 64 there is nothing to see of the addresses. */
static void check_hiding(const struct copy *copy)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *shown;
	int fd = mkstemp(path), status, ret;
	struct hider *hider;

	assert_int_equal(write_all(fd, copy->bytes, copy->size), 0);
	assert_int_equal(hider_new(NULL, &hider), 0);
	said[0] = '\0';
	ret = hide_file(path, hider);
	hider_free(hider);
	shown = reported(path, "json", &status);
	unlink(path);
	close(fd);
	if (copy->long_size == 4) {
		assert_int_equal(ret, -EOPNOTSUPP);
	} else {
		assert_int_equal(ret, 0);
		assert_int_equal(status, 0);
		assert_null(strstr(shown, "0xffff8"));
	}
	free(shown);
}

static void it_gives_what_the_original_gives(void **state)
{
	struct copy copy = *(const struct copy *)*state;
	char path[] = "/tmp/ftopen-unit-XXXXXX", *data, *wanted, *got;
	int fd = mkstemp(path), status;
	struct dat *dat;

	assert_true(fd >= 0);
	wanted = reported(original, "json", &status);
	assert_int_equal(dat_open(original, &dat), 0);
	copy.tep = dat_tep(dat);
	assert_int_equal(read_file(original, &data, &copy.size), 0);
	copy.bytes = (uint8_t *)data;
	rewrite(&copy);
	assert_int_equal(write_all(fd, copy.bytes, copy.size), 0);
	got = reported(path, "json", &status);
	unlink(path);
	close(fd);
	assert_int_equal(status, 0);
	assert_string_equal(got, wanted);
	check_hiding(&copy);
	dat_close(dat);
	free(data);
	free(wanted);
	free(got);
}

int main(void)
{
	static const char *const names[] = { "little_endian_and_64_bits", "big_endian_and_64_bits",
					     "little_endian_and_32_bits",
					     "big_endian_and_32_bits" };
	struct CMUnitTest tests[sizeof(kinds) / sizeof(kinds[0])];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		tests[i] = (struct CMUnitTest){
			.name = names[i],
			.test_func = it_gives_what_the_original_gives,
			.initial_state = (void *)&kinds[i],
		};
	message_set_hook(hear);
	return cmocka_run_group_tests_name("dat_order", tests, NULL, NULL);
}
