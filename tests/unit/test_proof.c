/* SPDX-License-Identifier: MIT */
/*
 * What a self-test's records prove: each kind of evidence, and each way in which it can fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../src/tracing/proof.h"

#define US     100
#define CHILD  101
#define DENTRY 0xffff888000001000
#define OTHER  0xffff888000002000

static const struct proof_open opens[] = {
	{ "/tmp/d//missing", 0x7000, -2 },
	{ "/tmp/d//created", 0x8000, 3 },
};

static const struct proof_facts facts = {
	.opens = opens,
	.open_count = 2,
	.names = { "missing", "created", "renamed-to" },
	.tid = US,
	.child = CHILD,
	.has_place = true,
	.dev = 0x800001,
	.dir_ino = 77,
	.has_gen = true,
	.dir_gen = 5,
};

static struct record record_of(enum role role, enum edge edge)
{
	return (struct record){ .role = role, .edge = edge, .tid = US };
}

static void set(struct record *record, enum field field, uint64_t value)
{
	record->present |= FIELD_BIT(field);
	record->value[field] = value;
}

static void set_string(struct record *record, const char *text)
{
	record->present |= FIELD_BIT(FIELD_STRING);
	record->str = text;
	record->str_len = (uint32_t)strlen(text);
}

/* An alloc return that shows @name as @dentry's, @len bytes long. */
static struct record alloc_of(const char *name, uint64_t dentry, uint64_t len)
{
	struct record record = record_of(ROLE_ALLOC, EDGE_RETURN);

	set_string(&record, name);
	set(&record, FIELD_DENTRY, dentry);
	set(&record, FIELD_LEN, len);
	return record;
}

static void assert_verdict(const struct proof *proof, const struct record *record,
			   enum proof_verdict verdict, const char *text)
{
	char why[PROOF_REASON] = "";

	assert_int_equal(proof_verdict(proof, record->role, record->edge, why), verdict);
	if (text && !strstr(why, text))
		fail_msg("no '%s' in '%s'", text, why);
}

static void assert_proves(const struct record *record, enum proof_verdict verdict, const char *text)
{
	struct proof proof = { .facts = &facts };

	proof_record(&proof, record);
	assert_verdict(&proof, record, verdict, text);
}

static void a_probe_without_a_record_is_silent(void **state)
{
	const struct proof proof = { .facts = &facts };
	const struct record record = record_of(ROLE_OPEN, EDGE_ENTRY);

	(void)state;
	assert_verdict(&proof, &record, PROOF_SILENT, "never hit");
}

/* The file system may have no handles. */
static void what_could_not_be_tried_is_not_silent(void **state)
{
	static const enum role roles[] = { ROLE_HANDLE, ROLE_OPEN_ROOT, ROLE_SIGNAL };
	const struct proof proof = { .facts = &facts };
	struct proof_facts tried = facts;
	const struct proof after = { .facts = &tried };
	const struct record root = record_of(ROLE_OPEN_ROOT, EDGE_RETURN);

	(void)state;
	tried.has_handle = true;
	tried.sa_flags = 1;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		const struct record record = record_of(roles[i], EDGE_RETURN);

		assert_verdict(&proof, &record, PROOF_UNTRIED, NULL);
		assert_verdict(&after, &record, PROOF_SILENT, "never hit");
	}
	tried.handle = -1;
	assert_verdict(&after, &root, PROOF_UNTRIED, NULL);
}

/* What a record of @role proves whose @field is @value. */
static void assert_number(enum role role, enum edge edge, enum field field, uint64_t value,
			  enum proof_verdict verdict)
{
	struct proof_facts tried = facts;
	struct proof proof = { .facts = &tried };
	struct record record = record_of(role, edge);

	tried.has_handle = true;
	tried.handle_dfd = 5;
	tried.handle = 6;
	tried.sa_flags = 0x10000000;
	set(&record, field, value);
	proof_record(&proof, &record);
	assert_verdict(&proof, &record, verdict, NULL);
}

static void a_handle_and_a_handler_prove_their_probes(void **state)
{
	(void)state;
	assert_number(ROLE_HANDLE, EDGE_ENTRY, FIELD_DFD, 5, PROOF_HOLDS);
	assert_number(ROLE_HANDLE, EDGE_ENTRY, FIELD_DFD, 50, PROOF_WRONG);
	assert_number(ROLE_HANDLE, EDGE_RETURN, FIELD_RET, 6, PROOF_HOLDS);
	assert_number(ROLE_HANDLE, EDGE_RETURN, FIELD_RET, 60, PROOF_WRONG);
	assert_number(ROLE_SIGNAL, EDGE_ENTRY, FIELD_SA_FLAGS, 0x14000000, PROOF_HOLDS);
	assert_number(ROLE_SIGNAL, EDGE_ENTRY, FIELD_SA_FLAGS, 0x4000000, PROOF_SILENT);
}

static void a_record_of_another_task_proves_nothing(void **state)
{
	struct record record = alloc_of("missing", DENTRY, 7);

	(void)state;
	record.tid = 4711;
	assert_proves(&record, PROOF_SILENT, "never hit");
}

static void a_name_that_was_used_proves_its_probe(void **state)
{
	struct record record = alloc_of("created", DENTRY, 7);

	(void)state;
	assert_proves(&record, PROOF_HOLDS, NULL);
}

static void a_probe_that_never_shows_a_name_is_silent_and_counted(void **state)
{
	struct record record = alloc_of("somebody-elses", DENTRY, 14);

	(void)state;
	assert_proves(&record, PROOF_SILENT, "hit 1 times");
}

static void a_name_that_only_begins_alike_is_wrong(void **state)
{
	struct record record = alloc_of("created2", DENTRY, 8);

	(void)state;
	assert_proves(&record, PROOF_WRONG, "len reads 8, and it was 7");
}

static void a_length_that_is_not_the_names_is_wrong(void **state)
{
	struct record record = alloc_of("created", DENTRY, 70);

	(void)state;
	assert_proves(&record, PROOF_WRONG, "len reads 70, and it was 7");
}

static void a_directory_that_is_not_ours_is_wrong(void **state)
{
	struct record record = alloc_of("created", DENTRY, 7);

	(void)state;
	set(&record, FIELD_DIR_INO, 78);
	assert_proves(&record, PROOF_WRONG, "dir_ino reads 78, and it was 77");
}

static void a_device_that_is_not_ours_is_wrong(void **state)
{
	struct record record = alloc_of("created", DENTRY, 7);

	(void)state;
	set(&record, FIELD_DEV, 1);
	assert_proves(&record, PROOF_WRONG, "dev reads 1");
}

static void a_generation_that_is_not_ours_is_wrong(void **state)
{
	struct record record = alloc_of("created", DENTRY, 7);

	(void)state;
	set(&record, FIELD_DIR_GEN, 6);
	assert_proves(&record, PROOF_WRONG, "dir_gen reads 6, and it was 5");
}

/* As when the directory's inode is read at a wrong offset, where no pointer stands. */
static void a_directory_that_is_never_read_is_wrong(void **state)
{
	static const enum field place[] = { FIELD_DIR_INO, FIELD_DIR_GEN, FIELD_DEV };
	static const uint64_t values[] = { 77, 5, 0x800001 };
	struct record record = alloc_of("created", DENTRY, 7);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct proof proof = { .facts = &facts };
		struct record whole = record;

		proof.probes[ROLE_ALLOC][EDGE_RETURN].planned = FIELD_BIT(place[i]);
		proof_record(&proof, &record);
		assert_verdict(&proof, &record, PROOF_WRONG, field_name(place[i]));
		set(&whole, place[i], values[i]);
		proof_record(&proof, &whole);
		assert_verdict(&proof, &whole, PROOF_HOLDS, NULL);
	}
}

static void a_directory_that_nobody_knows_need_not_be_read(void **state)
{
	struct proof_facts nowhere = facts;
	struct proof proof = { .facts = &nowhere };
	struct record record = alloc_of("created", DENTRY, 7);

	(void)state;
	nowhere.has_place = false;
	proof.probes[ROLE_ALLOC][EDGE_RETURN].planned = FIELD_BIT(FIELD_DIR_INO);
	proof_record(&proof, &record);
	assert_verdict(&proof, &record, PROOF_HOLDS, NULL);
}

static void a_known_dentry_with_a_strange_name_is_wrong(void **state)
{
	const struct record first = alloc_of("created", DENTRY, 7);
	struct record second = alloc_of("\x01garbage", DENTRY, 8);
	struct proof proof = { .facts = &facts };

	(void)state;
	second.role = ROLE_INSERT;
	second.edge = EDGE_ENTRY;
	proof_record(&proof, &first);
	proof_record(&proof, &second);
	assert_verdict(&proof, &second, PROOF_WRONG, "known dentry");
}

static void a_dentry_that_bore_a_name_proves_its_eviction(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, EDGE_ENTRY);
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
	insert.edge = EDGE_ENTRY;
	proof_record(&proof, &first);
	proof_record(&proof, &second);
	proof_record(&proof, &insert);
	assert_verdict(&proof, &second, PROOF_HOLDS, NULL);
	assert_verdict(&proof, &insert, PROOF_SILENT, NULL);
}

static void an_evicted_dentry_may_bear_any_name(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, EDGE_ENTRY);
	struct record insert = alloc_of("101", DENTRY, 3);
	struct proof proof = { .facts = &facts };

	(void)state;
	set(&evict, FIELD_DENTRY, DENTRY);
	set(&evict, FIELD_LEN, 7);
	insert.role = ROLE_INSERT;
	insert.edge = EDGE_ENTRY;
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
	insert.edge = EDGE_ENTRY;
	proof_record(&proof, &ours);
	proof_record(&proof, &other);
	proof_record(&proof, &ours);
	proof_record(&proof, &insert);
	assert_verdict(&proof, &insert, PROOF_WRONG, "known dentry");
}

static struct record lookup_of(uint64_t dentry, uint64_t name)
{
	struct record record = record_of(ROLE_LOOKUP_FAST, EDGE_RETURN);

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
	struct record asked = record_of(ROLE_LOOKUP_SLOW, EDGE_ENTRY);
	struct record alloc = record_of(ROLE_ALLOC, EDGE_ENTRY);
	char why[PROOF_REASON];

	set_string(&asked, "created");
	set(&asked, FIELD_NAME, DENTRY);
	set(&asked, FIELD_HASH, 1);
	set(&asked, FIELD_LEN, 7);
	set(&alloc, FIELD_NAME, name);
	set(&alloc, FIELD_LEN, len);
	proof_record(&proof, &asked);
	proof_record(&proof, &alloc);
	return proof_verdict(&proof, ROLE_ALLOC, EDGE_ENTRY, why);
}

static void an_allocation_is_for_what_was_looked_up(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_alloc(DENTRY, 7), PROOF_HOLDS);
	assert_int_equal(verdict_of_alloc(DENTRY + 8, 7), PROOF_SILENT);
	assert_int_equal(verdict_of_alloc(DENTRY, 8), PROOF_WRONG);
}

static void play_lookup(struct proof *proof, enum role role, enum edge edge, uint64_t name,
			bool is_call)
{
	struct record record = record_of(role, edge);

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
	play_lookup(&proof, ROLE_LOOKUP_SLOW, EDGE_ENTRY, 1, false);
	play_lookup(&proof, ROLE_LOOKUP_REF, EDGE_ENTRY, 1, false);
	play_lookup(&proof, ROLE_LOOKUP_REF, EDGE_RETURN, 1, false);
	play_lookup(&proof, ROLE_LOOKUP_SLOW, EDGE_RETURN, 1, false);
	assert_true(proof_spares_slow(&proof));
	play_lookup(&proof, ROLE_LOOKUP_SLOW, EDGE_ENTRY, 2, false);
	play_lookup(&proof, ROLE_LOOKUP_SLOW, EDGE_RETURN, 2, false);
	assert_false(proof_spares_slow(&proof));
}

static void a_slow_call_comes_behind_what_it_is_made_of(void **state)
{
	struct proof proof = { .facts = &facts };

	(void)state;
	for (int edge = 0; edge < EDGE_NR; edge++)
		play_lookup(&proof, ROLE_LOOKUP_REF, (enum edge)edge, 1, true);
	for (int edge = 0; edge < EDGE_NR; edge++)
		play_lookup(&proof, ROLE_LOOKUP_SLOW, (enum edge)edge, 1, true);
	assert_true(proof_spares_slow(&proof));
	for (int edge = 0; edge < EDGE_NR; edge++)
		play_lookup(&proof, ROLE_LOOKUP_SLOW, (enum edge)edge, 2, true);
	assert_false(proof_spares_slow(&proof));
}

static void an_eviction_of_another_dentry_proves_nothing(void **state)
{
	const struct record alloc = alloc_of("created", DENTRY, 7);
	struct record evict = record_of(ROLE_EVICT, EDGE_ENTRY);
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
	struct record evict = record_of(ROLE_EVICT, EDGE_ENTRY);
	struct proof proof = { .facts = &facts };

	(void)state;
	set(&evict, FIELD_DENTRY, DENTRY);
	set(&evict, FIELD_LEN, 4000);
	proof_record(&proof, &alloc);
	proof_record(&proof, &evict);
	assert_verdict(&proof, &evict, PROOF_WRONG, "4000");
}

static void a_path_that_was_opened_proves_its_probe(void **state)
{
	struct record record = record_of(ROLE_GETNAME, EDGE_RETURN);

	(void)state;
	set_string(&record, "/tmp/d//created");
	set(&record, FIELD_UPTR, 0x8000);
	assert_proves(&record, PROOF_HOLDS, NULL);
}

/* getname_flags up to 6.12: unlink and rename come by, open does not. */
static void a_path_that_was_not_opened_leaves_its_probe_silent(void **state)
{
	struct record record = record_of(ROLE_GETNAME, EDGE_RETURN);

	(void)state;
	set_string(&record, "/tmp/d/created");
	assert_proves(&record, PROOF_SILENT, "never for what");
}

static void a_user_pointer_that_is_not_the_paths_is_wrong(void **state)
{
	struct record record = record_of(ROLE_OPEN, EDGE_ENTRY);

	(void)state;
	set_string(&record, "/tmp/d//created");
	set(&record, FIELD_UPTR, 0x9000);
	assert_proves(&record, PROOF_WRONG, "uptr");
}

static struct record result_after(struct proof *proof, uint64_t uptr, int64_t result)
{
	struct record entry = record_of(ROLE_SYSCALL, EDGE_ENTRY);
	struct record ret = record_of(ROLE_SYSCALL, EDGE_RETURN);

	set(&entry, FIELD_UPTR, uptr);
	set(&ret, FIELD_RET, (uint64_t)result);
	proof_record(proof, &entry);
	proof_record(proof, &ret);
	return ret;
}

static void the_result_of_an_open_proves_the_return(void **state)
{
	struct proof proof = { .facts = &facts };
	const struct record ret = result_after(&proof, 0x7000, -2);

	(void)state;
	assert_verdict(&proof, &ret, PROOF_HOLDS, NULL);
}

/* A full disk: the one that was to make it failed, and so did the next, in another way. */
static void a_path_that_was_opened_twice_has_two_results(void **state)
{
	static const struct proof_open twice[] = {
		{ "/tmp/d//created", 0x8000, -28 },
		{ "/tmp/d//created", 0x8000, -2 },
	};
	const struct proof_facts full = { .opens = twice, .open_count = 2, .tid = US };
	struct proof proof = { .facts = &full };
	struct record ret = result_after(&proof, 0x8000, -28);
	char why[PROOF_REASON];

	(void)state;
	proof_record(&proof, &ret);
	ret = result_after(&proof, 0x8000, -2);
	proof_record(&proof, &ret);
	assert_int_equal(proof_verdict(&proof, ROLE_SYSCALL, EDGE_RETURN, why), PROOF_HOLDS);
	ret = result_after(&proof, 0x8000, 3);
	proof_record(&proof, &ret);
	assert_int_equal(proof_verdict(&proof, ROLE_SYSCALL, EDGE_RETURN, why), PROOF_WRONG);
}

static void another_result_is_wrong(void **state)
{
	struct proof proof = { .facts = &facts };
	const struct record ret = result_after(&proof, 0x7000, 3);

	(void)state;
	assert_verdict(&proof, &ret, PROOF_WRONG, "it reads 3, and open() gave -2");
}

static void the_result_of_an_open_that_is_not_ours_proves_nothing(void **state)
{
	struct proof proof = { .facts = &facts };
	const struct record ret = result_after(&proof, 0x1234, -2);

	(void)state;
	assert_verdict(&proof, &ret, PROOF_SILENT, NULL);
}

static void the_started_process_proves_the_task_probe(void **state)
{
	struct record record = record_of(ROLE_TASK, EDGE_ENTRY);

	(void)state;
	set(&record, FIELD_PID, CHILD);
	set(&record, FIELD_TGID, CHILD);
	assert_proves(&record, PROOF_HOLDS, NULL);
}

static void a_thread_group_that_is_not_the_process_is_wrong(void **state)
{
	struct record record = record_of(ROLE_TASK, EDGE_ENTRY);

	(void)state;
	set(&record, FIELD_PID, CHILD);
	set(&record, FIELD_TGID, 5);
	assert_proves(&record, PROOF_WRONG, "tgid");
}

static void only_the_started_process_proves_the_exec_probe(void **state)
{
	struct record record = record_of(ROLE_EXEC, EDGE_ENTRY);

	(void)state;
	assert_proves(&record, PROOF_SILENT, NULL);
	record.tid = CHILD;
	assert_proves(&record, PROOF_HOLDS, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_probe_without_a_record_is_silent),
		cmocka_unit_test(what_could_not_be_tried_is_not_silent),
		cmocka_unit_test(a_handle_and_a_handler_prove_their_probes),
		cmocka_unit_test(a_record_of_another_task_proves_nothing),
		cmocka_unit_test(a_name_that_was_used_proves_its_probe),
		cmocka_unit_test(a_probe_that_never_shows_a_name_is_silent_and_counted),
		cmocka_unit_test(a_name_that_only_begins_alike_is_wrong),
		cmocka_unit_test(a_length_that_is_not_the_names_is_wrong),
		cmocka_unit_test(a_directory_that_is_not_ours_is_wrong),
		cmocka_unit_test(a_device_that_is_not_ours_is_wrong),
		cmocka_unit_test(a_generation_that_is_not_ours_is_wrong),
		cmocka_unit_test(a_directory_that_is_never_read_is_wrong),
		cmocka_unit_test(a_directory_that_nobody_knows_need_not_be_read),
		cmocka_unit_test(a_known_dentry_with_a_strange_name_is_wrong),
		cmocka_unit_test(a_dentry_that_bore_a_name_proves_its_eviction),
		cmocka_unit_test(a_dentry_that_is_allocated_again_is_another),
		cmocka_unit_test(an_evicted_dentry_may_bear_any_name),
		cmocka_unit_test(a_name_of_ours_in_used_memory_is_known_again),
		cmocka_unit_test(an_eviction_of_another_dentry_proves_nothing),
		cmocka_unit_test(a_slow_lookup_that_is_made_of_another_is_spared),
		cmocka_unit_test(a_slow_call_comes_behind_what_it_is_made_of),
		cmocka_unit_test(a_lookup_that_finds_a_known_dentry_is_proved),
		cmocka_unit_test(a_lookup_that_finds_its_name_elsewhere_is_wrong),
		cmocka_unit_test(a_lookup_that_finds_another_dentry_proves_nothing),
		cmocka_unit_test(an_allocation_is_for_what_was_looked_up),
		cmocka_unit_test(a_known_dentry_with_a_strange_length_is_wrong),
		cmocka_unit_test(a_path_that_was_opened_proves_its_probe),
		cmocka_unit_test(a_path_that_was_not_opened_leaves_its_probe_silent),
		cmocka_unit_test(a_user_pointer_that_is_not_the_paths_is_wrong),
		cmocka_unit_test(the_result_of_an_open_proves_the_return),
		cmocka_unit_test(a_path_that_was_opened_twice_has_two_results),
		cmocka_unit_test(another_result_is_wrong),
		cmocka_unit_test(the_result_of_an_open_that_is_not_ours_proves_nothing),
		cmocka_unit_test(the_started_process_proves_the_task_probe),
		cmocka_unit_test(a_thread_group_that_is_not_the_process_is_wrong),
		cmocka_unit_test(only_the_started_process_proves_the_exec_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
