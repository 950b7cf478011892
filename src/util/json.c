/* SPDX-License-Identifier: MIT */
/*
 * JSON on its way out.
 */
#include "util/json.h"

#include "util/escape.h"

void json_init(struct json *json, FILE *out)
{
	text_init(&json->text, out);
	json->has_sibling = false;
	json->is_in_page = false;
}

int json_end_line(struct json *json)
{
	text_char(&json->text, '\n');
	json->has_sibling = false;
	return text_flush(&json->text);
}

void json_key(struct json *json, const char *key)
{
	json_quote(json);
	text_str(&json->text, key);
	TEXT(&json->text, "\":");
	json->has_sibling = false;
}

void json_null(struct json *json)
{
	json_next(json);
	TEXT(&json->text, "null");
}

void json_bool(struct json *json, bool value)
{
	json_next(json);
	text_str(&json->text, value ? "true" : "false");
}

void json_u64(struct json *json, uint64_t value)
{
	json_next(json);
	text_u64(&json->text, value);
}

void json_s64(struct json *json, int64_t value)
{
	json_next(json);
	text_s64(&json->text, value);
}

void json_known_u64(struct json *json, bool is_known, uint64_t value)
{
	if (is_known)
		json_u64(json, value);
	else
		json_null(json);
}

void json_known_s64(struct json *json, bool is_known, int64_t value)
{
	if (is_known)
		json_s64(json, value);
	else
		json_null(json);
}

/* '<' would begin "</script>" or "<!--". */
static void escape_for_page(struct text *text, const char *data, size_t len)
{
	const char *end = data + len, *found;

	while ((found = memchr(data, '<', (size_t)(end - data)))) {
		escape_json(text, data, (size_t)(found - data));
		TEXT(text, "\\u003c");
		data = found + 1;
	}
	escape_json(text, data, (size_t)(end - data));
}

void json_bytes(struct json *json, const char *data, size_t len)
{
	struct text *text = &json->text;

	if (!data) {
		json_null(json);
	} else if (is_utf8(data, len)) {
		json_quote(json);
		if (json->is_in_page)
			escape_for_page(text, data, len);
		else
			escape_json(text, data, len);
		json_unquote(json);
	} else {
		json_object(json);
		JSON_KEY(json, "bytes");
		json_quote(json);
		escape_hex(text, data, len);
		json_unquote(json);
		json_object_end(json);
	}
}

void json_string(struct json *json, const char *str)
{
	json_bytes(json, str, str ? strlen(str) : 0);
}

void json_word(struct json *json, const char *word)
{
	if (!word) {
		json_null(json);
		return;
	}
	json_quote(json);
	text_str(&json->text, word);
	json_unquote(json);
}
