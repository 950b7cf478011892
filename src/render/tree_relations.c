/* SPDX-License-Identifier: MIT */
/*
 * The lines of relations: the two addresses, what lies between them, and at the end of the line the
 * verdict. States what was found; the verdict is the chain's.
 */
#include "tree.h"
#include "common.h"

#include "util/escape.h"

#define TITLE_COLUMNS 18

static const char *const op_words[] = {
	[OP_EQUAL] = " = ",
	[OP_DIFFERENCE] = " − ",
	[OP_OUTSIDE] = " outside ",
};

static const size_t op_columns[] = {
	[OP_EQUAL] = 3,
	[OP_DIFFERENCE] = 3,
	[OP_OUTSIDE] = 9,
};

static const char *const verdict_words[VERDICT_NR] = {
	[VERDICT_NONE] = "",
	[VERDICT_PASS] = " PASS",
	[VERDICT_FAIL] = " FAIL",
	[VERDICT_UNKNOWN] = " UNKNOWN",
};

static const enum style verdict_styles[VERDICT_NR] = {
	[VERDICT_PASS] = STYLE_PASS,
	[VERDICT_FAIL] = STYLE_FAIL,
	[VERDICT_UNKNOWN] = STYLE_UNKNOWN,
};

static void write_title(struct text *text, const struct relation *relation)
{
	const char *left = operand_word(&relation->left), *right = operand_word(&relation->right);
	size_t columns = strlen(left) + op_columns[relation->op] + strlen(right);

	TEXT(text, "  ");
	text_str(text, left);
	text_str(text, op_words[relation->op]);
	text_str(text, right);
	text_spaces(text, columns < TITLE_COLUMNS ? TITLE_COLUMNS - columns : 0);
	text_char(text, ' ');
}

static void write_operand(struct text *text, const struct operand_ref *operand)
{
	if (operand->has_addr)
		text_addr(text, operand->addr);
	else
		TEXT(text, "unknown");
}

/* The sign between the addresses says what they are, whatever the verdict. */
static const char *sign_of(const struct relation *relation)
{
	uint64_t left = relation->left.addr, right = relation->right.addr;

	if (relation->op == OP_DIFFERENCE)
		return " − ";
	if (!relation->left.has_addr || !relation->right.has_addr)
		return " ? ";
	if (relation->op == OP_EQUAL)
		return left == right ? " = " : " ≠ ";
	return left - right < (uint64_t)relation->expected ? " inside " : " outside ";
}

static void write_value(struct text *text, int64_t value)
{
	TEXT(text, " = ");
	text_hex_s64(text, value);
	TEXT(text, " = ");
	text_s64(text, value);
}

static void write_expected(struct text *text, const struct relation *relation)
{
	bool is_met = relation->has_value && relation->value == relation->expected;

	text_str(text, is_met ? " and " : " but ");
	if (relation->means == MEANS_PREFIX) {
		TEXT(text, "len(\"");
		escape_c(text, relation->prefix.data, relation->prefix.len);
		TEXT(text, "\") = ");
	} else {
		TEXT(text, "inline name at ");
	}
	text_s64(text, relation->expected);
}

static void write_body(struct text *text, const struct relation *relation)
{
	write_operand(text, &relation->left);
	text_str(text, sign_of(relation));
	write_operand(text, &relation->right);
	if (relation->op == OP_DIFFERENCE && relation->has_value)
		write_value(text, relation->value);
	if (relation->means == MEANS_PREFIX || relation->means == MEANS_INLINE)
		write_expected(text, relation);
	if (relation->means == MEANS_SIZE) {
		TEXT(text, " + ");
		text_s64(text, relation->expected);
		TEXT(text, " bytes");
	}
}

static void write_verdict(struct tree *tree, const struct relation *relation)
{
	const char *why = relation->why && *relation->why ? relation->why : "no reason is known";

	if (relation->verdict == VERDICT_NONE)
		return;
	tree_style(tree, verdict_styles[relation->verdict]);
	text_str(&tree->text, verdict_words[relation->verdict]);
	if (relation->verdict == VERDICT_UNKNOWN) {
		text_char(&tree->text, '(');
		escape_c(&tree->text, why, strlen(why));
		text_char(&tree->text, ')');
	}
	tree_plain(tree);
}

static void write_relation(struct tree *tree, const struct relation *relation)
{
	write_title(&tree->text, relation);
	write_body(&tree->text, relation);
	write_verdict(tree, relation);
	text_char(&tree->text, '\n');
}

static bool is_between_lifetimes(const struct relation *relation)
{
	return relation->op == OP_DIFFERENCE && relation->verdict == VERDICT_NONE;
}

void tree_relations(struct tree *tree, const struct name *name, uint32_t lifetime, uint64_t open)
{
	for (size_t i = 0; i < name->relation_count; i++) {
		const struct relation *relation = &name->relations[i];

		if (tree->is_shown[i] || is_between_lifetimes(relation) ||
		    relation->lifetime != lifetime || relation->open != open)
			continue;
		write_relation(tree, relation);
		tree->is_shown[i] = true;
	}
}

/* Two lifetimes of one name, as the seed shows them: a difference that claims nothing. */
static void write_difference(struct text *text, const struct name *name,
			     const struct relation *relation)
{
	uint32_t earlier;

	if (find_earlier_lifetime(name, relation, &earlier)) {
		TEXT(text, "lifetime ");
		text_u64(text, (uint64_t)earlier + 1);
	} else {
		TEXT(text, "a lifetime that was not kept");
	}
	TEXT(text, " − lifetime ");
	text_u64(text, (uint64_t)relation->lifetime + 1);
	TEXT(text, ": ");
	write_body(text, relation);
	if (relation->reuse)
		TEXT(text, ", address reused");
	else if (relation->means == MEANS_SHARED)
		TEXT(text, ", name shared by rename");
	else if (relation->means == MEANS_MOVED)
		TEXT(text, ", name moved by exchange");
	text_char(text, '\n');
}

static void write_heading(struct text *text, const struct relation *relation)
{
	TEXT(text, "lifetime ");
	text_u64(text, (uint64_t)relation->lifetime + 1);
	if (relation->open) {
		TEXT(text, ", open ");
		text_u64(text, relation->open);
	}
	TEXT(text, " (its hops were not kept)\n");
}

static void write_dropped(struct text *text, const struct name *name)
{
	TEXT(text, "… ");
	text_u64(text, name->relations_dropped);
	TEXT(text, " more relations were not kept; of all of this name ");
	text_u64(text, name->verdicts[VERDICT_PASS]);
	TEXT(text, " pass, ");
	text_u64(text, name->verdicts[VERDICT_FAIL]);
	TEXT(text, " fail, ");
	text_u64(text, name->verdicts[VERDICT_UNKNOWN]);
	TEXT(text, " unknown\n");
}

void tree_relations_rest(struct tree *tree, const struct name *name)
{
	for (size_t i = 0; i < name->relation_count; i++) {
		const struct relation *relation = &name->relations[i];

		if (tree->is_shown[i] || is_between_lifetimes(relation))
			continue;
		write_heading(&tree->text, relation);
		tree_relations(tree, name, relation->lifetime, relation->open);
	}
	for (size_t i = 0; i < name->relation_count; i++) {
		if (is_between_lifetimes(&name->relations[i]))
			write_difference(&tree->text, name, &name->relations[i]);
	}
	if (name->relations_dropped)
		write_dropped(&tree->text, name);
}
