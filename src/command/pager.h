/* SPDX-License-Identifier: MIT */
/*
 * Results that are longer than a screen, shown by a pager as git shows its own.
 */
#ifndef FTOPEN_COMMAND_PAGER_H
#define FTOPEN_COMMAND_PAGER_H

#include <stdbool.h>
#include <stdio.h>

/**
 * has_pager - standard output is a terminal, and PAGER (else less) is a program that is there
 */
bool has_pager(void);

/**
 * pager_show - show all of @spool, which was written from its beginning
 * @is_paged: with the pager; else it is only copied to standard output
 *
 * Waits for the pager's end.
 *
 * Return: 0, also if the reader leaves before the end, or a negative errno, not reported.
 */
int pager_show(FILE *spool, bool is_paged);

#endif
