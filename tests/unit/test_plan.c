/* SPDX-License-Identifier: MIT */
/*
 * The plan: on five real kernels as golden files (UPDATE_GOLDEN=1 rewrites them), and each rule of
 * the choice by itself.
 */
#include "kernel_data.h"

#include <errno.h>
#include <fcntl.h>

#include "kernel/definition.h"
#include "kernel/plan.h"
#include "util/io.h"

#define ROOT 1234

static struct plan *make_plan(const struct layout *layout, const struct symbols *symbols,
			      const char *const *reject)
{
	const struct plan_options options = { .group = "ftopen", .root = ROOT, .reject = reject };
	struct plan *plan;

	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	return plan;
}

/* The plan of a kernel of tests/data. Its texts outlive layout and symbols. */
static struct plan *kernel_plan(size_t kernel, const char *const *reject)
{
	struct layout *layout = kernel_layout(kernel);
	struct symbols *symbols = kernel_symbols(kernel);
	struct plan *plan = make_plan(layout, symbols, reject);

	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

/* The plan of 6.12 with other symbols. */
static struct plan *plan_with(const char *kallsyms, const char *functions)
{
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = symbols_of(kallsyms, functions);
	struct plan *plan = make_plan(layout, symbols, NULL);

	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

static char *printed(const struct plan *plan)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	plan_print(plan, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static const struct planned *probe_of(const struct plan *plan, enum role role, enum edge edge)
{
	const struct planned *planned = plan_find(plan, role, edge);

	assert_non_null(planned);
	return planned;
}

static void check_golden(size_t kernel)
{
	const char *path = kernel_file(kernel, "plan.golden");
	struct plan *plan = kernel_plan(kernel, NULL);
	char *text = printed(plan);
	char *golden;

	if (getenv("UPDATE_GOLDEN"))
		assert_int_equal(write_file(path, text, O_CREAT | O_TRUNC), 0);
	assert_int_equal(read_file(path, &golden, NULL), 0);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
	plan_free(plan);
}

static void plans_are_the_golden_ones(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++)
		check_golden(kernel);
}

static const char *chosen(size_t kernel, enum role role)
{
	static char name[64];
	struct plan *plan = kernel_plan(kernel, NULL);
	const struct planned *planned = plan_find(plan, role, EDGE_ENTRY);

	if (!planned)
		planned = plan_find(plan, role, EDGE_RETURN);
	snprintf(name, sizeof(name), "%s", planned->symbol ? planned->symbol : "");
	plan_free(plan);
	return name;
}

static void each_kernel_gets_the_function_it_has(void **state)
{
	(void)state;
	assert_string_equal(chosen(3, ROLE_OPEN), "do_filp_open");
	assert_string_equal(chosen(4, ROLE_OPEN), "do_file_open");
	assert_string_equal(chosen(2, ROLE_GETNAME), "getname");
	assert_string_equal(chosen(3, ROLE_GETNAME), "getname_flags");
	assert_string_equal(chosen(3, ROLE_EVICT), "__dentry_kill");
	assert_string_equal(chosen(4, ROLE_EVICT), "dentry_free");
	assert_string_equal(chosen(0, ROLE_INSERT), "__d_rehash");
}

static void every_probe_of_the_five_kernels_is_armed(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan(kernel, NULL);

		for (size_t i = 0; i < plan->count; i++)
			assert_true(is_armed(&plan->probes[i]));
		plan_free(plan);
	}
}

static void check_strings_first(const char *definition)
{
	char *line = strdup(definition);
	bool number = false;

	for (char *at = line, *word; (word = strsep(&at, " "));) {
		bool is_string = strstr(word, ":string") != NULL;

		if (is_string && number)
			fail_msg("%s", definition);
		number |= strchr(word, '=') && !is_string;
	}
	free(line);
}

static void strings_come_first(void **state)
{
	(void)state;
	for (size_t kernel = 0; kernel < KERNEL_NR; kernel++) {
		struct plan *plan = kernel_plan(kernel, NULL);

		for (size_t i = 0; i < plan->count; i++)
			check_strings_first(plan->probes[i].definition);
		plan_free(plan);
	}
}

static void the_last_field_names_the_function(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	const char *definition = probe_of(plan, ROLE_LOOKUP_FAST, EDGE_RETURN)->definition;

	(void)state;
	assert_string_equal(strrchr(definition, ' '), " sym___d_lookup_rcu=\\1:u8");
	plan_free(plan);
}

static void return_probes_have_instances_enough(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);

	(void)state;
	assert_memory_equal(probe_of(plan, ROLE_OPEN, EDGE_RETURN)->definition,
			    "r512:ftopen/open_ret ", 21);
	plan_free(plan);
}

static void the_number_of_instances_can_be_given(void **state)
{
	const struct plan_options options = { .group = "g", .max_active = 7 };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	struct plan *plan;

	(void)state;
	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	assert_memory_equal(probe_of(plan, ROLE_OPEN, EDGE_RETURN)->definition, "r7:g/open_ret ",
			    14);
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

static void without_a_root_the_field_is_left_out(void **state)
{
	const struct plan_options options = { .group = "g" };
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = kernel_symbols(2);
	struct plan *plan;

	(void)state;
	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	assert_null(strstr(probe_of(plan, ROLE_EXEC, EDGE_ENTRY)->definition, "root"));
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

/* 6.12's symbols with @line for do_filp_open. */
static void check_open_reason(const char *kallsyms, const char *functions, const char *reason)
{
	struct plan *plan = plan_with(kallsyms, functions);
	const struct planned *planned = probe_of(plan, ROLE_OPEN, EDGE_ENTRY);

	assert_int_equal(planned->state, PROBE_REFUSED);
	assert_null(planned->definition);
	assert_null(planned->symbol);
	assert_int_equal(planned->choice, -1);
	assert_false(is_armed(planned));
	assert_string_equal(planned->tried[0].symbol, "do_filp_open");
	assert_string_equal(planned->tried[0].why, reason);
	plan_free(plan);
}

static void a_function_that_is_missing_is_refused(void **state)
{
	(void)state;
	check_open_reason("1 t f\n", "f\n", "no such function");
}

static void two_functions_of_one_name_are_refused(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open\n2 t do_filp_open\n", "do_filp_open\n",
			  "2 functions of this name (EADDRNOTAVAIL)");
}

static void a_function_that_is_not_listed_is_refused(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open\n2 t f\n", "f\n",
			  "is inlined or notrace: not in available_filter_functions");
}

static void a_function_of_which_only_a_cold_part_is_left_is_refused(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open.cold\n2 t f\n", "f\n",
			  "only its '.cold' part is left, the rest is inlined");
}

static void a_clone_is_refused_and_named(void **state)
{
	(void)state;
	check_open_reason("1 t do_filp_open.isra.0\n2 t f\n", "do_filp_open.isra.0\nf\n",
			  "only the clone 'do_filp_open.isra.0' is left, whose arguments may have "
			  "moved");
}

static void a_refused_probe_gives_the_reason_of_every_candidate(void **state)
{
	struct plan *plan = plan_with("1 t f\n", "f\n");

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_OPEN, EDGE_RETURN)->why,
			    "do_filp_open: no such function; do_file_open: no such function");
	plan_free(plan);
}

static void a_rejected_candidate_gives_way_to_the_next(void **state)
{
	static const char *const reject[] = { "evict:__dentry_kill:did not fire", NULL };
	struct plan *plan = kernel_plan(2, reject);
	const struct planned *planned = probe_of(plan, ROLE_EVICT, EDGE_ENTRY);

	(void)state;
	assert_string_equal(planned->symbol, "dentry_free");
	assert_string_equal(planned->tried[0].why, "rejected: did not fire");
	plan_free(plan);
}

static void a_rejection_needs_no_reason(void **state)
{
	static const char *const reject[] = { "evict:__dentry_kill", NULL };
	struct plan *plan = kernel_plan(2, reject);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_EVICT, EDGE_ENTRY)->tried[0].why,
			    "rejected: not to be used in this run");
	plan_free(plan);
}

static void a_rejection_is_for_its_role_and_function_alone(void **state)
{
	static const char *const reject[] = { "open:__dentry_kill", "evict:__dentry_kil",
					      "evict:__dentry_kill2", NULL };
	struct plan *plan = kernel_plan(2, reject);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_EVICT, EDGE_ENTRY)->symbol, "__dentry_kill");
	plan_free(plan);
}

static void entry_and_return_of_a_role_use_one_function(void **state)
{
	static const char *const reject[] = { "open:do_filp_open", NULL };
	struct plan *plan =
		plan_with("1 t do_filp_open\n2 t do_file_open\n", "do_filp_open\ndo_file_open\n");
	struct plan *other = kernel_plan(4, reject);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_OPEN, EDGE_ENTRY)->symbol, "do_filp_open");
	assert_string_equal(probe_of(plan, ROLE_OPEN, EDGE_RETURN)->symbol, "do_filp_open");
	assert_string_equal(probe_of(other, ROLE_OPEN, EDGE_RETURN)->symbol, "do_file_open");
	plan_free(plan);
	plan_free(other);
}

static void a_stand_in_is_a_substitute(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);

	(void)state;
	assert_int_equal(probe_of(plan, ROLE_INSERT, EDGE_ENTRY)->state, PROBE_SUBSTITUTE);
	assert_int_equal(probe_of(plan, ROLE_EVICT, EDGE_ENTRY)->state, PROBE_EXACT);
	plan_free(plan);
}

static void a_renamed_function_is_no_substitute(void **state)
{
	struct plan *plan = kernel_plan(4, NULL);

	(void)state;
	assert_int_equal(probe_of(plan, ROLE_OPEN, EDGE_ENTRY)->state, PROBE_EXACT);
	plan_free(plan);
}

static void without_a_list_the_plan_says_what_it_assumed(void **state)
{
	struct plan *plan = plan_with("1 t __d_add\n", NULL);
	char *text = printed(plan);

	(void)state;
	assert_string_equal(probe_of(plan, ROLE_INSERT, EDGE_ENTRY)->symbol, "__d_add");
	assert_memory_equal(text, "# assumed: without available_filter_functions every function",
			    60);
	free(text);
	plan_free(plan);
}

static void with_a_list_nothing_was_assumed(void **state)
{
	struct plan *plan = kernel_plan(0, NULL);

	(void)state;
	assert_null(plan->assumed);
	plan_free(plan);
}

static void a_missing_member_drops_what_is_read_through_it(void **state)
{
	struct plan *plan = kernel_plan(4, NULL);
	const struct planned *planned = probe_of(plan, ROLE_OPEN, EDGE_ENTRY);

	(void)state;
	assert_string_equal(planned->left_out, "uptr (no filename.uptr)");
	assert_null(strstr(planned->definition, "uptr"));
	plan_free(plan);
}

static void no_inode_is_read_where_it_is_always_gone(void **state)
{
	struct plan *old = kernel_plan(3, NULL), *new = kernel_plan(4, NULL);

	(void)state;
	/* By dentry_free, dentry_unlink_inode has been there. */
	assert_non_null(strstr(probe_of(old, ROLE_EVICT, EDGE_ENTRY)->definition, " inode="));
	assert_null(strstr(probe_of(new, ROLE_EVICT, EDGE_ENTRY)->definition, " inode="));
	plan_free(old);
	plan_free(new);
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
	assert_string_equal(probe_of(plan, ROLE_LOOKUP_SLOW, EDGE_ENTRY)->why,
			    "d_lookup: its argument 1 is no struct dentry * in this kernel");
	assert_int_equal(probe_of(plan, ROLE_LOOKUP_SLOW, EDGE_RETURN)->state, PROBE_REFUSED);
	plan_free(plan);
}

static void a_probe_without_its_essential_field_is_refused(void **state)
{
	struct plan *plan = plan_of_lookup(false, false);
	const struct planned *planned = probe_of(plan, ROLE_LOOKUP_SLOW, EDGE_ENTRY);

	(void)state;
	assert_int_equal(planned->state, PROBE_REFUSED);
	assert_non_null(strstr(planned->why, "d_lookup: cannot be read out: name (no qstr.name)"));
	plan_free(plan);
}

static void a_missing_field_that_is_not_essential_costs_only_itself(void **state)
{
	struct plan *plan = plan_of_lookup(false, true);
	const struct planned *planned = probe_of(plan, ROLE_LOOKUP_SLOW, EDGE_ENTRY);

	(void)state;
	assert_string_equal(planned->definition,
			    "p:ftopen/lookup_slow d_lookup string=+0(+8($arg2)):string "
			    "parent=$arg1:x64 qstr=$arg2:x64 name=+8($arg2):x64 len=+0($arg2):u64 "
			    "dir=+0($arg1):u64 sym_d_lookup=\\1:u8");
	plan_free(plan);
}

static void what_is_left_out_is_told_once_for_all_that_is_read_through_it(void **state)
{
	struct plan *plan = plan_of_lookup(false, true);
	const struct planned *planned = probe_of(plan, ROLE_LOOKUP_SLOW, EDGE_ENTRY);

	(void)state;
	assert_string_equal(planned->left_out,
			    "hash (no qstr.hash), dir_ino (no inode.i_ino), dir_gen (no "
			    "inode.i_generation), sb (no dentry.d_sb)");
	plan_free(plan);
}

static void a_substitute_needs_not_the_arguments_of_the_roles_own(void **state)
{
	static const char *const reject[] = { "rename:__d_move", NULL };
	struct plan *plan = kernel_plan(2, reject);
	const struct planned *planned = probe_of(plan, ROLE_RENAME, EDGE_ENTRY);

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
	assert_string_equal(probe_of(plan, ROLE_SYSCALL, EDGE_ENTRY)->why,
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
	assert_string_equal(probe_of(plan, ROLE_OPEN, EDGE_ENTRY)->why,
			    "do_filp_open: cannot be read out: its line is too long");
	plan_free(plan);
	symbols_free(symbols);
	layout_free(layout);
}

/* What no row of the table comes to; the definition of one that would. */
static void make_line(const struct fetch *fetches, const char *symbol, char **line, char **left_out)
{
	const struct definition_options options = { .group = "g" };
	const struct role_probe probe = { .role = ROLE_DROP, .fetches = fetches };
	struct layout *layout = kernel_layout(2);
	int ret = definition_make(&probe, symbol, layout, &options, line, left_out);

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

static void what_was_refused_is_printed_as_a_comment(void **state)
{
	struct plan *plan = plan_with("1 t f\n", "f\n");
	char *text = printed(plan);

	(void)state;
	assert_non_null(strstr(text, "\n# open: refused: do_filp_open: no such function; "
				     "do_file_open: no such function\n"));
	for (char *at = text, *line; (line = strsep(&at, "\n")) && *line;)
		assert_int_equal(line[0], '#');
	free(text);
	plan_free(plan);
}

static void a_silent_probe_is_not_printed_as_a_definition(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	struct planned *planned = plan_find(plan, ROLE_DROP, EDGE_ENTRY);
	char *text;

	(void)state;
	planned->state = PROBE_SILENT;
	planned->why = strdup("did not fire");
	text = printed(plan);
	assert_non_null(strstr(text, "\n# drop: silent: did not fire\n"));
	assert_null(strstr(text, "p:ftopen/drop "));
	assert_false(is_armed(planned));
	free(text);
	plan_free(plan);
}

static void events_are_named_by_role_and_edge(void **state)
{
	struct plan *plan = kernel_plan(2, NULL);
	char name[32];

	(void)state;
	planned_event(probe_of(plan, ROLE_LOOKUP_SLOW, EDGE_RETURN), name);
	assert_string_equal(name, "lookup_slow_ret");
	planned_event(probe_of(plan, ROLE_OPEN, EDGE_ENTRY), name);
	assert_string_equal(name, "open");
	plan_free(plan);
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plans_are_the_golden_ones),
		TEST(each_kernel_gets_the_function_it_has),
		TEST(every_probe_of_the_five_kernels_is_armed),
		TEST(strings_come_first),
		TEST(the_last_field_names_the_function),
		TEST(return_probes_have_instances_enough),
		TEST(the_number_of_instances_can_be_given),
		TEST(without_a_root_the_field_is_left_out),
		TEST(a_function_that_is_missing_is_refused),
		TEST(two_functions_of_one_name_are_refused),
		TEST(a_function_that_is_not_listed_is_refused),
		TEST(a_function_of_which_only_a_cold_part_is_left_is_refused),
		TEST(a_clone_is_refused_and_named),
		TEST(a_refused_probe_gives_the_reason_of_every_candidate),
		TEST(a_rejected_candidate_gives_way_to_the_next),
		TEST(a_rejection_needs_no_reason),
		TEST(a_rejection_is_for_its_role_and_function_alone),
		TEST(entry_and_return_of_a_role_use_one_function),
		TEST(a_stand_in_is_a_substitute),
		TEST(a_renamed_function_is_no_substitute),
		TEST(without_a_list_the_plan_says_what_it_assumed),
		TEST(with_a_list_nothing_was_assumed),
		TEST(a_missing_member_drops_what_is_read_through_it),
		TEST(no_inode_is_read_where_it_is_always_gone),
		TEST(a_function_whose_arguments_moved_is_refused),
		TEST(a_probe_without_its_essential_field_is_refused),
		TEST(a_missing_field_that_is_not_essential_costs_only_itself),
		TEST(what_is_left_out_is_told_once_for_all_that_is_read_through_it),
		TEST(a_substitute_needs_not_the_arguments_of_the_roles_own),
		TEST(a_function_with_too_few_arguments_is_refused),
		TEST(every_line_keeps_the_kernels_limits),
		TEST(a_line_longer_than_the_kernel_takes_is_refused),
		TEST(an_expression_longer_than_the_kernel_takes_is_left_out),
		TEST(a_function_whose_marker_does_not_fit_is_refused),
		TEST(what_was_refused_is_printed_as_a_comment),
		TEST(a_silent_probe_is_not_printed_as_a_definition),
		TEST(events_are_named_by_role_and_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
