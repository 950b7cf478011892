/* SPDX-License-Identifier: MIT */
/*
 * The temporary probes that show windows of kernel memory, and what they showed of one act.
 */
#ifndef FTOPEN_TRACING_MEASURE_TAPS_H
#define FTOPEN_TRACING_MEASURE_TAPS_H

#include "kernel/measure.h"
#include "kernel/symbols.h"
#include "tracing/session.h"

struct taps;

/**
 * taps_new - define and enable the probes, in an instance of this thread's own, with tracing off
 *
 * What the kernel refuses shows nothing.
 *
 * Return: 0, or a negative errno that was reported. Ends with taps_free().
 */
int taps_new(struct session *session, const struct symbols *symbols, struct taps **taps);

/**
 * taps_free - remove the probes and the instance
 *
 * Return: 0, or a negative errno that was reported.
 */
int taps_free(struct taps *taps);

/**
 * taps_watch - do something while the probes record
 * @round: gets every window that was seen exactly once; what it pointed to stays valid until
 *	taps_free()
 *
 * Return: what @act returned, or another negative errno, which was reported.
 */
int taps_watch(struct taps *taps, int (*act)(void *context), void *context, struct round *round);

/**
 * taps_watch_named - the same for something that makes many dentries
 * @named: gets the new ones' windows, @count at most; set to the number of them
 */
int taps_watch_named(struct taps *taps, int (*act)(void *context), void *context,
		     struct window *named, size_t *count);

#endif
