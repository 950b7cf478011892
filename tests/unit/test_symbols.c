/* SPDX-License-Identifier: MIT */
/*
 * kallsyms and available_filter_functions: what counts as the function, and what as a twin of it.
 */
#include "kernel_data.h"
#include "said.h"

#include <errno.h>

static struct symbol find(const char *kallsyms, const char *functions, const char *name)
{
	struct symbols *symbols = symbols_of(kallsyms, functions);
	struct symbol symbol;

	symbols_find(symbols, name, &symbol);
	/* The clone's name lives as long as the symbols. */
	if (symbol.clone)
		symbol.clone = "set";
	symbols_free(symbols);
	return symbol;
}

static void a_function_is_found_with_its_address(void **state)
{
	struct symbol symbol = find("ffffffff81234560 T d_lookup\n", NULL, "d_lookup");

	(void)state;
	assert_int_equal(symbol.count, 1);
	assert_int_equal(symbol.address, 0xffffffff81234560);
}

static void addresses_may_all_be_zero(void **state)
{
	struct symbol symbol = find("0000000000000000 t d_lookup\n", NULL, "d_lookup");

	(void)state;
	assert_int_equal(symbol.count, 1);
	assert_int_equal(symbol.address, 0);
}

static void only_text_symbols_count(void **state)
{
	static const char kallsyms[] = "1 d f\n1 r f\n1 B f\n1 ? f\n1 t g\n";

	(void)state;
	assert_int_equal(find(kallsyms, NULL, "f").count, 0);
}

static void weak_text_symbols_count(void **state)
{
	(void)state;
	assert_int_equal(find("1 W f\n2 w g\n", NULL, "f").count, 1);
	assert_int_equal(find("1 W f\n2 w g\n", NULL, "g").count, 1);
}

static void one_name_at_two_places_is_counted(void **state)
{
	(void)state;
	assert_int_equal(find("1 t f\n2 t g\n3 t f\n", NULL, "f").count, 2);
}

static void a_module_with_the_same_name_is_counted(void **state)
{
	(void)state;
	assert_int_equal(find("1 t f\n2 t f\t[loop]\n", NULL, "f").count, 2);
}

static void a_clone_is_not_the_function(void **state)
{
	struct symbol symbol = find("1 t f.isra.0\n", NULL, "f");

	(void)state;
	assert_int_equal(symbol.count, 0);
	assert_non_null(symbol.clone);
}

static void every_kind_of_clone_is_reported(void **state)
{
	(void)state;
	assert_non_null(find("1 t f.constprop.0\n", NULL, "f").clone);
	assert_non_null(find("1 t f.part.0\n", NULL, "f").clone);
	assert_non_null(find("1 t f.isra.0.constprop.3\n", NULL, "f").clone);
}

static void a_cold_part_is_no_clone(void **state)
{
	(void)state;
	assert_null(find("1 t f\n2 t f.cold\n", NULL, "f").clone);
	assert_null(find("1 t f\n2 t f.isra.0.cold\n", NULL, "f").clone);
}

static void a_function_that_is_only_cold_is_reported(void **state)
{
	(void)state;
	assert_true(find("1 t f.cold\n", NULL, "f").only_cold);
	assert_false(find("1 t f\n2 t f.cold\n", NULL, "f").only_cold);
	assert_false(find("1 t f.isra.0\n2 t f.isra.0.cold\n", NULL, "f").only_cold);
}

static void a_padding_symbol_is_not_the_function(void **state)
{
	struct symbol symbol = find("1 t __pfx_f\n", NULL, "f");

	(void)state;
	assert_int_equal(symbol.count, 0);
	assert_null(symbol.clone);
}

static void a_longer_or_shorter_name_is_another_function(void **state)
{
	(void)state;
	assert_int_equal(
		find("1 t __d_lookup\n2 t d_lookup_done\n3 t d_look\n", NULL, "d_lookup").count, 0);
}

static void each_of_many_names_is_found_once(void **state)
{
	char kallsyms[16 * 1000] = "", name[16];
	struct symbols *symbols;
	struct symbol symbol;
	size_t used = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		used += (size_t)sprintf(kallsyms + used, "1 t f%d\n", i);
	symbols = symbols_of(kallsyms, NULL);
	for (int i = 0; i < 1000; i++) {
		sprintf(name, "f%d", i);
		symbols_find(symbols, name, &symbol);
		assert_int_equal(symbol.count, 1);
	}
	symbols_free(symbols);
}

static void only_the_listed_functions_can_be_probed(void **state)
{
	(void)state;
	assert_true(find("1 t f\n2 t g\n", "f\n", "f").probeable);
	assert_false(find("1 t f\n2 t g\n", "f\n", "g").probeable);
}

static void a_listed_clone_does_not_make_its_function_probeable(void **state)
{
	(void)state;
	assert_false(find("1 t f\n2 t f.part.0\n", "f.part.0\n", "f").probeable);
}

static void the_module_behind_a_listed_name_is_no_part_of_it(void **state)
{
	(void)state;
	assert_true(find("1 t f\t[loop]\n", "f [loop]\n", "f").probeable);
}

static void without_a_list_everything_is_taken_to_be_probeable(void **state)
{
	struct symbols *symbols = symbols_of("1 t f\n", NULL);
	struct symbol symbol;

	(void)state;
	symbols_find(symbols, "f", &symbol);
	assert_true(symbol.probeable);
	assert_false(symbols_know_probeable(symbols));
	symbols_free(symbols);
}

static void a_list_is_known_to_have_been_read(void **state)
{
	struct symbols *symbols = symbols_of("1 t f\n", "f\n");

	(void)state;
	assert_true(symbols_know_probeable(symbols));
	symbols_free(symbols);
}

static void bad_lines_are_skipped(void **state)
{
	static const char kallsyms[] = "\n \nnonsense\n12 t\n12 t \n12 tt f\nxyz t f\n"
				       "11111111111111111 t f\n12  t f\n12 txf\n12 t g\n";

	(void)state;
	assert_int_equal(find(kallsyms, NULL, "f").count, 0);
	assert_int_equal(find(kallsyms, NULL, "g").count, 1);
}

static void the_last_line_needs_no_newline(void **state)
{
	(void)state;
	assert_int_equal(find("1 t f\n2 t g", NULL, "g").count, 1);
	assert_true(find("1 t f\n2 t g", "f\ng", "g").probeable);
}

static void a_file_without_any_function_is_an_error_that_says_so(void **state)
{
	static const char text[] = "hello\n";
	char *path = file_of(text, strlen(text));
	struct symbols *symbols;

	(void)state;
	assert_int_equal(symbols_load(path, NULL, &symbols), -EBADMSG);
	assert_non_null(strstr(said, "no line of it is a function\n"));
	drop_file(path);
}

static void an_empty_file_is_an_error(void **state)
{
	struct symbols *symbols;

	(void)state;
	assert_int_equal(symbols_load("/dev/null", NULL, &symbols), -EBADMSG);
}

static void a_missing_file_is_reported(void **state)
{
	struct symbols *symbols;

	(void)state;
	assert_int_equal(symbols_load("tests/data/none", NULL, &symbols), -ENOENT);
	assert_string_equal(said, "ftopen: cannot read kernel symbols 'tests/data/none': "
				  "No such file or directory\n");
}

static void a_list_that_cannot_be_read_is_reported(void **state)
{
	struct symbols *symbols;

	(void)state;
	assert_int_equal(symbols_load(kernel_file(0, "kallsyms"), "tests/data/none", &symbols),
			 -ENOENT);
	assert_string_equal(said, "ftopen: cannot read probeable functions 'tests/data/none': "
				  "No such file or directory\n");
}

static void a_list_of_another_kernel_is_not_believed(void **state)
{
	static const char text[] = "something_else\n";
	char *path = file_of(text, strlen(text));
	struct symbols *symbols;

	(void)state;
	assert_int_equal(symbols_load(kernel_file(0, "kallsyms"), path, &symbols), -EBADMSG);
	assert_non_null(strstr(said, "no line of it is a function of these kernel symbols\n"));
	drop_file(path);
}

static struct symbols *symbols_of_functions(const char *functions)
{
	char *path = file_of(functions, strlen(functions));
	struct symbols *symbols = NULL;

	assert_int_equal(symbols_from_functions(path, &symbols), 0);
	drop_file(path);
	return symbols;
}

static void from_the_list_alone_its_functions_can_be_probed(void **state)
{
	struct symbols *symbols = symbols_of_functions("d_lookup\nd_lookup_done\nf [module]\n");
	struct symbol symbol;

	(void)state;
	symbols_find(symbols, "d_lookup", &symbol);
	assert_int_equal(symbol.count, 1);
	assert_true(symbol.probeable);
	symbols_find(symbols, "f", &symbol);
	assert_int_equal(symbol.count, 1);
	symbols_find(symbols, "__d_add", &symbol);
	assert_int_equal(symbol.count, 0);
	assert_false(symbols_know_all(symbols));
	symbols_free(symbols);
}

static void from_the_list_alone_twins_are_counted_and_cold_parts_told(void **state)
{
	struct symbols *symbols = symbols_of_functions("twin\ntwin\ncold.cold\n");
	struct symbol symbol;

	(void)state;
	symbols_find(symbols, "twin", &symbol);
	assert_int_equal(symbol.count, 2);
	symbols_find(symbols, "cold", &symbol);
	assert_true(symbol.only_cold);
	symbols_free(symbols);
}

static void real_kernels_hide_d_add_from_kprobe_events(void **state)
{
	(void)state;
	/* Up to 6.16; 7.3 has no __d_add. */
	for (size_t kernel = 0; kernel < KERNEL_NR - 1; kernel++) {
		struct symbols *symbols = kernel_symbols(kernel);
		struct symbol symbol;

		symbols_find(symbols, "__d_add", &symbol);
		assert_int_equal(symbol.count, 1);
		assert_false(symbol.probeable);
		symbols_free(symbols);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, listen_to_messages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_function_is_found_with_its_address),
		TEST(addresses_may_all_be_zero),
		TEST(only_text_symbols_count),
		TEST(weak_text_symbols_count),
		TEST(one_name_at_two_places_is_counted),
		TEST(a_module_with_the_same_name_is_counted),
		TEST(a_clone_is_not_the_function),
		TEST(every_kind_of_clone_is_reported),
		TEST(a_cold_part_is_no_clone),
		TEST(a_function_that_is_only_cold_is_reported),
		TEST(a_padding_symbol_is_not_the_function),
		TEST(a_longer_or_shorter_name_is_another_function),
		TEST(each_of_many_names_is_found_once),
		TEST(only_the_listed_functions_can_be_probed),
		TEST(a_listed_clone_does_not_make_its_function_probeable),
		TEST(the_module_behind_a_listed_name_is_no_part_of_it),
		TEST(without_a_list_everything_is_taken_to_be_probeable),
		TEST(a_list_is_known_to_have_been_read),
		TEST(bad_lines_are_skipped),
		TEST(the_last_line_needs_no_newline),
		TEST(a_file_without_any_function_is_an_error_that_says_so),
		TEST(an_empty_file_is_an_error),
		TEST(a_missing_file_is_reported),
		TEST(a_list_that_cannot_be_read_is_reported),
		TEST(a_list_of_another_kernel_is_not_believed),
		TEST(from_the_list_alone_its_functions_can_be_probed),
		TEST(from_the_list_alone_twins_are_counted_and_cold_parts_told),
		TEST(real_kernels_hide_d_add_from_kprobe_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
