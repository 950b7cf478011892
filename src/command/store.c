/* SPDX-License-Identifier: MIT */
/*
 * The trace.dat of a live trace.
 */
#include "store.h"

#include <errno.h>

#include "chain/hide.h"
#include "util/message.h"

static bool has_all_symbols(const struct options *options)
{
	return options->symbols == SYMBOLS_ALL;
}

int store_open(struct store *store, const struct options *options, const char *path)
{
	int ret;

	store->options = options;
	if (!path)
		return 0;
	if (options->hash_addresses && has_all_symbols(options)) {
		error("cannot store '%s' with --kallsyms=all and --hash-addresses: "
		      "symbols are addresses",
		      path);
		hint("leave out one of the two options");
		return -EINVAL;
	}
	ret = dat_writer_new(path, options->hash_addresses, &store->writer);
	if (!ret)
		store->sink = dat_writer_sink(store->writer);
	return ret;
}

/* Addresses that were printed, too, are the same in the file. */
static int write_file(struct store *store, const struct live *live,
		      const struct plan_entry *entries, const struct dat_stretch *stretch,
		      struct hider *hider)
{
	const struct members *members = &live->members;
	bool is_cut = stretch && stretch->part.until;
	const struct dat_source source = {
		.tracefs = live->tracefs,
		.session = live->session,
		.plan = live->plan,
		.entries = entries,
		.layout = layout_source(live->layout),
		.cwd = &live->cwd,
		.instances = live->instances,
		.instance_count = live->instance_count,
		.wall = live->clock.wall,
		.sees_any = live_sees_any(live),
		.by_comm = comm_filter_is_set(&live->target.comms),
		.unselected = is_cut ? stretch->unselected : members->spans,
		.unselected_count = is_cut ? stretch->unselected_count : members->span_count,
		.all_symbols = has_all_symbols(store->options),
		.hider = hider,
		.stretch = stretch,
	};
	struct dat_meta meta;
	int ret = dat_meta_gather(&source, &meta);

	/*
	 * Records that another program prevented are in no page: the file says that they are lost.
	 * A part that was cut had all of it until then, unless some came too late.
	 */
	meta.is_incomplete = is_cut ? stretch->is_uncertain : live->is_disturbed;
	if (!ret) {
		ret = dat_writer_finish(store->writer, &meta);
		store->writer = NULL;
	}
	dat_meta_release(&meta);
	return ret;
}

int store_finish(struct store *store, const struct live *live, const struct plan_entry *entries,
		 const struct dat_stretch *stretch)
{
	struct hider *hider = NULL;
	int ret = 0;

	if (!store->writer)
		return 0;
	if (store->options->hash_addresses)
		ret = hider_new(live->pipeline.hider, &hider);
	if (!ret)
		ret = write_file(store, live, entries, stretch, hider);
	hider_free(hider);
	return ret;
}

void store_close(struct store *store)
{
	dat_writer_abort(store->writer);
	store->writer = NULL;
}
