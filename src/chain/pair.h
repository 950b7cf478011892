/* SPDX-License-Identifier: MIT */
/*
 * Two hops whose addresses are compared, and whether anything can be said about them: a lost
 * record, or an end that nobody saw, may stand between them.
 */
#ifndef FTOPEN_CHAIN_PAIR_H
#define FTOPEN_CHAIN_PAIR_H

#include "chain/chain.h"

/**
 * struct hop_pair - two hops of one name
 * @is_across: no one open has both, so the lifetime may have ended in between
 */
struct hop_pair {
	const struct hop *left;
	const struct hop *right;
	bool is_across;
};

/**
 * pair_needs_any_task - whether what other tasks do counts as well: the instance of any task has
 * the ends of lifetimes, and the records of a ring's worker
 */
bool pair_needs_any_task(const struct hop_pair *pair);

/**
 * pair_why_unknown - why nothing can be said about @pair
 * @armed, @sees_any: of struct correlator_options
 *
 * Return: the reason, or NULL.
 */
const char *pair_why_unknown(const struct hop_pair *pair, const bool armed[][POINT_NR],
			     bool sees_any);

#endif
