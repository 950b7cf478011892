/* SPDX-License-Identifier: MIT */
/*
 * The results of an expectation file as lines of text.
 */
#ifndef FTOPEN_RENDER_EXPECT_RESULTS_H
#define FTOPEN_RENDER_EXPECT_RESULTS_H

#include <stdio.h>

#include "chain/expect.h"

/**
 * render_expect_results - print a line per claim, ending in its verdict, and a line of totals
 * @file: the expectation file, as it was named
 *
 * The names whose values follow stand on lines of their own. No other line ends in a verdict.
 *
 * Return: 0 or a negative errno of the output.
 */
int render_expect_results(FILE *out, const char *file, const struct expect_result *results,
			  size_t count);

#endif
