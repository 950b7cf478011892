/* SPDX-License-Identifier: MIT */
/*
 * Which names and opens are shown.
 */
#include "chains.h"

#include "../../src/render/common.h"

static bool is_shown(const struct render_options *options)
{
	char *text = tree(options);
	bool shown = *text;

	free(text);
	return shown;
}

static void directories_are_shown_only_with_components(void **state)
{
	const struct render_options all = { .filters.components = true }, usual = { 0 };

	(void)state;
	chain_te_miss(&chain);
	chain.name.is_requested = false;
	assert_false(is_shown(&usual));
	assert_true(is_shown(&all));
}

static void failed_shows_names_of_failed_opens(void **state)
{
	const struct render_options failed = { .filters.failed = true };

	(void)state;
	chain_te_miss(&chain);
	assert_false(is_shown(&failed));
	chain_tm_miss(&chain);
	assert_true(is_shown(&failed));
}

static void negative_shows_names_that_were_found_or_ended_so(void **state)
{
	const struct render_options negative = { .filters.negative = true };

	(void)state;
	chain_te_miss(&chain);
	assert_false(is_shown(&negative));
	chain_tm_miss(&chain);
	chain.lifetimes[0].negative = IS_UNKNOWN;
	assert_true(is_shown(&negative));
	chain_te_miss(&chain);
	chain.lifetimes[0].negative = IS_TRUE;
	assert_true(is_shown(&negative));
}

static void a_pattern_is_compared_with_path_and_component(void **state)
{
	static const struct {
		const char *glob;
		bool is_shown;
	} rows[] = {
		{ "/tmp/t_e.txt", true }, { "t_e.*", true }, { "*/t_?.txt", true },
		{ "t_e", false },	  { "/tmp", false }, { "*.c", false },
		{ "/private/*", true },
	};

	(void)state;
	chain_te_miss(&chain);
	chain.name.resolved = TEXT_OF("/private/tmp/t_e.txt");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct render_options options = { .filters.name_glob = rows[i].glob };

		assert_int_equal(is_shown(&options), rows[i].is_shown);
	}
}

static void negative_shows_what_other_calls_left_in_the_cache(void **state)
{
	const struct render_options negative = { .filters.negative = true }, usual = { 0 };

	(void)state;
	chain_tm_miss(&chain);
	chain.name.is_requested = false;
	assert_true(is_shown(&negative));
	assert_false(is_shown(&usual));
	chain.lifetimes[0].negative = IS_FALSE;
	assert_false(is_shown(&negative));
}

static void a_pattern_finds_opens_by_either_path(void **state)
{
	const struct open_call open = { .path = TEXT_OF("l/x"), .resolved = TEXT_OF("/etc/y") };
	static const char *const globs[] = { "l/x", "x", "/etc/*", "y" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(globs); i++)
		assert_true(is_open_shown(&(struct render_options){ .filters.name_glob = globs[i] },
					  &open));
	assert_false(is_open_shown(&(struct render_options){ .filters.name_glob = "l" }, &open));
}

static void failed_shows_opens_that_failed(void **state)
{
	const struct render_options failed = { .filters.failed = true };
	struct open_call open = { .path = TEXT_OF("/x"), .has_result = true, .result = 3 };

	(void)state;
	assert_false(is_open_shown(&failed, &open));
	open.result = -2;
	assert_true(is_open_shown(&failed, &open));
}

/* Who cannot be told from others stays in. */
static void a_user_selects_opens_that_are_no_other_users(void **state)
{
	static const struct open_call opens[] = {
		{ .id = 1, .has_uid = true, .uid = 0 },
		{ .id = 2, .has_uid = true, .uid = 1000 },
		{ .id = 3 },
	};
	static const int selected[][ARRAY_SIZE(opens)] = { { 1, 0, 1 }, { 1, 1, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(selected); i++) {
		struct renderer renderer = { .options.filters.users.is_set = i == 0 };

		for (size_t j = 0; j < ARRAY_SIZE(opens); j++)
			assert_int_equal(select_open(&renderer, &opens[j]), selected[i][j]);
		assert_int_equal(renderer.selected.unknown, i == 0);
		free(renderer.selected.words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directories_are_shown_only_with_components),
		cmocka_unit_test(failed_shows_names_of_failed_opens),
		cmocka_unit_test(negative_shows_names_that_were_found_or_ended_so),
		cmocka_unit_test(negative_shows_what_other_calls_left_in_the_cache),
		cmocka_unit_test(a_pattern_is_compared_with_path_and_component),
		cmocka_unit_test(a_pattern_finds_opens_by_either_path),
		cmocka_unit_test(failed_shows_opens_that_failed),
		cmocka_unit_test(a_user_selects_opens_that_are_no_other_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
