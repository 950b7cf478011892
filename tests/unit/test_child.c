/* SPDX-License-Identifier: MIT */
/*
 * The traced program: started stopped, let go with nothing of ours, its status passed on.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracing/child.h"
#include "util/caller.h"
#include "util/io.h"
#include "util/message.h"

static sigset_t mask;

static void hear(enum message_level level, const char *text)
{
	(void)level;
	(void)text;
}

static int forget_mask(void **state)
{
	(void)state;
	sigemptyset(&mask);
	message_set_hook(hear);
	return 0;
}

/* Runs it to its end. Return: what child_release() gave; @status of a program that ran. */
static int run_as(const char *user, char *const argv[], int *status)
{
	struct child *child;
	int ret, reaped;

	assert_int_equal(child_start(argv, &mask, user, &child), 0);
	ret = child_release(child);
	while (!ret && !(reaped = child_reap(child, status)))
		usleep(1000);
	child_free(child);
	return ret;
}

static int run(char *const argv[], int *status)
{
	return run_as(NULL, argv, status);
}

static int shell(const char *script)
{
	char *const argv[] = { "sh", "-c", (char *)script, NULL };
	int status = -1;

	assert_int_equal(run(argv, &status), 0);
	return status;
}

static void the_status_is_the_programs(void **state)
{
	(void)state;
	assert_int_equal(shell("exit 0"), 0);
	assert_int_equal(shell("exit 7"), 7);
}

static void a_signal_is_128_and_its_number(void **state)
{
	(void)state;
	assert_int_equal(shell("kill -9 $$"), (ENDED_BY_SIGNAL | (128 + 9)));
	assert_int_equal(shell("kill -TERM $$"), (ENDED_BY_SIGNAL | (128 + 15)));
}

static void what_is_not_found_is_reported_by_its_errno(void **state)
{
	char *const argv[] = { "no-such-program-anywhere", NULL };
	int status;

	(void)state;
	assert_int_equal(run(argv, &status), -ENOENT);
}

static void what_is_not_executable_is_reported_by_its_errno(void **state)
{
	char *const argv[] = { "/etc/passwd", NULL };
	int status;

	(void)state;
	assert_int_equal(run(argv, &status), -EACCES);
}

static void a_text_without_an_interpreter_runs_as_a_shell_does_it(void **state)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX";
	char *const argv[] = { path, NULL };
	int status, fd = mkstemp(path);

	(void)state;
	assert_int_equal(write_all(fd, "exit 9\n", 7), 0);
	fchmod(fd, 0755);
	close(fd);
	assert_int_equal(run(argv, &status), 0);
	assert_int_equal(status, 9);
	unlink(path);
}

/* As many as any other program that this process starts. */
static void no_descriptor_of_ours_is_in_the_program(void **state)
{
	static const char count[] = "exit $(ls /proc/self/fd | wc -l)";
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int others = system(count);

	(void)state;
	assert_int_equal(shell(count), WEXITSTATUS(others));
	close(fd);
}

static void the_program_has_the_mask_that_was_given(void **state)
{
	sigset_t blocked;

	(void)state;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	assert_int_equal(shell("grep -q '^SigBlk:.*0000000000000000$' /proc/self/status"), 0);
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
}

/* Whatever this process makes of SIGPIPE, SIGXFSZ and SIGCHLD for itself. */
static void the_program_has_the_dispositions_of_the_caller(void **state)
{
	/* A shell takes SIGCHLD for itself. The C library lets nobody change signals 32 and 33. */
	char *const grep[] = { "grep", "-q", "^SigIgn:.*.101....$", "/proc/self/status", NULL };
	int status = -1;

	(void)state;
	for (int number = 1; number < SIGRTMIN; number++)
		signal(number, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(caller_set_aside(), 0);
	assert_int_equal(shell("kill -PIPE $$"), ENDED_BY_SIGNAL | (128 + SIGPIPE));
	assert_int_equal(shell("kill -XFSZ $$; exit 6"), 6);
	assert_int_equal(run(grep, &status), 0);
	assert_int_equal(status, 0);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(caller_set_aside(), 0);
	assert_int_equal(shell("kill -PIPE $$; exit 6"), 6);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(caller_set_aside(), 0);
}

static void the_program_has_the_limits_of_the_caller(void **state)
{
	const struct rlimit small = { .rlim_cur = 300 * 1024, .rlim_max = RLIM_INFINITY };
	struct rlimit before;

	(void)state;
	getrlimit(RLIMIT_STACK, &before);
	setrlimit(RLIMIT_STACK, &small);
	assert_int_equal(caller_set_aside(), 0);
	assert_int_equal(shell("[ $(ulimit -S -s) = 300 ]"), 0);
	setrlimit(RLIMIT_STACK, &before);
	assert_int_equal(caller_set_aside(), 0);
}

static void nothing_runs_before_it_is_let_go(void **state)
{
	char path[] = "/tmp/ftopen-unit-XXXXXX";
	char *argv[] = { "rm", path, NULL };
	struct child *child;
	int fd = mkstemp(path), status;

	(void)state;
	close(fd);
	assert_int_equal(child_start(argv, &mask, NULL, &child), 0);
	usleep(50000);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(child_release(child), 0);
	while (!child_reap(child, &status))
		usleep(1000);
	assert_int_equal(access(path, F_OK), -1);
	child_free(child);
}

static void one_that_is_never_let_go_ends(void **state)
{
	char *const argv[] = { "sleep", "100", NULL };
	struct child *child;
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(child_start(argv, &mask, NULL, &child), 0);
	pid = child_pid(child);
	child_free(child);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
}

static void a_user_that_does_not_exist_is_refused(void **state)
{
	char *const argv[] = { "true", NULL };
	struct child *child;

	(void)state;
	assert_int_equal(child_start(argv, &mask, "nobody_of_this_name", &child), -ENOENT);
}

static void another_user_has_a_home_of_its_own(void **state)
{
	char *const argv[] = { "sh", "-c",
			       "[ \"$HOME $USER $LOGNAME $OTHER\" = \"/root root root kept\" ]",
			       NULL };
	int status = -1;

	(void)state;
	if (geteuid())
		skip();
	assert_int_equal(setenv("HOME", "/elsewhere", 1), 0);
	assert_int_equal(setenv("USER", "somebody", 1), 0);
	assert_int_equal(unsetenv("LOGNAME"), 0);
	assert_int_equal(setenv("OTHER", "kept", 1), 0);
	assert_int_equal(run_as("root", argv, &status), 0);
	assert_int_equal(status, 0);
	assert_int_equal(shell("[ \"$HOME $USER\" = \"/elsewhere somebody\" ]"), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, forget_mask)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_status_is_the_programs),
		TEST(a_signal_is_128_and_its_number),
		TEST(what_is_not_found_is_reported_by_its_errno),
		TEST(what_is_not_executable_is_reported_by_its_errno),
		TEST(a_text_without_an_interpreter_runs_as_a_shell_does_it),
		TEST(no_descriptor_of_ours_is_in_the_program),
		TEST(the_program_has_the_mask_that_was_given),
		TEST(the_program_has_the_dispositions_of_the_caller),
		TEST(the_program_has_the_limits_of_the_caller),
		TEST(nothing_runs_before_it_is_let_go),
		TEST(one_that_is_never_let_go_ends),
		TEST(a_user_that_does_not_exist_is_refused),
		TEST(another_user_has_a_home_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
