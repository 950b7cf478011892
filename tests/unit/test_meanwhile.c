/* SPDX-License-Identifier: MIT */
/*
 * What the record of a lookup says of a dentry that another task changes while it is recorded: what
 * was read through a pointer that became another one counts as not read.
 */
#include "walk_script.h"

static struct script s;

static int begin(void **state)
{
	(void)state;
	walk_begin(&s);
	return 0;
}

/* The dentry had no inode when the record was begun: in the place of the mode are older bytes. */
static void find_as_it_is_made(uint64_t dentry, const char *rest, uint16_t older)
{
	struct record r = at(&s, FAST, POINT_RETURN);

	with_dentry(&r, dentry, inline_of(dentry), component_of(rest));
	with(&r, FIELD_INODE_FIRST, 0);
	with(&r, FIELD_MODE, older);
	with(&r, FIELD_INODE, INODE);
	play(&s, &r);
}

static void walk_as_it_is_made(uint64_t directory, size_t offset, uint64_t dentry, uint16_t older)
{
	look_for(&s, FAST, directory, opened + offset, KNAME + offset);
	find_as_it_is_made(dentry, opened + offset, older);
}

static void older_bytes_make_no_link(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_as_it_is_made(ROOT, 1, DIRECTORY, S_IFLNK);
	walk_by(&s, ELSEWHERE, ROOT, "x", FILE_B, S_IFDIR);
	walk(&s, DIRECTORY, 3, FILE_A);
	walk_file(&s, DIRECTORY, FILE_A, "f");
	script_end(&s);
	lacks(&s, "through");
	says(&s, "open 1 \"/d/f\" cache=hit path=/d/f");
}

static void older_bytes_make_no_directory(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_as_it_is_made(ROOT, 1, DIRECTORY, S_IFDIR);
	walk(&s, NODE(0, 7), 3, FILE_A);
	walk_file(&s, NODE(0, 7), FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=? dir=?\n");
}

/* What may be a link may lead to another file system without a mount. */
static void what_may_be_a_link_is_no_mountpoint(void **state)
{
	(void)state;
	walk_open(&s, "/d/f");
	walk_as_it_is_made(ROOT, 1, DIRECTORY, S_IFREG);
	walk(&s, NODE(1, 1), 3, NODE(1, 2));
	walk_file(&s, NODE(1, 1), NODE(1, 2), "f");
	script_end(&s);
	says(&s, "open 1 \"/d/f\" cache=hit path=? dir=?\n");
}

/* What is read last is what the walk comes to. */
static void what_was_made_meanwhile_was_found(void **state)
{
	(void)state;
	walk_open(&s, "/f");
	walk_as_it_is_made(ROOT, 1, FILE_A, S_IFREG);
	walk_file(&s, ROOT, FILE_A, "f");
	script_end(&s);
	says(&s, "open 1 \"/f\" cache=hit path=/f");
}

static int begin_negative(void **state)
{
	(void)state;
	negatives_begin(&s);
	return 0;
}

/* Of each lookup's hop whether it found a negative dentry. */
static int print_signs(void *context, const struct name *name)
{
	static const char *const words[] = {
		[IS_UNKNOWN] = "unknown",
		[IS_FALSE] = "positive",
		[IS_TRUE] = "negative",
	};

	for (size_t i = 0; i < name->lifetime_count; i++) {
		const struct hop_list *hops = &name->lifetimes[i]->hops;

		say(context, "\"%s\"", name->component.data);
		for (size_t j = 0; j < hops->count; j++) {
			if (hops->items[j].kind == HOP_LOOKUP)
				say(context, " %s", words[hops->items[j].negative]);
		}
		say(context, "\n");
	}
	return 0;
}

static void begin_signs(bool sees_deletes)
{
	script_options(&s);
	s.options.armed[ROLE_DELETE][POINT_ENTRY] = sees_deletes;
	s.options.sink.name = print_signs;
	assert_int_equal(correlator_new(&s.options, &s.c), 0);
}

static int begin_with_deletes(void **state)
{
	(void)state;
	begin_signs(true);
	return 0;
}

static int begin_without_deletes(void **state)
{
	(void)state;
	begin_signs(false);
	return 0;
}

/* The two reads of its inode that the record of a lookup has. */
static void find_twice(uint64_t first, uint64_t second)
{
	struct record r;

	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	r = at(&s, FAST, POINT_RETURN);
	with_dentry(&r, FILE_A, inline_of(FILE_A), "f");
	with(&r, FIELD_INODE_FIRST, first);
	with(&r, FIELD_INODE, second);
	play(&s, &r);
}

static void what_changes_between_two_reads_is_neither_negative_nor_positive(void **state)
{
	static const uint64_t reads[][2] = { { 0, INODE }, { INODE, 0 } };

	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		begin_with_deletes(state);
		find_twice(reads[i][0], reads[i][1]);
		script_end(&s);
		says(&s, "\"f\" unknown\n");
	}
}

static void what_two_reads_agree_on_is_known(void **state)
{
	(void)state;
	find_twice(0, 0);
	find_twice(INODE, INODE);
	script_end(&s);
	says(&s, "\"f\" negative positive\n");
}

static void what_an_eviction_takes_between_two_reads_was_there(void **state)
{
	(void)state;
	find_twice(INODE, INODE);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	find_twice(INODE, 0);
	script_end(&s);
	says(&s, "\"f\" positive positive\n");
}

/* Found, and then perhaps unlinked before it was evicted. */
static void find_evicted(void)
{
	find_twice(INODE, INODE);
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	find(&s, FILE_A, "f", 0);
	script_end(&s);
}

static void what_an_eviction_took_had_an_inode(void **state)
{
	(void)state;
	find_evicted();
	says(&s, "\"f\" positive positive\n");
}

static void where_no_unlink_is_seen_what_an_eviction_took_is_not_known(void **state)
{
	(void)state;
	find_evicted();
	says(&s, "\"f\" positive unknown\n");
}

/* A dentry that nobody has seen is evicted between the answer of the hash and its record. */
static void what_an_eviction_took_was_not_negative(void **state)
{
	(void)state;
	opened = "/f";
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	find(&s, FILE_A, "f", 0);
	script_end(&s);
	lacks(&s, "negative");
}

static void what_was_negative_before_its_eviction_stays_so(void **state)
{
	(void)state;
	opened = "/f";
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	find(&s, FILE_A, "f", 0);
	look_for(&s, FAST, ROOT, "f", ELSEWHERE);
	act(&s, OTHER_TASK, ROLE_EVICT, FILE_A);
	act(&s, OTHER_TASK, ROLE_DROP, FILE_A);
	find(&s, FILE_A, "f", 0);
	script_end(&s);
	says(&s, "negative \"f\" 3\n");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(older_bytes_make_no_link),
		TEST(older_bytes_make_no_directory),
		TEST(what_may_be_a_link_is_no_mountpoint),
		TEST(what_was_made_meanwhile_was_found),
		cmocka_unit_test(what_changes_between_two_reads_is_neither_negative_nor_positive),
		cmocka_unit_test_setup(what_two_reads_agree_on_is_known, begin_with_deletes),
		cmocka_unit_test_setup(what_an_eviction_takes_between_two_reads_was_there,
				       begin_with_deletes),
		cmocka_unit_test_setup(what_an_eviction_took_had_an_inode, begin_with_deletes),
		cmocka_unit_test_setup(where_no_unlink_is_seen_what_an_eviction_took_is_not_known,
				       begin_without_deletes),
		cmocka_unit_test_setup(what_an_eviction_took_was_not_negative, begin_negative),
		cmocka_unit_test_setup(what_was_negative_before_its_eviction_stays_so,
				       begin_negative),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
