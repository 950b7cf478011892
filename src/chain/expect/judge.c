/* SPDX-License-Identifier: MIT */
/*
 * Claims about addresses and numbers, compared with one name. A term stands for every hop that it
 * selects, so a claim holds only if it holds for all of them; a term that selects nothing fails.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>

static const char WHY_UNREAD[] = "an address could not be read";
static const char WHY_ABSENT[] = "there is no such hop";
static const char WHY_ITSELF[] = "no other hop shows the pointer";
static const char WHY_SEVERAL[] = "there are several such hops: name one open";
static const char WHY_OFFSET[] = "the offset of the inline name is not known";
static const char WHY_SIZE[] = "the size of a dentry is not known";
static const char WHY_DENTRY[] = "the dentry is not known";
static const char WHY_NO_FILE[] = "the open gave no file";

/* What the records said of struct dentry, by way of the name's own relations. */
static bool find_layout(const struct name *name, int means, int64_t *value)
{
	for (size_t i = 0; i < name->relation_count; i++) {
		const struct relation *relation = &name->relations[i];

		if ((int)relation->means != means || !relation->has_value)
			continue;
		*value = relation->expected;
		return true;
	}
	return false;
}

static bool is_in_dentry(uint64_t addr, uint64_t dentry, int64_t size)
{
	return addr - dentry < (uint64_t)size;
}

/* --- what a term stands for --- */

/* If nothing was selected, the claim fails, unless something may be missing. */
static void judge_nothing(const struct operand_spec *operand, const struct filter *filter,
			  struct claim_outcome *outcome)
{
	if (operand->kind == TERM_HOP) {
		rest_on_absence(operand->hop, filter, outcome);
	} else {
		outcome->lossless[SCOPE_TASK] = true;
		outcome->lossless[SCOPE_ANY] = true;
		outcome->unmissed = ~UINT64_C(0);
	}
	if (outcome->verdict != VERDICT_UNKNOWN)
		set_verdict(outcome, VERDICT_FAIL, WHY_ABSENT);
}

/* Return: 0, -ENOENT with the verdict in @outcome if nothing can be compared, or -ENOMEM. */
static int see_operand(const struct operand_spec *operand, const struct filter *filter,
		       struct seen_list *list, struct claim_outcome *outcome)
{
	struct filter own;
	int ret = operand_filter(operand, filter, &own, outcome);

	*list = (struct seen_list){ 0 };
	if (ret)
		return ret;
	ret = collect(operand, &own, list);
	if (ret)
		return ret;
	if (!list->count) {
		judge_nothing(operand, &own, outcome);
		return -ENOENT;
	}
	/* Which lookup is the first, or the only one, depends on those that were not seen. */
	if (operand->kind == TERM_HOP && (operand->hop == HOP_LOOKUP || operand->pick != PICK_ALL))
		rest_on_absence(operand->hop, &own, outcome);
	else if (operand->kind == TERM_HOP)
		rest_on_hops(operand->hop, &own, outcome);
	else
		rest_on_all(SCOPE_TASK, &own, outcome);
	for (size_t i = 0; i < list->count; i++) {
		rest_on_hop(filter->view, list->items[i].hop, outcome);
		if (list->items[i].value.kind != EXPECT_NOTHING)
			continue;
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_UNREAD);
		ret = -ENOENT;
	}
	return ret;
}

static bool is_same_address(const struct seen_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].value.kind != EXPECT_ADDRESS ||
		    list->items[i].value.left != list->items[0].value.left)
			return false;
	}
	return true;
}

/* In "X - dentry" the dentry is X's own. */
static int see_own_dentry(const struct seen *left, struct seen *right,
			  struct claim_outcome *outcome)
{
	*right = (struct seen){ .value.kind = EXPECT_ADDRESS };
	if (!left->hop || !left->hop->dentry) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_DENTRY);
		return -ENOENT;
	}
	right->value.left = left->hop->dentry;
	return 0;
}

static int see_one(const struct operand_spec *operand, const struct filter *filter,
		   struct seen *seen, struct claim_outcome *outcome)
{
	struct seen_list list;
	int ret = see_operand(operand, filter, &list, outcome);

	if (!ret && !is_same_address(&list)) {
		set_verdict(outcome, VERDICT_FAIL,
			    list.count > 1 ? WHY_SEVERAL : "it has no address");
		ret = -ENOENT;
	}
	if (!ret)
		*seen = list.items[0];
	free(list.items);
	return ret;
}

/* Both sides of a difference, each of which has to be one address. */
static int see_sides(const struct term *term, const struct filter *filter, struct seen *left,
		     struct seen *right, struct claim_outcome *outcome)
{
	int ret = see_one(&term->left, filter, left, outcome);

	if (ret)
		return ret;
	if (term->right.kind == TERM_DENTRY && !term->right.has_place)
		return see_own_dentry(left, right, outcome);
	return see_one(&term->right, filter, right, outcome);
}

static struct seen difference_of(const struct seen *left, const struct seen *right)
{
	return (struct seen){
		.value = {
			.kind = EXPECT_DIFFERENCE,
			.left = left->value.left,
			.right = right->value.left,
			.number = (int64_t)(left->value.left - right->value.left),
		},
		.open = left->open,
	};
}

static int see_difference(const struct term *term, const struct filter *filter,
			  struct seen_list *list, struct claim_outcome *outcome)
{
	struct seen left, right, seen;
	int ret = see_sides(term, filter, &left, &right, outcome);

	if (ret)
		return ret;
	seen = difference_of(&left, &right);
	ret = seen_add(list, &seen);
	if (ret)
		return ret;
	return rest_on_pair(filter->view, left.hop, right.hop, outcome) ? 0 : -ENOENT;
}

/* What bore the name in an open that showed no dentry may be one more, or none. */
static bool lacks_dentry(const struct lifetime *life, const struct filter *filter)
{
	return !life->dentry && !run_options(filter->view->run)->only_seen;
}

static int count_lifetimes(const struct filter *filter, int64_t *count,
			   struct claim_outcome *outcome)
{
	const struct name *name = filter->view->name;

	*count = (int64_t)name->lifetimes_dropped;
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct lifetime *life = name->lifetimes[i];

		if (!has_hop_in(life, filter))
			continue;
		if (lacks_dentry(life, filter)) {
			set_verdict(outcome, VERDICT_UNKNOWN, "of some opens no dentry was seen");
			return -ENOENT;
		}
		*count += life->dentry != 0;
	}
	return 0;
}

static int see_count(enum term_kind kind, const struct filter *filter, struct seen_list *list,
		     struct claim_outcome *outcome)
{
	struct seen seen = { .value.kind = EXPECT_NUMBER };
	int ret = 0;

	outcome->lossless[SCOPE_TASK] = true;
	outcome->lossless[SCOPE_ANY] |= kind == TERM_LIFETIMES;
	outcome->unmissed = ~UINT64_C(0);
	outcome->counts_opens |= kind == TERM_OPENS;
	if (is_affected_by_cut(filter) && kind == TERM_OPENS) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_CUT);
		return -ENOENT;
	}
	if (kind == TERM_OPENS)
		seen.value.number = (int64_t)count_opens(filter);
	else
		ret = count_lifetimes(filter, &seen.value.number, outcome);
	return ret ? ret : seen_add(list, &seen);
}

static int see_constant(const struct name_view *view, const struct term *term,
			struct seen_list *list, struct claim_outcome *outcome)
{
	static const enum expect_value_kind kinds[TERM_KINDS] = {
		[TERM_NULL] = EXPECT_NULL,     [TERM_ERRNO] = EXPECT_ERRNO,
		[TERM_NUMBER] = EXPECT_NUMBER, [TERM_LENGTH] = EXPECT_LENGTH,
		[TERM_OFFSET] = EXPECT_OFFSET,
	};
	struct seen seen = { .value = { .kind = kinds[term->kind], .number = term->number } };

	seen.value.text = term->text;
	if (term->kind == TERM_OFFSET &&
	    !find_layout(view->name, MEANS_INLINE, &seen.value.number)) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_OFFSET);
		return -ENOENT;
	}
	return seen_add(list, &seen);
}

static int see_term(const struct term *term, const struct filter *filter, struct seen_list *list,
		    struct claim_outcome *outcome)
{
	*list = (struct seen_list){ 0 };
	switch (term->kind) {
	case TERM_HOP:
	case TERM_POINTER:
	case TERM_DENTRY:
	case TERM_RESULT:
		return see_operand(&term->left, filter, list, outcome);
	case TERM_DIFFERENCE:
		return see_difference(term, filter, list, outcome);
	case TERM_OPENS:
	case TERM_LIFETIMES:
		return see_count(term->kind, filter, list, outcome);
	default:
		return see_constant(filter->view, term, list, outcome);
	}
}

/* --- comparing --- */

bool is_as_compared(enum claim_kind kind, const struct expect_value *a,
		    const struct expect_value *b)
{
	int64_t left, right;

	if (!is_order(kind))
		return expect_value_equal(a, b) == (kind == CLAIM_EQUAL);
	if (!expect_value_number(a, &left) || !expect_value_number(b, &right))
		return false;
	switch (kind) {
	case CLAIM_LESS:
		return left < right;
	case CLAIM_LESS_EQUAL:
		return left <= right;
	case CLAIM_GREATER:
		return left > right;
	default:
		return left >= right;
	}
}

/* Of a dentry that was found and could not be read, it is only known that it is not NULL. */
static bool can_be_compared(const struct expect_value *a, const struct expect_value *b)
{
	if (a->kind == EXPECT_UNREAD)
		return b->kind == EXPECT_NULL;
	return b->kind != EXPECT_UNREAD || a->kind == EXPECT_NULL;
}

/**
 * struct comparison - a claim that compares, and what each of its terms stands for
 */
struct comparison {
	const struct name_view *view;
	const struct claim *claim;
	struct seen_list lists[EXPECT_MAX_TERMS];
	struct claim_outcome *outcome;
};

static void show_value(struct comparison *comparison, size_t term, size_t index)
{
	const struct seen_list *list = &comparison->lists[term];
	struct expect_value *value = &comparison->outcome->values[term];

	*value = list->items[index].value;
	value->more = list->count - 1;
}

/* Where no error is claimed, "file" is a file. */
static bool is_without_file(const struct claim *claim, const struct seen *seen)
{
	for (size_t i = 0; i < claim->term_count; i++) {
		if (claim->terms[i].kind == TERM_ERRNO)
			return false;
	}
	return seen->hop && seen->hop->kind == HOP_FILE && seen->hop->err;
}

/* One thing against another. Return: whether they are as the claim wants them. */
static bool is_as_claimed(const struct comparison *comparison, const struct seen *reference,
			  const struct seen *seen)
{
	const struct claim *claim = comparison->claim;

	if (is_without_file(claim, reference) || is_without_file(claim, seen)) {
		set_verdict(comparison->outcome, VERDICT_FAIL, WHY_NO_FILE);
		return false;
	}
	return is_as_compared(claim->kind, &reference->value, &seen->value);
}

/* Number @index of what @term stands for, against one thing that the first term stands for. */
static void compare(struct comparison *comparison, size_t term, size_t index,
		    const struct seen *reference)
{
	const struct seen *seen = &comparison->lists[term].items[index];
	struct claim_outcome *outcome = comparison->outcome;
	bool was_failed;

	if (!rest_on_pair(comparison->view, reference->hop, seen->hop, outcome))
		return;
	if (!can_be_compared(&reference->value, &seen->value)) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_UNREAD);
		return;
	}
	was_failed = outcome->verdict == VERDICT_FAIL;
	if (is_as_claimed(comparison, reference, seen))
		return;
	if (!was_failed)
		show_value(comparison, term, index);
	blame(outcome, seen->open ? seen->open : reference->open);
	set_verdict(outcome, VERDICT_FAIL, NULL);
}

/* Return: whether @term stands for anything but @reference itself. */
static bool compare_term(struct comparison *comparison, size_t term, const struct seen *reference)
{
	const struct seen_list *list = &comparison->lists[term];
	bool is_proof = false;

	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].hop && list->items[i].hop == reference->hop)
			continue;
		is_proof = true;
		compare(comparison, term, i, reference);
	}
	return is_proof;
}

/* Through the first term all are compared with each other. */
static void compare_terms(struct comparison *comparison)
{
	const struct seen_list *first = &comparison->lists[0];
	bool is_proof = false;

	for (size_t i = 1; i < comparison->claim->term_count; i++) {
		for (size_t j = 0; j < first->count; j++)
			is_proof |= compare_term(comparison, i, &first->items[j]);
	}
	if (!is_proof)
		set_verdict(comparison->outcome, VERDICT_FAIL, WHY_ITSELF);
	set_verdict(comparison->outcome, VERDICT_PASS, NULL);
}

/* Outside of its dentry a name cannot be at the inline offset, whatever that is. */
static void judge_without_offset(const struct name_view *view, const struct seen_list *list,
				 struct claim_outcome *outcome)
{
	const struct expect_value *value;
	int64_t size;

	if (!list->count || !find_layout(view->name, MEANS_SIZE, &size))
		return;
	value = &list->items[0].value;
	if (value->kind == EXPECT_DIFFERENCE && !is_in_dentry(value->left, value->right, size))
		set_verdict(outcome, VERDICT_FAIL, "it lies outside of the dentry");
}

static int judge_comparison(const struct claim *claim, const struct filter *filter,
			    struct claim_outcome *outcome)
{
	struct comparison comparison = { filter->view, claim, .outcome = outcome };
	struct seen_list *lists = comparison.lists;
	bool is_complete = true;
	int ret = 0;

	for (size_t i = 0; i < claim->term_count && ret != -ENOMEM; i++) {
		ret = see_term(&claim->terms[i], filter, &lists[i], outcome);
		is_complete &= !ret;
		if (lists[i].count)
			show_value(&comparison, i, 0);
		if (ret && claim->terms[i].kind == TERM_OFFSET)
			judge_without_offset(filter->view, &lists[0], outcome);
	}
	outcome->value_count = claim->term_count;
	/* Where it is not certain that these are all, or the first, nothing is proved. */
	if (is_complete && outcome->verdict != VERDICT_UNKNOWN)
		compare_terms(&comparison);
	for (size_t i = 0; i < claim->term_count; i++)
		free(lists[i].items);
	return ret == -ENOMEM ? ret : 0;
}

/* --- outside, show --- */

static void judge_place_of(const struct name_view *view, const struct seen *seen,
			   struct claim_outcome *outcome)
{
	struct seen dentry;
	uint64_t offset;
	int64_t size, inline_at;

	if (see_own_dentry(seen, &dentry, outcome))
		return;
	offset = seen->value.left - dentry.value.left;
	if (outcome->verdict != VERDICT_FAIL)
		outcome->values[0] = (struct expect_value){
			.kind = EXPECT_DIFFERENCE,
			.left = seen->value.left,
			.right = dentry.value.left,
			.number = (int64_t)offset,
		};
	if (seen->value.kind != EXPECT_ADDRESS)
		set_verdict(outcome, VERDICT_FAIL, "it has no address");
	else if (find_layout(view->name, MEANS_SIZE, &size))
		set_verdict(outcome, offset < (uint64_t)size ? VERDICT_FAIL : VERDICT_PASS, NULL);
	else if (find_layout(view->name, MEANS_INLINE, &inline_at) && offset == (uint64_t)inline_at)
		set_verdict(outcome, VERDICT_FAIL, NULL);
	else
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_SIZE);
}

static int judge_outside(const struct claim *claim, const struct filter *filter,
			 struct claim_outcome *outcome)
{
	struct seen_list list;
	int ret = see_operand(&claim->terms[0].left, filter, &list, outcome);

	outcome->value_count = 1;
	for (size_t i = 0; i < list.count && !ret && outcome->verdict != VERDICT_UNKNOWN; i++)
		judge_place_of(filter->view, &list.items[i], outcome);
	free(list.items);
	return ret == -ENOMEM ? ret : 0;
}

/* A difference that is only shown rests on nothing. */
static int judge_show(const struct claim *claim, const struct filter *filter,
		      struct claim_outcome *outcome)
{
	struct seen left, right;
	int ret = see_sides(&claim->terms[0], filter, &left, &right, outcome);

	outcome->value_count = 1;
	if (!ret) {
		outcome->values[0] = difference_of(&left, &right).value;
		outcome->reuse = outcome->values[0].number == 0;
	}
	return ret == -ENOMEM ? ret : 0;
}

static int judge_in(const struct claim *claim, const struct filter *filter,
		    struct claim_outcome *outcome)
{
	switch (claim->kind) {
	case CLAIM_OUTSIDE:
		return judge_outside(claim, filter, outcome);
	case CLAIM_IS:
		return judge_is(claim, filter, outcome);
	case CLAIM_SHOW:
		return judge_show(claim, filter, outcome);
	default:
		return judge_comparison(claim, filter, outcome);
	}
}

static bool counts(const struct claim *claim)
{
	bool is_any = false;

	for (size_t i = 0; i < claim->term_count; i++)
		is_any |= claim->terms[i].kind == TERM_OPENS;
	return is_any;
}

static void blame_all(const struct filter *filter, struct claim_outcome *outcome)
{
	const struct name_view *view = filter->view;

	for (size_t i = 0; i < view->open_count; i++) {
		if (is_open_in(filter, view->opens[i]))
			blame(outcome, view->opens[i]);
	}
}

int judge(const struct name_view *view, const struct claim *claim, size_t instance,
	  struct claim_outcome *outcome)
{
	struct filter filter;
	int ret;

	*outcome = (struct claim_outcome){ .verdict = VERDICT_NONE };
	if (place_filter(view, &claim->place, instance, &filter, outcome))
		return 0;
	ret = judge_in(claim, &filter, outcome);
	if (outcome->verdict == VERDICT_PASS && outcome->not_all)
		set_verdict(outcome, VERDICT_UNKNOWN, outcome->not_all);
	if (outcome->verdict == VERDICT_FAIL && counts(claim))
		blame_all(&filter, outcome);
	else if (!outcome->open_count)
		blame(outcome, filter.open);
	return ret;
}
