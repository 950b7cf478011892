/* SPDX-License-Identifier: MIT */
/*
 * Structure offsets: against what was measured on real kernels, and against broken BTF.
 */
#include "kernel_data.h"
#include "said.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <sys/stat.h>

#include "util/io.h"

static uint32_t offset_of(const struct layout *layout, const char *path)
{
	struct member member;

	if (layout_member(layout, path, &member))
		fail_msg("no member %s", path);
	return member.offset;
}

/* Measured with pahole on the kernels; -1: this kernel has no such member. */
static const struct {
	const char *path;
	int offset[KERNEL_NR];
} measured[] = {
	{ "qstr.hash", { 0, 0, 0, 0, 0 } },
	{ "qstr.len", { 4, 4, 4, 4, 4 } },
	{ "qstr.name", { 8, 8, 8, 8, 8 } },
	{ "dentry.d_parent", { 24, 24, 24, 24, 24 } },
	{ "dentry.d_name.name", { 40, 40, 40, 40, 40 } },
	{ "dentry.d_inode", { 48, 48, 48, 48, 48 } },
	{ "dentry.d_iname", { 56, 56, 56, -1, -1 } },
	{ "dentry.d_shortname", { -1, -1, -1, 56, 56 } },
	{ "dentry.d_shortname|dentry.d_iname", { 56, 56, 56, 56, 56 } },
	{ "dentry.d_sb", { 104, 104, 104, 104, 104 } },
	{ "file.f_path.dentry", { 24, 24, 72, 72, 72 } },
	{ "filename.name", { 0, 0, 0, 0, 0 } },
	{ "filename.uptr", { 8, 8, 8, 8, -1 } },
	{ "filename.iname", { 32, 32, 32, 32, 24 } },
};

static void offsets_are_those_measured_on_each_kernel(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct layout *layout = kernel_layout(kernel);

		for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++) {
			struct member member = { 0 };
			int ret = layout_member(layout, measured[i].path, &member);
			int offset = ret ? -1 : (int)member.offset;

			if (offset != measured[i].offset[kernel])
				fail_msg("%s: %s is at %d", kernel_series[kernel], measured[i].path,
					 offset);
		}
		layout_free(layout);
	}
}

static void inline_name_has_the_size_measured_on_each_kernel(void **state)
{
	static const uint32_t sizes[KERNEL_NR] = { 32, 32, 40, 40, 40 };

	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct layout *layout = kernel_layout(kernel);
		struct member member;

		assert_int_equal(
			layout_member(layout, "dentry.d_shortname|dentry.d_iname", &member), 0);
		assert_int_equal(member.size, sizes[kernel]);
		layout_free(layout);
	}
}

static void members_tell_pointer_size_and_sign(void **state)
{
	struct layout *layout = kernel_layout(2);
	struct member pid, ino, name;

	(void)state;
	assert_int_equal(layout_member(layout, "task_struct.pid", &pid), 0);
	assert_int_equal(layout_member(layout, "inode.i_ino", &ino), 0);
	assert_int_equal(layout_member(layout, "qstr.name", &name), 0);
	assert_true(pid.size == 4 && pid.is_signed && !pid.is_pointer);
	assert_true(ino.size == 8 && !ino.is_signed && !ino.is_pointer);
	assert_true(name.size == 8 && name.is_pointer);
	layout_free(layout);
}

static void a_path_does_not_go_through_a_pointer(void **state)
{
	struct btf *btf = new_btf();
	struct member member;
	struct layout *layout;
	int inner;

	(void)state;
	inner = btf__add_struct(btf, "inner", 8);
	btf__add_field(btf, "m", 1, 0, 0);
	inner = btf__add_ptr(btf, inner);
	btf__add_struct(btf, "s", 8);
	btf__add_field(btf, "p", inner, 0, 0);
	layout = layout_of(btf);
	assert_int_equal(layout_member(layout, "s.p", &member), 0);
	assert_int_equal(layout_member(layout, "s.p.m", &member), -ENOENT);
	layout_free(layout);
}

static void what_does_not_exist_is_absent(void **state)
{
	struct layout *layout = kernel_layout(0);
	struct member member;
	uint32_t size;

	(void)state;
	assert_int_equal(layout_member(layout, "dentry.d_nothing", &member), -ENOENT);
	assert_int_equal(layout_member(layout, "nothing.d_name", &member), -ENOENT);
	assert_int_equal(layout_member(layout, "", &member), -ENOENT);
	assert_int_equal(layout_size(layout, "nothing", &size), -ENOENT);
	layout_free(layout);
}

static void a_structure_has_its_size(void **state)
{
	struct layout *layout = kernel_layout(4);
	uint32_t size;

	(void)state;
	assert_int_equal(layout_size(layout, "dentry", &size), 0);
	assert_int_equal(size, 192);
	layout_free(layout);
}

static void pointers_have_eight_bytes_on_64_bit_kernels(void **state)
{
	struct layout *layout = kernel_layout(1);

	(void)state;
	assert_int_equal(layout_pointer_size(layout), 8);
	layout_free(layout);
}

static void pointers_have_four_bytes_on_32_bit_kernels(void **state)
{
	struct btf *btf = btf__new_empty();
	struct layout *layout;

	(void)state;
	btf__add_int(btf, "long unsigned int", 4, 0);
	btf__set_pointer_size(btf, 4);
	layout = layout_of(btf);
	assert_int_equal(layout_pointer_size(layout), 4);
	layout_free(layout);
}

static void offsets_add_up_through_nested_members_without_a_name(void **state)
{
	struct btf *btf = new_btf();
	struct layout *layout;
	int inner, middle, outer;

	(void)state;
	inner = btf__add_struct(btf, "", 16);
	btf__add_field(btf, "deep", 1, 64, 0);
	middle = btf__add_union(btf, "", 16);
	btf__add_field(btf, "", inner, 0, 0);
	outer = btf__add_struct(btf, "named", 24);
	btf__add_field(btf, "", middle, 64, 0);
	btf__add_struct(btf, "s", 32);
	btf__add_field(btf, "", outer, 64, 0);
	layout = layout_of(btf);
	assert_int_equal(offset_of(layout, "s.deep"), 24);
	layout_free(layout);
}

static void every_modifier_is_stripped(void **state)
{
	struct btf *btf = new_btf();
	struct member member;
	struct layout *layout;
	int id;

	(void)state;
	id = btf__add_ptr(btf, 1);
	id = btf__add_type_tag(btf, "user", id);
	id = btf__add_typedef(btf, "alias_t", id);
	id = btf__add_restrict(btf, id);
	id = btf__add_volatile(btf, id);
	id = btf__add_const(btf, id);
	btf__add_struct(btf, "s", 8);
	btf__add_field(btf, "p", id, 0, 0);
	layout = layout_of(btf);
	assert_int_equal(layout_member(layout, "s.p", &member), 0);
	assert_true(member.is_pointer);
	layout_free(layout);
}

static void a_bit_field_cannot_be_read(void **state)
{
	struct btf *btf = new_btf();
	struct member member;
	struct layout *layout;

	(void)state;
	btf__add_struct(btf, "s", 16);
	btf__add_field(btf, "bits", 1, 8, 5);
	btf__add_field(btf, "whole", 1, 64, 0);
	layout = layout_of(btf);
	assert_int_equal(layout_member(layout, "s.bits", &member), -ENOENT);
	assert_int_equal(offset_of(layout, "s.whole"), 8);
	layout_free(layout);
}

static void a_member_outside_its_structure_does_not_exist(void **state)
{
	struct btf *btf = new_btf();
	struct member member;
	struct layout *layout;

	(void)state;
	btf__add_struct(btf, "s", 8);
	btf__add_field(btf, "far", 1, 64, 0);
	layout = layout_of(btf);
	assert_int_equal(layout_member(layout, "s.far", &member), -ENOENT);
	layout_free(layout);
}

static void a_cycle_of_modifiers_in_a_prototype_ends(void **state)
{
	struct btf *btf = new_btf();
	struct layout *layout;
	int proto;

	(void)state;
	btf__add_typedef(btf, "ring_t", 3);
	btf__add_const(btf, 2);
	proto = btf__add_func_proto(btf, 0);
	btf__add_func_param(btf, "p", 2);
	btf__add_func(btf, "f", BTF_FUNC_STATIC, proto);
	layout = layout_of(btf);
	assert_int_equal(layout_check_pointer(layout, "f", 1, NULL), -EINVAL);
	layout_free(layout);
}

static void a_structure_inside_itself_ends(void **state)
{
	struct btf *btf = new_btf();
	struct member member;
	struct layout *layout;

	(void)state;
	btf__add_struct(btf, "s", 64);
	for (int i = 0; i < 8; i++)
		btf__add_field(btf, "", 2, 0, 0);
	layout = layout_of(btf);
	assert_int_equal(layout_member(layout, "s.m", &member), -ENOENT);
	layout_free(layout);
}

static void a_prototype_tells_what_its_arguments_point_to(void **state)
{
	struct layout *layout = kernel_layout(3);

	(void)state;
	assert_int_equal(layout_check_pointer(layout, "d_lookup", 1, "dentry"), 0);
	assert_int_equal(layout_check_pointer(layout, "d_lookup", 2, "qstr"), 0);
	assert_int_equal(layout_check_pointer(layout, "d_lookup", 0, "dentry"), 0);
	layout_free(layout);
}

static void a_wrong_pointer_is_told_from_an_unknown_function(void **state)
{
	struct layout *layout = kernel_layout(3);

	(void)state;
	assert_int_equal(layout_check_pointer(layout, "d_lookup", 1, "qstr"), -EINVAL);
	assert_int_equal(layout_check_pointer(layout, "do_filp_open", 1, NULL), -EINVAL);
	assert_int_equal(layout_check_pointer(layout, "d_lookup", 3, "qstr"), -EINVAL);
	assert_int_equal(layout_check_pointer(layout, "nothing", 1, "qstr"), -ENOENT);
	layout_free(layout);
}

static void a_function_has_so_many_arguments(void **state)
{
	struct layout *layout = kernel_layout(3);

	(void)state;
	assert_int_equal(layout_check_argument(layout, "__d_move", 3), 0);
	assert_int_equal(layout_check_argument(layout, "__d_move", 4), -EINVAL);
	assert_int_equal(layout_check_argument(layout, "nothing", 1), -ENOENT);
	layout_free(layout);
}

static void the_source_is_btf(void **state)
{
	struct layout *layout = kernel_layout(0);

	(void)state;
	assert_int_equal(layout_source(layout), LAYOUT_BTF);
	layout_free(layout);
}

static void a_missing_file_is_reported_with_its_reason(void **state)
{
	struct layout *layout;

	(void)state;
	assert_int_equal(layout_from_btf("tests/data/none", &layout), -ENOENT);
	assert_string_equal(said, "ftopen: cannot read kernel BTF 'tests/data/none': No such file "
				  "or directory\n");
}

static void a_file_without_btf_is_reported_once(void **state)
{
	static const char text[] = "#!/bin/sh\nexit 0\n";
	char *path = file_of(text, sizeof(text));
	struct layout *layout;

	(void)state;
	assert_int_equal(layout_from_btf(path, &layout), -EBADMSG);
	assert_non_null(strstr(said, "it holds no valid BTF\n"));
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	drop_file(path);
}

static unsigned int libbpf_lines;

static int count_line(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	libbpf_lines++;
	return 0;
}

static void libbpf_itself_says_nothing(void **state)
{
	static const char elf[64] = "\177ELF\2\1\1";
	char *path = file_of(elf, sizeof(elf));
	libbpf_print_fn_t before = libbpf_set_print(count_line);
	struct layout *layout;

	(void)state;
	assert_int_equal(layout_from_btf(path, &layout), -EBADMSG);
	assert_ptr_equal(libbpf_set_print(before), count_line);
	assert_int_equal(libbpf_lines, 0);
	drop_file(path);
}

static void btf_that_does_not_tell_the_size_of_a_pointer_is_refused(void **state)
{
	struct layout *layout;

	(void)state;
	assert_int_equal(load_btf(btf__new_empty(), &layout), -EBADMSG);
}

/* Asks for everything that the role table asks for, in the same ways. */
static void ask_everything(const struct layout *layout)
{
	struct member member;
	uint32_t size;

	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++)
		layout_member(layout, measured[i].path, &member);
	layout_size(layout, "dentry", &size);
	layout_check_pointer(layout, "d_lookup", 2, "qstr");
	layout_check_argument(layout, "__d_move", 3);
}

static void load_bytes(const char *data, size_t size)
{
	char *path = file_of(data, size);
	struct layout *layout;

	if (!layout_from_btf(path, &layout)) {
		ask_everything(layout);
		layout_free(layout);
	}
	drop_file(path);
	said[0] = '\0';
}

static void no_altered_byte_of_btf_does_harm(void **state)
{
	unsigned int random = 1;
	size_t size;
	char *data;

	(void)state;
	assert_int_equal(read_file(kernel_file(4, "btf"), &data, &size), 0);
	for (int round = 0; round < 3000; round++) {
		size_t at = (size_t)rand_r(&random) % size;
		char kept = data[at];

		data[at] = (char)rand_r(&random);
		load_bytes(data, size);
		data[at] = kept;
	}
	free(data);
}

static void no_cut_of_btf_does_harm(void **state)
{
	size_t size;
	char *data;

	(void)state;
	assert_int_equal(read_file(kernel_file(0, "btf"), &data, &size), 0);
	for (size_t cut = 0; cut < size; cut += 7)
		load_bytes(data, cut);
	free(data);
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(offsets_are_those_measured_on_each_kernel),
		TEST(inline_name_has_the_size_measured_on_each_kernel),
		TEST(members_tell_pointer_size_and_sign),
		TEST(a_path_does_not_go_through_a_pointer),
		TEST(what_does_not_exist_is_absent),
		TEST(a_structure_has_its_size),
		TEST(pointers_have_eight_bytes_on_64_bit_kernels),
		TEST(pointers_have_four_bytes_on_32_bit_kernels),
		TEST(offsets_add_up_through_nested_members_without_a_name),
		TEST(every_modifier_is_stripped),
		TEST(a_bit_field_cannot_be_read),
		TEST(a_member_outside_its_structure_does_not_exist),
		TEST(a_cycle_of_modifiers_in_a_prototype_ends),
		TEST(a_structure_inside_itself_ends),
		TEST(a_prototype_tells_what_its_arguments_point_to),
		TEST(a_wrong_pointer_is_told_from_an_unknown_function),
		TEST(a_function_has_so_many_arguments),
		TEST(the_source_is_btf),
		TEST(a_missing_file_is_reported_with_its_reason),
		TEST(a_file_without_btf_is_reported_once),
		TEST(libbpf_itself_says_nothing),
		TEST(btf_that_does_not_tell_the_size_of_a_pointer_is_refused),
		TEST(no_altered_byte_of_btf_does_harm),
		TEST(no_cut_of_btf_does_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
