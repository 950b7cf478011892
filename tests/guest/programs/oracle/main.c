/* SPDX-License-Identifier: MIT */
/*
 * oracle make SEED      the world of this seed
 * oracle outside SEED   what is not traced: begins first, ends last, writes the log to standard
 *                       output
 * oracle inside SEED N  what is traced: about N operations of each task
 * oracle over           ends what is outside
 */
#include "oracle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_PATH "/dev/shm/oracle"

static int complain(const char *what, int err)
{
	fprintf(stderr, "oracle: cannot %s: %s\n", what, strerror(-err));
	return 1;
}

static int outside(uint64_t seed)
{
	int fd = open(LOG_PATH, O_CREAT | O_TRUNC | O_RDWR, 0666), err;
	uint64_t written = 0;
	ssize_t n;

	shared = fd < 0 ? NULL : log_map(fd);
	if (!shared)
		return complain("map the log", -errno);
	err = world_mount();
	if (err)
		return complain("mount what the world needs", err);
	world_log();
	world_log_files("exists");
	raise_flag(&shared->ready);
	run_outside(seed);
	world_log_files("remains");
	raise_flag(&shared->idle);
	await_flag(&shared->over);
	world_unmount();
	while (written < shared->used) {
		n = write(STDOUT_FILENO, shared->text + written, shared->used - written);
		if (n < 0)
			return complain("write the log", -errno);
		written += n;
	}
	return 0;
}

/* The opening of the log itself is logged as soon as that can be. */
static int inside(uint64_t seed, int ops)
{
	struct op log = { .kind = "open", .path = LOG_PATH, .dirfd = AT_FDCWD, .flags = O_RDWR };
	struct task task;
	int fd, err;

	log.ns = now_ns();
	fd = open(LOG_PATH, O_RDWR);
	err = errno;
	shared = fd < 0 || dup2(fd, LOG_FD) < 0 ? NULL : log_map(fd);
	if (!shared)
		return complain("map the log", -err);
	task_init(&task, seed, 0, false);
	strcpy(task.comm, "oracle");
	op_end(&task, &log, fd);
	await_flag(&shared->ready);
	raise_flag(&shared->begun);
	run_inside(seed, ops);
	raise_flag(&shared->done);
	await_flag(&shared->idle);
	return 0;
}

static int over(void)
{
	int fd = open(LOG_PATH, O_RDWR);

	shared = fd < 0 ? NULL : log_map(fd);
	if (!shared)
		return complain("map the log", -errno);
	raise_flag(&shared->over);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	int err;

	umask(0);
	if (argc > 4 && !strcmp(argv[1], "executed"))
		return run_executed(argv);
	if (argc > 1 && !strcmp(argv[1], "over"))
		return over();
	world_init(seed);
	if (argc > 2 && !strcmp(argv[1], "make")) {
		err = world_make();
		return err ? complain("make the world", err) : 0;
	}
	if (argc > 2 && !strcmp(argv[1], "outside"))
		return outside(seed);
	if (argc > 3 && !strcmp(argv[1], "inside"))
		return inside(seed, atoi(argv[3]));
	fprintf(stderr, "usage: oracle over | make|outside|inside SEED [OPS]\n");
	return 2;
}
