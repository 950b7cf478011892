/* SPDX-License-Identifier: MIT */
/*
 * What is known of a trace in all: its kernel, its plan, and what was counted.
 */
#ifndef FTOPEN_CHAIN_SUMMARY_H
#define FTOPEN_CHAIN_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/chain.h"
#include "chain/open.h"
#include "chain/plan.h"

/* A count of what no probe is armed for. */
#define COUNT_UNKNOWN UINT64_MAX

/**
 * struct chain_totals - what the summary counts
 * @opens, @caches: without those of CALL_KERNEL
 * @path_calls: paths of calls that open nothing; COUNT_UNKNOWN where they are not traced
 * @allocs: by the traced tasks; @evictions: of dentries that they allocated or looked up, by any
 *	task; COUNT_UNKNOWN without a probe
 */
struct chain_totals {
	uint64_t records;
	uint64_t opens;
	uint64_t path_calls;
	uint64_t names;
	uint64_t caches[CACHE_NR]; /* opens by what the directory cache had */
	uint64_t allocs;
	uint64_t evictions;
	uint64_t pushed_out; /* names that a cap handed out early */
	uint64_t lost;	     /* sum of the known counts */
	uint64_t losses;     /* number of losses */
	bool lost_is_known;  /* no loss had an unknown count */
	uint64_t verdicts[VERDICT_NR];
};

/**
 * struct chain_summary - the last thing a sink gets
 */
struct chain_summary {
	const char *kernel; /* uname release, NULL if not known */
	const char *arch;
	enum layout_source layout;
	const struct plan_entry *plan;
	size_t plan_count;
	bool has_missed_probes;
	uint64_t missed_probes;
	struct chain_totals totals;
};

#endif
