/* SPDX-License-Identifier: MIT */
/*
 * ftopen report as a function: what it ends with, what it prints, what it says.
 */
#ifndef FTOPEN_TESTS_REPORT_H
#define FTOPEN_TESTS_REPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "command/commands.h"
#include "command/output.h"
#include "said.h"
#include "util/io.h"

/* Results go to @results; NULL for nowhere. Return: the exit status. */
static inline int report(const char *file, const char *format, const char *expect,
			 const char *results)
{
	char *args[] = { (char *)file, NULL };
	const struct options options = {
		.command = command_find("report"),
		.format = format,
		.expect = expect,
		.results = results ? results : "/dev/null",
		.args = args,
		.arg_count = 1,
	};

	said[0] = '\0';
	return cmd_report(&options);
}

/* What report prints of @file, the caller's to free(). */
static inline char *reported(const char *file, const char *format, int *status)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX", *text;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	*status = report(file, format, NULL, path);
	assert_int_equal(read_file(path, &text, NULL), 0);
	close(fd);
	unlink(path);
	return text;
}

#endif
