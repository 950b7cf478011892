/* SPDX-License-Identifier: MIT */
/*
 * As which user each open and path call was made, and when that is not known.
 */
#include "kernel_script.h"

#include <errno.h>

#define A     1000
#define B     2000
#define CHILD 200

static struct script s;

static int print_user(void *context, const struct open_call *open)
{
	say(context, "%s \"%.*s\" ", call_name(open->call) ? call_name(open->call) : "?",
	    (int)open->path.len, open->path.data);
	if (open->has_uid)
		say(context, "%u\n", open->uid);
	else
		say(context, "unknown\n");
	return 0;
}

static void begin(void)
{
	script_options(&s);
	s.options.sink = (struct chain_sink){
		.open = print_user,
		.path_call = print_user,
		.context = &s,
	};
}

static void start(void)
{
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
}

static void assert_told(const char *told)
{
	script_end(&s);
	assert_string_equal(s.text, told);
}

static void tell_user(enum role role, uint32_t uid)
{
	struct record r = at(&s, role, POINT_ENTRY);

	with(&r, FIELD_EUID, uid);
	play(&s, &r);
}

static void open_as(const char *path, uint32_t uid)
{
	open_in(&s, path, KNAME);
	tell_user(ROLE_OPENER, uid);
	open_failed(&s, ENOENT);
}

/* It fails before the kernel's open. */
static void open_refused(void)
{
	syscall_in(&s);
	syscall_out(&s, -EMFILE);
}

static void start_child(void)
{
	struct record r = at(&s, ROLE_TASK, POINT_ENTRY);

	with(&r, FIELD_PID, CHILD);
	with(&r, FIELD_TGID, CHILD);
	play(&s, &r);
}

static void each_open_has_its_own_user(void **state)
{
	(void)state;
	begin();
	start();
	open_as("a", A);
	tell_user(ROLE_CREDS, B);
	open_as("b", B);
	s.tid = CHILD;
	open_as("c", A);
	assert_told("open \"a\" 1000\nopen \"b\" 2000\nopen \"c\" 1000\n");
}

/* Such as a layer of overlay, as the user that mounted it. */
static void what_else_the_open_allocates_may_be_for_another_user(void **state)
{
	(void)state;
	begin();
	start();
	open_in(&s, "a", KNAME);
	tell_user(ROLE_OPENER, A);
	tell_user(ROLE_OPENER, 0);
	open_failed(&s, ENOENT);
	tell_user(ROLE_OPENER, B); /* of a pipe: in no open */
	open_refused();
	assert_told("open \"a\" 1000\nopen \"\" 1000\n");
}

static void an_open_that_fails_early_is_the_users_that_the_task_is_then(void **state)
{
	(void)state;
	begin();
	start();
	open_refused();
	open_as("a", A);
	open_refused();
	tell_user(ROLE_CREDS, B);
	open_refused();
	assert_told("open \"\" unknown\nopen \"a\" 1000\nopen \"\" 1000\nopen \"\" 2000\n");
}

static void a_task_has_the_user_of_who_started_it(void **state)
{
	(void)state;
	begin();
	start();
	tell_user(ROLE_CREDS, A);
	start_child();
	tell_user(ROLE_CREDS, B);
	s.tid = CHILD;
	open_refused();
	assert_told("open \"\" 1000\n");
}

static void after_a_loss_the_user_of_the_task_is_not_known(void **state)
{
	(void)state;
	begin();
	start();
	tell_user(ROLE_CREDS, A);
	lose(&s, SCOPE_ANY, 1);
	open_refused();
	lose(&s, SCOPE_TASK, 1);
	open_refused();
	start_child();
	s.tid = CHILD;
	open_refused();
	open_as("b", B);
	open_refused();
	assert_told("open \"\" 1000\nopen \"\" unknown\nopen \"\" unknown\nopen \"b\" 2000\n"
		    "open \"\" 2000\n");
}

static void while_a_task_was_not_selected_it_may_have_become_another_user(void **state)
{
	(void)state;
	begin();
	start();
	tell_user(ROLE_CREDS, A);
	assert_int_equal(correlator_unselected(s.c, s.ts, s.ts + 50), 0);
	open_refused();
	tell_user(ROLE_CREDS, B);
	open_refused();
	assert_told("open \"\" unknown\nopen \"\" 2000\n");
}

static void so_it_may_while_it_had_another_name(void **state)
{
	(void)state;
	begin();
	s.options.by_comm = true;
	start();
	tell_user(ROLE_CREDS, A);
	open_refused();
	open_as("b", B);
	assert_told("open \"\" unknown\nopen \"b\" 2000\n");
}

static void without_the_probe_of_changes_only_the_opens_own_record_counts(void **state)
{
	(void)state;
	begin();
	s.options.armed[ROLE_CREDS][POINT_ENTRY] = false;
	start();
	open_as("a", A);
	open_refused();
	assert_told("open \"a\" 1000\nopen \"\" unknown\n");
}

/* Each request of a ring may have a user of its own. */
static void the_user_of_a_request_is_not_its_tasks(void **state)
{
	struct record r;

	(void)state;
	begin();
	start();
	tell_user(ROLE_CREDS, A);
	open_refused();
	r = at(&s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, "requested");
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_LOOKUP, 0x200000); /* as a ring tries it first: LOOKUP_CACHED */
	play(&s, &r);
	tell_user(ROLE_OPENER, B);
	r = at(&s, ROLE_OPEN, POINT_RETURN);
	with(&r, FIELD_FILE, (uint64_t)-ENOENT);
	play(&s, &r);
	open_refused();
	assert_told("open \"\" 1000\nio_uring \"requested\" 2000\nopen \"\" 1000\n");
}

static void handle_in(void)
{
	struct record r = at(&s, ROLE_HANDLE, POINT_ENTRY);

	play(&s, &r);
}

static void handle_out(void)
{
	struct record r = at(&s, ROLE_OPEN_ROOT, POINT_RETURN);

	with(&r, FIELD_FILE, OPENED_FILE);
	play(&s, &r);
	r = at(&s, ROLE_HANDLE, POINT_RETURN);
	with(&r, FIELD_RET, 3);
	play(&s, &r);
}

static void an_open_by_handle_shows_it_before_its_return(void **state)
{
	(void)state;
	begin();
	start();
	handle_in();
	tell_user(ROLE_OPENER, A);
	handle_out();
	assert_told("handle \"\" 1000\n");
}

/* A directory of overlay is opened in its layers as the user that mounted it. */
static void what_it_allocates_further_may_be_for_another_user(void **state)
{
	(void)state;
	begin();
	start();
	for (int i = 0; i < 2; i++) {
		handle_in();
		tell_user(ROLE_OPENER, i ? B : A);
		tell_user(ROLE_OPENER, 0);
		handle_out();
	}
	open_refused();
	assert_told("handle \"\" 1000\nhandle \"\" 2000\nopen \"\" 2000\n");
}

static void a_path_call_is_the_tasks_users(void **state)
{
	struct record r;

	(void)state;
	begin();
	start();
	tell_user(ROLE_CREDS, A);
	r = at(&s, ROLE_CALL_STAT, POINT_ENTRY);
	play(&s, &r);
	r = at(&s, ROLE_PATH, POINT_ENTRY);
	with(&r, FIELD_KNAME, KNAME);
	with_text(&r, "x");
	play(&s, &r);
	r = at(&s, ROLE_CALL_STAT, POINT_RETURN);
	with(&r, FIELD_RET, 0);
	play(&s, &r);
	assert_told("stat \"x\" 1000\n");
}

static int print_steps(void *context, const struct name *name)
{
	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop_list *hops = &name->lifetimes[i]->hops;

		for (size_t j = 0; j < hops->count; j++) {
			const struct hop *hop = &hops->items[j];

			if (hop->kind < HOP_ALLOC)
				continue;
			say(context, "%s ", hop_name((enum hop_kind)hop->kind));
			if (hop->has_uid)
				say(context, "%u\n", hop->uid);
			else
				say(context, "unknown\n");
		}
	}
	return 0;
}

static void a_step_is_the_users_that_its_task_is_then(void **state)
{
	(void)state;
	begin();
	s.options.sink = (struct chain_sink){ .name = print_steps, .context = &s };
	start();
	open_in(&s, "x", KNAME);
	tell_user(ROLE_OPENER, A);
	lookup_in(&s, SLOW, "x", KNAME);
	lookup_null(&s, SLOW);
	alloc(&s, "x", KNAME, DENTRY_A, inline_of(DENTRY_A));
	insert(&s, DENTRY_A, inline_of(DENTRY_A), "x", true);
	open_failed(&s, ENOENT);
	tell_user(ROLE_CREDS, B);
	end_of(&s, ROLE_DELETE, DENTRY_A, inline_of(DENTRY_A));
	s.tid = CHILD;
	end_of(&s, ROLE_EVICT, DENTRY_A, inline_of(DENTRY_A));
	assert_told("alloc 1000\ninsert 1000\nfile 1000\ndelete 2000\nevict unknown\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_open_has_its_own_user),
		cmocka_unit_test(what_else_the_open_allocates_may_be_for_another_user),
		cmocka_unit_test(an_open_that_fails_early_is_the_users_that_the_task_is_then),
		cmocka_unit_test(a_task_has_the_user_of_who_started_it),
		cmocka_unit_test(after_a_loss_the_user_of_the_task_is_not_known),
		cmocka_unit_test(while_a_task_was_not_selected_it_may_have_become_another_user),
		cmocka_unit_test(so_it_may_while_it_had_another_name),
		cmocka_unit_test(without_the_probe_of_changes_only_the_opens_own_record_counts),
		cmocka_unit_test(the_user_of_a_request_is_not_its_tasks),
		cmocka_unit_test(an_open_by_handle_shows_it_before_its_return),
		cmocka_unit_test(what_it_allocates_further_may_be_for_another_user),
		cmocka_unit_test(a_path_call_is_the_tasks_users),
		cmocka_unit_test(a_step_is_the_users_that_its_task_is_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
