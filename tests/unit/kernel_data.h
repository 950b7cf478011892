/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the kernel layer share: the kernels in tests/data/kernels, files made on the
 * spot, BTF made on the spot, and what was said on stderr.
 */
#ifndef TESTS_KERNEL_DATA_H
#define TESTS_KERNEL_DATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <bpf/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/layout.h"
#include "kernel/symbols.h"

static const char *const kernel_series[] = { "5.10", "6.1", "6.12", "6.16", "7.3" };

#define KERNEL_NR (sizeof(kernel_series) / sizeof(kernel_series[0]))

static inline const char *kernel_file(size_t kernel, const char *name)
{
	static char path[4][128];
	static unsigned int next;
	char *at = path[next++ % 4];

	snprintf(at, sizeof(path[0]), "tests/data/kernels/%s/%s", kernel_series[kernel], name);
	return at;
}

static inline struct layout *kernel_layout(size_t kernel)
{
	struct layout *layout;

	assert_int_equal(layout_from_btf(kernel_file(kernel, "btf"), &layout), 0);
	return layout;
}

static inline struct symbols *kernel_symbols(size_t kernel)
{
	struct symbols *symbols;

	assert_int_equal(symbols_load(kernel_file(kernel, "kallsyms"),
				      kernel_file(kernel, "functions"), &symbols),
			 0);
	return symbols;
}

/* A file with these bytes, for unlink() and free(). */
static inline char *file_of(const void *data, size_t size)
{
	char *path = strdup("/tmp/ftopen-unit-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	close(fd);
	return path;
}

static inline void drop_file(char *path)
{
	unlink(path);
	free(path);
}

static inline struct symbols *symbols_of(const char *kallsyms, const char *functions)
{
	char *kallsyms_file = file_of(kallsyms, strlen(kallsyms));
	char *functions_file = functions ? file_of(functions, strlen(functions)) : NULL;
	struct symbols *symbols = NULL;
	int ret = symbols_load(kallsyms_file, functions_file, &symbols);

	drop_file(kallsyms_file);
	if (functions_file)
		drop_file(functions_file);
	assert_int_equal(ret, 0);
	return symbols;
}

/* BTF of a 64-bit kernel to which a test adds; type 1 is "long unsigned int". */
static inline struct btf *new_btf(void)
{
	struct btf *btf = btf__new_empty();

	assert_non_null(btf);
	assert_int_equal(btf__add_int(btf, "long unsigned int", 8, 0), 1);
	return btf;
}

/* Frees @btf. */
static inline int load_btf(struct btf *btf, struct layout **layout)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);
	char *path = file_of(data, size);
	int ret = layout_from_btf(path, layout);

	drop_file(path);
	btf__free(btf);
	return ret;
}

static inline struct layout *layout_of(struct btf *btf)
{
	struct layout *layout = NULL;

	assert_int_equal(load_btf(btf, &layout), 0);
	return layout;
}

#endif
