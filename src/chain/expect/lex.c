/* SPDX-License-Identifier: MIT */
/*
 * The tokens of an expectation file, one line at a time. Minus and "not equal" may be written as
 * the seed prints them, or in ASCII.
 */
#include "internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

unsigned int lex_column(const struct lexer *lexer, const char *at)
{
	unsigned int column = 1;

	for (const char *p = lexer->line; p < at; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	return column;
}

int lex_fail(const struct lexer *lexer, const char *at, const char *fmt, ...)
{
	struct expect_error *error = lexer->error;
	va_list args;

	if (error->message[0])
		return -EINVAL;
	error->line = lexer->number;
	error->column = lex_column(lexer, at);
	va_start(args, fmt);
	vsnprintf(error->message, sizeof(error->message), fmt, args);
	va_end(args);
	return -EINVAL;
}

static struct token bad(void)
{
	return (struct token){ .kind = TOKEN_BAD };
}

static struct token finish(struct lexer *lexer, struct token token, const char *after)
{
	token.len = (size_t)(after - token.start);
	lexer->at = after;
	return token;
}

static struct token lex_word(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_WORD, .start = lexer->at };
	const char *p = lexer->at;

	while (p < lexer->end && (is_letter(*p) || is_digit(*p)))
		p++;
	return finish(lexer, token, p);
}

static struct token lex_number(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_NUMBER, .start = lexer->at };
	const char *p = lexer->at;
	int base = 10;

	if (lexer->end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		base = 16;
		p += 2;
	}
	for (; p < lexer->end && (is_digit(*p) || is_letter(*p)); p++) {
		int digit = hex_digit(*p);

		if (digit < 0 || digit >= base) {
			lex_fail(lexer, p, "not a digit of a number: '%c'", *p);
			return bad();
		}
		if (__builtin_mul_overflow(token.number, (int64_t)base, &token.number) ||
		    __builtin_add_overflow(token.number, (int64_t)digit, &token.number)) {
			lex_fail(lexer, token.start, "the number is too large");
			return bad();
		}
	}
	return finish(lexer, token, p);
}

/*
 * The escape after the backslash at @p. Return: bytes after the backslash, 0 if it is none.
 */
static size_t unescape(const char *p, const char *end, char *out)
{
	static const char letters[] = "\\\"ntr";
	static const char bytes[] = "\\\"\n\t\r";
	const char *found;
	int high, low;

	if (end - p < 2)
		return 0;
	found = strchr(letters, p[1]);
	if (found && *found) {
		*out = bytes[found - letters];
		return 1;
	}
	if (p[1] != 'x' || end - p < 4)
		return 0;
	high = hex_digit(p[2]);
	low = hex_digit(p[3]);
	if (high < 0 || low < 0 || (!high && !low))
		return 0;
	*out = (char)(high << 4 | low);
	return 3;
}

static struct token lex_string(struct lexer *lexer)
{
	struct token token = { .kind = TOKEN_STRING, .start = lexer->at };
	char *out = lexer->expect->arena + lexer->expect->arena_used;
	size_t len = 0;

	for (const char *p = lexer->at + 1; p < lexer->end; p++) {
		size_t more;

		if (*p == '"') {
			out[len] = '\0';
			lexer->expect->arena_used += len + 1;
			token.text = (struct bytes){ out, len };
			return finish(lexer, token, p + 1);
		}
		if (!*p) {
			lex_fail(lexer, p, "no name contains a zero byte");
			return bad();
		}
		out[len++] = *p;
		if (*p != '\\')
			continue;
		more = unescape(p, lexer->end, &out[len - 1]);
		if (!more) {
			lex_fail(lexer, p,
				 "unknown escape: \\\\ \\\" \\n \\t \\r and \\xHH (not 00) are "
				 "known");
			return bad();
		}
		p += more;
	}
	lex_fail(lexer, token.start, "the string has no closing '\"'");
	return bad();
}

static const struct {
	const char *text;
	enum token_kind kind;
} signs[] = {
	{ "==", TOKEN_EQUAL },
	{ "=", TOKEN_EQUAL },
	{ "!=", TOKEN_DIFFER },
	{ "≠", TOKEN_DIFFER },
	{ "<=", TOKEN_LESS_EQUAL },
	{ "≤", TOKEN_LESS_EQUAL },
	{ "<", TOKEN_LESS },
	{ ">=", TOKEN_GREATER_EQUAL },
	{ "≥", TOKEN_GREATER_EQUAL },
	{ ">", TOKEN_GREATER },
	{ "\xe2\x88\x92", TOKEN_MINUS },
	{ "-", TOKEN_MINUS },
	{ "(", TOKEN_LEFT },
	{ ")", TOKEN_RIGHT },
	{ ":", TOKEN_COLON },
};

static struct token lex_sign(struct lexer *lexer)
{
	size_t left = (size_t)(lexer->end - lexer->at);
	unsigned char c = (unsigned char)*lexer->at;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		struct token token = { .kind = signs[i].kind, .start = lexer->at };
		size_t len = strlen(signs[i].text);

		if (len <= left && !memcmp(lexer->at, signs[i].text, len))
			return finish(lexer, token, lexer->at + len);
	}
	if (c > ' ' && c < 0x7f)
		lex_fail(lexer, lexer->at, "unexpected character '%c'", c);
	else
		lex_fail(lexer, lexer->at, "unexpected character (byte 0x%02x)", c);
	return bad();
}

struct token lex_next(struct lexer *lexer)
{
	while (lexer->at < lexer->end && strchr(" \t\r", *lexer->at) && *lexer->at)
		lexer->at++;
	if (lexer->at == lexer->end || *lexer->at == '#')
		return (struct token){ .kind = TOKEN_END, .start = lexer->at };
	if (is_letter(*lexer->at))
		return lex_word(lexer);
	if (is_digit(*lexer->at))
		return lex_number(lexer);
	if (*lexer->at == '"')
		return lex_string(lexer);
	return lex_sign(lexer);
}
