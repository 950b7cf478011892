/* SPDX-License-Identifier: MIT */
/*
 * What ends the watch of a program before that ends: our own limit of CPU time.
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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/command/watch.h"
#include "util/caller.h"

enum {
	ENDS_WELL,
	NO_LIMIT,
	NO_START,
	NO_WATCH,
	NO_END,
	OTHER_STATUS,
};

static int burn(void *context)
{
	volatile unsigned int *rounds = context;

	for (unsigned int i = 0; i < 1000000; i++)
		++*rounds;
	return 0;
}

static int look(void *context)
{
	(void)context;
	return 0;
}

/* The program tells its limits, and ends with a status of its own when its input does. */
static char *const program[] = { "sh", "-c", "read line; exit $(( $(ulimit -St) + $(ulimit -Ht) ))",
				 NULL };

static int watch_program(struct watch *watch)
{
	volatile unsigned int rounds = 0;

	if (witness_start(&watch->witness) ||
	    child_start(program, &watch->before, NULL, &watch->child) ||
	    child_release(watch->child))
		return NO_START;
	watch->pump = burn;
	watch->context = (void *)&rounds;
	return watch_run(watch) == -ETIME && !watch->has_status ? ENDS_WELL : NO_END;
}

/* It gets none of our signals, and is waited for although nothing is traced any more. */
static int await_program(struct watch *watch, int input)
{
	watch->fd = -1;
	watch->pump = look;
	close(input);
	if (watch_run(watch))
		return NO_WATCH;
	return watch->status == 4 ? ENDS_WELL : OTHER_STATUS;
}

static int with_limit_of(rlim_t seconds)
{
	const struct rlimit limit = { seconds, seconds };
	struct watch watch = { .fd = -1 };
	int input[2], ret;

	if (setrlimit(RLIMIT_CPU, &limit) || pipe2(input, O_CLOEXEC) ||
	    dup2(input[0], STDIN_FILENO) < 0 || caller_set_aside())
		return NO_LIMIT;
	if (watch_signals(&watch))
		return NO_WATCH;
	watch.fd = input[0];
	ret = watch_program(&watch);
	return ret ? ret : await_program(&watch, input[1]);
}

static void a_hard_limit_of_cpu_time_ends_the_trace_and_not_ftopen(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(with_limit_of(2));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), ENDS_WELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hard_limit_of_cpu_time_ends_the_trace_and_not_ftopen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
