/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into ftopen: each look at a clock is a second after the one before, so that whatever
 * is done lasts long.
 */
#include <stdatomic.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
	static atomic_long looks;

	(void)clock;
	*now = (struct timespec){ .tv_sec = ++looks };
	return 0;
}
