/* SPDX-License-Identifier: MIT */
/*
 * a_miss: a forgotten name behind a mount point. The walk crosses from one file system to another
 * within the path; the component is copied from 12 bytes into it. Wants a file system of its own,
 * loop-mounted for example, on /mnt/loopfs.
 */
#include "scenario.h"

#define MOUNT_POINT "/mnt/loopfs"
#define FILE_THERE  MOUNT_POINT "/a.txt"

static bool is_mounted(void)
{
	struct stat above, here;

	if (stat(MOUNT_POINT, &here) || stat(MOUNT_POINT "/..", &above)) {
		fprintf(stderr, "cannot examine '%s': %s\n", MOUNT_POINT, strerror(errno));
		return false;
	}
	if (here.st_dev != above.st_dev)
		return true;
	fprintf(stderr, "cannot use '%s': no file system is mounted there\n", MOUNT_POINT);
	return false;
}

int main(void)
{
	if (!is_mounted() || !is_on_disk(MOUNT_POINT))
		return 1;
	if (open_once(FILE_THERE, O_WRONLY | O_CREAT))
		return 1;
	if (drop_caches())
		return 1;
	return open_once(FILE_THERE, O_RDONLY) ? 1 : 0;
}
