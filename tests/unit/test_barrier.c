/* SPDX-License-Identifier: MIT */
/*
 * The barrier where membarrier(2) is refused: it is only over when every processor was visited.
 * The kernel's part is played here.
 */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracing/barrier.h"

static struct {
	bool has_membarrier;
	int refused; /* a processor of another control group; -1: none */
	int busy;    /* a processor that takes nobody; -1: none */
	atomic_int at, visits, kicks;
} machine;

long syscall(long number, ...)
{
	assert_int_equal(number, SYS_membarrier);
	errno = EINVAL;
	return machine.has_membarrier ? 0 : -1;
}

static void pause_briefly(void)
{
	static const struct timespec pause = { .tv_nsec = 1000 * 1000 };

	nanosleep(&pause, NULL);
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *cpus)
{
	int cpu = 0;

	assert_int_equal(pid, 0);
	while (!CPU_ISSET_S((size_t)cpu, size, cpus))
		cpu++;
	machine.visits++;
	if (cpu == machine.refused) {
		errno = EINVAL;
		return -1;
	}
	while (cpu == machine.busy && !machine.kicks)
		pause_briefly();
	machine.at = cpu == machine.busy ? cpu + 1 : cpu;
	return 0;
}

int pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *cpus)
{
	(void)thread;
	(void)size;
	(void)cpus;
	machine.kicks++;
	return 0;
}

int sched_getcpu(void)
{
	return machine.at;
}

static bool pass(void)
{
	struct barrier barrier;

	assert_int_equal(barrier_start(&barrier), 0);
	while (!barrier_is_over(&barrier))
		pause_briefly();
	return barrier_end(&barrier);
}

static int start(void **state)
{
	(void)state;
	memset(&machine, 0, sizeof(machine));
	machine.refused = machine.busy = machine.at = -1;
	return 0;
}

static void where_the_kernel_says_it_nobody_is_visited(void **state)
{
	(void)state;
	machine.has_membarrier = true;
	assert_true(pass());
	assert_int_equal(machine.visits, 0);
}

static void else_each_processor_that_is_online_is_visited(void **state)
{
	(void)state;
	assert_true(pass());
	assert_int_equal(machine.visits, sysconf(_SC_NPROCESSORS_ONLN));
}

static void a_processor_that_may_not_be_visited_is_not_known(void **state)
{
	(void)state;
	machine.refused = 0;
	assert_false(pass());
}

static void a_processor_that_takes_nobody_is_not_waited_for(void **state)
{
	(void)state;
	machine.busy = 0;
	assert_false(pass());
	assert_true(machine.kicks > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(where_the_kernel_says_it_nobody_is_visited, start),
		cmocka_unit_test_setup(else_each_processor_that_is_online_is_visited, start),
		cmocka_unit_test_setup(a_processor_that_may_not_be_visited_is_not_known, start),
		cmocka_unit_test_setup(a_processor_that_takes_nobody_is_not_waited_for, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
