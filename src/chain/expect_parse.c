/* SPDX-License-Identifier: MIT */
/*
 * The grammar of expectation files, ftopen-expect(5): a name line, places that end in a colon, and
 * claims, one a line. Text in, claims out; what is wrong is said with its line and column.
 */
#include "expect_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUND_SIZE 40

struct parser {
	struct lexer lexer;
	struct token token;
	const char *done; /* end of the last token that was taken */
	struct place place;
};

static int advance(struct parser *parser)
{
	parser->done = parser->token.start + parser->token.len;
	parser->token = lex_next(&parser->lexer);
	return parser->token.kind == TOKEN_BAD ? -EINVAL : 0;
}

static bool at_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_WORD &&
	       is_word(parser->token.start, parser->token.len, word);
}

/* "expected ..., found ..." at the token. Return: -EINVAL */
static int fail_expected(const struct parser *parser, const char *what)
{
	const struct token *token = &parser->token;
	char found[FOUND_SIZE];

	if (token->kind == TOKEN_END)
		snprintf(found, sizeof(found), "the end of the line");
	else if (token->kind == TOKEN_STRING)
		snprintf(found, sizeof(found), "a string");
	else
		snprintf(found, sizeof(found), "'%.*s'",
			 (int)(token->len < FOUND_SIZE - 3 ? token->len : FOUND_SIZE - 3),
			 token->start);
	return lex_fail(&parser->lexer, token->start, "expected %s, found %s", what, found);
}

static int take(struct parser *parser, enum token_kind kind, const char *what)
{
	if (parser->token.kind != kind)
		return fail_expected(parser, what);
	return advance(parser);
}

static int take_count(struct parser *parser, uint64_t *number)
{
	if (parser->token.kind != TOKEN_NUMBER)
		return fail_expected(parser, "a number");
	if (parser->token.number == 0)
		return lex_fail(&parser->lexer, parser->token.start, "counting starts at 1");
	*number = (uint64_t)parser->token.number;
	return advance(parser);
}

/* --- places --- */

static int take_place_kind(struct parser *parser, struct place *place)
{
	if (at_word(parser, "open"))
		place->what = PLACE_OPEN;
	else if (at_word(parser, "lifetime"))
		place->what = PLACE_LIFETIME;
	else
		return fail_expected(parser, "'open' or 'lifetime'");
	return advance(parser);
}

/* "last open but 2" */
static int take_but(struct parser *parser, struct place *place)
{
	if (place->from != FROM_END || !at_word(parser, "but"))
		return 0;
	if (advance(parser))
		return -EINVAL;
	return take_count(parser, &place->number);
}

static int take_place(struct parser *parser, struct place *place)
{
	*place = (struct place){ .from = FROM_START, .number = 1 };
	if (at_word(parser, "name"))
		return advance(parser);
	if (at_word(parser, "open") || at_word(parser, "lifetime"))
		return take_place_kind(parser, place) ? -EINVAL
						      : take_count(parser, &place->number);
	if (at_word(parser, "last"))
		*place = (struct place){ .from = FROM_END };
	else if (at_word(parser, "every"))
		*place = (struct place){ .from = EVERY };
	else if (!at_word(parser, "first"))
		return fail_expected(parser, "an open, a lifetime or 'name'");
	if (advance(parser) || take_place_kind(parser, place))
		return -EINVAL;
	return take_but(parser, place);
}

/* Whether the line is a place: "first" and "last" can begin a claim as well. */
static bool is_at_place(const struct parser *parser)
{
	struct parser ahead = *parser;

	if (at_word(parser, "open") || at_word(parser, "lifetime") || at_word(parser, "every"))
		return true;
	if (!at_word(parser, "first") && !at_word(parser, "last"))
		return false;
	if (advance(&ahead))
		return false;
	return at_word(&ahead, "open") || at_word(&ahead, "lifetime");
}

static int take_of(struct parser *parser, struct operand_spec *operand)
{
	if (!at_word(parser, "of"))
		return 0;
	if (advance(parser))
		return -EINVAL;
	operand->has_place = true;
	return take_place(parser, &operand->place);
}

/* --- terms --- */

static int take_hop(struct parser *parser, struct operand_spec *operand)
{
	if (parser->token.kind == TOKEN_WORD)
		operand->hop = find_hop(parser->token.start, parser->token.len);
	if (parser->token.kind != TOKEN_WORD || operand->hop == HOP_NR)
		return fail_expected(parser, "a hop (user, filename, lookup, source, alloc, "
					     "insert, file, delete, evict, ...)");
	operand->kind = TERM_HOP;
	if (advance(parser))
		return -EINVAL;
	if (operand->pick != PICK_ALL || parser->token.kind != TOKEN_NUMBER)
		return 0;
	operand->pick = PICK_NUMBER;
	return take_count(parser, &operand->number);
}

static int take_operand(struct parser *parser, struct operand_spec *operand)
{
	static const struct {
		const char *word;
		enum term_kind kind;
	} others[] = {
		{ "pointer", TERM_POINTER },
		{ "dentry", TERM_DENTRY },
		{ "result", TERM_RESULT },
	};

	*operand = (struct operand_spec){ .pick = PICK_ALL };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!at_word(parser, others[i].word))
			continue;
		operand->kind = others[i].kind;
		return advance(parser) ? -EINVAL : take_of(parser, operand);
	}
	if (at_word(parser, "first"))
		operand->pick = PICK_FIRST;
	if (at_word(parser, "last"))
		operand->pick = PICK_LAST;
	if (operand->pick != PICK_ALL && advance(parser))
		return -EINVAL;
	return take_hop(parser, operand) ? -EINVAL : take_of(parser, operand);
}

/* "A" or "A - B" */
static int take_sum(struct parser *parser, struct term *term)
{
	const char *start = parser->token.start;

	if (take_operand(parser, &term->left))
		return -EINVAL;
	term->kind = term->left.kind;
	if (parser->token.kind != TOKEN_MINUS)
		return 0;
	if (term->kind == TERM_RESULT)
		return lex_fail(&parser->lexer, start, "only addresses can be subtracted");
	if (advance(parser))
		return -EINVAL;
	start = parser->token.start;
	if (take_operand(parser, &term->right))
		return -EINVAL;
	if (term->right.kind == TERM_RESULT)
		return lex_fail(&parser->lexer, start, "only addresses can be subtracted");
	term->kind = TERM_DIFFERENCE;
	return 0;
}

static int take_number(struct parser *parser, struct term *term)
{
	bool is_negative = parser->token.kind == TOKEN_MINUS;

	if (is_negative && advance(parser))
		return -EINVAL;
	if (parser->token.kind != TOKEN_NUMBER)
		return fail_expected(parser, "a number");
	term->kind = TERM_NUMBER;
	term->number = is_negative ? -parser->token.number : parser->token.number;
	return advance(parser);
}

/* len("...") */
static int take_length(struct parser *parser, struct term *term)
{
	if (advance(parser) || take(parser, TOKEN_LEFT, "'('"))
		return -EINVAL;
	term->kind = TERM_LENGTH;
	term->text = parser->token.text;
	term->number = (int64_t)term->text.len;
	return take(parser, TOKEN_STRING, "a string in quotes") ? -EINVAL
								: take(parser, TOKEN_RIGHT, "')'");
}

/* offset(inline) */
static int take_offset(struct parser *parser, struct term *term)
{
	if (advance(parser) || take(parser, TOKEN_LEFT, "'('"))
		return -EINVAL;
	if (!at_word(parser, "inline"))
		return fail_expected(parser, "'inline'");
	term->kind = TERM_OFFSET;
	return advance(parser) ? -EINVAL : take(parser, TOKEN_RIGHT, "')'");
}

static int take_plain(struct parser *parser, struct term *term, enum term_kind kind)
{
	term->kind = kind;
	return advance(parser);
}

static int take_term(struct parser *parser, struct term *term)
{
	*term = (struct term){ 0 };
	if (parser->token.kind == TOKEN_NUMBER || parser->token.kind == TOKEN_MINUS)
		return take_number(parser, term);
	if (parser->token.kind != TOKEN_WORD)
		return fail_expected(parser, "a hop, an address, a number or NULL");
	if (at_word(parser, "len"))
		return take_length(parser, term);
	if (at_word(parser, "offset"))
		return take_offset(parser, term);
	if (at_word(parser, "NULL"))
		return take_plain(parser, term, TERM_NULL);
	if (at_word(parser, "opens"))
		return take_plain(parser, term, TERM_OPENS);
	if (at_word(parser, "lifetimes"))
		return take_plain(parser, term, TERM_LIFETIMES);
	term->number = find_errno(parser->token.start, parser->token.len);
	if (term->number)
		return take_plain(parser, term, TERM_ERRNO);
	return take_sum(parser, term);
}

/* --- what can be compared with what --- */

enum type {
	TYPE_ADDRESS,
	TYPE_NUMBER,
	TYPE_RESULT, /* a number or an error */
	TYPE_ERROR,
};

static const struct {
	const char *words;
	enum type type;
	bool is_constant;
} term_types[TERM_KINDS] = {
	[TERM_HOP] = { "an address", TYPE_ADDRESS, false },
	[TERM_POINTER] = { "an address", TYPE_ADDRESS, false },
	[TERM_DENTRY] = { "an address", TYPE_ADDRESS, false },
	[TERM_NULL] = { "NULL", TYPE_ADDRESS, true },
	[TERM_ERRNO] = { "an error", TYPE_ERROR, true },
	[TERM_NUMBER] = { "a number", TYPE_NUMBER, true },
	[TERM_LENGTH] = { "a number", TYPE_NUMBER, true },
	[TERM_OFFSET] = { "a number", TYPE_NUMBER, true },
	[TERM_RESULT] = { "the result", TYPE_RESULT, false },
	[TERM_OPENS] = { "a number", TYPE_NUMBER, false },
	[TERM_LIFETIMES] = { "a number", TYPE_NUMBER, false },
	[TERM_DIFFERENCE] = { "a difference", TYPE_NUMBER, false },
};

static bool can_be_compared(const struct term *a, const struct term *b)
{
	enum type left = term_types[a->kind].type, right = term_types[b->kind].type;

	if (left == right)
		return true;
	if (left == TYPE_ERROR || right == TYPE_ERROR) {
		const struct term *other = left == TYPE_ERROR ? b : a;

		/* Of the hops, the file alone can be an error. */
		return other->kind == TERM_RESULT ||
		       (other->kind == TERM_HOP && other->left.hop == HOP_FILE);
	}
	return left != TYPE_ADDRESS && right != TYPE_ADDRESS;
}

static int check_pair(const struct parser *parser, const char *at, const struct term *a,
		      const struct term *b)
{
	if (can_be_compared(a, b))
		return 0;
	return lex_fail(&parser->lexer, at, "%s cannot be compared with %s",
			term_types[b->kind].words, term_types[a->kind].words);
}

static int check_constants(const struct parser *parser, const struct claim *claim, const char *at)
{
	for (size_t i = 0; i < claim->term_count; i++) {
		if (!term_types[claim->terms[i].kind].is_constant)
			return 0;
	}
	return lex_fail(&parser->lexer, at, "nothing in this claim comes from a trace");
}

/* --- claims --- */

static int take_comparison(struct parser *parser, struct claim *claim, const char *start)
{
	enum token_kind sign = parser->token.kind;

	claim->kind = sign == TOKEN_EQUAL ? CLAIM_EQUAL : CLAIM_DIFFER;
	while (parser->token.kind == sign) {
		struct term *term = &claim->terms[claim->term_count];
		const char *at;

		if (claim->term_count == (sign == TOKEN_DIFFER ? 2 : EXPECT_MAX_TERMS))
			return lex_fail(&parser->lexer, parser->token.start,
					"no more than %zu terms can be compared",
					claim->term_count);
		if (advance(parser))
			return -EINVAL;
		at = parser->token.start;
		if (take_term(parser, term))
			return -EINVAL;
		for (size_t i = 0; i < claim->term_count; i++) {
			if (check_pair(parser, at, &claim->terms[i], term))
				return -EINVAL;
		}
		claim->term_count++;
	}
	return check_constants(parser, claim, start);
}

static int take_by(struct parser *parser, struct claim *claim)
{
	if (claim->property->subject != SUBJECT_END || !at_word(parser, "by"))
		return 0;
	if (advance(parser))
		return -EINVAL;
	claim->has_by = true;
	claim->by = parser->token.text;
	return take(parser, TOKEN_STRING, "the name of a task in quotes");
}

/* What stands behind "is". */
static int take_property(struct parser *parser, struct claim *claim, enum subject subject)
{
	const struct token *token = &parser->token;
	char known[96], message[128];

	claim->kind = CLAIM_IS;
	if (token->kind == TOKEN_WORD)
		claim->property = find_property(subject, token->start, token->len);
	if (!claim->property) {
		list_properties(subject, known, sizeof(known));
		snprintf(message, sizeof(message), "one of %s", known);
		return fail_expected(parser, message);
	}
	if (subject == SUBJECT_HOP && !(claim->property->hops & (1U << claim->terms[0].left.hop)))
		return lex_fail(&parser->lexer, token->start, "no %s can be %s",
				hop_name(claim->terms[0].left.hop), claim->property->word);
	return advance(parser) ? -EINVAL : take_by(parser, claim);
}

/* "storage of lifetime 2 is inline" */
static int take_subject(struct parser *parser, struct claim *claim, enum subject subject)
{
	claim->term_count = 1;
	if (advance(parser) || take_of(parser, &claim->terms[0].left))
		return -EINVAL;
	if (!at_word(parser, "is"))
		return fail_expected(parser, "'is'");
	return advance(parser) ? -EINVAL : take_property(parser, claim, subject);
}

static int take_show(struct parser *parser, struct claim *claim)
{
	const char *start;

	if (advance(parser))
		return -EINVAL;
	start = parser->token.start;
	claim->kind = CLAIM_SHOW;
	claim->term_count = 1;
	if (take_sum(parser, &claim->terms[0]))
		return -EINVAL;
	if (claim->terms[0].kind != TERM_DIFFERENCE)
		return lex_fail(&parser->lexer, start, "what is shown is a difference: A - B");
	return 0;
}

static int take_outside(struct parser *parser, struct claim *claim)
{
	claim->kind = CLAIM_OUTSIDE;
	if (advance(parser))
		return -EINVAL;
	if (!at_word(parser, "dentry"))
		return fail_expected(parser, "'dentry'");
	return advance(parser);
}

static int take_claim(struct parser *parser, struct claim *claim)
{
	const char *start = parser->token.start;
	enum subject subject = SUBJECT_NR;
	bool is_hop;

	if (at_word(parser, "show"))
		return take_show(parser, claim);
	if (parser->token.kind == TOKEN_WORD)
		subject = find_subject(start, parser->token.len);
	if (subject != SUBJECT_NR)
		return take_subject(parser, claim, subject);
	claim->term_count = 1;
	if (take_term(parser, &claim->terms[0]))
		return -EINVAL;
	if (parser->token.kind == TOKEN_EQUAL || parser->token.kind == TOKEN_DIFFER)
		return take_comparison(parser, claim, start);
	is_hop = claim->terms[0].kind == TERM_HOP;
	if (is_hop && at_word(parser, "is"))
		return advance(parser) ? -EINVAL : take_property(parser, claim, SUBJECT_HOP);
	if (is_hop && at_word(parser, "outside"))
		return take_outside(parser, claim);
	return fail_expected(parser,
			     is_hop ? "'=', '!=', '-', 'is' or 'outside'" : "'=', '!=' or '-'");
}

/* --- lines --- */

static int grow(void **items, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 8;
	void *grown;

	if (count < *room)
		return 0;
	grown = reallocarray(*items, more, size);
	if (!grown)
		return -ENOMEM;
	*items = grown;
	*room = more;
	return 0;
}

static const char *keep_text(struct expect *expect, const char *start, const char *end)
{
	char *text = expect->arena + expect->arena_used;
	size_t len = (size_t)(end - start);

	memcpy(text, start, len);
	text[len] = '\0';
	expect->arena_used += len + 1;
	return text;
}

static int add_claim(struct parser *parser)
{
	struct expect *expect = parser->lexer.expect;
	const char *start = parser->token.start;
	struct claim claim = {
		.line = parser->lexer.number,
		.column = lex_column(&parser->lexer, start),
		.place = parser->place,
	};
	int ret;

	if (!expect->name_count)
		return lex_fail(&parser->lexer, start,
				"a claim about what? A line 'name \"...\"' "
				"has to come first");
	claim.name = expect->name_count - 1;
	ret = take_claim(parser, &claim);
	if (ret)
		return ret;
	claim.text = keep_text(expect, start, parser->done);
	ret = grow((void **)&expect->claims, expect->claim_count, &expect->claim_room,
		   sizeof(claim));
	if (ret)
		return ret;
	expect->claims[expect->claim_count++] = claim;
	return 0;
}

/* name "..." or name glob "...", or "name:" for the place that is all of the name */
static int add_name(struct parser *parser)
{
	struct expect *expect = parser->lexer.expect;
	struct name_spec spec = { 0 };
	int ret;

	if (advance(parser))
		return -EINVAL;
	parser->place = (struct place){ .what = PLACE_NAME };
	if (parser->token.kind == TOKEN_COLON)
		return advance(parser);
	spec.is_glob = at_word(parser, "glob");
	if (spec.is_glob && advance(parser))
		return -EINVAL;
	spec.text = parser->token.text;
	if (take(parser, TOKEN_STRING,
		 spec.is_glob ? "a pattern in quotes" : "a name in quotes, or 'glob'"))
		return -EINVAL;
	ret = grow((void **)&expect->names, expect->name_count, &expect->name_room, sizeof(spec));
	if (ret)
		return ret;
	expect->names[expect->name_count++] = spec;
	return 0;
}

static int parse_line(struct parser *parser)
{
	int ret = advance(parser);

	if (ret || parser->token.kind == TOKEN_END)
		return ret;
	if (at_word(parser, "name")) {
		ret = add_name(parser);
	} else if (is_at_place(parser)) {
		ret = take_place(parser, &parser->place);
		if (!ret)
			ret = take(parser, TOKEN_COLON, "':'");
	} else {
		ret = add_claim(parser);
	}
	if (ret)
		return ret;
	return parser->token.kind == TOKEN_END ? 0 : fail_expected(parser, "the end of the line");
}

static int parse_lines(struct expect *expect, const char *data, size_t size,
		       struct expect_error *error)
{
	struct parser parser = { .lexer = { .expect = expect, .error = error } };
	const char *end = data + size;
	int ret = 0;

	while (data < end && !ret) {
		const char *newline = memchr(data, '\n', (size_t)(end - data));

		parser.lexer.line = data;
		parser.lexer.at = data;
		parser.lexer.end = newline ? newline : end;
		parser.lexer.number++;
		parser.token = (struct token){ .start = data };
		ret = parse_line(&parser);
		data = newline ? newline + 1 : end;
	}
	if (ret || expect->claim_count)
		return ret;
	parser.lexer.number += !parser.lexer.number;
	return lex_fail(&parser.lexer, parser.lexer.at, "there is no claim in this file");
}

int expect_parse(const char *data, size_t size, struct expect **expect, struct expect_error *error)
{
	struct expect *parsed = calloc(1, sizeof(*parsed));
	int ret = -ENOMEM;

	*error = (struct expect_error){ 0 };
	if (!parsed)
		return -ENOMEM;
	/* A claim's copy and its strings without escapes, each no longer than the line. */
	parsed->arena = reallocarray(NULL, size + 1, 2);
	if (!parsed->arena)
		goto err_free;
	ret = parse_lines(parsed, data, size, error);
	if (ret)
		goto err_free;
	*expect = parsed;
	return 0;

err_free:
	expect_free(parsed);
	return ret;
}

void expect_free(struct expect *expect)
{
	if (!expect)
		return;
	free(expect->claims);
	free(expect->names);
	free(expect->arena);
	free(expect);
}
