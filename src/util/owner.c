/* SPDX-License-Identifier: MIT */
/*
 * The owner of files that root makes for a user.
 */
#include "util/owner.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/number.h"

static bool has_id(const char *variable, unsigned int *id)
{
	const char *text = getenv(variable);
	uint64_t number;

	if (!text || parse_number(text, UINT32_MAX - 1, &number))
		return false;
	*id = (unsigned int)number;
	return true;
}

int give_to_user(int fd)
{
	unsigned int uid, gid;

	if (geteuid() || !has_id("SUDO_UID", &uid) || !has_id("SUDO_GID", &gid))
		return 0;
	return fchown(fd, uid, gid) < 0 ? -errno : 0;
}
