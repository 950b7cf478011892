/* SPDX-License-Identifier: MIT */
/*
 * The witness blocks every signal and looks, when it is asked, whether one is pending.
 */
#include "tracing/witness.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/message.h"

/*
 * It answers at once, but for a machine that is busy; a group that is stopped (SIGSTOP) answers
 * when it goes on.
 */
#define ANSWER_MS 1000

struct witness {
	pid_t pid;
	int fd;
};

static bool take_pending(int number)
{
	static const struct timespec none;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	return sigtimedwait(&set, NULL, &none) == number;
}

/* It has another name: a signal to every "ftopen" would reach both, as one to the group does. */
static void hide_name(void)
{
	memset(program_invocation_name, 0, strlen(program_invocation_name));
	prctl(PR_SET_NAME, "group-signals");
}

static void run_witness(int fd)
{
	sigset_t all;
	int number;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	hide_name();
	if (dup2(fd, 0) < 0 || close_range(1, ~0U, 0) < 0)
		_exit(1);
	while (recv(0, &number, sizeof(number), 0) == sizeof(number)) {
		bool had = take_pending(number);

		if (send(0, &had, sizeof(had), MSG_NOSIGNAL) != sizeof(had))
			break;
	}
	_exit(0);
}

int witness_start(struct witness **witness)
{
	struct witness *made = calloc(1, sizeof(*made));
	int ends[2], ret = -ENOMEM;

	if (!made)
		goto err_report;
	ret = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ? -errno : 0;
	if (ret)
		goto err_free;
	made->pid = fork();
	if (made->pid < 0) {
		ret = -errno;
		goto err_ends;
	}
	if (!made->pid) {
		close(ends[0]);
		run_witness(ends[1]);
	}
	close(ends[1]);
	made->fd = ends[0];
	*witness = made;
	return 0;

err_ends:
	close(ends[0]);
	close(ends[1]);
err_free:
	free(made);
err_report:
	error("cannot watch signals: %s", strerror(-ret));
	return ret;
}

/*
 * Who signals a group holds the list of tasks until each has the signal, and setpgid() waits for
 * that list whatever comes of it (kernel/sys.c, 5.10 to 7.3).
 */
static void await_sender(void)
{
	if (setpgid(0, getpgrp()) < 0 && errno != EPERM)
		debug("a signal to the group may be taken for one to ftopen: %s", strerror(errno));
}

bool witness_had(struct witness *witness, int number)
{
	struct pollfd answer = { .fd = witness->fd, .events = POLLIN };
	bool had = false;

	/* The answer to an earlier question, which came too late. */
	while (recv(witness->fd, &had, sizeof(had), MSG_DONTWAIT) > 0)
		had = false;
	await_sender();
	if (send(witness->fd, &number, sizeof(number), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return false;
	while (poll(&answer, 1, ANSWER_MS) < 0 && errno == EINTR)
		;
	return recv(witness->fd, &had, sizeof(had), MSG_DONTWAIT) == sizeof(had) && had;
}

void witness_free(struct witness *witness)
{
	if (!witness)
		return;
	close(witness->fd);
	kill(witness->pid, SIGKILL);
	while (waitpid(witness->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(witness);
}
