/* SPDX-License-Identifier: MIT */
/*
 * Where a traced program begins. Nothing here fails: what cannot be seen is not known.
 */
#include "start.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracing/place.h"

void start_place_find(struct start_place *place)
{
	char *path = getcwd(NULL, 0);
	struct stat dir, root;

	memset(place, 0, sizeof(*place));
	/* "(unreachable)/…": it is not below our root. */
	if (!path || path[0] != '/' || stat(".", &dir) || stat("/", &root)) {
		free(path);
		return;
	}
	place->path = path;
	place->dev = (uint32_t)kernel_dev(dir.st_dev);
	place->ino = dir.st_ino;
	place->root_dev = (uint32_t)kernel_dev(root.st_dev);
	place->root_ino = root.st_ino;
}

void start_place_release(struct start_place *place)
{
	free((char *)place->path);
	place->path = NULL;
}
