/* SPDX-License-Identifier: MIT */
/*
 * The steps of a walk: which component a lookup is about, told by where qstr->name points. Each
 * branch, and what would look right and is not.
 */
#include "walk_script.h"

#define BODY	  UINT64_C(0xffff8880abcd0000)
#define LAYER	  NODE(1, 40)
#define LAYER_SUB NODE(1, 41)

static void a_pointer_into_the_path_is_the_paths_own(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	walk_two(&s, "/dir/file", DIRECTORY, FILE_A);
	script_end(&s);
	says(&s, "open 1 \"/dir/file\" cache=hit path=/dir/file dir=?\n");
	says(&s, "unnamed \"dir\" in 1");
	says(&s, "name \"file\" in 2 path=/dir/file\n  3 born=before end=alive: user filename "
		 "lookup file\n");
}

/* "/dir/file" is found; then @component is looked up in a layer, by a pointer @qname. */
static void open_with_another_lookup(struct script *s, uint64_t qname, const char *component)
{
	walk_open(s, "/dir/file");
	walk(s, ROOT, 1, DIRECTORY);
	walk(s, DIRECTORY, 5, FILE_A);
	walk_by(s, qname, LAYER, component, LAYER_SUB, 0);
	walk_file(s, DIRECTORY, FILE_A, "file");
}

static void a_pointer_behind_the_end_of_the_path_is_foreign(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	/* The same text right after the path's NUL: a file system's own. */
	open_with_another_lookup(&s, KNAME + 10, "file");
	script_end(&s);
	says(&s, "cache=hit");
	says(&s, "unnamed \"file\" in 40");
}

static void a_pointer_that_would_reach_over_the_end_is_foreign(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	open_with_another_lookup(&s, KNAME + 5, "files");
	script_end(&s);
	says(&s, "cache=hit");
}

static void another_text_at_a_place_in_the_path_is_foreign(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	open_with_another_lookup(&s, KNAME + 5, "else");
	script_end(&s);
	says(&s, "cache=hit");
}

static void go_to_link(struct script *s)
{
	walk_open(s, "/dir/link");
	walk(s, ROOT, 1, DIRECTORY);
	walk_to_link(s, DIRECTORY, 5, FILE_A);
}

/* "/dir/link" with the body "sub/deep": the second lookup goes on from where the link is. */
static void the_body_of_a_link_is_walked_and_the_link_answers_for_the_open(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	go_to_link(&s);
	walk_by(&s, BODY, DIRECTORY, "sub/deep", FILE_B, S_IFDIR);
	walk_by(&s, BODY + 4, FILE_B, "deep", NODE(0, 9), 0);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "open 1 \"/dir/link\" cache=hit");
	says(&s, "name \"link\" in 2 path=/dir/link\n  3 born=before end=alive: user filename "
		 "lookup file!\n");
	says(&s, "name \"deep\" in 4");
}

static void behind_the_body_of_a_link_the_walk_is_back_in_the_path(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	walk_open(&s, "/link/f");
	walk_to_link(&s, ROOT, 1, FILE_A);
	walk_by(&s, BODY, ROOT, "dir", DIRECTORY, S_IFDIR);
	walk(&s, DIRECTORY, 6, FILE_B);
	walk_file(&s, DIRECTORY, FILE_B, "f");
	script_end(&s);
	says(&s, "open 1 \"/link/f\" cache=hit path=/dir/f");
	says(&s, "name \"f\" in 2 path=/dir/f\n  4 born=before end=alive: user filename lookup "
		 "file\n");
}

static void a_body_that_begins_with_a_slash_begins_at_the_root(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	go_to_link(&s);
	walk_by(&s, BODY + 1, ROOT, "file", FILE_B, S_IFREG);
	walk_file(&s, ROOT, FILE_B, "file");
	script_end(&s);
	says(&s, "cache=hit path=/file");
	says(&s, "name \"file\" in 1 path=/file\n  4 born=before end=alive: lookup file\n");
}

static void a_link_in_the_body_of_a_link_goes_back_to_it(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	walk_open(&s, "/one");
	walk_to_link(&s, ROOT, 1, FILE_A);
	/* "two/end", of which "two" is a link with the body "dir". */
	walk_by(&s, BODY, ROOT, "two/end", FILE_B, S_IFLNK);
	walk_by(&s, BODY + 0x1000, ROOT, "dir", DIRECTORY, S_IFDIR);
	walk_by(&s, BODY + 4, DIRECTORY, "end", NODE(0, 9), 0);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "\nname \"end\" in 2 ");
}

static void what_the_body_goes_up_is_not_looked_up(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	go_to_link(&s);
	walk_by(&s, BODY + 3, ROOT, "a/../b", NODE(0, 5), S_IFDIR);
	walk_by(&s, BODY + 8, ROOT, "b", FILE_B, 0);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "\nname \"b\" in 1 ");
}

/* "/f" is looked for in vain and allocated. */
static void miss_f(struct script *s)
{
	walk_open(s, "/f");
	walk_in_vain(s, ROOT, 1);
	alloc(s, "f", KNAME + 1, FILE_A, inline_of(FILE_A));
}

static void lookups_of_a_layer_are_not_the_walks(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	miss_f(&s);
	/* Below, by the name of the dentry that is in lookup. */
	walk_by(&s, inline_of(FILE_A), LAYER, "f", LAYER_SUB, S_IFREG);
	insert_in(&s, ROOT, FILE_A, "f", false);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/f\" cache=miss path=/f");
	says(&s, "name \"f\" in 1 path=/f\n  3 born=traced end=alive: user filename lookup=NULL "
		 "source alloc insert file\n");
	says(&s, "unnamed \"f\" in 40 path=?\n  41 born=before end=alive: lookup\n");
}

static void a_layer_that_is_asked_after_the_hit_does_not_change_the_answer(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	walk_open(&s, "/f");
	walk(&s, ROOT, 1, FILE_A);
	walk_by(&s, inline_of(FILE_A), LAYER, "f", LAYER_SUB, 0);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/f\" cache=hit path=/f");
}

static void the_dentry_of_a_layer_is_allocated_for_the_layer(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	miss_f(&s);
	look_for(&s, SLOW, LAYER, "f", inline_of(FILE_A));
	lookup_null(&s, SLOW);
	alloc(&s, "f", inline_of(FILE_A), LAYER_SUB, inline_of(LAYER_SUB));
	insert_in(&s, LAYER, LAYER_SUB, "f", false);
	insert_in(&s, ROOT, FILE_A, "f", false);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "unnamed \"f\" in 40 path=?\n  41 born=traced end=alive: lookup=NULL source alloc "
		 "insert\n");
	lacks(&s, "FAIL");
}

/* The body is "d/d": while the first is in lookup, what is asked for is not the second. */
static void a_layer_that_is_asked_for_the_bodys_next_component_is_not_the_walk(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	walk_open(&s, "/link");
	walk_to_link(&s, ROOT, 1, FILE_A);
	look_for(&s, SLOW, ROOT, "d/d", BODY);
	lookup_null(&s, SLOW);
	alloc(&s, "d/d", BODY, DIRECTORY, inline_of(DIRECTORY));
	walk_by(&s, inline_of(DIRECTORY), LAYER, "d", LAYER_SUB, S_IFDIR);
	insert_in(&s, ROOT, DIRECTORY, "d", false);
	walk_by(&s, BODY + 2, DIRECTORY, "d", NODE(0, 9), 0);
	open_failed(&s, 2);
	script_end(&s);
	says(&s, "\nname \"d\" in 2 ");
}

/* d_alloc_parallel() of NFS takes the name of the dentry that it dropped. */
static void a_name_copied_from_the_dropped_dentry_is_no_claim_about_the_path(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	walk_open(&s, "/f");
	walk(&s, ROOT, 1, FILE_A);
	act(&s, PROGRAM, ROLE_DROP, FILE_A);
	alloc(&s, "f", inline_of(FILE_A), FILE_B, inline_of(FILE_B));
	insert_in(&s, ROOT, FILE_B, "f", false);
	walk_file(&s, ROOT, FILE_B, "f");
	script_end(&s);
	lacks(&s, "source - filename");
	lacks(&s, "FAIL");
	says(&s, "name \"f\" in 1 path=/f\n  3 born=before end=unhashed by me: user filename "
		 "lookup\n  4 born=traced");
}

static void who_lost_the_race_walks_on_with_the_other_tasks_dentry(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	miss_f(&s);
	act(&s, OTHER_TASK, ROLE_REHASH, FILE_B);
	parallel(&s, FILE_B, "f", S_IFREG);
	walk_file(&s, ROOT, FILE_B, "f");
	script_end(&s);
	says(&s, "cache=miss path=/f");
	says(&s, "  4 born=untraced by else end=alive: lookup file\n");
	lacks(&s, "FAIL");
}

static void the_other_tasks_dentry_may_be_known_already(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	s.tid = OTHER_TASK;
	walk_open(&s, "/f");
	walk(&s, ROOT, 1, FILE_B);
	walk_file(&s, ROOT, FILE_B, "f");
	s.tid = PROGRAM;
	miss_f(&s);
	parallel(&s, FILE_B, "f", S_IFREG);
	walk_file(&s, ROOT, FILE_B, "f");
	script_end(&s);
	says(&s, "  4 born=before end=alive: user filename lookup file lookup file\n");
}

static void who_won_the_race_has_no_further_hop(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	miss_f(&s);
	parallel(&s, FILE_A, "f", S_IFREG);
	insert_in(&s, ROOT, FILE_A, "f", false);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "lookup=NULL source alloc insert file\n");
}

/* The rest of the open, and the beginning of the walk that the return belongs to, were lost. */
static void what_a_lost_walk_allocated_is_not_the_steps(void **state)
{
	struct script s;

	(void)state;
	walk_begin(&s);
	miss_f(&s);
	lose(&s, SCOPE_TASK, 1);
	parallel(&s, FILE_B, "g", S_IFREG);
	script_end(&s);
	lacks(&s, "\"g\" in 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pointer_into_the_path_is_the_paths_own),
		cmocka_unit_test(a_pointer_behind_the_end_of_the_path_is_foreign),
		cmocka_unit_test(a_pointer_that_would_reach_over_the_end_is_foreign),
		cmocka_unit_test(another_text_at_a_place_in_the_path_is_foreign),
		cmocka_unit_test(the_body_of_a_link_is_walked_and_the_link_answers_for_the_open),
		cmocka_unit_test(behind_the_body_of_a_link_the_walk_is_back_in_the_path),
		cmocka_unit_test(a_body_that_begins_with_a_slash_begins_at_the_root),
		cmocka_unit_test(a_link_in_the_body_of_a_link_goes_back_to_it),
		cmocka_unit_test(what_the_body_goes_up_is_not_looked_up),
		cmocka_unit_test(lookups_of_a_layer_are_not_the_walks),
		cmocka_unit_test(a_layer_that_is_asked_after_the_hit_does_not_change_the_answer),
		cmocka_unit_test(the_dentry_of_a_layer_is_allocated_for_the_layer),
		cmocka_unit_test(
			a_layer_that_is_asked_for_the_bodys_next_component_is_not_the_walk),
		cmocka_unit_test(a_name_copied_from_the_dropped_dentry_is_no_claim_about_the_path),
		cmocka_unit_test(who_lost_the_race_walks_on_with_the_other_tasks_dentry),
		cmocka_unit_test(the_other_tasks_dentry_may_be_known_already),
		cmocka_unit_test(who_won_the_race_has_no_further_hop),
		cmocka_unit_test(what_a_lost_walk_allocated_is_not_the_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
