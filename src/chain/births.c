/* SPDX-License-Identifier: MIT */
/*
 * Which task made which dentry since the trace began, and which ended it, in a fixed amount of
 * memory: a table of the last ones by address, and a Bloom filter of all inserts, which denies none
 * that happened.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS	    65536
#define FILTER_BITS (SLOTS * 64)

struct birth {
	uint64_t dentry;
	bool is_known;	/* who made it */
	bool is_traced; /* a traced task allocated it */
	int32_t tid;	/* who inserted it; 0 if nobody was seen doing that */
	char comm[COMM_SIZE];
	enum lifetime_end end; /* evicted or unhashed, and not seen in the hash since; or alive */
	int32_t end_tid;
	char end_comm[COMM_SIZE];
	uint64_t end_ts;
	uint64_t end_epoch; /* of SCOPE_ANY */
};

struct births {
	struct birth slots[SLOTS];
	uint64_t filter[FILTER_BITS / 64];
};

struct births *births_new(void)
{
	return calloc(1, sizeof(struct births));
}

static uint64_t hash_of(uint64_t dentry)
{
	return hash_bytes(&dentry, sizeof(dentry), 0);
}

static struct birth *slot_of(const struct correlator *c, uint64_t dentry)
{
	return &c->births->slots[hash_of(dentry) % SLOTS];
}

/* The two bits of the filter that stand for an address. */
static bool is_in_filter(const struct births *births, uint64_t hash)
{
	uint64_t first = hash % FILTER_BITS, second = (hash >> 32) % FILTER_BITS;

	return births->filter[first / 64] >> first % 64 &
	       births->filter[second / 64] >> second % 64 & 1;
}

static void put_into_filter(struct births *births, uint64_t hash)
{
	uint64_t first = hash % FILTER_BITS, second = (hash >> 32) % FILTER_BITS;

	births->filter[first / 64] |= UINT64_C(1) << first % 64;
	births->filter[second / 64] |= UINT64_C(1) << second % 64;
}

static struct birth *claim(const struct correlator *c, uint64_t dentry)
{
	struct birth *birth = slot_of(c, dentry);

	if (birth->dentry != dentry)
		*birth = (struct birth){ .dentry = dentry, .end = END_ALIVE };
	return birth;
}

void births_alloc(struct correlator *c, uint64_t dentry)
{
	*slot_of(c, dentry) = (struct birth){
		.dentry = dentry, .is_known = true, .is_traced = true, .end = END_ALIVE
	};
	put_into_filter(c->births, hash_of(dentry));
}

void births_insert(struct correlator *c, uint64_t dentry, const struct hop *by)
{
	struct birth *birth = claim(c, dentry);

	if (birth->end == END_EVICTED)
		birth->is_traced = false;
	birth->is_known = true;
	birth->end = END_ALIVE;
	birth->tid = by->tid;
	memcpy(birth->comm, by->comm, COMM_SIZE);
	put_into_filter(c->births, hash_of(dentry));
}

bool births_end(struct correlator *c, uint64_t dentry, enum lifetime_end end, const struct hop *by)
{
	struct birth *birth = claim(c, dentry);

	/* The last act of an eviction is a drop. */
	if (birth->end == END_EVICTED)
		return false;
	birth->end = end;
	birth->end_tid = by->tid;
	memcpy(birth->end_comm, by->comm, COMM_SIZE);
	birth->end_ts = by->ts;
	birth->end_epoch = c->epoch[SCOPE_ANY];
	return birth->is_traced;
}

enum lifetime_end births_ended(const struct correlator *c, uint64_t dentry, struct hop *by)
{
	const struct birth *birth = slot_of(c, dentry);

	if (birth->dentry != dentry || birth->end == END_ALIVE)
		return END_ALIVE;
	if (!births_sees_inserts(c) || birth->end_epoch != c->epoch[SCOPE_ANY])
		return END_UNKNOWN;
	*by = (struct hop){ .tid = birth->end_tid, .ts = birth->end_ts };
	memcpy(by->comm, birth->end_comm, COMM_SIZE);
	return birth->end;
}

bool births_sees_inserts(const struct correlator *c)
{
	return c->options.sees_any && c->options.armed[ROLE_REHASH][POINT_ENTRY];
}

void births_tell(const struct correlator *c, struct lifetime *life)
{
	const struct birth *birth = slot_of(c, life->dentry);
	bool has_loss = c->epoch[SCOPE_TASK] || c->epoch[SCOPE_ANY];

	if (birth->dentry == life->dentry && birth->is_known) {
		life->born = birth->is_traced ? BORN_TRACED : BORN_UNTRACED;
		if (!birth->is_traced && c->epoch[SCOPE_TASK] && task_find(c, birth->tid))
			life->born = BORN_UNKNOWN;
		life->born_tid = birth->is_traced ? 0 : birth->tid;
		memcpy(life->born_comm, birth->is_traced ? "" : birth->comm,
		       birth->is_traced ? 1 : COMM_SIZE);
		return;
	}
	if (has_loss)
		life->born = BORN_UNKNOWN;
	else if (births_sees_inserts(c) && !is_in_filter(c->births, hash_of(life->dentry)))
		life->born = BORN_BEFORE;
	else
		life->born = BORN_UNTRACED;
}
