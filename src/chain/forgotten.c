/* SPDX-License-Identifier: MIT */
/*
 * Tasks that were forgotten, in a fixed amount of memory: two bits for each thread id.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>

/* PID_MAX_LIMIT of include/linux/threads.h, on 64-bit machines (5.10 to 7.3). */
#define MAX_TIDS  (4 * 1024 * 1024)
#define WORD_BITS 64

struct forgotten {
	uint64_t known[MAX_TIDS / WORD_BITS];
	uint64_t left_out[MAX_TIDS / WORD_BITS];
};

static bool is_tid(int32_t tid)
{
	return tid >= 0 && tid < MAX_TIDS;
}

static bool is_set(const uint64_t *bits, int32_t tid)
{
	return bits[tid / WORD_BITS] >> tid % WORD_BITS & 1;
}

static void set(uint64_t *bits, int32_t tid, bool value)
{
	uint64_t bit = UINT64_C(1) << tid % WORD_BITS;

	bits[tid / WORD_BITS] &= ~bit;
	bits[tid / WORD_BITS] |= value ? bit : 0;
}

int forgotten_add(struct correlator *c, const struct task *task)
{
	if (!is_tid(task->tid))
		return 0;
	if (!c->forgotten)
		c->forgotten = calloc(1, sizeof(*c->forgotten));
	if (!c->forgotten)
		return -ENOMEM;
	set(c->forgotten->known, task->tid, true);
	set(c->forgotten->left_out, task->tid, !is_selected(c, task));
	return 0;
}

void forgotten_remove(struct correlator *c, int32_t tid)
{
	if (!c->forgotten || !is_tid(tid))
		return;
	set(c->forgotten->known, tid, false);
	set(c->forgotten->left_out, tid, false);
}

bool was_forgotten(const struct correlator *c, int32_t tid)
{
	return c->forgotten && is_tid(tid) && is_set(c->forgotten->known, tid);
}

bool was_left_out(const struct correlator *c, int32_t tid)
{
	return c->forgotten && is_tid(tid) && is_set(c->forgotten->left_out, tid);
}
