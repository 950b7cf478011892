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
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/caller.h"
#include "util/io.h"
#include "util/message.h"
#include "util/number.h"

struct child {
	pid_t pid;
	int release_fd; /* a byte lets it go; closing it ends it */
	int result_fd;	/* the errno of a failed exec; nothing if it succeeded */
};

/* The variables that name a user, as su(1) and trace-cmd set them. */
enum {
	VARIABLE_HOME,
	VARIABLE_USER,
	VARIABLE_LOGNAME,
	VARIABLE_NR
};

static const char *const variable_names[VARIABLE_NR] = {
	[VARIABLE_HOME] = "HOME",
	[VARIABLE_USER] = "USER",
	[VARIABLE_LOGNAME] = "LOGNAME",
};

/*
 * The user that the program runs as. Found before the fork, because the lookup opens files.
 * @environment: ours, with @variables in place of those that name us; NULL for ours as it is
 */
struct credentials {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int group_count;
	char *variables[VARIABLE_NR];
	char **environment;
};

static void credentials_release(struct credentials *identity)
{
	for (size_t i = 0; i < VARIABLE_NR; i++)
		free(identity->variables[i]);
	free(identity->environment);
	free(identity->groups);
}

static const struct passwd *find_user(const char *name)
{
	const struct passwd *found = getpwnam(name);
	uint64_t uid;

	/* The largest number stands for no user at all. */
	if (!found && !parse_number(name, UINT32_MAX - 1, &uid))
		found = getpwuid((uid_t)uid);
	return found;
}

static int find_groups(const struct passwd *user, struct credentials *identity)
{
	int count = 0;

	getgrouplist(user->pw_name, user->pw_gid, NULL, &count);
	identity->groups = calloc((size_t)count + 1, sizeof(*identity->groups));
	if (!identity->groups)
		return -ENOMEM;
	identity->group_count = count;
	if (getgrouplist(user->pw_name, user->pw_gid, identity->groups, &identity->group_count) < 0)
		return -EAGAIN; /* somebody added one in between */
	return 0;
}

static bool names_user(const char *variable)
{
	for (size_t i = 0; i < VARIABLE_NR; i++) {
		size_t len = strlen(variable_names[i]);

		if (!strncmp(variable, variable_names[i], len) && variable[len] == '=')
			return true;
	}
	return false;
}

static int make_environment(const struct passwd *user, struct credentials *identity)
{
	const char *const values[VARIABLE_NR] = {
		[VARIABLE_HOME] = user->pw_dir,
		[VARIABLE_USER] = user->pw_name,
		[VARIABLE_LOGNAME] = user->pw_name,
	};
	size_t count = 0;

	while (environ[count])
		count++;
	identity->environment = calloc(count + VARIABLE_NR + 1, sizeof(char *));
	if (!identity->environment)
		return -ENOMEM;
	count = 0;
	for (char **at = environ; *at; at++) {
		if (!names_user(*at))
			identity->environment[count++] = *at;
	}
	for (size_t i = 0; i < VARIABLE_NR; i++) {
		if (asprintf(&identity->variables[i], "%s=%s", variable_names[i], values[i]) < 0) {
			identity->variables[i] = NULL;
			return -ENOMEM;
		}
		identity->environment[count++] = identity->variables[i];
	}
	return 0;
}

static int find_identity(const char *name, struct credentials *identity)
{
	const struct passwd *user = find_user(name);
	int ret;

	if (!user) {
		error("cannot run the program as '%s': there is no such user", name);
		return -ENOENT;
	}
	identity->uid = user->pw_uid;
	identity->gid = user->pw_gid;
	ret = find_groups(user, identity);
	if (!ret)
		ret = make_environment(user, identity);
	if (ret)
		error("cannot run the program as '%s': %s", name, strerror(-ret));
	return ret;
}

static int become(const struct credentials *identity)
{
	if (setgroups((size_t)identity->group_count, identity->groups) < 0 ||
	    setgid(identity->gid) < 0 || setuid(identity->uid) < 0)
		return -errno;
	return 0;
}

/* Never returns. Every descriptor of ours is close-on-exec. */
static void run_child(char *const argv[], const sigset_t *mask, const struct credentials *identity,
		      int release_fd, int result_fd)
{
	char go;
	int err = 0;

	if (read_upto(release_fd, &go, 1) != 1)
		_exit(127);
	if (identity->groups)
		err = become(identity);
	caller_restore();
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (!err) {
		execvpe(argv[0], argv, identity->environment ? identity->environment : environ);
		err = -errno;
	}
	_exit(write_all(result_fd, &err, sizeof(err)) ? 126 : 127);
}

static void close_pipe(int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

static int start(char *const argv[], const sigset_t *mask, const struct credentials *identity,
		 struct child *child)
{
	int release[2], result[2], ret;

	if (pipe2(release, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(result, O_CLOEXEC) < 0) {
		ret = -errno;
		goto err_release;
	}
	child->pid = fork();
	if (child->pid < 0) {
		ret = -errno;
		goto err_result;
	}
	if (!child->pid) {
		/* Its own copies of our ends would keep it waiting for itself. */
		close(release[1]);
		close(result[0]);
		run_child(argv, mask, identity, release[0], result[1]);
	}
	close(release[0]);
	close(result[1]);
	child->release_fd = release[1];
	child->result_fd = result[0];
	return 0;

err_result:
	close_pipe(result);
err_release:
	close_pipe(release);
	return ret;
}

int child_start(char *const argv[], const sigset_t *mask, const char *user, struct child **child)
{
	struct credentials identity = { .groups = NULL };
	struct child *made = NULL;
	int ret = user ? find_identity(user, &identity) : 0;

	if (ret)
		goto err_identity;
	made = calloc(1, sizeof(*made));
	ret = made ? start(argv, mask, &identity, made) : -ENOMEM;
	if (ret)
		goto err_free;
	credentials_release(&identity);
	*child = made;
	return 0;

err_free:
	error("cannot start '%s': %s", argv[0], strerror(-ret));
	free(made);
err_identity:
	credentials_release(&identity);
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
	*status = WIFSIGNALED(raw) ? ENDED_BY_SIGNAL | (128 + WTERMSIG(raw)) : WEXITSTATUS(raw);
	return 1;
}

void child_free(struct child *child)
{
	close(child->release_fd);
	close(child->result_fd);
	free(child);
}
