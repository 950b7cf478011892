/* SPDX-License-Identifier: MIT */
/*
 * The trace.dat of a live trace.
 */
#include "command/store.h"

#include <errno.h>
#include <string.h>

#include "tracedat/gather.h"
#include "util/message.h"

int store_open(struct store *store, const struct options *options)
{
	int ret;

	store->options = options;
	if (!options->output)
		return 0;
	if (options->hash_addresses) {
		error("cannot store a trace.dat without addresses: its records are the kernel's");
		hint("leave out -o, or store it and use --hash-addresses with 'ftopen report'");
		return -EINVAL;
	}
	ret = dat_writer_new(options->output, &store->writer);
	if (!ret)
		store->sink = dat_writer_sink(store->writer);
	return ret;
}

int store_finish(struct store *store, const struct live *live, const struct plan_entry *entries)
{
	const char *symbols = store->options->kallsyms;
	const struct dat_source source = {
		.tracefs = live->tracefs,
		.session = live->session,
		.plan = live->plan,
		.entries = entries,
		.instances = live->instances,
		.instance_count = live->instance_count,
		.all_symbols = symbols && !strcmp(symbols, "all"),
	};
	struct dat_meta meta;
	int ret;

	if (!store->writer)
		return 0;
	ret = dat_meta_gather(&source, &meta);
	/* What somebody else kept from us is in no page: a reader has to be told, too. */
	meta.is_incomplete = live->is_disturbed;
	if (!ret) {
		ret = dat_writer_finish(store->writer, &meta);
		store->writer = NULL;
	}
	dat_meta_release(&meta);
	return ret;
}

void store_close(struct store *store)
{
	dat_writer_abort(store->writer);
	store->writer = NULL;
}
