/* SPDX-License-Identifier: MIT */
/*
 * libtraceevent dies on some event formats that are broken (1.7: a null pointer, a division by
 * zero). What it will be given is given to it in a child process first.
 */
#include "read_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracing/decode.h"
#include "util/message.h"

/* Formats take milliseconds. */
#define LIMIT_S 30

/* Whoever handles these in this process does not want to hear of the child's. */
static const int deaths[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* Never returns. What it has to say is said by the parent, which does the same. */
static void rehearse(const char *path)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct decoder *decoder;
	struct dat *dat;

	if (nowhere < 0 || dup2(nowhere, STDERR_FILENO) < 0)
		_exit(0);
	for (size_t i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++)
		signal(deaths[i], SIG_DFL);
	message_set_hook(NULL);
	alarm(LIMIT_S);
	if (!dat_parse(path, &dat))
		decoder_new(dat_tep(dat), NULL, &decoder);
	_exit(0);
}

int dat_rehearse(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid < 0) {
		int err = errno;

		error("cannot read '%s': %s", path, strerror(err));
		return -err;
	}
	if (!pid)
		rehearse(path);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	error("cannot read '%s': its event formats are broken in a way that libtraceevent does "
	      "not survive (%s)",
	      path, WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "it exited");
	return -EBADMSG;
}
