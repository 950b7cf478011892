/* SPDX-License-Identifier: MIT */
/*
 * Escaping and the writing of text: whatever a name holds, the bytes can be had back and nothing
 * that a terminal obeys comes out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/escape.h"
#include "util/text.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* No escaping needs more than six bytes for one. */
static struct text buffer;

static const char *escaped(const char *data, size_t len)
{
	text_init(&buffer, NULL);
	escape_c(&buffer, data, len);
	text_char(&buffer, '\0');
	return buffer.data;
}

static const char *json(const char *data, size_t len)
{
	text_init(&buffer, NULL);
	text_char(&buffer, '"');
	escape_json(&buffer, data, len);
	text_char(&buffer, '"');
	text_char(&buffer, '\0');
	return buffer.data;
}

static void assert_comes_back(const char *data, size_t len)
{
	char back[TEXT_SIZE];
	size_t back_len = 0;

	escaped(data, len);
	assert_int_equal(unescape_c(buffer.data, buffer.len - 1, back, &back_len), 0);
	assert_int_equal(back_len, len);
	assert_memory_equal(back, data, len);
}

static size_t all_legal_bytes(char *name)
{
	size_t len = 0;

	for (int byte = 1; byte < 256; byte++) {
		if (byte != '/')
			name[len++] = (char)byte;
	}
	return len;
}

static void every_legal_byte_comes_back(void **state)
{
	char name[256];
	size_t len = all_legal_bytes(name);

	(void)state;
	assert_int_equal(len, 254);
	assert_comes_back(name, len);
}

static void every_pair_of_bytes_comes_back(void **state)
{
	(void)state;
	for (int pair = 0; pair < 65536; pair++) {
		char name[2] = { (char)(pair >> 8), (char)pair };

		assert_comes_back(name, 2);
	}
}

static void text_that_looks_escaped_comes_back(void **state)
{
	static const char name[] = "\\x41\\n\\\\\"";

	(void)state;
	assert_comes_back(name, sizeof(name) - 1);
}

static void no_control_byte_and_no_bare_quote_comes_out(void **state)
{
	char name[256];
	size_t len = all_legal_bytes(name);
	const char *out = escaped(name, len);

	(void)state;
	for (size_t i = 0; out[i]; i++) {
		assert_true((unsigned char)out[i] >= 0x20 && out[i] != 0x7f);
		if (out[i] == '"')
			assert_int_equal(out[i - 1], '\\');
	}
}

static void plain_names_and_utf8_stay_as_they_are(void **state)
{
	static const char name[] = "Grüße 日本 🙂.txt";

	(void)state;
	assert_string_equal(escaped(name, sizeof(name) - 1), name);
}

static void the_short_forms_are_used(void **state)
{
	(void)state;
	assert_string_equal(escaped("\n\t\"\\\r\033\x7f\xff", 8),
			    "\\n\\t\\\"\\\\\\x0d\\x1b\\x7f\\xff");
}

static void characters_that_steer_the_terminal_are_escaped(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} rows[] = {
		{ "\xc2\x80", "\\xc2\\x80" },
		{ "\xc2\x9b", "\\xc2\\x9b" },	       /* U+009B, CSI in one character */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" }, /* U+202E, right to left from here */
		{ "\xe2\x80\xa8", "\\xe2\\x80\\xa8" }, /* U+2028, a line separator */
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6" }, /* U+2066, an isolate */
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" }, /* U+FEFF */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(escaped(rows[i].in, strlen(rows[i].in)), rows[i].out);
}

static void only_well_formed_utf8_counts(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{ "a", 1 },
		{ "\xc2\x80", 2 },
		{ "\xe0\xa0\x80", 3 },
		{ "\xef\xbf\xbf", 3 },
		{ "\xf0\x90\x80\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		{ "\x80", 0 },		   /* a continuation byte alone */
		{ "\xc1\xbf", 0 },	   /* overlong */
		{ "\xe0\x9f\xbf", 0 },	   /* overlong */
		{ "\xf0\x8f\xbf\xbf", 0 }, /* overlong */
		{ "\xed\xa0\x80", 0 },	   /* a surrogate */
		{ "\xf4\x90\x80\x80", 0 }, /* beyond U+10FFFF */
		{ "\xf5\x80\x80\x80", 0 },
		{ "\xe2\x82", 0 }, /* cut */
		{ "\xe2\x82\x41", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(utf8_length(rows[i].text, strlen(rows[i].text)), rows[i].length);
	assert_int_equal(utf8_length("", 0), 0);
}

static void what_is_never_written_is_refused(void **state)
{
	static const char *const rows[] = { "\\", "\\x", "\\x4", "\\xg0", "\\r", "\\0", "\\x4G" };
	char out[8];
	size_t len;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(unescape_c(rows[i], strlen(rows[i]), out, &len), -EINVAL);
}

static void json_strings_are_escaped_as_rfc_8259_says(void **state)
{
	static const struct {
		const char *in;
		const char *out;
	} rows[] = {
		{ "plain", "\"plain\"" },
		{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
		{ "\n\t\r\033\x01", "\"\\n\\t\\u000d\\u001b\\u0001\"" },
		{ "\x7f", "\"\\u007f\"" },
		{ "\xc2\x9b", "\"\\u009b\"" },
		{ "\xe2\x80\xae", "\"\\u202e\"" },
		{ "ü🙂", "\"ü🙂\"" },
		{ "", "\"\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(json(rows[i].in, strlen(rows[i].in)), rows[i].out);
}

static void hex_has_two_digits_for_every_byte(void **state)
{
	(void)state;
	text_init(&buffer, NULL);
	escape_hex(&buffer, "\x00\x0f\xff", 3);
	text_char(&buffer, '\0');
	assert_string_equal(buffer.data, "000fff");
}

static void numbers_reach_their_limits(void **state)
{
	(void)state;
	text_init(&buffer, NULL);
	text_u64(&buffer, 0);
	text_char(&buffer, ' ');
	text_u64(&buffer, UINT64_MAX);
	text_char(&buffer, ' ');
	text_s64(&buffer, INT64_MIN);
	text_char(&buffer, ' ');
	text_s64(&buffer, INT64_MAX);
	text_char(&buffer, '\0');
	assert_string_equal(buffer.data, "0 18446744073709551615 -9223372036854775808 "
					 "9223372036854775807");
}

static void addresses_have_16_digits_and_times_nine_decimals(void **state)
{
	(void)state;
	text_init(&buffer, NULL);
	text_addr(&buffer, 0xffff8f29406394b8);
	text_addr(&buffer, 0x1f);
	text_char(&buffer, ' ');
	text_seconds(&buffer, 1);
	text_char(&buffer, ' ');
	text_seconds(&buffer, UINT64_C(12345678901234567));
	text_char(&buffer, '\0');
	assert_string_equal(buffer.data, "0xffff8f29406394b80x000000000000001f 0.000000001 "
					 "12345678.901234567");
}

static void text_longer_than_the_buffer_comes_out_whole_and_in_order(void **state)
{
	const size_t size = TEXT_SIZE + 100, total = 10 + 2 * size;
	char *piece = malloc(size), *out = NULL;
	size_t out_size;
	FILE *file = open_memstream(&out, &out_size);

	(void)state;
	assert_non_null(piece);
	memset(piece, 'b', size);
	text_init(&buffer, file);
	TEXT(&buffer, "0123456789");
	text_bytes(&buffer, piece, size);
	for (size_t i = 0; i < size; i++)
		text_char(&buffer, 'c');
	assert_int_equal(text_flush(&buffer), 0);
	fclose(file);
	assert_int_equal(out_size, total);
	assert_memory_equal(out, "0123456789bb", 12);
	assert_memory_equal(out + total - size - 1, "bcc", 3);
	free(out);
	free(piece);
}

static void a_stream_that_refuses_is_an_error_that_stays(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	setbuf(full, NULL);
	text_init(&buffer, full);
	TEXT(&buffer, "lost");
	assert_int_equal(text_flush(&buffer), -ENOSPC);
	assert_int_equal(text_flush(&buffer), -ENOSPC);
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_legal_byte_comes_back),
		cmocka_unit_test(every_pair_of_bytes_comes_back),
		cmocka_unit_test(text_that_looks_escaped_comes_back),
		cmocka_unit_test(no_control_byte_and_no_bare_quote_comes_out),
		cmocka_unit_test(plain_names_and_utf8_stay_as_they_are),
		cmocka_unit_test(the_short_forms_are_used),
		cmocka_unit_test(characters_that_steer_the_terminal_are_escaped),
		cmocka_unit_test(only_well_formed_utf8_counts),
		cmocka_unit_test(what_is_never_written_is_refused),
		cmocka_unit_test(json_strings_are_escaped_as_rfc_8259_says),
		cmocka_unit_test(hex_has_two_digits_for_every_byte),
		cmocka_unit_test(numbers_reach_their_limits),
		cmocka_unit_test(addresses_have_16_digits_and_times_nine_decimals),
		cmocka_unit_test(text_longer_than_the_buffer_comes_out_whole_and_in_order),
		cmocka_unit_test(a_stream_that_refuses_is_an_error_that_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
