/* SPDX-License-Identifier: MIT */
/*
 * The time that records carry.
 */
#ifndef FTOPEN_UTIL_CLOCK_H
#define FTOPEN_UTIL_CLOCK_H

#include <stdint.h>

/**
 * trace_clock_now - what the kernel's trace clock "mono" reads, in nanoseconds
 *
 * In a time namespace that is not CLOCK_MONOTONIC.
 */
uint64_t trace_clock_now(void);

#endif
