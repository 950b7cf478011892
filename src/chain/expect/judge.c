/* SPDX-License-Identifier: MIT */
/*
 * Claims about addresses and numbers, compared with one name. A term stands for every hop that it
 * selects (values.c), so a claim holds only if it holds for all of them.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>

static const char WHY_ITSELF[] = "no other hop shows the pointer";
static const char WHY_SIZE[] = "the size of a dentry is not known";
static const char WHY_NO_FILE[] = "the open gave no file";

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

/*
 * The offset of the inline name, which @term is, is not known: outside of its dentry a name cannot
 * be there, whatever it is.
 */
static void judge_without_offset(struct comparison *comparison, size_t term)
{
	const struct claim *claim = comparison->claim;
	const struct expect_value *value = &comparison->outcome->values[0];
	int64_t size;

	if (!term || claim->kind != CLAIM_EQUAL || claim->terms[term].kind != TERM_OFFSET ||
	    !find_layout(comparison->view->name, MEANS_SIZE, &size))
		return;
	if (value->kind == EXPECT_DIFFERENCE && (uint64_t)value->number >= (uint64_t)size)
		set_verdict(comparison->outcome, VERDICT_FAIL, "it lies outside of the dentry");
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
		if (lists[i].count)
			show_value(&comparison, i, 0);
		if (ret && is_complete)
			judge_without_offset(&comparison, i);
		is_complete &= !ret;
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
	struct seen dentry, difference;
	uint64_t offset;
	int64_t size, inline_at;

	if (see_own_dentry(seen, &dentry, outcome) || !has_address(&seen->value, outcome))
		return;
	difference = difference_of(seen, &dentry);
	offset = (uint64_t)difference.value.number;
	if (outcome->verdict != VERDICT_FAIL)
		outcome->values[0] = difference.value;
	if (find_layout(view->name, MEANS_SIZE, &size))
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
