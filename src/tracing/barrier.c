/* SPDX-License-Identifier: MIT */
/*
 * Either the kernel says that every processor left its probes, or a thread sees it by running on
 * each of them: who runs with preemption off is never switched away from.
 */
#include "tracing/barrier.h"

#include <linux/membarrier.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/io.h"

#define ONLINE "/sys/devices/system/cpu/online"

/* A processor may be another's alone: a task of real-time priority, an isolated one. */
#define MOST_NS ((uint64_t)1000 * 1000 * 1000)

/* Records that are on their way mostly come within that, whatever is known of it. */
#define GRACE_NS (100 * 1000 * 1000)

/* The thread is sent back again, as it may have gone on to the next processor meanwhile. */
#define PAUSE_NS (10 * 1000 * 1000)

/* Return: whether this thread ran there. A processor that went offline looks like any other. */
static bool visit(unsigned int cpu)
{
	size_t size = CPU_ALLOC_SIZE(cpu + 1);
	cpu_set_t *one = CPU_ALLOC(cpu + 1);
	bool is_there;

	if (!one)
		return false;
	CPU_ZERO_S(size, one);
	CPU_SET_S(cpu, size, one);
	is_there = !sched_setaffinity(0, size, one) && sched_getcpu() == (int)cpu;
	CPU_FREE(one);
	return is_there;
}

/* @list: such as "0-3,5" */
static bool visit_all(const struct barrier *barrier, const char *list)
{
	for (char *end; *list && *list != '\n'; list = end + (*end == ',')) {
		unsigned long cpu = strtoul(list, &end, 10), last = cpu;

		if (end == list)
			return false;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; cpu <= last; cpu++) {
			if (atomic_load(&barrier->is_given_up) || !visit((unsigned int)cpu))
				return false;
		}
	}
	return true;
}

static bool is_seen_by_visits(struct barrier *barrier)
{
	char *online;
	bool was_seen;

	atomic_store(&barrier->deadline, trace_clock_now() + MOST_NS);
	if (read_file(ONLINE, &online, NULL))
		return false;
	was_seen = visit_all(barrier, online);
	free(online);
	return was_seen;
}

static void *wait_for_all(void *context)
{
	static const struct timespec grace = { .tv_nsec = GRACE_NS };
	struct barrier *barrier = context;

	barrier->was_seen =
		!syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) || is_seen_by_visits(barrier);
	if (!barrier->was_seen && !atomic_load(&barrier->is_given_up))
		nanosleep(&grace, NULL);
	atomic_store(&barrier->is_done, true);
	return NULL;
}

int barrier_start(struct barrier *barrier)
{
	barrier->was_seen = false;
	atomic_store(&barrier->deadline, UINT64_MAX);
	atomic_store(&barrier->is_done, false);
	atomic_store(&barrier->is_given_up, false);
	return -pthread_create(&barrier->thread, NULL, wait_for_all, barrier);
}

bool barrier_is_over(const struct barrier *barrier)
{
	return atomic_load(&barrier->is_done) ||
	       trace_clock_now() >= atomic_load(&barrier->deadline);
}

/* It waits for a processor that does not take it, and ends where there is room. */
static void send_back(const struct barrier *barrier)
{
	cpu_set_t all;

	memset(&all, 0xff, sizeof(all));
	pthread_setaffinity_np(barrier->thread, sizeof(all), &all);
}

bool barrier_end(struct barrier *barrier)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_NS };

	atomic_store(&barrier->is_given_up, true);
	while (!atomic_load(&barrier->is_done)) {
		send_back(barrier);
		nanosleep(&pause, NULL);
	}
	pthread_join(barrier->thread, NULL);
	return barrier->was_seen;
}
