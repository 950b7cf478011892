/* SPDX-License-Identifier: MIT */
/*
 * From the command line to a command.
 */
#include <string.h>

#include "command/commands.h"
#include "command/output.h"
#include "tracing/child.h"
#include "util/caller.h"
#include "util/message.h"
#include "version.h"

static int run(const struct command *command, int argc, char **argv)
{
	struct options options;
	int status;

	if (options_parse(command, argc, argv, &options))
		return STATUS_FTOPEN;
	if (options.help) {
		options_help(command, stdout);
		return 0;
	}
	if (options.quiet)
		message_set_level(MESSAGE_WARNING);
	if (options.verbose)
		message_set_level(MESSAGE_DEBUG);
	status = command->run(&options);
	if (status & ENDED_BY_SIGNAL)
		caller_end_by(status & 0x7f);
	return status;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (caller_set_aside())
		return STATUS_FTOPEN;
	if (argc < 2) {
		help_overview(stderr);
		return STATUS_FTOPEN;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("ftopen " FTOPEN_VERSION);
		return 0;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		help_overview(stdout);
		return 0;
	}
	command = command_find(argv[1]);
	if (command)
		return run(command, argc - 1, argv + 1);
	help_no_command(argv[1]);
	return STATUS_FTOPEN;
}
