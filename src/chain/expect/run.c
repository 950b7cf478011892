/* SPDX-License-Identifier: MIT */
/*
 * A run of expectations: takes the chains as they come, keeps of the opens what claims need (a
 * bounded number), and of each claim the weightiest outcome. Losses come last and turn verdicts
 * that rest on nothing having been lost into UNKNOWN.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/glob.h"

/* The first half stays, the other half is of the last opens. */
#define MAX_OPENS 131072

/* What is kept of one claim until the end. */
struct tally {
	struct outcome outcome;
	char *name;
	size_t name_len;
	uint64_t checked;
	uint64_t names;
};

struct expect_run {
	const struct expect *expect;
	struct expect_options options;
	struct tally *tallies;
	struct expect_result *results;
	struct open_info *opens;
	size_t open_count, open_room;
	size_t oldest;	  /* of the other half, where it is overwritten next */
	struct map by_id; /* open id -> its struct open_info's index + 1 */
	bool lost[SCOPE_NR];
	uint64_t missed; /* role_bit() of the probes that the kernel told */
	bool has_missed;
	bool is_pushed_out;
	bool has_stray; /* an open was not seen whole, and no name has it */
};

const struct expect_options *run_options(const struct expect_run *run)
{
	return &run->options;
}

/* --- opens --- */

const struct open_info *run_open(const struct expect_run *run, uint64_t id)
{
	size_t index = (size_t)(uintptr_t)map_get(&run->by_id, id);

	return index ? &run->opens[index - 1] : NULL;
}

static bool is_stray(const struct open_info *open)
{
	return !open->complete && !open->is_named;
}

/* Where the next open is to be kept, in place of an old one if need be. */
static int next_slot(struct expect_run *run, size_t *slot)
{
	size_t room = run->open_room ? run->open_room * 2 : 64;
	struct open_info *opens;

	if (run->open_count == MAX_OPENS) {
		*slot = MAX_OPENS / 2 + run->oldest;
		run->has_stray |= is_stray(&run->opens[*slot]);
		run->oldest = (run->oldest + 1) % (MAX_OPENS / 2);
		map_remove(&run->by_id, run->opens[*slot].id);
		return 0;
	}
	if (run->open_count == run->open_room) {
		opens = reallocarray(run->opens, room, sizeof(*opens));
		if (!opens)
			return -ENOMEM;
		run->opens = opens;
		run->open_room = room;
	}
	*slot = run->open_count++;
	return 0;
}

static int take_open(void *context, const struct open_call *open)
{
	struct expect_run *run = context;
	size_t slot;
	int ret = next_slot(run, &slot);

	if (ret)
		return ret;
	run->opens[slot] = (struct open_info){
		.id = open->id,
		.result = open->result,
		.has_result = open->has_result,
		.complete = open->complete,
		.cache = open->cache,
	};
	return map_put(&run->by_id, open->id, (void *)(uintptr_t)(slot + 1));
}

/* --- names --- */

static bool is_match(const struct name_spec *spec, const struct bytes *text)
{
	if (spec->is_glob)
		return glob_match(spec->text.data, spec->text.len, text->data, text->len);
	return spec->text.len == text->len && !memcmp(spec->text.data, text->data, text->len);
}

/* By any spelling an open passed, or by its component if no open passed it. */
static bool is_selected_name(const struct name_spec *spec, const struct name *name)
{
	if (!name->path.data)
		return is_match(spec, &name->component);
	if (is_match(spec, &name->path))
		return true;
	for (size_t i = 0; i < name->path_count; i++) {
		if (is_match(spec, &name->paths[i]))
			return true;
	}
	return false;
}

static bool is_resting(const struct outcome *outcome)
{
	return outcome->lossless[SCOPE_TASK] || outcome->lossless[SCOPE_ANY] || outcome->unmissed;
}

/* A failure that a loss may still take back weighs less than one that stands. */
static int weight(const struct outcome *outcome)
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

/* What passes several times rests on all that each of them rests on. */
static void merge_passes(struct outcome *to, const struct outcome *from)
{
	if (to->verdict != VERDICT_PASS || from->verdict != VERDICT_PASS)
		return;
	for (int i = 0; i < SCOPE_NR; i++)
		to->lossless[i] |= from->lossless[i];
	for (int i = 0; i < SCOPE_NR; i++)
		to->all_lossless[i] |= from->all_lossless[i];
	to->all_unmissed |= from->all_unmissed;
	to->unmissed |= from->unmissed;
	to->counts_opens |= from->counts_opens;
}

static int keep_outcome(struct tally *tally, const struct outcome *outcome, const struct name *name)
{
	const struct bytes *text = name->path.data ? &name->path : &name->component;
	char *copy;

	merge_passes(&tally->outcome, outcome);
	if (tally->checked++ && weight(outcome) <= weight(&tally->outcome))
		return 0;
	copy = malloc(text->len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text->data, text->len);
	copy[text->len] = '\0';
	free(tally->name);
	tally->name = copy;
	tally->name_len = text->len;
	tally->outcome = *outcome;
	return 0;
}

static int judge_claim(const struct name_view *view, const struct claim *claim, struct tally *tally)
{
	static const struct outcome dropped = { .verdict = VERDICT_UNKNOWN, .why = WHY_CUT };
	size_t count = place_count(view, &claim->place);

	tally->names++;
	for (size_t i = 0; i < count; i++) {
		struct outcome outcome;
		int ret = judge(view, claim, i, &outcome);

		if (claim->place.from == EVERY)
			rest_on_each(&claim->place, &outcome);
		if (!ret)
			ret = keep_outcome(tally, &outcome, view->name);
		if (ret)
			return ret;
	}
	if (claim->place.from == EVERY && view->is_cut)
		return keep_outcome(tally, &dropped, view->name);
	return 0;
}

static void note_opens(struct expect_run *run, const struct name_view *view)
{
	for (size_t i = 0; i < view->open_count; i++) {
		size_t index = (size_t)(uintptr_t)map_get(&run->by_id, view->opens[i]);

		if (index)
			run->opens[index - 1].is_named = true;
	}
}

static int take_name(void *context, const struct name *name)
{
	struct expect_run *run = context;
	const struct expect *expect = run->expect;
	struct name_view view;
	int ret = view_init(&view, run, name);

	if (!ret)
		note_opens(run, &view);
	for (size_t i = 0; i < expect->claim_count && !ret; i++) {
		const struct claim *claim = &expect->claims[i];

		if (is_selected_name(&expect->names[claim->name], name))
			ret = judge_claim(&view, claim, &run->tallies[i]);
	}
	view_release(&view);
	return ret;
}

/* --- losses and the end --- */

static int take_loss(void *context, const struct loss *loss)
{
	struct expect_run *run = context;

	run->lost[loss->scope] = true;
	return 0;
}

static int take_summary(void *context, const struct chain_summary *summary)
{
	struct expect_run *run = context;

	run->has_missed = summary->has_missed_probes && summary->missed_probes;
	run->is_pushed_out = summary->totals.pushed_out;
	return 0;
}

void expect_run_missed(struct expect_run *run, enum role role, enum edge edge, uint64_t count)
{
	if (count)
		run->missed |= role_bit(role, edge);
}

static void distrust(const struct expect_run *run, const struct tally *tally,
		     struct expect_result *result)
{
	const struct outcome *outcome = &tally->outcome;
	/* Which probes missed hits may not have been said, only that some did. */
	uint64_t missed = run->has_missed && !run->missed ? ~UINT64_C(0) : run->missed;
	const char *why = NULL;
	bool passes = result->verdict == VERDICT_PASS;

	if (result->verdict == VERDICT_UNKNOWN || result->verdict == VERDICT_NONE)
		return;
	for (int i = 0; i < SCOPE_NR; i++) {
		if (run->lost[i] && (outcome->lossless[i] || (passes && outcome->all_lossless[i])))
			why = "records were lost";
	}
	if (missed & (outcome->unmissed | (passes ? outcome->all_unmissed : 0)))
		why = "the kernel missed hits of a probe";
	if (outcome->counts_opens && run->has_stray)
		why = "what an open named that was not seen whole is not known";
	/* What happens to a name that was pushed out stands with another one of its kind, or
	 * nowhere. */
	if (run->is_pushed_out && (tally->names > 1 || outcome->lossless[SCOPE_ANY]))
		why = "a cap pushed names out early";
	if (!why)
		return;
	result->verdict = VERDICT_UNKNOWN;
	result->why = why;
}

static void conclude(const struct expect_run *run, const struct claim *claim, struct tally *tally,
		     struct expect_result *result)
{
	if (!tally->checked) {
		tally->outcome = (struct outcome){
			.verdict = VERDICT_FAIL,
			.why = tally->names ? "there is nothing of this kind"
					    : "there is no such name in the trace",
			.lossless = { [SCOPE_TASK] = true },
			.unmissed = ~UINT64_C(0),
			.counts_opens = true,
		};
	}
	*result = (struct expect_result){
		.line = claim->line,
		.column = claim->column,
		.place = claim->place_text,
		.claim = claim->text,
		.verdict = tally->outcome.verdict,
		.why = tally->outcome.why,
		.name = { tally->name, tally->name_len },
		.checked = tally->checked,
		.is_show = claim->kind == CLAIM_SHOW,
		.is_order = is_order(claim->kind),
		.reuse = tally->outcome.reuse,
		.value_count = tally->outcome.value_count,
	};
	memcpy(result->values, tally->outcome.values, sizeof(result->values));
	distrust(run, tally, result);
}

void expect_run_finish(struct expect_run *run, const struct expect_result **results, size_t *count)
{
	const struct expect *expect = run->expect;

	for (size_t i = 0; i < run->open_count; i++)
		run->has_stray |= is_stray(&run->opens[i]);
	for (size_t i = 0; i < expect->claim_count; i++)
		conclude(run, &expect->claims[i], &run->tallies[i], &run->results[i]);
	*results = run->results;
	*count = expect->claim_count;
}

int expect_run_new(const struct expect *expect, const struct expect_options *options,
		   struct expect_run **run)
{
	struct expect_run *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	made->expect = expect;
	made->options = *options;
	made->tallies = calloc(expect->claim_count, sizeof(*made->tallies));
	made->results = calloc(expect->claim_count, sizeof(*made->results));
	if (!made->tallies || !made->results) {
		expect_run_free(made);
		return -ENOMEM;
	}
	*run = made;
	return 0;
}

struct chain_sink expect_run_sink(struct expect_run *run)
{
	return (struct chain_sink){
		.open = take_open,
		.name = take_name,
		.loss = take_loss,
		.summary = take_summary,
		.context = run,
	};
}

void expect_run_free(struct expect_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; run->tallies && i < run->expect->claim_count; i++)
		free(run->tallies[i].name);
	map_release(&run->by_id);
	free(run->opens);
	free(run->results);
	free(run->tallies);
	free(run);
}
