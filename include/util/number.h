/* SPDX-License-Identifier: MIT */
/*
 * Numbers that people type: decimal digits and nothing else.
 */
#ifndef FTOPEN_UTIL_NUMBER_H
#define FTOPEN_UTIL_NUMBER_H

#include <stdint.h>

/**
 * parse_number - the number that @text is, whole: no sign, no blank, no other base
 *
 * Return: 0, -EINVAL if it is none, or -ERANGE if it is larger than @most.
 */
int parse_number(const char *text, uint64_t most, uint64_t *number);

/**
 * parse_bytes - the same with a letter after it or none: K, M, G or T, for powers of 1024
 */
int parse_bytes(const char *text, uint64_t most, uint64_t *number);

/**
 * parse_fraction - the same with decimals after a point
 *
 * Return: 0, or -EINVAL.
 */
int parse_fraction(const char *text, double *number);

#endif
