/* SPDX-License-Identifier: MIT */
/*
 * What changes or ends a lifetime, from any task: unlink, drop, rename, exchange, eviction, and the
 * return to the hash.
 */
#include "internal.h"

#include <string.h>

static bool is_by_selected(const struct correlator *c, const struct task *task)
{
	return task && is_selected(c, task);
}

static int instantiated(struct correlator *c, struct task *task, struct life *life, struct hop *hop)
{
	struct evidence *evidence = NULL;
	int ret;

	life->pub.end = END_ALIVE;
	if (is_in_open(task) && task->frame->step.life == life)
		stages_note(&task->frame->stages, STAGE_EVENT_MADE, hop->ts);
	if (is_in_open(task))
		evidence = frame_find_evidence(task->frame, life);
	if (evidence) {
		hop->open = task->frame->call.id;
		evidence->has[HOP_INSTANTIATE] = true;
		evidence->hop[HOP_INSTANTIATE] = *hop;
	}
	ret = life_add_hop(c, life, hop);
	/* Within an open it is compared with the hops of that open. */
	return ret || evidence ? ret : relate_anchor(c, life, hop, 0);
}

static int deleted(struct correlator *c, struct task *task, struct life *life, struct hop *hop)
{
	int ret = life_add_hop(c, life, hop);

	if (is_by_selected(c, task))
		life_name(life)->pub.is_requested = true;
	life_end(c, life, END_DELETED, hop);
	/* d_delete() leaves a negative dentry, unless a drop follows because someone holds it. */
	life->pub.negative = c->options.armed[ROLE_DROP][POINT_ENTRY] ? IS_TRUE : IS_UNKNOWN;
	life->negative_since = hop->ts;
	if (!ret && is_by_selected(c, task))
		ret = name_locate(c, task, life_name(life));
	return ret ? ret : relate_anchor(c, life, hop, 0);
}

static int evicted(struct correlator *c, struct life *life, struct hop *hop)
{
	enum tristate negative = life->pub.negative;
	int ret = life_add_hop(c, life, hop);

	/* Every dentry may have lost its inode by now: what it was before counts. */
	life->pub.negative = negative;
	life_end(c, life, END_EVICTED, hop);
	return ret ? ret : relate_anchor(c, life, hop, 0);
}

/* __d_move() drops the dentry for a moment: that is no end. */
static void dropped(struct correlator *c, struct life *life, const struct hop *hop)
{
	if (life->mover == hop->tid) {
		life->mover = 0;
		return;
	}
	life->is_dropped = true;
	life->dropped_ts = hop->ts;
	/* The last act of an eviction. */
	if (life->pub.end == END_EVICTED)
		return;
	if (life->pub.end == END_DELETED)
		life->pub.negative = IS_FALSE;
	life_end(c, life, END_UNHASHED, hop);
}

/* --- rename and exchange ---------------------------------------------------------------------- */

static int leave_name(struct correlator *c, struct life *life, enum lifetime_end end,
		      struct hop *hop)
{
	int ret;

	if (!life)
		return 0;
	hop->negative = IS_UNKNOWN;
	ret = life_add_hop(c, life, hop);
	if (!ret)
		ret = relate_anchor(c, life, hop, 0);
	life_end(c, life, end, hop);
	return ret;
}

/* A dentry that takes a name, and what is known of it from the one that it had. */
struct taker {
	uint64_t dentry;
	enum tristate negative;
	bool is_traced; /* its allocation, or who moves it */
	enum inode_kind inode;
};

static struct taker taker_of(uint64_t dentry, const struct life *former)
{
	struct taker taker = { .dentry = dentry, .negative = IS_UNKNOWN };

	if (former) {
		taker.negative = former->pub.negative;
		taker.is_traced = former->pub.born == BORN_TRACED;
		taker.inode = former->inode;
	}
	return taker;
}

static int take_name(struct correlator *c, const struct taker *taker, struct tracked_name *name,
		     enum coming coming, const struct hop *by)
{
	struct life *life;
	int ret;

	life = life_start(c, name, taker->dentry, taker->is_traced ? BORN_TRACED : BORN_UNTRACED,
			  &ret);
	if (!life)
		return ret;
	if (!taker->is_traced) {
		life->pub.born_tid = by->tid;
		memcpy(life->pub.born_comm, by->comm, COMM_SIZE);
	}
	life->pub.negative = taker->negative;
	life->negative_since = by->ts;
	life->inode = taker->inode;
	life->coming = coming;
	life->mover = by->tid;
	return 0;
}

/* The name that the record says the dentry gets. */
static struct tracked_name *name_of_target(struct correlator *c, const struct record *record,
					   int *ret)
{
	struct life *target = life_at(c, record->value[FIELD_TARGET]);
	struct identity identity;

	*ret = 0;
	if (target)
		return life_name(target);
	return identity_from(record, &identity) ? name_get(c, &identity, ret) : NULL;
}

/*
 * A walk that ends on a directory which its file system moved here (d_splice_alias) has that
 * dentry, not the one it allocated.
 */
static void follow_move(struct task *task, const struct life *from, struct life *to, uint64_t ts)
{
	if (is_in_walk(task) && from && task->frame->step.life == from) {
		task->frame->step.life = to;
		task->frame->step.is_in_lookup = false;
		stages_note(&task->frame->stages, STAGE_EVENT_INSERTED, ts);
	}
}

/* Two dentries: the one that moves, and the one whose name it gets, @new, NULL if not known. */
struct renaming {
	struct hop hop;
	struct hop of_target;
	struct tracked_name *new;
	bool is_exchange;
};

static int swap_names(struct correlator *c, struct task *task, struct renaming *renaming)
{
	struct hop *hop = &renaming->hop, *of_target = &renaming->of_target;
	struct life *life = life_at(c, hop->dentry), *target = life_at(c, of_target->dentry);
	struct taker taker = taker_of(hop->dentry, life);
	struct taker other = taker_of(of_target->dentry, target);
	struct tracked_name *old = life ? life_name(life) : NULL, *new = renaming->new;
	bool is_exchange = renaming->is_exchange, is_requested = is_by_selected(c, task);
	int ret;

	taker.is_traced |= is_requested;
	other.is_traced |= is_requested;
	ret = leave_name(c, life, END_RENAMED, hop);
	if (!ret)
		ret = leave_name(c, target, is_exchange ? END_RENAMED : END_UNHASHED, of_target);
	if (ret || !new)
		return ret;
	new->pub.is_requested |= is_requested || (old && old->pub.is_requested);
	ret = take_name(c, &taker, new, is_exchange ? COMING_EXCHANGE : COMING_RENAME, hop);
	follow_move(task, target, life_at(c, hop->dentry), hop->ts);
	if (ret || !is_exchange || !old)
		return ret;
	old->pub.is_requested |= is_requested;
	return take_name(c, &other, old, COMING_EXCHANGE, hop);
}

/* The inode of @target, if it has one, loses its name. */
static void replaced(struct correlator *c, const struct record *record, uint64_t target)
{
	const struct life *life = life_at(c, target);
	bool is_known = has_field(record, FIELD_INODE);

	directory_lost_name(c, target);
	if (is_known ? record->value[FIELD_INODE] != 0 : !life || life->pub.negative != IS_TRUE)
		directory_removed(c, record, life);
}

/*
 * The dentry takes over the name of the target; in an exchange the target takes the dentry's. The
 * new name pointers are not known before the next hop.
 */
static int renamed(struct correlator *c, struct task *task, const struct record *record,
		   const struct hop *hop)
{
	struct renaming renaming = {
		.hop = *hop,
		.of_target = *hop,
		.is_exchange = has_field(record, FIELD_EXCHANGE) && record->value[FIELD_EXCHANGE],
	};
	bool has_target = has_field(record, FIELD_TARGET);
	uint64_t target = has_target ? record->value[FIELD_TARGET] : 0;
	int ret;

	directory_moved(c, life_at(c, hop->dentry));
	if (renaming.is_exchange)
		directory_moved(c, life_at(c, target));
	else
		replaced(c, record, target);
	if (!has_target || (!life_at(c, hop->dentry) && !life_at(c, target)))
		return 0;
	renaming.of_target.dentry = target;
	renaming.of_target.has_addr = has_field(record, FIELD_TARGET_NAME);
	renaming.of_target.addr = record->value[FIELD_TARGET_NAME];
	renaming.new = name_of_target(c, record, &ret);
	return ret ? ret : swap_names(c, task, &renaming);
}

/* --- records ---------------------------------------------------------------------------------- */

/* If a dentry is not followed, only its address counts. */
static void note_address(struct correlator *c, const struct record *record, const struct life *life,
			 const struct hop *hop)
{
	uint64_t dentry = record->value[FIELD_DENTRY];

	if (record->role == ROLE_REHASH)
		dentry_is_inserted(c, dentry, hop);
	if (record->role == ROLE_INSTANTIATE)
		directory_made(c, dentry);
	if (record->role == ROLE_DROP)
		births_end(c, dentry, END_UNHASHED, hop);
	if (record->role == ROLE_DELETE) {
		directory_lost_name(c, dentry);
		directory_removed(c, record, life);
	}
	if (record->role != ROLE_EVICT)
		return;
	c->totals.evictions += births_end(c, dentry, END_EVICTED, hop) || life;
	directory_evicted(c, dentry);
}

static void rehashed(struct life *life)
{
	if (life->is_dropped || life->mover)
		life_hashed(life);
}

int end_record(struct correlator *c, const struct record *record)
{
	static const enum hop_kind kinds[ROLE_NR] = {
		[ROLE_INSTANTIATE] = HOP_INSTANTIATE,
		[ROLE_DELETE] = HOP_DELETE,
		[ROLE_RENAME] = HOP_RENAME,
		[ROLE_EVICT] = HOP_EVICT,
	};
	struct life *life;
	struct task *task;
	struct hop hop;

	if (!has_dentry(record))
		return 0;
	life = life_at(c, record->value[FIELD_DENTRY]);
	if (!life && record->role == ROLE_DROP)
		life = life_dying(c, record->value[FIELD_DENTRY]);
	task = task_find(c, record->tid);
	hop_set(&hop, c, task, record, kinds[record->role]);
	note_address(c, record, life, &hop);
	if (record->role == ROLE_RENAME)
		return renamed(c, task, record, &hop);
	if (!life)
		return 0;
	switch (record->role) {
	case ROLE_INSTANTIATE:
		return instantiated(c, task, life, &hop);
	case ROLE_DELETE:
		return deleted(c, task, life, &hop);
	case ROLE_EVICT:
		return evicted(c, life, &hop);
	case ROLE_REHASH:
		rehashed(life);
		return 0;
	default:
		dropped(c, life, &hop);
		return 0;
	}
}
