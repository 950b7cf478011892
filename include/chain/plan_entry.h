/* SPDX-License-Identifier: MIT */
/*
 * What became of each role in the plan that a trace was made with.
 */
#ifndef FTOPEN_CHAIN_PLAN_ENTRY_H
#define FTOPEN_CHAIN_PLAN_ENTRY_H

#include "chain/record.h"

/**
 * struct plan_entry - what became of a role, for the summary and for the tree's words
 * @state: "exact", "substitute", "refused", "silent", or "unknown" where a file does not say
 * @note: what a substitute stands in for, or why there is none; NULL if there is nothing to say
 */
struct plan_entry {
	enum role role;
	enum edge edge;
	const char *symbol;
	const char *state;
	const char *note;
};

#endif
