/* SPDX-License-Identifier: MIT */
/*
 * What claims never come to: a verdict about what was not seen.
 */
#include "expectations.h"

#define TMP   "name \"/tmp/t_e.txt\"\n"
#define TM    "name \"/tmp/t_m.txt\"\n"
#define LOCAL "name \"l_e.txt\"\n"

static void unarmed(enum role role, enum point point)
{
	conditions.armed[role][point] = false;
}

static void a_hop_without_a_probe_is_unknown(void **state)
{
	(void)state;
	unarmed(ROLE_INSERT, POINT_ENTRY);
	is_unknown(hits, LOCAL "insert = alloc", "insert: no probe is armed");
}

static void without_a_probe_nothing_is_absent(void **state)
{
	(void)state;
	unarmed(ROLE_ALLOC, POINT_RETURN);
	is_unknown(hits, TMP "last open:\nalloc is absent", "alloc: no probe is armed");
}

static void without_a_lookup_probe_none_is_the_first(void **state)
{
	(void)state;
	unarmed(ROLE_LOOKUP_FAST, POINT_RETURN);
	is_unknown(tm_miss, TM "open 1:\nfirst lookup = NULL",
		   "lookup: not all of its probes are armed");
}

static void without_an_evict_probe_opens_are_not_compared(void **state)
{
	(void)state;
	unarmed(ROLE_EVICT, POINT_ENTRY);
	is_unknown(tm_miss, TM "lookup of open 2 = alloc of open 1",
		   "ends are not seen: no probe for evict is armed");
}

static void without_an_evict_probe_nothing_is_alive(void **state)
{
	(void)state;
	unarmed(ROLE_EVICT, POINT_ENTRY);
	is_unknown(tm_miss, TM "end is alive", NULL);
}

static void unseen_end(enum role role, const char *claim, const char *why)
{
	forget_conditions(NULL);
	unarmed(role, POINT_ENTRY);
	is_unknown(tm_miss, claim, why);
}

static void without_what_could_have_ended_it_nothing_is_alive(void **state)
{
	(void)state;
	unseen_end(ROLE_DELETE, TM "end is alive",
		   "ends are not seen: no probe for delete is armed");
	unseen_end(ROLE_DROP, TM "end is alive", "ends are not seen: no probe for drop is armed");
	unseen_end(ROLE_RENAME, TM "end is alive",
		   "ends are not seen: no probe for rename is armed");
}

static void what_may_have_ended_later_is_not_told(void **state)
{
	(void)state;
	unarmed(ROLE_RENAME, POINT_ENTRY);
	is_unknown(delete, TMP "end is deleted", "ends are not seen: no probe for rename is armed");
	is_unknown(delete, TMP "end is evicted", "ends are not seen: no probe for rename is armed");
}

static void what_was_evicted_stays_that(void **state)
{
	(void)state;
	unarmed(ROLE_RENAME, POINT_ENTRY);
	holds(hits_delete_evict, TMP "end is evicted");
}

static void an_end_that_the_kernel_may_have_missed_is_unknown(void **state)
{
	(void)state;
	missed[ROLE_EVICT][POINT_ENTRY] = 1;
	is_unknown(delete, TMP "end is deleted", "the kernel missed hits of a probe");
}

static void a_name_that_a_cap_pushed_out_may_have_ended_since(void **state)
{
	(void)state;
	last_words.totals.pushed_out = 1;
	is_unknown(tm_miss, TM "end is alive",
		   "names were printed early because there were too many");
}

static void with_own_evictions_opens_are_not_compared(void **state)
{
	(void)state;
	conditions.sees_any = false;
	is_unknown(tm_miss, TM "lookup of open 2 = alloc of open 1",
		   "what other tasks did to names is unknown");
}

static void with_own_evictions_one_open_is_not_touched(void **state)
{
	(void)state;
	conditions.sees_any = false;
	holds(tm_miss, TM "open 1:\nalloc = insert");
}

static void with_own_evictions_nothing_is_undeleted(void **state)
{
	(void)state;
	conditions.sees_any = false;
	is_unknown(tm_miss, TM "delete is absent", "what other tasks did to names is unknown");
}

static void lost_in_the_open(struct script *s)
{
	open_in(s, tmp_file.path, KNAME);
	lose(s, SCOPE_TASK, 1);
	lookup_in(s, ROLE_LOOKUP_FAST, "t_e.txt", KNAME + 5);
	lookup_hit(s, ROLE_LOOKUP_FAST, DENTRY_A, DENTRY_A + INLINE_AT, "t_e.txt", false);
	open_out(s, DENTRY_A, DENTRY_A + INLINE_AT, "t_e.txt");
}

static void in_an_incomplete_open_nothing_is_absent(void **state)
{
	(void)state;
	is_unknown(lost_in_the_open, TMP "open 1:\nalloc is absent", "the open is incomplete");
}

static void in_an_incomplete_open_nothing_is_equal(void **state)
{
	(void)state;
	is_unknown(lost_in_the_open, TMP "open 1:\nlookup = file", "the open is incomplete");
}

static void in_an_incomplete_open_no_hop_is_trusted(void **state)
{
	(void)state;
	is_unknown(lost_in_the_open, TMP "open 1:\nfilename != user", "the open is incomplete");
}

static void in_an_incomplete_open_nothing_is_different(void **state)
{
	(void)state;
	is_unknown(lost_in_the_open, TMP "open 1:\nlookup != file", "the open is incomplete");
}

static void lost_between_opens(struct script *s, enum scope scope)
{
	miss_nothing(s, &tmp_missing);
	lose(s, scope, LOSS_UNKNOWN);
	s->ts += 1000;
	hit_nothing(s, &tmp_missing);
}

static void lost_between(struct script *s)
{
	lost_between_opens(s, SCOPE_TASK);
}

static void lost_ends_between(struct script *s)
{
	lost_between_opens(s, SCOPE_ANY);
}

static void across_a_loss_nothing_is_equal(void **state)
{
	(void)state;
	is_unknown(lost_between, TM "lookup of open 2 = alloc of open 1",
		   "records were lost in between");
}

static void across_a_loss_of_ends_nothing_is_equal(void **state)
{
	(void)state;
	is_unknown(lost_ends_between, TM "lookup of open 2 = alloc of open 1",
		   "records were lost in between");
}

static void a_loss_outside_does_not_touch_an_open(void **state)
{
	(void)state;
	holds(lost_between, TM "open 1:\nalloc = insert");
}

static void after_a_loss_outside_a_complete_open_has_no_more(void **state)
{
	(void)state;
	holds(lost_between, TM "open 2:\nalloc is absent");
}

static void after_a_loss_nothing_is_absent_from_a_name(void **state)
{
	(void)state;
	is_unknown(lost_between, TM "copy of name is absent", "records were lost");
}

static void after_a_loss_opens_are_not_counted(void **state)
{
	(void)state;
	is_unknown(lost_between, TM "opens = 2", "records were lost");
}

static void after_a_loss_a_missing_open_is_not_missing(void **state)
{
	(void)state;
	is_unknown(lost_between, TM "open 3:\ncache is hit", "records were lost");
}

static void after_a_loss_a_missing_name_is_not_missing(void **state)
{
	(void)state;
	is_unknown(lost_between, "name \"other\"\nopens = 1", "records were lost");
}

static void after_a_loss_of_ends_nothing_is_alive(void **state)
{
	(void)state;
	is_unknown(lost_ends_between, TM "delete is absent", "records were lost");
}

static void a_difference_seen_before_a_loss_fails(void **state)
{
	(void)state;
	fails(lost_between, TM "open 1:\nalloc = source");
}

static void never_returns(struct script *s)
{
	open_in(s, tmp_file.path, KNAME);
	lookup_in(s, ROLE_LOOKUP_FAST, "t_e.txt", KNAME + 5);
	lookup_hit(s, ROLE_LOOKUP_FAST, DENTRY_A, DENTRY_A + INLINE_AT, "t_e.txt", false);
}

static void an_open_without_return_has_no_missing_file(void **state)
{
	(void)state;
	is_unknown(never_returns, TMP "file is absent", "the open is incomplete");
}

static void a_missed_hit_is_not_absent(void **state)
{
	(void)state;
	last_words.has_missed_probes = true;
	last_words.missed_probes = 1;
	is_unknown(hits, TMP "last open:\nalloc is absent", "the kernel missed hits of a probe");
}

static void a_missed_hit_leaves_what_was_seen(void **state)
{
	(void)state;
	last_words.has_missed_probes = true;
	last_words.missed_probes = 1;
	holds(te_miss, TMP "last open:\nalloc = insert");
}

static void missed_hits_of_another_probe_do_not_matter(void **state)
{
	(void)state;
	missed[ROLE_EVICT][POINT_ENTRY] = 1;
	holds(hits, TMP "last open:\nalloc is absent");
}

static void missed_evictions_leave_no_equality_across_opens(void **state)
{
	(void)state;
	missed[ROLE_EVICT][POINT_ENTRY] = 1;
	is_unknown(hits, TMP "last open:\nlookup = pointer", "the kernel missed hits of a probe");
}

/* The first open rests on nothing about evictions. */
static void all_that_passes_has_to_be_trusted(void **state)
{
	(void)state;
	missed[ROLE_EVICT][POINT_ENTRY] = 1;
	is_unknown(hits, TMP "every open:\nfile = pointer", "the kernel missed hits of a probe");
}

static void hit_then_miss(struct script *s)
{
	hit_file(s, &tmp_file);
	evict(s, &tmp_file);
	miss_file(s, &tmp_file);
}

/* That the first open has no alloc may be the missed hit, the second one's address is not. */
static void a_failure_that_stands_outweighs_one_that_may_not(void **state)
{
	(void)state;
	missed[ROLE_ALLOC][POINT_RETURN] = 1;
	fails(hit_then_miss, TMP "every open:\nalloc = source");
}

static void a_name_that_a_cap_split_is_unknown(void **state)
{
	(void)state;
	last_words.totals.pushed_out = 1;
	is_unknown(hits, "name glob \"*_e.txt\"\nopens = 2",
		   "names were printed early because there were too many");
}

static void many_hits(struct script *s)
{
	miss_file(s, &tmp_file);
	for (int i = 0; i < 2000; i++)
		hit_file(s, &tmp_file);
}

static void among_dropped_hops_nothing_is_absent(void **state)
{
	(void)state;
	is_unknown(many_hits, TMP "delete is absent",
		   "hops were dropped because there were too many");
}

static void the_first_and_the_last_open_outlive_a_cap(void **state)
{
	(void)state;
	holds(many_hits, TMP "lookup of last open = alloc of open 1");
}

static void an_open_counted_over_dropped_ones_is_unknown(void **state)
{
	(void)state;
	is_unknown(many_hits, TMP "open 1500:\ncache is hit",
		   "hops were dropped because there were too many");
}

static void an_open_behind_the_dropped_ones_has_no_number(void **state)
{
	(void)state;
	is_unknown(many_hits, TMP "open 20:\ncache is hit",
		   "hops were dropped because there were too many");
}

static void an_open_before_the_dropped_ones_has_no_number_from_the_end(void **state)
{
	(void)state;
	is_unknown(many_hits, TMP "last open but 20:\ncache is hit",
		   "hops were dropped because there were too many");
}

static void opens_around_the_dropped_ones_have_their_numbers(void **state)
{
	(void)state;
	holds(many_hits, TMP "lookup of open 10 = lookup of last open but 10");
}

static void many_lifetimes(struct script *s)
{
	struct file_spec other = tmp_file;

	for (int i = 0; i < 10; i++) {
		miss_file(s, &tmp_file);
		evict(s, &tmp_file);
	}
	/* It was there before: no insert of it was seen. */
	other.dentry = DENTRY_B;
	hit_file(s, &other);
}

static void few_lifetimes_are_kept(void **state)
{
	(void)state;
	max_lifetimes = 4;
	holds(many_lifetimes, TMP "lifetimes = 11");
}

/* Which of the dropped ones are in a place, nobody knows. */
static void dropped_lifetimes_are_in_no_place(void **state)
{
	(void)state;
	max_lifetimes = 4;
	holds(many_lifetimes, TMP "lifetime 1:\nlifetimes = 1");
	holds(many_lifetimes, TMP "open 1:\nlifetimes = 1");
	is_unknown(many_lifetimes, TMP "open 2:\nlifetimes = 1",
		   "hops were dropped because there were too many");
	comm = "cat";
	is_unknown(many_lifetimes, "name \"/tmp/t_e.txt\" where by \"cat\"\nlifetimes = 11",
		   "hops were dropped because there were too many");
	comm = NULL;
}

/* The walk ends before the name: no dentry bears it. */
static void nothing_is_reached(struct script *s)
{
	open_in(s, "secret/x", KNAME);
	lookup_in(s, FAST, "secret/x", KNAME);
	lookup_hit(s, FAST, PARENT, inline_of(PARENT), "secret", false);
	open_failed(s, 13);
}

static void without_a_dentry_there_is_no_lifetime_to_count(void **state)
{
	static const char why[] = "of some opens no dentry was seen";

	(void)state;
	comes_to(nothing_is_reached, "name \"secret/x\": lifetimes = 1", VERDICT_UNKNOWN, why);
	comes_to(nothing_is_reached, "name \"secret/x\": lifetimes = 0", VERDICT_UNKNOWN, why);
	comes_to(nothing_is_reached, "name \"secret/x\": opens = 1", VERDICT_PASS, NULL);
	conditions.only_seen = true;
	comes_to(nothing_is_reached, "name \"secret/x\": lifetimes = 0", VERDICT_PASS, NULL);
}

static void an_open_in_vain_between_others(struct script *s)
{
	many_lifetimes(s);
	end_of(s, ROLE_EVICT, DENTRY_B, DENTRY_B + INLINE_AT);
	open_in(s, tmp_file.path, KNAME);
	lookup_in(s, FAST, "t_e.txt", KNAME + 5);
	lookup_null(s, FAST);
	open_failed(s, 4);
	for (int i = 0; i < 4; i++) {
		miss_file(s, &tmp_file);
		evict(s, &tmp_file);
	}
}

static void what_was_dropped_without_a_dentry_is_no_lifetime(void **state)
{
	(void)state;
	is_unknown(an_open_in_vain_between_others, TMP "lifetimes = 15",
		   "of some opens no dentry was seen");
	for (max_lifetimes = 1; max_lifetimes < 15; max_lifetimes++)
		is_unknown(an_open_in_vain_between_others, TMP "lifetimes = 15",
			   "of some opens no dentry was seen");
}

static void a_lifetime_keeps_its_number_when_others_are_dropped(void **state)
{
	(void)state;
	max_lifetimes = 4;
	holds(many_lifetimes, TMP "lifetime 11:\nborn is before");
}

static void a_dropped_lifetime_is_unknown(void **state)
{
	(void)state;
	max_lifetimes = 4;
	is_unknown(many_lifetimes, TMP "lifetime 5:\nborn is traced",
		   "hops were dropped because there were too many");
}

static void an_open_keeps_its_number_before_dropped_lifetimes(void **state)
{
	(void)state;
	max_lifetimes = 4;
	holds(many_lifetimes, TMP "open 1:\nalloc = insert");
}

static void an_open_behind_dropped_lifetimes_has_no_number(void **state)
{
	(void)state;
	max_lifetimes = 4;
	is_unknown(many_lifetimes, TMP "open 4:\nalloc is absent",
		   "hops were dropped because there were too many");
}

static void a_failure_outweighs_what_is_unknown(void **state)
{
	(void)state;
	fails(lost_between, TM "every open:\nalloc is present");
}

static void alike_lifetimes(struct script *s)
{
	for (int i = 0; i < 10; i++) {
		miss_file(s, &tmp_file);
		evict(s, &tmp_file);
	}
}

static void what_was_dropped_may_be_otherwise(void **state)
{
	(void)state;
	max_lifetimes = 4;
	is_unknown(alike_lifetimes, TMP "storage is inline",
		   "hops were dropped because there were too many");
	is_unknown(alike_lifetimes, TMP "every lifetime:\nstorage is inline",
		   "hops were dropped because there were too many");
	is_unknown(alike_lifetimes, TMP "every open:\nresult >= 0",
		   "hops were dropped because there were too many");
	holds(alike_lifetimes, TMP "last lifetime:\nstorage is inline");
}

static void lost_behind(struct script *s)
{
	tm_miss(s);
	lose(s, SCOPE_TASK, 1);
}

static void what_was_lost_may_be_otherwise(void **state)
{
	(void)state;
	is_unknown(lost_behind, TM "file = ENOENT", "records were lost");
	is_unknown(lost_behind, TM "result < 0", "records were lost");
	is_unknown(lost_behind, TM "every open:\nfile = ENOENT", "records were lost");
	is_unknown(lost_behind, TM "every lifetime:\nstorage is inline", "records were lost");
	is_unknown(lost_behind, TM "name:\nstorage is inline", "records were lost");
}

static void what_the_kernel_missed_may_be_otherwise(void **state)
{
	(void)state;
	missed[ROLE_OPEN][POINT_RETURN] = 1;
	is_unknown(tm_miss, TM "result < 0", "the kernel missed hits of a probe");
	is_unknown(tm_miss, TM "every open:\nresult < 0", "the kernel missed hits of a probe");
	fails(tm_miss, TM "result >= 0");
}

static void what_was_seen_to_fail_fails(void **state)
{
	(void)state;
	fails(lost_behind, TM "file = EACCES");
	fails(lost_behind, TM "result >= 0");
}

static void what_is_of_one_open_is_not_lost_elsewhere(void **state)
{
	(void)state;
	holds(lost_behind, TM "open 1:\nfile = ENOENT");
}

#define TEST(name) cmocka_unit_test_setup(name, forget_conditions)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_hop_without_a_probe_is_unknown),
		TEST(without_a_probe_nothing_is_absent),
		TEST(without_a_lookup_probe_none_is_the_first),
		TEST(without_an_evict_probe_opens_are_not_compared),
		TEST(without_an_evict_probe_nothing_is_alive),
		TEST(without_what_could_have_ended_it_nothing_is_alive),
		TEST(what_may_have_ended_later_is_not_told),
		TEST(what_was_evicted_stays_that),
		TEST(an_end_that_the_kernel_may_have_missed_is_unknown),
		TEST(a_name_that_a_cap_pushed_out_may_have_ended_since),
		TEST(with_own_evictions_opens_are_not_compared),
		TEST(with_own_evictions_one_open_is_not_touched),
		TEST(with_own_evictions_nothing_is_undeleted),
		TEST(in_an_incomplete_open_nothing_is_absent),
		TEST(in_an_incomplete_open_nothing_is_equal),
		TEST(in_an_incomplete_open_no_hop_is_trusted),
		TEST(in_an_incomplete_open_nothing_is_different),
		TEST(across_a_loss_nothing_is_equal),
		TEST(across_a_loss_of_ends_nothing_is_equal),
		TEST(a_loss_outside_does_not_touch_an_open),
		TEST(after_a_loss_outside_a_complete_open_has_no_more),
		TEST(after_a_loss_nothing_is_absent_from_a_name),
		TEST(after_a_loss_opens_are_not_counted),
		TEST(after_a_loss_a_missing_open_is_not_missing),
		TEST(after_a_loss_a_missing_name_is_not_missing),
		TEST(after_a_loss_of_ends_nothing_is_alive),
		TEST(a_difference_seen_before_a_loss_fails),
		TEST(an_open_without_return_has_no_missing_file),
		TEST(a_missed_hit_is_not_absent),
		TEST(a_missed_hit_leaves_what_was_seen),
		TEST(missed_hits_of_another_probe_do_not_matter),
		TEST(missed_evictions_leave_no_equality_across_opens),
		TEST(all_that_passes_has_to_be_trusted),
		TEST(a_failure_that_stands_outweighs_one_that_may_not),
		TEST(a_name_that_a_cap_split_is_unknown),
		TEST(among_dropped_hops_nothing_is_absent),
		TEST(the_first_and_the_last_open_outlive_a_cap),
		TEST(an_open_counted_over_dropped_ones_is_unknown),
		TEST(an_open_behind_the_dropped_ones_has_no_number),
		TEST(an_open_before_the_dropped_ones_has_no_number_from_the_end),
		TEST(opens_around_the_dropped_ones_have_their_numbers),
		TEST(few_lifetimes_are_kept),
		TEST(without_a_dentry_there_is_no_lifetime_to_count),
		TEST(dropped_lifetimes_are_in_no_place),
		TEST(what_was_dropped_without_a_dentry_is_no_lifetime),
		TEST(a_lifetime_keeps_its_number_when_others_are_dropped),
		TEST(a_dropped_lifetime_is_unknown),
		TEST(an_open_keeps_its_number_before_dropped_lifetimes),
		TEST(an_open_behind_dropped_lifetimes_has_no_number),
		TEST(a_failure_outweighs_what_is_unknown),
		TEST(what_was_dropped_may_be_otherwise),
		TEST(what_was_lost_may_be_otherwise),
		TEST(what_the_kernel_missed_may_be_otherwise),
		TEST(what_was_seen_to_fail_fails),
		TEST(what_is_of_one_open_is_not_lost_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
