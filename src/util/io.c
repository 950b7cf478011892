/* SPDX-License-Identifier: MIT */
/*
 * Whole reads and writes.
 */
#include "util/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(off_t) == sizeof(uint64_t), "an offset reaches the end of every file");

ssize_t read_upto(int fd, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, (char *)data + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static int read_fd(int fd, char **data, size_t *size)
{
	size_t room = 64 * 1024, used = 0;
	char *buf = malloc(room + 1);

	while (buf) {
		ssize_t n = read_upto(fd, buf + used, room - used);
		char *more;

		if (n < 0) {
			free(buf);
			return (int)n;
		}
		used += (size_t)n;
		if (used < room) {
			buf[used] = '\0';
			*data = buf;
			if (size)
				*size = used;
			return 0;
		}
		room *= 2;
		more = realloc(buf, room + 1);
		if (!more)
			free(buf);
		buf = more;
	}
	return -ENOMEM;
}

int read_file(const char *path, char **data, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = read_fd(fd, data, size);
	close(fd);
	return ret;
}

int write_file(const char *path, const char *text, int flags)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0644);
	int ret = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		ret = -errno;
	else if ((size_t)n != len)
		ret = -EIO;
	if (close(fd) < 0 && !ret)
		ret = -errno;
	return ret;
}

int write_all(int fd, const void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = write(fd, (const char *)data + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	return 0;
}

int read_at(int fd, void *data, size_t size, uint64_t offset)
{
	for (size_t got = 0; got < size;) {
		ssize_t ret = pread(fd, (char *)data + got, size - got, (off_t)(offset + got));

		if (ret < 0 && errno == EINTR)
			continue;
		if (ret <= 0)
			return ret ? -errno : -EIO;
		got += (size_t)ret;
	}
	return 0;
}
