/* SPDX-License-Identifier: MIT */
/*
 * The expectation file of a run (--expect): read before anything is traced, held against the
 * chains as they pass to the renderer, printed at the end.
 */
#ifndef FTOPEN_COMMAND_EXPECTATION_H
#define FTOPEN_COMMAND_EXPECTATION_H

#include <stdio.h>

#include "chain/correlator.h"
#include "chain/expect.h"

/**
 * struct expectation - all zero: no file was given, and every function does nothing
 * @next: where the chains go on to
 */
struct expectation {
	const char *path;
	struct expect *expect;
	struct expect_run *run;
	struct chain_sink mine;
	struct chain_sink next;
};

/**
 * expectation_open - read and parse @path; NULL for none
 *
 * Return: 0, or a negative errno that was reported as FILE:LINE:COLUMN.
 */
int expectation_open(struct expectation *expectation, const char *path);

/**
 * expectation_start - stand between the correlator and @next
 * @options: what is armed
 * @sink: filled with what the correlator is to be given
 */
int expectation_start(struct expectation *expectation, const struct expect_options *options,
		      const struct chain_sink *next, struct chain_sink *sink);

/**
 * expectation_missed - see expect_run_missed()
 */
void expectation_missed(struct expectation *expectation, enum role role, enum edge edge,
			uint64_t count);

/**
 * expectation_finish - print every line's verdict to @out
 * @status: 0, 1 for a FAIL, 2 for an UNKNOWN
 */
int expectation_finish(struct expectation *expectation, FILE *out, int *status);

void expectation_close(struct expectation *expectation);

#endif
