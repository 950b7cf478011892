/* SPDX-License-Identifier: MIT */
/*
 * Where a traced program begins, which can be seen only at the start of the trace.
 */
#ifndef FTOPEN_COMMAND_START_H
#define FTOPEN_COMMAND_START_H

#include "chain/correlator.h"

/**
 * start_place_find - the working directory, which a program that is started takes over
 *
 * @place has no path where the directory cannot be named, as when it was removed. Ends with
 * start_place_release().
 */
void start_place_find(struct start_place *place);

void start_place_release(struct start_place *place);

#endif
