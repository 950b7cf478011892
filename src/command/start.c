/* SPDX-License-Identifier: MIT */
/*
 * Where a traced program begins, and what it sees in two places. What cannot be seen is not known.
 */
#include "start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mounts.h"
#include "tracing/place.h"

void start_place_find(struct start_place *place)
{
	char *path = getcwd(NULL, 0);
	struct stat dir, root;

	memset(place, 0, sizeof(*place));
	/* "(unreachable)/…": it is not below our root. */
	if (!path || path[0] != '/' || stat(".", &dir) || stat("/", &root)) {
		free(path);
		return;
	}
	place->path = path;
	place->dev = (uint32_t)kernel_dev(dir.st_dev);
	place->ino = dir.st_ino;
	place->root_dev = (uint32_t)kernel_dev(root.st_dev);
	place->root_ino = root.st_ino;
}

static int add_double(struct start_place *place, const struct double_place *found)
{
	size_t size = (place->double_count + 1) * sizeof(*found);
	struct double_place *grown = realloc((void *)place->doubles, size);

	if (!grown)
		return -ENOMEM;
	place->doubles = grown;
	grown[place->double_count++] = *found;
	return 0;
}

/* Its number as the cache has it: no server is asked. */
static bool find_inode(pid_t pid, const struct mount *mount, uint64_t *ino)
{
	struct statx found;
	char *path;
	int ret;

	if (asprintf(&path, "/proc/%d/root%s", (int)pid, mount->at) < 0)
		return false;
	ret = statx(AT_FDCWD, path, AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO,
		    &found);
	free(path);
	*ino = found.stx_ino;
	return !ret && S_ISDIR(found.stx_mode);
}

static int compare_mount(struct start_place *place, pid_t pid, const struct mounts *mounts,
			 const struct mount *mount)
{
	bool is_bound = mount_is_bound(mounts, mount), is_twice = mount_is_twice(mounts, mount);
	struct double_place found = {
		.dev = (uint32_t)kernel_dev(makedev(mount->major, mount->minor)),
	};
	int ret = 0;

	if ((!is_bound && !is_twice) || !find_inode(pid, mount, &found.ino))
		return 0;
	if (is_bound)
		ret = add_double(place, &found);
	found.is_mounted_twice = true;
	return is_twice && !ret ? add_double(place, &found) : ret;
}

int start_place_find_doubles(struct start_place *place, pid_t pid)
{
	struct mounts mounts;
	char path[64];
	FILE *in;
	int ret;

	pid = pid ? pid : getpid();
	snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)pid);
	in = fopen(path, "re");
	if (!in)
		return 0;
	ret = mounts_read(&mounts, in);
	fclose(in);
	for (size_t i = 0; i < mounts.count && !ret; i++)
		ret = compare_mount(place, pid, &mounts, &mounts.items[i]);
	mounts_release(&mounts);
	return ret;
}

void start_place_release(struct start_place *place)
{
	free((char *)place->path);
	free((void *)place->doubles);
	memset(place, 0, sizeof(*place));
}
