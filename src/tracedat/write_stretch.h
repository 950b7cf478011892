/* SPDX-License-Identifier: MIT */
/*
 * What a file says of itself that has one stretch of a recording.
 */
#ifndef FTOPEN_TRACEDAT_WRITE_STRETCH_H
#define FTOPEN_TRACEDAT_WRITE_STRETCH_H

#include "tracedat/gather.h"

/**
 * stretch_stats - the text of the counts of one CPU since the stretch began, the caller's to free
 *
 * Only what was lost: what was read and what is left are counts of the whole recording. What is
 * left at its end is lost.
 *
 * Return: NULL when out of memory.
 */
char *stretch_stats(const struct dat_stretch *stretch, const struct instance *instance, int cpu);

/**
 * stretch_count - what @hits and @missed of a probe are since the stretch began
 */
void stretch_count(const struct dat_stretch *stretch, const struct session *session,
		   const struct planned *planned, uint64_t *hits, uint64_t *missed);

/**
 * stretch_print - its lines after DAT_PROBES
 */
void stretch_print(const struct dat_stretch *stretch, FILE *out);

#endif
