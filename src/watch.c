/* SPDX-License-Identifier: MIT */
/*
 * One poll loop; no work in signal handlers.
 */
#include "command/watch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "util/message.h"

/* trace_pipe_raw wakes its reader at a fill level: one record alone is seen by the clock. */
#define TICK_MS 100

int watch_signals(struct watch *watch)
{
	sigset_t mask;
	int ret;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	watch->signal_fd = -1;
	if (sigprocmask(SIG_BLOCK, &mask, &watch->before) < 0)
		goto err;
	watch->signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (watch->signal_fd >= 0)
		return 0;
err:
	ret = -errno;
	error("cannot watch signals: %s", strerror(-ret));
	return ret;
}

void watch_end(struct watch *watch)
{
	if (watch->signal_fd >= 0)
		close(watch->signal_fd);
	watch->signal_fd = -1;
	sigprocmask(SIG_SETMASK, &watch->before, NULL);
}

static void forward(const struct watch *watch, const struct signalfd_siginfo *info)
{
	/* What the terminal sent went to the whole foreground group, the program included. */
	if (info->ssi_code == SI_KERNEL)
		return;
	kill(child_pid(watch->child), (int)info->ssi_signo);
}

static void take_signals(struct watch *watch)
{
	struct signalfd_siginfo info;

	while (read(watch->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		watch->signals++;
		if (watch->child && watch->signals == 1)
			forward(watch, &info);
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static bool is_over(struct watch *watch, double deadline)
{
	if (watch->child && child_reap(watch->child, &watch->status) != 0) {
		watch->has_status = true;
		return true;
	}
	if (watch->signals > (watch->child ? 1 : 0))
		return true;
	return deadline > 0 && now() >= deadline;
}

int watch_run(struct watch *watch)
{
	double deadline = watch->seconds > 0 ? now() + watch->seconds : 0;
	struct pollfd fds[] = {
		{ .fd = watch->signal_fd, .events = POLLIN },
		{ .fd = watch->fd, .events = POLLIN },
	};
	int ret = 0;

	while (!ret && !is_over(watch, deadline)) {
		if (poll(fds, 2, TICK_MS) < 0 && errno != EINTR)
			return -errno;
		take_signals(watch);
		ret = watch->pump(watch->context);
	}
	return ret;
}
