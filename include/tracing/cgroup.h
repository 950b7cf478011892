/* SPDX-License-Identifier: MIT */
/*
 * A control group (cgroup v2): where it is, and which tasks are in it or below it. Changes nothing.
 */
#ifndef FTOPEN_TRACING_CGROUP_H
#define FTOPEN_TRACING_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/tid_list.h"

/**
 * struct cgroup - all zero is none
 * @dir: of the group, malloc()ed
 * @path: the end of @dir, from the root of all groups: "/system.slice/cron.service", "" for the
 *	root itself
 */
struct cgroup {
	char *dir;
	const char *path;
};

/**
 * cgroup_find - the group at @path, from the root of all groups or from that of the file system
 *
 * Return: 0, or a negative errno that was reported. Ends with cgroup_release().
 */
int cgroup_find(struct cgroup *cgroup, const char *path);

/**
 * cgroup_of_unit - the group that systemd made for @unit; a name without a suffix is a service
 *
 * Return: as cgroup_find().
 */
int cgroup_of_unit(struct cgroup *cgroup, const char *unit);

void cgroup_release(struct cgroup *cgroup);

/**
 * cgroup_tids - append every task in the group and those below it
 *
 * Return: 0 or a negative errno; a group that went away meanwhile has no tasks.
 */
int cgroup_tids(const struct cgroup *cgroup, struct tid_list *tids);

/**
 * cgroup_has_path - whether @path, from the root of all groups, is the group or one below it
 */
bool cgroup_has_path(const struct cgroup *cgroup, const char *path);

/**
 * cgroup_has_left - whether the task @tid is there, and neither in the group nor below it
 */
bool cgroup_has_left(const struct cgroup *cgroup, pid_t tid);

#endif
