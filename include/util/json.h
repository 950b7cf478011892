/* SPDX-License-Identifier: MIT */
/*
 * JSON on its way out, value by value: commas and quotes are put here and nowhere else. Keeps no
 * tree, allocates nothing; that every object and array is ended is the caller's business.
 */
#ifndef FTOPEN_UTIL_JSON_H
#define FTOPEN_UTIL_JSON_H

#include <stdbool.h>

#include "util/text.h"

/**
 * struct json - a writer
 * @text: what is written goes there; the inside of a string may be appended to it directly
 * @has_sibling: a value stands before the next one in its object or array
 * @is_in_page: the values stand in an element of HTML, which none of their strings may end
 */
struct json {
	struct text text;
	bool has_sibling;
	bool is_in_page;
};

void json_init(struct json *json, FILE *out);

/**
 * json_end_line - end a line of JSON Lines and hand it to the stream
 *
 * Return: as text_flush().
 */
int json_end_line(struct json *json);

/* Before each value. */
static inline void json_next(struct json *json)
{
	if (json->has_sibling)
		text_char(&json->text, ',');
	json->has_sibling = true;
}

static inline void json_begin(struct json *json, char bracket)
{
	json_next(json);
	text_char(&json->text, bracket);
	json->has_sibling = false;
}

static inline void json_end(struct json *json, char bracket)
{
	text_char(&json->text, bracket);
	json->has_sibling = true;
}

static inline void json_object(struct json *json)
{
	json_begin(json, '{');
}

static inline void json_object_end(struct json *json)
{
	json_end(json, '}');
}

static inline void json_array(struct json *json)
{
	json_begin(json, '[');
}

static inline void json_array_end(struct json *json)
{
	json_end(json, ']');
}

/* @key: the comma before it, the quotes, and the colon are part of it. */
static inline void json_whole_key(struct json *json, const char *key, size_t len)
{
	size_t skipped = json->has_sibling ? 0 : 1;

	text_bytes(&json->text, key + skipped, len - skipped);
	json->has_sibling = false;
}

/**
 * JSON_KEY - the name of the next value, a literal that needs no escaping: one piece of text
 */
#define JSON_KEY(json, literal) json_whole_key(json, ",\"" literal "\":", sizeof(literal) + 3)

/**
 * json_key - the same for a name that stands in a table
 */
void json_key(struct json *json, const char *key);

void json_null(struct json *json);
void json_bool(struct json *json, bool value);
void json_u64(struct json *json, uint64_t value);
void json_s64(struct json *json, int64_t value);

/**
 * json_known_u64, json_known_s64 - the number, or null if it is not known
 */
void json_known_u64(struct json *json, bool is_known, uint64_t value);
void json_known_s64(struct json *json, bool is_known, int64_t value);

/**
 * json_bytes - @len bytes that may be anything: a string if they are UTF-8, else an object with
 * "bytes", two hexadecimal digits each; null for NULL
 */
void json_bytes(struct json *json, const char *data, size_t len);

/**
 * json_string - json_bytes() up to the NUL; null for NULL
 */
void json_string(struct json *json, const char *str);

/**
 * json_word - a word of ours, which needs no escaping; null for NULL
 */
void json_word(struct json *json, const char *word);

/**
 * json_quote, json_unquote - around a string that the caller appends to @json->text himself
 */
static inline void json_quote(struct json *json)
{
	json_next(json);
	text_char(&json->text, '"');
}

static inline void json_unquote(struct json *json)
{
	text_char(&json->text, '"');
}

#endif
