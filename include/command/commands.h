/* SPDX-License-Identifier: MIT */
/*
 * The commands: one function each, in src/command/NAME.c. They return the exit status.
 */
#ifndef FTOPEN_COMMAND_COMMANDS_H
#define FTOPEN_COMMAND_COMMANDS_H

#include "command/options.h"

int cmd_trace(const struct options *options);
int cmd_top(const struct options *options);
int cmd_record(const struct options *options);
int cmd_report(const struct options *options);
int cmd_view(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_probes(const struct options *options);
int cmd_doctor(const struct options *options);
int cmd_clean(const struct options *options);
int cmd_help(const struct options *options);

/**
 * command_find - the command called @name, NULL if there is none
 */
const struct command *command_find(const char *name);

/**
 * help_overview - what ftopen is and its commands
 */
void help_overview(FILE *out);

/**
 * help_no_command - report that there is no command @word, and which one may have been meant
 */
void help_no_command(const char *word);

#endif
