/* SPDX-License-Identifier: MIT */
/*
 * Mistakes on the command line.
 */
#ifndef FTOPEN_COMMAND_USAGE_H
#define FTOPEN_COMMAND_USAGE_H

struct command;

/**
 * usage_error - report what is wrong with a command line: "COMMAND: " and the text, then the usage
 *
 * Return: -EINVAL.
 */
int usage_error(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
