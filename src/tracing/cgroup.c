/* SPDX-License-Identifier: MIT */
/*
 * Control groups, from their file system and /proc.
 */
#include "tracing/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/io.h"
#include "util/message.h"

/* Where version 2 is mounted, the caller's to free(); NULL for nowhere. */
static char *find_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;
	char *found = NULL;

	while (mounts && !found && (entry = getmntent(mounts))) {
		if (!strcmp(entry->mnt_type, "cgroup2"))
			found = strdup(entry->mnt_dir);
	}
	if (mounts)
		endmntent(mounts);
	return found;
}

static int refuse_without_mount(void)
{
	error("cannot find control groups: no file system of version 2 is mounted");
	hint("mount -t cgroup2 cgroup2 /sys/fs/cgroup mounts it");
	return -ENOENT;
}

/* As the kernel writes the path, which is below @mount: without "..", and no slash at its end. */
static int set_dir(struct cgroup *cgroup, const char *mount, const char *below)
{
	size_t len = strlen(mount);
	char *given, *found;
	struct stat stats;
	int ret;

	if (asprintf(&given, "%s/%s", mount, below) < 0)
		return -ENOMEM;
	found = realpath(given, NULL);
	ret = found ? 0 : -errno;
	free(given);
	if (ret)
		return ret;
	if (strncmp(found, mount, len) != 0 || (found[len] && found[len] != '/') ||
	    stat(found, &stats) < 0 || !S_ISDIR(stats.st_mode)) {
		free(found);
		return -ENOTDIR;
	}
	cgroup->dir = found;
	cgroup->path = found + len;
	return 0;
}

static int refuse_group(const char *path, const char *mount)
{
	error("cannot trace control group '%s': it is no control group below '%s'", path, mount);
	hint("/proc/PID/cgroup has the path of a process's control group, after '0::'");
	return -ENOENT;
}

int cgroup_find(struct cgroup *cgroup, const char *path)
{
	char *mount = find_mount();
	size_t len = mount ? strlen(mount) : 0;
	bool is_whole;
	int ret;

	if (!mount)
		return refuse_without_mount();
	is_whole = !strncmp(path, mount, len) && (path[len] == '/' || !path[len]);
	ret = *path ? set_dir(cgroup, mount, is_whole ? path + len : path) : -ENOENT;
	if (ret && ret != -ENOMEM)
		ret = refuse_group(path, mount);
	free(mount);
	return ret;
}

/* The groups of one name. Only the first is kept. */
static size_t find_named(const char *mount, const char *name, char **path)
{
	char *roots[] = { (char *)mount, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;
	size_t count = 0;

	while (tree && (entry = fts_read(tree))) {
		if (entry->fts_info != FTS_D || strcmp(entry->fts_name, name) != 0)
			continue;
		if (!count++)
			*path = strdup(entry->fts_path);
	}
	if (tree)
		fts_close(tree);
	return count;
}

int cgroup_of_unit(struct cgroup *cgroup, const char *unit)
{
	char *mount = find_mount(), *path = NULL, name[256];
	size_t count;
	int ret;

	if (!mount)
		return refuse_without_mount();
	snprintf(name, sizeof(name), "%s%s", unit, strchr(unit, '.') ? "" : ".service");
	count = find_named(mount, name, &path);
	free(mount);
	if (count == 1) {
		ret = path ? cgroup_find(cgroup, path) : -ENOMEM;
		free(path);
		return ret;
	}
	if (count)
		error("cannot trace unit '%s': %zu control groups have this name", unit, count);
	else
		error("cannot trace unit '%s': it has no control group: is it running?", unit);
	hint("--cgroup names a control group by its path");
	free(path);
	return -ENOENT;
}

void cgroup_release(struct cgroup *cgroup)
{
	free(cgroup->dir);
	memset(cgroup, 0, sizeof(*cgroup));
}

static int add_tids(const char *dir, struct tid_list *tids)
{
	char *path, *text, *at, *end;
	int ret;

	if (asprintf(&path, "%s/cgroup.threads", dir) < 0)
		return -ENOMEM;
	ret = read_file(path, &text, NULL);
	free(path);
	if (ret) /* it went away */
		return ret == -ENOMEM ? ret : 0;
	for (at = text; !ret && strtol(at, &end, 10) > 0; at = end)
		ret = tid_list_add(tids, (pid_t)strtol(at, NULL, 10));
	free(text);
	return ret;
}

int cgroup_tids(const struct cgroup *cgroup, struct tid_list *tids)
{
	char *roots[] = { cgroup->dir, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;
	int ret = tree ? 0 : -errno;

	while (!ret && (entry = fts_read(tree))) {
		if (entry->fts_info == FTS_D)
			ret = add_tids(entry->fts_path, tids);
	}
	if (tree)
		fts_close(tree);
	return ret;
}

bool cgroup_has_path(const struct cgroup *cgroup, const char *path)
{
	size_t len = strlen(cgroup->path);

	return !strncmp(path, cgroup->path, len) && (!path[len] || path[len] == '/');
}

bool cgroup_has_left(const struct cgroup *cgroup, pid_t tid)
{
	char path[64], *text, *at;
	bool has_left = false;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)tid);
	if (read_file(path, &text, NULL))
		return false;
	at = !strncmp(text, "0::", 3) ? text : strstr(text, "\n0::");
	if (at) {
		at += *at == '\n' ? 4 : 3;
		at[strcspn(at, "\n")] = '\0';
		has_left = !cgroup_has_path(cgroup, strcmp(at, "/") ? at : "");
	}
	free(text);
	return has_left;
}
