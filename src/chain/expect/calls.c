/* SPDX-License-Identifier: MIT */
/*
 * Claims about calls that take a path and open nothing, each compared with one call.
 */
#include "internal.h"

static const char WHY_NO_RESULT[] = "the result of a call is not known";
static const char WHY_INCOMPLETE[] = "the call is incomplete";
static const char WHY_NOT_RECORDED[] = "no path call was recorded (--calls=path)";
static const char WHY_UNARMED[] = "a call may be missing: no probe for it is armed";

/* --- one call --- */

static struct expect_value result_of(const struct open_info *call)
{
	return (struct expect_value){
		.kind = call->result < 0 ? EXPECT_ERRNO : EXPECT_NUMBER,
		.number = call->result < 0 ? -call->result : call->result,
	};
}

static struct expect_value value_of(const struct open_info *call, const struct term *term)
{
	static const enum expect_value_kind kinds[TERM_KINDS] = {
		[TERM_ERRNO] = EXPECT_ERRNO,
		[TERM_NUMBER] = EXPECT_NUMBER,
		[TERM_LENGTH] = EXPECT_LENGTH,
	};

	if (term->kind == TERM_RESULT)
		return result_of(call);
	return (struct expect_value){
		.kind = kinds[term->kind],
		.number = term->number,
		.text = term->text,
	};
}

static void judge_result(const struct open_info *call, const struct claim *claim,
			 struct claim_outcome *outcome)
{
	bool holds = true;

	if (!call->has_result) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_NO_RESULT);
		return;
	}
	outcome->value_count = claim->term_count;
	for (size_t i = 0; i < claim->term_count; i++) {
		outcome->values[i] = value_of(call, &claim->terms[i]);
		if (i)
			holds &= is_as_compared(claim->kind, &outcome->values[0],
						&outcome->values[i]);
	}
	set_verdict(outcome, holds ? VERDICT_PASS : VERDICT_FAIL, NULL);
}

static void judge_cache(const struct open_info *call, const struct claim *claim,
			struct claim_outcome *outcome)
{
	if (!call->complete)
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_INCOMPLETE);
	else
		judge_word(outcome, cache_name(call->cache), call->cache != CACHE_UNKNOWN,
			   (int)call->cache == claim->property->value);
}

void judge_call(const struct open_info *call, const struct claim *claim,
		struct claim_outcome *outcome)
{
	*outcome = (struct claim_outcome){
		.verdict = VERDICT_NONE,
		.all_lossless = { [SCOPE_TASK] = true },
		.all_unmissed = ~UINT64_C(0),
		.is_of_calls = true,
	};
	if (claim->kind == CLAIM_IS)
		judge_cache(call, claim, outcome);
	else
		judge_result(call, claim, outcome);
	if (outcome->verdict != VERDICT_PASS)
		blame(outcome, call->id);
}

/* --- all of them --- */

static bool is_armed(const struct expect_options *options, enum call call)
{
	bool is_armed = true;

	for (int role = ROLE_CALL_STAT; role < ROLE_NR; role++) {
		if (path_call_of((enum role)role) == call)
			is_armed &= options->armed[role][POINT_ENTRY] &&
				    options->armed[role][POINT_RETURN];
	}
	return is_armed;
}

const char *doubt_calls(const struct expect_options *options, const struct name_spec *spec)
{
	bool has_path = options->armed[ROLE_PATH][POINT_ENTRY];
	bool has_parent = options->armed[ROLE_PARENT][POINT_ENTRY];

	if (!has_path && !has_parent)
		return WHY_NOT_RECORDED;
	if (!has_path || !has_parent)
		return WHY_UNARMED;
	for (int i = CALL_STAT; i < CALL_NR; i++) {
		if ((spec->call == CALL_UNKNOWN || (int)spec->call == i) &&
		    !is_armed(options, (enum call)i))
			return WHY_UNARMED;
	}
	return NULL;
}
