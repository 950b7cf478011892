/* SPDX-License-Identifier: MIT */
/*
 * Files that are no recording, or one that says what cannot be: refused, with the place and the
 * reason.
 */
#include "report.h"

#define MAGIC "\027\010\104tracing"

static const char recording[] = "tests/data/recordings/6.12/te_miss.dat";

static char path[] = "/tmp/ftopen-unit-XXXXXX";

static void put_file(const char *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void assert_refused(const char *file, const char *reason)
{
	assert_int_equal(report(file, "json", NULL, NULL), STATUS_FTOPEN);
	if (!strstr(said, reason))
		fail_msg("no '%s' in '%s'", reason, said);
}

/* The recording with @size bytes of @with in the place of those after @key. */
static void change_behind(const char *key, size_t skip, const void *with, size_t size)
{
	char *data, *at;
	size_t length;

	assert_int_equal(read_file(recording, &data, &length), 0);
	at = memmem(data, length, key, strlen(key));
	assert_non_null(at);
	memcpy(at + strlen(key) + skip, with, size);
	put_file(data, length);
	free(data);
}

static void what_is_not_there(void **state)
{
	(void)state;
	assert_refused("/nonexistent/trace.dat", "No such file or directory");
}

static void a_folder(void **state)
{
	(void)state;
	assert_refused("/tmp", "it is not a regular file");
}

static void another_kind_of_file(void **state)
{
	(void)state;
	put_file("#!/bin/sh\necho\n", 15);
	assert_refused(path, "it is not a trace.dat");
}

static void a_file_that_is_shorter_than_the_magic(void **state)
{
	(void)state;
	put_file("host\n", 5);
	assert_refused(path, "it is not a trace.dat");
}

static void another_version(void **state)
{
	(void)state;
	change_behind(MAGIC, 0, "8", 1);
	assert_refused(path, "its version is '8', and only 6 and 7 are supported");
}

static void a_version_without_an_end(void **state)
{
	char data[8192] = MAGIC;

	(void)state;
	memset(data + strlen(MAGIC), '6', sizeof(data) - strlen(MAGIC));
	put_file(data, sizeof(data));
	assert_refused(path, "a string without an end");
}

/* A text that would fit into the file, and not into memory. */
static void a_text_of_half_a_gigabyte(void **state)
{
	const uint64_t size = UINT64_C(1) << 29;

	(void)state;
	change_behind("header_page", 1, &size, sizeof(size));
	assert_int_equal(truncate(path, 1 << 30), 0);
	assert_refused(path, "a size that is too large");
}

static void more_cpus_than_any_machine_has(void **state)
{
	const uint32_t cpus = 2, many = 1 << 20;
	char *data, *at;
	size_t size;

	(void)state;
	/* The number of CPUs stands before "options  ". */
	assert_int_equal(read_file(recording, &data, &size), 0);
	at = memmem(data, size, "options  ", 9);
	assert_non_null(at);
	assert_memory_equal(at - 4, &cpus, sizeof(cpus));
	memcpy(at - 4, &many, sizeof(many));
	put_file(data, size);
	free(data);
	assert_refused(path, "CPU");
}

static void neither_records_nor_latencies(void **state)
{
	(void)state;
	/* The table of pages. */
	change_behind("flyrec", 0, "xxx", 3);
	assert_refused(path, "at byte");
}

static void latencies_instead_of_records(void **state)
{
	char *data, *at;
	size_t size;

	(void)state;
	assert_int_equal(read_file(recording, &data, &size), 0);
	at = memmem(data, size, "flyrecord", 9);
	assert_non_null(at);
	memcpy(at, "latency  ", 9);
	put_file(data, size);
	free(data);
	assert_refused(path, "latency");
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_not_there),
		TEST(a_folder),
		TEST(another_kind_of_file),
		TEST(a_file_that_is_shorter_than_the_magic),
		TEST(another_version),
		TEST(a_version_without_an_end),
		TEST(a_text_of_half_a_gigabyte),
		TEST(more_cpus_than_any_machine_has),
		TEST(neither_records_nor_latencies),
		TEST(latencies_instead_of_records),
	};
	int fd = mkstemp(path), ret;

	close(fd);
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return ret;
}
