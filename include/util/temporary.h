/* SPDX-License-Identifier: MIT */
/*
 * Unlinked temporary files, for data that may not fit into memory: in TMPDIR, or in /var/tmp, which
 * is not in memory as /tmp may be.
 */
#ifndef FTOPEN_UTIL_TEMPORARY_H
#define FTOPEN_UTIL_TEMPORARY_H

/**
 * temporary_folder - where temporary_open() makes them
 */
const char *temporary_folder(void);

/**
 * temporary_in - an unlinked file in @folder, to read and to write, mode 0600
 *
 * Return: a descriptor, the caller's to close, or a negative errno, not reported.
 */
int temporary_in(const char *folder);

/**
 * temporary_open - the same in temporary_folder()
 *
 * Return: a descriptor, the caller's to close, or a negative errno that was reported.
 */
int temporary_open(void);

/**
 * temporary_nameless - a file for kernel addresses: it never has a name, so nobody else can open it
 *
 * In TMPDIR, else in /var/tmp or /tmp, where the file system has O_TMPFILE.
 * Return: the descriptor, the caller's to close, or a negative errno, not reported.
 */
int temporary_nameless(void);

#endif
