/* SPDX-License-Identifier: MIT */
/*
 * A strict checker of one JSON line (RFC 8259) that also notes the fields it meets, each as
 * "OBJECT.FIELD". OBJECT is the value of "type" at the top, else the key the object stands under.
 */
#ifndef FTOPEN_TESTS_JSON_CHECK_H
#define FTOPEN_TESTS_JSON_CHECK_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "util/escape.h"

struct json_fields {
	char names[200][72];
	size_t count;
};

struct json_check {
	const char *at;
	struct json_fields *fields;
};

static inline bool json_fields_has(const struct json_fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (!strcmp(fields->names[i], name))
			return true;
	}
	return false;
}

static inline void json_fields_add(struct json_fields *fields, const char *object,
				   const char *field)
{
	char name[72];

	if (!fields)
		return;
	snprintf(name, sizeof(name), "%.31s.%.31s", object, field);
	if (!json_fields_has(fields, name) && fields->count < 200)
		strcpy(fields->names[fields->count++], name);
}

static inline bool check_value(struct json_check *check, const char *key);

static inline bool check_escape(struct json_check *check)
{
	char letter = *check->at++;

	if (letter != 'u')
		return letter && strchr("\"\\/bfnrt", letter);
	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)*check->at++))
			return false;
	}
	return true;
}

/* @text gets the beginning of the string, not unescaped. */
static inline bool check_string(struct json_check *check, char *text, size_t size)
{
	const char *begin = check->at + 1;
	size_t len;

	if (*check->at++ != '"')
		return false;
	while (*check->at != '"') {
		if ((unsigned char)*check->at < 0x20)
			return false;
		if (*check->at++ == '\\' && !check_escape(check))
			return false;
	}
	len = (size_t)(check->at++ - begin);
	if (!is_utf8(begin, len))
		return false;
	if (text)
		snprintf(text, size, "%.*s", (int)len, begin);
	return true;
}

static inline bool check_digits(struct json_check *check)
{
	if (!isdigit((unsigned char)*check->at))
		return false;
	while (isdigit((unsigned char)*check->at))
		check->at++;
	return true;
}

static inline bool check_number(struct json_check *check)
{
	if (*check->at == '-')
		check->at++;
	if (*check->at == '0' && isdigit((unsigned char)check->at[1]))
		return false;
	if (!check_digits(check))
		return false;
	if (*check->at != '.')
		return true;
	check->at++;
	return check_digits(check);
}

static inline bool check_array(struct json_check *check, const char *key)
{
	check->at++;
	if (*check->at == ']')
		return check->at++;
	while (check_value(check, key)) {
		char next = *check->at++;

		if (next != ',')
			return next == ']';
	}
	return false;
}

static inline bool check_member(struct json_check *check, char *object)
{
	char field[32], type[32];

	if (!check_string(check, field, sizeof(field)) || *check->at++ != ':')
		return false;
	if (!strcmp(object, "?")) {
		/* "v" comes first, and "type" second: it names the object. */
		const char *start = strstr(check->at, "\"type\":\"");
		struct json_check ahead = { start ? start + 7 : "", NULL };

		if (check_string(&ahead, type, sizeof(type)))
			strcpy(object, type);
	}
	json_fields_add(check->fields, object, field);
	return check_value(check, field);
}

static inline bool check_object(struct json_check *check, const char *key)
{
	char object[32];

	snprintf(object, sizeof(object), "%s",
		 strncmp(check->at, "{\"bytes\":", 9) ? key : "bytes");
	check->at++;
	if (*check->at == '}')
		return check->at++;
	while (check_member(check, object)) {
		char next = *check->at++;

		if (next != ',')
			return next == '}';
	}
	return false;
}

static inline bool check_word(struct json_check *check)
{
	static const char *const words[] = { "null", "true", "false" };

	for (int i = 0; i < 3; i++) {
		size_t len = strlen(words[i]);

		if (strncmp(check->at, words[i], len))
			continue;
		check->at += len;
		return true;
	}
	return false;
}

static inline bool check_value(struct json_check *check, const char *key)
{
	switch (*check->at) {
	case '{':
		return check_object(check, key);
	case '[':
		return check_array(check, key);
	case '"':
		return check_string(check, NULL, 0);
	case 'n':
	case 't':
	case 'f':
		return check_word(check);
	default:
		return check_number(check);
	}
}

/**
 * is_json_line - whether @text is one object and a newline
 * @fields: notes what it has, may be NULL
 */
static inline bool is_json_line(const char *text, struct json_fields *fields)
{
	struct json_check check = { text, fields };

	return *text == '{' && check_object(&check, "?") && !strcmp(check.at, "\n");
}

#endif
