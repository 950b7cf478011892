/* SPDX-License-Identifier: MIT */
/*
 * What the time stamps of records are: nanoseconds of a trace clock, numbers that can be converted
 * to them, or numbers that only order the records.
 */
#ifndef FTOPEN_PAGES_CLOCK_H
#define FTOPEN_PAGES_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct trace_clock - a trace clock as it was used
 * @name: as the kernel calls it, NULL if not known
 * @only_orders: stamps put records in order, and are no times
 * @mult, @shift: stamps are counts of cycles; nanoseconds are @mult / 2^@shift as many; @mult 0 for
 *	a clock that needs no conversion
 * @offset: nanoseconds that who recorded wanted to be added
 * @has_wall: it is known how far the wall clock is from it
 * @is_wall: who recorded wanted to see wall-clock times
 * @wall: nanoseconds to add for the time since the epoch
 */
struct trace_clock {
	const char *name;
	bool only_orders;
	bool has_wall;
	bool is_wall;
	uint32_t mult;
	uint32_t shift;
	int64_t offset;
	int64_t wall;
};

/**
 * clock_counts_ns - whether the kernel's trace clock @name counts nanoseconds
 */
bool clock_counts_ns(const char *name);

/**
 * clock_time - the time of a record with this stamp; the stamp itself if it is none
 */
uint64_t clock_time(const struct trace_clock *clock, uint64_t stamp);

/**
 * clock_mono - the trace clock "mono", which ftopen uses, and where the wall clock is at this
 * moment
 */
struct trace_clock clock_mono(void);

#endif
