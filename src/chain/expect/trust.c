/* SPDX-License-Identifier: MIT */
/*
 * How far a verdict can be trusted: which probes have to exist, which opens to be complete, where
 * nothing may have been lost. Turns what is not known into UNKNOWN, and nothing into PASS.
 */
#include "chain/pair.h"
#include "internal.h"

static const char WHY_OPEN[] = "the open is incomplete";
static const char WHY_OTHERS[] = "what other tasks did to names is unknown";

#define MAX_PROBES 3

/* The probes from whose records a hop is made: without them all it cannot be called absent. */
static const struct {
	const char *not_armed;
	enum scope scope;
	struct {
		enum role role;
		enum point point;
	} probes[MAX_PROBES];
	size_t count;
} sources[HOP_NR] = {
	[HOP_USER] = { "user: no probe is armed",
		       SCOPE_TASK,
		       { { ROLE_SYSCALL, POINT_ENTRY } },
		       1 },
	[HOP_COPY] = { "copy: no probe is armed",
		       SCOPE_TASK,
		       { { ROLE_GETNAME, POINT_RETURN } },
		       1 },
	[HOP_FILENAME] = { "filename: no probe is armed",
			   SCOPE_TASK,
			   { { ROLE_OPEN, POINT_ENTRY } },
			   1 },
	[HOP_LOOKUP] = { "lookup: not all of its probes are armed",
			 SCOPE_TASK,
			 { { ROLE_LOOKUP_FAST, POINT_RETURN },
			   { ROLE_LOOKUP_REF, POINT_RETURN },
			   { ROLE_LOOKUP_SLOW, POINT_RETURN } },
			 3 },
	[HOP_SOURCE] = { "source: no probe is armed",
			 SCOPE_TASK,
			 { { ROLE_ALLOC, POINT_ENTRY } },
			 1 },
	[HOP_ALLOC] = { "alloc: no probe is armed",
			SCOPE_TASK,
			{ { ROLE_ALLOC, POINT_RETURN } },
			1 },
	[HOP_INSERT] = { "insert: no probe is armed",
			 SCOPE_TASK,
			 { { ROLE_INSERT, POINT_ENTRY } },
			 1 },
	[HOP_INSTANTIATE] = { "instantiate: no probe is armed",
			      SCOPE_ANY,
			      { { ROLE_INSTANTIATE, POINT_ENTRY } },
			      1 },
	[HOP_FILE] = { "file: no probe is armed", SCOPE_TASK, { { ROLE_OPEN, POINT_RETURN } }, 1 },
	[HOP_DELETE] = { "delete: no probe is armed",
			 SCOPE_ANY,
			 { { ROLE_DELETE, POINT_ENTRY } },
			 1 },
	[HOP_RENAME] = { "rename: no probe is armed",
			 SCOPE_ANY,
			 { { ROLE_RENAME, POINT_ENTRY } },
			 1 },
	[HOP_EVICT] = { "evict: no probe is armed", SCOPE_ANY, { { ROLE_EVICT, POINT_ENTRY } }, 1 },
};

static bool is_whole(const struct name_view *view, uint64_t open)
{
	const struct open_info *info = run_open(view->run, open);

	return info && info->complete;
}

static void rest_on_open(const struct name_view *view, uint64_t open, struct claim_outcome *outcome)
{
	if (is_whole(view, open))
		return;
	set_verdict(outcome, VERDICT_UNKNOWN, WHY_OPEN);
	blame(outcome, open);
}

/* Outside of one open, all opens of the name have to be complete. */
static void rest_on_opens(enum scope scope, const struct filter *filter,
			  struct claim_outcome *outcome)
{
	const struct name_view *view = filter->view;

	if (filter->open) {
		rest_on_open(view, filter->open, outcome);
		outcome->lossless[scope] |= scope != SCOPE_TASK;
		return;
	}
	outcome->lossless[scope] = true;
	for (size_t i = 0; i < view->touched_count; i++)
		rest_on_open(view, view->touched[i], outcome);
}

void rest_on_all(enum scope scope, const struct filter *filter, struct claim_outcome *outcome)
{
	const struct name_view *view = filter->view;
	size_t count = filter->open ? 1 : view->touched_count;

	if (is_affected_by_cut(filter))
		outcome->not_all = WHY_CUT;
	if (!filter->open) {
		outcome->all_lossless[scope] = true;
		outcome->all_unmissed = ~UINT64_C(0);
	}
	for (size_t i = 0; i < count; i++) {
		if (!is_whole(view, filter->open ? filter->open : view->touched[i]))
			outcome->not_all = WHY_OPEN;
	}
}

void rest_on_absence(enum hop_kind kind, const struct filter *filter, struct claim_outcome *outcome)
{
	const struct expect_options *options = run_options(filter->view->run);

	for (size_t i = 0; i < sources[kind].count; i++) {
		enum role role = sources[kind].probes[i].role;
		enum point point = sources[kind].probes[i].point;

		if (!options->armed[role][point])
			set_verdict(outcome, VERDICT_UNKNOWN, sources[kind].not_armed);
		outcome->unmissed |= role_bit(role, point);
	}
	if (sources[kind].scope == SCOPE_ANY && !options->sees_any)
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_OTHERS);
	if (is_affected_by_cut(filter))
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_CUT);
	rest_on_opens(sources[kind].scope, filter, outcome);
}

void rest_on_all_opens(const struct filter *filter, struct claim_outcome *outcome)
{
	outcome->all_opens |= !filter->open && !filter->life;
}

void rest_on_each(const struct place *place, struct claim_outcome *outcome)
{
	outcome->all_opens |= place->what == PLACE_OPEN;
	outcome->all_lossless[SCOPE_TASK] = true;
	outcome->all_lossless[SCOPE_ANY] |= place->what == PLACE_LIFETIME;
	outcome->all_unmissed = ~UINT64_C(0);
}

void rest_on_hops(enum hop_kind kind, const struct filter *filter, struct claim_outcome *outcome)
{
	if (kind == HOP_FILE || is_before_walk(kind))
		rest_on_all_opens(filter, outcome);
	rest_on_all(sources[kind].scope, filter, outcome);
}

void rest_on_end(const struct name_view *view, struct claim_outcome *outcome)
{
	static const struct {
		enum role role;
		const char *not_armed;
	} ends[] = {
		{ ROLE_EVICT, "ends are not seen: no probe for evict is armed" },
		{ ROLE_DELETE, "ends are not seen: no probe for delete is armed" },
		{ ROLE_DROP, "ends are not seen: no probe for drop is armed" },
		{ ROLE_RENAME, "ends are not seen: no probe for rename is armed" },
	};
	const struct expect_options *options = run_options(view->run);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!options->armed[ends[i].role][POINT_ENTRY])
			set_verdict(outcome, VERDICT_UNKNOWN, ends[i].not_armed);
		outcome->unmissed |= role_bit(ends[i].role, POINT_ENTRY);
	}
	if (!options->sees_any)
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_OTHERS);
	outcome->lossless[SCOPE_ANY] = true;
}

void rest_on_hop(const struct name_view *view, const struct hop *hop, struct claim_outcome *outcome)
{
	if (hop && hop->open)
		rest_on_open(view, hop->open, outcome);
}

bool rest_on_pair(const struct name_view *view, const struct hop *a, const struct hop *b,
		  struct claim_outcome *outcome)
{
	const struct expect_options *options = run_options(view->run);
	struct hop_pair pair = { .left = a, .right = b };
	const char *why;

	if (!a || !b || a == b)
		return true;
	pair.is_across = !a->open || a->open != b->open;
	why = pair_why_unknown(&pair, options->armed, options->sees_any);
	if (pair.is_across)
		outcome->unmissed |= role_bit(ROLE_EVICT, POINT_ENTRY);
	if (why)
		set_verdict(outcome, VERDICT_UNKNOWN, why);
	return !why;
}
