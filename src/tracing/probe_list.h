/* SPDX-License-Identifier: MIT */
/*
 * The list of all probes, whoever defined them.
 */
#ifndef FTOPEN_TRACING_PROBE_LIST_H
#define FTOPEN_TRACING_PROBE_LIST_H

/**
 * probe_list_read - the whole list, one line for each probe
 * @dir: of tracefs
 *
 * Return: 0, or a negative errno that was reported: -EAGAIN if others change it all the time.
 * *@text is the caller's to free.
 */
int probe_list_read(const char *dir, char **text);

#endif
