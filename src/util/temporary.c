/* SPDX-License-Identifier: MIT */
/*
 * Unlinked temporary files, for data that may not fit into memory.
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

/* For a file system that has no O_TMPFILE: the file has a name for a moment. */
static int open_named(const char *folder)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/.ftopen.XXXXXX", folder) < 0)
		return -ENOMEM;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	else
		unlink(path);
	free(path);
	return fd;
}

int temporary_in(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	return errno == EOPNOTSUPP || errno == EISDIR ? open_named(folder) : -errno;
}

int temporary_open(void)
{
	int ret = temporary_in(temporary_folder());

	if (ret >= 0)
		return ret;
	error("cannot create a file in '%s': %s", temporary_folder(), strerror(-ret));
	hint("TMPDIR names another folder");
	return ret;
}

int temporary_nameless(void)
{
	const char *const folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && fd < 0; i++) {
		if (folders[i])
			fd = open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	}
	return fd < 0 ? -errno : fd;
}
