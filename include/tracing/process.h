/* SPDX-License-Identifier: MIT */
/*
 * Which process is meant by a pid: pids come back, a pid with its start time does not.
 */
#ifndef FTOPEN_TRACING_PROCESS_H
#define FTOPEN_TRACING_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/tid_list.h"

/**
 * process_start_time - clock ticks from boot to the start of @pid (field 22 of /proc/PID/stat)
 *
 * Return: 0, or a negative errno (-ENOENT if there is no such process).
 */
int process_start_time(pid_t pid, uint64_t *start);

/**
 * process_threads - append the ids of all threads of the process that @pid is a thread of
 *
 * Return: 0, or a negative errno (-ENOENT if there is no such process).
 */
int process_threads(pid_t pid, struct tid_list *tids);

/**
 * has_initial_pids - whether this process sees the pids that the kernel puts into records: it is
 * in the initial pid namespace (/proc/self/ns/pid, whose number is fixed since 3.8)
 */
bool has_initial_pids(void);

#endif
