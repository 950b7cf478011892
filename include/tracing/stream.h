/* SPDX-License-Identifier: MIT */
/*
 * A stream of raw records: all CPUs of some instances, merged by time. Live streams read
 * trace_pipe_raw; tracedat/read.h makes the same thing from a file.
 */
#ifndef FTOPEN_TRACING_STREAM_H
#define FTOPEN_TRACING_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pages/page_sink.h"
#include "pages/record_sink.h"
#include "tracing/session.h"

struct stream;

/**
 * stream_new - open trace_pipe_raw of every CPU of @instances, without blocking
 *
 * Return: 0, or a negative errno that was reported. Ends with stream_free(), which has to come
 * before the instances are removed.
 */
int stream_new(struct instance *const *instances, size_t count, const struct record_sink *sink,
	       struct stream **stream);

void stream_free(struct stream *stream);

/**
 * stream_start - read in a thread of its own from here on, so that what is recorded is taken out of
 * the ring buffers while the sink is busy; signals have to be blocked as they are to be there
 *
 * Without it the calls below read. Return: 0, or a negative errno that was reported.
 */
int stream_start(struct stream *stream);

/**
 * stream_tap - give every page that is read from here on to @tap, too, before it is looked at
 * @tap: its function page() is used, in the thread that reads; has to outlive the stream, and to
 *	come before stream_start()
 */
void stream_tap(struct stream *stream, const struct page_sink *tap);

/**
 * stream_poll_fd - a descriptor that becomes readable when there is something to read
 */
int stream_poll_fd(const struct stream *stream);

/**
 * stream_pump - read what is there and hand on every record that can be ordered
 *
 * A record is ordered when every CPU was read to its end at a later time of the trace clock; what
 * is younger stays until the next call.
 *
 * Return: 0, or a negative errno.
 */
int stream_pump(struct stream *stream);

/**
 * stream_hold - hand on nothing from @until on, until another time is given or stream_drain()
 */
void stream_hold(struct stream *stream, uint64_t until);

/**
 * stream_drain - read all that is left, partial pages included, and hand on everything
 *
 * For after tracing was turned off.
 */
int stream_drain(struct stream *stream);

/**
 * stream_discard - read all that is left for the tap only, and hand on nothing any more
 *
 * For a sink that failed, after tracing was turned off.
 */
int stream_discard(struct stream *stream);

#endif
