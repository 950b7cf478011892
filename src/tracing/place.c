/* SPDX-License-Identifier: MIT */
/*
 * Finding a file system on which names can be tried out. Makes one directory, removes none.
 */
#include "tracing/place.h"

#include <linux/fs.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define XFS_MAGIC  0x58465342
#define MINOR_BITS 20 /* of the kernel's dev_t */

static const struct file_system file_systems[] = {
	{ "ext4", EXT4_SUPER_MAGIC, true, true },
	{ "xfs", XFS_MAGIC, true, true },
	{ "btrfs", BTRFS_SUPER_MAGIC, true, false }, /* st_dev is the subvolume's */
	{ "f2fs", F2FS_SUPER_MAGIC, true, true },
	{ "overlay", OVERLAYFS_SUPER_MAGIC, true, false },
	{ "tmpfs", TMPFS_MAGIC, false, true },
	{ "another file system", 0, false, false },
};

#define FILE_SYSTEM_NR (sizeof(file_systems) / sizeof(file_systems[0]))

/* Where a directory is made, by preference. */
static const char *const places[] = { "/tmp", "/var/tmp", "/root", "/run", "." };

#define PLACE_NR (sizeof(places) / sizeof(places[0]))

static const struct file_system *kind_of(const char *place)
{
	struct statfs fs;

	if (statfs(place, &fs) < 0 || access(place, W_OK | X_OK) < 0)
		return NULL;
	for (size_t i = 0; i < FILE_SYSTEM_NR - 1; i++) {
		if ((unsigned long)fs.f_type == file_systems[i].magic)
			return &file_systems[i];
	}
	return &file_systems[FILE_SYSTEM_NR - 1];
}

/* Not only permission is needed: each directory takes an inode and a block. */
static bool has_room(const char *dir, unsigned int count)
{
	unsigned int made = 0;
	bool has = true;
	char path[128];

	for (; made < count && has; made++) {
		snprintf(path, sizeof(path), "%s/%u", dir, made);
		has = !mkdir(path, 0700);
	}
	while (made--) {
		snprintf(path, sizeof(path), "%s/%u", dir, made);
		rmdir(path);
	}
	return has;
}

static bool make_directory(struct test_place *made, const char *place, const char *stem,
			   unsigned int count)
{
	const struct file_system *kind = kind_of(place);

	if (!kind)
		return false;
	snprintf(made->dir, sizeof(made->dir), "%s/%s-XXXXXX", place, stem);
	if (!mkdtemp(made->dir))
		return false;
	made->kind = kind;
	if (has_room(made->dir, count))
		return true;
	rmdir(made->dir);
	return false;
}

bool place_make(struct test_place *made, const char *stem, unsigned int count)
{
	for (size_t i = 0; i < PLACE_NR; i++) {
		const struct file_system *kind = kind_of(places[i]);

		if (kind && kind->keeps_negative && make_directory(made, places[i], stem, count))
			return true;
	}
	for (size_t i = 0; i < PLACE_NR; i++) {
		if (make_directory(made, places[i], stem, count))
			return true;
	}
	return false;
}

bool place_generation(int fd, uint64_t *generation)
{
	uint32_t said[2] = { 0 }; /* an int, which the request's number calls a long */

	if (ioctl(fd, FS_IOC_GETVERSION, said))
		return false;
	*generation = said[0];
	return true;
}

uint64_t kernel_dev(dev_t dev)
{
	return ((uint64_t)major(dev) << MINOR_BITS) | minor(dev);
}
