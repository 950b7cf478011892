/* SPDX-License-Identifier: MIT */
/*
 * What goes on for ever takes no more memory than its first tenth: tasks that come and go, opens
 * whose end nobody saw, names that come and go.
 */
#include <malloc.h>

#include "kernel_script.h"

#define MILLION	   1000000
#define MAX_GROWTH 105 /* percent of what the first tenth needed at most */
#define MEGABYTE   (1024 * 1024)
#define FIRST_TID  1000
#define MAX_TID	   (4 * 1024 * 1024)

size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void)
{
	struct mallinfo2 info;

	if (__sanitizer_get_current_allocated_bytes)
		return __sanitizer_get_current_allocated_bytes();
	info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

/* The most that was allocated up to now, and how much that was after a tenth of @rounds. */
struct peak {
	int rounds;
	size_t before, now, tenth;
};

static void peak_note(struct peak *peak, int done)
{
	size_t used;

	if (done % 1000)
		return;
	used = allocated() - peak->before;
	if (used > peak->now)
		peak->now = used;
	if (done == peak->rounds / 10)
		peak->tenth = peak->now;
}

static void assert_flat(const struct peak *peak, size_t most)
{
	assert_in_range(peak->tenth, 1, most);
	if (peak->now > peak->tenth / 100 * MAX_GROWTH)
		fail_msg("%zu bytes after a tenth, %zu at the end", peak->tenth, peak->now);
}

static void new_task(struct script *s, int32_t parent, int32_t pid)
{
	struct record r;

	s->tid = parent;
	r = at(s, ROLE_TASK, POINT_ENTRY);
	with(&r, FIELD_PID, (uint64_t)pid);
	with(&r, FIELD_TGID, (uint64_t)pid);
	play(s, &r);
	s->tid = pid;
}

static uint64_t opens, incomplete;

static int count_open(void *context, const struct open_call *open)
{
	(void)context;
	opens++;
	incomplete += !open->complete;
	return 0;
}

static void begin(struct script *s, struct peak *peak, int rounds)
{
	opens = 0;
	incomplete = 0;
	s->options.sink = (struct chain_sink){ .open = count_open };
	*peak = (struct peak){ .rounds = rounds, .before = allocated() };
	assert_int_equal(correlator_new(&s->options, &s->c), 0);
}

static void hit(struct script *s)
{
	open_in(s, "t_e.txt", KNAME);
	lookup_in(s, FAST, "t_e.txt", KNAME);
	lookup_hit(s, FAST, DENTRY_A, inline_of(DENTRY_A), "t_e.txt", false);
	open_out(s, DENTRY_A, inline_of(DENTRY_A), "t_e.txt");
}

/* So many tasks open a file each; of every @unseen th no more than the beginning is recorded. */
static void play_tasks(struct script *s, int tasks, int unseen, size_t most)
{
	struct peak peak;

	begin(s, &peak, tasks);
	cold_open(s, DENTRY_A);
	for (int i = 1; i <= tasks; i++) {
		new_task(s, PROGRAM, FIRST_TID + i % (MAX_TID - FIRST_TID));
		if (unseen && i % unseen == 0)
			open_in(s, "/tmp/t_e.txt", KNAME);
		else
			hit(s);
		peak_note(&peak, i);
	}
	script_end(s);
	assert_flat(&peak, most);
}

static void a_million_tasks_are_forgotten(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	play_tasks(&s, MILLION, 0, 16 * MEGABYTE);
	assert_int_equal(opens, MILLION + 1);
	assert_int_equal(incomplete, 0);
}

static void children_that_are_not_reported_are_forgotten(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	s.options.root = PROGRAM;
	s.options.group_only = true;
	play_tasks(&s, MILLION / 4, 0, 16 * MEGABYTE);
	assert_int_equal(opens, 1);
}

static void opens_that_never_end_are_handed_out_as_they_are(void **state)
{
	struct script s;

	(void)state;
	script_options(&s);
	play_tasks(&s, MILLION / 10, 2, 128 * MEGABYTE);
	assert_int_equal(opens, MILLION / 10 + 1);
	assert_int_equal(incomplete, MILLION / 20);
}

/* --- who comes back --------------------------------------------------------------------------- */

#define OTHERS 40000 /* more than are remembered */

static void open_by(struct script *s, int32_t tid, const char *path)
{
	s->tid = tid;
	open_in(s, path, KNAME);
	open_failed(s, 2);
}

static void others(struct script *s)
{
	for (int32_t tid = FIRST_TID; tid < FIRST_TID + OTHERS; tid++) {
		new_task(s, PROGRAM, tid);
		syscall_in(s);
		syscall_out(s, -2);
	}
}

static void exec_of(struct script *s, int32_t tid)
{
	struct record r;

	s->tid = tid;
	r = at(s, ROLE_EXEC, POINT_ENTRY);
	play(s, &r);
}

static void who_was_left_out_stays_so_when_it_comes_back(void **state)
{
	for (int root = 0; root <= PROGRAM; root += PROGRAM) {
		struct script s;

		(void)state;
		script_options(&s);
		s.options.root = root;
		s.options.group_only = true;
		assert_int_equal(correlator_new(&s.options, &s.c), 0);
		exec_of(&s, PROGRAM);
		new_task(&s, PROGRAM, 200);
		open_by(&s, 200, "child");
		others(&s);
		open_by(&s, 200, "child_again");
		open_by(&s, PROGRAM, "program_again");
		new_task(&s, 200, 201);
		open_by(&s, 201, "grandchild");
		script_end(&s);
		assert_null(strstr(s.text, "child"));
		assert_non_null(strstr(s.text, "\"program_again\""));
	}
}

static void a_thread_of_a_process_that_was_left_out_is_left_out(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	script_options(&s);
	s.options.group_only = true;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	new_task(&s, PROGRAM, 200);
	others(&s);
	s.tid = 200;
	r = at(&s, ROLE_TASK, POINT_ENTRY);
	with(&r, FIELD_PID, 202);
	with(&r, FIELD_TGID, 200);
	play(&s, &r);
	open_by(&s, 202, "thread");
	script_end(&s);
	assert_null(strstr(s.text, "thread"));
}

static void a_tid_that_comes_back_is_another_task(void **state)
{
	struct script s;
	struct record r;

	(void)state;
	script_options(&s);
	s.options.group_only = true;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
	new_task(&s, PROGRAM, 200);
	others(&s);
	/* A thread of the program: its leader was not started while records came. */
	s.tid = PROGRAM;
	r = at(&s, ROLE_TASK, POINT_ENTRY);
	with(&r, FIELD_PID, 200);
	with(&r, FIELD_TGID, PROGRAM);
	play(&s, &r);
	open_by(&s, 200, "thread");
	script_end(&s);
	assert_non_null(strstr(s.text, "\"thread\""));
}

/* --- names that come and go ------------------------------------------------------------------- */

#define ROUNDS	  100000
#define MAX_KEPT  (16 * MEGABYTE)
#define DAY	  (UINT64_C(24) * 60 * 60 * 1000000000)
#define EVERGREEN 500 /* files that are opened again and again */

/* A file is made, or found, and opened; every other one goes. */
static void open_new(struct script *s, int i)
{
	uint64_t dentry = DENTRY_B + (uint64_t)i * 4096;
	char name[32];

	snprintf(name, sizeof(name), "file%d", i);
	open_in(s, name, KNAME);
	lookup_in(s, SLOW, name, KNAME);
	lookup_null(s, SLOW);
	alloc(s, name, KNAME, dentry, inline_of(dentry));
	insert(s, dentry, inline_of(dentry), name, false);
	open_out(s, dentry, inline_of(dentry), name);
	if (i % 2)
		end_of(s, ROLE_EVICT, dentry, inline_of(dentry));
}

static void open_again(struct script *s, int i)
{
	uint64_t dentry = DENTRY_B - (uint64_t)(1 + i) * 4096;
	char name[32];

	snprintf(name, sizeof(name), "evergreen%d", i);
	open_in(s, name, KNAME);
	lookup_in(s, FAST, name, KNAME);
	lookup_hit(s, FAST, dentry, inline_of(dentry), name, false);
	open_out(s, dentry, inline_of(dentry), name);
}

/* In its first tenth there are more tasks than are remembered, so their room grows no more. */
static void a_day_takes_no_more_memory_than_its_first_hours(void **state)
{
	struct peak peak;
	struct script s;

	(void)state;
	script_options(&s);
	s.options.max_kept = MAX_KEPT;
	begin(&s, &peak, ROUNDS);
	for (int i = 1; i <= ROUNDS; i++) {
		s.ts = DAY / ROUNDS * (uint64_t)i;
		new_task(&s, PROGRAM, FIRST_TID + 2 * i);
		new_task(&s, s.tid, FIRST_TID + 2 * i + 1);
		open_new(&s, i);
		s.tid = PROGRAM + i % 50;
		open_again(&s, i % EVERGREEN);
		peak_note(&peak, i);
	}
	script_end(&s);
	assert_flat(&peak, 2 * MAX_KEPT + 16 * MEGABYTE);
	assert_int_equal(opens, 2 * ROUNDS);
	assert_int_equal(incomplete, 0);
	assert_true(s.totals.pushed_out > ROUNDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_million_tasks_are_forgotten),
		cmocka_unit_test(children_that_are_not_reported_are_forgotten),
		cmocka_unit_test(opens_that_never_end_are_handed_out_as_they_are),
		cmocka_unit_test(who_was_left_out_stays_so_when_it_comes_back),
		cmocka_unit_test(a_thread_of_a_process_that_was_left_out_is_left_out),
		cmocka_unit_test(a_tid_that_comes_back_is_another_task),
		cmocka_unit_test(a_day_takes_no_more_memory_than_its_first_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
