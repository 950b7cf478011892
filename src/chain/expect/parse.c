/* SPDX-License-Identifier: MIT */
/*
 * The grammar of expectation files, ftopen-expect(5): a name line, places that end in a colon, and
 * claims, one a line. Text in, claims out; what is wrong is said with its line and column.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"

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
	[TERM_NAMES] = { "a number", TYPE_NUMBER, false },
	[TERM_CALLS] = { "a number", TYPE_NUMBER, false },
	[TERM_DIFFERENCE] = { "a difference", TYPE_NUMBER, false },
};

static bool can_be_compared(const struct term *a, const struct term *b)
{
	enum type left = term_types[a->kind].type, right = term_types[b->kind].type;

	if (left == right)
		return true;
	if (left == TYPE_ERROR || right == TYPE_ERROR) {
		const struct term *other = left == TYPE_ERROR ? b : a;

		/* The file is the only hop that can be an error. */
		return other->kind == TERM_RESULT ||
		       (other->kind == TERM_HOP && other->left.hop == HOP_FILE);
	}
	return left != TYPE_ADDRESS && right != TYPE_ADDRESS;
}

static int check_order(const struct parser *parser, const char *at, const struct term *term)
{
	enum type type = term_types[term->kind].type;

	if (type == TYPE_NUMBER || type == TYPE_RESULT)
		return 0;
	return lex_fail(&parser->lexer, at, "%s is not a number: only numbers can be less or more",
			term_types[term->kind].words);
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

/* "names" and "calls" are of the whole set, and what they are compared with of none of them. */
static int check_set(const struct parser *parser, struct claim *claim, const char *at)
{
	const char *word = "names";
	bool is_of_one = claim->place.what != PLACE_NAME;

	for (size_t i = 0; i < claim->term_count; i++) {
		enum term_kind kind = claim->terms[i].kind;
		bool is_of_set = kind == TERM_NAMES || kind == TERM_CALLS;

		claim->is_of_set |= is_of_set;
		is_of_one |= !is_of_set && kind != TERM_NUMBER && kind != TERM_LENGTH;
		if (kind == TERM_CALLS)
			word = "calls";
	}
	if (!claim->is_of_set || !is_of_one)
		return 0;
	return lex_fail(&parser->lexer, at,
			"'%s' counts all of a set: it is compared with a number, in no place",
			word);
}

static bool is_about_calls(const struct claim *claim)
{
	static const bool are_of_calls[TERM_KINDS] = {
		[TERM_ERRNO] = true,  [TERM_NUMBER] = true, [TERM_LENGTH] = true,
		[TERM_RESULT] = true, [TERM_CALLS] = true,
	};

	if (claim->kind == CLAIM_IS)
		return claim->property->subject == SUBJECT_CACHE && !claim->terms[0].left.has_place;
	for (size_t i = 0; i < claim->term_count; i++) {
		if (!are_of_calls[claim->terms[i].kind] || claim->terms[i].left.has_place)
			return false;
	}
	return true;
}

/* Path calls have neither hops nor lifetimes, and no other line counts them. */
static int check_calls(const struct parser *parser, const struct claim *claim,
		       const struct name_spec *spec, const char *at)
{
	if (spec->is_of_calls && !is_about_calls(claim))
		return lex_fail(&parser->lexer, at,
				"of calls only 'calls', 'result' and 'cache' can be claimed");
	for (size_t i = 0; i < claim->term_count && !spec->is_of_calls; i++) {
		if (claim->terms[i].kind == TERM_CALLS)
			return lex_fail(&parser->lexer, at,
					"'calls' counts those of a line 'call \"...\"' above");
	}
	return 0;
}

/* --- claims --- */

static bool find_comparison(enum token_kind sign, enum claim_kind *kind)
{
	static const struct {
		enum token_kind sign;
		enum claim_kind kind;
	} comparisons[] = {
		{ TOKEN_EQUAL, CLAIM_EQUAL },	  { TOKEN_DIFFER, CLAIM_DIFFER },
		{ TOKEN_LESS, CLAIM_LESS },	  { TOKEN_LESS_EQUAL, CLAIM_LESS_EQUAL },
		{ TOKEN_GREATER, CLAIM_GREATER }, { TOKEN_GREATER_EQUAL, CLAIM_GREATER_EQUAL },
	};

	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		if (comparisons[i].sign != sign)
			continue;
		*kind = comparisons[i].kind;
		return true;
	}
	return false;
}

static int take_comparison(struct parser *parser, struct claim *claim, const char *start)
{
	enum token_kind sign = parser->token.kind;

	if (is_order(claim->kind) && check_order(parser, start, &claim->terms[0]))
		return -EINVAL;
	while (parser->token.kind == sign) {
		struct term *term = &claim->terms[claim->term_count];
		const char *at;

		if (claim->term_count == (sign == TOKEN_EQUAL ? EXPECT_MAX_TERMS : 2))
			return lex_fail(&parser->lexer, parser->token.start,
					"no more than %zu terms can be compared",
					claim->term_count);
		if (parse_advance(parser))
			return -EINVAL;
		at = parser->token.start;
		if (parse_term(parser, term) ||
		    (is_order(claim->kind) && check_order(parser, at, term)))
			return -EINVAL;
		for (size_t i = 0; i < claim->term_count; i++) {
			if (check_pair(parser, at, &claim->terms[i], term))
				return -EINVAL;
		}
		claim->term_count++;
	}
	return check_constants(parser, claim, start) ? -EINVAL : check_set(parser, claim, start);
}

static int take_by(struct parser *parser, struct claim *claim)
{
	if (claim->property->subject != SUBJECT_END || !parse_at_word(parser, "by"))
		return 0;
	if (parse_advance(parser))
		return -EINVAL;
	claim->has_by = true;
	claim->by = parser->token.text;
	return parse_token(parser, TOKEN_STRING, "the name of a task in quotes");
}

/* What stands after "is". */
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
		return parse_expected(parser, message);
	}
	if (subject == SUBJECT_HOP && !(claim->property->hops & (1U << claim->terms[0].left.hop)))
		return lex_fail(&parser->lexer, token->start, "no %s can be %s",
				hop_name(claim->terms[0].left.hop), claim->property->word);
	return parse_advance(parser) ? -EINVAL : take_by(parser, claim);
}

/* "storage of lifetime 2 is inline" */
static int take_subject(struct parser *parser, struct claim *claim, enum subject subject)
{
	claim->term_count = 1;
	if (parse_advance(parser) || parse_of(parser, &claim->terms[0].left))
		return -EINVAL;
	if (!parse_at_word(parser, "is"))
		return parse_expected(parser, "'is'");
	return parse_advance(parser) ? -EINVAL : take_property(parser, claim, subject);
}

static int take_show(struct parser *parser, struct claim *claim)
{
	const char *start;

	if (parse_advance(parser))
		return -EINVAL;
	start = parser->token.start;
	claim->kind = CLAIM_SHOW;
	claim->term_count = 1;
	if (parse_sum(parser, &claim->terms[0]))
		return -EINVAL;
	if (claim->terms[0].kind != TERM_DIFFERENCE)
		return lex_fail(&parser->lexer, start, "'show' needs a difference: A - B");
	return 0;
}

static int take_outside(struct parser *parser, struct claim *claim)
{
	claim->kind = CLAIM_OUTSIDE;
	if (parse_advance(parser))
		return -EINVAL;
	if (!parse_at_word(parser, "dentry"))
		return parse_expected(parser, "'dentry'");
	return parse_advance(parser);
}

static int take_claim(struct parser *parser, struct claim *claim)
{
	const char *start = parser->token.start;
	enum subject subject = SUBJECT_NR;
	bool is_hop;

	if (parse_at_word(parser, "show"))
		return take_show(parser, claim);
	if (parser->token.kind == TOKEN_WORD)
		subject = find_subject(start, parser->token.len);
	if (subject != SUBJECT_NR)
		return take_subject(parser, claim, subject);
	claim->term_count = 1;
	if (parse_term(parser, &claim->terms[0]))
		return -EINVAL;
	if (find_comparison(parser->token.kind, &claim->kind))
		return take_comparison(parser, claim, start);
	is_hop = claim->terms[0].kind == TERM_HOP;
	if (is_hop && parse_at_word(parser, "is"))
		return parse_advance(parser) ? -EINVAL : take_property(parser, claim, SUBJECT_HOP);
	if (is_hop && parse_at_word(parser, "outside"))
		return take_outside(parser, claim);
	return parse_expected(parser, is_hop ? "'=', '!=', '-', 'is' or 'outside'"
					     : "'=', '!=', '<', '<=', '>', '>=' or '-'");
}

/* --- lines --- */

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
		.place_text = parser->place_text,
	};
	struct claim *claims;
	int ret;

	if (!expect->name_count)
		return lex_fail(&parser->lexer, start,
				"a claim about what? A line 'name \"...\"' "
				"has to come first");
	claim.name = expect->name_count - 1;
	ret = take_claim(parser, &claim);
	if (!ret)
		ret = check_calls(parser, &claim, &expect->names[claim.name], start);
	if (ret)
		return ret;
	claim.text = keep_text(expect, start, parser->done);
	claims = array_grow(expect->claims, expect->claim_count, &expect->claim_room,
			    sizeof(*claims));
	if (!claims)
		return -ENOMEM;
	expect->claims = claims;
	claims[expect->claim_count++] = claim;
	expect->names[claim.name].claim_count++;
	return 0;
}

/* "..." or glob "...", conditions, and a colon or not: what follows the first word of the line. */
static int take_set(struct parser *parser, struct name_spec *spec, const char *start,
		    const char *wanted)
{
	struct expect *expect = parser->lexer.expect;
	struct name_spec *names;

	spec->first_claim = expect->claim_count;
	spec->is_glob = parse_at_word(parser, "glob");
	if (spec->is_glob && parse_advance(parser))
		return -EINVAL;
	spec->text = parser->token.text;
	if (parse_token(parser, TOKEN_STRING, spec->is_glob ? "a pattern in quotes" : wanted) ||
	    parse_where(parser, spec))
		return -EINVAL;
	spec->written = keep_text(expect, start, parser->done);
	if (parser->token.kind == TOKEN_COLON && parse_advance(parser))
		return -EINVAL;
	names = array_grow(expect->names, expect->name_count, &expect->name_room, sizeof(*names));
	if (!names)
		return -ENOMEM;
	expect->names = names;
	names[expect->name_count++] = *spec;
	return 0;
}

static void forget_place(struct parser *parser)
{
	parser->place = (struct place){ .what = PLACE_NAME };
	parser->place_text = NULL;
}

/* name "..." or name glob "...", or "name:", the place that is all of it */
static int add_name(struct parser *parser)
{
	struct name_spec spec = { 0 };
	const char *start = parser->token.start;

	if (parse_advance(parser))
		return -EINVAL;
	forget_place(parser);
	if (parser->token.kind == TOKEN_COLON)
		return parse_advance(parser);
	return take_set(parser, &spec, start, "a name in quotes, or 'glob'");
}

/* call "...", call stat "..." or call stat glob "..." */
static int add_calls(struct parser *parser)
{
	struct name_spec spec = { .is_of_calls = true };
	const char *start = parser->token.start;

	if (parse_advance(parser))
		return -EINVAL;
	forget_place(parser);
	if (parser->token.kind == TOKEN_WORD)
		spec.call = find_path_call(parser->token.start, parser->token.len);
	if (spec.call && parse_advance(parser))
		return -EINVAL;
	return take_set(parser, &spec, start, "a path in quotes, 'glob', or a call such as 'stat'");
}

/* "last open:" */
static int take_place(struct parser *parser)
{
	const struct expect *expect = parser->lexer.expect;
	const char *start = parser->token.start;

	if (expect->name_count && expect->names[expect->name_count - 1].is_of_calls)
		return lex_fail(&parser->lexer, start, "calls have no places");
	if (parse_place(parser, &parser->place))
		return -EINVAL;
	parser->place_text = keep_text(parser->lexer.expect, start, parser->done);
	return parse_token(parser, TOKEN_COLON, "':'");
}

static int parse_item(struct parser *parser)
{
	if (parse_at_word(parser, "name"))
		return add_name(parser);
	if (parse_at_word(parser, "call"))
		return add_calls(parser);
	return parse_is_at_place(parser) ? take_place(parser) : add_claim(parser);
}

/* What ends in a colon may have its claim on the same line. */
static int parse_line(struct parser *parser)
{
	int ret = parse_advance(parser);

	if (ret || parser->token.kind == TOKEN_END)
		return ret;
	do
		ret = parse_item(parser);
	while (!ret && parser->done[-1] == ':' && parser->token.kind != TOKEN_END);
	if (ret)
		return ret;
	return parser->token.kind == TOKEN_END ? 0 : parse_expected(parser, "the end of the line");
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
	/*
	 * Copies of a line's parts, with a colon between two of them, and its strings without
	 * escapes: each no longer than the line.
	 */
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

bool expect_is_about_calls(const struct expect *expect)
{
	for (size_t i = 0; i < expect->name_count; i++) {
		if (expect->names[i].is_of_calls)
			return true;
	}
	return false;
}

bool expect_claims(const struct expect *expect)
{
	for (size_t i = 0; i < expect->claim_count; i++) {
		if (expect->claims[i].kind != CLAIM_SHOW)
			return true;
	}
	return false;
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
