/* SPDX-License-Identifier: MIT */
/*
 * Where whole ring buffer pages go, undecoded: what a file is made of.
 */
#ifndef FTOPEN_PAGES_PAGE_SINK_H
#define FTOPEN_PAGES_PAGE_SINK_H

#include <stddef.h>

#include "chain/record.h"

/**
 * struct page_sink - takes the pages of every CPU of every instance, each in its order
 * @page: one page of @size bytes, as trace_pipe_raw gave it, padded with zeros
 * @spool: a descriptor that pages of this CPU can be moved to instead, or a negative errno that
 *	was reported; stays the sink's; NULL: all pages go through @page
 * @failed: moving to the spool failed with @err; no more is moved there, and nothing else ends
 */
struct page_sink {
	void (*page)(void *context, enum scope scope, int cpu, const void *data, size_t size);
	int (*spool)(void *context, enum scope scope, int cpu);
	void (*failed)(void *context, enum scope scope, int cpu, int err);
	void *context;
};

#endif
