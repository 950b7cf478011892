/* SPDX-License-Identifier: MIT */
/*
 * Times as a person or a program wants them: of the trace clock, of the wall clock, or since the
 * one before.
 */
#include "common.h"

#include <inttypes.h>
#include <time.h>

#include "util/clock.h"

/* Nanoseconds, which may be before the one before. */
static int64_t next_time(struct times *times, uint64_t ts)
{
	int64_t delta = times->before ? (int64_t)(ts - times->before) : 0;

	times->before = ts;
	if (times->shown == TIMES_DELTA)
		return delta;
	return (int64_t)ts + (times->shown == TIMES_WALL ? times->clock->wall : 0);
}

static void write_ns(struct text *text, int64_t ns)
{
	if (ns < 0)
		text_char(text, '-');
	text_seconds(text, ns < 0 ? -(uint64_t)ns : (uint64_t)ns);
}

void times_seconds(struct text *text, struct times *times, uint64_t ts)
{
	write_ns(text, next_time(times, ts));
}

#define TIME_SIZE 32

static void format_time_of_day(char *to, int64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_SECOND);
	struct tm day;

	if (localtime_r(&seconds, &day))
		snprintf(to, TIME_SIZE, "%02d:%02d:%02d.%06" PRId64, day.tm_hour, day.tm_min,
			 day.tm_sec, ns % NS_PER_SECOND / 1000);
	else
		snprintf(to, TIME_SIZE, "?");
}

static void format_time(char *to, struct times *times, uint64_t ts)
{
	int64_t ns;

	if (times->clock->only_orders) {
		snprintf(to, TIME_SIZE, "-");
		return;
	}
	ns = next_time(times, ts);
	if (times->shown == TIMES_WALL)
		format_time_of_day(to, ns);
	else
		snprintf(to, TIME_SIZE, "%.6f", (double)ns / NS_PER_SECOND);
}

void times_plain(struct text *text, struct times *times, uint64_t ts)
{
	char shown[TIME_SIZE];

	format_time(shown, times, ts);
	text_str(text, shown);
}

void times_column(struct text *text, struct times *times, uint64_t ts)
{
	char shown[TIME_SIZE];

	format_time(shown, times, ts);
	text_format(text, "%*s", TIMES_WIDTH, shown);
}
