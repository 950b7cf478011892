/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into ftopen: membarrier(2) is refused, as by a kernel with nohz_full=. With
 * NO_PROCESSOR in the environment, so is every processor, as in a control group that has few of
 * them.
 */
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARGUMENTS 6

long syscall(long number, ...)
{
	__typeof__(&syscall) next;
	long args[ARGUMENTS];
	va_list list;

	if (number == SYS_membarrier) {
		errno = EINVAL;
		return -1;
	}
	*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	va_start(list, number);
	for (int i = 0; i < ARGUMENTS; i++)
		args[i] = va_arg(list, long);
	va_end(list);
	return next(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *cpus)
{
	if (getenv("NO_PROCESSOR")) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_sched_setaffinity, pid, size, cpus) < 0 ? -1 : 0;
}
