/* SPDX-License-Identifier: MIT */
/*
 * What the kernel can do, found out by a definition that it refuses.
 */
#include "tracing/ask.h"

#include <stdlib.h>
#include <string.h>

#include "control.h"

bool kernel_fetches_at_return(const char *dir)
{
	/* The last argument is wrong everywhere: nothing is left to be removed. */
	static const char trial[] = "r:ftopen_trial/trial do_sys_openat2 arg=$arg1 last=$retval:no";
	static const char type_is_wrong[] = "Unknown type";
	char *why;
	bool can;

	if (control_begin(dir) || !control_define(trial))
		return false;
	why = control_refusal(trial);
	can = why && strstr(why, type_is_wrong);
	free(why);
	return can;
}
