/* SPDX-License-Identifier: MIT */
/*
 * The processors of an instance, and their pipes.
 */
#include "raw_pipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util/message.h"

int instance_each_cpu(const struct instance *instance,
		      int (*visit)(void *context, const struct instance *instance, int cpu),
		      void *context)
{
	char path[4096];
	struct dirent *entry;
	DIR *folder;
	int cpu, ret = 0;

	snprintf(path, sizeof(path), "%s/per_cpu", instance_dir(instance));
	folder = opendir(path);
	if (!folder) {
		ret = -errno;
		error("cannot read '%s': %s", path, strerror(-ret));
		return ret;
	}
	while (!ret && (entry = readdir(folder))) {
		if (sscanf(entry->d_name, "cpu%d", &cpu) == 1)
			ret = visit(context, instance, cpu);
	}
	closedir(folder);
	return ret;
}

int raw_pipe_open(const struct instance *instance, int cpu)
{
	char path[4096];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/per_cpu/cpu%d/trace_pipe_raw", instance_dir(instance),
		 cpu);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	ret = -errno;
	error("cannot open '%s': %s", path, strerror(-ret));
	return ret;
}

bool raw_pipe_has_buffer(int fd)
{
	struct pollfd pipe = { .fd = fd, .events = POLLIN };

	return poll(&pipe, 1, 0) < 0 || !(pipe.revents & POLLERR);
}

void raw_pipe_pause(void)
{
	static const struct timespec pause = { .tv_nsec = 1000 * 1000L };

	nanosleep(&pause, NULL);
}
