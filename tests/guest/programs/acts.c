/* SPDX-License-Identifier: MIT */
/*
 * Does what its arguments say, one act each, and prints what came of every open: acts 'ACT'...
 * An act is words: open PATH [FLAG[,FLAG]...] | rename A B | ... (the table at the end). "other"
 * before an act lets a child do it: without -f that is a task which is not traced.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS 5

static const struct {
	const char *name;
	int flag;
} flags[] = {
	{ "read", O_RDONLY },	    { "rdwr", O_RDWR },		{ "creat", O_CREAT | O_RDWR },
	{ "excl", O_EXCL },	    { "trunc", O_TRUNC },	{ "directory", O_DIRECTORY },
	{ "path", O_PATH },	    { "nofollow", O_NOFOLLOW }, { "tmpfile", O_TMPFILE | O_RDWR },
	{ "nonblock", O_NONBLOCK },
};

static int flags_of(char *words)
{
	int result = 0;

	for (char *word = strtok(words, ","); word; word = strtok(NULL, ","))
		for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
			if (!strcmp(word, flags[i].name))
				result |= flags[i].flag;
	return result;
}

static int told(const char *path, int fd)
{
	printf("%s %d\n", path, fd < 0 ? -errno : fd);
	return fd;
}

static int act_open(char **word)
{
	int fd = told(word[1], open(word[1], word[2] ? flags_of(word[2]) : O_RDONLY, 0600));

	return fd < 0 ? 0 : close(fd);
}

/* The descriptor stays: the next one is 4, and so on. */
static int act_keep(char **word)
{
	told(word[1], open(word[1], word[2] ? flags_of(word[2]) : O_RDONLY, 0600));
	return 0;
}

static int act_openat(char **word)
{
	int fd = told(word[2], openat(atoi(word[1]), word[2], O_RDONLY));

	return fd < 0 ? 0 : close(fd);
}

static int act_rename(char **word)
{
	return rename(word[1], word[2]);
}

static int act_exchange(char **word)
{
	return renameat2(AT_FDCWD, word[1], AT_FDCWD, word[2], RENAME_EXCHANGE);
}

static int act_unlink(char **word)
{
	return unlink(word[1]);
}

static int act_mkdir(char **word)
{
	return mkdir(word[1], 0755);
}

static int act_rmdir(char **word)
{
	return rmdir(word[1]);
}

static int act_symlink(char **word)
{
	return symlink(word[1], word[2]);
}

/* A file without a name, by its descriptor, gets one. */
static int act_link(char **word)
{
	return linkat(AT_FDCWD, word[1], AT_FDCWD, word[2], AT_SYMLINK_FOLLOW);
}

static int act_chdir(char **word)
{
	return chdir(word[1]);
}

static int act_fchdir(char **word)
{
	return fchdir(atoi(word[1]));
}

static int act_chroot(char **word)
{
	return chroot(word[1]);
}

static int act_stat(char **word)
{
	struct stat st;

	return lstat(word[1], &st) && errno != ENOENT ? -1 : 0;
}

static int act_list(char **word)
{
	DIR *folder = opendir(word[1]);

	while (folder && readdir(folder))
		continue;
	return folder ? closedir(folder) : -1;
}

static int act_comm(char **word)
{
	return prctl(PR_SET_NAME, word[1]);
}

static int act_user(char **word)
{
	return setuid((uid_t)atoi(word[1]));
}

/* mount TYPE FOLDER [SOURCE [OPTIONS]] */
static int act_mount(char **word)
{
	return mount(word[3] ? word[3] : "none", word[2], word[1], 0, word[3] ? word[4] : NULL);
}

static int act_umount(char **word)
{
	return umount(word[1]);
}

static int act_drop(char **word)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);

	(void)word;
	sync();
	if (fd < 0 || write(fd, "2", 1) != 1)
		return -1;
	return close(fd);
}

static int act_pipes(char **word)
{
	int ends[2];

	for (int i = atoi(word[1]); i > 0; i--) {
		if (pipe(ends))
			return -1;
		close(ends[0]);
		close(ends[1]);
	}
	return 0;
}

/* Both stay open. */
static int act_memfd(char **word)
{
	return memfd_create(word[1], 0) < 0 ? -1 : 0;
}

static int act_pipe(char **word)
{
	int ends[2];

	(void)word;
	return pipe(ends);
}

static const struct {
	const char *name;
	int (*run)(char **word);
	int words;
} acts[] = {
	{ "open", act_open, 2 },	 { "keep", act_keep, 2 },     { "openat", act_openat, 3 },
	{ "rename", act_rename, 3 },	 { "unlink", act_unlink, 2 }, { "mkdir", act_mkdir, 2 },
	{ "exchange", act_exchange, 3 }, { "rmdir", act_rmdir, 2 },   { "symlink", act_symlink, 3 },
	{ "link", act_link, 3 },	 { "chdir", act_chdir, 2 },   { "fchdir", act_fchdir, 2 },
	{ "chroot", act_chroot, 2 },	 { "stat", act_stat, 2 },     { "list", act_list, 2 },
	{ "comm", act_comm, 2 },	 { "user", act_user, 2 },     { "mount", act_mount, 3 },
	{ "umount", act_umount, 2 },	 { "drop", act_drop, 1 },     { "pipes", act_pipes, 2 },
	{ "memfd", act_memfd, 2 },	 { "pipe", act_pipe, 1 },
};

static int act(char **word, int words)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (words >= acts[i].words && !strcmp(word[0], acts[i].name))
			return acts[i].run(word);
	errno = ENOSYS;
	return -1;
}

static int act_by_child(char **word, int words)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = act(word, words);
		printf("other %d\n", (int)getpid());
		fflush(stdout);
		_exit(status ? errno : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	errno = WEXITSTATUS(status);
	return status ? -1 : 0;
}

static int do_argument(char *argument)
{
	char *word[WORDS + 2] = { NULL };
	int words = 0;

	for (char *text = strtok(argument, " "); text && words <= WORDS; text = strtok(NULL, " "))
		word[words++] = text;
	if (words > 1 && !strcmp(word[0], "other"))
		return act_by_child(word + 1, words - 1);
	return words ? act(word, words) : 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *argument = strdup(argv[i]);

		if (argument && do_argument(argument)) {
			printf("%s: %s\n", argv[i], strerror(errno));
			return 2;
		}
		free(argument);
	}
	return 0;
}
