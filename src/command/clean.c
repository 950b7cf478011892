/* SPDX-License-Identifier: MIT */
/*
 * ftopen clean: remove what killed runs left in tracefs, and nothing else.
 */
#include "command/commands.h"
#include "command/output.h"
#include "tracing/clean.h"
#include "usage.h"
#include "tracing/tracefs.h"
#include "util/message.h"

int cmd_clean(const struct options *options)
{
	unsigned int removed = 0;
	const char *dir;
	int ret;

	if (options->arg_count) {
		usage_error(options->command, "unexpected argument '%s'", options->args[0]);
		return STATUS_FTOPEN;
	}
	ret = tracefs_find(&dir);
	if (!ret)
		ret = session_clean(dir, &removed);
	if (ret) {
		error_unless_said(ret);
		return STATUS_FTOPEN;
	}
	printf("removed %u leftover%s of killed runs\n", removed, removed == 1 ? "" : "s");
	return 0;
}
