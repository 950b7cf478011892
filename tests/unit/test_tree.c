/* SPDX-License-Identifier: MIT */
/*
 * The tree of a name: the seed's form, and everything stated that is not shown.
 */
#include "chains.h"

#include "util/escape.h"

/* Columns of a line: bytes that begin a character. */
static size_t columns(const char *line)
{
	size_t count = 0;

	for (; *line && *line != '\n'; line++)
		count += ((unsigned char)*line & 0xc0) != 0x80;
	return count;
}

static size_t widest(const char *text)
{
	size_t most = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (columns(line) > most)
			most = columns(line);
		if (!*line)
			break;
	}
	return most;
}

static void a_miss_is_drawn_as_in_the_seed(void **state)
{
	static const char expected[] =
		"name string = \"/tmp/t_e.txt\"\n"
		"path …/t_e.txt (the rest is not known)\n"
		"lifetime 1 of 1: dentry 0xffff8f2940639480, born traced, alive, name inline\n"
		"open 1 by te_miss (tid 101)\n"
		"├─ do_sys_openat2 entry 0x000055d0c8a7b004 (const char * : the program's own "
		"pointer)\n"
		"└─ do_filp_open entry 0xffff8f29465fd020 (filename * -> name : const char *)\n"
		"   └─ d_lookup entry hash=1730118631 len=7 (qstr { name, len, hash })\n"
		"      └─ d_lookup return NULL (dentry * return = NULL)\n"
		"         └─ __d_alloc entry 0xffff8f29465fd025 (qstr * -> name : const unsigned "
		"char "
		"*)\n"
		"            └─ __d_alloc return 0xffff8f29406394b8 (dentry * -> d_name.name, "
		"inline)\n"
		"               ├─ __d_lookup_rcu return NULL (dentry * return = NULL)\n"
		"               └─ __d_rehash entry 0xffff8f29406394b8 (dentry * -> d_name.name;\n"
		"                  │  inserts for __d_add, which this kernel does not let us "
		"probe)\n"
		"                  └─ do_filp_open return 0xffff8f29406394b8 (file * -> "
		"f_path.dentry->d_name.name)\n"
		"  source − filename  0xffff8f29465fd025 − 0xffff8f29465fd020 = 0x5 = 5 and "
		"len(\"/tmp/\") = 5 PASS\n"
		"  alloc − dentry     0xffff8f29406394b8 − 0xffff8f2940639480 = 0x38 = 56 and "
		"inline "
		"name at 56 PASS\n"
		"  alloc = insert     0xffff8f29406394b8 = 0xffff8f29406394b8 PASS\n"
		"  insert = file      0xffff8f29406394b8 = 0xffff8f29406394b8 PASS\n"
		"\n";
	char *text;

	(void)state;
	chain_te_miss(&chain);
	text = tree(&with_plan);
	assert_string_equal(text, expected);
	free(text);
}

static void usual_trees_fit_100_columns(void **state)
{
	char *text;

	(void)state;
	chain_tm_miss(&chain);
	text = tree(&with_plan);
	assert_in_range(widest(text), 90, 100);
	free(text);
	chain_rebuild(&chain, NAME_PTR + 192);
	text = tree(&with_plan);
	assert_in_range(widest(text), 90, 100);
	free(text);
}

static void a_failed_open_shows_its_errno(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	assert_has(tree(NULL), "└─ do_filp_open return ENOENT (-2)\n");
}

static void an_errno_without_a_name_is_a_number(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	chain.hops[0][7].err = 530;
	assert_has(tree(NULL), "└─ do_filp_open return error (-530)\n");
}

static void a_negative_hit_is_called_negative(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	assert_has(tree(NULL), "__d_lookup_rcu return 0xffff8f29406394b8 (dentry * -> d_name.name, "
			       "negative)\n");
}

static void a_lookup_without_a_return_is_no_miss(void **state)
{
	char *text;

	(void)state;
	chain_tm_miss(&chain);
	chain.hops[0][2].point = POINT_ENTRY;
	chain.lifetimes[0].hops.count = 3;
	text = tree(NULL);
	assert_non_null(strstr(text, "len=7 (qstr { name, len, hash }; no return seen)\n"));
	assert_lacks(text, "NULL");
}

static void a_hidden_hash_leaves_the_length(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.hops[0][2].has_hash = false;
	assert_has(tree(NULL), "└─ d_lookup entry len=7 (qstr { name, len, hash })\n");
}

static void each_open_is_a_tree_of_its_own(void **state)
{
	char *text;

	(void)state;
	chain_tm_miss(&chain);
	text = tree(NULL);
	assert_non_null(strstr(text, "\nopen 1 by te_miss (tid 101)\n├─ do_sys_openat2"));
	assert_has(text, "\nopen 2 by te_miss (tid 101)\n└─ do_filp_open entry");
}

static void opens_that_interleave_are_kept_apart(void **state)
{
	static const struct hop hops[] = {
		{ HOP(HOP_FILENAME, 1, ROLE_OPEN, POINT_ENTRY, "do_filp_open", KNAME), .tid = 101,
		  .comm = "one", .open = 1 },
		{ HOP(HOP_FILENAME, 2, ROLE_OPEN, POINT_ENTRY, "do_filp_open", KNAME), .tid = 102,
		  .comm = "two", .open = 2 },
		{ HOP(HOP_FILE, 3, ROLE_OPEN, POINT_RETURN, "do_filp_open", NAME_PTR), .tid = 101,
		  .comm = "one", .open = 1 },
	};

	(void)state;
	chain_init(&chain, TEXT_OF("a"), TEXT_OF("a"), 1);
	for (size_t i = 0; i < ARRAY_SIZE(hops); i++)
		chain_add_hop(&chain, 0, hops[i]);
	assert_has(tree(NULL),
		   "open 1 by one (tid 101)\n"
		   "└─ do_filp_open entry 0xffff8f29465fd020 (filename * -> name : const char *)\n"
		   "   └─ do_filp_open return 0xffff8f29406394b8 (file * -> "
		   "f_path.dentry->d_name.name)\n"
		   "open 2 by two (tid 102)\n"
		   "└─ do_filp_open entry");
}

static void hit_delete_and_evict_follow_one_pointer(void **state)
{
	static const struct hop hops[] = {
		{ HOP(HOP_LOOKUP, 1, ROLE_LOOKUP_SLOW, POINT_RETURN, "d_lookup", NAME_PTR),
		  .tid = 104, .comm = "delete", .has_hash = true, .hash = 7, .len = 7 },
		{ HOP(HOP_DELETE, 2, ROLE_DELETE, POINT_ENTRY, "d_delete", NAME_PTR), .tid = 104,
		  .comm = "delete" },
		{ HOP(HOP_EVICT, 3, ROLE_EVICT, POINT_ENTRY, "__dentry_kill", NAME_PTR), .tid = 12,
		  .comm = "sh" },
	};

	(void)state;
	chain_init(&chain, (struct bytes){ NULL, 0 }, TEXT_OF("t_e.txt"), 1);
	chain.name.path_count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(hops); i++)
		chain_add_hop(&chain, 0, hops[i]);
	assert_has(
		tree(NULL),
		"outside of an open, by delete (tid 104)\n"
		"└─ d_lookup entry hash=7 len=7 (qstr { name, len, hash })\n"
		"   └─ d_lookup return 0xffff8f29406394b8 (dentry * -> d_name.name)\n"
		"      └─ d_delete entry 0xffff8f29406394b8 (dentry * -> d_name.name, by delete "
		"(tid 104))\n"
		"         └─ __dentry_kill entry 0xffff8f29406394b8 (dentry * -> d_name.name, by "
		"sh (tid 12))\n");
}

static void a_name_without_a_path_is_marked(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.name.path = (struct bytes){ NULL, 0 };
	chain.name.path_count = 0;
	assert_has(tree(NULL), "component = \"t_e.txt\" (no open passed a path)\n");
}

static void other_spellings_are_listed(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.paths[1] = TEXT_OF("../tmp/t_e.txt");
	chain.name.path_count = 2;
	assert_has(tree(NULL), "name string = \"/tmp/t_e.txt\"\nalso passed as "
			       "\"../tmp/t_e.txt\"\npath");
}

static void the_whole_path_stands_below_what_was_passed(void **state)
{
	static const char links[] = "/tmp\0private/tmp\0";

	(void)state;
	chain_te_miss(&chain);
	chain.name.resolved = TEXT_OF("/private/tmp/t_e.txt");
	chain.name.links = (struct bytes){ links, sizeof(links) - 1 };
	assert_has(tree(NULL), "name string = \"/tmp/t_e.txt\"\n"
			       "path /private/tmp/t_e.txt (through /tmp -> private/tmp)\n"
			       "lifetime 1");
}

static void a_path_that_was_passed_whole_is_not_repeated(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.name.resolved = chain.name.path;
	assert_has(tree(NULL), "name string = \"/tmp/t_e.txt\"\nlifetime 1");
}

static void numbers_of_the_directory_are_for_who_wants_more(void **state)
{
	static const struct render_options verbose = { .verbose = true };

	(void)state;
	chain_te_miss(&chain);
	assert_lacks(tree(NULL), "inode");
	assert_has(tree(&verbose), "component \"t_e.txt\" in the directory with inode 131073 on "
				   "device 259:1\n");
}

static void two_lifetimes_have_a_heading_each(void **state)
{
	char *text;

	(void)state;
	chain_rebuild(&chain, NAME_PTR + 192);
	text = tree(NULL);
	assert_non_null(strstr(text, "\nlifetime 1 of 2: dentry 0xffff8f2940639480, born traced, "
				     "ended evicted by sh (tid 12), name inline\n"));
	assert_has(text, "\nlifetime 2 of 2: dentry 0xffff8f2940639540, born traced, alive, name "
			 "inline\n");
}

static void a_long_heading_is_broken_before_the_storage(void **state)
{
	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	strcpy(chain.lifetimes[0].end_comm, "fifteen_letters");
	assert_has(tree(NULL), "ended evicted by fifteen_letters (tid 12),\n  name inline\nopen 1");
}

static void a_probe_that_is_the_roles_own_has_no_note(void **state)
{
	struct plan_entry exact = plan_rehash[0];
	struct render_options options = { .plan = &exact, .plan_count = 1 };

	(void)state;
	exact.state = PROBE_EXACT;
	chain_te_miss(&chain);
	assert_lacks(tree(&options), "inserts for");
}

static void a_function_that_is_not_known_is_named_by_its_role(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.hops[0][1].symbol = NULL;
	assert_has(tree(NULL), "└─ [open] entry 0xffff8f29465fd020 (");
}

static void dropped_hops_are_stated_where_they_were(void **state)
{
	(void)state;
	chain_tm_miss(&chain);
	chain.lifetimes[0].hops.dropped = 1234;
	chain.hops[0][5].open = 7;
	assert_has(tree(NULL), "\n… 1234 hops of this lifetime were not kept\nopen 7 by");
}

static void dropped_hops_of_a_single_open_are_stated_after_it(void **state)
{
	(void)state;
	chain_te_miss(&chain);
	chain.lifetimes[0].hops.dropped = 3;
	assert_has(tree(NULL), "\n… 3 hops of this lifetime were not kept\n");
}

static void dropped_lifetimes_are_stated_between_the_kept_ones(void **state)
{
	char *text;

	(void)state;
	chain_rebuild(&chain, NAME_PTR);
	chain.name.lifetimes_dropped = 40;
	chain.lifetimes[1].index = 41;
	chain.relations[4].lifetime = 41;
	text = tree(NULL);
	assert_non_null(strstr(text, "\n… 40 lifetimes of this name were not kept\nlifetime 42 of "
				     "42: "));
	assert_has(text, "\na lifetime that was not kept − lifetime 42: ");
}

static void an_open_that_was_not_seen_whole_is_marked(void **state)
{
	const struct open_call open = { .id = 1, .complete = false };
	static const struct render_options plain;
	struct output output;

	(void)state;
	chain_te_miss(&chain);
	output_start(&output, &render_tree, &plain);
	output.sink.open(output.sink.context, &open);
	output.sink.name(output.sink.context, &chain.name);
	assert_has(output_end(&output),
		   "open 1 by te_miss (tid 101), incomplete: not all of it was "
		   "seen\n");
}

static void colour_comes_only_when_asked_for(void **state)
{
	const struct render_options colour = { .color = true };

	(void)state;
	chain_te_miss(&chain);
	assert_lacks(tree(NULL), "\033");
	assert_has(tree(&colour), "\033[32m PASS\033[0m\n");
}

static void times_are_since_the_entry_of_the_open(void **state)
{
	const struct render_options options = { .shows_since = true };
	char *text;

	(void)state;
	chain_tm_miss(&chain);
	chain.hops[0][0].since = -800;
	chain.hops[0][2].since = 1500;
	chain.hops[0][chain.lifetimes[0].hops.count - 1].since = 2100000;
	text = tree(&options);
	assert_non_null(strstr(text, "(const char * : the program's own pointer, -800 ns)\n"));
	assert_non_null(strstr(text, "(dentry * return = NULL, +1.5 us)\n"));
	assert_has(text, "ENOENT (-2) +2.1 ms\n");
	assert_lacks(tree(NULL), " us");
}

static void explain_adds_sentences_within_100_columns(void **state)
{
	const struct render_options options = { .explain = true };
	char *text;

	(void)state;
	chain_tm_miss(&chain);
	text = tree(&options);
	assert_in_range(widest(text), 90, 100);
	assert_non_null(strstr(
		text, "\n   │  The walk along the path begins. It reads the kernel's copy.\n"));
	assert_has(text, "The open fails with this error: there is no file");
}

static void every_kind_of_hop_is_explained(void **state)
{
	const struct render_options options = { .explain = true };

	(void)state;
	for (int kind = 0; kind < HOP_NR; kind++) {
		char *text;

		chain_init(&chain, TEXT_OF("a"), TEXT_OF("a"), 1);
		chain_add_hop(&chain, 0, (struct hop){ HOP(kind, 1, 0, 0, "f", NAME_PTR) });
		text = tree(&options);
		assert_int_equal(text[strlen(text) - 3], '.');
		free(text);
	}
}

static void the_name_string_can_be_undone(void **state)
{
	char name[256], back[256], *text, *begin, *end;
	size_t len = 0, back_len;

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		if (byte != '/')
			name[len++] = (char)byte;
	}
	name[len] = '\0';
	chain_init(&chain, (struct bytes){ name, len }, (struct bytes){ name, len }, 1);
	text = tree(NULL);
	begin = strchr(text, '"') + 1;
	end = strchr(text, '\n') - 1;
	assert_int_equal(unescape_c(begin, (size_t)(end - begin), back, &back_len), 0);
	assert_int_equal(back_len, len);
	assert_memory_equal(back, name, len);
	free(text);
}

/* Any hop after any other, some of opens and some not: what a damaged recording may give. */
static void no_hop_is_left_out_whatever_the_order(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char *text, addr[32];

		chain_init(&chain, TEXT_OF("a"), TEXT_OF("a"), 1);
		for (uint64_t i = 0; i < 16; i++) {
			struct hop hop = { HOP(0, i, 0, POINT_RETURN, "f", NAME_PTR + i) };

			seed = seed * 1103515245 + 12345;
			hop.kind = (uint8_t)((seed >> 16) % HOP_NR);
			hop.open = (seed >> 24) % 3;
			hop.tid = (seed >> 26) % 2 + 1;
			hop.len = (seed >> 28) % 2;
			chain_add_hop(&chain, 0, hop);
		}
		text = tree(NULL);
		for (uint64_t i = 0; i < 16; i++) {
			snprintf(addr, sizeof(addr), "return 0x%016llx (",
				 (unsigned long long)(NAME_PTR + i));
			if (!strstr(text, addr))
				fail_msg("%s is missing in:\n%s", addr, text);
		}
		free(text);
	}
}

/* --- path calls --- */

static const struct open_call stat_call = {
	.id = 8,
	.call = CALL_STAT,
	.path = { "a\n", 2 },
	.resolved = { "/tmp/a\n", 7 },
	.result = -2,
	.has_result = true,
	.complete = true,
	.tid = 101,
	.cache = CACHE_NEGATIVE,
	.comm = "git",
};

static char *tree_with_call(const struct open_call *call)
{
	static const struct render_options plain;
	static const struct chain_summary end = { .kernel = "6.12" };
	struct output output;

	output_start(&output, &render_tree, &plain);
	assert_int_equal(output.sink.path_call(output.sink.context, call), 0);
	assert_int_equal(output.sink.summary(output.sink.context, &end), 0);
	return output_end(&output);
}

static void a_path_call_is_a_line(void **state)
{
	(void)state;
	assert_has(tree_with_call(&stat_call),
		   "stat 8 by git (tid 101): /tmp/a\\n: ENOENT, cache negative\n\n0 opens");
}

static void what_was_not_seen_of_a_path_call_is_said(void **state)
{
	struct open_call call = stat_call;

	(void)state;
	call.has_result = call.complete = false;
	call.cache = CACHE_UNKNOWN;
	call.cache_why = "records were lost";
	assert_has(tree_with_call(&call), ": result not seen, cache unknown (records were lost), "
					  "incomplete: not all of it was seen\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_call_is_a_line),
		cmocka_unit_test(what_was_not_seen_of_a_path_call_is_said),
		cmocka_unit_test(a_miss_is_drawn_as_in_the_seed),
		cmocka_unit_test(usual_trees_fit_100_columns),
		cmocka_unit_test(a_failed_open_shows_its_errno),
		cmocka_unit_test(an_errno_without_a_name_is_a_number),
		cmocka_unit_test(a_negative_hit_is_called_negative),
		cmocka_unit_test(a_lookup_without_a_return_is_no_miss),
		cmocka_unit_test(a_hidden_hash_leaves_the_length),
		cmocka_unit_test(each_open_is_a_tree_of_its_own),
		cmocka_unit_test(opens_that_interleave_are_kept_apart),
		cmocka_unit_test(hit_delete_and_evict_follow_one_pointer),
		cmocka_unit_test(a_name_without_a_path_is_marked),
		cmocka_unit_test(other_spellings_are_listed),
		cmocka_unit_test(the_whole_path_stands_below_what_was_passed),
		cmocka_unit_test(a_path_that_was_passed_whole_is_not_repeated),
		cmocka_unit_test(numbers_of_the_directory_are_for_who_wants_more),
		cmocka_unit_test(two_lifetimes_have_a_heading_each),
		cmocka_unit_test(a_long_heading_is_broken_before_the_storage),
		cmocka_unit_test(a_probe_that_is_the_roles_own_has_no_note),
		cmocka_unit_test(a_function_that_is_not_known_is_named_by_its_role),
		cmocka_unit_test(dropped_hops_are_stated_where_they_were),
		cmocka_unit_test(dropped_hops_of_a_single_open_are_stated_after_it),
		cmocka_unit_test(dropped_lifetimes_are_stated_between_the_kept_ones),
		cmocka_unit_test(an_open_that_was_not_seen_whole_is_marked),
		cmocka_unit_test(colour_comes_only_when_asked_for),
		cmocka_unit_test(times_are_since_the_entry_of_the_open),
		cmocka_unit_test(explain_adds_sentences_within_100_columns),
		cmocka_unit_test(every_kind_of_hop_is_explained),
		cmocka_unit_test(the_name_string_can_be_undone),
		cmocka_unit_test(no_hop_is_left_out_whatever_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
