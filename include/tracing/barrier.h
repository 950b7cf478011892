/* SPDX-License-Identifier: MIT */
/*
 * A moment after which no probe that ran before it is still writing its record.
 */
#ifndef FTOPEN_TRACING_BARRIER_H
#define FTOPEN_TRACING_BARRIER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct barrier - a thread that waits for that moment
 * @deadline: of the trace clock: from then on nobody waits for a processor that does not come
 * @was_seen: what the thread found out
 */
struct barrier {
	pthread_t thread;
	_Atomic uint64_t deadline;
	atomic_bool is_done, is_given_up;
	bool was_seen;
};

/**
 * barrier_start - begin to wait
 *
 * A probe runs with preemption off, and so does the writing of a record. membarrier(2) returns when
 * each processor has had it on. Where the kernel refuses that (nohz_full), the thread runs on each
 * processor in turn.
 *
 * Return: 0, or a negative errno, not reported. Ends with barrier_end().
 */
int barrier_start(struct barrier *barrier);

/**
 * barrier_is_over - whether barrier_end() has nothing to wait for
 */
bool barrier_is_over(const struct barrier *barrier);

/**
 * barrier_end - the end of the thread, whatever it waits for
 *
 * Return: whether it is known that each processor was seen outside of the probes. If not, a record
 * of a time before barrier_start() may still come.
 */
bool barrier_end(struct barrier *barrier);

#endif
