/* SPDX-License-Identifier: MIT */
/*
 * Waiting while something is traced: for records, the program's end, signals, the time limit.
 */
#ifndef FTOPEN_COMMAND_WATCH_H
#define FTOPEN_COMMAND_WATCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "tracing/child.h"
#include "tracing/witness.h"

/**
 * struct watch - what is waited for
 * @child: NULL when attached; then the first signal ends the watch
 * @witness: tells which signals @child has already; NULL when attached
 * @fd: becomes readable when there are records; -1 if nothing is traced
 * @pump: called then, and at least ten times a second, until it returns a negative errno; that ends
 *	the watch, unless there is a program to wait for; 1 ends it in any case
 * @seconds: time limit, 0 for none
 * @processes, @process_count: pidfds; when attached and all of them have ended, the watch ends
 * @is_out_of_time: our limit of CPU time was reached, which was reported
 * @has_reader: without a program the watch ends, too, when nobody reads @results_fd any more
 */
struct watch {
	struct child *child;
	struct witness *witness;
	int fd;
	int (*pump)(void *context);
	void *context;
	double seconds;
	const int *processes;
	size_t process_count;
	bool has_reader;
	int results_fd;
	int signal_fd;
	sigset_t before;
	/* results */
	bool has_status;
	int status;
	int signals;
	bool is_out_of_time;
};

/**
 * watch_signals - from here on signals are read, not delivered; before the child is started
 *
 * All that would end this process, but for those that the caller ignores. watch->before is the mask
 * that the program has to get. Return: 0 or a negative errno that was reported.
 */
int watch_signals(struct watch *watch);

/**
 * watch_run - wait until the program or what it is attached to ended, the time is over, or the
 * person has had enough
 *
 * A signal that was sent to us alone is passed on to the program, which is waited for, however many
 * come; what its process group was sent the program has already. Without a program the first signal
 * stops the waiting.
 *
 * Return: 0, or what @pump returned at last, or a negative errno that was reported: -ETIME if
 * something was traced and our CPU time is used up. After that, and after 1, the program may still
 * run: another watch waits for it.
 */
int watch_run(struct watch *watch);

/**
 * watch_end - close the descriptor and restore the mask
 *
 * What waits is delivered, unless it was for a program that has ended.
 */
void watch_end(struct watch *watch);

#endif
