/* SPDX-License-Identifier: MIT */
/*
 * The pager. It starts when all results are there and the trace is undone, because people take
 * their time to read.
 */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/caller.h"
#include "util/io.h"
#include "util/which.h"

#define DEFAULT_PAGER "less"
#define BLOCK	      65536

/* As git: it ends on what fits a screen, shows colours, and leaves the screen as it is. */
#define LESS_OPTIONS "FRX"

static const char *pager_command(void)
{
	const char *pager = getenv("PAGER");

	return pager ? pager : DEFAULT_PAGER;
}

bool has_pager(void)
{
	const char *command = pager_command();
	char program[256];

	snprintf(program, sizeof(program), "%.*s", (int)strcspn(command, " \t"), command);
	if (isatty(STDOUT_FILENO) != 1 || !*program || !strcmp(program, "cat"))
		return false;
	return strchr(program, '/') ? !access(program, X_OK) : is_in_path(program);
}

static int copy(FILE *spool, int fd)
{
	char block[BLOCK];
	size_t size;
	int ret = 0;

	rewind(spool);
	while (!ret && (size = fread(block, 1, sizeof(block), spool)) > 0)
		ret = write_all(fd, block, size);
	if (!ret && ferror(spool))
		ret = -EIO;
	return ret == -EPIPE ? 0 : ret;
}

/* In the child. */
static void run_pager(const int *ends)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	caller_restore();
	setenv("LESS", LESS_OPTIONS, 0);
	setenv("LV", "-c", 0);
	if (dup2(ends[0], STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", pager_command(), (char *)NULL);
	_exit(127);
}

static int feed(FILE *spool, pid_t pager, const int *ends)
{
	int ret;

	close(ends[0]);
	ret = copy(spool, ends[1]);
	close(ends[1]);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	return ret;
}

/* A key that interrupts is for the pager alone. */
static int show_paged(FILE *spool)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	int ends[2], ret;
	pid_t pager;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fflush(stdout);
	pager = fork();
	if (!pager)
		run_pager(ends);
	if (pager < 0) {
		ret = -errno;
		close(ends[0]);
		close(ends[1]);
		return ret;
	}
	sigaction(SIGINT, &ignore, &before);
	ret = feed(spool, pager, ends);
	sigaction(SIGINT, &before, NULL);
	return ret;
}

int pager_show(FILE *spool, bool is_paged)
{
	return is_paged ? show_paged(spool) : copy(spool, STDOUT_FILENO);
}
