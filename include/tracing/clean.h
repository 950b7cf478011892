/* SPDX-License-Identifier: MIT */
/*
 * What killed runs of ftopen left in tracefs.
 */
#ifndef FTOPEN_TRACING_CLEAN_H
#define FTOPEN_TRACING_CLEAN_H

/**
 * session_leftovers - count what session_clean() would remove
 */
int session_leftovers(const char *dir, unsigned int *count);

/**
 * session_clean - remove what killed runs of ftopen left: instances and probes whose name tells a
 * pid and start time that no process has. Never those of a live run or of anybody else.
 * @removed: number of instances and probes that were removed
 *
 * The others are removed even if one cannot be.
 *
 * Return: 0, or a negative errno that was reported: the first of those that stay.
 */
int session_clean(const char *dir, unsigned int *removed);

#endif
