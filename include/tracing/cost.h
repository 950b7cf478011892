/* SPDX-License-Identifier: MIT */
/*
 * What a plan costs for each open, counted with opens that are made for this purpose.
 */
#ifndef FTOPEN_TRACING_COST_H
#define FTOPEN_TRACING_COST_H

#include "kernel/plan.h"
#include "pages/record_sink.h"

/**
 * struct cost - what one open costs whose names are all cached
 * @lookups: components of its path; 0 if no such open was seen
 * @records: one for each probe that it came to
 * @bytes: of the records, without what the ring buffer adds
 * @reads: how often the kernel's memory was read through a pointer for a number or a string
 */
struct cost {
	uint64_t lookups;
	uint64_t records;
	uint64_t bytes;
	uint64_t reads;
};

/**
 * struct costing - the open that is being counted, and the last one that was
 */
struct costing {
	const struct plan *plan;
	struct cost open;
	bool is_open;
	bool is_cold;
	struct cost cost;
};

/**
 * cost_record - count @raw, of which @record is the last that decode() made
 *
 * All records are of one task, in the order of time.
 */
void cost_record(struct costing *costing, const struct raw_record *raw,
		 const struct record *record);

#endif
