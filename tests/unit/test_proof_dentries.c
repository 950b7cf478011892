/* SPDX-License-Identifier: MIT */
/*
 * What a self-test's records prove of dentries: those that are known again by their addresses, from
 * the lookup or allocation to the eviction.
 */
#include "proof_records.h"

static void a_known_dentry_with_a_strange_name_is_wrong(void **state)
{
	const struct record first = alloc_of("created", DENTRY, 7);
	struct record second = alloc_of("\x01garbage", DENTRY, 8);
	struct proof proof = { .facts = &facts };

	(void)state;
	second.role = ROLE_INSERT;
	second.point = POINT_ENTRY;
	proof_record(&proof, &first);
	proof_record(&proof, &second);
	assert_verdict(&proof, &second, PROOF_WRONG, "known dentry");
}

static void a_dentry_that_bore_a_name_proves_its_eviction(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, POINT_ENTRY);
	struct proof proof = { .facts = &facts };

	(void)state;
	set(&evict, FIELD_DENTRY, DENTRY);
	set(&evict, FIELD_LEN, 10); /* it was renamed */
	proof_record(&proof, &alloc);
	proof_record(&proof, &evict);
	assert_verdict(&proof, &evict, PROOF_HOLDS, NULL);
}

/* As when the process that was started is looked up in /proc, where the kernel reuses memory. */
static void a_dentry_that_is_allocated_again_is_another(void **state)
{
	const struct record first = alloc_of("created", DENTRY, 7);
	const struct record second = alloc_of("101", DENTRY, 3);
	struct record insert = second;
	struct proof proof = { .facts = &facts };

	(void)state;
	insert.role = ROLE_INSERT;
	insert.point = POINT_ENTRY;
	proof_record(&proof, &first);
	proof_record(&proof, &second);
	proof_record(&proof, &insert);
	assert_verdict(&proof, &second, PROOF_HOLDS, NULL);
	assert_verdict(&proof, &insert, PROOF_SILENT, NULL);
}

static void an_evicted_dentry_may_bear_any_name(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, POINT_ENTRY);
	struct record insert = alloc_of("101", DENTRY, 3);
	struct proof proof = { .facts = &facts };

	(void)state;
	set(&evict, FIELD_DENTRY, DENTRY);
	set(&evict, FIELD_LEN, 7);
	insert.role = ROLE_INSERT;
	insert.point = POINT_ENTRY;
	proof_record(&proof, &alloc);
	proof_record(&proof, &evict);
	proof_record(&proof, &insert);
	set(&evict, FIELD_LEN, 3);
	proof_record(&proof, &evict);
	assert_verdict(&proof, &evict, PROOF_HOLDS, NULL);
	assert_verdict(&proof, &insert, PROOF_SILENT, NULL);
}

/* An ended life does not excuse what is read in the next one of ours. */
static void a_name_of_ours_in_used_memory_is_known_again(void **state)
{
	const struct record other = alloc_of("101", DENTRY, 3);
	const struct record ours = alloc_of("created", DENTRY, 7);
	struct record insert = alloc_of("garbage", DENTRY, 7);
	struct proof proof = { .facts = &facts };

	(void)state;
	insert.role = ROLE_INSERT;
	insert.point = POINT_ENTRY;
	proof_record(&proof, &ours);
	proof_record(&proof, &other);
	proof_record(&proof, &ours);
	proof_record(&proof, &insert);
	assert_verdict(&proof, &insert, PROOF_WRONG, "known dentry");
}

static struct record lookup_of(uint64_t dentry, uint64_t name)
{
	struct record record = record_of(ROLE_LOOKUP_FAST, POINT_RETURN);

	set(&record, FIELD_DENTRY, dentry);
	set(&record, FIELD_NAME, name);
	return record;
}

static void a_lookup_that_finds_a_known_dentry_is_proved(void **state)
{
	struct proof proof = { .facts = &facts };
	struct record first = alloc_of("created", DENTRY, 7);
	struct record found = lookup_of(DENTRY, DENTRY + 56);

	(void)state;
	set(&first, FIELD_NAME, DENTRY + 56);
	proof_record(&proof, &first);
	proof_record(&proof, &found);
	assert_verdict(&proof, &found, PROOF_HOLDS, NULL);
}

static void a_lookup_that_finds_its_name_elsewhere_is_wrong(void **state)
{
	struct proof proof = { .facts = &facts };
	struct record first = alloc_of("created", DENTRY, 7);
	struct record found = lookup_of(DENTRY, DENTRY + 64);

	(void)state;
	set(&first, FIELD_NAME, DENTRY + 56);
	proof_record(&proof, &first);
	proof_record(&proof, &found);
	assert_verdict(&proof, &found, PROOF_WRONG, "name reads");
}

static void a_lookup_that_finds_another_dentry_proves_nothing(void **state)
{
	struct record found = lookup_of(DENTRY, DENTRY + 56);

	(void)state;
	assert_proves(&found, PROOF_SILENT, "never for what");
}

/* An allocation is asked for what was looked up before. */
static enum proof_verdict verdict_of_alloc(uint64_t name, uint64_t len)
{
	struct proof proof = { .facts = &facts };
	struct record asked = record_of(ROLE_LOOKUP_SLOW, POINT_ENTRY);
	struct record alloc = record_of(ROLE_ALLOC, POINT_ENTRY);
	char why[PROOF_REASON];

	set_string(&asked, "created");
	set(&asked, FIELD_NAME, DENTRY);
	set(&asked, FIELD_HASH, 1);
	set(&asked, FIELD_LEN, 7);
	set(&alloc, FIELD_NAME, name);
	set(&alloc, FIELD_LEN, len);
	proof_record(&proof, &asked);
	proof_record(&proof, &alloc);
	return proof_verdict(&proof, ROLE_ALLOC, POINT_ENTRY, why);
}

static void an_allocation_is_for_what_was_looked_up(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_alloc(DENTRY, 7), PROOF_HOLDS);
	assert_int_equal(verdict_of_alloc(DENTRY + 8, 7), PROOF_SILENT);
	assert_int_equal(verdict_of_alloc(DENTRY, 8), PROOF_WRONG);
}

static void play_lookup(struct proof *proof, enum role role, enum point point, uint64_t name,
			bool is_call)
{
	struct record record = record_of(role, point);

	set(&record, FIELD_PARENT, DENTRY);
	set(&record, FIELD_NAME, name);
	record.is_call = is_call;
	proof_record(proof, &record);
}

static void a_slow_lookup_that_is_made_of_another_is_spared(void **state)
{
	struct proof proof = { .facts = &facts };

	(void)state;
	assert_false(proof_spares_slow(&proof));
	play_lookup(&proof, ROLE_LOOKUP_SLOW, POINT_ENTRY, 1, false);
	play_lookup(&proof, ROLE_LOOKUP_REF, POINT_ENTRY, 1, false);
	play_lookup(&proof, ROLE_LOOKUP_REF, POINT_RETURN, 1, false);
	play_lookup(&proof, ROLE_LOOKUP_SLOW, POINT_RETURN, 1, false);
	assert_true(proof_spares_slow(&proof));
	play_lookup(&proof, ROLE_LOOKUP_SLOW, POINT_ENTRY, 2, false);
	play_lookup(&proof, ROLE_LOOKUP_SLOW, POINT_RETURN, 2, false);
	assert_false(proof_spares_slow(&proof));
}

static void a_slow_call_comes_behind_what_it_is_made_of(void **state)
{
	struct proof proof = { .facts = &facts };

	(void)state;
	for (int point = 0; point < POINT_NR; point++)
		play_lookup(&proof, ROLE_LOOKUP_REF, (enum point)point, 1, true);
	for (int point = 0; point < POINT_NR; point++)
		play_lookup(&proof, ROLE_LOOKUP_SLOW, (enum point)point, 1, true);
	assert_true(proof_spares_slow(&proof));
	for (int point = 0; point < POINT_NR; point++)
		play_lookup(&proof, ROLE_LOOKUP_SLOW, (enum point)point, 2, true);
	assert_false(proof_spares_slow(&proof));
}

/* What was not read is whatever stood in the record before. */
static void a_lookup_of_an_unread_name_is_not_known_to_be_the_same(void **state)
{
	static const enum field fields[] = { FIELD_PARENT, FIELD_NAME };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct record slow = record_of(ROLE_LOOKUP_SLOW, POINT_ENTRY);
		struct record ref = record_of(ROLE_LOOKUP_REF, POINT_ENTRY);
		struct proof proof = { .facts = &facts };

		set(&slow, fields[i], 1);
		set(&ref, fields[i], 1);
		slow.value[fields[!i]] = ref.value[fields[!i]] = 2;
		proof_record(&proof, &slow);
		proof_record(&proof, &ref);
		slow.point = POINT_RETURN;
		proof_record(&proof, &slow);
		assert_false(proof_spares_slow(&proof));
	}
}

static void an_eviction_of_another_dentry_proves_nothing(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, POINT_ENTRY);
	struct proof proof = { .facts = &facts };

	(void)state;
	set(&evict, FIELD_DENTRY, OTHER);
	proof_record(&proof, &alloc);
	proof_record(&proof, &evict);
	assert_verdict(&proof, &evict, PROOF_SILENT, NULL);
}

static void a_known_dentry_with_a_strange_length_is_wrong(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, POINT_ENTRY);
	struct proof proof = { .facts = &facts };

	(void)state;
	set(&evict, FIELD_DENTRY, DENTRY);
	set(&evict, FIELD_LEN, 4000);
	proof_record(&proof, &alloc);
	proof_record(&proof, &evict);
	assert_verdict(&proof, &evict, PROOF_WRONG, "4000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_dentry_with_a_strange_name_is_wrong),
		cmocka_unit_test(a_dentry_that_bore_a_name_proves_its_eviction),
		cmocka_unit_test(a_dentry_that_is_allocated_again_is_another),
		cmocka_unit_test(an_evicted_dentry_may_bear_any_name),
		cmocka_unit_test(a_name_of_ours_in_used_memory_is_known_again),
		cmocka_unit_test(an_eviction_of_another_dentry_proves_nothing),
		cmocka_unit_test(a_slow_lookup_that_is_made_of_another_is_spared),
		cmocka_unit_test(a_slow_call_comes_behind_what_it_is_made_of),
		cmocka_unit_test(a_lookup_of_an_unread_name_is_not_known_to_be_the_same),
		cmocka_unit_test(a_lookup_that_finds_a_known_dentry_is_proved),
		cmocka_unit_test(a_lookup_that_finds_its_name_elsewhere_is_wrong),
		cmocka_unit_test(a_lookup_that_finds_another_dentry_proves_nothing),
		cmocka_unit_test(an_allocation_is_for_what_was_looked_up),
		cmocka_unit_test(a_known_dentry_with_a_strange_length_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
