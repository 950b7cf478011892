/* SPDX-License-Identifier: MIT */
/*
 * What every row of the role table has to keep, by itself and on each kernel.
 */
#include "kernel_data.h"
#include "said.h"

#include <errno.h>

#include "kernel/definition.h"
#include "kernel/roles.h"

/* Of a field name in kprobe_events. */
#define MAX_FIELD_NAME 32

typedef void each_fetch(const struct role_probe *probe, const struct fetch *fetch);

static void for_each_fetch(each_fetch *check)
{
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct fetch *fetch = role_probes[i].fetches;

		for (; fetch->kind != FETCH_END; fetch++)
			check(&role_probes[i], fetch);
	}
}

static const char *row_name(const struct role_probe *probe)
{
	static char name[EVENT_NAME_SIZE];

	event_name(probe->role, probe->point, name);
	return name;
}

static void rows_stand_in_the_order_of_roles_entry_before_return(void **state)
{
	(void)state;
	for (size_t i = 1; i < role_probes_count; i++) {
		const struct role_probe *one = &role_probes[i - 1], *next = &role_probes[i];

		if (one->role * POINT_NR + one->point >= next->role * POINT_NR + next->point)
			fail_msg("%s", row_name(next));
	}
}

static void every_role_has_a_row(void **state)
{
	(void)state;
	for (int role = 0; role < ROLE_NR; role++) {
		if (!role_probe_find((enum role)role, POINT_ENTRY) &&
		    !role_probe_find((enum role)role, POINT_RETURN))
			fail_msg("%s", role_name((enum role)role));
	}
}

static void both_rows_of_a_role_have_the_same_candidates(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct role_probe *entry = role_probe_find(role_probes[i].role, POINT_ENTRY);

		for (int j = 0; entry && j < ROLE_MAX_CANDIDATES; j++) {
			const char *one = entry->candidates[j].symbol;
			const char *other = role_probes[i].candidates[j].symbol;

			if (!one != !other || (one && strcmp(one, other)))
				fail_msg("%s", row_name(&role_probes[i]));
		}
	}
}

static void the_first_candidate_is_the_roles_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_probes_count; i++) {
		assert_non_null(role_probes[i].candidates[0].symbol);
		assert_null(role_probes[i].candidates[0].substitutes);
	}
}

static void only_the_open_is_required(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_probes_count; i++)
		assert_int_equal(role_probes[i].required, role_probes[i].role == ROLE_OPEN);
}

static void every_function_has_a_marker_that_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct candidate *candidates = role_probes[i].candidates;

		for (int j = 0; j < ROLE_MAX_CANDIDATES && candidates[j].symbol; j++)
			assert_true(strlen(SYMBOL_MARKER) + strlen(candidates[j].symbol) <=
				    MAX_FIELD_NAME);
	}
}

static bool is_before(const struct role_probe *probe, const struct fetch *end, enum field field)
{
	for (const struct fetch *fetch = probe->fetches; fetch != end; fetch++) {
		if (fetch->field == field)
			return true;
	}
	return false;
}

static void check_base(const struct role_probe *probe, const struct fetch *fetch)
{
	bool has_base = fetch->kind == FETCH_MEMBER || fetch->kind == FETCH_TEXT;

	if (has_base && !is_before(probe, fetch, fetch->base))
		fail_msg("%s: %s", row_name(probe), field_name(fetch->field));
}

static void a_base_stands_before_what_is_read_through_it(void **state)
{
	(void)state;
	for_each_fetch(check_base);
}

static void check_once(const struct role_probe *probe, const struct fetch *fetch)
{
	if (is_before(probe, fetch, fetch->field))
		fail_msg("%s: %s", row_name(probe), field_name(fetch->field));
}

static void no_field_is_fetched_twice(void **state)
{
	(void)state;
	for_each_fetch(check_once);
}

static void check_point(const struct role_probe *probe, const struct fetch *fetch)
{
	/* $argN in a return probe works from 6.12 on only, $retval at entry never. */
	assert_false(fetch->kind == FETCH_ARG && probe->point != POINT_ENTRY);
	assert_false(fetch->kind == FETCH_RETVAL && probe->point != POINT_RETURN);
}

static void arguments_are_read_at_entry_and_the_result_at_return(void **state)
{
	(void)state;
	for_each_fetch(check_point);
}

static void check_string(const struct role_probe *probe, const struct fetch *fetch)
{
	bool is_text = fetch->kind == FETCH_TEXT || fetch->kind == FETCH_COMM;

	(void)probe;
	assert_int_equal(is_text, is_string_field(fetch->field));
}

static void string_fields_and_no_others_hold_text(void **state)
{
	(void)state;
	for_each_fetch(check_string);
}

static void check_only(const struct role_probe *probe, const struct fetch *fetch)
{
	bool found = !fetch->only;

	for (int i = 0; i < ROLE_MAX_CANDIDATES && probe->candidates[i].symbol; i++)
		found |= fetch->only && !strcmp(fetch->only, probe->candidates[i].symbol);
	assert_true(found);
}

static void only_names_a_candidate_of_the_row(void **state)
{
	(void)state;
	for_each_fetch(check_only);
}

static void check_path(const struct role_probe *probe, const struct fetch *fetch)
{
	for (size_t kernel = 0; fetch->path && kernel < KERNEL_NR; kernel++) {
		struct layout *layout = kernel_layout(kernel);
		struct member member;
		uint32_t size;
		int ret = fetch->kind == FETCH_SIZE ? layout_size(layout, fetch->path, &size)
						    : layout_member(layout, fetch->path, &member);

		layout_free(layout);
		/* The one member that went away: 7.3 has no filename.uptr. */
		if (ret && (fetch->field != FIELD_UPTR || kernel != KERNEL_NR - 1))
			fail_msg("%s: %s on %s", row_name(probe), fetch->path,
				 kernel_series[kernel]);
	}
}

static void every_path_exists_on_every_kernel(void **state)
{
	(void)state;
	for_each_fetch(check_path);
}

static bool has_function(const char *name)
{
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct symbols *symbols = kernel_symbols(kernel);
		struct symbol symbol;

		symbols_find(symbols, name, &symbol);
		symbols_free(symbols);
		if (symbol.count)
			return true;
	}
	return false;
}

/* The kernels of tests/data are an x86-64's: system calls of other machines have another name. */
static bool is_of_this_machine(const char *name)
{
	return strncmp(name, "__arm64_", 8) != 0 && strncmp(name, "__s390x_", 8) != 0;
}

static void every_candidate_exists_on_some_kernel(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_probes_count; i++) {
		const struct candidate *candidates = role_probes[i].candidates;

		for (int j = 0; j < ROLE_MAX_CANDIDATES && candidates[j].symbol; j++) {
			if (is_of_this_machine(candidates[j].symbol) &&
			    !has_function(candidates[j].symbol))
				fail_msg("%s", candidates[j].symbol);
		}
	}
}

/* What the table takes each argument for. The paths read through it are checked by name below. */
static const struct {
	enum role role;
	int arg; /* 0 is what it returns */
	const char *structure;
} prototypes[] = {
	{ ROLE_SYSCALL, 3, "open_how" },   { ROLE_GETNAME, 0, "filename" },
	{ ROLE_OPEN, 2, "filename" },	   { ROLE_OPEN, 3, "open_flags" },
	{ ROLE_OPEN, 0, "file" },	   { ROLE_LOOKUP_FAST, 1, "dentry" },
	{ ROLE_LOOKUP_FAST, 2, "qstr" },   { ROLE_LOOKUP_FAST, 0, "dentry" },
	{ ROLE_LOOKUP_REF, 1, "dentry" },  { ROLE_LOOKUP_REF, 2, "qstr" },
	{ ROLE_LOOKUP_REF, 0, "dentry" },  { ROLE_LOOKUP_SLOW, 1, "dentry" },
	{ ROLE_LOOKUP_SLOW, 2, "qstr" },   { ROLE_LOOKUP_SLOW, 0, "dentry" },
	{ ROLE_ALLOC, 1, "super_block" },  { ROLE_ALLOC, 2, "qstr" },
	{ ROLE_ALLOC, 0, "dentry" },	   { ROLE_PARALLEL, 0, "dentry" },
	{ ROLE_REHASH, 1, "dentry" },	   { ROLE_INSERT, 1, "dentry" },
	{ ROLE_INSTANTIATE, 1, "dentry" }, { ROLE_INSTANTIATE, 2, "inode" },
	{ ROLE_DELETE, 1, "dentry" },	   { ROLE_DROP, 1, "dentry" },
	{ ROLE_RENAME, 1, "dentry" },	   { ROLE_RENAME, 2, "dentry" },
	{ ROLE_EVICT, 1, "dentry" },	   { ROLE_TASK, 1, "task_struct" },
	{ ROLE_SIGNAL, 2, "ksignal" },	   { ROLE_OPEN_ROOT, 0, "file" },
	{ ROLE_CHROOT, 1, "fs_struct" },   { ROLE_CHROOT, 2, "path" },
	{ ROLE_COMM, 1, "task_struct" },   { ROLE_OPENER, 2, "cred" },
	{ ROLE_CREDS, 1, "cred" },	   { ROLE_CWD, 1, "fs_struct" },
	{ ROLE_CWD, 2, "path" },	   { ROLE_PIVOT, 2, "path" },
	{ ROLE_MOUNT, 1, "mount" },	   { ROLE_UMOUNT, 1, "mount" },
	{ ROLE_PATH, 2, "filename" },	   { ROLE_PARENT, 2, "filename" },
};

static const struct role_probe *any_row(enum role role)
{
	const struct role_probe *entry = role_probe_find(role, POINT_ENTRY);

	return entry ? entry : role_probe_find(role, POINT_RETURN);
}

static void check_prototype(size_t kernel, size_t i, unsigned int *known)
{
	const struct candidate *candidates = any_row(prototypes[i].role)->candidates;
	struct layout *layout = kernel_layout(kernel);

	for (int j = 0; j < ROLE_MAX_CANDIDATES && candidates[j].symbol; j++) {
		int ret = layout_check_pointer(layout, candidates[j].symbol, prototypes[i].arg,
					       prototypes[i].structure);

		if (ret == -EINVAL)
			fail_msg("%s argument %d is no %s * on %s", candidates[j].symbol,
				 prototypes[i].arg, prototypes[i].structure, kernel_series[kernel]);
		*known += !ret;
	}
	layout_free(layout);
}

static void arguments_are_what_they_are_taken_for_on_every_kernel(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		for (size_t i = 0; i < sizeof(prototypes) / sizeof(prototypes[0]); i++) {
			unsigned int known = 0;

			check_prototype(kernel, i, &known);
			/* At least one candidate of each role is in each kernel's BTF. */
			assert_true(known > 0);
		}
	}
}

static const char *taken_for(enum role role, int arg)
{
	for (size_t i = 0; i < sizeof(prototypes) / sizeof(prototypes[0]); i++) {
		if (prototypes[i].role == role && prototypes[i].arg == arg)
			return prototypes[i].structure;
	}
	return "";
}

static void check_structure(const struct role_probe *probe, const struct fetch *fetch)
{
	const struct fetch *base = probe->fetches;

	if (fetch->kind != FETCH_MEMBER)
		return;
	while (base->field != fetch->base)
		base++;
	if (base->kind != FETCH_ARG && base->kind != FETCH_RETVAL)
		return;
	assert_memory_equal(fetch->path, taken_for(probe->role, base->arg),
			    strcspn(fetch->path, "."));
}

static void members_are_read_out_of_what_the_argument_points_to(void **state)
{
	(void)state;
	for_each_fetch(check_structure);
}

static void a_row_that_is_not_there_is_not_found(void **state)
{
	(void)state;
	assert_null(role_probe_find(ROLE_GETNAME, POINT_ENTRY));
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_stand_in_the_order_of_roles_entry_before_return),
		TEST(every_role_has_a_row),
		TEST(both_rows_of_a_role_have_the_same_candidates),
		TEST(the_first_candidate_is_the_roles_own),
		TEST(only_the_open_is_required),
		TEST(every_function_has_a_marker_that_fits),
		TEST(a_base_stands_before_what_is_read_through_it),
		TEST(no_field_is_fetched_twice),
		TEST(arguments_are_read_at_entry_and_the_result_at_return),
		TEST(string_fields_and_no_others_hold_text),
		TEST(only_names_a_candidate_of_the_row),
		TEST(every_path_exists_on_every_kernel),
		TEST(every_candidate_exists_on_some_kernel),
		TEST(arguments_are_what_they_are_taken_for_on_every_kernel),
		TEST(members_are_read_out_of_what_the_argument_points_to),
		TEST(a_row_that_is_not_there_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
