/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into bindfs, a FUSE server: what it asks for a file called "slow" takes 50 ms longer.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What lstat() was to programs that were built before glibc 2.33. */
int __lxstat64(int version, const char *path, struct stat64 *found);

int __lxstat64(int version, const char *path, struct stat64 *found)
{
	const char *slash = strrchr(path, '/');

	(void)version;
	if (!strcmp(slash ? slash + 1 : path, "slow"))
		usleep(50000);
	return lstat64(path, found);
}
