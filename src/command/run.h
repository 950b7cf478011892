/* SPDX-License-Identifier: MIT */
/*
 * One run of a program, or of an attached trace, from the first signal mask to the last undo: what
 * trace and record share. Knows neither chains nor files.
 */
#ifndef FTOPEN_COMMAND_RUN_H
#define FTOPEN_COMMAND_RUN_H

#include "live.h"
#include "command/options.h"
#include "watch.h"
#include "tracing/child.h"

/**
 * struct run - all zero but for @options: nothing is up
 * @exec_error: the negative errno of the program's exec, 0 if it runs
 * @goes_on: the trace ended before the program did
 */
struct run {
	const struct options *options;
	struct watch watch;
	struct child *child;
	struct live live;
	int exec_error;
	bool goes_on;
};

/**
 * run_prepare - find what is traced, start it stopped, and define the probes
 *
 * For after watch_signals(). Return: 0, or a negative errno that was reported.
 */
int run_prepare(struct run *run);

/**
 * run_watch - let the program go and wait for its end, or for that of an attached trace
 * @fd, @pump, @context: see struct watch
 *
 * Return: 0, with run->exec_error set and reported if the program does not run; or the negative
 * errno that @pump returned.
 */
int run_watch(struct run *run, int fd, int (*pump)(void *context), void *context);

/**
 * run_status - the exit status of a run that ftopen itself did not fail: the program's, 126 or 127
 */
int run_status(const struct run *run);

/**
 * run_end - undo everything but watch_signals(), in reverse; safe at any point after that
 *
 * A program that goes on is left alone. Return: 0, or a negative errno that was reported.
 */
int run_end(struct run *run);

/**
 * run_await - wait for a program that went on without a trace; for after run_end()
 *
 * Return: 0, or a negative errno that was reported.
 */
int run_await(struct run *run);

#endif
