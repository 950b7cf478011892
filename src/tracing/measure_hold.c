/* SPDX-License-Identifier: MIT */
/*
 * One open after the other gets the same struct filename, so that a pointer into it proves nothing.
 * A thread that waits in the open of a FIFO keeps it, if it ran on the same processor.
 */
#include "measure_hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/io.h"

#define WAIT_TRIES 200
#define WAIT_NS	   (1000 * 1000L)

static void *wait_in_open(void *context)
{
	struct hold *hold = context;
	int fd;

	__atomic_store_n(&hold->tid, gettid(), __ATOMIC_RELEASE);
	fd = open(hold->path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return NULL;
}

/* Field 3 of /proc/self/task/TID/stat, after the name in parentheses. */
static bool is_asleep(pid_t tid)
{
	char path[64], *text, *end;
	bool asleep;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
	if (read_file(path, &text, NULL))
		return false;
	end = strrchr(text, ')');
	asleep = end && !strncmp(end, ") S", 3);
	free(text);
	return asleep;
}

static void await_sleep(struct hold *hold)
{
	static const struct timespec pause = { .tv_nsec = WAIT_NS };

	for (int i = 0; i < WAIT_TRIES; i++) {
		pid_t tid = __atomic_load_n(&hold->tid, __ATOMIC_ACQUIRE);

		if (tid && is_asleep(tid))
			return;
		nanosleep(&pause, NULL);
	}
}

/* Each processor has free ones of its own. */
static void pin(struct hold *hold)
{
	cpu_set_t one;
	int cpu = sched_getcpu();

	if (cpu < 0 || sched_getaffinity(0, sizeof(hold->cpus), &hold->cpus))
		return;
	CPU_ZERO(&one);
	CPU_SET((size_t)cpu, &one);
	hold->is_pinned = !sched_setaffinity(0, sizeof(one), &one);
}

void hold_filename(struct hold *hold, const char *dir)
{
	memset(hold, 0, sizeof(*hold));
	snprintf(hold->path, sizeof(hold->path), "%s/fifo", dir);
	pin(hold);
	if (mkfifo(hold->path, 0600))
		return;
	hold->is_held = !pthread_create(&hold->thread, NULL, wait_in_open, hold);
	if (hold->is_held)
		await_sleep(hold);
	else
		unlink(hold->path);
}

void hold_release(struct hold *hold)
{
	int fd;

	if (hold->is_held) {
		/* Both ends: the reader comes back, and this does not wait for one. */
		fd = open(hold->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (fd < 0)
			pthread_cancel(hold->thread);
		pthread_join(hold->thread, NULL);
		if (fd >= 0)
			close(fd);
		unlink(hold->path);
	}
	if (hold->is_pinned)
		sched_setaffinity(0, sizeof(hold->cpus), &hold->cpus);
	memset(hold, 0, sizeof(*hold));
}
