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
 * @left, @right: in the order in which they are compared; not owned
 * @is_across: they are not of one open, so the lifetime may have ended in between
 */
struct hop_pair {
	const struct hop *left;
	const struct hop *right;
	bool is_across;
};

/**
 * pair_needs_any_task - whether @pair depends on records of the instance of any task, which has the
 * ends of lifetimes and what the worker of a ring does
 */
bool pair_needs_any_task(const struct hop_pair *pair);

/**
 * pair_why_unknown - why nothing can be said about @pair
 * @armed, @sees_any: of struct correlator_options
 *
 * Return: the reason, a constant, or NULL if the hops can be compared.
 */
const char *pair_why_unknown(const struct hop_pair *pair, const bool armed[][POINT_NR],
			     bool sees_any);

#endif
