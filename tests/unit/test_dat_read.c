/* SPDX-License-Identifier: MIT */
/*
 * What a recording says besides its records: where they are, and what the kernel counted.
 */
#include "report.h"

#include "pages/cpu_stats.h"

#define FAR (UINT64_C(5) << 30)

static const char original[] = "tests/data/recordings/6.12/te_miss.dat";

static char path[] = "/tmp/ftopen-unit-XXXXXX";

/* The place of @what, the @index-th one, in the original's bytes. */
static char *find(char *data, size_t size, const char *what, size_t what_size, int index)
{
	for (char *at = data; at + what_size <= data + size; at++) {
		if (!memcmp(at, what, what_size) && !index--)
			return at;
	}
	fail_msg("'%s' is not there", what);
	return NULL;
}

static void write_copy(const char *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* The original with @new in place of the @index-th @old, reported. */
static char *altered(const char *old, const char *new, int index, int *status)
{
	char *data;
	size_t size;

	assert_int_equal(strlen(old), strlen(new));
	assert_int_equal(read_file(original, &data, &size), 0);
	memcpy(find(data, size, old, strlen(old), index), new, strlen(new));
	write_copy(data, size);
	free(data);
	return reported(path, "json", status);
}

/* --- counts ----------------------------------------------------------------------------------- */

static void records_that_found_no_room_are_a_loss(void **state)
{
	int status;
	char *json = altered("dropped events: 0", "dropped events: 7", 1, &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"scope\":\"task\",\"cpu\":1,"));
	assert_non_null(strstr(json, "\"count\":7}"));
	assert_non_null(strstr(json, "\"lost\":7,"));
	free(json);
}

static void nested_records_beyond_a_page_are_a_loss(void **state)
{
	int status;
	char *json = altered("commit overrun: 0", "commit overrun: 3", 0, &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"lost\":3,"));
	free(json);
}

static void counts_of_the_other_buffer_are_of_what_ends_names(void **state)
{
	int status;
	char *json = altered("dropped events: 0", "dropped events: 7", 2, &status);

	(void)state;
	assert_int_equal(status, STATUS_UNKNOWN);
	assert_non_null(strstr(json, "\"scope\":\"any\",\"cpu\":0,"));
	/* What one open relates is not touched. */
	assert_non_null(strstr(json, "\"verdict\":\"PASS\""));
	free(json);
}

static void counts_that_are_not_understood_are_unknown(void **state)
{
	static const char *const broken[][2] = { { "commit overrun: 0", "cummit overrun: 0" },
						 { "dropped events: 0", "dropped events: x" },
						 { "\noverrun: 0", "\noverrxn: 0" },
						 { "CPU: 1", "CPU: x" },
						 { "CPU: 1", "CPU: 0" } };

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		int status;
		char *json = altered(broken[i][0], broken[i][1], 0, &status);

		assert_int_equal(status, STATUS_UNKNOWN);
		assert_non_null(
			strstr(said, "does not say for every CPU how many records were lost"));
		assert_non_null(strstr(json, "\"scope\":\"task\",\"cpu\":null,"));
		assert_non_null(strstr(json, "\"losses\":1,\"lost\":null,"));
		free(json);
	}
}

static void two_counts_that_add_up_to_zero_are_a_loss(void **state)
{
	struct {
		const char *text;
		uint64_t unreported;
	} const cases[] = {
		{ "commit overrun: 18446744073709551615\ndropped events: 1\n", LOSS_UNKNOWN },
		{ "commit overrun: 18446744073709551614\ndropped events: 2\n", LOSS_UNKNOWN - 1 },
		{ "commit overrun: 2\ndropped events: 3\n", 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cpu_stats stats;

		cpu_stats_parse(cases[i].text, &stats);
		assert_true(cpu_stats_unreported(&stats) == cases[i].unreported);
	}
}

static void what_is_left_in_a_buffer_is_lost(void **state)
{
	struct {
		const char *text;
		uint64_t lost;
	} const cases[] = {
		{ "entries: 0\ncommit overrun: 0\ndropped events: 0\nread events: 9\n", 0 },
		{ "entries: 7\ncommit overrun: 0\ndropped events: 0\nread events: 9\n", 7 },
		{ "entries: 7\ncommit overrun: 2\ndropped events: 3\n", 12 },
		{ "entries: 7\n", LOSS_UNKNOWN },
		{ "commit overrun: 2\ndropped events: 3\n", LOSS_UNKNOWN },
		{ "read events: 9\n", LOSS_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cpu_stats stats;

		cpu_stats_parse(cases[i].text, &stats);
		assert_true(cpu_stats_lost(&stats) == cases[i].lost);
	}
}

/* --- places ----------------------------------------------------------------------------------- */

/* The table after the @index-th "flyrecord", of two CPUs. Return: where its first pages were. */
static uint64_t move_far(char *data, size_t size, int index)
{
	char *entry = find(data, size, "flyrecord", sizeof("flyrecord"), index);
	uint64_t first = 0;

	entry += sizeof("flyrecord");
	for (int cpu = 0; cpu < 2; cpu++, entry += 2 * sizeof(uint64_t)) {
		uint64_t offset;

		memcpy(&offset, entry, sizeof(offset));
		first = first ? first : offset;
		offset += FAR;
		memcpy(entry, &offset, sizeof(offset));
	}
	return first;
}

/* A hole of 5 GiB between the tables and the pages costs no space. */
static void pages_behind_4_gib_are_found(void **state)
{
	char *data, *wanted, *got;
	uint64_t pages;
	size_t size;
	int status;
	FILE *file;

	(void)state;
	wanted = reported(original, "json", &status);
	assert_int_equal(read_file(original, &data, &size), 0);
	pages = move_far(data, size, 0);
	move_far(data, size, 1);
	write_copy(data, pages);
	file = fopen(path, "r+");
	assert_non_null(file);
	assert_int_equal(fseeko(file, (off_t)(FAR + pages), SEEK_SET), 0);
	assert_int_equal(fwrite(data + pages, 1, size - pages, file), size - pages);
	assert_int_equal(fclose(file), 0);
	got = reported(path, "json", &status);
	assert_int_equal(status, 0);
	assert_string_equal(got, wanted);
	free(data);
	free(wanted);
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_that_found_no_room_are_a_loss),
		cmocka_unit_test(nested_records_beyond_a_page_are_a_loss),
		cmocka_unit_test(counts_of_the_other_buffer_are_of_what_ends_names),
		cmocka_unit_test(counts_that_are_not_understood_are_unknown),
		cmocka_unit_test(two_counts_that_add_up_to_zero_are_a_loss),
		cmocka_unit_test(what_is_left_in_a_buffer_is_lost),
		cmocka_unit_test(pages_behind_4_gib_are_found),
	};
	int fd = mkstemp(path), ret;

	close(fd);
	message_set_hook(hear);
	ret = cmocka_run_group_tests_name("dat_read", tests, NULL, NULL);
	unlink(path);
	return ret;
}
