/* SPDX-License-Identifier: MIT */
/*
 * The page source of a live trace: trace_pipe_raw of all CPUs of some instances.
 */
#ifndef FTOPEN_TRACING_STREAM_H
#define FTOPEN_TRACING_STREAM_H

#include <stddef.h>

#include "pages/merge.h"
#include "pages/page_sink.h"
#include "tracing/instance.h"

struct stream;

/**
 * stream_new - open trace_pipe_raw of every CPU of @instances, without blocking
 * @may_spill: pages beyond the memory limit may wait in a file; else they are reported as lost
 *
 * Return: 0, or a negative errno that was reported. Ends with stream_free(), which has to come
 * before the instances are removed.
 */
int stream_new(struct instance *const *instances, size_t count, bool may_spill,
	       struct stream **stream);

void stream_free(struct stream *stream);

/**
 * stream_pages - what is read of the stream, for the merge; stays the stream's
 *
 * What was recorded is in order when every CPU was read to its end at a later time of the trace
 * clock. Stopped, it is read to its end, partial pages included.
 */
struct page_source *stream_pages(struct stream *stream);

/**
 * stream_start - read in a thread of its own from here on, so that what is recorded is taken out of
 * the ring buffers while the merge is busy; signals have to be blocked as they are to be there
 *
 * Without it the merge reads. Return: 0, or a negative errno that was reported.
 */
int stream_start(struct stream *stream);

/**
 * stream_stop - stop reading, except for what is left at the end
 */
void stream_stop(struct stream *stream);

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
 * stream_again - make stream_poll_fd() readable once more: the merge has more than it passed on
 */
void stream_again(const struct stream *stream);

/**
 * stream_discard - read all that is left for the tap only: the merge gets nothing any more
 *
 * For a sink that failed, after tracing was turned off.
 */
int stream_discard(struct stream *stream);

#endif
