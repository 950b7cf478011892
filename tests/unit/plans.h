/* SPDX-License-Identifier: MIT */
/*
 * Plans for the tests: of the kernels in tests/data, and of 6.12 with something changed.
 */
#ifndef FTOPEN_TESTS_PLANS_H
#define FTOPEN_TESTS_PLANS_H

#include "kernel_data.h"

#include "kernel/plan.h"
#include "util/io.h"

#define ROOT 1234

static inline struct plan *make_plan_for(const struct layout *layout, const struct symbols *symbols,
					 const char *const *reject, bool fetches_at_return)
{
	const struct plan_options options = {
		.group = "ftopen",
		.root = ROOT,
		.reject = reject,
		.fetches_at_return = fetches_at_return,
	};
	struct plan *plan;

	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, &options }, &plan), 0);
	return plan;
}

static inline struct plan *make_plan(const struct layout *layout, const struct symbols *symbols,
				     const char *const *reject)
{
	return make_plan_for(layout, symbols, reject, false);
}

/* With records of whole calls. */
static inline struct plan *kernel_plan_of_calls(size_t kernel)
{
	struct layout *layout = kernel_layout(kernel);
	struct symbols *symbols = kernel_symbols(kernel);
	struct plan *plan = make_plan_for(layout, symbols, NULL, true);

	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

static inline struct plan *kernel_plan_for(size_t kernel, const struct plan_options *options)
{
	struct layout *layout = kernel_layout(kernel);
	struct symbols *symbols = kernel_symbols(kernel);
	struct plan *plan;

	assert_int_equal(plan_make(&(struct plan_source){ layout, symbols, options }, &plan), 0);
	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

/* With the calls that take a path and open nothing. */
static inline struct plan *kernel_plan_of_path_calls(size_t kernel)
{
	const struct plan_options options = { .group = "ftopen", .path_calls = true };

	return kernel_plan_for(kernel, &options);
}

/* With the users of tasks. */
static inline struct plan *kernel_plan_of_users(size_t kernel)
{
	const struct plan_options options = { .group = "ftopen", .users = true };

	return kernel_plan_for(kernel, &options);
}

/* The plan of a kernel of tests/data. Its texts outlive layout and symbols. */
static inline struct plan *kernel_plan(size_t kernel, const char *const *reject)
{
	struct layout *layout = kernel_layout(kernel);
	struct symbols *symbols = kernel_symbols(kernel);
	struct plan *plan = make_plan(layout, symbols, reject);

	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

/* The plan of 6.12 with other symbols. */
static inline struct plan *plan_with(const char *kallsyms, const char *functions)
{
	struct layout *layout = kernel_layout(2);
	struct symbols *symbols = symbols_of(kallsyms, functions);
	struct plan *plan = make_plan(layout, symbols, NULL);

	symbols_free(symbols);
	layout_free(layout);
	return plan;
}

static inline char *printed(const struct plan *plan)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	plan_print(plan, out);
	assert_int_equal(fclose(out), 0);
	return text;
}

static inline const struct planned *probe_of(const struct plan *plan, enum role role,
					     enum point point)
{
	const struct planned *planned = plan_find(plan, role, point);

	assert_non_null(planned);
	return planned;
}

#endif
