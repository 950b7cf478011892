/* SPDX-License-Identifier: MIT */
/*
 * The plan where a kernel's structures and functions lack what is read, or a line gets too long.
 */
#include "plans.h"
#include "said.h"

#include <errno.h>

#include "kernel/definition.h"

static void no_inode_is_read_where_it_is_always_gone(void **state)
{
	struct plan *old = kernel_plan(3, NULL), *new = kernel_plan(4, NULL);

	(void)state;
	/* By dentry_free, dentry_unlink_inode has been there. */
	assert_non_null(strstr(probe_of(old, ROLE_EVICT, POINT_ENTRY)->definition, " inode="));
	assert_null(strstr(probe_of(new, ROLE_EVICT, POINT_ENTRY)->definition, " inode="));
	plan_free(old);
	plan_free(new);
}

static void check_order(const char *definition)
{
	const char *dir = strstr(definition, " dir="), *ino = strstr(definition, " dir_ino=");

	if (dir && ino && dir < ino)
		fail_msg("the inode's number is read behind its pointer: %s", definition);
}

/* Of a call's record the return's part, in which fields may have the prefix of it. */
static const char *at_return(const char *definition, const char *field)
{
	char name[32];
	const char *at;

	snprintf(name, sizeof(name), " ret_%s=", field);
	at = strstr(definition, name);
	snprintf(name, sizeof(name), " %s=", field);
	return at ? at : strstr(definition, name);
}

/* Between two reads another task may make or unlink what a lookup found. */
static void the_mode_of_what_was_found_is_read_between_two_reads_of_its_inode(void **state)
{
	static const enum role lookups[] = { ROLE_LOOKUP_FAST, ROLE_LOOKUP_REF, ROLE_LOOKUP_SLOW };

	(void)state;
	for (size_t i = 0; i < KERNEL_NR * 3; i++) {
		struct plan *plan = kernel_plan(i / 3, NULL);
		const char *line = probe_of(plan, lookups[i % 3], POINT_RETURN)->definition;
		const char *first = at_return(line, "inode_first"), *mode = at_return(line, "mode");
		const char *last = at_return(line, "inode");

		assert_true(first && first < mode && mode < last);
		plan_free(plan);
	}
}

/* Between two reads another task may evict the directory: that its inode was there shows after. */
static void what_shows_that_an_inode_is_there_is_read_last(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan(kernel, NULL);

		for (size_t i = 0; i < plan->count; i++) {
			if (plan->probes[i].definition)
				check_order(plan->probes[i].definition);
		}
		assert_non_null(
			strstr(probe_of(plan, ROLE_LOOKUP_FAST, POINT_ENTRY)->definition, " dir="));
		plan_free(plan);
	}
}

/*
 * BTF of a kernel with `struct dentry *d_lookup(dentry or qstr, qstr or dentry)`, whose qstr has
 * the members @with_name says.
 */
static struct plan *plan_of_lookup(bool swapped, bool with_name)
{
	struct btf *btf = new_btf();
	int dentry, qstr, proto;
	struct layout *layout;
	struct symbols *symbols;
	struct plan *plan;

	/* No dentry.d_sb leads here, and i_ino is no number. */
	btf__add_struct(btf, "super_block", 8);
	btf__add_field(btf, "s_dev", 1, 0, 0);
	qstr = btf__add_array(btf, 1, 1, 2);
	btf__add_struct(btf, "inode", 16);
	btf__add_field(btf, "i_ino", qstr, 0, 0);
	dentry = btf__add_struct(btf, "dentry", 8);
	btf__add_field(btf, "d_inode", 1, 0, 0);
	dentry = btf__add_ptr(btf, dentry);
	qstr = btf__add_struct(btf, "qstr", 16);
	btf__add_field(btf, "len", 1, 0, 0);
	if (with_name)
		btf__add_field(btf, "name", dentry, 64, 0);
	qstr = btf__add_ptr(btf, qstr);
	proto = btf__add_func_proto(btf, dentry);
	btf__add_func_param(btf, "parent", swapped ? qstr : dentry);
	btf__add_func_param(btf, "name", swapped ? dentry : qstr);
	btf__add_func(btf, "d_lookup", BTF_FUNC_STATIC, proto);
	layout = layout_of(btf);
	symbols = symbols_of("1 T d_lookup\n", "d_lookup\n");
	plan = make_plan(layout, symbols, NULL);
	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

static void a_function_whose_arguments_moved_is_refused(void **state)
{
	struct plan *plan = plan_of_lookup(true, true);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_LOOKUP_SLOW, POINT_ENTRY)->why,
			    "d_lookup: its argument 1 is no struct dentry * in this kernel");
	assert_int_equal(probe_of(plan, ROLE_LOOKUP_SLOW, POINT_RETURN)->state, PROBE_REFUSED);
	plan_free(plan);
}

static void a_probe_without_its_essential_field_is_refused(void **state)
{
	struct plan *plan = plan_of_lookup(false, false);
	const struct planned *planned = probe_of(plan, ROLE_LOOKUP_SLOW, POINT_ENTRY);

	(void)state;
	assert_int_equal(planned->state, PROBE_REFUSED);
	assert_non_null(strstr(planned->why,
			       "d_lookup: its fields cannot be fetched: name (no qstr.name)"));
	plan_free(plan);
}

static void a_missing_field_that_is_not_essential_costs_only_itself(void **state)
{
	struct plan *plan = plan_of_lookup(false, true);
	const struct planned *planned = probe_of(plan, ROLE_LOOKUP_SLOW, POINT_ENTRY);

	(void)state;
	assert_string_equal(planned->definition,
			    "p:ftopen/lookup_slow d_lookup string=+0(+8($arg2)):string "
			    "sym_d_lookup=$arg1:x64 name=+8($arg2):x64 len=+0($arg2):u64 "
			    "dir=+0($arg1):u64");
	plan_free(plan);
}

static void what_is_left_out_is_reported_once_for_all_that_is_read_through_it(void **state)
{
	struct plan *plan = plan_of_lookup(false, true);
	const struct planned *planned = probe_of(plan, ROLE_LOOKUP_SLOW, POINT_ENTRY);

	(void)state;
	assert_string_equal(planned->left_out,
			    "hash (no qstr.hash), dir_ino (no inode.i_ino), sb (no dentry.d_sb)");
	plan_free(plan);
}

static void a_substitute_needs_not_the_arguments_of_the_roles_own(void **state)
{
	static const char *const reject[] = { "rename:__d_move", NULL };
	struct plan *plan = kernel_plan(2, reject);
	const struct planned *planned = probe_of(plan, ROLE_RENAME, POINT_ENTRY);

	(void)state;
	assert_string_equal(planned->symbol, "d_move");
	assert_null(strstr(planned->definition, "exchange"));
	plan_free(plan);
}

/* A function with fewer arguments than are read, about which nothing else is wrong. */
static void a_function_with_too_few_arguments_is_refused(void **state)
{
	struct btf *btf = new_btf();
	struct symbols *symbols = symbols_of("1 T do_sys_openat2\n", "do_sys_openat2\n");
	struct layout *layout;
	struct plan *plan;
	int proto;

	(void)state;
	proto = btf__add_func_proto(btf, 1);
	btf__add_func_param(btf, "dfd", 1);
	btf__add_func(btf, "do_sys_openat2", BTF_FUNC_STATIC, proto);
	layout = layout_of(btf);
	plan = make_plan(layout, symbols, NULL);
	assert_string_equal(probe_of(plan, ROLE_SYSCALL, POINT_ENTRY)->why,
			    "do_sys_openat2: has no argument 2 in this kernel");
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

static void every_line_keeps_the_kernels_limits(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan(kernel, NULL);

		for (size_t i = 0; i < plan->count; i++) {
			char *line = strdup(plan->probes[i].definition);
			int fields = 0;

			assert_true(strlen(line) < 4096);
			for (char *at = line, *word; (word = strsep(&at, " ")); fields++)
				assert_true(strlen(strchrnul(word, '=')) <= 1 + 63);
			assert_true(fields - 2 <= 128);
			free(line);
		}
		plan_free(plan);
	}
}

static void a_line_longer_than_the_kernel_takes_is_refused(void **state)
{
	char group[5000];
	struct plan_options options = { .group = group };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	struct plan *plan;

	(void)state;
	memset(group, 'g', sizeof(group) - 1);
	group[sizeof(group) - 1] = '\0';
	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	assert_string_equal(
		probe_of(plan, ROLE_OPEN, POINT_ENTRY)->why,
		"do_filp_open: its fields cannot be fetched: the definition is too long");
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

/* What no row of the table comes to; the definition of one that would. */
static void make_line(const struct fetch *fetches, const char *symbol, char **line, char **left_out)
{
	struct layout *layout = kernel_layout(2);
	const struct definition_options options = { .group = "g", .layout = layout };
	const struct role_probe probe = { .role = ROLE_DROP, .fetches = fetches };
	int ret = definition_make(&probe, symbol, &options, line, left_out);

	assert_int_equal(ret, *line ? 0 : -ENOENT);
	layout_free(layout);
}

#define THROUGH(name, through)                                                        \
	{                                                                             \
		.field = FIELD_##name, .kind = FETCH_MEMBER, .base = FIELD_##through, \
		.path = "file.f_path.dentry"                                          \
	}

static void an_expression_longer_than_the_kernel_takes_is_left_out(void **state)
{
	/* Five characters a level: "+72(" and ")"; the kernel takes 63 with the type. */
	static const struct fetch fetches[] = {
		{ .field = FIELD_DENTRY, .kind = FETCH_ARG, .arg = 1 },
		THROUGH(NAME, DENTRY),
		THROUGH(PARENT, NAME),
		THROUGH(DIR, PARENT),
		THROUGH(SB, DIR),
		THROUGH(DEV, SB),
		THROUGH(INODE, DEV),
		THROUGH(MODE, INODE),
		THROUGH(TASK, MODE),
		THROUGH(PID, TASK),
		THROUGH(TGID, PID),
		THROUGH(FILE, TGID),
		{ .kind = FETCH_END },
	};
	char *line, *left_out;

	(void)state;
	make_line(fetches, "f", &line, &left_out);
	assert_null(strstr(line, " file="));
	assert_non_null(strstr(line, " tgid="));
	assert_string_equal(left_out, "file (no file.f_path.dentry)");
	free(line);
	free(left_out);
}

static void a_function_whose_marker_does_not_fit_is_refused(void **state)
{
	static const struct fetch fetches[] = { { .kind = FETCH_END } };
	char *line, *left_out;

	(void)state;
	make_line(fetches, "abcdefghijklmnopqrstuvwxyz_12", &line, &left_out);
	assert_null(line);
	make_line(fetches, "abcdefghijklmnopqrstuvwxyz_1", &line, &left_out);
	assert_string_equal(line, "p:g/drop abcdefghijklmnopqrstuvwxyz_1 "
				  "sym_abcdefghijklmnopqrstuvwxyz_1=\\1:u8");
	free(line);
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(no_inode_is_read_where_it_is_always_gone),
		TEST(what_shows_that_an_inode_is_there_is_read_last),
		TEST(the_mode_of_what_was_found_is_read_between_two_reads_of_its_inode),
		TEST(a_function_whose_arguments_moved_is_refused),
		TEST(a_probe_without_its_essential_field_is_refused),
		TEST(a_missing_field_that_is_not_essential_costs_only_itself),
		TEST(what_is_left_out_is_reported_once_for_all_that_is_read_through_it),
		TEST(a_substitute_needs_not_the_arguments_of_the_roles_own),
		TEST(a_function_with_too_few_arguments_is_refused),
		TEST(every_line_keeps_the_kernels_limits),
		TEST(a_line_longer_than_the_kernel_takes_is_refused),
		TEST(an_expression_longer_than_the_kernel_takes_is_left_out),
		TEST(a_function_whose_marker_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
