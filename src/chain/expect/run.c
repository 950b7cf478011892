/* SPDX-License-Identifier: MIT */
/*
 * A run of expectations: takes the chains as they come, keeps of the opens what claims need (a
 * bounded number), and of each claim the weightiest outcome. Losses come last and turn verdicts
 * that rest on nothing having been lost into UNKNOWN.
 */
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

/* The first half stays, the other half is of the last opens. */
#define MAX_OPENS 131072

/* --- opens --- */

static bool is_stray(const struct open_info *open)
{
	return !open->complete && !open->has_name;
}

/* The place for the next open; if there is no room, that of an old one. */
static int next_slot(struct expect_run *run, size_t *slot)
{
	struct open_info *opens;

	if (run->open_count == MAX_OPENS) {
		*slot = MAX_OPENS / 2 + run->oldest;
		run->has_stray |= is_stray(&run->opens[*slot]);
		run->oldest = (run->oldest + 1) % (MAX_OPENS / 2);
		map_remove(&run->by_id, run->opens[*slot].id);
		return 0;
	}
	opens = array_grow(run->opens, run->open_count, &run->open_room, sizeof(*opens));
	if (!opens)
		return -ENOMEM;
	run->opens = opens;
	*slot = run->open_count++;
	return 0;
}

static struct open_info info_of(const struct expect_run *run, const struct open_call *open)
{
	struct open_info info = {
		.id = open->id,
		.result = open->result,
		.has_result = open->has_result,
		.complete = open->complete,
		.has_name = is_path_call(open->call),
		.cache = open->cache,
		.call = open->call,
		.has_path = open->resolved.data != NULL,
		.unders = open->resolved.data ? unders_of(run->expect, &open->resolved) : 0,
		.behind = unders_behind(run->expect, &open->links),
		.fits = lines_of(run->expect, &open->path),
		.tid = open->tid,
	};

	memcpy(info.comm, open->comm, COMM_SIZE);
	return info;
}

static int keep_open(struct expect_run *run, const struct open_info *info)
{
	size_t slot;
	int ret = next_slot(run, &slot);

	if (ret)
		return ret;
	run->opens[slot] = *info;
	return map_put(&run->by_id, info->id, (void *)(uintptr_t)(slot + 1));
}

/* --- names --- */

static int doubt_set(struct expect_run *run, const struct name_spec *spec, const struct name *name,
		     uint64_t open)
{
	int ret = 0;

	for (size_t i = 0; i < spec->claim_count && !ret; i++)
		ret = tally_unseen(&run->tallies[spec->first_claim + i], name, open);
	return ret;
}

static int take_open(void *context, const struct open_call *open)
{
	struct expect_run *run = context;
	const struct expect *expect = run->expect;
	const struct open_info info = info_of(run, open);
	const struct name nameless = { .component = { "", 0 } };
	const char *why;
	int ret = 0;

	for (size_t i = 0; i < expect->name_count && !ret; i++) {
		const struct name_spec *spec = &expect->names[i];

		if (!spec->is_of_calls && line_may_have(spec, open) &&
		    is_chosen(&info, spec, &why) != IS_FALSE)
			ret = doubt_set(run, spec, &nameless, info.id);
	}
	return ret ? ret : keep_open(run, &info);
}

static int take_unknown(struct claim_tally *tally, const char *why, const struct name *name)
{
	const struct claim_outcome outcome = { .verdict = VERDICT_UNKNOWN, .why = why };

	return tally_take(tally, &outcome, name);
}

static int judge_claim(const struct name_view *view, const struct claim *claim,
		       struct claim_tally *tally)
{
	bool is_every = claim->place.from == EVERY;
	size_t count = place_count(view, &claim->place);
	int ret = 0;

	if (view->vague && !view->open_count)
		tally->maybe++;
	else
		tally->names++;
	if (claim->is_of_set)
		return tally_member(tally, view->name, view->opens, view->open_count);
	if (view->vague && !is_every)
		return take_unknown(tally, view->vague, view->name);
	for (size_t i = 0; i < count && !ret; i++) {
		struct claim_outcome outcome;

		ret = judge(view, claim, i, &outcome);
		if (is_every)
			rest_on_each(&claim->place, &outcome);
		if (!ret)
			ret = tally_take(tally, &outcome, view->name);
	}
	if (!ret && is_every && (view->vague || view->is_cut))
		ret = take_unknown(tally, view->vague ? view->vague : WHY_CUT, view->name);
	return ret;
}

static int judge_set(struct expect_run *run, const struct name_spec *spec,
		     const struct name_view *view)
{
	int ret = 0;

	if (spec->condition_count && !view->open_count && !view->vague)
		return 0;
	for (size_t i = 0; i < spec->claim_count && !ret; i++) {
		size_t at = spec->first_claim + i;

		ret = judge_claim(view, &run->expect->claims[at], &run->tallies[at]);
	}
	return ret;
}

static int take_for_set(struct expect_run *run, size_t index, const struct name_view *all)
{
	const struct name_spec *spec = &run->expect->names[index];
	enum tristate is_of_it = line_has(&run->expect->names[index], index, all);
	struct set *set = &run->sets[index];
	struct name_view view;
	int ret;

	ret = is_of_it == IS_UNKNOWN ? doubt_set(run, spec, all->name, 0) : 0;
	if (ret)
		return ret;
	if (is_of_it != IS_TRUE) {
		if (set->matched || run->options.only_seen)
			return 0;
		return near_offer(&set->near, spec, all->name);
	}
	set->matched++;
	if (!spec->condition_count)
		return judge_set(run, spec, all);
	ret = view_select(&view, all, spec);
	if (!ret)
		ret = judge_set(run, spec, &view);
	view_release(&view);
	return ret;
}

static void note_opens(struct expect_run *run, const struct name_view *view)
{
	for (size_t i = 0; i < view->open_count; i++) {
		size_t index = (size_t)(uintptr_t)map_get(&run->by_id, view->opens[i]);

		if (index)
			run->opens[index - 1].has_name = true;
	}
}

static bool is_in_any_set(const struct expect *expect, const struct name *name)
{
	for (size_t i = 0; i < expect->name_count; i++) {
		if (!expect->names[i].is_of_calls && line_has_spelling(&expect->names[i], name))
			return true;
	}
	return false;
}

static int take_name(void *context, const struct name *name)
{
	struct expect_run *run = context;
	struct name_view view;
	int ret;

	if (run->options.only_seen && !is_in_any_set(run->expect, name))
		return 0;
	ret = view_init(&view, run, name);
	if (!ret)
		note_opens(run, &view);
	for (size_t i = 0; i < run->expect->name_count && !ret; i++) {
		if (!run->expect->names[i].is_of_calls)
			ret = take_for_set(run, i, &view);
	}
	view_release(&view);
	return ret;
}

/* --- path calls --- */

/* The name that a result shows: that of the path. */
static struct name name_of(const struct open_call *call)
{
	return (struct name){ .path = call->path, .resolved = call->resolved };
}

static int judge_call_claim(struct expect_run *run, const struct open_info *info,
			    const struct name *name, size_t at)
{
	const struct claim *claim = &run->expect->claims[at];
	struct claim_tally *tally = &run->tallies[at];
	struct claim_outcome outcome;

	tally->names++;
	if (claim->is_of_set)
		return tally_member(tally, name, &info->id, 1);
	judge_call(info, claim, &outcome);
	return tally_take(tally, &outcome, name);
}

static bool is_any_path(const struct name_spec *spec)
{
	size_t stars = 0;

	while (stars < spec->text.len && spec->text.data[stars] == '*')
		stars++;
	return spec->is_glob && stars && stars == spec->text.len;
}

/* Whether the path of @call is one of @spec. */
static enum tristate fits(const struct name_spec *spec, const struct open_call *call)
{
	if (call->has_unseen_path)
		return is_any_path(spec) ? IS_TRUE : IS_UNKNOWN;
	return line_matches(spec, &call->path) ? IS_TRUE : IS_FALSE;
}

static enum tristate is_chosen_call(const struct name_spec *spec, enum tristate fitting,
				    const struct open_info *info, const char **why)
{
	enum tristate chosen = is_chosen(info, spec, why);

	if (fitting != IS_UNKNOWN || chosen == IS_FALSE)
		return chosen;
	*why = "the path of a call was not seen";
	return IS_UNKNOWN;
}

static int doubt_call_claim(const struct open_info *info, const struct claim *claim,
			    struct claim_tally *tally, const char *why, const struct name *name)
{
	struct claim_outcome outcome = { .verdict = VERDICT_UNKNOWN, .why = why };

	tally->maybe++;
	blame(&outcome, info->id);
	return claim->is_of_set ? 0 : tally_take(tally, &outcome, name);
}

static int take_call_for_set(struct expect_run *run, size_t index, const struct open_info *info,
			     const struct open_call *call)
{
	const struct name_spec *spec = &run->expect->names[index];
	const struct name name = name_of(call);
	enum tristate fitting = fits(spec, call), chosen;
	const char *why = NULL;
	int ret = 0;

	if ((spec->call && spec->call != info->call) || fitting == IS_FALSE)
		return 0;
	chosen = is_chosen_call(spec, fitting, info, &why);
	run->sets[index].matched += fitting == IS_TRUE || chosen != IS_FALSE;
	for (size_t i = 0; i < spec->claim_count && !ret && chosen != IS_FALSE; i++) {
		size_t at = spec->first_claim + i;

		if (chosen == IS_TRUE)
			ret = judge_call_claim(run, info, &name, at);
		else
			ret = doubt_call_claim(info, &run->expect->claims[at], &run->tallies[at],
					       why, &name);
	}
	return ret;
}

/* What a result may show of it is kept; a call that no line is about would push opens out. */
static int take_path_call(void *context, const struct open_call *call)
{
	struct expect_run *run = context;
	const struct open_info info = info_of(run, call);
	uint64_t matched = 0;
	int ret = 0;

	for (size_t i = 0; i < run->expect->name_count && !ret; i++) {
		uint64_t before = run->sets[i].matched;

		if (run->expect->names[i].is_of_calls)
			ret = take_call_for_set(run, i, &info, call);
		matched += run->sets[i].matched - before;
	}
	return ret || !matched ? ret : keep_open(run, &info);
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

void expect_run_missed(struct expect_run *run, enum role role, enum point point, uint64_t count)
{
	if (count)
		run->missed |= role_bit(role, point);
}

/* A call without any record may be missing. A call that contradicts the claim still does. */
static void distrust_calls(const struct expect_run *run, const struct claim *claim,
			   struct expect_result *result)
{
	const struct name_spec *spec = &run->expect->names[claim->name];
	bool is_certain = result->verdict == VERDICT_FAIL && result->checked;
	const char *why = NULL;

	if (spec->is_of_calls && !is_certain && !run->options.only_seen)
		why = doubt_calls(&run->options, spec);
	if (!why || result->verdict == VERDICT_UNKNOWN)
		return;
	result->verdict = VERDICT_UNKNOWN;
	result->why = why;
}

/* What a name that is gone came to is not known, nor whether it is another than those that came. */
static void distrust_gone(const struct set *set, const struct claim *claim,
			  struct expect_result *result)
{
	bool is_sure = claim->is_of_set && result->verdict != VERDICT_UNKNOWN;

	if (!set->gone || is_sure)
		return;
	result->verdict = VERDICT_UNKNOWN;
	result->why = WHY_EARLY;
}

static int conclude(const struct expect_run *run, size_t index)
{
	const struct claim *claim = &run->expect->claims[index];
	const struct name_spec *spec = &run->expect->names[claim->name];
	const struct set *set = &run->sets[claim->name];
	struct expect_result *result = &run->results[index];
	int ret = tally_conclude(run, &run->tallies[index], claim,
				 spec->condition_count && set->matched, result);

	result->set = spec->written;
	distrust_calls(run, claim, result);
	distrust_gone(set, claim, result);
	if (set->matched)
		return ret;
	result->near_count = set->near.count;
	memcpy(result->near, set->near.paths, sizeof(result->near));
	return ret;
}

int expect_run_finish(struct expect_run *run, const struct expect_result **results, size_t *count)
{
	const struct expect *expect = run->expect;
	int ret = 0;

	for (size_t i = 0; i < run->open_count; i++)
		run->has_stray |= is_stray(&run->opens[i]);
	for (size_t i = 0; i < expect->claim_count && !ret; i++)
		ret = conclude(run, i);
	*results = run->results;
	*count = expect->claim_count;
	return ret;
}

int expect_run_new(const struct expect *expect, const struct expect_options *options,
		   struct expect_run **run)
{
	struct expect_run *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	made->expect = expect;
	made->options = *options;
	made->sets = calloc(expect->name_count, sizeof(*made->sets));
	made->tallies = calloc(expect->claim_count, sizeof(*made->tallies));
	made->results = calloc(expect->claim_count, sizeof(*made->results));
	if (!made->sets || !made->tallies || !made->results) {
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
		.path_call = take_path_call,
		.name = take_name,
		.loss = take_loss,
		.summary = take_summary,
		.context = run,
	};
}

static void forget_set(struct expect_run *run, size_t index, bool come_again)
{
	const struct name_spec *spec = &run->expect->names[index];
	struct set *set = &run->sets[index];

	near_release(&set->near);
	*set = (struct set){ .gone = set->gone + (come_again ? 0 : set->matched) };
	for (size_t i = 0; i < spec->claim_count; i++) {
		struct claim_tally *tally = &run->tallies[spec->first_claim + i];

		tally_release(tally);
		*tally = (struct claim_tally){ .maybe = set->gone };
	}
}

void expect_run_restart(struct expect_run *run, bool come_again)
{
	for (size_t i = 0; i < run->expect->name_count; i++) {
		if (!run->expect->names[i].is_of_calls)
			forget_set(run, i, come_again);
	}
}

void expect_run_free(struct expect_run *run)
{
	if (!run)
		return;
	for (size_t i = 0; run->tallies && i < run->expect->claim_count; i++)
		tally_release(&run->tallies[i]);
	for (size_t i = 0; run->sets && i < run->expect->name_count; i++)
		near_release(&run->sets[i].near);
	map_release(&run->by_id);
	free(run->opens);
	free(run->results);
	free(run->tallies);
	free(run->sets);
	free(run);
}
