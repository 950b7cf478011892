/* SPDX-License-Identifier: MIT */
/*
 * Mistakes on the command line.
 */
#include "usage.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "command/options.h"
#include "util/message.h"

int usage_error(const struct command *command, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	error("%s: %s", command->name, text);
	hint("usage: ftopen %s %s; 'ftopen help %s' lists the options", command->name,
	     command->usage, command->name);
	return -EINVAL;
}
