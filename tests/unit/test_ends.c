/* SPDX-License-Identifier: MIT */
/*
 * How a lifetime ends, and when that is not known.
 */
#include "kernel_script.h"

static void ends_as(struct script *s, const char *end)
{
	char text[32];

	script_end(s);
	snprintf(text, sizeof(text), " end=%s:", end);
	if (!strstr(s->text, text))
		fail_msg("no '%s' in: %s", text, s->text);
}

/* A cold open with these options. */
static void open_with(struct script *s, bool sees_any, bool has_evict)
{
	script_options(s);
	s->options.sees_any = sees_any;
	s->options.armed[ROLE_EVICT][EDGE_ENTRY] = has_evict;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
	cold_open(s, DENTRY_A);
}

static void a_lifetime_that_nobody_ended_is_alive(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, true, true);
	ends_as(&s, "alive");
}

static void an_eviction_ends_it(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, true, true);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	ends_as(&s, "evicted");
}

static void where_only_own_ends_are_seen_nothing_is_known_to_live(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, false, true);
	ends_as(&s, "unknown");
}

static void an_own_eviction_is_known_all_the_same(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, false, true);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	ends_as(&s, "evicted");
}

static void without_a_probe_for_evictions_nothing_is_known_to_live(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, true, false);
	ends_as(&s, "unknown");
}

static void after_a_loss_of_ends_nothing_is_known_to_live(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, true, true);
	lose(&s, SCOPE_ANY, 1);
	ends_as(&s, "unknown");
}

static void a_loss_of_the_tasks_own_records_hides_no_end(void **state)
{
	struct script s;

	(void)state;
	open_with(&s, true, true);
	lose(&s, SCOPE_TASK, 1);
	ends_as(&s, "alive");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lifetime_that_nobody_ended_is_alive),
		cmocka_unit_test(an_eviction_ends_it),
		cmocka_unit_test(where_only_own_ends_are_seen_nothing_is_known_to_live),
		cmocka_unit_test(an_own_eviction_is_known_all_the_same),
		cmocka_unit_test(without_a_probe_for_evictions_nothing_is_known_to_live),
		cmocka_unit_test(after_a_loss_of_ends_nothing_is_known_to_live),
		cmocka_unit_test(a_loss_of_the_tasks_own_records_hides_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
