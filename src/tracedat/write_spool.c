/* SPDX-License-Identifier: MIT */
/*
 * Spools: unlinked temporary files, so that nothing is left of them however ftopen ends.
 */
#include "write_internal.h"

#include <errno.h>
#include <unistd.h>

#include "util/io.h"

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
