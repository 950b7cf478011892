/* SPDX-License-Identifier: MIT */
/*
 * Recordings that are cut or damaged: never a crash (the sanitizers see it), never a hang, never
 * success with something missing that is not said.
 */
#include <ctype.h>

#include "report.h"

#define CUTS	  200
#define DAMAGED	  980 /* so many bytes one by one, the others in steps */
#define STEP	  41
#define TIMEOUT_S 3600

static const char *const files[] = { "tests/data/recordings/6.12/te_miss.dat",
				     "tests/data/recordings/v7/te_miss-zstd.dat",
				     "tests/data/recordings/v7/te_miss-none.dat" };

/* On its own way out of a broken format libtraceevent forgets what it allocated. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtraceevent";
}

static char path[] = "/tmp/ftopen-unit-XXXXXX";

static void write_copy(const char *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* The number after @key in the last line, the summary. */
static long summary_count(const char *json, const char *key)
{
	const char *at = strstr(json, "\"type\":\"summary\"");

	at = at ? strstr(at, key) : NULL;
	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

static void a_file_that_was_cut_never_gives_success(void **state)
{
	char *data;
	size_t size;

	assert_int_equal(read_file(*state, &data, &size), 0);
	for (size_t i = 0; i < CUTS; i++) {
		size_t cut = size * i / CUTS;
		int status;

		write_copy(data, cut);
		status = report(path, "json", NULL, NULL);
		if (status != STATUS_UNKNOWN && status != STATUS_FTOPEN)
			fail_msg("cut at byte %zu of %zu: status %d", cut, size, status);
		if (!said[0])
			fail_msg("cut at byte %zu of %zu: nothing is said", cut, size);
	}
	free(data);
}

static void what_was_whole_is_reported(void **state)
{
	char *data, *json;
	size_t size;
	int status;

	assert_int_equal(read_file(*state, &data, &size), 0);
	write_copy(data, size - 100);
	json = reported(path, "json", &status);
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(said, "ends at byte"));
	assert_non_null(strstr(json, "\"type\":\"loss\""));
	assert_true(summary_count(json, "\"records\":") > 0);
	free(json);
	free(data);
}

/* Sections of options with what stands before the pages, each byte of them. */
static const struct {
	const char *path;
	size_t from, to;
} options[] = {
	{ "tests/data/recordings/6.12/te_miss.dat", 24539, 24594 }, /* the second buffer's counts */
	{ "tests/data/recordings/6.12/te_miss.dat", 26027, 26256 },
	{ "tests/data/recordings/v7/te_miss-zstd.dat", 13315, 13429 },
	{ "tests/data/recordings/v7/te_miss-zstd.dat", 24706, 24814 },
};

/* What the summary counts; the caller's to free(). */
static char *counts(const char *json)
{
	const char *at = strstr(json, "\"type\":\"summary\"");
	const char *from = at ? strstr(at, "\"opens\":") : NULL;
	const char *to = at ? strstr(at, "\"plan\":") : NULL;

	return from && to ? strndup(from, (size_t)(to - from)) : strdup("nothing");
}

/* @data with @value at @index. Return: whether it passes for whole, and is not. */
static bool hides_something(char *data, size_t size, size_t index, int value, const char *whole)
{
	char kept = data[index], *json, *found;
	int status;
	bool hides;

	data[index] = (char)value;
	write_copy(data, size);
	data[index] = kept;
	json = reported(path, "json", &status);
	found = counts(json);
	hides = !status && strcmp(found, whole) != 0;
	free(found);
	free(json);
	return hides;
}

static void no_option_hides_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		char *data, *json, *whole;
		size_t size;
		int status;

		assert_int_equal(read_file(options[i].path, &data, &size), 0);
		json = reported(options[i].path, "json", &status);
		whole = counts(json);
		free(json);
		for (size_t at = options[i].from; at < options[i].to; at++) {
			const int values[] = { data[at] ^ 1, data[at] ^ 0x80, 0 };

			for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
				if (hides_something(data, size, at, values[j], whole))
					fail_msg("%s: byte %zu is %d: status 0, and other counts",
						 options[i].path, at, values[j] & 0xff);
			}
		}
		free(whole);
		free(data);
	}
}

/* Each byte of a format that says which fields a record has, and where. */
static void no_format_hides_a_field(void **state)
{
	static const char start[] = "name: lookup_fast_ret\n", end[] = "\nprint fmt";
	const char *file = files[0];
	char *data, *json, *whole, *at, *stop;
	size_t size;
	int status;

	(void)state;
	assert_int_equal(read_file(file, &data, &size), 0);
	json = reported(file, "json", &status);
	whole = counts(json);
	at = memmem(data, size, start, strlen(start));
	assert_non_null(at);
	stop = memmem(at, size - (size_t)(at - data), end, strlen(end));
	assert_non_null(stop);
	for (; at && at < stop; at++) {
		if (isalnum((unsigned char)*at) &&
		    hides_something(data, size, (size_t)(at - data), *at ^ 1, whole))
			fail_msg("byte %zu: status 0, and other counts", (size_t)(at - data));
	}
	free(json);
	free(whole);
	free(data);
}

static void a_changed_byte_never_hides_records(void **state)
{
	char *data, *json;
	size_t size;
	long records;
	int status;

	assert_int_equal(read_file(*state, &data, &size), 0);
	json = reported(*state, "json", &status);
	assert_int_equal(status, 0);
	records = summary_count(json, "\"records\":");
	free(json);
	for (size_t i = 0; i < size; i += i < DAMAGED ? 1 : STEP) {
		char kept = data[i];

		data[i] = (char)(kept ^ (i % 255 + 1));
		write_copy(data, size);
		data[i] = kept;
		json = reported(path, "json", &status);
		if (!status && summary_count(json, "\"records\":") != records)
			fail_msg("byte %zu: status 0 with %ld records instead of %ld", i,
				 summary_count(json, "\"records\":"), records);
		if (status == STATUS_FTOPEN && !said[0])
			fail_msg("byte %zu: it fails and says nothing", i);
		free(json);
	}
	free(data);
}

int main(void)
{
	struct CMUnitTest tests[9];
	size_t count = 0;
	int fd = mkstemp(path), ret;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		void *file = (void *)files[i];

		tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(
			a_file_that_was_cut_never_gives_success, file);
		/* What is compressed has the same sections as what is not. */
		if (i < 2)
			tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(
				a_changed_byte_never_hides_records, file);
	}
	/* In version 6 the pages stand at the end. */
	tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(what_was_whole_is_reported,
								      (void *)files[0]);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_option_hides_records);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(no_format_hides_a_field);
	close(fd);
	alarm(TIMEOUT_S);
	message_set_hook(hear);
	ret = _cmocka_run_group_tests("dat_broken", tests, count, NULL, NULL);
	unlink(path);
	return ret;
}
