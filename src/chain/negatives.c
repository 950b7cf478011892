/* SPDX-License-Identifier: MIT */
/*
 * Hands out negative dentries during the trace: each lifetime once for as long as it stays
 * negative.
 */
#include "internal.h"

int life_tell_negative(struct correlator *c, struct life *life, uint64_t before)
{
	const struct chain_sink *sink = &c->options.sink;

	if (!sink->negative || life->pub.negative != IS_TRUE ||
	    life->negative_since == life->told_since || life->negative_since >= before)
		return 0;
	life->told_since = life->negative_since;
	return sink->negative(sink->context, life->pub.name, &life->pub);
}

int name_tell_negatives(struct correlator *c, struct tracked_name *name, uint64_t before)
{
	int ret = 0;

	for (size_t i = 0; i < name->pub.lifetime_count && !ret; i++)
		ret = life_tell_negative(c, (struct life *)name->pub.lifetimes[i], before);
	return ret;
}

int correlator_negatives(struct correlator *c, uint64_t before)
{
	int ret = 0;

	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer)
		ret = name_tell_negatives(c, name, before);
	return ret;
}
