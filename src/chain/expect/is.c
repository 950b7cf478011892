/* SPDX-License-Identifier: MIT */
/*
 * Claims of the form "SUBJECT is WORD", compared with one name.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char WHY_NOT_KNOWN[] = "it is not known";

static void show_word(struct claim_outcome *outcome, const char *word)
{
	/* The word that made it fail stays. */
	if (outcome->verdict == VERDICT_FAIL)
		return;
	outcome->values[0] = (struct expect_value){
		.kind = EXPECT_WORD,
		.text = { word, strlen(word) },
	};
	outcome->value_count = 1;
}

bool judge_word(struct claim_outcome *outcome, const char *word, bool is_known, bool holds)
{
	show_word(outcome, word);
	if (!is_known)
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_NOT_KNOWN);
	else
		set_verdict(outcome, holds ? VERDICT_PASS : VERDICT_FAIL, NULL);
	return is_known && holds;
}

/* --- hops --- */

static bool judge_walk(const struct hop *hop, int property, struct claim_outcome *outcome)
{
	static const char *const words[] = {
		[WALK_UNKNOWN] = "unknown",
		[WALK_RCU] = "fast",
		[WALK_REF] = "slow",
	};
	enum walk wanted = property == HOP_IS_FAST ? WALK_RCU : WALK_REF;

	return judge_word(outcome, words[hop->walk], hop->walk != WALK_UNKNOWN,
			  hop->walk == wanted);
}

static bool judge_negative(const struct hop *hop, int property, struct claim_outcome *outcome)
{
	static const char *const words[] = {
		[IS_FALSE] = "positive",
		[IS_TRUE] = "negative",
		[IS_UNKNOWN] = "unknown",
	};
	enum tristate wanted = property == HOP_IS_NEGATIVE ? IS_TRUE : IS_FALSE;

	if (!hop->has_addr && hop->kind == HOP_LOOKUP)
		return judge_word(outcome, "NULL", true, false);
	return judge_word(outcome, words[hop->negative], hop->negative != IS_UNKNOWN,
			  hop->negative == wanted);
}

/* Whether there is the hop or not, and either of it only if none can be missing. */
static void judge_presence(const struct claim *claim, const struct filter *filter,
			   const struct seen_list *list, struct claim_outcome *outcome)
{
	bool wants_absent = claim->property->value == HOP_IS_ABSENT;

	if (!list->count)
		rest_on_absence(claim->terms[0].left.hop, filter, outcome);
	if (outcome->verdict == VERDICT_UNKNOWN)
		return;
	set_verdict(outcome, wants_absent == !list->count ? VERDICT_PASS : VERDICT_FAIL, NULL);
	outcome->value_count = 1;
	if (!list->count) {
		outcome->values[0].kind = EXPECT_NOTHING;
		return;
	}
	outcome->values[0] = list->items[0].value;
	outcome->values[0].more = list->count - 1;
	for (size_t i = 0; i < list->count && wants_absent; i++)
		blame(outcome, list->items[i].open);
}

static void judge_hops(const struct claim *claim, const struct filter *filter,
		       const struct seen_list *list, struct claim_outcome *outcome)
{
	int property = claim->property->value;

	rest_on_absence(claim->terms[0].left.hop, filter, outcome);
	if (outcome->verdict != VERDICT_UNKNOWN && !list->count)
		set_verdict(outcome, VERDICT_FAIL, "there is no such hop");
	for (size_t i = 0; i < list->count && outcome->verdict != VERDICT_UNKNOWN; i++) {
		const struct hop *hop = list->items[i].hop;
		bool is_walk = property == HOP_IS_FAST || property == HOP_IS_SLOW;

		if (is_walk ? !judge_walk(hop, property, outcome)
			    : !judge_negative(hop, property, outcome))
			blame(outcome, hop->open);
	}
}

/* An open that failed gave no file. */
static void drop_failures(struct seen_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!list->items[i].hop->err)
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

static int judge_hop(const struct claim *claim, const struct filter *filter,
		     struct claim_outcome *outcome)
{
	struct seen_list list;
	int ret = collect(&claim->terms[0].left, filter, &list);

	if (ret)
		return ret;
	drop_failures(&list);
	if (claim->property->value == HOP_IS_ABSENT || claim->property->value == HOP_IS_PRESENT)
		judge_presence(claim, filter, &list, outcome);
	else
		judge_hops(claim, filter, &list, outcome);
	free(list.items);
	return 0;
}

/* --- lifetimes --- */

static void judge_storage(const struct name_view *view, const struct lifetime *life,
			  const struct claim *claim, struct claim_outcome *outcome)
{
	(void)view;
	judge_word(outcome, storage_name(life->storage), life->storage != STORAGE_UNKNOWN,
		   (int)life->storage == claim->property->value);
}

static void judge_born(const struct name_view *view, const struct lifetime *life,
		       const struct claim *claim, struct claim_outcome *outcome)
{
	(void)view;
	outcome->lossless[SCOPE_TASK] = true;
	judge_word(outcome, born_name(life->born),
		   life->born != BORN_UNKNOWN && life->born != BORN_NOT,
		   (int)life->born == claim->property->value);
}

static void judge_end(const struct name_view *view, const struct lifetime *life,
		      const struct claim *claim, struct claim_outcome *outcome)
{
	bool holds = (int)life->end == claim->property->value;

	/* What was evicted or renamed away has ended for good. */
	if (life->end != END_EVICTED && life->end != END_RENAMED)
		rest_on_end(view, outcome);
	if (outcome->verdict == VERDICT_UNKNOWN)
		return;
	if (holds && claim->has_by && !is_comm(life->end_comm, &claim->by)) {
		show_word(outcome, life->end_comm);
		set_verdict(outcome, VERDICT_FAIL, "another task ended it");
		return;
	}
	judge_word(outcome, end_name(life->end), life->end != END_UNKNOWN, holds);
}

static void judge_lifetimes(const struct claim *claim, const struct filter *filter,
			    struct claim_outcome *outcome)
{
	static void (*const judges[SUBJECT_NR])(const struct name_view *, const struct lifetime *,
						const struct claim *, struct claim_outcome *) = {
		[SUBJECT_STORAGE] = judge_storage,
		[SUBJECT_BORN] = judge_born,
		[SUBJECT_END] = judge_end,
	};
	const struct name_view *view = filter->view;
	bool is_any = false;

	for (size_t i = 0; i < view->life_count; i++) {
		if (!has_hop_in(view->lives[i], filter))
			continue;
		is_any = true;
		judges[claim->property->subject](view, view->lives[i], claim, outcome);
	}
	if (!filter->life)
		rest_on_all(SCOPE_TASK, filter, outcome);
	if (is_any)
		return;
	outcome->lossless[SCOPE_TASK] = true;
	outcome->unmissed = ~UINT64_C(0);
	set_verdict(outcome, VERDICT_FAIL, "there is no lifetime");
}

/* --- opens --- */

static void judge_cache(const struct claim *claim, const struct filter *filter,
			struct claim_outcome *outcome)
{
	const struct name_view *view = filter->view;
	bool is_any = false;

	for (size_t i = 0; i < view->open_count; i++) {
		const struct open_info *info = run_open(view->run, view->opens[i]);

		if (!is_open_in(filter, view->opens[i]))
			continue;
		is_any = true;
		if (!info || !info->complete)
			set_verdict(outcome, VERDICT_UNKNOWN, "the open is incomplete");
		else if (judge_word(outcome, cache_name(info->cache), info->cache != CACHE_UNKNOWN,
				    (int)info->cache == claim->property->value))
			continue;
		blame(outcome, view->opens[i]);
	}
	rest_on_all(SCOPE_TASK, filter, outcome);
	rest_on_all_opens(filter, outcome);
	if (is_any)
		return;
	outcome->lossless[SCOPE_TASK] = true;
	outcome->unmissed = ~UINT64_C(0);
	outcome->counts_opens = true;
	set_verdict(outcome, VERDICT_FAIL, "there is no open");
}

int judge_is(const struct claim *claim, const struct filter *filter, struct claim_outcome *outcome)
{
	struct filter own;

	if (operand_filter(&claim->terms[0].left, filter, &own, outcome))
		return 0;
	if (claim->property->subject == SUBJECT_HOP)
		return judge_hop(claim, &own, outcome);
	if (claim->property->subject == SUBJECT_CACHE)
		judge_cache(claim, &own, outcome);
	else
		judge_lifetimes(claim, &own, outcome);
	return 0;
}
