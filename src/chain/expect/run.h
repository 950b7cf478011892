/* SPDX-License-Identifier: MIT */
/*
 * What a run of expectations is made of.
 */
#ifndef FTOPEN_CHAIN_EXPECT_RUN_H
#define FTOPEN_CHAIN_EXPECT_RUN_H

#include "internal.h"

/* A name line, and what there is of it. */
struct set {
	uint64_t matched; /* names like that, whether they are in the set or not */
	uint64_t gone;	  /* such names that came once, and do not come again */
	struct near near;
};

struct expect_run {
	const struct expect *expect;
	struct expect_options options;
	struct set *sets;
	struct claim_tally *tallies;
	struct expect_result *results;
	struct open_info *opens;
	size_t open_count, open_room;
	size_t oldest;	  /* of the other half, where it is overwritten next */
	struct map by_id; /* open id -> its struct open_info's index + 1 */
	bool lost[SCOPE_NR];
	uint64_t missed; /* role_bit() of the probes that the kernel told */
	bool has_missed;
	bool is_pushed_out;
	bool has_stray; /* an open is incomplete, and no name has it */
};

#endif
