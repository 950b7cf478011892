/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a claim until the end: the weightiest outcome, those that make it fail or leave
 * it unknown up to a cap, and how many there were. Losses come last and take verdicts back.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

static bool is_resting(const struct claim_outcome *outcome)
{
	return outcome->lossless[SCOPE_TASK] || outcome->lossless[SCOPE_ANY] || outcome->unmissed;
}

/* A failure that a loss may still take back weighs less than one that stands. */
static int weight(const struct claim_outcome *outcome)
{
	switch (outcome->verdict) {
	case VERDICT_FAIL:
		return is_resting(outcome) ? 3 : 4;
	case VERDICT_UNKNOWN:
		return 2;
	case VERDICT_PASS:
		return 1;
	default:
		return 0;
	}
}

/* Several passes together rest on everything that each of them rests on. */
static void merge_passes(struct claim_outcome *to, const struct claim_outcome *from)
{
	if (to->verdict != VERDICT_PASS || from->verdict != VERDICT_PASS)
		return;
	for (int i = 0; i < SCOPE_NR; i++) {
		to->lossless[i] |= from->lossless[i];
		to->all_lossless[i] |= from->all_lossless[i];
	}
	to->all_unmissed |= from->all_unmissed;
	to->unmissed |= from->unmissed;
	to->counts_opens |= from->counts_opens;
	to->all_opens |= from->all_opens;
}

/*
 * The path as it was passed and as a claim names it; a relative one is replaced by the whole path.
 */
static const struct bytes *text_of(const struct name *name)
{
	bool is_absolute = name->path.len && name->path.data[0] == '/';

	if (!is_absolute && name->resolved.data)
		return &name->resolved;
	return name->path.data ? &name->path : &name->component;
}

static int kept_set(struct kept *kept, const struct claim_outcome *outcome, const struct name *name)
{
	const struct bytes *text = text_of(name);
	char *copy = malloc(text->len + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, text->data, text->len);
	copy[text->len] = '\0';
	free(kept->name);
	*kept = (struct kept){ .outcome = *outcome, .name = copy, .name_len = text->len };
	return 0;
}

static int keep(struct kept_list *list, const struct claim_outcome *outcome,
		const struct name *name)
{
	struct kept *items;

	if (list->total++ >= EXPECT_MAX_OFFENDERS)
		return 0;
	items = array_grow(list->items, list->count, &list->room, sizeof(*items));
	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count] = (struct kept){ 0 };
	if (kept_set(&items[list->count], outcome, name))
		return -ENOMEM;
	list->count++;
	return 0;
}

int tally_take(struct claim_tally *tally, const struct claim_outcome *outcome,
	       const struct name *name)
{
	int ret = 0;

	if (outcome->verdict == VERDICT_FAIL)
		ret = keep(&tally->failed, outcome, name);
	else if (outcome->verdict == VERDICT_UNKNOWN)
		ret = keep(&tally->unknown, outcome, name);
	if (ret)
		return ret;
	merge_passes(&tally->worst.outcome, outcome);
	if (tally->checked++ && weight(outcome) <= weight(&tally->worst.outcome))
		return 0;
	return kept_set(&tally->worst, outcome, name);
}

int tally_unseen(struct claim_tally *tally, const struct name *name, uint64_t open)
{
	struct claim_outcome outcome = { .verdict = VERDICT_UNKNOWN, .why = WHY_UNSEEN };

	blame(&outcome, open);
	tally->maybe++;
	tally->has_unseen = true;
	return keep(&tally->unknown, &outcome, name);
}

/* --- counts of a set --- */

int tally_member(struct claim_tally *tally, const struct name *name, const uint64_t *opens,
		 size_t count)
{
	struct claim_outcome outcome = { .verdict = VERDICT_FAIL };

	for (size_t i = 0; i < count; i++)
		blame(&outcome, opens[i]);
	return keep(&tally->failed, &outcome, name);
}

static struct expect_value value_of(const struct term *term, uint64_t names)
{
	bool is_count = term->kind == TERM_NAMES || term->kind == TERM_CALLS ||
			term->kind == TERM_OPENS || term->kind == TERM_LIFETIMES;
	struct expect_value value = {
		.kind = term->kind == TERM_LENGTH ? EXPECT_LENGTH : EXPECT_NUMBER,
		.number = is_count ? (int64_t)names : term->number,
		.text = term->text,
	};

	return value;
}

static bool holds_of(const struct claim *claim, uint64_t names)
{
	struct expect_value first = value_of(&claim->terms[0], names);
	bool holds = true;

	for (size_t i = 1; i < claim->term_count; i++) {
		struct expect_value value = value_of(&claim->terms[i], names);

		holds &= is_as_compared(claim->kind, &first, &value);
	}
	return holds;
}

/* What may be in the set or not may make a difference. */
static struct claim_outcome judge_set(const struct claim *claim, const struct claim_tally *tally,
				      bool is_of_calls)
{
	struct claim_outcome outcome = {
		.verdict = holds_of(claim, tally->names) ? VERDICT_PASS : VERDICT_FAIL,
		.lossless = { [SCOPE_TASK] = true },
		.unmissed = ~UINT64_C(0),
		.counts_opens = !is_of_calls,
		.counts_names = !is_of_calls,
		.is_of_calls = is_of_calls,
		.value_count = claim->term_count,
	};

	for (size_t i = 0; i < claim->term_count; i++)
		outcome.values[i] = value_of(&claim->terms[i], tally->names);
	for (uint64_t i = 1; i <= tally->maybe && outcome.verdict != VERDICT_UNKNOWN; i++) {
		bool holds = holds_of(claim, tally->names + i);

		if (holds == (outcome.verdict == VERDICT_PASS))
			continue;
		outcome.verdict = VERDICT_UNKNOWN;
		outcome.why = is_of_calls
				      ? "of some calls it is not known whether they are in the set"
				      : "of some names it is not known whether they are in the set";
	}
	return outcome;
}

/* --- the end --- */

/* If no open of a single name meets the conditions, its numbers of opens and lifetimes are 0. */
static bool counts_none(const struct claim_tally *tally, const struct claim *claim,
			const struct name_spec *spec)
{
	bool counts = claim->place.what == PLACE_NAME && claim->term_count > 1;

	for (size_t i = 0; i < claim->term_count; i++)
		counts &= claim->terms[i].kind == TERM_OPENS ||
			  claim->terms[i].kind == TERM_LIFETIMES ||
			  claim->terms[i].kind == TERM_NUMBER ||
			  claim->terms[i].kind == TERM_LENGTH;
	return counts && !spec->is_glob && !tally->checked && !tally->names;
}

static bool is_one_of_several(const struct place *place)
{
	return place->what != PLACE_NAME && place->from != EVERY;
}

/* A claim that was compared with nothing. */
static struct claim_outcome judge_nothing(const struct claim *claim,
					  const struct claim_tally *tally,
					  const struct name_spec *spec, bool is_empty_set)
{
	struct claim_outcome outcome = {
		.verdict = VERDICT_FAIL,
		.lossless = { [SCOPE_TASK] = true },
		.unmissed = ~UINT64_C(0),
		.counts_opens = !spec->is_of_calls,
	};

	if (tally->names) {
		outcome.why = "there is nothing of this kind";
	} else if (is_empty_set && !spec->is_glob && is_one_of_several(&claim->place)) {
		outcome.why = claim->place.what == PLACE_OPEN
				      ? "there is no such open of this name"
				      : "there is no such lifetime of this name";
	} else if (is_empty_set) {
		outcome.verdict = claim->kind == CLAIM_SHOW ? VERDICT_NONE : VERDICT_PASS;
		outcome.why = spec->is_of_calls ? "no call is in the set" : "no name is in the set";
	} else {
		outcome.why = spec->is_of_calls ? "there is no such call in the trace"
						: "there is no such name in the trace";
	}
	return outcome;
}

static void show_opens(const struct expect_run *run, const struct claim_outcome *outcome,
		       struct expect_offender *offender)
{
	for (size_t i = 0; i < outcome->open_count; i++) {
		const struct open_info *info = run_open(run, outcome->opens[i]);
		struct expect_open *open = &offender->opens[i];

		open->id = outcome->opens[i];
		if (!info)
			continue;
		open->is_known = true;
		open->call = info->call;
		open->tid = info->tid;
		open->has_result = info->has_result;
		open->result = info->result;
		memcpy(open->comm, info->comm, COMM_SIZE);
	}
	offender->open_count = outcome->open_count;
	offender->more_opens = outcome->more_opens;
}

/* Those of @list whose verdict, after all doubts, is @verdict. */
static void list_offenders(const struct expect_run *run, struct claim_tally *tally,
			   const struct kept_list *list, enum verdict verdict)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct kept *kept = &list->items[i];
		const char *doubt = run_doubt(run, tally, &kept->outcome);
		struct expect_offender *offender = &tally->offenders[tally->offender_count];

		if ((doubt ? VERDICT_UNKNOWN : kept->outcome.verdict) != verdict)
			continue;
		*offender = (struct expect_offender){
			.name = { kept->name, kept->name_len },
			.why = doubt ? doubt : kept->outcome.why,
			.values = kept->outcome.values,
			.value_count = kept->outcome.value_count,
		};
		show_opens(run, &kept->outcome, offender);
		tally->offender_count++;
	}
}

static int find_offenders(const struct expect_run *run, struct claim_tally *tally,
			  struct expect_result *result)
{
	uint64_t dropped = tally->failed.total - tally->failed.count;

	free(tally->offenders);
	tally->offenders = NULL;
	tally->offender_count = 0;
	if (result->verdict != VERDICT_FAIL && result->verdict != VERDICT_UNKNOWN)
		return 0;
	tally->offenders =
		calloc(tally->failed.count + tally->unknown.count + 1, sizeof(*tally->offenders));
	if (!tally->offenders)
		return -ENOMEM;
	list_offenders(run, tally, &tally->failed, result->verdict);
	if (result->verdict == VERDICT_UNKNOWN) {
		list_offenders(run, tally, &tally->unknown, VERDICT_UNKNOWN);
		dropped += tally->unknown.total - tally->unknown.count;
	}
	result->offenders = tally->offenders;
	result->offender_count = tally->offender_count;
	result->offenders_dropped = dropped;
	return 0;
}

int tally_conclude(const struct expect_run *run, struct claim_tally *tally,
		   const struct claim *claim, bool is_empty_set, struct expect_result *result)
{
	const struct name_spec *spec = &run_expect(run)->names[claim->name];
	bool is_of_calls = spec->is_of_calls;
	struct claim_outcome *outcome = &tally->worst.outcome;
	const char *doubt;

	if (claim->is_of_set || (is_empty_set && counts_none(tally, claim, spec)))
		*outcome = judge_set(claim, tally, is_of_calls);
	else if (!tally->checked)
		*outcome = judge_nothing(claim, tally, spec, is_empty_set);
	doubt = run_doubt(run, tally, outcome);
	*result = (struct expect_result){
		.line = claim->line,
		.column = claim->column,
		.place = claim->place_text,
		.claim = claim->text,
		.verdict = doubt ? VERDICT_UNKNOWN : outcome->verdict,
		.why = doubt ? doubt : outcome->why,
		.name = { tally->worst.name, tally->worst.name_len },
		.checked = tally->checked,
		.is_show = claim->kind == CLAIM_SHOW,
		.is_of_calls = is_of_calls,
		.is_order = is_order(claim->kind),
		.reuse = outcome->reuse,
		.value_count = outcome->value_count,
	};
	memcpy(result->values, outcome->values, sizeof(result->values));
	return find_offenders(run, tally, result);
}

static void list_release(struct kept_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	free(list->items);
}

void tally_release(struct claim_tally *tally)
{
	list_release(&tally->failed);
	list_release(&tally->unknown);
	free(tally->worst.name);
	free(tally->offenders);
}
