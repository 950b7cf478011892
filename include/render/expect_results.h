/* SPDX-License-Identifier: MIT */
/*
 * The results of an expectation file: lines of text, or an object of JSON for each.
 */
#ifndef FTOPEN_RENDER_EXPECT_RESULTS_H
#define FTOPEN_RENDER_EXPECT_RESULTS_H

#include <stdio.h>

#include "chain/expect.h"

struct json;

/**
 * struct expect_results - all results of a run
 * @file: the expectation file, as it was named
 */
struct expect_results {
	const char *file;
	const struct expect_result *items;
	size_t count;
};

/**
 * render_expect_results - print a line per claim, ending in its verdict, and a line of totals
 *
 * The names whose values follow stand on lines of their own, and who is to blame after a tab. No
 * other line ends in a verdict.
 *
 * Return: 0 or a negative errno of the output.
 */
int render_expect_results(FILE *out, const struct expect_results *results);

/**
 * render_expect_result - print the lines of one claim alone
 *
 * Return: as render_expect_results().
 */
int render_expect_result(FILE *out, const char *file, const struct expect_result *result);

/**
 * expect_result_json - the members of the object of one claim; the caller begins and ends it
 */
void expect_result_json(struct json *json, const char *file, const struct expect_result *result);

#endif
