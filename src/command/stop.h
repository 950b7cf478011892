/* SPDX-License-Identifier: MIT */
/*
 * --stop-when: claims that end a trace as soon as all of them hold for what was seen.
 */
#ifndef FTOPEN_COMMAND_STOP_H
#define FTOPEN_COMMAND_STOP_H

#include "chain/correlator.h"
#include "chain/expect.h"
#include "chain/sink.h"
#include "command/options.h"

/**
 * struct stop - all zero: no claim ends the trace, and every function does nothing
 * @text: the claims as they were given
 * @mine, @next: where chains go: to the run, and on
 * @at: a time, in nanoseconds: before it names are not looked at again
 * @is_over: the claims held, and somebody was told
 * @holds: what became of the claims at the last look
 * @why: why one of them was unknown then, NULL if none was; static storage
 */
struct stop {
	const char *text;
	struct expect *expect;
	struct expect_run *run;
	struct chain_sink mine, next;
	uint64_t at;
	bool is_over;
	bool holds;
	const char *why;
};

/**
 * stop_open - parse the claims of --stop-when in @options, which have to outlive @stop
 *
 * Return: 0, or a negative errno that was reported. Ends with stop_close().
 */
int stop_open(struct stop *stop, const struct options *options);

/**
 * stop_start - stand between the correlator and @next
 * @options: what is armed
 * @sink: filled with what the correlator is to be given; may be @next
 *
 * Return: 0 or -ENOMEM.
 */
int stop_start(struct stop *stop, const struct expect_options *options,
	       const struct chain_sink *next, struct chain_sink *sink);

/**
 * stop_look - compare the names that are remembered with the claims, if it is time to
 *
 * Return: 1 once they hold, which is said; 0, or -ENOMEM.
 */
int stop_look(struct stop *stop, const struct correlator *correlator);

/**
 * stop_status - the exit status of a trace that has no program, after its summary: 0, or 1 if the
 * claims did not hold, which is said
 */
int stop_status(const struct stop *stop);

void stop_close(struct stop *stop);

#endif
