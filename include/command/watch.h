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

/**
 * struct watch - what is waited for
 * @child: NULL when attached
 * @fd: becomes readable when there are records; -1 for none
 * @pump: called then, and at least ten times a second; a negative errno ends the watch
 * @seconds: time limit, 0 for none
 */
struct watch {
	struct child *child;
	int fd;
	int (*pump)(void *context);
	void *context;
	double seconds;
	int signal_fd;
	sigset_t before;
	/* results */
	bool has_status;
	int status;
	int signals;
};

/**
 * watch_signals - from here on signals are read, not delivered; before the child is started
 *
 * watch->before is the mask that the program has to get. Return: 0 or a negative errno that was
 * reported.
 */
int watch_signals(struct watch *watch);

/**
 * watch_run - wait until the program ended, the time is over, or the person has had enough
 *
 * SIGINT, SIGTERM and SIGHUP are forwarded to the program, which is waited for; a second one stops
 * the waiting. Without a program the first one does.
 *
 * Return: 0, or what @pump returned.
 */
int watch_run(struct watch *watch);

/**
 * watch_end - close the descriptor and restore the mask
 */
void watch_end(struct watch *watch);

#endif
