/* SPDX-License-Identifier: MIT */
/*
 * For the self-test only: calls that take a path and open nothing, each of which fails.
 */
#ifndef FTOPEN_TRACING_PATH_CALLS_H
#define FTOPEN_TRACING_PATH_CALLS_H

#include "chain/record.h"

#define PATH_CALL_ROLES (ROLE_NR - ROLE_CALL_STAT)

/**
 * act_path_calls - make each of them, so that it changes nothing
 * @missing: the path of nothing: calls that want something there fail with ENOENT
 * @there: a directory: calls that make something fail with EEXIST
 * @counts: by role, from ROLE_CALL_STAT on, is filled with how often it was made
 */
void act_path_calls(const char *missing, const char *there, unsigned int *counts);

#endif
