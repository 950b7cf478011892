/* SPDX-License-Identifier: MIT */
/*
 * Finds what killed runs left behind, by the pid and start time in its name, and removes it.
 */
#include "tracing/clean.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "probe_list.h"
#include "tracing/process.h"
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

/*
 * What is done to a leftover; @count counts those that were removed, @failed is the error of the
 * first one that was not.
 */
struct cleanup {
	int (*instance)(const char *name);
	int (*probe)(const char *name);
	unsigned int *count;
	int failed;
};

static void note_swept(struct cleanup *cleanup, int swept)
{
	*cleanup->count += !swept;
	if (!cleanup->failed)
		cleanup->failed = swept;
}

static int remove_instance(const char *name)
{
	/* Events stay enabled until here: a probe that is enabled cannot be removed. */
	int ret = control_disable_all(name), removed = control_remove_instance(name);

	if (removed && removed != -ENOENT) {
		error("cannot remove instance '%s': %s", name, strerror(-removed));
		return removed;
	}
	return ret == -ENOENT ? 0 : ret;
}

static int sweep_instances(const char *dir, struct cleanup *cleanup)
{
	char path[4096];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/instances", dir);
	folder = opendir(path);
	if (!folder) {
		int ret = -errno;

		error("cannot read '%s': %s", path, strerror(-ret));
		return ret;
	}
	while ((entry = readdir(folder))) {
		if (is_dead_run(entry->d_name, '\0', true))
			note_swept(cleanup,
				   cleanup->instance ? cleanup->instance(entry->d_name) : 0);
	}
	closedir(folder);
	return 0;
}

/* @name is GROUP/EVENT. */
static int remove_probe(const char *name)
{
	int ret = control_undefine(name);

	if (ret == -ENOENT)
		return 0; /* another process removed it first */
	if (ret)
		error("cannot remove probe '%s': %s", name, strerror(-ret));
	return ret;
}

static int sweep_probes(const char *dir, struct cleanup *cleanup)
{
	char *events, *line, *rest;
	int ret = probe_list_read(dir, &events);

	if (ret)
		return ret;
	for (line = strtok_r(events, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *name = strchr(line, ':');

		if (!name || !is_dead_run(++name, '/', false))
			continue;
		name[strcspn(name, " ")] = '\0';
		note_swept(cleanup, cleanup->probe ? cleanup->probe(name) : 0);
	}
	free(events);
	return 0;
}

static int sweep(const char *dir, struct cleanup *cleanup)
{
	int ret;

	*cleanup->count = 0;
	if (!has_initial_pids()) {
		error("cannot clean '%s': this pid namespace does not see every process", dir);
		hint("run 'ftopen clean' in the initial pid namespace, outside of the container");
		return -EPERM;
	}
	ret = sweep_instances(dir, cleanup);
	if (!ret)
		ret = sweep_probes(dir, cleanup);
	return ret ? ret : cleanup->failed;
}

int session_leftovers(const char *dir, unsigned int *count)
{
	struct cleanup look = { .count = count };

	return sweep(dir, &look);
}

int session_clean(const char *dir, unsigned int *removed)
{
	struct cleanup remove = { remove_instance, remove_probe, removed, 0 };
	int ret = control_begin(dir);

	return ret ? ret : sweep(dir, &remove);
}
