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
	s->options.armed[ROLE_EVICT][POINT_ENTRY] = has_evict;
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

static enum tristate last_negative;

static int keep_negative(void *context, const struct name *name)
{
	(void)context;
	last_negative = name->lifetimes[name->lifetime_count - 1]->negative;
	return 0;
}

static void found_without_inode(struct script *s)
{
	open_in(s, "/tmp/t_e.txt", KNAME);
	lookup_in(s, FAST, "t_e.txt", KNAME + 5);
	lookup_hit(s, FAST, DENTRY_A, inline_of(DENTRY_A), "t_e.txt", true);
	open_failed(s, 2);
}

static void begin_negative(struct script *s)
{
	script_options(s);
	s->options.sink.name = keep_negative;
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
	cold_open(s, DENTRY_A);
}

/* The record of the lookup is written while another task evicts what it found. */
static void an_inode_that_goes_with_the_eviction_makes_it_not_negative(void **state)
{
	struct script s;

	(void)state;
	begin_negative(&s);
	found_without_inode(&s);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	script_end(&s);
	assert_int_equal(last_negative, IS_FALSE);
}

static void what_was_deleted_or_may_have_been_is_negative(void **state)
{
	struct script s;

	(void)state;
	begin_negative(&s);
	end_of(&s, ROLE_DELETE, DENTRY_A, inline_of(DENTRY_A));
	found_without_inode(&s);
	script_end(&s);
	assert_int_equal(last_negative, IS_TRUE);
	begin_negative(&s);
	lose(&s, SCOPE_ANY, 1);
	found_without_inode(&s);
	script_end(&s);
	assert_int_equal(last_negative, IS_TRUE);
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
		cmocka_unit_test(an_inode_that_goes_with_the_eviction_makes_it_not_negative),
		cmocka_unit_test(what_was_deleted_or_may_have_been_is_negative),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
