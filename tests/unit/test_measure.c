/* SPDX-License-Identifier: MIT */
/*
 * The measured layout: objects laid out as five kernels' BTF says, filled with noise, and the same
 * answer for every member; and what must not be taken for an answer.
 */
#include "kernel_data.h"
#include "layout_of_32.h"

#include <errno.h>

#include "kernel/measure.h"
#include "kernel/roles.h"

#define ROUNDS	    4
#define LENGTHS	    64
#define WINDOW	    4096
#define INLINE_NAME "dentry.d_shortname|dentry.d_iname"

/* A kernel's memory: the windows of each round, and the dentries of names of every length. */
struct memory {
	struct layout *layout;
	struct observations evidence;
	struct round rounds[ROUNDS];
	struct window named[LENGTHS];
	unsigned char bytes[ROUNDS][VIEW_NR][WINDOW];
	unsigned char dentries[LENGTHS][WINDOW];
	char paths[ROUNDS][64], names[LENGTHS][LENGTHS + 1];
};

static struct memory *memory;
static struct measures measures;

static uint32_t noise(void)
{
	static uint32_t state = 2463534242;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void fill_noise(unsigned char *bytes)
{
	for (size_t i = 0; i < WINDOW; i++)
		bytes[i] = (unsigned char)noise();
}

/* Puts @value where the BTF has @path; nowhere if it has none. */
static void store(unsigned char *object, const char *path, uint64_t value)
{
	struct member member;

	if (layout_member(memory->layout, path, &member))
		return;
	assert_true(member.offset + member.size <= WINDOW);
	memcpy(object + member.offset, &value, member.size);
}

static void store_text(unsigned char *object, const char *path, const char *text)
{
	struct member member;

	assert_int_equal(layout_member(memory->layout, path, &member), 0);
	memcpy(object + member.offset, text, strlen(text) + 1);
}

static uint64_t address_of(const char *path, uint64_t object)
{
	struct member member;

	assert_int_equal(layout_member(memory->layout, path, &member), 0);
	return object + member.offset;
}

static void set_number(struct round *round, enum number number, uint64_t value)
{
	round->numbers[number] = value;
	round->has[number] = true;
}

static void know(struct round *round, size_t i, const char *path, size_t prefix)
{
	set_number(round, NUMBER_UPTR, 0x7ffd00001000 + 64 * i);
	set_number(round, NUMBER_FLAGS, 0x8042 + i);
	set_number(round, NUMBER_LEN, strlen(path) - prefix);
	set_number(round, NUMBER_PREFIX, prefix);
	set_number(round, NUMBER_INO, 4711 + 3 * i);
	set_number(round, NUMBER_GENERATION, 0x12345678 * (i + 1));
	set_number(round, NUMBER_MODE, 0100600 + 8 * i);
	set_number(round, NUMBER_DEV, 0x10300002 + i);
	set_number(round, NUMBER_PID, 1234 + 5 * i);
	set_number(round, NUMBER_TGID, 1200 + 7 * i);
}

static void lay_out_open(unsigned char (*bytes)[WINDOW], const struct round *round,
			 const char *path, uint32_t hash)
{
	const struct window *windows = round->windows;
	uint64_t text = address_of("filename.iname", windows[VIEW_FILENAME].address);
	const char *component = path + round->numbers[NUMBER_PREFIX];

	store(bytes[VIEW_HOW], "open_how.flags", round->numbers[NUMBER_FLAGS]);
	store(bytes[VIEW_OPEN_FLAGS], "open_flags.open_flag", round->numbers[NUMBER_FLAGS]);
	store(bytes[VIEW_FILENAME], "filename.name", text);
	store(bytes[VIEW_FILENAME], "filename.uptr", round->numbers[NUMBER_UPTR]);
	store_text(bytes[VIEW_FILENAME], "filename.iname", path);
	store(bytes[VIEW_QSTR], "qstr.name", text + round->numbers[NUMBER_PREFIX]);
	store(bytes[VIEW_QSTR], "qstr.len", round->numbers[NUMBER_LEN]);
	store(bytes[VIEW_QSTR], "qstr.hash", hash);
	store(bytes[VIEW_NEW_DENTRY], "dentry.d_name.name",
	      address_of(INLINE_NAME, windows[VIEW_NEW_DENTRY].address));
	store(bytes[VIEW_NEW_DENTRY], "dentry.d_name.len", round->numbers[NUMBER_LEN]);
	store(bytes[VIEW_NEW_DENTRY], "dentry.d_name.hash", hash);
	store_text(bytes[VIEW_NEW_DENTRY], INLINE_NAME, component);
}

static void lay_out_rest(unsigned char (*bytes)[WINDOW], const struct round *round)
{
	const struct window *windows = round->windows;

	store(bytes[VIEW_NEW_DENTRY], "dentry.d_sb", windows[VIEW_SUPER_BLOCK].address);
	store(bytes[VIEW_DENTRY], "dentry.d_parent", windows[VIEW_PARENT].address);
	store(bytes[VIEW_DENTRY], "dentry.d_inode", windows[VIEW_INODE].address);
	store(bytes[VIEW_INODE], "inode.i_ino", round->numbers[NUMBER_INO]);
	store(bytes[VIEW_INODE], "inode.i_generation", round->numbers[NUMBER_GENERATION]);
	store(bytes[VIEW_INODE], "inode.i_mode", round->numbers[NUMBER_MODE]);
	store(bytes[VIEW_SUPER_BLOCK], "super_block.s_dev", round->numbers[NUMBER_DEV]);
	store(bytes[VIEW_FILE], "file.f_path.dentry", windows[VIEW_NEW_DENTRY].address);
	store(bytes[VIEW_TASK], "task_struct.pid", round->numbers[NUMBER_PID]);
	store(bytes[VIEW_TASK], "task_struct.tgid", round->numbers[NUMBER_TGID]);
}

static void make_round(size_t i)
{
	static const char *const names[ROUNDS] = { "name", "other-name", "x1", "third.name" };
	struct round *round = &memory->rounds[i];
	char *path = memory->paths[i];
	int prefix = snprintf(path, sizeof(memory->paths[0]), "/tmp/dir-%zu/", i * i * 7);

	strcat(path, names[i]);
	know(round, i, path, (size_t)prefix);
	for (size_t view = 0; view < VIEW_NR; view++) {
		fill_noise(memory->bytes[i][view]);
		round->windows[view] = (struct window){
			.address = 0xffff888000000000 + ((uint64_t)noise() << 6),
			.bytes = memory->bytes[i][view],
			.size = view == VIEW_QSTR ? 16 : WINDOW,
		};
	}
	round->windows[VIEW_FILENAME].text = path;
	round->windows[VIEW_NEW_DENTRY].text = path + prefix;
	lay_out_open(memory->bytes[i], round, path, noise());
	lay_out_rest(memory->bytes[i], round);
}

/* A dentry whose name has i + 1 bytes: inside, while there is room for its NUL, too. */
static void make_named(size_t i)
{
	struct window *dentry = &memory->named[i];
	struct member text;
	uint64_t name;

	memset(memory->names[i], 'n', i + 1);
	fill_noise(memory->dentries[i]);
	*dentry = (struct window){ 0xffff888100000000 + 192 * i, memory->dentries[i], 192,
				   memory->names[i] };
	assert_int_equal(layout_member(memory->layout, INLINE_NAME, &text), 0);
	name = i + 2 <= text.size ? dentry->address + text.offset : 0xffff888200000000 + 64 * i;
	store(memory->dentries[i], "dentry.d_name.name", name);
	store(memory->dentries[i], "dentry.d_name.len", i + 1);
}

static void make_memory_of(struct layout *layout)
{
	memory = calloc(1, sizeof(*memory));
	assert_non_null(memory);
	memory->layout = layout;
	for (size_t i = 0; i < ROUNDS; i++)
		make_round(i);
	for (size_t i = 0; i < LENGTHS; i++)
		make_named(i);
	memory->evidence = (struct observations){ layout_pointer_size(memory->layout),
						  memory->rounds,
						  ROUNDS,
						  memory->named,
						  LENGTHS,
						  192 };
}

static void make_memory(size_t kernel)
{
	make_memory_of(kernel_layout(kernel));
}

static void drop_memory(void)
{
	layout_free(memory->layout);
	free(memory);
}

static int set_up(void **state)
{
	(void)state;
	make_memory(2);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	drop_memory();
	return 0;
}

static enum measure_state state_of(const char *path)
{
	for (size_t i = 0; i < MEASURE_NR; i++) {
		if (!strcmp(measure_path(i), path))
			return measures.members[i].state;
	}
	fail_msg("no member %s", path);
	return MEASURE_UNSEEN;
}

/* Every member but those of @lost is still found. */
static void only_lost(const char *const *lost)
{
	for (size_t i = 0; i < MEASURE_NR; i++) {
		const char *const *at = lost;

		while (*at && strcmp(*at, measure_path(i)))
			at++;
		if (!*at && measures.members[i].state != MEASURE_FOUND)
			fail_msg("%s: %s", measure_path(i),
				 measure_state_text(measures.members[i].state));
	}
}

#define ONLY_LOST(...) only_lost((const char *const[]){ __VA_ARGS__, NULL })

static bool is_same(const struct member *measured, const struct member *told)
{
	return measured->offset == told->offset &&
	       (!measured->size || measured->size == told->size) &&
	       measured->is_pointer == told->is_pointer && measured->is_signed == told->is_signed;
}

static void every_member_is_found(const char *kernel)
{
	measure(&memory->evidence, &measures);
	for (size_t i = 0; i < MEASURE_NR; i++) {
		const struct measured *found = &measures.members[i];
		struct member told;
		int ret = layout_member(memory->layout, measure_path(i), &told);

		if ((found->state == MEASURE_FOUND) == !ret &&
		    (ret || (is_same(&found->member, &told) && found->member.is_measured)))
			continue;
		fail_msg("%s: %s: %s at %u, not %u", kernel, measure_path(i),
			 measure_state_text(found->state), found->member.offset, told.offset);
	}
}

static void every_member_is_where_the_btf_has_it(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		make_memory(kernel);
		every_member_is_found(kernel_series[kernel]);
		drop_memory();
	}
}

static void pointers_are_as_wide_as_the_kernels(void **state)
{
	(void)state;
	make_memory_of(layout_of_32());
	every_member_is_found("32 bits");
	drop_memory();
}

static void the_size_of_inline_names_is_that_of_the_btf(void **state)
{
	static const uint32_t sizes[KERNEL_NR] = { 32, 32, 40, 40, 40 };
	struct member member;

	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		make_memory(kernel);
		measure(&memory->evidence, &measures);
		assert_int_equal(measures_find(&measures, INLINE_NAME, &member), 0);
		assert_int_equal(member.size, sizes[kernel]);
		drop_memory();
	}
}

/*
 * Of the bits of f_mode each kernel has its own, so it is not known what has to stand there. That
 * an open created its file is told by the dentry's instantiate as well. No open shows the struct
 * path of a chroot(), or a mount: without it absolute paths show the root, and only a walk shows in
 * which mount it is. Nor does any tell the flags of a ring's walk, of a task or of a signal's
 * handler, or the mode of a new file: without them what they tell is unknown.
 */
static bool is_not_measured(const char *path)
{
	static const char *const paths[] = {
		"file.f_mode",	    "path.dentry",	  "open_flags.lookup_flags",
		"open_flags.mode",  "task_struct.flags",  "ksignal.ka.sa.sa_flags",
		"cred.euid.val",    "fs_struct.root.mnt", "path.mnt",
		"task_struct.fs",   "fs_struct.users",	  "vfsmount.mnt_root",
		"mount.mnt",	    "mount.mnt.mnt_root", "mount.mnt_mountpoint",
		"mount.mnt_parent", "mount.mnt_ns",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!strcmp(path, paths[i]))
			return true;
	}
	return false;
}

static void every_member_of_the_roles_can_be_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct fetch *fetch = role_probes[i].fetches;

		for (; fetch->kind != FETCH_END; fetch++) {
			size_t row = 0;

			if (fetch->kind != FETCH_MEMBER && fetch->kind != FETCH_OFFSET &&
			    fetch->kind != FETCH_WIDTH)
				continue;
			while (row < MEASURE_NR && strcmp(measure_path(row), fetch->path))
				row++;
			if (row == MEASURE_NR && !is_not_measured(fetch->path))
				fail_msg("no row for %s", fetch->path);
		}
	}
}

static void what_stands_at_two_places_is_unknown(void **state)
{
	struct member member;

	(void)state;
	for (size_t i = 0; i < ROUNDS; i++)
		memcpy(memory->bytes[i][VIEW_FILE] + 400,
		       &memory->rounds[i].windows[VIEW_NEW_DENTRY].address, 8);
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("file.f_path.dentry"), MEASURE_AMBIGUOUS);
	assert_int_equal(measures_find(&measures, "file.f_path.dentry", &member), -ENOENT);
	ONLY_LOST("file.f_path.dentry");
}

static void a_second_place_in_one_round_only_is_a_coincidence(void **state)
{
	(void)state;
	memcpy(memory->bytes[1][VIEW_FILE] + 400,
	       &memory->rounds[1].windows[VIEW_NEW_DENTRY].address, 8);
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("file.f_path.dentry"), MEASURE_FOUND);
}

static void rounds_that_disagree_give_nothing(void **state)
{
	struct member member;

	(void)state;
	assert_int_equal(layout_member(memory->layout, "inode.i_ino", &member), 0);
	memory->bytes[2][VIEW_INODE][member.offset] ^= 1;
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("inode.i_ino"), MEASURE_NOWHERE);
	ONLY_LOST("inode.i_ino");
}

static void one_round_is_not_enough(void **state)
{
	(void)state;
	for (size_t i = 1; i < ROUNDS; i++)
		memory->rounds[i].windows[VIEW_TASK].size = 0;
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("task_struct.pid"), MEASURE_UNSEEN);
	ONLY_LOST("task_struct.pid", "task_struct.tgid");
}

static void rounds_that_do_not_differ_are_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROUNDS; i++) {
		set_number(&memory->rounds[i], NUMBER_DEV, 0x10300002);
		store(memory->bytes[i][VIEW_SUPER_BLOCK], "super_block.s_dev", 0x10300002);
	}
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("super_block.s_dev"), MEASURE_UNSEEN);
	ONLY_LOST("super_block.s_dev");
}

static void what_builds_on_an_unknown_member_is_unknown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROUNDS; i++)
		memory->rounds[i].windows[VIEW_FILENAME].text = NULL;
	measure(&memory->evidence, &measures);
	ONLY_LOST("filename.iname", "filename.name", "qstr.name", "qstr.hash");
	assert_int_equal(state_of("qstr.hash"), MEASURE_UNSEEN);
}

static void a_hash_that_is_always_the_same_is_no_hash(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROUNDS; i++) {
		store(memory->bytes[i][VIEW_QSTR], "qstr.hash", 7);
		store(memory->bytes[i][VIEW_NEW_DENTRY], "dentry.d_name.hash", 7);
	}
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("qstr.hash"), MEASURE_UNSEEN);
	ONLY_LOST("qstr.hash");
}

static void the_neighbour_of_a_dentry_is_not_looked_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROUNDS; i++)
		memcpy(memory->bytes[i][VIEW_NEW_DENTRY] + 192 + 104,
		       &memory->rounds[i].windows[VIEW_SUPER_BLOCK].address, 8);
	measure(&memory->evidence, &measures);
	ONLY_LOST(NULL);
	memory->evidence.dentry_size = 0;
	measure(&memory->evidence, &measures);
	ONLY_LOST("dentry.d_sb");
	assert_int_equal(state_of("dentry.d_sb"), MEASURE_AMBIGUOUS);
}

static void a_window_ends_where_it_was_cut(void **state)
{
	(void)state;
	memory->rounds[0].windows[VIEW_INODE].size = 48; /* i_ino is at 64 */
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of("inode.i_ino"), MEASURE_NOWHERE);
	assert_int_equal(state_of("inode.i_mode"), MEASURE_FOUND);
}

static void inline_names_that_make_no_sense_have_no_size(void **state)
{
	(void)state;
	/* The longest name that is inside is longer than one that is outside. */
	store(memory->dentries[50], "dentry.d_name.name",
	      address_of(INLINE_NAME, memory->named[50].address));
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of(INLINE_NAME), MEASURE_UNSEEN);
	ONLY_LOST(INLINE_NAME);
}

static void a_length_that_was_not_tried_leaves_the_size_open(void **state)
{
	(void)state;
	memory->named[39] = memory->named[38];
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of(INLINE_NAME), MEASURE_UNSEEN);
}

static void a_name_without_evidence_leaves_the_size_open(void **state)
{
	(void)state;
	memory->evidence.named_count = 0;
	measure(&memory->evidence, &measures);
	assert_int_equal(state_of(INLINE_NAME), MEASURE_UNSEEN);
}

static void a_layout_without_btf_knows_what_was_measured(void **state)
{
	struct layout *layout;
	struct member member;
	uint32_t size;

	(void)state;
	measure(&memory->evidence, &measures);
	assert_int_equal(layout_without_btf(&layout), 0);
	assert_int_equal(layout_member(layout, "dentry.d_parent", &member), -ENOENT);
	assert_int_equal(layout_size(layout, "dentry", &size), -ENOENT);
	assert_true(layout_lacks_members(layout));
	assert_int_equal(layout_add_measures(layout, &measures), 0);
	assert_int_equal(layout_member(layout, "dentry.d_parent", &member), 0);
	assert_int_equal(member.offset, 24);
	assert_true(member.is_measured);
	assert_int_equal(layout_size(layout, "dentry", &size), 0);
	assert_int_equal(size, 192);
	assert_int_equal(layout_size(layout, "inode", &size), -ENOENT);
	assert_int_equal(layout_check_argument(layout, "d_delete", 9), -ENOENT);
	assert_int_equal(layout_source(layout), LAYOUT_MEASURED);
	assert_false(layout_lacks_members(layout));
	layout_free(layout);
}

static void btf_goes_before_what_was_measured(void **state)
{
	struct measures wrong;
	struct member member;

	(void)state;
	measure(&memory->evidence, &wrong);
	for (size_t i = 0; i < MEASURE_NR; i++)
		wrong.members[i].member.offset = 1000;
	assert_int_equal(layout_add_measures(memory->layout, &wrong), 0);
	assert_int_equal(layout_member(memory->layout, "dentry.d_parent", &member), 0);
	assert_int_equal(member.offset, 24);
	assert_false(member.is_measured);
	assert_int_equal(layout_source(memory->layout), LAYOUT_MIXED);
}

static void a_whole_btf_lacks_nothing(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct layout *layout = kernel_layout(kernel);

		assert_false(layout_lacks_members(layout));
		layout_free(layout);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_is_where_the_btf_has_it),
		cmocka_unit_test(pointers_are_as_wide_as_the_kernels),
		cmocka_unit_test(the_size_of_inline_names_is_that_of_the_btf),
		cmocka_unit_test(every_member_of_the_roles_can_be_measured),
		cmocka_unit_test(a_whole_btf_lacks_nothing),
		TEST(what_stands_at_two_places_is_unknown),
		TEST(a_second_place_in_one_round_only_is_a_coincidence),
		TEST(rounds_that_disagree_give_nothing),
		TEST(one_round_is_not_enough),
		TEST(rounds_that_do_not_differ_are_one),
		TEST(what_builds_on_an_unknown_member_is_unknown),
		TEST(a_hash_that_is_always_the_same_is_no_hash),
		TEST(the_neighbour_of_a_dentry_is_not_looked_at),
		TEST(a_window_ends_where_it_was_cut),
		TEST(inline_names_that_make_no_sense_have_no_size),
		TEST(a_length_that_was_not_tried_leaves_the_size_open),
		TEST(a_name_without_evidence_leaves_the_size_open),
		TEST(a_layout_without_btf_knows_what_was_measured),
		TEST(btf_goes_before_what_was_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
