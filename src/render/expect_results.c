/* SPDX-License-Identifier: MIT */
/*
 * The results of an expectation file: a line for each claim, with what was seen.
 */
#include "render/expect_results.h"
#include "common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/escape.h"

#define MINUS	  "\xe2\x88\x92"
#define NOT_EQUAL "\xe2\x89\xa0"

/* Text of the file or the command line, unchanged except for characters that would disturb a
 * terminal. */
static void write_plain(struct text *text, const char *data)
{
	size_t left = strlen(data), len;

	for (; left; data += len, left -= len) {
		len = utf8_length(data, left);
		if (!len)
			len = 1;
		if (*data == '"' || *data == '\\')
			text_char(text, *data);
		else
			escape_c(text, data, len);
	}
}

static void write_quoted(struct text *text, const struct bytes *bytes)
{
	text_char(text, '"');
	escape_c(text, bytes->data, bytes->len);
	text_char(text, '"');
}

/* --- values --- */

static void write_difference(struct text *text, const struct expect_value *value)
{
	text_addr(text, value->left);
	TEXT(text, " " MINUS " ");
	text_addr(text, value->right);
	TEXT(text, " = ");
	text_hex_s64(text, value->number);
	TEXT(text, " = ");
	text_s64(text, value->number);
}

static void write_errno(struct text *text, int64_t number)
{
	const char *name = errno_name((int)number);

	if (name)
		text_str(text, name);
	else
		TEXT(text, "error");
	TEXT(text, " (-");
	text_s64(text, number);
	text_char(text, ')');
}

static void write_one(struct text *text, const struct expect_value *value)
{
	switch (value->kind) {
	case EXPECT_NOTHING:
		TEXT(text, "not seen");
		break;
	case EXPECT_ADDRESS:
		text_addr(text, value->left);
		break;
	case EXPECT_NULL:
		TEXT(text, "NULL");
		break;
	case EXPECT_UNREAD:
		TEXT(text, "a dentry");
		break;
	case EXPECT_ERRNO:
		write_errno(text, value->number);
		break;
	case EXPECT_LENGTH:
		TEXT(text, "len(");
		write_quoted(text, &value->text);
		TEXT(text, ") = ");
		text_s64(text, value->number);
		break;
	case EXPECT_OFFSET:
		TEXT(text, "offset(inline) = ");
		text_s64(text, value->number);
		break;
	case EXPECT_DIFFERENCE:
		write_difference(text, value);
		break;
	case EXPECT_WORD:
		escape_c(text, value->text.data, value->text.len);
		break;
	default:
		text_s64(text, value->number);
	}
}

static void write_value(struct text *text, const struct expect_value *value)
{
	write_one(text, value);
	if (!value->more)
		return;
	TEXT(text, " (and ");
	text_u64(text, value->more);
	TEXT(text, " more)");
}

static const char *order_sign(const struct expect_value *a, const struct expect_value *b)
{
	int64_t left = 0, right = 0;

	expect_value_number(a, &left);
	expect_value_number(b, &right);
	return left < right ? " < " : left > right ? " > " : " = ";
}

/* The values of a result or of an offender. */
struct shown_values {
	const struct expect_value *values;
	size_t count;
	bool is_unknown;
	bool is_order;
};

/* The sign between two values; it never says more than is known. */
static void write_joint(struct text *text, const struct shown_values *shown,
			const struct expect_value *before, const struct expect_value *value)
{
	if (value->kind == EXPECT_LENGTH || value->kind == EXPECT_OFFSET)
		TEXT(text, " and ");
	else if (shown->is_unknown || before->kind == EXPECT_NOTHING ||
		 value->kind == EXPECT_NOTHING)
		TEXT(text, ", ");
	else if (shown->is_order)
		text_str(text, order_sign(before, value));
	else if (expect_value_equal(before, value))
		TEXT(text, " = ");
	else
		TEXT(text, " " NOT_EQUAL " ");
}

/* "0x... = 0x..." and, where a number was computed, "and len(...) = 5". */
static void write_values(struct text *text, const struct shown_values *shown)
{
	for (size_t i = 0; i < shown->count; i++) {
		const struct expect_value *value = &shown->values[i];
		const struct expect_value *before = i ? value - 1 : NULL;

		if (before && before->kind == EXPECT_DIFFERENCE && value->kind == EXPECT_NUMBER &&
		    expect_value_equal(before, value))
			continue;
		if (before)
			write_joint(text, shown, before, value);
		else
			TEXT(text, ": ");
		write_value(text, value);
	}
}

/* --- lines --- */

static void write_verdict(struct text *text, const struct expect_result *result)
{
	if (result->verdict == VERDICT_NONE) {
		text_str(text, result->reuse ? ": address reused" : ": different addresses");
		return;
	}
	if (result->verdict != VERDICT_UNKNOWN && result->why) {
		TEXT(text, " (");
		text_str(text, result->why);
		text_char(text, ')');
	}
	text_char(text, ' ');
	text_str(text, verdict_name(result->verdict));
	if (result->verdict != VERDICT_UNKNOWN)
		return;
	text_char(text, '(');
	text_str(text, result->why ? result->why : "it is not known");
	text_char(text, ')');
}

static void write_result(struct text *text, const char *file, const struct expect_result *result)
{
	const struct shown_values shown = {
		.values = result->values,
		.count = result->value_count,
		.is_unknown = result->verdict == VERDICT_UNKNOWN,
		.is_order = result->is_order,
	};

	write_plain(text, file);
	text_char(text, ':');
	text_u64(text, result->line);
	TEXT(text, ": ");
	if (result->place) {
		write_plain(text, result->place);
		TEXT(text, ": ");
	}
	write_plain(text, result->claim);
	write_values(text, &shown);
	if (result->checked > 1) {
		TEXT(text, " (checked ");
		text_u64(text, result->checked);
		TEXT(text, " times)");
	}
	write_verdict(text, result);
	text_char(text, '\n');
}

/* --- who it is, and who it may have been meant for --- */

static void write_open(struct text *text, const struct expect_open *open, bool is_of_calls)
{
	const char *word = is_of_calls ? "call" : "open";

	text_str(text, is_path_call(open->call) ? call_name(open->call) : word);
	text_char(text, ' ');
	text_u64(text, open->id);
	if (!open->is_known)
		return;
	if (*open->comm) {
		TEXT(text, " by ");
		write_quoted(text, &(struct bytes){ open->comm, strnlen(open->comm, COMM_SIZE) });
	}
	TEXT(text, " (tid ");
	text_s64(text, open->tid);
	TEXT(text, "): ");
	if (!open->has_result)
		TEXT(text, "result not seen");
	else if (open->result < 0)
		write_errno(text, -open->result);
	else
		text_s64(text, open->result);
}

static void write_opens(struct text *text, const struct expect_offender *offender, bool is_of_calls)
{
	for (size_t i = 0; i < offender->open_count; i++) {
		if (i)
			TEXT(text, ", ");
		write_open(text, &offender->opens[i], is_of_calls);
	}
	if (!offender->more_opens)
		return;
	TEXT(text, " and ");
	text_u64(text, offender->more_opens);
	TEXT(text, " more");
}

/* One of several comes with its name and its values; the only one's stand above. */
static void write_offender(struct text *text, const struct expect_result *result,
			   const struct expect_offender *offender)
{
	const struct shown_values shown = {
		.values = offender->values,
		.count = offender->value_count,
		.is_unknown = result->verdict == VERDICT_UNKNOWN,
		.is_order = result->is_order,
	};
	bool is_only = result->checked == 1;

	if (is_only && !offender->open_count)
		return;
	text_char(text, '\t');
	if (!is_only) {
		write_quoted(text, &offender->name);
		write_values(text, &shown);
		if (offender->why)
			text_format(text, " (%s)", offender->why);
		if (offender->open_count)
			TEXT(text, "; ");
	}
	write_opens(text, offender, result->is_of_calls);
	text_char(text, '\n');
}

static void write_offenders(struct text *text, const struct expect_result *result)
{
	for (size_t i = 0; i < result->offender_count; i++)
		write_offender(text, result, &result->offenders[i]);
	if (!result->offenders_dropped)
		return;
	TEXT(text, "\tand ");
	text_u64(text, result->offenders_dropped);
	text_format(text, " more: at most %d are listed\n", EXPECT_MAX_OFFENDERS);
}

static void write_near(struct text *text, const struct expect_result *result)
{
	for (size_t i = 0; i < result->near_count; i++) {
		text_str(text, i ? ", " : "\tsimilar names: ");
		write_quoted(text, &result->near[i]);
	}
	if (result->near_count)
		text_char(text, '\n');
}

static bool is_same_name(const struct bytes *a, const struct bytes *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len));
}

static void write_totals(struct text *text, const struct expect_results *results)
{
	uint64_t verdicts[VERDICT_NR] = { 0 };

	for (size_t i = 0; i < results->count; i++)
		verdicts[results->items[i].verdict]++;
	write_plain(text, results->file);
	TEXT(text, ": ");
	text_verdicts(text, verdicts);
}

/*
 * The subject of the next lines: a name, or, if no name is the cause, the line that describes the
 * set. @heading: the one before; it is written where it changes.
 */
static void write_heading(struct text *text, const struct expect_result *result,
			  struct bytes *heading)
{
	const char *set = result->set ? result->set : "";
	bool is_name = result->name.data != NULL;
	struct bytes wanted = is_name ? result->name : (struct bytes){ set, strlen(set) };

	if (is_same_name(heading, &wanted))
		return;
	*heading = wanted;
	if (is_name)
		write_quoted(text, &wanted);
	else
		write_plain(text, set);
	text_char(text, '\n');
}

static void write_lines(struct text *text, const char *file, const struct expect_result *result,
			struct bytes *heading)
{
	write_heading(text, result, heading);
	write_result(text, file, result);
	write_offenders(text, result);
	write_near(text, result);
}

static int finish(struct text *text)
{
	int ret = text_flush(text);

	free(text);
	return ret;
}

int render_expect_result(FILE *out, const char *file, const struct expect_result *result)
{
	struct text *text = malloc(sizeof(*text));
	struct bytes heading = { NULL, 0 };

	if (!text)
		return -ENOMEM;
	text_init(text, out);
	write_lines(text, file, result, &heading);
	return finish(text);
}

int render_expect_results(FILE *out, const struct expect_results *results)
{
	struct text *text = malloc(sizeof(*text));
	struct bytes heading = { NULL, 0 };

	if (!text)
		return -ENOMEM;
	text_init(text, out);
	for (size_t i = 0; i < results->count; i++)
		write_lines(text, results->file, &results->items[i], &heading);
	write_totals(text, results);
	return finish(text);
}
