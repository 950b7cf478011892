/* SPDX-License-Identifier: MIT */
/*
 * Threads that open the same things at the same time: races KIND COUNT FOLDER.
 *   make     prepares COUNT folders for "links" and "colds"
 *   links    each folder's symlink to a directory, then its symlink to a file, never read before
 *   colds    each folder's file, then a name that does not exist, both not cached
 *   creates  each folder's new file, with O_CREAT
 *   one      COUNT times one name that does not exist: FOLDER/none
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS 3

static const char *folder;
static long count;
static pthread_barrier_t together;

static void open_there(long number, const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/q%ld/%s", folder, number, name);
	pthread_barrier_wait(&together);
	fd = open(path, flags, 0600);
	printf("%s %d\n", path, fd < 0 ? -errno : 0);
	if (fd >= 0)
		close(fd);
}

static void *open_links(void *argument)
{
	for (long i = 0; i < count; i++) {
		open_there(i, "link/x", O_RDONLY);
		open_there(i, "final", O_RDONLY);
	}
	return argument;
}

static void *open_colds(void *argument)
{
	for (long i = 0; i < count; i++) {
		open_there(i, "cold", O_RDONLY);
		open_there(i, "none", O_RDONLY);
	}
	return argument;
}

static void *open_creates(void *argument)
{
	for (long i = 0; i < count; i++)
		open_there(i, "new", O_RDWR | O_CREAT);
	return argument;
}

static void *open_one(void *argument)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/none", folder);
	for (long i = 0; i < count; i++)
		if (open(path, O_RDONLY) >= 0 || errno != ENOENT)
			printf("%s was there\n", path);
	return argument;
}

static void touch(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd >= 0)
		close(fd);
}

/* In each folder: x/x, cold, link -> x, final -> x/x. */
static void make(void)
{
	char base[128], path[256];

	for (long i = 0; i < count; i++) {
		snprintf(base, sizeof(base), "%s/q%ld", folder, i);
		mkdir(base, 0755);
		snprintf(path, sizeof(path), "%s/x", base);
		mkdir(path, 0755);
		snprintf(path, sizeof(path), "%s/x/x", base);
		touch(path);
		snprintf(path, sizeof(path), "%s/cold", base);
		touch(path);
		snprintf(path, sizeof(path), "%s/link", base);
		symlink("x", path);
		snprintf(path, sizeof(path), "%s/final", base);
		symlink("x/x", path);
	}
}

static const struct {
	const char *name;
	void *(*run)(void *argument);
} kinds[] = {
	{ "links", open_links },
	{ "colds", open_colds },
	{ "creates", open_creates },
	{ "one", open_one },
};

int main(int argc, char **argv)
{
	pthread_t ids[THREADS];

	if (argc != 4)
		return 2;
	count = atol(argv[2]);
	folder = argv[3];
	if (!strcmp(argv[1], "make")) {
		make();
		return 0;
	}
	pthread_barrier_init(&together, NULL, THREADS);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		for (int thread = 0; thread < THREADS; thread++)
			pthread_create(&ids[thread], NULL, kinds[i].run, NULL);
		for (int thread = 0; thread < THREADS; thread++)
			pthread_join(ids[thread], NULL);
		return 0;
	}
	return 2;
}
