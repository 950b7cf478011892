/* SPDX-License-Identifier: MIT */
/*
 * What dead runs left behind: told by the pid and start time in its name, and removed.
 */
#include "session_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracing/process.h"
#include "util/io.h"
#include "util/message.h"

/* Exactly ftopen_PID_STARTTIME, then @end or what an instance's suffix begins with. */
static bool is_dead_run(const char *name, char end, bool may_have_suffix)
{
	uint64_t start, started;
	int pid, len = 0;
	char last;

	if (sscanf(name, "ftopen_%d_%" SCNu64 "%n", &pid, &started, &len) != 2 || !len)
		return false;
	last = name[len];
	if (last != end && !(may_have_suffix && last == '_'))
		return false;
	return pid > 0 && (process_start_time(pid, &start) == -ENOENT || start != started);
}

static int clean_instance(const char *dir, const char *name, unsigned int *removed)
{
	char path[4096];
	int ret;

	/* Events stay enabled until here: a probe that is enabled cannot be removed. */
	snprintf(path, sizeof(path), "%s/instances/%s/events/enable", dir, name);
	ret = write_file(path, "0", 0);
	snprintf(path, sizeof(path), "%s/instances/%s", dir, name);
	if (rmdir(path) < 0 && errno != ENOENT) {
		ret = -errno;
		error("cannot remove '%s': %s", path, strerror(-ret));
		return ret;
	}
	(*removed)++;
	return ret == -ENOENT ? 0 : ret;
}

static int clean_instances(const char *dir, unsigned int *removed)
{
	char path[4096];
	struct dirent *entry;
	DIR *folder;
	int ret = 0;

	snprintf(path, sizeof(path), "%s/instances", dir);
	folder = opendir(path);
	if (!folder) {
		ret = -errno;
		error("cannot read '%s': %s", path, strerror(-ret));
		return ret;
	}
	while ((entry = readdir(folder))) {
		int cleaned = 0;

		if (is_dead_run(entry->d_name, '\0', true))
			cleaned = clean_instance(dir, entry->d_name, removed);
		if (!ret)
			ret = cleaned;
	}
	closedir(folder);
	return ret;
}

static int clean_probe(const char *path, const char *line, unsigned int *removed)
{
	const char *name = strchr(line, ':');
	char command[256];
	int ret;

	if (!name || !is_dead_run(name + 1, '/', false))
		return 0;
	snprintf(command, sizeof(command), "-:%.*s\n", (int)strcspn(name + 1, " "), name + 1);
	ret = write_file(path, command, O_APPEND);
	if (ret == -ENOENT)
		return 0; /* another one that cleans was quicker */
	if (ret)
		error("cannot remove probe '%.*s': %s", (int)strcspn(name + 1, " "), name + 1,
		      strerror(-ret));
	else
		(*removed)++;
	return ret;
}

static int clean_probes(const char *dir, unsigned int *removed)
{
	char path[4096], *events, *line, *rest;
	int ret;

	snprintf(path, sizeof(path), "%s/kprobe_events", dir);
	ret = read_file(path, &events, NULL);
	if (ret) {
		error("cannot read '%s': %s", path, strerror(-ret));
		return ret;
	}
	for (line = strtok_r(events, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		int cleaned = clean_probe(path, line, removed);

		if (!ret)
			ret = cleaned;
	}
	free(events);
	return ret;
}

int session_clean(const char *dir, unsigned int *removed)
{
	int ret;

	*removed = 0;
	if (!has_initial_pids()) {
		error("cannot clean '%s': this pid namespace does not see every process", dir);
		hint("run 'ftopen clean' in the initial pid namespace, outside of the container");
		return -EPERM;
	}
	ret = clean_instances(dir, removed);
	return ret ? ret : clean_probes(dir, removed);
}
