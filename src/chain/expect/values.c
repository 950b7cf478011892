/* SPDX-License-Identifier: MIT */
/*
 * What the terms of a claim stand for in one name: addresses, numbers, constants; and what the
 * verdict rests on because of that. A term that stands for nothing fails, if nothing is missing.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>

static const char WHY_ABSENT[] = "there is no such hop";
static const char WHY_SEVERAL[] = "there are several such hops: name one open";
static const char WHY_OFFSET[] = "the offset of the inline name is not known";
static const char WHY_DENTRY[] = "the dentry is not known";
static const char WHY_NO_DENTRY[] = "of some opens no dentry was seen";

/* What the records said of struct dentry, by way of the name's own relations. */
bool find_layout(const struct name *name, int means, int64_t *value)
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

int see_operand(const struct operand_spec *operand, const struct filter *filter,
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
	if (operand->kind == TERM_RESULT)
		rest_on_all_opens(&own, outcome);
	for (size_t i = 0; i < list->count; i++) {
		rest_on_hop(filter->view, list->items[i].hop, outcome);
		if (list->items[i].value.kind != EXPECT_NOTHING)
			continue;
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_UNREAD);
		ret = -ENOENT;
	}
	return ret;
}

bool has_address(const struct expect_value *value, struct claim_outcome *outcome)
{
	if (value->kind == EXPECT_UNREAD)
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_UNREAD);
	else if (value->kind != EXPECT_ADDRESS)
		set_verdict(outcome, VERDICT_FAIL, "it has no address");
	return value->kind == EXPECT_ADDRESS;
}

/* What was not read may be anything. */
static bool is_same_where_read(const struct seen_list *list)
{
	const struct expect_value *first = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct expect_value *value = &list->items[i].value;

		if (value->kind == EXPECT_UNREAD)
			continue;
		if (!first)
			first = value;
		if (value->kind != first->kind || value->left != first->left)
			return false;
	}
	return true;
}

/* Whether all of @list are one address; if not, the verdict says why. */
static bool is_one_address(const struct seen_list *list, struct claim_outcome *outcome)
{
	bool is_one = true;

	if (!is_same_where_read(list)) {
		set_verdict(outcome, VERDICT_FAIL, WHY_SEVERAL);
		return false;
	}
	for (size_t i = 0; i < list->count; i++)
		is_one &= has_address(&list->items[i].value, outcome);
	return is_one;
}

int see_own_dentry(const struct seen *left, struct seen *right, struct claim_outcome *outcome)
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

	if (!ret && !is_one_address(&list, outcome))
		ret = -ENOENT;
	if (!ret)
		*seen = list.items[0];
	free(list.items);
	return ret;
}

int see_sides(const struct term *term, const struct filter *filter, struct seen *left,
	      struct seen *right, struct claim_outcome *outcome)
{
	int ret = see_one(&term->left, filter, left, outcome);

	if (ret)
		return ret;
	if (term->right.kind == TERM_DENTRY && !term->right.has_place)
		return see_own_dentry(left, right, outcome);
	return see_one(&term->right, filter, right, outcome);
}

struct seen difference_of(const struct seen *left, const struct seen *right)
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

/*
 * How many of the lifetimes that were dropped pass @filter: which opens they had, nobody knows.
 * Return: false if that matters.
 */
static bool count_dropped(const struct filter *filter, int64_t *count,
			  struct claim_outcome *outcome)
{
	const struct name *name = filter->view->name;
	bool is_of_opens = filter->open || filter->view->is_selected;
	bool is_of_all = !is_of_opens && !filter->life;

	*count = 0;
	if (is_of_opens && is_affected_by_cut(filter)) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_CUT);
		return false;
	}
	if (!is_of_all)
		return true;
	if (name->dropped_without_dentry && !run_options(filter->view->run)->only_seen) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_NO_DENTRY);
		return false;
	}
	*count = (int64_t)(name->lifetimes_dropped - name->dropped_without_dentry);
	return true;
}

static int count_lifetimes(const struct filter *filter, int64_t *count,
			   struct claim_outcome *outcome)
{
	const struct name_view *view = filter->view;

	if (!count_dropped(filter, count, outcome))
		return -ENOENT;
	for (size_t i = 0; i < view->life_count; i++) {
		const struct lifetime *life = view->lives[i];

		if (!has_hop_in(life, filter))
			continue;
		if (lacks_dentry(life, filter)) {
			set_verdict(outcome, VERDICT_UNKNOWN, WHY_NO_DENTRY);
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
	struct seen seen = {
		.value = { .kind = kinds[term->kind], .number = term->number, .text = term->text }
	};

	if (term->kind == TERM_OFFSET &&
	    !find_layout(view->name, MEANS_INLINE, &seen.value.number)) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_OFFSET);
		return -ENOENT;
	}
	return seen_add(list, &seen);
}

int see_term(const struct term *term, const struct filter *filter, struct seen_list *list,
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
