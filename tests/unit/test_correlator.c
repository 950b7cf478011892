/* SPDX-License-Identifier: MIT */
/*
 * The correlator: what chains come from which records.
 */
#include "kernel_script.h"

static void a_cold_open_gives_the_whole_chain(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	script_end(&s);
	assert_string_equal(
		s.text,
		"open 1 \"/tmp/t_e.txt\" result=3 cache=miss walk=ref\n"
		"name \"t_e.txt\" path \"/tmp/t_e.txt\"\n"
		"  lifetime born=traced storage=inline end=alive: user filename lookup=NULL "
		"source alloc lookup=NULL insert file\n"
		"  source - filename = 5 PASS\n"
		"  alloc - dentry = 56 PASS\n"
		"  alloc == insert PASS\n"
		"  insert == file PASS\n");
}

static void a_missing_name_becomes_negative_and_is_hit(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_m.txt", KNAME);
	lookup_in(&s, FAST, "t_m.txt", KNAME);
	lookup_null(&s, FAST);
	alloc(&s, "t_m.txt", KNAME, DENTRY_A, inline_of(DENTRY_A));
	insert(&s, DENTRY_A, inline_of(DENTRY_A), "t_m.txt", true);
	open_failed(&s, 2);
	open_in(&s, "t_m.txt", KNAME);
	lookup_in(&s, FAST, "t_m.txt", KNAME);
	lookup_hit(&s, FAST, DENTRY_A, inline_of(DENTRY_A), "t_m.txt", true);
	open_failed(&s, 2);
	script_end(&s);
	assert_string_equal(
		s.text,
		"open 1 \"t_m.txt\" result=-2 cache=miss walk=ref\n"
		"open 2 \"t_m.txt\" result=-2 cache=negative walk=rcu\n"
		"name \"t_m.txt\" path \"t_m.txt\"\n"
		"  lifetime born=traced storage=inline end=alive: user filename lookup=NULL "
		"source alloc insert file! user filename lookup file!\n"
		"  source == filename PASS\n"
		"  alloc - dentry = 56 PASS\n"
		"  alloc == insert PASS\n"
		"  lookup == alloc PASS\n");
}

static void a_name_cached_before_has_no_relation_about_its_birth(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	warm_open(&s, DENTRY_A);
	script_end(&s);
	assert_string_equal(
		s.text, "open 1 \"/tmp/t_e.txt\" result=3 cache=hit walk=rcu\n"
			"name \"t_e.txt\" path \"/tmp/t_e.txt\"\n"
			"  lifetime born=before storage=unknown end=alive: user filename lookup "
			"file\n"
			"  file == lookup PASS\n");
}

static void one_pointer_from_hit_to_delete_to_evict(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	warm_open(&s, DENTRY_A);
	lookup_in(&s, SLOW, "t_e.txt", KNAME);
	lookup_hit(&s, SLOW, DENTRY_A, inline_of(DENTRY_A), "t_e.txt", false);
	end_of(&s, ROLE_DELETE, DENTRY_A, inline_of(DENTRY_A));
	s.tid = 7; /* somebody else */
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	script_end(&s);
	assert_non_null(strstr(s.text,
			       "end=evicted: user filename lookup file lookup delete evict\n"
			       "  file == lookup PASS\n"
			       "  delete == lookup PASS\n"
			       "  evict == lookup PASS\n"));
}

static void two_lifetimes_are_never_joined(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	cold_open(&s, DENTRY_B);
	script_end(&s);
	assert_non_null(strstr(s.text, "  lifetime born=traced storage=inline end=evicted:"));
	assert_non_null(strstr(s.text, "  lifetime born=traced storage=inline end=alive:"));
	assert_non_null(strstr(s.text, "  lifetimes - = -16777216\n"));
}

static void an_address_that_comes_back_is_reuse_not_the_same_lifetime(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	cold_open(&s, DENTRY_A);
	script_end(&s);
	assert_non_null(strstr(s.text, "  lifetimes - = 0 reuse\n"));
	assert_non_null(strstr(s.text, "end=evicted:"));
}

static void an_eviction_that_was_not_seen_ends_the_lifetime_as_unknown(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	cold_open(&s, DENTRY_A);
	script_end(&s);
	assert_non_null(strstr(s.text, "storage=inline end=unknown:"));
}

static void a_dentry_with_another_name_is_not_the_old_lifetime(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	open_in(&s, "other", KNAME);
	lookup_in(&s, FAST, "other", KNAME);
	lookup_hit(&s, FAST, DENTRY_A, inline_of(DENTRY_A), "other", false);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "other");
	script_end(&s);
	assert_non_null(strstr(s.text, "end=unknown:"));
	assert_null(strstr(s.text, "lookup == alloc"));
}

static void a_link_is_followed_without_a_false_relation(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	script_begin(&s);
	open_in(&s, "a/x", KNAME);
	lookup_in(&s, FAST, "x", KNAME + 2);
	r = at(&s, FAST, POINT_RETURN);
	with_dentry(&r, DENTRY_B, inline_of(DENTRY_B), "x");
	with(&r, FIELD_INODE, INODE);
	with(&r, FIELD_MODE, S_IFLNK | 0777);
	play(&s, &r);
	/* The target has the same component, in a buffer of the link's. */
	lookup_in(&s, SLOW, "x", KNAME + 0x5000);
	lookup_null(&s, SLOW);
	alloc(&s, "x", KNAME + 0x5000, DENTRY_A, inline_of(DENTRY_A));
	insert(&s, DENTRY_A, inline_of(DENTRY_A), "x", false);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "x");
	script_end(&s);
	assert_null(strstr(s.text, "FAIL"));
	assert_null(strstr(s.text, "source - filename"));
	assert_non_null(strstr(s.text, "  alloc == insert PASS\n"));
}

static void a_component_ends_after_its_length(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	warm_open(&s, DENTRY_A);
	script_end(&s);
	assert_null(strstr(s.text, "name \"tmp"));
	assert_non_null(strstr(s.text, "name \"t_e.txt\""));
}

static void the_lookup_inside_the_slow_one_is_not_told_twice(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_m", KNAME);
	lookup_in(&s, SLOW, "t_m", KNAME);
	lookup_in(&s, ROLE_LOOKUP_REF, "t_m", KNAME);
	lookup_null(&s, ROLE_LOOKUP_REF);
	lookup_null(&s, SLOW);
	open_failed(&s, 2);
	script_end(&s);
	assert_non_null(strstr(s.text, ": user filename lookup=NULL file!\n"));
}

/* One record of a whole call, in two halves. */
static void lookup_call(struct script *s, enum role role, const char *rest, uint64_t qname,
			uint64_t dentry)
{
	struct record r = at(s, role, POINT_ENTRY);

	r.is_call = true;
	with_text(&r, rest);
	with(&r, FIELD_LEN, strcspn(rest, "/"));
	with(&r, FIELD_NAME, qname);
	with_dir(&r);
	play(s, &r);
	r.point = POINT_RETURN;
	r.present = 0;
	with(&r, FIELD_DENTRY, dentry);
	if (dentry)
		with(&r, FIELD_NAME, inline_of(dentry));
	if (dentry)
		with(&r, FIELD_INODE, INODE);
	play(s, &r);
}

static void the_lookup_around_an_inner_one_is_not_told_twice(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_m", KNAME);
	lookup_call(&s, ROLE_LOOKUP_REF, "t_m", KNAME, 0);
	lookup_call(&s, SLOW, "t_m", KNAME, 0);
	open_failed(&s, 2);
	script_end(&s);
	assert_non_null(strstr(s.text, ": user filename lookup=NULL file!\n"));
	assert_int_equal(s.totals.records, 6);
}

static void a_slow_lookup_of_another_name_is_reported(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "d/t_m", KNAME);
	lookup_call(&s, ROLE_LOOKUP_REF, "d/t_m", KNAME, DENTRY_A);
	lookup_call(&s, SLOW, "t_m", KNAME + 2, 0);
	open_failed(&s, 2);
	script_end(&s);
	assert_non_null(strstr(s.text, ": user filename lookup=NULL file!\n"));
}

/* The lookup began before the drop, and its record came after it. */
static void a_call_that_overlaps_a_drop_found_the_dying_lifetime(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "t_m", KNAME);
	lookup_call(&s, FAST, "t_m", KNAME, DENTRY_A);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "t_m");
	open_in(&s, "t_m", KNAME);
	s.tid = 200;
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	end_of(&s, ROLE_DROP, DENTRY_A, inline_of(DENTRY_A));
	s.tid = PROGRAM;
	lookup_call(&s, FAST, "t_m", KNAME, DENTRY_A);
	open_failed(&s, 13);
	script_end(&s);
	assert_non_null(strstr(s.text, "lifetime"));
	assert_null(strstr(strstr(s.text, "lifetime") + 1, "lifetime"));
}

/* The return tells no text: that it is one dentry does. */
static void a_dentry_that_answers_to_two_spellings_is_one_name(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "File", KNAME);
	lookup_call(&s, FAST, "File", KNAME, DENTRY_A);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "File");
	open_in(&s, "FILE", KNAME);
	lookup_call(&s, FAST, "FILE", KNAME, DENTRY_A);
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "File");
	script_end(&s);
	assert_int_equal(s.totals.names, 1);
	assert_non_null(strstr(s.text, "name \"File\""));
}

static void an_unreached_name_has_no_dentry(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "secret/x", KNAME);
	lookup_in(&s, FAST, "secret/x", KNAME);
	lookup_hit(&s, FAST, PARENT, inline_of(PARENT), "secret", false);
	open_failed(&s, 13);
	script_end(&s);
	assert_non_null(strstr(s.text, "open 1 \"secret/x\" result=-13 cache=unreached"));
	assert_non_null(strstr(s.text, "name \"x\" path \"secret/x\"\n"
				       "  lifetime born=not storage=unknown end=unknown: user "
				       "filename file!\n"));
}

static void unlink_without_open_has_a_name_without_a_path(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	lookup_in(&s, SLOW, "gone", KNAME);
	lookup_hit(&s, SLOW, DENTRY_A, inline_of(DENTRY_A), "gone", false);
	end_of(&s, ROLE_DELETE, DENTRY_A, inline_of(DENTRY_A));
	script_end(&s);
	assert_non_null(strstr(s.text, "name \"gone\" path \"\"\n"));
	assert_non_null(strstr(s.text, "end=deleted: lookup delete\n"));
}

static void a_drop_after_delete_says_unhashed(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	warm_open(&s, DENTRY_A);
	end_of(&s, ROLE_DELETE, DENTRY_A, inline_of(DENTRY_A));
	end_of(&s, ROLE_DROP, DENTRY_A, inline_of(DENTRY_A));
	script_end(&s);
	assert_non_null(strstr(s.text, "end=unhashed: user filename lookup file delete\n"));
}

static void a_rename_ends_one_name_and_begins_the_other(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	script_begin(&s);
	cold_open(&s, DENTRY_A);
	r = at(&s, ROLE_RENAME, POINT_ENTRY);
	with(&r, FIELD_DENTRY, DENTRY_A);
	with(&r, FIELD_NAME, inline_of(DENTRY_A));
	with(&r, FIELD_TARGET, DENTRY_B);
	with(&r, FIELD_LEN, 3);
	with_text(&r, "new");
	with_dir(&r);
	play(&s, &r);
	insert(&s, DENTRY_A, DENTRY_B + 9, "new", false);
	script_end(&s);
	assert_non_null(strstr(s.text, "end=renamed: user filename lookup=NULL source alloc "
				       "lookup=NULL insert file rename\n"));
	assert_non_null(strstr(s.text,
			       "name \"new\" path \"\"\n"
			       "  lifetime born=traced storage=unknown end=alive: insert\n"));
	assert_null(strstr(s.text, "FAIL"));
}

static void threads_do_not_mix(void **state)
{
	struct script s;

	(void)state;
	script_begin(&s);
	open_in(&s, "one", KNAME);
	lookup_in(&s, FAST, "one", KNAME);
	s.tid = 101;
	open_in(&s, "two", KNAME + 4096);
	lookup_in(&s, FAST, "two", KNAME + 4096);
	s.tid = PROGRAM;
	lookup_hit(&s, FAST, DENTRY_A, inline_of(DENTRY_A), "one", false);
	s.tid = 101;
	lookup_hit(&s, FAST, DENTRY_B, inline_of(DENTRY_B), "two", true);
	open_failed(&s, 2);
	s.tid = PROGRAM;
	open_out(&s, DENTRY_A, inline_of(DENTRY_A), "one");
	script_end(&s);
	assert_non_null(strstr(s.text, "open 1 \"one\" result=3 cache=hit walk=rcu\n"));
	assert_non_null(strstr(s.text, "open 2 \"two\" result=-2 cache=negative walk=rcu\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cold_open_gives_the_whole_chain),
		cmocka_unit_test(a_missing_name_becomes_negative_and_is_hit),
		cmocka_unit_test(a_name_cached_before_has_no_relation_about_its_birth),
		cmocka_unit_test(one_pointer_from_hit_to_delete_to_evict),
		cmocka_unit_test(two_lifetimes_are_never_joined),
		cmocka_unit_test(an_address_that_comes_back_is_reuse_not_the_same_lifetime),
		cmocka_unit_test(an_eviction_that_was_not_seen_ends_the_lifetime_as_unknown),
		cmocka_unit_test(a_dentry_with_another_name_is_not_the_old_lifetime),
		cmocka_unit_test(a_link_is_followed_without_a_false_relation),
		cmocka_unit_test(a_component_ends_after_its_length),
		cmocka_unit_test(the_lookup_inside_the_slow_one_is_not_told_twice),
		cmocka_unit_test(the_lookup_around_an_inner_one_is_not_told_twice),
		cmocka_unit_test(a_slow_lookup_of_another_name_is_reported),
		cmocka_unit_test(a_call_that_overlaps_a_drop_found_the_dying_lifetime),
		cmocka_unit_test(a_dentry_that_answers_to_two_spellings_is_one_name),
		cmocka_unit_test(an_unreached_name_has_no_dentry),
		cmocka_unit_test(unlink_without_open_has_a_name_without_a_path),
		cmocka_unit_test(a_drop_after_delete_says_unhashed),
		cmocka_unit_test(a_rename_ends_one_name_and_begins_the_other),
		cmocka_unit_test(threads_do_not_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
