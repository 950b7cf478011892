/* SPDX-License-Identifier: MIT */
/*
 * trace_pipe_raw of one processor, which may come and go.
 */
#ifndef FTOPEN_TRACING_RAW_PIPE_H
#define FTOPEN_TRACING_RAW_PIPE_H

#include <stdbool.h>

#include "tracing/instance.h"

/**
 * raw_pipe_open - trace_pipe_raw of @cpu, without blocking
 *
 * Return: the descriptor, or a negative errno that was reported.
 */
int raw_pipe_open(const struct instance *instance, int cpu);

/**
 * raw_pipe_has_buffer - whether there can be anything in it: the processor was online once
 *
 * One that never was has no buffer. Its pipe can be opened, but a read fails with ENODEV, and a
 * poll reports an error at once: whoever waits for it would not sleep. From the moment on at which
 * it comes online the same descriptor gives what it records, also when it is offline again.
 */
bool raw_pipe_has_buffer(int fd);

/*
 * The kernel may also answer that there is nothing where it cannot give a page just then. With
 * tracing off its counts show that. They are read this often, with pauses between.
 */
#define RAW_PIPE_TRIES 20

/**
 * raw_pipe_pause - what stands in the way of a page is given a millisecond to pass
 */
void raw_pipe_pause(void);

#endif
