/* SPDX-License-Identifier: MIT */
/*
 * The results of an expectation file as JUnit XML, for programs that show test results: a test
 * case for each claim, FAIL as a failure, UNKNOWN as an error. Shows no chains.
 */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>

#include "util/escape.h"
#include "util/text.h"

/* Two code points that XML does not take: U+FFFE and U+FFFF. */
static bool is_no_character(const char *data, size_t len)
{
	return len == 3 && !memcmp(data, "\xef\xbf", 2) && (unsigned char)data[2] >= 0xbe;
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\n':
	case '\t':
	case '\\':
		return "";
	default:
		return NULL;
	}
}

/* Lines and backslashes stand as they are; what XML cannot have is written as in C. */
static void write_xml(struct text *text, const char *data, size_t left)
{
	for (size_t len; left; data += len, left -= len) {
		const char *known = entity(*data);

		len = utf8_length(data, left);
		if (!len || is_no_character(data, len))
			len = 1;
		if (known && *known)
			text_str(text, known);
		else if (known)
			text_char(text, *data);
		else
			escape_c(text, data, len);
	}
}

static void write_attribute(struct text *text, const char *name, const char *value)
{
	text_format(text, " %s=\"", name);
	write_xml(text, value, strlen(value));
	text_char(text, '"');
}

static void write_count(struct text *text, const char *name, uint64_t count)
{
	text_format(text, " %s=\"%llu\"", name, (unsigned long long)count);
}

/* The lines that other formats have. */
static int write_lines(struct text *text, const char *file, const struct expect_result *result)
{
	char *lines = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&lines, &size);
	int ret;

	if (!stream)
		return -ENOMEM;
	ret = render_expect_result(stream, file, result);
	if (fclose(stream) && !ret)
		ret = -ENOMEM;
	if (!ret)
		write_xml(text, lines, size);
	free(lines);
	return ret;
}

static int write_body(struct text *text, const char *file, const struct expect_result *result)
{
	static const char *const elements[VERDICT_NR] = {
		[VERDICT_NONE] = "system-out",
		[VERDICT_PASS] = "system-out",
		[VERDICT_FAIL] = "failure",
		[VERDICT_UNKNOWN] = "error",
	};
	const char *element = elements[result->verdict];
	bool is_bad = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN;
	int ret;

	text_format(text, "<%s", element);
	if (is_bad) {
		write_attribute(text, "message", result->why ? result->why : result->claim);
		write_attribute(text, "type", verdict_name(result->verdict));
	}
	text_char(text, '>');
	ret = write_lines(text, file, result);
	text_format(text, "</%s>\n", element);
	return ret;
}

static int write_case(struct text *text, const char *file, const struct expect_result *result)
{
	int ret;

	TEXT(text, "<testcase");
	write_attribute(text, "classname", result->set);
	TEXT(text, " name=\"");
	if (result->place) {
		write_xml(text, result->place, strlen(result->place));
		TEXT(text, ": ");
	}
	write_xml(text, result->claim, strlen(result->claim));
	text_char(text, '"');
	write_attribute(text, "file", file);
	write_count(text, "line", result->line);
	TEXT(text, " time=\"0\">\n");
	ret = write_body(text, file, result);
	TEXT(text, "</testcase>\n");
	return ret;
}

static void write_counts(struct text *text, const struct expect_results *results)
{
	uint64_t verdicts[VERDICT_NR] = { 0 };

	for (size_t i = 0; i < results->count; i++)
		verdicts[results->items[i].verdict]++;
	write_count(text, "tests", results->count);
	write_count(text, "failures", verdicts[VERDICT_FAIL]);
	write_count(text, "errors", verdicts[VERDICT_UNKNOWN]);
	write_count(text, "skipped", 0);
	TEXT(text, " time=\"0\">\n");
}

static int claims(struct renderer *renderer, const struct expect_results *results)
{
	struct text *text = malloc(sizeof(*text));
	int ret = 0, written;

	if (!text)
		return -ENOMEM;
	text_init(text, renderer->out);
	TEXT(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ftopen\"");
	write_counts(text, results);
	TEXT(text, "<testsuite");
	write_attribute(text, "name", results->file);
	write_counts(text, results);
	for (size_t i = 0; i < results->count && !ret; i++)
		ret = write_case(text, results->file, &results->items[i]);
	TEXT(text, "</testsuite>\n</testsuites>\n");
	written = text_flush(text);
	free(text);
	return ret ? ret : written;
}

const struct render_format render_junit = {
	.name = "junit",
	.needs_claims = true,
	.ignores_relations = true,
	.claims = claims,
};
