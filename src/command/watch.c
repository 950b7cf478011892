/* SPDX-License-Identifier: MIT */
/*
 * One poll loop; no work in signal handlers.
 */
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util/caller.h"
#include "util/clock.h"
#include "util/message.h"

/* trace_pipe_raw wakes its reader at a fill level: one record alone is seen by the clock. */
#define TICK_MS 100

/* Signals that do not end a process: it stops, continues or ignores them. */
static const int harmless[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGWINCH, SIGURG };

/*
 * Signals that would end this process before everything is undone. A signal that is blocked waits
 * even if it is ignored: what the caller ignores is left alone.
 */
static void find_ending(sigset_t *set)
{
	struct sigaction action;

	sigfillset(set);
	for (int number = 1; number <= SIGRTMAX; number++) {
		if (!sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN)
			sigdelset(set, number);
	}
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		sigdelset(set, harmless[i]);
}

int watch_signals(struct watch *watch)
{
	sigset_t mask;
	int ret;

	caller_need_warning();
	find_ending(&mask);
	watch->signal_fd = -1;
	if (sigprocmask(SIG_BLOCK, &mask, &watch->before) < 0)
		goto err_report;
	watch->signal_fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (watch->signal_fd >= 0)
		return 0;
err_report:
	ret = -errno;
	error("cannot watch signals: %s", strerror(-ret));
	return ret;
}

/* The kernel's own word about our CPU time. The program has a limit, and a time, of its own. */
static bool is_about_time(const struct signalfd_siginfo *info)
{
	return info->ssi_signo == SIGXCPU && info->ssi_code == SI_KERNEL;
}

static void note_time(struct watch *watch)
{
	if (!watch->is_out_of_time) {
		error("cannot trace on: the limit of CPU time is reached");
		hint("raise it: ulimit -t");
	}
	watch->is_out_of_time = true;
}

static void take_signals(struct watch *watch)
{
	struct signalfd_siginfo info;

	while (read(watch->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (is_about_time(&info)) {
			note_time(watch);
			continue;
		}
		watch->signals++;
		if (watch->child && !watch->has_status &&
		    !witness_had(watch->witness, (int)info.ssi_signo))
			kill(child_pid(watch->child), (int)info.ssi_signo);
	}
}

void watch_end(struct watch *watch)
{
	/* A signal for a program that has ended is dropped. */
	if (watch->has_status)
		take_signals(watch);
	if (watch->signal_fd >= 0)
		close(watch->signal_fd);
	watch->signal_fd = -1;
	sigprocmask(SIG_SETMASK, &watch->before, NULL);
}

/* Where records come from, and where results go. */
enum watched {
	WATCHED_SIGNALS,
	WATCHED_RECORDS,
	WATCHED_RESULTS,
	WATCHED_NR
};

/* Return: 1 at the end, 0 before it, or a negative errno that was reported. */
static int has_ended(struct watch *watch)
{
	int ret = child_reap(watch->child, &watch->status);

	if (ret < 0)
		error("cannot wait for the program: %s", strerror(-ret));
	watch->has_status = ret > 0;
	return ret;
}

/* One that could not be opened is not known to end. */
static bool are_gone(const struct watch *watch)
{
	for (size_t i = 0; i < watch->process_count; i++) {
		struct pollfd process = { .fd = watch->processes[i], .events = POLLIN };

		if (poll(&process, 1, 0) != 1)
			return false;
	}
	return watch->process_count > 0;
}

/* Without a program. */
static bool is_over(const struct watch *watch, double deadline)
{
	return watch->signals || watch->is_out_of_time || are_gone(watch) ||
	       (deadline > 0 && seconds_now() >= deadline);
}

int watch_run(struct watch *watch)
{
	double deadline = watch->seconds > 0 ? seconds_now() + watch->seconds : 0;
	struct pollfd fds[WATCHED_NR] = {
		[WATCHED_SIGNALS] = { .fd = watch->signal_fd, .events = POLLIN },
		[WATCHED_RECORDS] = { .fd = watch->fd, .events = POLLIN },
		[WATCHED_RESULTS] = { .fd = watch->has_reader ? watch->results_fd : -1 },
	};
	int ret = 0, over = 0;

	while (!over) {
		if (poll(fds, WATCHED_NR, TICK_MS) < 0 && errno != EINTR) {
			ret = -errno;
			error("cannot wait for records: %s", strerror(-ret));
			return ret;
		}
		take_signals(watch);
		if (!ret)
			ret = watch->pump(watch->context);
		/* The program goes on, whatever became of its trace. */
		if (ret)
			fds[WATCHED_RECORDS].fd = -1;
		if (watch->is_out_of_time && watch->fd >= 0)
			return -ETIME;
		if (ret > 0)
			over = ret;
		else if (watch->child)
			over = has_ended(watch);
		else
			over = ret || fds[WATCHED_RESULTS].revents || is_over(watch, deadline);
	}
	return ret ? ret : over < 0 ? over : 0;
}
