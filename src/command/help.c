/* SPDX-License-Identifier: MIT */
/*
 * The table of commands, and ftopen help, which is made of it and of the options.
 */
#include "command/commands.h"

#include <string.h>

#include "command/output.h"
#include "util/distance.h"
#include "util/message.h"

static const struct command commands[] = {
	{ "trace", COMMAND_TRACE, "[OPTION...] [--] PROG [ARG...]",
	  "run a program and print the chain of every name it opens", cmd_trace },
	{ "top", COMMAND_TOP, "[OPTION...] [--] PROG [ARG...]",
	  "show who opens what at this moment: a screen, or JSON lines", cmd_top },
	{ "record", COMMAND_RECORD, "-o FILE [OPTION...] [--] PROG [ARG...]",
	  "run a program and only store the trace, as a trace.dat", cmd_record },
	{ "report", COMMAND_REPORT, "[OPTION...] [FILE]",
	  "print the chains of a recording; needs no privileges", cmd_report },
	{ "view", COMMAND_VIEW, "[OPTION...] [FILE | -- PROG [ARG...]]",
	  "look through the opens of a recording, or of a program, on the terminal", cmd_view },
	{ "diff", COMMAND_DIFF, "[OPTION...] A B",
	  "show which names have different results in two recordings", cmd_diff },
	{ "probes", COMMAND_PROBES, "[OPTION...]",
	  "print the kprobe_events definitions for this kernel; changes nothing", cmd_probes },
	{ "doctor", COMMAND_DOCTOR, "[OPTION...]",
	  "show what this kernel allows; every probe is tested", cmd_doctor },
	{ "clean", COMMAND_CLEAN, "", "remove what killed runs left in tracefs", cmd_clean },
	{ "help", COMMAND_HELP, "[COMMAND]", "show the commands, or a command's options",
	  cmd_help },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}

void help_overview(FILE *out)
{
	fputs("usage: ftopen COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Shows the life of every file name that a program opens, inside the kernel, and "
	      "proves\n"
	      "each step with addresses.\n\n",
	      out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("\n'ftopen help COMMAND' shows the options of a command; man ftopen has all.\n"
	      "First steps: sudo ftopen trace cat /etc/hostname\n",
	      out);
}

void help_no_command(const char *word)
{
	error("cannot run '%s': there is no such command", word);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (!is_near(word, commands[i].name))
			continue;
		hint("did you mean %s? 'ftopen help' lists the commands", commands[i].name);
		return;
	}
	hint("'ftopen help' lists the commands");
}

int cmd_help(const struct options *options)
{
	const struct command *command;

	if (options->list_options) {
		for (size_t i = 0; i < COMMAND_COUNT; i++)
			options_list(&commands[i], stdout);
		return 0;
	}
	if (!options->arg_count) {
		help_overview(stdout);
		return 0;
	}
	command = command_find(options->args[0]);
	if (!command) {
		help_no_command(options->args[0]);
		return STATUS_FTOPEN;
	}
	options_help(command, stdout);
	return 0;
}
