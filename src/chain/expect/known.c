/* SPDX-License-Identifier: MIT */
/*
 * What a run knows of opens and losses, which verdicts depend on. Changes nothing.
 */
#include "run.h"

const struct expect *run_expect(const struct expect_run *run)
{
	return run->expect;
}

const struct expect_options *run_options(const struct expect_run *run)
{
	return &run->options;
}

const struct open_info *run_open(const struct expect_run *run, uint64_t id)
{
	size_t index = (size_t)(uintptr_t)map_get(&run->by_id, id);

	return index ? &run->opens[index - 1] : NULL;
}

const char *run_doubt(const struct expect_run *run, const struct claim_tally *tally,
		      const struct claim_outcome *outcome)
{
	/* It may be known only that hits were missed, and not by which probes. */
	uint64_t missed = run->has_missed && !run->missed ? ~UINT64_C(0) : run->missed;
	bool passes = outcome->verdict == VERDICT_PASS;
	bool is_split = !outcome->is_of_calls && (tally->names > 1 || outcome->counts_names);
	bool is_of_opens = outcome->counts_opens || (passes && outcome->all_opens);
	const char *why = NULL;

	if (run->options.only_seen || (outcome->verdict != VERDICT_FAIL && !passes))
		return NULL;
	for (int i = 0; i < SCOPE_NR; i++) {
		if (run->lost[i] && (outcome->lossless[i] || (passes && outcome->all_lossless[i])))
			why = "records were lost";
	}
	if (missed & (outcome->unmissed | (passes ? outcome->all_unmissed : 0)))
		why = "the kernel missed hits of a probe";
	/* How many names there are was judged with those that there may be. */
	if (is_of_opens && tally->has_unseen && !outcome->counts_names)
		why = WHY_UNSEEN;
	if (is_of_opens && run->has_stray)
		why = "an open is incomplete, and its name is not known";
	/*
	 * What happens to a name after it was handed out is recorded with another name, or not at
	 * all.
	 */
	if (run->is_pushed_out && (is_split || outcome->lossless[SCOPE_ANY]))
		why = WHY_EARLY;
	return why;
}
