/* SPDX-License-Identifier: MIT */
/*
 * Whether two hops can be compared: only if no record between them can be missing, and, across
 * opens, if ends of lifetimes are seen.
 */
#include "chain/pair.h"

bool pair_needs_any_task(const struct hop_pair *pair)
{
	return pair->is_across || pair->left->scope == SCOPE_ANY || pair->right->scope == SCOPE_ANY;
}

static bool has_loss_between(const struct hop_pair *pair, enum scope scope)
{
	return pair->left->epoch[scope] != pair->right->epoch[scope];
}

const char *pair_why_unknown(const struct hop_pair *pair, const bool armed[][POINT_NR],
			     bool sees_any)
{
	if (has_loss_between(pair, SCOPE_TASK) ||
	    (pair_needs_any_task(pair) && has_loss_between(pair, SCOPE_ANY)))
		return "records were lost in between";
	if (!pair->is_across)
		return NULL;
	if (!armed[ROLE_EVICT][POINT_ENTRY])
		return "ends are not seen: no probe for evict is armed";
	return sees_any ? NULL : "what other tasks did to names is unknown";
}
