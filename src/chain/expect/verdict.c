/* SPDX-License-Identifier: MIT */
/*
 * The verdict of a claim as it is found: the weightiest stands, with the opens that are to blame.
 */
#include "internal.h"

void set_verdict(struct claim_outcome *outcome, enum verdict verdict, const char *why)
{
	static const int weights[VERDICT_NR] = {
		[VERDICT_NONE] = 0,
		[VERDICT_PASS] = 1,
		[VERDICT_UNKNOWN] = 2,
		[VERDICT_FAIL] = 3,
	};

	if (weights[verdict] <= weights[outcome->verdict])
		return;
	outcome->verdict = verdict;
	outcome->why = why;
}

void blame(struct claim_outcome *outcome, uint64_t open)
{
	for (size_t i = 0; i < outcome->open_count; i++) {
		if (outcome->opens[i] == open)
			return;
	}
	if (open && outcome->open_count < EXPECT_MAX_OPENS)
		outcome->opens[outcome->open_count++] = open;
	else if (open)
		outcome->more_opens++;
}
