/* SPDX-License-Identifier: MIT */
/*
 * Counting what an open costs: its records, their bytes, and what was read for them.
 */
#include "tracing/cost.h"

#include <ctype.h>
#include <string.h>

/* Each "+N(" is one more pointer that is read through. */
static uint64_t reads_of(const char *definition)
{
	uint64_t reads = 0;

	for (const char *at = strchr(definition, '+'); at; at = strchr(at + 1, '+')) {
		const char *end = at + 1;

		while (isdigit((unsigned char)*end))
			end++;
		reads += end > at + 1 && *end == '(';
	}
	return reads;
}

static bool is_of(const struct record *record, enum role role, enum point point)
{
	return record->role == role && record->point == point;
}

static bool is_lookup(const struct record *record)
{
	return record->point == POINT_RETURN &&
	       (record->role == ROLE_LOOKUP_FAST || record->role == ROLE_LOOKUP_REF);
}

void cost_record(struct costing *costing, const struct raw_record *raw, const struct record *record)
{
	const struct planned *planned =
		plan_find(costing->plan, (enum role)record->role, (enum point)record->point);
	struct cost *open = &costing->open;

	if (is_of(record, ROLE_SYSCALL, POINT_ENTRY)) {
		*open = (struct cost){ 0 };
		costing->is_open = true;
		costing->is_cold = false;
	}
	if (!costing->is_open || !planned || !planned->definition)
		return;
	costing->is_cold |= record->role == ROLE_ALLOC;
	open->lookups += is_lookup(record);
	open->records++;
	open->bytes += raw->size;
	open->reads += reads_of(planned->definition);
	if (!is_of(record, ROLE_SYSCALL, POINT_RETURN))
		return;
	if (!costing->is_cold)
		costing->cost = *open;
	costing->is_open = false;
}
