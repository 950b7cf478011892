/* SPDX-License-Identifier: MIT */
/*
 * Where records go that were merged out of pages, undecoded.
 */
#ifndef FTOPEN_PAGES_RECORD_SINK_H
#define FTOPEN_PAGES_RECORD_SINK_H

#include <stdint.h>

#include "chain/record.h"

/**
 * struct raw_record - the bytes of one event
 * @data: valid until the sink returns
 */
struct raw_record {
	uint64_t ts;
	const void *data;
	uint32_t size;
	int32_t cpu;
	uint8_t scope;
};

/**
 * struct record_sink - where the merged records and the losses go, in the order of time
 *
 * A callback that returns a negative errno ends the merge, which passes it on.
 */
struct record_sink {
	int (*record)(void *context, const struct raw_record *raw);
	int (*loss)(void *context, const struct loss *loss);
	void *context;
};

#endif
