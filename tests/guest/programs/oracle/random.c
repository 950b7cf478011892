/* SPDX-License-Identifier: MIT */
/* Numbers that follow from a seed: splitmix64. */
#include "oracle.h"

uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void rng_seed(struct rng *rng, uint64_t seed, uint64_t stream)
{
	rng->state = seed;
	rng->state = rng_next(rng) + stream;
	rng_next(rng);
}

unsigned int rng_below(struct rng *rng, unsigned int limit)
{
	return rng_next(rng) % limit;
}

bool rng_chance(struct rng *rng, unsigned int percent)
{
	return rng_below(rng, 100) < percent;
}
