/* SPDX-License-Identifier: MIT */
/*
 * Unlinked temporary files, for what may not fit into memory: in TMPDIR, or in /var/tmp, which,
 * unlike /tmp, is not in memory.
 */
#ifndef FTOPEN_UTIL_TEMPORARY_H
#define FTOPEN_UTIL_TEMPORARY_H

/**
 * temporary_folder - where temporary_open() makes them
 */
const char *temporary_folder(void);

/**
 * temporary_open - a file to read and to write that nobody else can open
 *
 * Return: a descriptor, the caller's to close, or a negative errno that was reported.
 */
int temporary_open(void);

/**
 * temporary_unlinked - a file for kernel addresses: it never has a name, so nobody else can open it
 *
 * In TMPDIR, else in /var/tmp or /tmp, where the file system has O_TMPFILE.
 * Return: the descriptor, or a negative errno.
 */
int temporary_unlinked(void);

#endif
