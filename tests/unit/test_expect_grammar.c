/* SPDX-License-Identifier: MIT */
/*
 * The grammar of expectation files: what is refused, and that the complaint points at it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chain/expect.h"
#include "util/io.h"

#define NAME "name \"x\"\n"

static void refused(const char *text, unsigned int line, unsigned int column, const char *message)
{
	struct expect_error error;
	struct expect *expect;

	assert_int_equal(expect_parse(text, strlen(text), &expect, &error), -22);
	assert_string_equal(error.message, message);
	assert_int_equal(error.line, line);
	assert_int_equal(error.column, column);
}

static void accepted(const char *text)
{
	struct expect_error error;
	struct expect *expect;

	if (expect_parse(text, strlen(text), &expect, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.message);
	expect_free(expect);
}

#define REFUSED(rule, text, line, column, message)          \
	static void rule(void **state)                      \
	{                                                   \
		(void)state;                                \
		refused(text, (line), (column), (message)); \
	}

#define ACCEPTED(rule, text)              \
	static void rule(void **state)    \
	{                                 \
		(void)state;              \
		accepted(NAME text "\n"); \
	}

REFUSED(a_claim_needs_a_name, "alloc = insert\n", 1, 1,
	"a claim about what? A line 'name \"...\"' has to come first")
REFUSED(a_name_is_quoted, "name x\n", 1, 6, "expected a name in quotes, or 'glob', found 'x'")
REFUSED(a_pattern_is_quoted, "name glob\n", 1, 10,
	"expected a pattern in quotes, found the end of the line")
REFUSED(addresses_have_no_order, NAME "alloc < insert\n", 2, 1,
	"an address is not a number: only numbers can be less or more")
REFUSED(errors_have_no_order, NAME "result < ENOENT\n", 2, 10,
	"an error is not a number: only numbers can be less or more")
REFUSED(only_two_have_an_order, NAME "1 < opens < 3\n", 2, 11,
	"no more than 2 terms can be compared")
REFUSED(a_condition_is_one_of_four, "name \"x\" where lost\n", 1, 16,
	"expected 'failed', 'missing', 'path' or 'by', found 'lost'")
REFUSED(a_path_is_under_something, "name \"x\" where path \"/etc\"\n", 1, 21,
	"expected 'under', found a string")
REFUSED(a_directory_begins_at_the_root, "name \"x\" where path under \"etc\"\n", 1, 27,
	"expected a directory in quotes, from '/' on, found a string")
REFUSED(a_directory_has_no_dots, "name \"x\" where path under \"/etc/../usr\"\n", 1, 27,
	"'.', '..' and '//' are in no path with links followed")
REFUSED(nor_does_it_end_in_one, "name \"x\" where path under \"/etc/.\"\n", 1, 27,
	"'.', '..' and '//' are in no path with links followed")
REFUSED(nor_has_it_empty_components, "name \"x\" where path under \"//etc\"\n", 1, 27,
	"'.', '..' and '//' are in no path with links followed")
REFUSED(a_task_is_quoted, "name \"x\" where by git\n", 1, 19,
	"expected the name of a task in quotes, found 'git'")
REFUSED(and_joins_conditions, "name \"x\" where failed missing\n", 1, 23,
	"expected the end of the line, found 'missing'")
REFUSED(conditions_are_few, "name \"x\" where failed and failed and failed and failed and failed\n",
	1, 56, "no more than 4 conditions")
REFUSED(names_are_counted_in_no_place, NAME "open 1:\nnames = 1\n", 3, 1,
	"'names' counts all of a set: it is compared with a number, in no place")
REFUSED(names_are_no_opens, NAME "names = opens\n", 2, 1,
	"'names' counts all of a set: it is compared with a number, in no place")
REFUSED(a_name_stands_alone, "name \"x\" \"y\"\n", 1, 10,
	"expected the end of the line, found a string")
REFUSED(a_claim_after_a_name_needs_a_colon, "name \"x\" opens = 1\n", 1, 10,
	"expected the end of the line, found 'opens'")
REFUSED(a_claim_ends_the_line, "name \"x\": opens = 1 open 1:\n", 1, 21,
	"expected the end of the line, found 'open'")
REFUSED(a_string_is_closed, "name \"x\n", 1, 6, "the string has no closing '\"'")
REFUSED(an_escape_is_known, "name \"a\\q\"\n", 1, 8,
	"unknown escape: \\\\ \\\" \\n \\t \\r and \\xHH (not 00) are known")
REFUSED(an_escape_has_two_digits, "name \"a\\x9\"\n", 1, 8,
	"unknown escape: \\\\ \\\" \\n \\t \\r and \\xHH (not 00) are known")
REFUSED(an_escape_is_not_zero, "name \"a\\x00\"\n", 1, 8,
	"unknown escape: \\\\ \\\" \\n \\t \\r and \\xHH (not 00) are known")
REFUSED(a_file_without_a_claim_checks_nothing, NAME "# nothing\n", 2, 1,
	"there is no claim in this file")
REFUSED(an_empty_file_checks_nothing, "", 1, 1, "there is no claim in this file")
REFUSED(a_hop_is_known, NAME "\talloc = insrt\n", 2, 10,
	"expected a hop (user, filename, lookup, source, alloc, insert, file, delete, evict, ...), "
	"found 'insrt'")
REFUSED(a_hop_alone_claims_nothing, NAME "alloc\n", 2, 6,
	"expected '=', '!=', '-', 'is' or 'outside', found the end of the line")
REFUSED(a_number_alone_claims_nothing, NAME "5\n", 2, 2,
	"expected '=', '!=', '<', '<=', '>', '>=' or '-', found the end of the line")
REFUSED(constants_alone_claim_nothing, NAME "5 = len(\"/tmp/\")\n", 2, 1,
	"nothing in this claim comes from a trace")
REFUSED(an_address_is_no_number, NAME "alloc = 5\n", 2, 9,
	"a number cannot be compared with an address")
REFUSED(a_difference_is_no_address, NAME "source - filename = alloc\n", 2, 21,
	"an address cannot be compared with a difference")
REFUSED(only_a_file_can_be_an_error, NAME "alloc = ENOENT\n", 2, 9,
	"an error cannot be compared with an address")
REFUSED(no_result_is_subtracted, NAME "alloc - result = 3\n", 2, 9,
	"only addresses can be subtracted")
REFUSED(an_error_has_a_known_name, NAME "file = ENOSUCH\n", 2, 8,
	"expected a hop (user, filename, lookup, source, alloc, insert, file, delete, evict, ...), "
	"found 'ENOSUCH'")
REFUSED(two_terms_differ_not_three, NAME "alloc != insert != file\n", 2, 17,
	"no more than 2 terms can be compared")
REFUSED(equal_and_different_do_not_mix, NAME "alloc = insert != file\n", 2, 16,
	"expected the end of the line, found '!='")
REFUSED(counting_starts_at_one, NAME "open 0:\n", 2, 6, "counting starts at 1")
REFUSED(an_open_has_a_number, NAME "open:\n", 2, 5, "expected a number, found ':'")
REFUSED(a_place_ends_in_a_colon, NAME "last open\n", 2, 10,
	"expected ':', found the end of the line")
REFUSED(a_place_is_an_open_or_a_lifetime, NAME "every alloc:\n", 2, 7,
	"expected 'open' or 'lifetime', found 'alloc'")
REFUSED(a_place_follows_of, NAME "alloc of insert = file\n", 2, 10,
	"expected an open, a lifetime or 'name', found 'insert'")
REFUSED(a_property_is_known, NAME "alloc is fine\n", 2, 10,
	"expected one of absent, present, fast, slow, negative, positive, found 'fine'")
REFUSED(a_property_fits_its_hop, NAME "alloc is fast\n", 2, 10, "no alloc can be fast")
REFUSED(a_property_fits_its_subject, NAME "storage is evicted\n", 2, 12,
	"expected one of inline, external, found 'evicted'")
REFUSED(a_subject_is_something, NAME "storage = 5\n", 2, 9, "expected 'is', found '='")
REFUSED(a_number_has_its_digits, NAME "alloc - dentry = 0x5g\n", 2, 21,
	"not a digit of a number: 'g'")
REFUSED(a_number_fits, NAME "alloc - dentry = 99999999999999999999\n", 2, 18,
	"the number is too large")
REFUSED(what_is_shown_is_a_difference, NAME "show alloc\n", 2, 6,
	"'show' needs a difference: A - B")
REFUSED(outside_is_of_the_dentry, NAME "alloc outside file\n", 2, 15,
	"expected 'dentry', found 'file'")
REFUSED(an_offset_is_that_of_the_inline_name, NAME "alloc - dentry = offset(name)\n", 2, 25,
	"expected 'inline', found 'name'")
REFUSED(a_strange_character_is_named, NAME "alloc @ insert\n", 2, 7, "unexpected character '@'")
REFUSED(a_control_character_is_a_number, NAME "alloc \x1b insert\n", 2, 7,
	"unexpected character (byte 0x1b)")
REFUSED(columns_count_characters_not_bytes, NAME "source \xe2\x88\x92 filename = \xc3\xa9\n", 2, 21,
	"unexpected character (byte 0xc3)")
REFUSED(columns_count_after_a_tab, NAME "\t\tfile =\n", 2, 9,
	"expected a hop, an address, a number or NULL, found the end of the line")

ACCEPTED(the_seed_writes_minus_and_unequal, "source \xe2\x88\x92 filename = 5\n"
					    "alloc \xe2\x89\xa0 filename")
ACCEPTED(ascii_does_as_well, "source - filename == 5\nalloc != filename")
ACCEPTED(a_comment_follows_a_claim, "alloc = insert # as in the seed")
ACCEPTED(a_line_may_end_in_a_carriage_return, "alloc = insert\r")
ACCEPTED(first_begins_a_place_or_a_claim, "first open:\nfirst lookup = NULL")
ACCEPTED(opens_count_from_the_end, "last open but 2:\nalloc = insert")
ACCEPTED(a_hop_has_a_number, "lookup 2 = NULL")
ACCEPTED(a_result_is_an_error_or_a_number, "result = ENOENT\nresult = 3\nresult of open 2 = 3")
ACCEPTED(a_task_can_be_named, "end is evicted by \"sh\"")
ACCEPTED(name_alone_is_a_place, "open 1:\nname:\nlifetimes = 2")

static void the_last_line_needs_no_newline(void **state)
{
	(void)state;
	accepted(NAME "alloc = insert");
}

static void a_zero_byte_is_refused(void **state)
{
	static const char text[] = "name \"a\0b\"\n";
	struct expect_error error;
	struct expect *expect;

	(void)state;
	assert_int_equal(expect_parse(text, sizeof(text) - 1, &expect, &error), -22);
	assert_string_equal(error.message, "no name contains a zero byte");
	assert_int_equal(error.column, 8);
}

/* The indented lines of the man page's examples, each block a file. */
static size_t parse_examples(char *page)
{
	static const char begin[] = "\n.Bd -literal -offset indent\n";
	size_t count = 0;

	for (char *at = strstr(page, begin); at; at = strstr(at + 1, begin)) {
		char *start = at + strlen(begin), *end = strstr(start, ".Ed\n");

		assert_non_null(end);
		*end = '\0';
		accepted(start);
		*end = '.';
		count++;
	}
	return count;
}

static void the_examples_of_the_man_page_are_accepted(void **state)
{
	char *page;

	(void)state;
	assert_int_equal(read_file("man/ftopen-expect.5", &page, NULL), 0);
	assert_int_equal(parse_examples(page), 5);
	free(page);
}

static void the_man_page_has_every_hop(void **state)
{
	char *page, item[32];

	(void)state;
	assert_int_equal(read_file("man/ftopen-expect.5", &page, NULL), 0);
	for (int i = 0; i < HOP_NR; i++) {
		snprintf(item, sizeof(item), "\n.It Ic %s\n", hop_name((enum hop_kind)i));
		if (!strstr(page, item))
			fail_msg("%s", item);
	}
	free(page);
}

/* Every cut and every altered byte of a good text: an answer, and no crash. */
static void no_text_is_too_broken(void **state)
{
	static const char text[] = NAME "first open:\nlast lookup of lifetime 2 \xe2\x89\xa0 NULL\n"
					"show a - b\n\"\\x41\" 0x7 len(\"\\n\") offset(inline)\n";
	struct expect_error error;
	struct expect *expect;
	char copy[sizeof(text)];

	(void)state;
	for (size_t cut = 0; cut < sizeof(text); cut++) {
		if (!expect_parse(text, cut, &expect, &error))
			expect_free(expect);
	}
	for (size_t at = 0; at < sizeof(text) - 1; at++) {
		for (int byte = 0; byte < 256; byte++) {
			memcpy(copy, text, sizeof(text));
			copy[at] = (char)byte;
			if (!expect_parse(copy, sizeof(text) - 1, &expect, &error))
				expect_free(expect);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_is_one_of_four),
		cmocka_unit_test(a_path_is_under_something),
		cmocka_unit_test(a_directory_begins_at_the_root),
		cmocka_unit_test(a_directory_has_no_dots),
		cmocka_unit_test(nor_does_it_end_in_one),
		cmocka_unit_test(nor_has_it_empty_components),
		cmocka_unit_test(a_task_is_quoted),
		cmocka_unit_test(and_joins_conditions),
		cmocka_unit_test(conditions_are_few),
		cmocka_unit_test(names_are_counted_in_no_place),
		cmocka_unit_test(names_are_no_opens),
		cmocka_unit_test(addresses_have_no_order),
		cmocka_unit_test(errors_have_no_order),
		cmocka_unit_test(only_two_have_an_order),
		cmocka_unit_test(a_claim_needs_a_name),
		cmocka_unit_test(a_name_is_quoted),
		cmocka_unit_test(a_pattern_is_quoted),
		cmocka_unit_test(a_name_stands_alone),
		cmocka_unit_test(a_claim_after_a_name_needs_a_colon),
		cmocka_unit_test(a_claim_ends_the_line),
		cmocka_unit_test(a_string_is_closed),
		cmocka_unit_test(an_escape_is_known),
		cmocka_unit_test(an_escape_has_two_digits),
		cmocka_unit_test(an_escape_is_not_zero),
		cmocka_unit_test(a_file_without_a_claim_checks_nothing),
		cmocka_unit_test(an_empty_file_checks_nothing),
		cmocka_unit_test(a_hop_is_known),
		cmocka_unit_test(a_hop_alone_claims_nothing),
		cmocka_unit_test(a_number_alone_claims_nothing),
		cmocka_unit_test(constants_alone_claim_nothing),
		cmocka_unit_test(an_address_is_no_number),
		cmocka_unit_test(a_difference_is_no_address),
		cmocka_unit_test(only_a_file_can_be_an_error),
		cmocka_unit_test(no_result_is_subtracted),
		cmocka_unit_test(an_error_has_a_known_name),
		cmocka_unit_test(two_terms_differ_not_three),
		cmocka_unit_test(equal_and_different_do_not_mix),
		cmocka_unit_test(counting_starts_at_one),
		cmocka_unit_test(an_open_has_a_number),
		cmocka_unit_test(a_place_ends_in_a_colon),
		cmocka_unit_test(a_place_is_an_open_or_a_lifetime),
		cmocka_unit_test(a_place_follows_of),
		cmocka_unit_test(a_property_is_known),
		cmocka_unit_test(a_property_fits_its_hop),
		cmocka_unit_test(a_property_fits_its_subject),
		cmocka_unit_test(a_subject_is_something),
		cmocka_unit_test(a_number_has_its_digits),
		cmocka_unit_test(a_number_fits),
		cmocka_unit_test(what_is_shown_is_a_difference),
		cmocka_unit_test(outside_is_of_the_dentry),
		cmocka_unit_test(an_offset_is_that_of_the_inline_name),
		cmocka_unit_test(a_strange_character_is_named),
		cmocka_unit_test(a_control_character_is_a_number),
		cmocka_unit_test(columns_count_characters_not_bytes),
		cmocka_unit_test(columns_count_after_a_tab),
		cmocka_unit_test(the_seed_writes_minus_and_unequal),
		cmocka_unit_test(ascii_does_as_well),
		cmocka_unit_test(a_comment_follows_a_claim),
		cmocka_unit_test(a_line_may_end_in_a_carriage_return),
		cmocka_unit_test(first_begins_a_place_or_a_claim),
		cmocka_unit_test(opens_count_from_the_end),
		cmocka_unit_test(a_hop_has_a_number),
		cmocka_unit_test(a_result_is_an_error_or_a_number),
		cmocka_unit_test(a_task_can_be_named),
		cmocka_unit_test(name_alone_is_a_place),
		cmocka_unit_test(the_last_line_needs_no_newline),
		cmocka_unit_test(a_zero_byte_is_refused),
		cmocka_unit_test(the_examples_of_the_man_page_are_accepted),
		cmocka_unit_test(the_man_page_has_every_hop),
		cmocka_unit_test(no_text_is_too_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
