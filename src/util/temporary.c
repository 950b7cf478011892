/* SPDX-License-Identifier: MIT */
/*
 * Unlinked temporary files, for what may not fit into memory.
 */
#include "util/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/message.h"

const char *temporary_folder(void)
{
	const char *named = getenv("TMPDIR");

	return named && *named ? named : "/var/tmp";
}

/* For a file system that has no O_TMPFILE. */
static int open_named(const char *folder)
{
	char *path;
	int fd, ret = 0;

	if (asprintf(&path, "%s/ftopen-XXXXXX", folder) < 0)
		return -ENOMEM;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		ret = -errno;
	else
		unlink(path);
	free(path);
	return ret ? ret : fd;
}

int temporary_open(void)
{
	int fd = open(temporary_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int ret = fd < 0 ? -errno : fd;

	if (ret == -EOPNOTSUPP || ret == -EISDIR)
		ret = open_named(temporary_folder());
	if (ret >= 0)
		return ret;
	error("cannot create a file in '%s': %s", temporary_folder(), strerror(-ret));
	hint("TMPDIR names another folder");
	return ret;
}

int temporary_unlinked(void)
{
	const char *const folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && fd < 0; i++) {
		if (folders[i])
			fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	}
	return fd < 0 ? -errno : fd;
}
