/* SPDX-License-Identifier: MIT */
/*
 * The processes of -p, which may end at any time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/command/target.h"

static void start(struct options *options)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	assert_true(pid > 0);
	options->filters.pids[options->filters.pid_count++] = pid;
}

static void end(pid_t pid)
{
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void a_process_that_ends_while_it_is_selected_is_no_error(void **state)
{
	struct options options = { 0 };
	struct target target = { 0 };

	(void)state;
	start(&options);
	start(&options);
	assert_int_equal(target_find(&target, &options), 0);
	assert_int_equal(target.tids.count, 2);
	end(options.filters.pids[0]);
	assert_int_equal(target_threads(&target, &options), 1);
	assert_int_equal(target.tids.count, 1);
	assert_int_equal(target.tids.items[0], options.filters.pids[1]);
	end(options.filters.pids[1]);
	assert_int_equal(target_threads(&target, &options), 1);
	assert_int_equal(target_threads(&target, &options), 0);
	assert_int_equal(target.tids.count, 0);
	target_release(&target);
}

static void a_process_that_was_never_there_is_an_error(void **state)
{
	struct options options = { 0 };
	struct target target = { 0 };

	(void)state;
	start(&options);
	end(options.filters.pids[0]);
	assert_int_equal(target_find(&target, &options), -ENOENT);
	target_release(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_that_ends_while_it_is_selected_is_no_error),
		cmocka_unit_test(a_process_that_was_never_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
