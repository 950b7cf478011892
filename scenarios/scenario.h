/* SPDX-License-Identifier: MIT */
/*
 * What the scenarios share: the check that a directory keeps the names of files that are not
 * there, the dropping of the caches, and an open that says what came of it. Never opens a file
 * that a scenario is not about, but for /proc/sys/vm/drop_caches.
 */
#ifndef FTOPEN_SCENARIO_H
#define FTOPEN_SCENARIO_H

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

#define LOCAL_FILE    "l_e.txt"
#define LOCAL_MISSING "l_m.txt"
#define TMP_FILE      "/tmp/t_e.txt"
#define TMP_MISSING   "/tmp/t_m.txt"

/*
 * The first pass only takes the mark off a dentry that was used since the last one, the second
 * frees it; the third is for one that another task had in hand.
 */
#define DROP_PASSES 3

/*
 * tmpfs and ramfs keep no negative dentries and cannot evict the others: nothing that a scenario
 * shows happens there.
 */
static inline bool is_on_disk(const char *dir)
{
	struct statfs fs;

	if (statfs(dir, &fs)) {
		fprintf(stderr, "cannot examine '%s': %s\n", dir, strerror(errno));
		return false;
	}
	switch ((unsigned long)fs.f_type) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
		return true;
	}
	fprintf(stderr, "cannot use '%s': it has to be on ext4, xfs or btrfs\n", dir);
	return false;
}

/*
 * Evict every dentry and inode that nobody uses. Dirty inodes pin themselves, hence sync().
 * A write at an offset other than 0 is ignored (kernel.sysctl_writes_strict), hence pwrite().
 */
static inline int drop_caches(void)
{
	static const char path[] = "/proc/sys/vm/drop_caches";
	int fd, err = 0;

	sync();
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		goto out;
	}
	for (int i = 0; i < DROP_PASSES && !err; i++) {
		if (pwrite(fd, "2\n", 2, 0) != 2)
			err = -errno;
	}
	close(fd);
out:
	if (err)
		fprintf(stderr, "cannot drop the caches through '%s': %s%s\n", path, strerror(-err),
			err == -EACCES || err == -EPERM ? ": this needs root" : "");
	return err;
}

/*
 * Open @path, say what came of it, close it again. Return: 0 or a negative errno.
 */
static inline int open_once(const char *path, int flags)
{
	int fd = open(path, flags, 0644);
	int err = fd < 0 ? -errno : 0;

	if (fd < 0)
		printf("%s: %s\n", path, strerror(-err));
	else
		printf("%s: fd %d\n", path, fd);
	if (fd >= 0)
		close(fd);
	return err;
}

/*
 * Exit status of a scenario whose file is not supposed to be there.
 */
static inline int want_missing(const char *path, int err)
{
	if (err == -ENOENT)
		return 0;
	fprintf(stderr, "cannot show a missing file: '%s' %s\n", path,
		err ? "gave another error" : "exists, remove it");
	return 1;
}

#endif
