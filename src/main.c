/* SPDX-License-Identifier: MIT */
/*
 * The table of commands and the way to one of them.
 */
#include <string.h>

#include "command/commands.h"
#include "command/output.h"
#include "util/caller.h"
#include "util/message.h"
#include "version.h"

const struct command commands[] = {
	{ "trace", COMMAND_TRACE, "[OPTION...] [--] PROG [ARG...]",
	  "run a program and print the chain of every name it opens", cmd_trace },
	{ "record", COMMAND_RECORD, "-o FILE [OPTION...] [--] PROG [ARG...]",
	  "run a program and only store the trace, as a trace.dat", cmd_record },
	{ "report", COMMAND_REPORT, "[OPTION...] [FILE]",
	  "print the chains of a recording; needs no privileges", cmd_report },
	{ "diff", COMMAND_DIFF, "[OPTION...] A B",
	  "say which names came out differently in two recordings", cmd_diff },
	{ "probes", COMMAND_PROBES, "[OPTION...]",
	  "print the kprobe_events definitions for this kernel; changes nothing", cmd_probes },
	{ "doctor", COMMAND_DOCTOR, "[OPTION...]",
	  "say what this kernel allows: each probe's choice, tested", cmd_doctor },
	{ "clean", COMMAND_CLEAN, "", "remove what dead runs left in tracefs", cmd_clean },
	{ "help", COMMAND_HELP, "[COMMAND]", "show the commands, or a command's options",
	  cmd_help },
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct options options;

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
	return command->run(&options);
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
