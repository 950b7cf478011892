/* SPDX-License-Identifier: MIT */
/*
 * PATH, as execvp() reads it.
 */
#include "util/which.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_executable(const char *dir, size_t len, const char *name)
{
	char path[4096];

	return snprintf(path, sizeof(path), "%.*s/%s", (int)len, len ? dir : ".", name) <
		       (int)sizeof(path) &&
	       !access(path, X_OK);
}

bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");

	while (path) {
		size_t len = strcspn(path, ":");

		if (is_executable(path, len, name))
			return true;
		path = path[len] ? path + len + 1 : NULL;
	}
	return false;
}
