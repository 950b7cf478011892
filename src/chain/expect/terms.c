/* SPDX-License-Identifier: MIT */
/*
 * The lower half of the grammar of expectation files: places, operands and terms.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>

#define FOUND_SIZE 40

int parse_advance(struct parser *parser)
{
	parser->done = parser->token.start + parser->token.len;
	parser->token = lex_next(&parser->lexer);
	return parser->token.kind == TOKEN_BAD ? -EINVAL : 0;
}

bool parse_at_word(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_WORD &&
	       is_word(parser->token.start, parser->token.len, word);
}

/* "expected ..., found ..." at the token. Return: -EINVAL */
int parse_expected(const struct parser *parser, const char *what)
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

int parse_token(struct parser *parser, enum token_kind kind, const char *what)
{
	if (parser->token.kind != kind)
		return parse_expected(parser, what);
	return parse_advance(parser);
}

static int take_count(struct parser *parser, uint64_t *number)
{
	if (parser->token.kind != TOKEN_NUMBER)
		return parse_expected(parser, "a number");
	if (parser->token.number == 0)
		return lex_fail(&parser->lexer, parser->token.start, "counting starts at 1");
	*number = (uint64_t)parser->token.number;
	return parse_advance(parser);
}

/* --- places --- */

static int take_place_kind(struct parser *parser, struct place *place)
{
	if (parse_at_word(parser, "open"))
		place->what = PLACE_OPEN;
	else if (parse_at_word(parser, "lifetime"))
		place->what = PLACE_LIFETIME;
	else
		return parse_expected(parser, "'open' or 'lifetime'");
	return parse_advance(parser);
}

/* "last open but 2" */
static int take_but(struct parser *parser, struct place *place)
{
	if (place->from != FROM_END || !parse_at_word(parser, "but"))
		return 0;
	if (parse_advance(parser))
		return -EINVAL;
	return take_count(parser, &place->number);
}

int parse_place(struct parser *parser, struct place *place)
{
	*place = (struct place){ .from = FROM_START, .number = 1 };
	if (parse_at_word(parser, "name"))
		return parse_advance(parser);
	if (parse_at_word(parser, "open") || parse_at_word(parser, "lifetime"))
		return take_place_kind(parser, place) ? -EINVAL
						      : take_count(parser, &place->number);
	if (parse_at_word(parser, "last"))
		*place = (struct place){ .from = FROM_END };
	else if (parse_at_word(parser, "every"))
		*place = (struct place){ .from = EVERY };
	else if (!parse_at_word(parser, "first"))
		return parse_expected(parser, "an open, a lifetime or 'name'");
	if (parse_advance(parser) || take_place_kind(parser, place))
		return -EINVAL;
	return take_but(parser, place);
}

bool parse_is_at_place(const struct parser *parser)
{
	struct parser ahead = *parser;

	if (parse_at_word(parser, "open") || parse_at_word(parser, "lifetime") ||
	    parse_at_word(parser, "every"))
		return true;
	if (!parse_at_word(parser, "first") && !parse_at_word(parser, "last"))
		return false;
	if (parse_advance(&ahead))
		return false;
	return parse_at_word(&ahead, "open") || parse_at_word(&ahead, "lifetime");
}

int parse_of(struct parser *parser, struct operand_spec *operand)
{
	if (!parse_at_word(parser, "of"))
		return 0;
	if (parse_advance(parser))
		return -EINVAL;
	operand->has_place = true;
	return parse_place(parser, &operand->place);
}

/* --- terms --- */

static int take_hop(struct parser *parser, struct operand_spec *operand)
{
	if (parser->token.kind == TOKEN_WORD)
		operand->hop = find_hop(parser->token.start, parser->token.len);
	if (parser->token.kind != TOKEN_WORD || operand->hop == HOP_NR)
		return parse_expected(parser, "a hop (user, filename, lookup, source, alloc, "
					      "insert, file, delete, evict, ...)");
	operand->kind = TERM_HOP;
	if (parse_advance(parser))
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
		if (!parse_at_word(parser, others[i].word))
			continue;
		operand->kind = others[i].kind;
		return parse_advance(parser) ? -EINVAL : parse_of(parser, operand);
	}
	if (parse_at_word(parser, "first"))
		operand->pick = PICK_FIRST;
	if (parse_at_word(parser, "last"))
		operand->pick = PICK_LAST;
	if (operand->pick != PICK_ALL && parse_advance(parser))
		return -EINVAL;
	return take_hop(parser, operand) ? -EINVAL : parse_of(parser, operand);
}

int parse_sum(struct parser *parser, struct term *term)
{
	const char *start = parser->token.start;

	if (take_operand(parser, &term->left))
		return -EINVAL;
	term->kind = term->left.kind;
	if (parser->token.kind != TOKEN_MINUS)
		return 0;
	if (term->kind == TERM_RESULT)
		return lex_fail(&parser->lexer, start, "only addresses can be subtracted");
	if (parse_advance(parser))
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

	if (is_negative && parse_advance(parser))
		return -EINVAL;
	if (parser->token.kind != TOKEN_NUMBER)
		return parse_expected(parser, "a number");
	term->kind = TERM_NUMBER;
	term->number = is_negative ? -parser->token.number : parser->token.number;
	return parse_advance(parser);
}

/* len("...") */
static int take_length(struct parser *parser, struct term *term)
{
	if (parse_advance(parser) || parse_token(parser, TOKEN_LEFT, "'('"))
		return -EINVAL;
	term->kind = TERM_LENGTH;
	term->text = parser->token.text;
	term->number = (int64_t)term->text.len;
	return parse_token(parser, TOKEN_STRING, "a string in quotes")
		       ? -EINVAL
		       : parse_token(parser, TOKEN_RIGHT, "')'");
}

/* offset(inline) */
static int take_offset(struct parser *parser, struct term *term)
{
	if (parse_advance(parser) || parse_token(parser, TOKEN_LEFT, "'('"))
		return -EINVAL;
	if (!parse_at_word(parser, "inline"))
		return parse_expected(parser, "'inline'");
	term->kind = TERM_OFFSET;
	return parse_advance(parser) ? -EINVAL : parse_token(parser, TOKEN_RIGHT, "')'");
}

static int take_plain(struct parser *parser, struct term *term, enum term_kind kind)
{
	term->kind = kind;
	return parse_advance(parser);
}

int parse_term(struct parser *parser, struct term *term)
{
	static const struct {
		const char *word;
		enum term_kind kind;
	} plain[] = {
		{ "NULL", TERM_NULL },	 { "opens", TERM_OPENS }, { "lifetimes", TERM_LIFETIMES },
		{ "names", TERM_NAMES }, { "calls", TERM_CALLS },
	};

	*term = (struct term){ 0 };
	if (parser->token.kind == TOKEN_NUMBER || parser->token.kind == TOKEN_MINUS)
		return take_number(parser, term);
	if (parser->token.kind != TOKEN_WORD)
		return parse_expected(parser, "a hop, an address, a number or NULL");
	if (parse_at_word(parser, "len"))
		return take_length(parser, term);
	if (parse_at_word(parser, "offset"))
		return take_offset(parser, term);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (parse_at_word(parser, plain[i].word))
			return take_plain(parser, term, plain[i].kind);
	}
	term->number = find_errno(parser->token.start, parser->token.len);
	if (term->number)
		return take_plain(parser, term, TERM_ERRNO);
	return parse_sum(parser, term);
}
