/* SPDX-License-Identifier: MIT */
/*
 * Without a probe its hops are neither claimed nor denied.
 */
#include "kernel_script.h"

/* A cold open as it is seen without @role's probes: its records do not come. */
static void open_without(struct script *s, enum role role)
{
	script_options(s);
	memset(s->options.armed[role], 0, sizeof(s->options.armed[role]));
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
	s->without = role;
	cold_open(s, DENTRY_A);
	script_end(s);
}

static void assert_line(const struct script *s, const char *line)
{
	if (!strstr(s->text, line))
		fail_msg("no '%s' in:\n%s", line, s->text);
}

static void without_alloc_what_needs_it_is_unknown(void **state)
{
	struct script s;

	(void)state;
	open_without(&s, ROLE_ALLOC);
	assert_line(&s, "UNKNOWN(source: no probe is armed)");
	assert_line(&s, "UNKNOWN(alloc: no probe is armed)");
}

static void without_alloc_the_hops_that_are_seen_still_relate(void **state)
{
	struct script s;

	(void)state;
	open_without(&s, ROLE_ALLOC);
	assert_int_equal(s.totals.verdicts[VERDICT_PASS], 1);
	assert_int_equal(s.totals.verdicts[VERDICT_FAIL], 0);
}

static void without_insert_what_needs_it_is_unknown(void **state)
{
	struct script s;

	(void)state;
	open_without(&s, ROLE_INSERT);
	assert_line(&s, "UNKNOWN(insert: no probe is armed)");
}

static void without_a_probe_nothing_is_counted(void **state)
{
	struct script s;

	(void)state;
	open_without(&s, ROLE_ALLOC);
	assert_true(s.totals.allocs == COUNT_UNKNOWN);
	open_without(&s, ROLE_EVICT);
	assert_true(s.totals.evictions == COUNT_UNKNOWN);
	assert_true(s.totals.allocs == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_alloc_what_needs_it_is_unknown),
		cmocka_unit_test(without_alloc_the_hops_that_are_seen_still_relate),
		cmocka_unit_test(without_insert_what_needs_it_is_unknown),
		cmocka_unit_test(without_a_probe_nothing_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
