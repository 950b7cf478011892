/* SPDX-License-Identifier: MIT */
/*
 * Where programs are.
 */
#ifndef FTOPEN_UTIL_WHICH_H
#define FTOPEN_UTIL_WHICH_H

#include <stdbool.h>

/**
 * is_in_path - whether a directory of PATH has a program @name
 */
bool is_in_path(const char *name);

#endif
