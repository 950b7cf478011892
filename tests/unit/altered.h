/* SPDX-License-Identifier: MIT */
/*
 * Copies of recordings with other bytes in them.
 */
#ifndef FTOPEN_TESTS_ALTERED_H
#define FTOPEN_TESTS_ALTERED_H

#include "report.h"

#include "../../src/command/recording.h"

static char altered_path[] = "/tmp/ftopen-unit-XXXXXX";

/* The place of @what, the @index-th one, in @data. */
static inline char *find_bytes(char *data, size_t size, const char *what, size_t what_size,
			       int index)
{
	for (char *at = data; at + what_size <= data + size; at++) {
		if (!memcmp(at, what, what_size) && !index--)
			return at;
	}
	fail_msg("'%s' is not there", what);
	return NULL;
}

static inline void write_altered(const char *data, size_t size)
{
	FILE *file = fopen(altered_path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

/* @path with @new in place of the @index-th @old, at altered_path. */
static inline void alter(const char *path, const char *old, const char *new, int index)
{
	char *data;
	size_t size;

	assert_int_equal(strlen(old), strlen(new));
	assert_int_equal(read_file(path, &data, &size), 0);
	memcpy(find_bytes(data, size, old, strlen(old), index), new, strlen(new));
	write_altered(data, size);
	free(data);
}

/* ... reported as JSON, the caller's to free(). */
static inline char *altered(const char *path, const char *old, const char *new, int index,
			    int *status)
{
	alter(path, old, new, index);
	return reported(altered_path, "json", status);
}

static inline int run_altered(const char *name, const struct CMUnitTest *tests, size_t count)
{
	int fd = mkstemp(altered_path), ret;

	close(fd);
	message_set_hook(hear);
	ret = _cmocka_run_group_tests(name, tests, count, NULL, NULL);
	unlink(altered_path);
	return ret;
}

#endif
