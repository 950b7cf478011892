/* SPDX-License-Identifier: MIT */
/*
 * Where a traced program begins, and what it sees in two places: only the start of the trace shows
 * it.
 */
#ifndef FTOPEN_COMMAND_START_H
#define FTOPEN_COMMAND_START_H

#include <sys/types.h>

#include "chain/correlator.h"

/**
 * start_place_find - the working directory, which a program that is started takes over
 *
 * @place has no path where the directory cannot be named, as when it was removed. Ends with
 * start_place_release().
 */
void start_place_find(struct start_place *place);

/**
 * start_place_find_doubles - add to @place the directories that the task @pid, 0 for ftopen itself,
 * sees in two places
 *
 * What cannot be seen is left out. Return: 0 or -ENOMEM.
 */
int start_place_find_doubles(struct start_place *place, pid_t pid);

void start_place_release(struct start_place *place);

#endif
