/* SPDX-License-Identifier: MIT */
/*
 * Colours of the tree, how it writes a task, and the opens that it knows to be incomplete.
 */
#include "tree.h"

#include "util/escape.h"

static const char *const styles[STYLE_NR] = {
	[STYLE_NAME] = "\033[1m",  [STYLE_DIM] = "\033[2m",	[STYLE_ABSENT] = "\033[36m",
	[STYLE_PASS] = "\033[32m", [STYLE_FAIL] = "\033[1;31m", [STYLE_UNKNOWN] = "\033[33m",
};

void tree_style(struct tree *tree, enum style style)
{
	if (tree->options->color)
		text_str(&tree->text, styles[style]);
}

void tree_plain(struct tree *tree)
{
	if (tree->options->color)
		TEXT(&tree->text, "\033[0m");
}

static bool is_plain_word(const char *comm)
{
	for (; *comm; comm++) {
		bool is_letter = (*comm | 0x20) >= 'a' && (*comm | 0x20) <= 'z';
		bool is_digit = *comm >= '0' && *comm <= '9';

		if (!is_letter && !is_digit && !strchr("._-+:/", *comm))
			return false;
	}
	return true;
}

void tree_task(struct text *text, const char *comm, int32_t tid)
{
	bool is_plain = is_plain_word(comm);

	if (!*comm)
		TEXT(text, "a task");
	if (!is_plain)
		text_char(text, '"');
	escape_c(text, comm, strlen(comm));
	if (!is_plain)
		text_char(text, '"');
	TEXT(text, " (tid ");
	text_s64(text, tid);
	TEXT(text, ")");
}

bool tree_is_incomplete(const struct tree *tree, uint64_t open)
{
	size_t kept =
		tree->incomplete_count < MAX_INCOMPLETE ? tree->incomplete_count : MAX_INCOMPLETE;

	for (size_t i = 0; i < kept; i++) {
		if (tree->incomplete[i] == open)
			return true;
	}
	return false;
}
