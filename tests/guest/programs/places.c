/* SPDX-License-Identifier: MIT */
/*
 * Opens files in places of its own, and says where each is: places ACT ARGUMENT…
 *   chdir DIR, chroot DIR   as the system calls; chroot leaves the working directory where it is
 *   unshare                 a mount namespace of its own, in which nothing spreads
 *   bind FROM DIR           FROM is mounted on DIR
 *   tmpfs DIR               an empty file system is mounted on DIR, with a file f in it
 *   open PATH               prints PATH and what /proc/self/fd says of the descriptor
 */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int descriptors;

static int act_chdir(char **word)
{
	return chdir(word[1]);
}

static int act_chroot(char **word)
{
	return chroot(word[1]);
}

static int act_unshare(char **word)
{
	(void)word;
	return unshare(CLONE_NEWNS) ? -1 : mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int act_bind(char **word)
{
	return mount(word[1], word[2], NULL, MS_BIND, NULL);
}

static int act_tmpfs(char **word)
{
	int dir = mount("none", word[1], "tmpfs", 0, NULL) ? -1 : open(word[1], O_PATH);

	return dir < 0 ? -1 : mknodat(dir, "f", 0100644, 0) | close(dir);
}

static int act_open(char **word)
{
	char number[16], path[PATH_MAX + 1];
	int fd = open(word[1], O_RDONLY);
	ssize_t size;

	snprintf(number, sizeof(number), "%d", fd);
	size = fd < 0 ? -1 : readlinkat(descriptors, number, path, PATH_MAX);
	if (size < 0)
		return -1;
	close(fd);
	path[size] = '\0';
	return printf("%s %s\n", word[1], path) < 0;
}

static const struct {
	const char *name;
	int (*act)(char **word);
	int words;
} acts[] = {
	{ "chdir", act_chdir, 2 }, { "chroot", act_chroot, 2 }, { "unshare", act_unshare, 1 },
	{ "bind", act_bind, 3 },   { "tmpfs", act_tmpfs, 2 },	{ "open", act_open, 2 },
};

#define ACT_NR (sizeof(acts) / sizeof(acts[0]))

int main(int argc, char **argv)
{
	descriptors = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	for (int at = 1; at < argc;) {
		size_t i = 0;

		while (i < ACT_NR && strcmp(acts[i].name, argv[at]) != 0)
			i++;
		if (i == ACT_NR || at + acts[i].words > argc)
			return 2;
		if (acts[i].act(argv + at)) {
			perror(argv[at]);
			return 1;
		}
		at += acts[i].words;
	}
	return 0;
}
