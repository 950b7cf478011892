/* SPDX-License-Identifier: MIT */
/*
 * Recording for another command.
 */
#ifndef FTOPEN_COMMAND_RECORD_H
#define FTOPEN_COMMAND_RECORD_H

#include "command/options.h"

/**
 * record_run - run a program or attach, and store the trace in options->output
 *
 * Return: the exit status, as that of ftopen record: the program's own, if that ran.
 */
int record_run(const struct options *options);

#endif
