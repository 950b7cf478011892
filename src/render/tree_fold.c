/* SPDX-License-Identifier: MIT */
/*
 * Opens with the same hops and verdicts: one of them is drawn, the others are counted, and so are
 * the verdicts of all. If times are shown, each open is drawn.
 */
#include "tree.h"

#include <string.h>

/* The kernel's copy of the path is elsewhere each time: of these hops the address says nothing. */
static bool is_of_call(const struct hop *hop)
{
	return hop->kind == HOP_USER || hop->kind == HOP_COPY || hop->kind == HOP_FILENAME ||
	       hop->kind == HOP_SOURCE;
}

static bool is_same_symbol(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_same_hop(const struct hop *a, const struct hop *b)
{
	return a->kind == b->kind && a->role == b->role && a->point == b->point &&
	       is_same_symbol(a->symbol, b->symbol) && a->has_addr == b->has_addr &&
	       (is_of_call(a) || a->addr == b->addr) && a->hash == b->hash && a->len == b->len &&
	       a->negative == b->negative && a->err == b->err && !strcmp(a->comm, b->comm);
}

static const struct hop *next_of_open(const struct hop_list *hops, size_t *at, uint64_t open)
{
	while (*at < hops->count) {
		const struct hop *hop = &hops->items[(*at)++];

		if (hop->open == open)
			return hop;
	}
	return NULL;
}

static bool have_same_hops(const struct hop_list *hops, const struct hop_group *a,
			   const struct hop_group *b)
{
	size_t at_a = a->begin, at_b = b->begin;

	for (;;) {
		const struct hop *hop_a = next_of_open(hops, &at_a, a->start->open);
		const struct hop *hop_b = next_of_open(hops, &at_b, b->start->open);

		if (!hop_a || !hop_b)
			return hop_a == hop_b;
		if (!is_same_hop(hop_a, hop_b))
			return false;
	}
}

static const struct relation *next_relation(const struct name *name, size_t *at, uint32_t lifetime,
					    uint64_t open)
{
	while (*at < name->relation_count) {
		const struct relation *relation = &name->relations[(*at)++];

		if (relation->lifetime == lifetime && relation->open == open)
			return relation;
	}
	return NULL;
}

static bool is_same_claim(const struct relation *a, const struct relation *b)
{
	return a->op == b->op && a->verdict == b->verdict && a->left.what == b->left.what &&
	       a->left.hop == b->left.hop && a->right.what == b->right.what &&
	       a->right.hop == b->right.hop && is_same_symbol(a->why, b->why);
}

static bool have_same_relations(const struct name *name, uint32_t lifetime, uint64_t a, uint64_t b)
{
	size_t at_a = 0, at_b = 0;

	for (;;) {
		const struct relation *claim_a = next_relation(name, &at_a, lifetime, a);
		const struct relation *claim_b = next_relation(name, &at_b, lifetime, b);

		if (!claim_a || !claim_b)
			return claim_a == claim_b;
		if (!is_same_claim(claim_a, claim_b))
			return false;
	}
}

/* What @open proves counts as shown. */
static void count_verdicts(struct tree *tree, const struct name *name, uint32_t lifetime,
			   uint64_t open, uint64_t *verdicts)
{
	for (size_t i = 0; i < name->relation_count; i++) {
		const struct relation *relation = &name->relations[i];

		if (relation->lifetime != lifetime || relation->open != open)
			continue;
		verdicts[relation->verdict]++;
		tree->is_shown[i] = true;
	}
}

static void write_fold(struct text *text, uint64_t folded, uint64_t last, const uint64_t *verdicts)
{
	TEXT(text, "×");
	text_u64(text, folded + 1);
	TEXT(text, ": the same hops in ");
	text_u64(text, folded);
	text_str(text, folded == 1 ? " more open, open " : " more opens, the last one open ");
	text_u64(text, last);
	TEXT(text, "; of all ");
	text_verdicts(text, verdicts);
}

static bool can_fold(const struct tree *tree, const struct hop_group *group)
{
	return group->start->open && !tree_is_incomplete(tree, group->start->open);
}

void tree_fold(struct tree *tree, const struct name *name, const struct lifetime *lifetime,
	       size_t index)
{
	struct hop_group *groups = tree->shape.groups;
	const struct hop_group *first = &groups[index];
	uint64_t folded = 0, last = 0, verdicts[VERDICT_NR] = { 0 };

	if (tree->options->shows_times || !can_fold(tree, first))
		return;
	for (size_t i = index + 1; i < tree->shape.group_count; i++) {
		struct hop_group *group = &groups[i];

		if (group->is_folded || !can_fold(tree, group) ||
		    !have_same_hops(&lifetime->hops, first, group) ||
		    !have_same_relations(name, lifetime->index, first->start->open,
					 group->start->open))
			continue;
		group->is_folded = true;
		last = group->start->open;
		folded++;
		count_verdicts(tree, name, lifetime->index, last, verdicts);
	}
	if (!folded)
		return;
	count_verdicts(tree, name, lifetime->index, first->start->open, verdicts);
	write_fold(&tree->text, folded, last, verdicts);
}
