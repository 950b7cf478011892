/* SPDX-License-Identifier: MIT */
/*
 * A folder of the test's own, and files in it.
 */
#ifndef FTOPEN_TESTS_FOLDER_H
#define FTOPEN_TESTS_FOLDER_H

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static char dir[64];

/* The path of @file in the folder; the next call overwrites it. */
static inline const char *in_dir(const char *file)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	return path;
}

static inline int make_dir(void)
{
	strcpy(dir, "/tmp/ftopen-unit-XXXXXX");
	return mkdtemp(dir) ? 0 : -errno;
}

static inline int remove_it(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)info;
	(void)kind;
	(void)place;
	return remove(path);
}

/* With all that is in it. */
static inline int remove_dir(void)
{
	return nftw(dir, remove_it, 16, FTW_DEPTH | FTW_PHYS);
}

/* With the folders on the way. */
static inline void put(const char *file, const char *text)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s", in_dir(file));
	for (char *at = strchr(path + strlen(dir) + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0755);
		*at = '/';
	}
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

#endif
