/* SPDX-License-Identifier: MIT */
/*
 * A parsed file of expectations (parse.c): its tokens (lex.c), terms (terms.c), conditions
 * (where.c) and words (words.c).
 */
#ifndef FTOPEN_CHAIN_EXPECT_SYNTAX_H
#define FTOPEN_CHAIN_EXPECT_SYNTAX_H

#include "chain/expect.h"
#include "util/map.h"

/* --- a parsed file --- */

/* Where hops are looked for. */
struct place {
	enum {
		PLACE_NAME,
		PLACE_OPEN,
		PLACE_LIFETIME,
	} what;
	enum {
		FROM_START, /* number 1 is the first */
		FROM_END,   /* number 0 is the last */
		EVERY,	    /* each in turn */
	} from;
	uint64_t number;
};

enum term_kind {
	TERM_HOP,
	TERM_POINTER, /* where the name is, by the lifetime's first hop that shows it */
	TERM_DENTRY,
	TERM_NULL,
	TERM_ERRNO,
	TERM_NUMBER,
	TERM_LENGTH,
	TERM_OFFSET, /* of the inline name in struct dentry */
	TERM_RESULT, /* of the system call */
	TERM_OPENS,
	TERM_LIFETIMES,
	TERM_NAMES, /* of the set */
	TERM_CALLS, /* likewise */
	TERM_DIFFERENCE,
	TERM_KINDS
};

struct operand_spec {
	enum term_kind kind; /* TERM_HOP, TERM_POINTER, TERM_DENTRY or TERM_RESULT */
	enum hop_kind hop;
	enum {
		PICK_ALL,
		PICK_FIRST,
		PICK_LAST,
		PICK_NUMBER,
	} pick;
	uint64_t number;
	bool has_place; /* else the claim's */
	struct place place;
};

/**
 * struct term - one side of "="
 * @left: also of a single operand
 * @number: of TERM_ERRNO positive
 * @text: of TERM_LENGTH
 */
struct term {
	enum term_kind kind;
	struct operand_spec left;
	struct operand_spec right;
	int64_t number;
	struct bytes text;
};

enum subject {
	SUBJECT_HOP,
	SUBJECT_STORAGE,
	SUBJECT_BORN,
	SUBJECT_END,
	SUBJECT_CACHE,
	SUBJECT_NR
};

/* Values of the properties of SUBJECT_HOP; the others have those of their enum in chain.h. */
enum hop_property {
	HOP_IS_ABSENT,
	HOP_IS_PRESENT,
	HOP_IS_FAST,
	HOP_IS_SLOW,
	HOP_IS_NEGATIVE,
	HOP_IS_POSITIVE,
};

/**
 * struct property - a row of the table of what can stand after "is"
 * @hops: of SUBJECT_HOP, bit per kind of hop that can have it
 */
struct property {
	enum subject subject;
	const char *word;
	int value;
	unsigned int hops;
};

enum claim_kind {
	CLAIM_EQUAL,
	CLAIM_DIFFER,
	CLAIM_LESS,
	CLAIM_LESS_EQUAL,
	CLAIM_GREATER,
	CLAIM_GREATER_EQUAL,
	CLAIM_OUTSIDE, /* terms[0] lies outside its dentry */
	CLAIM_IS,
	CLAIM_SHOW,
};

/* Whether it says which of two numbers is the larger one. */
static inline bool is_order(enum claim_kind kind)
{
	return kind >= CLAIM_LESS && kind <= CLAIM_GREATER_EQUAL;
}

struct claim {
	unsigned int line;
	unsigned int column;
	const char *text;
	size_t name; /* index of the name line above */
	struct place place;
	const char *place_text; /* as written, NULL without one */
	enum claim_kind kind;
	struct term terms[EXPECT_MAX_TERMS];
	size_t term_count;
	bool is_of_set;			 /* it counts names or calls */
	const struct property *property; /* of CLAIM_IS; a hop or a place is in terms[0].left */
	bool has_by;
	struct bytes by;
};

/* Which opens of a name, and with them which names, claims are about. */
enum condition_kind {
	WHERE_FAILED,
	WHERE_MISSING,
	WHERE_UNDER, /* the path, in the directory @text or below it */
	WHERE_BY,    /* the task called @text */
};

struct condition {
	enum condition_kind kind;
	struct bytes text;
	unsigned int under; /* of WHERE_UNDER: its number in struct expect */
};

#define MAX_CONDITIONS 4
#define MAX_UNDERS     64

/**
 * struct name_spec - a name line, or one about path calls
 * @call: of the latter: which call; CALL_UNKNOWN for any
 * @written: as it stands in the file
 * @first_claim, @claim_count: the claims below it
 */
struct name_spec {
	struct bytes text;
	bool is_glob;
	bool is_of_calls;
	enum call call;
	struct condition conditions[MAX_CONDITIONS];
	size_t condition_count;
	const char *written;
	size_t first_claim, claim_count;
};

struct expect {
	struct name_spec *names;
	size_t name_count, name_room;
	struct bytes unders[MAX_UNDERS];
	size_t under_count;
	struct claim *claims;
	size_t claim_count, claim_room;
	char *arena; /* all text: copies of claims, strings without their escapes */
	size_t arena_used;
};

/* --- lex.c --- */

enum token_kind {
	TOKEN_END, /* of the line */
	TOKEN_WORD,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_EQUAL,
	TOKEN_DIFFER,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_MINUS,
	TOKEN_LEFT,
	TOKEN_RIGHT,
	TOKEN_COLON,
	TOKEN_BAD, /* the lexer has said why in struct expect_error */
};

struct token {
	enum token_kind kind;
	const char *start; /* in the line */
	size_t len;
	int64_t number;
	struct bytes text; /* of a string, in the arena */
};

struct lexer {
	const char *line; /* its first byte */
	const char *at;
	const char *end;
	unsigned int number;
	struct expect *expect;
	struct expect_error *error;
};

/**
 * lex_next - the next token of the line
 */
struct token lex_next(struct lexer *lexer);

/**
 * lex_column - the column of @at, in characters from 1
 */
unsigned int lex_column(const struct lexer *lexer, const char *at);

/**
 * lex_fail - say what is wrong at @at, unless an earlier complaint stands
 *
 * Return: -EINVAL
 */
int lex_fail(const struct lexer *lexer, const char *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* --- terms.c --- */

/**
 * struct parser - where the parsing of a file is
 * @token: the next one, not yet taken
 * @done: end of the last token that was taken
 * @place: of the claims that follow
 */
struct parser {
	struct lexer lexer;
	struct token token;
	const char *done;
	struct place place;
	const char *place_text;
};

int parse_advance(struct parser *parser);
bool parse_at_word(const struct parser *parser, const char *word);

/**
 * parse_expected - complain "expected @what, found ..." at the token
 *
 * Return: -EINVAL
 */
int parse_expected(const struct parser *parser, const char *what);

/**
 * parse_token - take a token of @kind, called @what in a complaint
 */
int parse_token(struct parser *parser, enum token_kind kind, const char *what);

/**
 * parse_place - take "open 2", "last lifetime", "every open", "name" and their like
 */
int parse_place(struct parser *parser, struct place *place);

/**
 * parse_is_at_place - whether a place comes: "first" and "last" can begin a claim as well
 */
bool parse_is_at_place(const struct parser *parser);

/**
 * parse_of - take "of PLACE", if it comes
 */
int parse_of(struct parser *parser, struct operand_spec *operand);

/**
 * parse_sum - take "A" or "A - B"
 */
int parse_sum(struct parser *parser, struct term *term);

int parse_term(struct parser *parser, struct term *term);

/* --- where.c --- */

/**
 * parse_where - take "where CONDITION and CONDITION", if it comes
 */
int parse_where(struct parser *parser, struct name_spec *spec);

/**
 * unders_of - which of the directories of conditions @path is in, a bit for each
 */
uint64_t unders_of(const struct expect *expect, const struct bytes *path);

/**
 * unders_behind - which of these directories are one of @links, or below one: with links followed,
 * no path has them
 * @links: as of struct open_call
 */
uint64_t unders_behind(const struct expect *expect, const struct bytes *links);

/* --- words.c --- */

/**
 * find_hop - Return: HOP_NR for a word that is no hop
 */
enum hop_kind find_hop(const char *word, size_t len);

/**
 * find_subject - Return: SUBJECT_NR for a word that is none
 */
enum subject find_subject(const char *word, size_t len);

/**
 * find_path_call - Return: CALL_UNKNOWN for a word that is none
 */
enum call find_path_call(const char *word, size_t len);

/**
 * find_errno - Return: the positive errno called @word, 0 if there is none
 */
int find_errno(const char *word, size_t len);

/**
 * find_property - Return: NULL if @subject cannot be @word
 */
const struct property *find_property(enum subject subject, const char *word, size_t len);

/**
 * list_properties - write what @subject can be into @text, for a message
 */
void list_properties(enum subject subject, char *text, size_t size);

bool is_word(const char *word, size_t len, const char *expected);

/**
 * is_comm - whether a task whose name is @comm may have been called @by
 */
bool is_comm(const char *comm, const struct bytes *by);

#endif
