/* SPDX-License-Identifier: MIT */
/*
 * The time that records carry.
 */
#ifndef FTOPEN_UTIL_CLOCK_H
#define FTOPEN_UTIL_CLOCK_H

#include <stdint.h>

#define NS_PER_SECOND INT64_C(1000000000)

/**
 * trace_clock_now - what the kernel's trace clock "mono" reads, in nanoseconds
 *
 * In a time namespace that is not CLOCK_MONOTONIC.
 */
uint64_t trace_clock_now(void);

/**
 * seconds_now - the same in seconds, for how long something took
 */
double seconds_now(void);

#endif
