/* SPDX-License-Identifier: MIT */
/*
 * Keeping the kernel's copy of a path in use, so that the next open gets another one.
 */
#ifndef FTOPEN_TRACING_MEASURE_HOLD_H
#define FTOPEN_TRACING_MEASURE_HOLD_H

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

/**
 * struct hold - all zero: nothing is held
 * @path: of a FIFO, whose open does not come back
 */
struct hold {
	bool is_held;
	bool is_pinned;
	cpu_set_t cpus;
	pthread_t thread;
	pid_t tid;
	char path[128];
};

/**
 * hold_filename - let a thread wait in an open in @dir, on this processor
 *
 * If that cannot be done nothing is held, and the next open may get the same copy.
 */
void hold_filename(struct hold *hold, const char *dir);

/**
 * hold_release - let it go, and remove what was made
 */
void hold_release(struct hold *hold);

#endif
