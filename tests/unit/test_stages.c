/* SPDX-License-Identifier: MIT */
/*
 * Where the time of an open goes. The script's clock goes on by 100 ns with each record, so each
 * stage is as long as the records that it is made of.
 */
#include "walk_script.h"

static struct script s;

static int print_stages(void *context, const struct open_call *open)
{
	say(context, "open \"%.*s\":", (int)open->path.len, open->path.data);
	for (int i = STAGE_NONE + 1; i < STAGE_NR; i++) {
		if (has_stage(open, (enum stage)i))
			say(context, " %s=%d", stage_name((enum stage)i), (int)open->stage_ns[i]);
	}
	say(context, "; latency=%d\n", open->has_latency ? (int)open->latency_ns : -1);
	return 0;
}

static void begin_without(enum role role)
{
	script_options(&s);
	if (role != ROLE_NR)
		memset(s.options.armed[role], 0, sizeof(s.options.armed[role]));
	s.without = role;
	s.options.sink.open = print_stages;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
}

static int begin(void **state)
{
	(void)state;
	begin_without(ROLE_NR);
	return 0;
}

static void copy(const char *path)
{
	struct record r = at(&s, ROLE_GETNAME, POINT_RETURN);

	with_text(&r, path);
	with(&r, FIELD_KNAME, KNAME);
	play(&s, &r);
}

static void enter(const char *path)
{
	struct record r;

	opened = path;
	syscall_in(&s);
	copy(path);
	r = at(&s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, path);
	with(&r, FIELD_KNAME, KNAME);
	play(&s, &r);
}

/* "/f" is opened, which the open itself has made. */
static void leave_created(void)
{
	struct record r = opened_in(&s, ROOT, FILE_A, "f");

	with(&r, FIELD_FMODE, 0x100000);
	play(&s, &r);
	syscall_out(&s, 3);
}

static void a_cached_name_is_walked_to_found_and_opened(void **state)
{
	(void)state;
	enter("/d/f");
	walk(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s,
	     "\"/d/f\": copy=100 walk=300 lookup=100 opening=100 descriptor=200; latency=500\n");
}

static void a_name_that_is_not_cached_is_allocated_and_its_file_system_asked(void **state)
{
	(void)state;
	enter("/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "\"/f\": copy=100 walk=100 lookup=200 alloc=100 filesystem=100 opening=100 "
		 "descriptor=200; latency=600\n");
}

static void a_directory_that_is_not_cached_is_part_of_the_walk(void **state)
{
	(void)state;
	enter("/d/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "walk=600 lookup=100 opening=100 ");
	lacks(&s, "alloc=");
}

static void what_the_file_system_looks_up_itself_is_its_own_stage(void **state)
{
	(void)state;
	enter("/f");
	walk_in_vain(&s, ROOT, 1);
	alloc(&s, "f", KNAME + 1, FILE_A, inline_of(FILE_A));
	/* A layer: the same component, by the name of another dentry. */
	look_for(&s, SLOW, NODE(1, 1), "f", ELSEWHERE);
	lookup_null(&s, SLOW);
	alloc(&s, "f", ELSEWHERE, FILE_B, inline_of(FILE_B));
	insert_in(&s, NODE(1, 1), FILE_B, "f", false);
	insert_in(&s, ROOT, FILE_A, "f", false);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "lookup=200 alloc=100 filesystem=600 opening=100 ");
}

static void a_link_is_looked_up_and_walked(void **state)
{
	(void)state;
	enter("/l");
	walk_to_link(&s, ROOT, 1, FILE_A);
	walk_by(&s, ELSEWHERE, ROOT, "d/f", DIRECTORY, S_IFDIR);
	walk_by(&s, ELSEWHERE + 2, DIRECTORY, "f", FILE_B, S_IFREG);
	walk_file(&s, DIRECTORY, FILE_B, "f");
	script_end(&s);
	says(&s, "walk=400 lookup=200 opening=100 ");
}

static void a_walk_that_begins_anew_goes_on_with_the_walk(void **state)
{
	(void)state;
	enter("/d/f");
	walk(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk(&s, ROOT, 1, DIRECTORY);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	says(&s, "walk=600 lookup=200 opening=100 ");
}

static void a_file_that_is_made_took_its_file_system_the_time_to_the_inode(void **state)
{
	(void)state;
	enter("/f");
	walk_in_vain(&s, ROOT, 1);
	alloc(&s, "f", KNAME + 1, FILE_A, inline_of(FILE_A));
	insert_in(&s, ROOT, FILE_A, "f", true);
	instantiate(&s, FILE_A);
	leave_created();
	script_end(&s);
	says(&s, "alloc=100 filesystem=200 opening=100 ");
}

static void what_made_a_file_without_a_record_is_not_told_from_the_opening(void **state)
{
	(void)state;
	enter("/f");
	walk_in_vain(&s, ROOT, 1);
	alloc(&s, "f", KNAME + 1, FILE_A, inline_of(FILE_A));
	leave_created();
	script_end(&s);
	says(&s, "lookup=200 alloc=100 descriptor=200;");
}

static void what_the_file_system_refused_took_it_the_time_to_the_allocation(void **state)
{
	(void)state;
	enter("/f");
	walk(&s, ROOT, 1, FILE_A);
	make_dentry(&s, ROOT, 1, FILE_B);
	walk_file(&s, ROOT, FILE_B, "f");
	script_end(&s);
	says(&s, "lookup=100 alloc=100 filesystem=200 opening=100 ");
}

static void a_walk_that_ends_on_the_way_is_all_walk(void **state)
{
	(void)state;
	enter("/d/f");
	walk_by(&s, KNAME + 1, ROOT, "d/f", DIRECTORY, 0);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "\"/d/f\": copy=100 walk=300 descriptor=200; latency=300\n");
}

static void without_a_lookup_walk_and_opening_are_not_told_apart(void **state)
{
	(void)state;
	enter("/");
	walk_file(&s, ROOT, ROOT, "/");
	script_end(&s);
	says(&s, "\"/\": copy=100 descriptor=200; latency=100\n");
}

static void an_open_without_a_system_call_has_neither_copy_nor_descriptor(void **state)
{
	struct record r = at(&s, ROLE_OPEN, POINT_ENTRY);

	(void)state;
	opened = "/f";
	with_text(&r, "/f");
	with(&r, FIELD_KNAME, KNAME);
	with(&r, FIELD_FLAGS, 0x20);
	play(&s, &r);
	walk(&s, ROOT, 1, FILE_A);
	open_out(&s, FILE_A, inline_of(FILE_A), "f");
	script_end(&s);
	says(&s, "\"/f\": walk=100 lookup=100 opening=100; latency=300\n");
}

static void a_refused_call_has_no_stage_of_the_open(void **state)
{
	(void)state;
	syscall_in(&s);
	copy("/f");
	syscall_out(&s, -24);
	script_end(&s);
	says(&s, "\"/f\": copy=100 descriptor=100; latency=-1\n");
}

static void after_a_loss_no_stage_is_known(void **state)
{
	(void)state;
	enter("/f");
	lose(&s, SCOPE_TASK, 1);
	walk(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "\"/f\":; latency=300\n");
}

static void a_loss_before_the_open_takes_the_copy_alone(void **state)
{
	struct record r;

	(void)state;
	opened = "/f";
	syscall_in(&s);
	lose(&s, SCOPE_TASK, 1);
	r = at(&s, ROLE_OPEN, POINT_ENTRY);
	with_text(&r, "/f");
	with(&r, FIELD_KNAME, KNAME);
	play(&s, &r);
	walk(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "\"/f\": walk=100 lookup=100 opening=100; latency=300\n");
}

static void an_open_that_did_not_return_has_no_stages(void **state)
{
	(void)state;
	enter("/f");
	walk(&s, ROOT, 1, FILE_A);
	script_end(&s);
	says(&s, "\"/f\":; latency=-1\n");
}

static void what_bounds_a_stage_and_is_not_probed_makes_it_unknown(void **state)
{
	(void)state;
	begin_without(ROLE_ALLOC);
	enter("/f");
	walk_in_vain(&s, ROOT, 1);
	make_dentry(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "\"/f\": copy=100 walk=100 descriptor=200;");
}

static void without_the_copy_descriptor_and_copy_are_not_told_apart(void **state)
{
	(void)state;
	begin_without(ROLE_GETNAME);
	enter("/f");
	walk(&s, ROOT, 1, FILE_A);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "\"/f\": walk=100 lookup=100 opening=100; latency=300\n");
}

static void another_tasks_dentry_ends_the_wait_for_it(void **state)
{
	struct record r;

	(void)state;
	enter("/f");
	walk_in_vain(&s, ROOT, 1);
	alloc(&s, "f", KNAME + 1, FILE_A, inline_of(FILE_A));
	r = at(&s, ROLE_PARALLEL, POINT_RETURN);
	with_dentry(&r, FILE_B, inline_of(FILE_B), "f");
	with(&r, FIELD_INODE, INODE);
	play(&s, &r);
	walk_file(&s, ROOT, FILE_B, "f");
	script_end(&s);
	says(&s, "lookup=200 alloc=100 filesystem=100 opening=100 ");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cached_name_is_walked_to_found_and_opened),
		TEST(a_name_that_is_not_cached_is_allocated_and_its_file_system_asked),
		TEST(a_directory_that_is_not_cached_is_part_of_the_walk),
		TEST(what_the_file_system_looks_up_itself_is_its_own_stage),
		TEST(a_link_is_looked_up_and_walked),
		TEST(a_walk_that_begins_anew_goes_on_with_the_walk),
		TEST(a_file_that_is_made_took_its_file_system_the_time_to_the_inode),
		TEST(what_made_a_file_without_a_record_is_not_told_from_the_opening),
		TEST(what_the_file_system_refused_took_it_the_time_to_the_allocation),
		TEST(a_walk_that_ends_on_the_way_is_all_walk),
		TEST(without_a_lookup_walk_and_opening_are_not_told_apart),
		TEST(an_open_without_a_system_call_has_neither_copy_nor_descriptor),
		TEST(a_refused_call_has_no_stage_of_the_open),
		TEST(after_a_loss_no_stage_is_known),
		TEST(a_loss_before_the_open_takes_the_copy_alone),
		TEST(an_open_that_did_not_return_has_no_stages),
		cmocka_unit_test(what_bounds_a_stage_and_is_not_probed_makes_it_unknown),
		cmocka_unit_test(without_the_copy_descriptor_and_copy_are_not_told_apart),
		TEST(another_tasks_dentry_ends_the_wait_for_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
