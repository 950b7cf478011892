/* SPDX-License-Identifier: MIT */
/*
 * Stamps and times.
 */
#include "pages/clock.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

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

uint64_t clock_time(const struct trace_clock *clock, uint64_t stamp)
{
	__extension__ typedef unsigned __int128 wide;

	if (clock->only_orders)
		return stamp;
	if (clock->mult)
		stamp = (uint64_t)((wide)stamp * clock->mult >> clock->shift);
	return stamp + (uint64_t)clock->offset;
}

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

struct trace_clock clock_mono(void)
{
	return (struct trace_clock){
		.name = "mono",
		.has_wall = true,
		.wall = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_MONOTONIC),
	};
}
