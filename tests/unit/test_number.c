/* SPDX-License-Identifier: MIT */
/*
 * Numbers that people type: digits, whole, and not too large.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/number.h"

static void digits_are_a_number(void **state)
{
	uint64_t number;

	(void)state;
	assert_int_equal(parse_number("0", 0, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(parse_number("007", UINT64_MAX, &number), 0);
	assert_int_equal(number, 7);
	assert_int_equal(parse_number("18446744073709551615", UINT64_MAX, &number), 0);
	assert_true(number == UINT64_MAX);
}

static void what_is_too_large_is_refused_and_not_cut(void **state)
{
	uint64_t number;

	(void)state;
	assert_int_equal(parse_number("18446744073709551616", UINT64_MAX, &number), -ERANGE);
	assert_int_equal(parse_number("4294967296", UINT32_MAX, &number), -ERANGE);
	assert_int_equal(parse_number("1", 0, &number), -ERANGE);
}

static void anything_but_digits_is_no_number(void **state)
{
	static const char *const texts[] = { "", " 1", "1 ", "+1", "-1", "-0", "0x1", "1k", "1.0" };
	uint64_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse_number(texts[i], UINT64_MAX, &number), -EINVAL);
}

static void bytes_may_have_a_unit(void **state)
{
	static const char *const texts[] = { "", "M", "1m", "1MB", "1 M", "-1M", "1.5M" };
	uint64_t number;

	(void)state;
	assert_int_equal(parse_bytes("17", UINT64_MAX, &number), 0);
	assert_int_equal(number, 17);
	assert_int_equal(parse_bytes("100M", UINT64_MAX, &number), 0);
	assert_int_equal(number, 100 << 20);
	assert_int_equal(parse_bytes("1T", UINT64_MAX, &number), 0);
	assert_true(number == UINT64_C(1) << 40);
	assert_int_equal(parse_bytes("16777216T", UINT64_MAX, &number), -ERANGE);
	assert_int_equal(parse_bytes("2K", 2047, &number), -ERANGE);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse_bytes(texts[i], UINT64_MAX, &number), -EINVAL);
}

static void a_fraction_has_digits_on_both_sides_of_its_point(void **state)
{
	static const char *const texts[] = {
		"", ".", "1.", ".5", "1e3", "nan", " 1", "-1", "1.2.3"
	};
	double number;

	(void)state;
	assert_int_equal(parse_fraction("2", &number), 0);
	assert_true(number == 2);
	assert_int_equal(parse_fraction("0.25", &number), 0);
	assert_true(number == 0.25);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse_fraction(texts[i], &number), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_are_a_number),
		cmocka_unit_test(what_is_too_large_is_refused_and_not_cut),
		cmocka_unit_test(anything_but_digits_is_no_number),
		cmocka_unit_test(bytes_may_have_a_unit),
		cmocka_unit_test(a_fraction_has_digits_on_both_sides_of_its_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
