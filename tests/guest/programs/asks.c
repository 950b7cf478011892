/* SPDX-License-Identifier: MIT */
/*
 * Asks for many names by one call: asks stat|open|unlink DIR COUNT, for DIR/0, DIR/1 and so on.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_stat(const char *path)
{
	struct stat found;

	return stat(path, &found);
}

static int by_open(const char *path)
{
	return open(path, O_RDONLY);
}

static const struct {
	const char *name;
	int (*ask)(const char *path);
} ways[] = { { "stat", by_stat }, { "open", by_open }, { "unlink", unlink } };

int main(int argc, char **argv)
{
	char path[256];

	for (size_t i = 0; argc == 4 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[1], ways[i].name) != 0)
			continue;
		for (int n = 0; n < atoi(argv[3]); n++) {
			snprintf(path, sizeof(path), "%s/%d", argv[2], n);
			ways[i].ask(path);
		}
		return 0;
	}
	return 2;
}
