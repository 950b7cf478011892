/* SPDX-License-Identifier: MIT */
/*
 * Opens files in places of its own, and says where each is: places ACT ARGUMENT…
 *   chdir DIR, chroot DIR   as the system calls; chroot leaves the working directory where it is
 *   fchdir DIR              to a descriptor of it
 *   unshare                 a mount namespace of its own, in which nothing spreads
 *   join                    the mount namespace of a child that has one of its own
 *   bind FROM DIR           FROM is mounted on DIR
 *   move FROM DIR           what is mounted on FROM is moved to DIR
 *   pivot NEW OLD           as the system call
 *   detach DIR              what is mounted there is unmounted, used or not
 *   tmpfs DIR               an empty file system is mounted on DIR, with a file f in it
 *   open PATH               prints PATH and what /proc/self/fd says of the descriptor
 *   child ACT… end          a process with the same working directory and root (CLONE_FS) does that
 *   thread ACT… end         so does a thread; both are waited for
 *   leave                   a working directory and a root of its own from now on (CLONE_FS)
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int descriptors;
static char **next; /* the act after the one that is done */

static int play(char **word);

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

static int act_fchdir(char **word)
{
	int dir = open(word[1], O_RDONLY | O_DIRECTORY);

	return dir < 0 ? -1 : fchdir(dir) | close(dir);
}

static int act_move(char **word)
{
	return mount(word[1], word[2], NULL, MS_MOVE, NULL);
}

static int act_pivot(char **word)
{
	return (int)syscall(SYS_pivot_root, word[1], word[2]);
}

static int act_detach(char **word)
{
	return umount2(word[1], MNT_DETACH);
}

/* The child says when it has it, and keeps it until its own pipe ends; each end wakes the other. */
static int act_join(char **word)
{
	int ends[2], to_child[2], space;
	char path[32], byte;
	pid_t child;

	if (pipe(ends) || pipe(to_child))
		return -1;
	child = fork();
	if (!child) {
		close(to_child[1]);
		_exit(act_unshare(word) || write(ends[1], "", 1) != 1 ||
		      read(to_child[0], &byte, 1));
	}
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)child);
	if (read(ends[0], &byte, 1) != 1)
		return -1;
	space = open(path, O_RDONLY);
	return space < 0 || setns(space, CLONE_NEWNS) ? -1 : close(space) | close(to_child[1]);
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

static char **end_of(char **word)
{
	while (*word && strcmp(*word, "end") != 0)
		word++;
	return *word ? word + 1 : word;
}

static int play_in_child(void *word)
{
	descriptors = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	return play(word);
}

static int act_child(char **word)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t child = clone(play_in_child, stack + sizeof(stack), CLONE_FS | SIGCHLD, word + 1);
	int status = 1;

	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	next = end_of(word);
	return status ? -1 : 0;
}

static void *play_in_thread(void *word)
{
	return play(word) ? word : NULL;
}

static int act_thread(char **word)
{
	void *failed = word;
	pthread_t thread;

	if (pthread_create(&thread, NULL, play_in_thread, word + 1) ||
	    pthread_join(thread, &failed))
		return -1;
	next = end_of(word);
	return failed ? -1 : 0;
}

static int act_leave(char **word)
{
	(void)word;
	return unshare(CLONE_FS);
}

static const struct {
	const char *name;
	int (*act)(char **word);
	int words;
} acts[] = {
	{ "chdir", act_chdir, 2 },   { "chroot", act_chroot, 2 }, { "unshare", act_unshare, 1 },
	{ "bind", act_bind, 3 },     { "tmpfs", act_tmpfs, 2 },	  { "open", act_open, 2 },
	{ "fchdir", act_fchdir, 2 }, { "join", act_join, 1 },	  { "move", act_move, 3 },
	{ "pivot", act_pivot, 3 },   { "detach", act_detach, 2 }, { "child", act_child, 1 },
	{ "thread", act_thread, 1 }, { "leave", act_leave, 1 },
};

#define ACT_NR (sizeof(acts) / sizeof(acts[0]))

/* Up to the last one, or to "end". Return: 0, 1 if one failed, 2 for what is none. */
static int play(char **word)
{
	while (*word && strcmp(*word, "end") != 0) {
		size_t i = 0;

		while (i < ACT_NR && strcmp(acts[i].name, *word) != 0)
			i++;
		if (i == ACT_NR)
			return 2;
		next = word + acts[i].words;
		if (acts[i].act(word)) {
			perror(*word);
			return 1;
		}
		word = next;
	}
	return 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	setvbuf(stdout, NULL, _IOLBF, 0);
	descriptors = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	return play(argv + 1);
}
