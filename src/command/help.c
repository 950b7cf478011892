/* SPDX-License-Identifier: MIT */
/*
 * ftopen help: from the tables of commands and options.
 */
#include "command/commands.h"
#include "command/output.h"
#include "util/distance.h"
#include "util/message.h"

void help_overview(FILE *out)
{
	fputs("usage: ftopen COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Shows the life of every file name that a program opens, inside the kernel, and "
	      "proves\n"
	      "each step with addresses.\n\n",
	      out);
	for (size_t i = 0; i < command_count; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("\n'ftopen help COMMAND' shows the options of a command; man ftopen has all.\n"
	      "First steps: sudo ftopen trace cat /etc/hostname\n",
	      out);
}

void help_no_command(const char *word)
{
	error("no such command: '%s'", word);
	for (size_t i = 0; i < command_count; i++) {
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
		options_list(stdout);
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
