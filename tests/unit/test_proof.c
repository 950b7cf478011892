/* SPDX-License-Identifier: MIT */
/*
 * What a self-test's records prove: each kind of evidence, and each way in which it can fail.
 */
#include "proof_records.h"

#include <errno.h>

static void a_probe_without_a_record_is_silent(void **state)
{
	const struct proof proof = { .facts = &facts };
	const struct record record = record_of(ROLE_OPEN, POINT_ENTRY);

	(void)state;
	assert_verdict(&proof, &record, PROOF_SILENT, "never hit");
}

/* The file system may have no handles. */
static void what_could_not_be_tried_is_not_silent(void **state)
{
	static const enum role roles[] = { ROLE_HANDLE,	  ROLE_OPEN_ROOT, ROLE_SIGNAL,
					   ROLE_DELIVERY, ROLE_OPENER,	  ROLE_CREDS };
	const struct proof proof = { .facts = &facts };
	struct proof_facts tried = facts;
	const struct proof after = { .facts = &tried };
	const struct record root = record_of(ROLE_OPEN_ROOT, POINT_RETURN);

	(void)state;
	tried.has_handle = true;
	tried.sa_flags = 1;
	tried.user = 65534;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		const struct record record = record_of(roles[i], POINT_RETURN);

		assert_verdict(&proof, &record, PROOF_UNTRIED, NULL);
		assert_verdict(&after, &record, PROOF_SILENT, "never hit");
	}
	tried.handle = -1;
	assert_verdict(&after, &root, PROOF_UNTRIED, NULL);
}

/* What a record of @role proves whose @field is @value. */
static void assert_number(enum role role, enum point point, enum field field, uint64_t value,
			  enum proof_verdict verdict)
{
	struct proof_facts tried = facts;
	struct proof proof = { .facts = &tried };
	struct record record = record_of(role, point);

	tried.has_handle = true;
	tried.handle_dfd = 5;
	tried.handle = 6;
	tried.sa_flags = 0x10000000;
	tried.user = 65534;
	set(&record, field, value);
	proof_record(&proof, &record);
	assert_verdict(&proof, &record, verdict, NULL);
}

static void a_handle_a_handler_and_a_user_prove_their_probes(void **state)
{
	(void)state;
	assert_number(ROLE_HANDLE, POINT_ENTRY, FIELD_DFD, 5, PROOF_HOLDS);
	assert_number(ROLE_HANDLE, POINT_ENTRY, FIELD_DFD, 50, PROOF_WRONG);
	assert_number(ROLE_HANDLE, POINT_RETURN, FIELD_RET, 6, PROOF_HOLDS);
	assert_number(ROLE_HANDLE, POINT_RETURN, FIELD_RET, 60, PROOF_WRONG);
	assert_number(ROLE_SIGNAL, POINT_ENTRY, FIELD_SA_FLAGS, 0x14000000, PROOF_HOLDS);
	assert_number(ROLE_SIGNAL, POINT_ENTRY, FIELD_SA_FLAGS, 0x4000000, PROOF_SILENT);
	assert_number(ROLE_OPENER, POINT_ENTRY, FIELD_EUID, 65534, PROOF_HOLDS);
	assert_number(ROLE_OPENER, POINT_ENTRY, FIELD_EUID, 0, PROOF_SILENT);
	assert_number(ROLE_CREDS, POINT_ENTRY, FIELD_EUID, 65534, PROOF_HOLDS);
	assert_number(ROLE_CREDS, POINT_ENTRY, FIELD_EUID, 0, PROOF_SILENT);
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
	assert_proves(&record, PROOF_SILENT, "hit 1 time, but");
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

		proof.probes[ROLE_ALLOC][POINT_RETURN].planned = FIELD_BIT(place[i]);
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
	proof.probes[ROLE_ALLOC][POINT_RETURN].planned = FIELD_BIT(FIELD_DIR_INO);
	proof_record(&proof, &record);
	assert_verdict(&proof, &record, PROOF_HOLDS, NULL);
}

static void a_path_that_was_opened_proves_its_probe(void **state)
{
	struct record record = record_of(ROLE_GETNAME, POINT_RETURN);

	(void)state;
	set_string(&record, "/tmp/d//created");
	set(&record, FIELD_UPTR, 0x8000);
	assert_proves(&record, PROOF_HOLDS, NULL);
}

/* getname_flags up to 6.12: unlink and rename come by, open does not. */
static void a_path_that_was_not_opened_leaves_its_probe_silent(void **state)
{
	struct record record = record_of(ROLE_GETNAME, POINT_RETURN);

	(void)state;
	set_string(&record, "/tmp/d/created");
	assert_proves(&record, PROOF_SILENT, "never for what");
}

static void a_user_pointer_that_is_not_the_paths_is_wrong(void **state)
{
	struct record record = record_of(ROLE_OPEN, POINT_ENTRY);

	(void)state;
	set_string(&record, "/tmp/d//created");
	set(&record, FIELD_UPTR, 0x9000);
	assert_proves(&record, PROOF_WRONG, "uptr");
}

static struct record result_after(struct proof *proof, uint64_t uptr, int64_t result)
{
	struct record entry = record_of(ROLE_SYSCALL, POINT_ENTRY);
	struct record ret = record_of(ROLE_SYSCALL, POINT_RETURN);

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
	assert_int_equal(proof_verdict(&proof, ROLE_SYSCALL, POINT_RETURN, why), PROOF_HOLDS);
	ret = result_after(&proof, 0x8000, 3);
	proof_record(&proof, &ret);
	assert_int_equal(proof_verdict(&proof, ROLE_SYSCALL, POINT_RETURN, why), PROOF_WRONG);
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

/* No text and no directory: the dentry was that of a name. */
static void the_dentry_alone_proves_what_ends_it(void **state)
{
	static const enum role roles[] = { ROLE_DELETE, ROLE_DROP, ROLE_REHASH };

	(void)state;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		struct proof proof = { .facts = &facts };
		const struct record alloc = alloc_of("created", DENTRY, 7);
		struct record record = record_of(roles[i], POINT_ENTRY);

		set(&record, FIELD_DENTRY, DENTRY);
		proof_record(&proof, &record);
		assert_verdict(&proof, &record, PROOF_SILENT, "hit 1 time, but");
		proof_record(&proof, &alloc);
		proof_record(&proof, &record);
		assert_verdict(&proof, &record, PROOF_HOLDS, NULL);
	}
}

static void a_path_call_is_proved_if_each_of_its_ways_is_seen(void **state)
{
	struct proof_facts made = { .tid = US };
	struct proof proof = { .facts = &made };
	struct record record = record_of(ROLE_CALL_CHMOD, POINT_RETURN);
	char why[PROOF_REASON];

	(void)state;
	made.path_calls[ROLE_CALL_CHMOD - ROLE_CALL_STAT] = 2;
	set(&record, FIELD_RET, (uint64_t)-ENOENT);
	proof_record(&proof, &record);
	assert_int_equal(proof_verdict(&proof, ROLE_CALL_CHMOD, POINT_RETURN, why), PROOF_SILENT);
	assert_non_null(strstr(why, "hit by 1 of 2 calls"));
	proof_record(&proof, &record);
	assert_int_equal(proof_verdict(&proof, ROLE_CALL_CHMOD, POINT_RETURN, why), PROOF_HOLDS);
}

static void a_path_call_that_did_not_fail_is_not_the_self_tests(void **state)
{
	struct record record = record_of(ROLE_CALL_STAT, POINT_RETURN);

	(void)state;
	set(&record, FIELD_RET, 0);
	assert_proves(&record, PROOF_SILENT, NULL);
}

static void the_started_process_proves_the_task_probe(void **state)
{
	struct record record = record_of(ROLE_TASK, POINT_ENTRY);

	(void)state;
	set(&record, FIELD_PID, CHILD);
	set(&record, FIELD_TGID, CHILD);
	assert_proves(&record, PROOF_HOLDS, NULL);
}

static void a_thread_group_that_is_not_the_process_is_wrong(void **state)
{
	struct record record = record_of(ROLE_TASK, POINT_ENTRY);

	(void)state;
	set(&record, FIELD_PID, CHILD);
	set(&record, FIELD_TGID, 5);
	assert_proves(&record, PROOF_WRONG, "tgid");
}

static void only_the_started_process_proves_the_exec_probe(void **state)
{
	struct record record = record_of(ROLE_EXEC, POINT_ENTRY);

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
		cmocka_unit_test(a_handle_a_handler_and_a_user_prove_their_probes),
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
		cmocka_unit_test(a_path_that_was_opened_proves_its_probe),
		cmocka_unit_test(a_path_that_was_not_opened_leaves_its_probe_silent),
		cmocka_unit_test(a_user_pointer_that_is_not_the_paths_is_wrong),
		cmocka_unit_test(the_result_of_an_open_proves_the_return),
		cmocka_unit_test(a_path_that_was_opened_twice_has_two_results),
		cmocka_unit_test(another_result_is_wrong),
		cmocka_unit_test(the_result_of_an_open_that_is_not_ours_proves_nothing),
		cmocka_unit_test(the_dentry_alone_proves_what_ends_it),
		cmocka_unit_test(a_path_call_is_proved_if_each_of_its_ways_is_seen),
		cmocka_unit_test(a_path_call_that_did_not_fail_is_not_the_self_tests),
		cmocka_unit_test(the_started_process_proves_the_task_probe),
		cmocka_unit_test(a_thread_group_that_is_not_the_process_is_wrong),
		cmocka_unit_test(only_the_started_process_proves_the_exec_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
