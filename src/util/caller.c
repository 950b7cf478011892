/* SPDX-License-Identifier: MIT */
/*
 * Dispositions of signals, limits, descriptors that are closed, and the signal that tells of the
 * caller's end.
 */
#include "util/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "util/message.h"

#define STACK_SIZE (1024 * 1024)

static const struct {
	int number;
	sighandler_t handler;
} signals[] = {
	{ SIGPIPE, SIG_IGN },
	{ SIGXFSZ, SIG_IGN },
	{ SIGCHLD, SIG_DFL }, /* if it is ignored, a child leaves no status */
};

#define SIGNAL_NR (sizeof(signals) / sizeof(signals[0]))

static struct {
	bool is_known;
	struct sigaction actions[SIGNAL_NR];
	struct rlimit stack, files, time;
	int death_signal;
} caller;

/* A stack grows as far as the limit is at that moment, whatever it was at the exec. */
static int need_stack(void)
{
	struct rlimit limit = caller.stack;
	pthread_attr_t attributes;
	int ret;

	if (limit.rlim_cur < STACK_SIZE) {
		limit.rlim_cur = STACK_SIZE;
		if (limit.rlim_max < STACK_SIZE)
			limit.rlim_max = STACK_SIZE;
		if (setrlimit(RLIMIT_STACK, &limit) < 0)
			return -errno;
	}
	ret = -pthread_attr_init(&attributes);
	if (ret)
		return ret;
	ret = -pthread_attr_setstacksize(&attributes, STACK_SIZE);
	if (!ret)
		ret = -pthread_setattr_default_np(&attributes);
	pthread_attr_destroy(&attributes);
	return ret;
}

/* Each CPU takes two descriptors, so the limit is raised as far as that needs no privileges. */
static void need_files(void)
{
	struct rlimit limit = caller.files;

	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		debug("no more files can be open than %llu", (unsigned long long)limit.rlim_cur);
}

/*
 * If standard descriptors are closed, they are filled, so that no message goes into a file that is
 * opened later. The program finds them closed again: it inherits none of ours.
 */
static void need_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR | O_CLOEXEC) < 0)
			debug("descriptor %d is closed: %s", fd, strerror(errno));
	}
}

int caller_set_aside(void)
{
	int ret;

	need_descriptors();

	for (size_t i = 0; i < SIGNAL_NR; i++) {
		const struct sigaction action = { .sa_handler = signals[i].handler };

		sigaction(signals[i].number, &action, &caller.actions[i]);
	}
	prctl(PR_GET_PDEATHSIG, &caller.death_signal);
	getrlimit(RLIMIT_STACK, &caller.stack);
	getrlimit(RLIMIT_NOFILE, &caller.files);
	getrlimit(RLIMIT_CPU, &caller.time);
	caller.is_known = true;
	need_files();
	ret = need_stack();
	if (!ret)
		return 0;
	error("cannot run with a stack of %llu KiB: %s",
	      (unsigned long long)caller.stack.rlim_cur / 1024, strerror(-ret));
	hint("ulimit -s %d", STACK_SIZE / 1024);
	return ret;
}

/* Seconds for undoing everything: few probes are removed in one on a slow machine. */
static rlim_t time_to_undo(rlim_t limit)
{
	rlim_t quarter = limit / 4;

	return quarter < 1 ? 1 : quarter > 5 ? 5 : quarter;
}

void caller_need_warning(void)
{
	struct rlimit limit = caller.time;

	/* In the first second there is none: a soft limit of 0 is one of 1 (5.10 to 7.3). */
	if (!caller.is_known || limit.rlim_max == RLIM_INFINITY || limit.rlim_max < 2)
		return;
	limit.rlim_cur = limit.rlim_max - time_to_undo(limit.rlim_max);
	if (limit.rlim_cur >= caller.time.rlim_cur)
		return;
	if (setrlimit(RLIMIT_CPU, &limit) < 0)
		debug("the limit of CPU time ends ftopen without a signal: %s", strerror(errno));
}

void caller_end_by(int number)
{
	sigset_t set;

	fflush(NULL);
	prctl(PR_SET_DUMPABLE, 0);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void caller_restore(void)
{
	if (!caller.is_known)
		return;
	for (size_t i = 0; i < SIGNAL_NR; i++)
		sigaction(signals[i].number, &caller.actions[i], NULL);
	prctl(PR_SET_PDEATHSIG, caller.death_signal);
	setrlimit(RLIMIT_STACK, &caller.stack);
	setrlimit(RLIMIT_NOFILE, &caller.files);
	setrlimit(RLIMIT_CPU, &caller.time);
}
