/* SPDX-License-Identifier: MIT */
/*
 * What the kernel counts of the buffer of one CPU, live or in a file.
 */
#ifndef FTOPEN_PAGES_CPU_STATS_H
#define FTOPEN_PAGES_CPU_STATS_H

#include <stdint.h>

#include "chain/record.h"

/**
 * struct cpu_stats - per_cpu/cpuN/stats; LOSS_UNKNOWN where the kernel does not say
 */
struct cpu_stats {
	uint64_t entries;
	uint64_t overrun;
	uint64_t commit_overrun;
	uint64_t dropped;
	uint64_t read_events;
};

/**
 * cpu_stats_parse - from the text of per_cpu/cpuN/stats
 */
void cpu_stats_parse(const char *text, struct cpu_stats *stats);

/**
 * cpu_stats_unreported - how many records were lost that no page reports: nested ones beyond what
 * a page takes, and those that found no room; LOSS_UNKNOWN if the kernel does not say
 */
uint64_t cpu_stats_unreported(const struct cpu_stats *stats);

/**
 * cpu_stats_lost - how many records are lost that no page reports, when a reader has read a stopped
 * buffer to its end: those of cpu_stats_unreported(), and what is left in the buffer; LOSS_UNKNOWN
 * if the kernel does not say both
 */
uint64_t cpu_stats_lost(const struct cpu_stats *stats);

/**
 * add_counts - the sum, or LOSS_UNKNOWN if one is, or if it is no number of records
 */
static inline uint64_t add_counts(uint64_t a, uint64_t b)
{
	return a == LOSS_UNKNOWN || b >= LOSS_UNKNOWN - a ? LOSS_UNKNOWN : a + b;
}

#endif
