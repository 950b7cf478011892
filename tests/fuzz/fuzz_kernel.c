/* SPDX-License-Identifier: MIT */
/*
 * What a kernel says of itself, of any bytes: BTF, kallsyms, available_filter_functions. The first
 * byte chooses.
 */
#include "fuzz.h"

#include "kernel/layout.h"
#include "kernel/symbols.h"

static void read_layout(const char *path)
{
	struct layout *layout;
	struct member member;

	if (layout_from_btf(path, &layout))
		return;
	layout_member(layout, "dentry.d_name.name", &member);
	layout_free(layout);
}

static void read_symbols(const char *path)
{
	struct symbols *symbols;
	struct symbol symbol;

	if (symbols_load(path, path, &symbols))
		return;
	symbols_find(symbols, "d_lookup", &symbol);
	symbols_free(symbols);
}

static void read_functions(const char *path)
{
	struct symbols *symbols;
	struct symbol symbol;

	if (symbols_from_functions(path, &symbols))
		return;
	symbols_find(symbols, "d_lookup", &symbol);
	symbols_free(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const char *path) = { read_layout, read_symbols,
							     read_functions };
	int fd;

	if (!size)
		return 0;
	readers[data[0] % 3](input_file(data + 1, size - 1, &fd));
	close(fd);
	return 0;
}
