/* SPDX-License-Identifier: MIT */
/*
 * The kernel's monotonic clock, from within a time namespace, too, where ours is another one.
 */
#include "util/clock.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/io.h"

#define INITIAL_TIME_NAMESPACE "time:[4026531834]" /* PROC_TIME_INIT_INO */

static int64_t offset; /* of our clock to the kernel's */

/* 5.6 and later: "monotonic SECONDS NANOSECONDS"; the file is about the namespace of children. */
static void read_offset(void)
{
	char link[64], *text, *line;
	ssize_t len = readlink("/proc/self/ns/time", link, sizeof(link) - 1);
	int64_t seconds, ns;

	link[len > 0 ? len : 0] = '\0';
	if (len < 0 || !strcmp(link, INITIAL_TIME_NAMESPACE) ||
	    read_file("/proc/self/timens_offsets", &text, NULL))
		return;
	line = strstr(text, "monotonic");
	if (line && sscanf(line, "monotonic %" SCNd64 " %" SCNd64, &seconds, &ns) == 2)
		offset = seconds * NS_PER_SECOND + ns;
	free(text);
}

uint64_t trace_clock_now(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct timespec ts;

	pthread_once(&once, read_offset);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)((int64_t)ts.tv_sec * NS_PER_SECOND + ts.tv_nsec - offset);
}

double seconds_now(void)
{
	return (double)trace_clock_now() / (double)NS_PER_SECOND;
}
