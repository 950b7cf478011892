/* SPDX-License-Identifier: MIT */
/*
 * The expectation file of a run (--expect): read before anything is traced, compared with the
 * chains as they pass to the renderer, which gets the results before the summary.
 */
#ifndef FTOPEN_COMMAND_EXPECTATION_H
#define FTOPEN_COMMAND_EXPECTATION_H

#include "chain/correlator.h"
#include "chain/expect.h"
#include "render/expect_results.h"

/**
 * struct expectation - all zero: no file was given, and every function does nothing
 * @next: where the chains go on to
 * @show, @shown: set by the caller after expectation_open(): where the results go, before the
 *	summary
 * @status: once they went there: 0, 1 for a FAIL, 2 for an UNKNOWN
 */
struct expectation {
	const char *path;
	struct expect *expect;
	struct expect_run *run;
	struct chain_sink mine;
	struct chain_sink next;
	int (*show)(void *shown, const struct expect_results *results);
	void *shown;
	int status;
};

/**
 * expectation_parse - parse @text, which error messages call @subject
 * @expect: filled if that is right; ends with expect_free()
 *
 * Return: 0, or a negative errno that was reported as SUBJECT:LINE:COLUMN.
 */
int expectation_parse(const char *subject, const char *text, size_t size, struct expect **expect);

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
void expectation_missed(struct expectation *expectation, enum role role, enum point point,
			uint64_t count);

void expectation_close(struct expectation *expectation);

#endif
