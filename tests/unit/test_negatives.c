/* SPDX-License-Identifier: MIT */
/*
 * Negative dentries are told of while the trace goes on: each once for as long as it is negative,
 * and none that is about to be a file's.
 */
#include "walk_script.h"

static struct script s;

static int begin(void **state)
{
	(void)state;
	negatives_begin(&s);
	return 0;
}

/* A stat of "/f", which is not there. */
static void look_in_vain(uint64_t dentry)
{
	opened = "/f";
	look_for(&s, SLOW, ROOT, "f", ELSEWHERE);
	lookup_null(&s, SLOW);
	alloc(&s, "f", ELSEWHERE, dentry, inline_of(dentry));
	insert_in(&s, ROOT, dentry, "f", true);
}

static void ask(void)
{
	assert_int_equal(correlator_negatives(s.c, s.ts + 1), 0);
}

static void one_is_reported_once_however_often_it_is_found(void **state)
{
	(void)state;
	look_in_vain(FILE_A);
	ask();
	says(&s, "negative \"f\" 3\n");
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	find(&s, FILE_A, "f", 0);
	ask();
	script_end(&s);
	assert_int_equal(count_of(&s, "negative"), 1);
}

static void one_that_nobody_asked_for_is_reported_when_it_is_forgotten(void **state)
{
	(void)state;
	look_in_vain(FILE_A);
	assert_int_equal(count_of(&s, "negative"), 0);
	script_end(&s);
	assert_int_equal(count_of(&s, "negative"), 1);
}

static void one_that_became_a_file_is_not_told(void **state)
{
	(void)state;
	look_in_vain(FILE_A);
	instantiate(&s, FILE_A);
	ask();
	script_end(&s);
	assert_int_equal(count_of(&s, "negative"), 0);
}

static void one_that_is_younger_is_left_for_later(void **state)
{
	uint64_t before;

	(void)state;
	before = s.ts;
	look_in_vain(FILE_A);
	assert_int_equal(correlator_negatives(s.c, before), 0);
	assert_int_equal(count_of(&s, "negative"), 0);
	ask();
	assert_int_equal(count_of(&s, "negative"), 1);
	script_end(&s);
}

static void one_that_is_negative_again_is_reported_again(void **state)
{
	(void)state;
	look_in_vain(FILE_A);
	ask();
	instantiate(&s, FILE_A);
	act(&s, PROGRAM, ROLE_DELETE, FILE_A);
	ask();
	script_end(&s);
	assert_int_equal(count_of(&s, "negative"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_is_reported_once_however_often_it_is_found, begin),
		cmocka_unit_test_setup(one_that_nobody_asked_for_is_reported_when_it_is_forgotten,
				       begin),
		cmocka_unit_test_setup(one_that_became_a_file_is_not_told, begin),
		cmocka_unit_test_setup(one_that_is_younger_is_left_for_later, begin),
		cmocka_unit_test_setup(one_that_is_negative_again_is_reported_again, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
