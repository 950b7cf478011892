/* SPDX-License-Identifier: MIT */
/*
 * The recorder: moves whole pages from trace_pipe_raw to a page sink, without a look at them, and
 * where the kernel can without a copy through this process.
 */
#ifndef FTOPEN_TRACING_RECORDER_H
#define FTOPEN_TRACING_RECORDER_H

#include <stddef.h>
#include <stdint.h>

#include "pages/page_sink.h"
#include "tracing/instance.h"

struct recorder;

/**
 * recorder_new - open trace_pipe_raw of every CPU of @instances, without blocking
 * @sink: has to outlive the recorder
 *
 * Return: 0, or a negative errno that was reported. Ends with recorder_free(), which has to come
 * before the instances are removed.
 */
int recorder_new(struct instance *const *instances, size_t count, const struct page_sink *sink,
		 struct recorder **recorder);

void recorder_free(struct recorder *recorder);

/**
 * recorder_poll_fd - an epoll descriptor that becomes readable when there are pages
 */
int recorder_poll_fd(const struct recorder *recorder);

/**
 * recorder_pump - move the pages that are full
 *
 * A sink that failed is no failure of the recorder: that CPU's pages stay in the ring buffer.
 *
 * Return: 0, or a negative errno that was reported.
 */
int recorder_pump(struct recorder *recorder);

/**
 * recorder_copy - move through page() what is there, partial pages included: of each buffer all
 * that was recorded up to @until, and a bounded number of pages more
 *
 * Return: as recorder_pump().
 */
int recorder_copy(struct recorder *recorder, uint64_t until);

/**
 * recorder_drain - move all that is left, partial pages included; for after tracing was turned off.
 * What the kernel still counts in a buffer is asked for again, for 20 ms at most
 */
int recorder_drain(struct recorder *recorder);

/**
 * recorder_moved - bytes of pages so far
 */
uint64_t recorder_moved(const struct recorder *recorder);

#endif
