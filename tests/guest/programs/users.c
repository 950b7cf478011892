/* SPDX-License-Identifier: MIT */
/*
 * Three users in one program. Files are /tmp/us_*, and need not exist. Those that
 * root opens are root_*, those of the users A and B are a_* and b_*.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER_A 1000
#define USER_B 65534

static void open_it(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/tmp/us_%s", name);
	fd = open(path, O_RDONLY);
	if (fd >= 0)
		close(fd);
}

/* The calling thread alone, as the kernel has it. Only root may become anybody. */
static void become(uid_t uid)
{
	if (syscall(SYS_setresuid, (uid_t)-1, 0, (uid_t)-1) ||
	    syscall(SYS_setresuid, (uid_t)-1, uid, (uid_t)-1)) {
		perror("users: setresuid");
		exit(1);
	}
}

static void *open_as_b(void *unused)
{
	(void)unused;
	open_it("a_thread");
	become(0);
	open_it("root_thread");
	become(USER_B);
	open_it("b_thread");
	return NULL;
}

/* The thread has a user of its own from then on. */
static void open_in_thread(void)
{
	pthread_t id;

	pthread_create(&id, NULL, open_as_b, NULL);
	pthread_join(id, NULL);
	open_it("a_after_thread");
}

/* A process that becomes B, and executes what opens again. */
static void open_in_child(void)
{
	pid_t pid = fork();

	if (pid) {
		waitpid(pid, NULL, 0);
		open_it("a_after_child");
		return;
	}
	open_it("a_child");
	become(0);
	if (setresuid(USER_B, USER_B, USER_B))
		_exit(1);
	open_it("b_child");
	execlp("cat", "cat", "/tmp/us_b_executed", NULL);
	_exit(1);
}

/* There is no descriptor for it: before 7.3 the kernel does not come to the walk. */
static void open_in_vain(const char *name)
{
	struct rlimit usual, none;

	getrlimit(RLIMIT_NOFILE, &usual);
	none = usual;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	open_it(name);
	setrlimit(RLIMIT_NOFILE, &usual);
}

int main(void)
{
	open_it("root_first");
	become(USER_A);
	open_it("a_first");
	open_in_thread();
	open_in_child();
	become(0);
	open_in_vain("root_in_vain");
	become(USER_B);
	open_in_vain("b_in_vain");
	open_it("b_last");
	become(USER_A);
	open_in_vain("a_in_vain");
	open_it("a_last");
	return 0;
}
