/* SPDX-License-Identifier: MIT */
/*
 * Where results go: opens, names, losses and the summary, in one order.
 */
#ifndef FTOPEN_CHAIN_SINK_H
#define FTOPEN_CHAIN_SINK_H

#include <stdbool.h>

#include "chain/chain.h"
#include "chain/open.h"
#include "chain/record.h"
#include "chain/summary.h"

/**
 * struct chain_sink - where opens, names and losses go
 *
 * Order: an open when it returned; a name when a cap pushes it out, else at the end in the order
 * of its first record; then the losses; then one summary. It depends on the records alone. What is
 * handed over is valid only during the call. A negative errno ends the run.
 *
 * @negative: a lifetime whose dentry is negative, once: when correlator_negatives() asks for it, or
 *	when it is forgotten
 * @path_call: a call that takes a path and opens nothing, when it returned; NULL where nobody wants
 *	them. Of one with two paths each comes by itself, the first one first
 * @ignores_relations: names come without relations, only with the counts of their verdicts
 * @only_open: of opens, only this one's hops and relations come with the names, and all of them; 0
 *	for every open
 */
struct chain_sink {
	int (*open)(void *context, const struct open_call *open);
	int (*path_call)(void *context, const struct open_call *call);
	int (*name)(void *context, const struct name *name);
	int (*loss)(void *context, const struct loss *loss);
	int (*summary)(void *context, const struct chain_summary *summary);
	void *context;
	int (*negative)(void *context, const struct name *name, const struct lifetime *lifetime);
	bool ignores_relations;
	uint64_t only_open;
};

#endif
