/* SPDX-License-Identifier: MIT */
/*
 * Stamps and times.
 */
#include "pages/clock.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "util/clock.h"

/* "uptime" is in the kernel's list of clocks in nanoseconds, too, but counts clock ticks. */
bool clock_counts_ns(const char *name)
{
	static const char *const known[] = { "local", "global", "mono", "mono_raw",
					     "boot",  "tai",	"perf" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strcmp(known[i], name))
			return true;
	}
	return false;
}

/* @stamp * @mult / 2^@shift: compilers for 32-bit machines have no number of 96 bits. */
static uint64_t scale(uint64_t stamp, uint32_t mult, uint32_t shift)
{
	uint64_t low = (stamp & UINT32_MAX) * mult;
	uint64_t high = (stamp >> 32) * mult + (low >> 32);

	if (shift <= 32)
		return (high << (32 - shift)) + ((low & UINT32_MAX) >> shift);
	return high >> (shift - 32);
}

uint64_t clock_time(const struct trace_clock *clock, uint64_t stamp)
{
	if (clock->only_orders)
		return stamp;
	if (clock->mult)
		stamp = scale(stamp, clock->mult, clock->shift);
	return stamp + (uint64_t)clock->offset;
}

struct trace_clock clock_mono(void)
{
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	return (struct trace_clock){
		.name = "mono",
		.has_wall = true,
		.wall = wall.tv_sec * NS_PER_SECOND + wall.tv_nsec - (int64_t)trace_clock_now(),
	};
}
