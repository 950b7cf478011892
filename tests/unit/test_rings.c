/* SPDX-License-Identifier: MIT */
/*
 * Requests of rings: each is one open, whoever works it off; whose a worker is, only the record of
 * its start says; what may be lost of its records.
 */
#include "last_open.h"

#define WORKER	     301
#define POLLER	     302
#define CACHED_WALK  0x200000 /* LOOKUP_CACHED */
#define PF_IO_WORKER 0x10
#define FILENAME     UINT64_C(0xffff888011110000)

static void with_comm(struct record *r, const char *comm)
{
	r->present |= FIELD_BIT(FIELD_COMM);
	r->comm = comm;
	r->comm_len = (uint32_t)strlen(comm);
}

/* The program has been in a system call and left it. */
static void begin_idle(struct script *s)
{
	begin(s);
	syscall_in(s);
	syscall_out(s, -14);
	last = (struct open_call){ .id = 0 };
	seen = 0;
	*s->text = '\0';
}

/* @by makes @tid, from the instance @scope. */
static void made(struct script *s, int32_t by, int32_t tid, uint64_t flags, enum scope scope)
{
	struct record r = at(s, ROLE_TASK, POINT_ENTRY);

	r.tid = by;
	r.scope = (uint8_t)scope;
	with(&r, FIELD_PID, (uint64_t)tid);
	with(&r, FIELD_TGID, PROGRAM);
	with(&r, FIELD_TASK_FLAGS, flags);
	with_comm(&r, by == PROGRAM ? "me" : "iou-sqp-100");
	play(s, &r);
}

static void begins(struct script *s, int32_t tid, const char *comm, enum scope scope,
		   uint64_t filename)
{
	struct record r = at(s, ROLE_OPEN, POINT_ENTRY);

	r.tid = tid;
	r.scope = (uint8_t)scope;
	with_text(&r, "/tmp/t_e.txt");
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_FILENAME, filename);
	with(&r, FIELD_LOOKUP, tid == WORKER ? 0 : CACHED_WALK);
	with_comm(&r, comm);
	play(s, &r);
}

static void ends(struct script *s, int32_t tid, enum scope scope, int64_t err)
{
	struct record r = at(s, ROLE_OPEN, POINT_RETURN);

	r.tid = tid;
	r.scope = (uint8_t)scope;
	with(&r, FIELD_FILE, err ? (uint64_t)err : OPENED_FILE);
	if (!err) {
		with_dentry(&r, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
		with_dir(&r);
		with(&r, FIELD_INODE, INODE);
	}
	play(s, &r);
}

static void by_worker(struct script *s, enum scope scope, uint64_t filename, int64_t err)
{
	begins(s, WORKER, "iou-wrk-100", scope, filename);
	ends(s, WORKER, scope, err);
}

static void put_off(struct script *s)
{
	begins(s, PROGRAM, "me", SCOPE_TASK, FILENAME);
	ends(s, PROGRAM, SCOPE_TASK, -11);
}

static void a_worker_opens_for_who_made_it(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	by_worker(&s, SCOPE_ANY, FILENAME, -2);
	assert_int_equal(seen, 1);
	assert_int_equal(last.call, CALL_IO_URING);
	assert_int_equal(last.tid, PROGRAM);
	assert_string_equal(last.comm, "me");
	assert_int_equal(last.result, -2);
	assert_true(last.has_result && last.complete);
	script_end(&s);
}

static void its_name_alone_makes_no_worker(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	by_worker(&s, SCOPE_ANY, FILENAME, 0);
	made(&s, PROGRAM, WORKER, 0, SCOPE_TASK);
	by_worker(&s, SCOPE_ANY, FILENAME, 0);
	assert_int_equal(seen, 0);
	script_end(&s);
}

static void a_request_that_is_put_off_is_one_open(void **state)
{
	struct script s;
	uint64_t began;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	put_off(&s);
	assert_int_equal(seen, 0);
	began = s.ts;
	by_worker(&s, SCOPE_ANY, FILENAME, 0);
	assert_int_equal(seen, 1);
	assert_true(last.ts < began && last.latency_ns > began - last.ts);
	assert_int_equal(last.result, 0);
	assert_true(last.complete);
	script_end(&s);
	assert_int_equal(seen, 1);
	assert_int_equal(s.totals.opens, 2);
	assert_non_null(strstr(s.text, "open 2 \"/tmp/t_e.txt\" result=0"));
}

static void the_next_open_has_the_next_number(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	put_off(&s);
	by_worker(&s, SCOPE_ANY, FILENAME, 0);
	assert_int_equal(last.id, 2);
	by_worker(&s, SCOPE_ANY, FILENAME, 0);
	assert_int_equal(last.id, 3);
	script_end(&s);
}

static void without_its_worker_it_is_incomplete(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	put_off(&s);
	script_end(&s);
	assert_int_equal(seen, 1);
	assert_false(last.complete);
	assert_false(last.has_result);
}

/* The memory of its path is used for another one. */
static void it_has_ended_when_its_filename_is_anothers(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	put_off(&s);
	put_off(&s);
	assert_int_equal(seen, 1);
	assert_int_equal(last.id, 2);
	assert_false(last.complete);
	script_end(&s);
	assert_int_equal(seen, 2);
}

static void a_worker_that_may_wait_puts_nothing_off(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	by_worker(&s, SCOPE_ANY, FILENAME, -11);
	assert_int_equal(seen, 1);
	assert_int_equal(last.result, -11);
	assert_true(last.complete);
	script_end(&s);
}

/* The thread that polls the queue tries, and its own worker goes on. */
static void a_worker_of_a_worker_opens_for_the_program(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, POLLER, PF_IO_WORKER, SCOPE_TASK);
	begins(&s, POLLER, "iou-sqp-100", SCOPE_ANY, FILENAME);
	ends(&s, POLLER, SCOPE_ANY, -11);
	made(&s, POLLER, WORKER, PF_IO_WORKER, SCOPE_ANY);
	by_worker(&s, SCOPE_ANY, FILENAME, 0);
	assert_int_equal(seen, 1);
	assert_int_equal(last.tid, PROGRAM);
	assert_string_equal(last.comm, "me");
	assert_true(last.complete);
	script_end(&s);
}

/* Whoever traces every task has a worker's records in both instances. */
static void a_worker_in_two_instances_opens_once(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	begins(&s, WORKER, "iou-wrk-100", SCOPE_TASK, FILENAME);
	begins(&s, WORKER, "iou-wrk-100", SCOPE_ANY, FILENAME);
	ends(&s, WORKER, SCOPE_ANY, -2);
	ends(&s, WORKER, SCOPE_TASK, -2);
	assert_int_equal(seen, 1);
	assert_true(last.complete);
	script_end(&s);
}

static void what_the_other_instance_loses_touches_a_worker(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	begins(&s, WORKER, "iou-wrk-100", SCOPE_ANY, FILENAME);
	lose(&s, SCOPE_ANY, 1);
	ends(&s, WORKER, SCOPE_ANY, -2);
	assert_false(last.complete);
	begins(&s, PROGRAM, "me", SCOPE_TASK, FILENAME);
	lose(&s, SCOPE_ANY, 1);
	ends(&s, PROGRAM, SCOPE_TASK, -2);
	assert_true(last.complete);
	script_end(&s);
}

/* That it is in no system call is not known any more. */
static void after_a_loss_a_request_that_is_put_off_is_one_open(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	made(&s, PROGRAM, WORKER, PF_IO_WORKER, SCOPE_TASK);
	lose(&s, SCOPE_TASK, 1);
	put_off(&s);
	assert_int_equal(seen, 0);
	by_worker(&s, SCOPE_ANY, FILENAME, -2);
	assert_int_equal(seen, 1);
	assert_int_equal(last.call, CALL_IO_URING);
	assert_int_equal(last.result, -2);
	script_end(&s);
	assert_int_equal(s.totals.opens, 2);
}

static void after_a_loss_an_attempt_that_nobody_repeats_has_no_result(void **state)
{
	struct script s;

	(void)state;
	begin_idle(&s);
	lose(&s, SCOPE_TASK, 1);
	put_off(&s);
	script_end(&s);
	assert_int_equal(seen, 1);
	assert_int_equal(last.call, CALL_UNKNOWN);
	assert_false(last.has_result || last.complete);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_opens_for_who_made_it),
		cmocka_unit_test(its_name_alone_makes_no_worker),
		cmocka_unit_test(a_request_that_is_put_off_is_one_open),
		cmocka_unit_test(after_a_loss_a_request_that_is_put_off_is_one_open),
		cmocka_unit_test(after_a_loss_an_attempt_that_nobody_repeats_has_no_result),
		cmocka_unit_test(the_next_open_has_the_next_number),
		cmocka_unit_test(without_its_worker_it_is_incomplete),
		cmocka_unit_test(it_has_ended_when_its_filename_is_anothers),
		cmocka_unit_test(a_worker_that_may_wait_puts_nothing_off),
		cmocka_unit_test(a_worker_of_a_worker_opens_for_the_program),
		cmocka_unit_test(a_worker_in_two_instances_opens_once),
		cmocka_unit_test(what_the_other_instance_loses_touches_a_worker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
