/* SPDX-License-Identifier: MIT */
/*
 * What the parts of expectations share besides their syntax: the judging of one claim on one name
 * (judge.c, values.c, seen.c), its result over all names (tally.c, near.c), the run (run.c).
 */
#ifndef FTOPEN_CHAIN_EXPECT_INTERNAL_H
#define FTOPEN_CHAIN_EXPECT_INTERNAL_H

#include "syntax.h"

#define WHY_CUT	   "hops were dropped because there were too many"
#define WHY_EARLY  "names were printed early because there were too many"
#define WHY_UNSEEN "the path of an open was not seen"
#define WHY_UNREAD "an address could not be read"

/* --- seen.c --- */

struct open_info {
	uint64_t id;
	int64_t result;
	bool has_result;
	bool complete;
	bool has_name; /* a name had it as one of its opens */
	bool has_path; /* @unders tells */
	uint64_t unders;
	uint64_t behind; /* the same of directories that a link led to or through */
	uint64_t fits;	 /* bit per line of names whose text its path matches, for the first 64 */
	enum cache cache;
	enum call call;
	int32_t tid;
	char comm[COMM_SIZE];
};

/**
 * struct name_view - a name and its opens in order, as far as the cap let its hops through
 * @opens: ids of those whose path names it, ascending
 * @touched: ids of all that have a hop of it, those that walked through it included
 * @lives: its lifetimes; if conditions chose the opens, those with a hop of one of them
 * @is_selected: conditions chose @opens, and hops of other opens do not count
 * @vague: why it is not known of some open whether they choose it; NULL if it is
 * @cut_from, @cut_to: hops of the opens in between (both included) were dropped under a cap
 */
struct name_view {
	const struct expect_run *run;
	const struct name *name;
	uint64_t *opens, *touched;
	size_t open_count, touched_count;
	struct lifetime **lives;
	size_t life_count;
	bool is_selected;
	const char *vague;
	bool is_cut;
	uint64_t cut_from;
	uint64_t cut_to;
};

/*
 * Which hops of @view count: those of one open, of any open, of one lifetime, or all of the name;
 * of opens only those that @view has, if conditions chose them.
 */
struct filter {
	const struct name_view *view;
	bool any_open;
	uint64_t open;
	const struct lifetime *life;
};

/**
 * struct seen - one thing that a term stands for
 * @hop: NULL if it is not a hop
 * @open: in which it was seen, 0 for none
 */
struct seen {
	struct expect_value value;
	const struct hop *hop;
	uint64_t open;
};

struct seen_list {
	struct seen *items;
	size_t count, room;
};

/**
 * struct claim_outcome - a verdict and what it rests on
 * @lossless: by scope: any loss there makes it UNKNOWN
 * @unmissed: by role_bit(): a missed hit of that probe makes it UNKNOWN
 * @all_lossless, @all_unmissed, @not_all: likewise, and with a reason: what holds of all that was
 *	seen may not hold of what was not; a PASS is UNKNOWN then
 * @counts_names: a name that came twice makes it UNKNOWN
 * @opens, @more_opens: what it is about: the first of them, and how many more there are
 * @counts_opens: an open of which nobody knows what it named makes it UNKNOWN
 * @all_opens: likewise a PASS
 * @is_of_calls: it is about path calls, of which none is printed before the end
 */
struct claim_outcome {
	enum verdict verdict;
	const char *why;
	bool lossless[SCOPE_NR];
	uint64_t unmissed;
	bool all_lossless[SCOPE_NR];
	uint64_t all_unmissed;
	const char *not_all;
	bool counts_opens;
	bool all_opens;
	bool counts_names;
	bool is_of_calls;
	uint64_t opens[EXPECT_MAX_OPENS];
	size_t open_count;
	uint64_t more_opens;
	bool reuse;
	struct expect_value values[EXPECT_MAX_TERMS];
	size_t value_count;
};

/* Those of path calls share theirs: claims rest on all of them. */
static inline uint64_t role_bit(enum role role, enum point point)
{
	int shared = is_path_call_role(role) ? ROLE_PATH : (int)role;

	return UINT64_C(1) << (shared * POINT_NR + (int)point);
}

_Static_assert((ROLE_PATH + 1) * POINT_NR <= 64, "there is a bit for each probe");

int view_init(struct name_view *view, const struct expect_run *run, const struct name *name);
void view_release(struct name_view *view);

/**
 * is_chosen - whether @open, NULL if it was not kept, meets the conditions of @spec
 * @why: set where that is not known
 */
enum tristate is_chosen(const struct open_info *open, const struct name_spec *spec,
			const char **why);

/**
 * view_has_open - whether @open is one of @view->opens
 */
bool view_has_open(const struct name_view *view, uint64_t open);

/**
 * is_before_walk - whether a hop of @kind is one of those that lead to the path's own name
 */
bool is_before_walk(enum hop_kind kind);

/**
 * view_select - of @all the opens that the conditions of @spec choose
 *
 * Return: 0 or -ENOMEM; ends with view_release() in any case.
 */
int view_select(struct name_view *view, const struct name_view *all, const struct name_spec *spec);

/**
 * place_count - how many instances an EVERY has; 1 for every other place
 */
size_t place_count(const struct name_view *view, const struct place *place);

/**
 * place_filter - the filter of @place, of its @instance in case of EVERY
 *
 * Return: 0, or -ENOENT with verdict and reason in @outcome if the place is not there.
 */
int place_filter(const struct name_view *view, const struct place *place, size_t instance,
		 struct filter *filter, struct claim_outcome *outcome);

/**
 * operand_filter - the filter of @operand's own place, else @filter, which is the claim's
 *
 * Return: as place_filter()
 */
int operand_filter(const struct operand_spec *operand, const struct filter *filter,
		   struct filter *own, struct claim_outcome *outcome);

/**
 * has_hop_in - whether @life has a hop that passes @filter
 */
bool has_hop_in(const struct lifetime *life, const struct filter *filter);

/**
 * is_in - whether @hop of @life passes @filter
 */
bool is_in(const struct filter *filter, const struct lifetime *life, const struct hop *hop);

/**
 * collect - what @operand stands for within @filter, in the order of time
 *
 * Return: 0 or -ENOMEM. @list is the caller's to free.
 */
int collect(const struct operand_spec *operand, const struct filter *filter,
	    struct seen_list *list);

/**
 * seen_add - Return: 0 or -ENOMEM
 */
int seen_add(struct seen_list *list, const struct seen *seen);

/**
 * is_open_in - whether @open of the name is one whose hops pass @filter
 */
bool is_open_in(const struct filter *filter, uint64_t open);

/**
 * count_opens - of how many opens hops pass @filter
 */
size_t count_opens(const struct filter *filter);

/**
 * is_affected_by_cut - whether hops that pass @filter may have been dropped under a cap
 */
bool is_affected_by_cut(const struct filter *filter);

/* --- lines.c --- */

/**
 * line_matches - whether @text is a path of the line @spec
 */
bool line_matches(const struct name_spec *spec, const struct bytes *text);

/**
 * lines_of - bit per line, of the first 64, that has @path
 */
uint64_t lines_of(const struct expect *expect, const struct bytes *path);

/**
 * line_may_have - whether @open failed without a path that anybody saw, and the line may be about
 * it
 */
bool line_may_have(const struct name_spec *spec, const struct open_call *open);

/**
 * line_has_spelling - whether one of the spellings of @name that are kept is of the line
 */
bool line_has_spelling(const struct name_spec *spec, const struct name *name);

/**
 * line_has - whether the line, which is number @index, is about the name of @view
 */
enum tristate line_has(const struct name_spec *spec, size_t index, const struct name_view *view);

/* --- values.c --- */

/**
 * find_layout - what the records said of struct dentry, by way of the name's own relations
 * @means: MEANS_INLINE or MEANS_SIZE
 */
bool find_layout(const struct name *name, int means, int64_t *value);

/**
 * see_operand - collect(), and what the verdict rests on then
 *
 * Return: 0, -ENOENT with the verdict in @outcome if nothing can be compared, or -ENOMEM; so do the
 * next ones. @list is the caller's to free in any case.
 */
int see_operand(const struct operand_spec *operand, const struct filter *filter,
		struct seen_list *list, struct claim_outcome *outcome);

/**
 * see_term - the same for what may be no operand, but a number or a difference
 */
int see_term(const struct term *term, const struct filter *filter, struct seen_list *list,
	     struct claim_outcome *outcome);

/**
 * see_sides - both sides of a difference, each of which has to be one address
 */
int see_sides(const struct term *term, const struct filter *filter, struct seen *left,
	      struct seen *right, struct claim_outcome *outcome);

/**
 * see_own_dentry - the dentry of @left itself, as in "X - dentry"
 */
int see_own_dentry(const struct seen *left, struct seen *right, struct claim_outcome *outcome);

/**
 * has_address - whether @value is an address; if not, the verdict says why
 */
bool has_address(const struct expect_value *value, struct claim_outcome *outcome);

struct seen difference_of(const struct seen *left, const struct seen *right);

/* --- verdict.c --- */

/**
 * blame - note that the outcome is of @open; nothing for 0
 */
void blame(struct claim_outcome *outcome, uint64_t open);

/**
 * set_verdict - unless a weightier verdict stands
 */
void set_verdict(struct claim_outcome *outcome, enum verdict verdict, const char *why);

/* --- trust.c --- */

/**
 * rest_on_absence - note that the verdict rests on there being no (further) hop of @kind
 */
void rest_on_absence(enum hop_kind kind, const struct filter *filter,
		     struct claim_outcome *outcome);

/**
 * rest_on_all - note that it holds only if it does of everything in @scope that passes @filter,
 * which what is seen to fail does not need
 */
void rest_on_all(enum scope scope, const struct filter *filter, struct claim_outcome *outcome);

/**
 * rest_on_all_opens - note that it holds only if it does of every open that passes @filter
 */
void rest_on_all_opens(const struct filter *filter, struct claim_outcome *outcome);

/**
 * rest_on_each - note the same of every open or lifetime, as @place has it
 */
void rest_on_each(const struct place *place, struct claim_outcome *outcome);

/**
 * rest_on_hops - the same of every hop of @kind
 */
void rest_on_hops(enum hop_kind kind, const struct filter *filter, struct claim_outcome *outcome);

/**
 * rest_on_end - note that the verdict rests on nothing further having happened to the lifetime
 */
void rest_on_end(const struct name_view *view, struct claim_outcome *outcome);

/**
 * rest_on_hop - note what the verdict needs of the open in which @hop happened
 */
void rest_on_hop(const struct name_view *view, const struct hop *hop,
		 struct claim_outcome *outcome);

/**
 * rest_on_pair - the same for what happened between two hops
 *
 * Return: whether they can be compared.
 */
bool rest_on_pair(const struct name_view *view, const struct hop *a, const struct hop *b,
		  struct claim_outcome *outcome);

/* --- judge.c --- */

/**
 * judge - check @claim for the name of @view, in the claim's place's @instance
 *
 * Return: 0 or -ENOMEM.
 */
int judge(const struct name_view *view, const struct claim *claim, size_t instance,
	  struct claim_outcome *outcome);

/**
 * is_as_compared - whether @a and @b are as a claim of @kind, a comparison, wants them
 */
bool is_as_compared(enum claim_kind kind, const struct expect_value *a,
		    const struct expect_value *b);

/* --- is.c --- */

/**
 * judge_is - judge() for "SUBJECT is WORD"
 */
int judge_is(const struct claim *claim, const struct filter *filter, struct claim_outcome *outcome);

/**
 * judge_word - what was seen is @word
 *
 * Return: whether the claim holds.
 */
bool judge_word(struct claim_outcome *outcome, const char *word, bool is_known, bool holds);

/* --- calls.c --- */

/**
 * judge_call - check @claim, which does not count, for one path call
 */
void judge_call(const struct open_info *call, const struct claim *claim,
		struct claim_outcome *outcome);

/**
 * doubt_calls - why no claim about the calls of @spec can pass; NULL if it can
 */
const char *doubt_calls(const struct expect_options *options, const struct name_spec *spec);

/* --- near.c --- */

/**
 * struct near - paths that come near a name, the nearest first; all zero is none
 */
struct near {
	struct bytes paths[EXPECT_MAX_NEAR];
	unsigned int distances[EXPECT_MAX_NEAR];
	size_t count;
};

/**
 * near_offer - keep what comes near @spec among the spellings of @name
 *
 * Return: 0 or -ENOMEM. Ends with near_release().
 */
int near_offer(struct near *near, const struct name_spec *spec, const struct name *name);
void near_release(struct near *near);

/* --- tally.c --- */

struct kept {
	struct claim_outcome outcome;
	char *name;
	size_t name_len;
};

struct kept_list {
	struct kept *items; /* the first EXPECT_MAX_OFFENDERS */
	size_t count, room;
	uint64_t total;
};

/**
 * struct claim_tally - what is kept of a claim; all zero is nothing
 * @worst: the weightiest outcome
 * @checked: how many there were
 * @names, @maybe: in the set, and not known to be in it or not
 * @has_unseen: an open may be of one of them, or of another one
 * @failed: of a claim that counts names, all of them
 */
struct claim_tally {
	struct kept worst;
	struct kept_list failed, unknown;
	uint64_t checked;
	uint64_t names;
	uint64_t maybe;
	bool has_unseen;
	struct expect_offender *offenders;
	size_t offender_count;
};

/**
 * tally_take - Return: 0 or -ENOMEM. Ends with tally_release().
 */
int tally_take(struct claim_tally *tally, const struct claim_outcome *outcome,
	       const struct name *name);

/**
 * tally_unseen - note what may be in the claim's set
 * @name: by a path that was not kept; without a component if it is about @open
 * @open: its path was not seen; 0 for none
 *
 * Return: 0 or -ENOMEM.
 */
int tally_unseen(struct claim_tally *tally, const struct name *name, uint64_t open);

/**
 * tally_member - a name of the set, whose size is claimed, with its @opens
 */
int tally_member(struct claim_tally *tally, const struct name *name, const uint64_t *opens,
		 size_t count);

/**
 * tally_conclude - fill *@result, which is valid as long as @tally
 * @is_empty_set: there are names like that, and none in the set
 *
 * Return: 0 or -ENOMEM.
 */
int tally_conclude(const struct expect_run *run, struct claim_tally *tally,
		   const struct claim *claim, bool is_empty_set, struct expect_result *result);
void tally_release(struct claim_tally *tally);

/* --- known.c --- */

/**
 * run_doubt - why a verdict cannot be kept, after all that was lost; NULL if it can
 */
const char *run_doubt(const struct expect_run *run, const struct claim_tally *tally,
		      const struct claim_outcome *outcome);

const struct open_info *run_open(const struct expect_run *run, uint64_t id);
const struct expect *run_expect(const struct expect_run *run);
const struct expect_options *run_options(const struct expect_run *run);

#endif
