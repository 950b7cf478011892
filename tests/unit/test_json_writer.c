/* SPDX-License-Identifier: MIT */
/*
 * The writer of JSON: commas come between values and nowhere else, and whatever a string holds it
 * stays within its quotes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "util/json.h"

static struct json json;

static int begin(void **state)
{
	(void)state;
	json_init(&json, NULL);
	return 0;
}

static void assert_written(const char *expected)
{
	assert_int_equal(json.text.len, strlen(expected));
	assert_memory_equal(json.text.data, expected, json.text.len);
}

static void commas_stand_between_values_only(void **state)
{
	(void)state;
	json_object(&json);
	JSON_KEY(&json, "a");
	json_u64(&json, UINT64_MAX);
	json_key(&json, "b");
	json_array(&json);
	json_array(&json);
	json_array_end(&json);
	json_object(&json);
	json_object_end(&json);
	json_s64(&json, INT64_MIN);
	json_array_end(&json);
	JSON_KEY(&json, "c");
	json_bool(&json, false);
	json_object_end(&json);
	assert_written("{\"a\":18446744073709551615,\"b\":[[],{},-9223372036854775808],"
		       "\"c\":false}");
}

static void what_is_not_known_is_null(void **state)
{
	(void)state;
	json_array(&json);
	json_known_u64(&json, false, 1);
	json_known_s64(&json, true, -1);
	json_string(&json, NULL);
	json_word(&json, NULL);
	json_bytes(&json, NULL, 3);
	json_string(&json, "");
	json_array_end(&json);
	assert_written("[null,-1,null,null,null,\"\"]");
}

static void bytes_that_are_no_text_are_hexadecimal(void **state)
{
	(void)state;
	json_array(&json);
	json_bytes(&json, "a\xff", 2);
	json_bytes(&json, "\"\\\n", 3);
	json_array_end(&json);
	assert_written("[{\"bytes\":\"61ff\"},\"\\\"\\\\\\n\"]");
}

static void no_string_ends_the_element_that_it_stands_in(void **state)
{
	(void)state;
	json.is_in_page = true;
	json_string(&json, "<!--</script>é<");
	assert_written("\"\\u003c!--\\u003c/script>é\\u003c\"");
	begin(state);
	json_string(&json, "<");
	assert_written("\"<\"");
}

static void a_line_ends_what_a_comma_refers_to(void **state)
{
	char *line = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&line, &size);

	(void)state;
	json_init(&json, out);
	json_u64(&json, 1);
	assert_int_equal(json_end_line(&json), 0);
	json_u64(&json, 2);
	assert_int_equal(json_end_line(&json), 0);
	fclose(out);
	assert_string_equal(line, "1\n2\n");
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(commas_stand_between_values_only, begin),
		cmocka_unit_test_setup(what_is_not_known_is_null, begin),
		cmocka_unit_test_setup(bytes_that_are_no_text_are_hexadecimal, begin),
		cmocka_unit_test_setup(no_string_ends_the_element_that_it_stands_in, begin),
		cmocka_unit_test(a_line_ends_what_a_comma_refers_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
