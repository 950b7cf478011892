/* SPDX-License-Identifier: MIT */
/*
 * Spools: unlinked temporary files, so that nothing is left of them however ftopen ends.
 */
#include "write_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/io.h"

/* For file systems without O_TMPFILE: the file has a name for a moment. */
static int open_unlinked(const char *dir)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/.ftopen.XXXXXX", dir) < 0)
		return -ENOMEM;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	else
		unlink(path);
	free(path);
	return fd;
}

int spool_open(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	if (errno != EOPNOTSUPP && errno != EISDIR)
		return -errno;
	return open_unlinked(dir);
}

int spool_append(const struct spool *spool, const void *data, size_t size)
{
	off_t start = lseek(spool->fd, 0, SEEK_END);
	int ret;

	if (start < 0)
		return -errno;
	ret = write_all(spool->fd, data, size);
	if (ret && (ftruncate(spool->fd, start) < 0 || lseek(spool->fd, start, SEEK_SET) < 0))
		ret = -errno;
	return ret;
}
