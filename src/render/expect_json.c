/* SPDX-License-Identifier: MIT */
/*
 * The results of an expectation file as JSON, as ftopen-json(5) lists them.
 */
#include "render/expect_results.h"

#include "util/json.h"

static void write_bytes(struct json *json, const struct bytes *bytes)
{
	json_bytes(json, bytes->data, bytes->len);
}

static void write_addr(struct json *json, uint64_t addr)
{
	json_quote(json);
	text_addr(&json->text, addr);
	json_unquote(json);
}

/* --- values --- */

static const char *const kinds[] = {
	[EXPECT_NOTHING] = "nothing",
	[EXPECT_ADDRESS] = "address",
	[EXPECT_NULL] = "NULL",
	[EXPECT_UNREAD] = "unread",
	[EXPECT_ERRNO] = "error",
	[EXPECT_NUMBER] = "number",
	[EXPECT_LENGTH] = "length",
	[EXPECT_OFFSET] = "offset",
	[EXPECT_DIFFERENCE] = "difference",
	[EXPECT_WORD] = "word",
};

static void write_addresses(struct json *json, const struct expect_value *value)
{
	bool is_difference = value->kind == EXPECT_DIFFERENCE;

	if (value->kind != EXPECT_ADDRESS && !is_difference)
		return;
	JSON_KEY(json, "addr");
	write_addr(json, value->left);
	if (!is_difference)
		return;
	JSON_KEY(json, "minus");
	write_addr(json, value->right);
}

static void write_value(struct json *json, const struct expect_value *value)
{
	int64_t number;

	json_object(json);
	JSON_KEY(json, "is");
	json_word(json, kinds[value->kind]);
	write_addresses(json, value);
	if (expect_value_number(value, &number)) {
		JSON_KEY(json, "number");
		json_s64(json, number);
	}
	if (value->kind == EXPECT_WORD || value->kind == EXPECT_LENGTH) {
		JSON_KEY(json, "text");
		write_bytes(json, &value->text);
	}
	JSON_KEY(json, "more");
	json_u64(json, value->more);
	json_object_end(json);
}

static void write_values(struct json *json, const struct expect_value *values, size_t count)
{
	JSON_KEY(json, "values");
	json_array(json);
	for (size_t i = 0; i < count; i++)
		write_value(json, &values[i]);
	json_array_end(json);
}

/* --- who is to blame --- */

static void write_ids(struct json *json, const struct expect_offender *offender)
{
	json_array(json);
	for (size_t i = 0; i < offender->open_count; i++)
		json_u64(json, offender->opens[i].id);
	json_array_end(json);
}

static void write_opens(struct json *json, const struct expect_offender *offender, bool is_of_calls)
{
	static const struct expect_offender none;

	JSON_KEY(json, "opens");
	write_ids(json, is_of_calls ? &none : offender);
	JSON_KEY(json, "opens_dropped");
	json_u64(json, is_of_calls ? 0 : offender->more_opens);
	JSON_KEY(json, "calls");
	write_ids(json, is_of_calls ? offender : &none);
	JSON_KEY(json, "calls_dropped");
	json_u64(json, is_of_calls ? offender->more_opens : 0);
}

static void write_offender(struct json *json, const struct expect_offender *offender,
			   bool is_of_calls)
{
	json_object(json);
	JSON_KEY(json, "name");
	write_bytes(json, &offender->name);
	JSON_KEY(json, "why");
	json_string(json, offender->why);
	write_values(json, offender->values, offender->value_count);
	write_opens(json, offender, is_of_calls);
	json_object_end(json);
}

static void write_offenders(struct json *json, const struct expect_result *result)
{
	JSON_KEY(json, "offenders");
	json_array(json);
	for (size_t i = 0; i < result->offender_count; i++)
		write_offender(json, &result->offenders[i], result->is_of_calls);
	json_array_end(json);
	JSON_KEY(json, "offenders_dropped");
	json_u64(json, result->offenders_dropped);
	JSON_KEY(json, "near");
	json_array(json);
	for (size_t i = 0; i < result->near_count; i++)
		write_bytes(json, &result->near[i]);
	json_array_end(json);
}

void expect_result_json(struct json *json, const char *file, const struct expect_result *result)
{
	JSON_KEY(json, "file");
	json_string(json, file);
	JSON_KEY(json, "line");
	json_u64(json, result->line);
	JSON_KEY(json, "set");
	json_string(json, result->set);
	JSON_KEY(json, "place");
	json_string(json, result->place);
	JSON_KEY(json, "claim");
	json_string(json, result->claim);
	JSON_KEY(json, "verdict");
	json_word(json, result->verdict == VERDICT_NONE ? NULL : verdict_name(result->verdict));
	JSON_KEY(json, "why");
	json_string(json, result->why);
	JSON_KEY(json, "name");
	write_bytes(json, &result->name);
	write_values(json, result->values, result->value_count);
	JSON_KEY(json, "checked");
	json_u64(json, result->checked);
	write_offenders(json, result);
}
