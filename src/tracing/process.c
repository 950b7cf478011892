/* SPDX-License-Identifier: MIT */
/*
 * Processes by pid and start time, from /proc.
 */
#include "tracing/process.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/io.h"

#define INITIAL_PID_NAMESPACE "pid:[4026531836]" /* PROC_PID_INIT_INO */
#define START_TIME_FIELD      22

int process_start_time(pid_t pid, uint64_t *start)
{
	char path[64], *text, *at;
	int ret;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	ret = read_file(path, &text, NULL);
	if (ret)
		return ret == -ESRCH ? -ENOENT : ret;
	/* The second field is the comm in parentheses, which may hold spaces and parentheses. */
	at = strrchr(text, ')');
	for (int field = 2; at && field < START_TIME_FIELD; field++)
		at = strchr(at + 1, ' ');
	ret = at && sscanf(at, "%" SCNu64, start) == 1 ? 0 : -EBADMSG;
	free(text);
	return ret;
}

int process_threads(pid_t pid, struct tid_list *tids)
{
	size_t before = tids->count;
	struct dirent *entry;
	char path[64];
	DIR *folder;
	int ret = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	folder = opendir(path);
	if (!folder)
		return -errno;
	while (!ret && (entry = readdir(folder))) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid > 0)
			ret = tid_list_add(tids, tid);
	}
	closedir(folder);
	return !ret && tids->count == before ? -ENOENT : ret;
}

bool has_initial_pids(void)
{
	char link[64];
	ssize_t len = readlink("/proc/self/ns/pid", link, sizeof(link) - 1);

	if (len < 0)
		return true; /* a kernel without namespaces */
	link[len] = '\0';
	return !strcmp(link, INITIAL_PID_NAMESPACE);
}
