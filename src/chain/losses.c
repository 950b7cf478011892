/* SPDX-License-Identifier: MIT */
/*
 * What is known to be missing: each loss with its place in time, and how many records in all.
 */
#include "internal.h"

#include <errno.h>

#include "util/array.h"

#define MAX_LOSSES 65536

static void count_lost(struct correlator *c, const struct loss *loss)
{
	if (loss->count != LOSS_UNKNOWN) {
		c->totals.lost += loss->count;
		c->overrun += loss->is_overrun ? loss->count : 0;
	} else if (loss->is_overrun) {
		c->uncounted_overruns++;
	} else {
		c->totals.lost_is_known = false;
	}
}

static int keep_loss(struct correlator *c, const struct loss *loss)
{
	struct loss *losses;

	c->totals.losses++;
	count_lost(c, loss);
	if (c->loss_count == MAX_LOSSES)
		return 0;
	losses = array_grow(c->losses, c->loss_count, &c->loss_room, sizeof(*losses));
	if (!losses)
		return -ENOMEM;
	c->losses = losses;
	losses[c->loss_count++] = *loss;
	return 0;
}

int correlator_loss(struct correlator *c, const struct loss *loss)
{
	if (!c->in_loss[loss->scope] || loss->to > c->loss_until[loss->scope])
		c->loss_until[loss->scope] = loss->to;
	c->in_loss[loss->scope] = true;
	c->epoch[loss->scope]++;
	return keep_loss(c, loss);
}

int correlator_unselected(struct correlator *c, uint64_t from, uint64_t to)
{
	const struct loss loss = {
		.scope = SCOPE_TASK,
		.cpu = -1,
		.from = from,
		.to = to,
		.count = LOSS_UNKNOWN,
		.is_unselected = true,
	};

	if (to > c->unselected_until)
		c->unselected_until = to;
	return keep_loss(c, &loss);
}

void correlator_missed(struct correlator *c, enum role role, enum point point, uint64_t count)
{
	c->missed[role][point] += count;
}

int correlator_lost(struct correlator *c, enum scope scope, int cpu, uint64_t count)
{
	const struct loss loss = {
		.scope = scope,
		.cpu = cpu,
		.from = c->first_ts,
		.to = c->last_ts,
		.count = count,
	};

	c->lost_sometime[scope] = true;
	return correlator_loss(c, &loss);
}

void correlator_overrun(struct correlator *c, uint64_t total)
{
	/* A loss without a number was at least one record. */
	if (total < c->overrun || total - c->overrun < c->uncounted_overruns)
		return;
	c->totals.lost += total - c->overrun;
	c->uncounted_overruns = 0;
}

int losses_finish(struct correlator *c)
{
	int ret = 0;

	for (size_t i = 0; i < c->loss_count && c->options.sink.loss && !ret; i++)
		ret = c->options.sink.loss(c->options.sink.context, &c->losses[i]);
	return ret;
}
