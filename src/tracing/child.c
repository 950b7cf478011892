/* SPDX-License-Identifier: MIT */
/*
 * The program that is traced. Between fork and exec the child only waits, changes its user if it
 * was told to, and execs: it opens nothing, so that its first open is the program's.
 */
#include "tracing/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/io.h"
#include "util/message.h"

struct child {
	pid_t pid;
	int release_fd; /* a byte lets it go; closing it ends it */
	int result_fd;	/* the errno of a failed exec; nothing if it succeeded */
};

static int find_user(const char *name, struct passwd *user)
{
	struct passwd *found = getpwnam(name);
	char *end;
	unsigned long uid = strtoul(name, &end, 10);

	if (!found && *name && !*end)
		found = getpwuid((uid_t)uid);
	if (!found) {
		error("cannot run the program as '%s': there is no such user", name);
		return -ENOENT;
	}
	*user = *found;
	return 0;
}

static int become(const struct passwd *user)
{
	if (initgroups(user->pw_name, user->pw_gid) < 0 || setgid(user->pw_gid) < 0 ||
	    setuid(user->pw_uid) < 0)
		return -errno;
	return 0;
}

/* Never returns. Every descriptor of ours is close-on-exec. */
static void run_child(char *const argv[], const sigset_t *mask, const struct passwd *user,
		      int release_fd, int result_fd)
{
	char go;
	int err = 0;

	if (read_upto(release_fd, &go, 1) != 1)
		_exit(127);
	if (user)
		err = become(user);
	/* What ftopen changed for itself goes back; what its caller ignores stays ignored. */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (!err) {
		execvp(argv[0], argv);
		err = -errno;
	}
	_exit(write_all(result_fd, &err, sizeof(err)) ? 126 : 127);
}

static void close_pipe(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

int child_start(char *const argv[], const sigset_t *mask, const char *user, struct child **child)
{
	int release[2], result[2], ret;
	struct passwd found;
	struct child *made;

	if (user && find_user(user, &found))
		return -ENOENT;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	if (pipe2(release, O_CLOEXEC) < 0) {
		ret = -errno;
		goto err_free;
	}
	if (pipe2(result, O_CLOEXEC) < 0) {
		ret = -errno;
		goto err_release;
	}
	made->pid = fork();
	if (made->pid < 0) {
		ret = -errno;
		goto err_result;
	}
	if (!made->pid) {
		/* Its own copies of our ends would keep it waiting for itself. */
		close(release[1]);
		close(result[0]);
		run_child(argv, mask, user ? &found : NULL, release[0], result[1]);
	}
	close(release[0]);
	close(result[1]);
	made->release_fd = release[1];
	made->result_fd = result[0];
	*child = made;
	return 0;

err_result:
	close_pipe(result);
err_release:
	close_pipe(release);
err_free:
	free(made);
	error("cannot start '%s': %s", argv[0], strerror(-ret));
	return ret;
}

pid_t child_pid(const struct child *child)
{
	return child->pid;
}

int child_release(struct child *child)
{
	int err = 0, ret;
	ssize_t size;

	ret = write_all(child->release_fd, "", 1);
	if (ret)
		return ret;
	/* The exec closes the other end: no word from it is success. */
	size = read_upto(child->result_fd, &err, sizeof(err));
	if (size < 0)
		return (int)size;
	return size == sizeof(err) ? err : 0;
}

int child_reap(struct child *child, int *status)
{
	int raw;
	pid_t pid = waitpid(child->pid, &raw, WNOHANG);

	if (pid < 0)
		return -errno;
	if (!pid)
		return 0;
	child->pid = 0;
	*status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
	return 1;
}

void child_free(struct child *child)
{
	close(child->release_fd);
	close(child->result_fd);
	free(child);
}
