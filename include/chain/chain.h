/* SPDX-License-Identifier: MIT */
/*
 * The chains: names with their lifetimes, hops and relations. Plain data that the correlator fills
 * and the renderers read; nothing here owns a file or prints.
 */
#ifndef FTOPEN_CHAIN_CHAIN_H
#define FTOPEN_CHAIN_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/record.h"

#define COMM_SIZE 16 /* TASK_COMM_LEN, the NUL included */

/* Bytes, not NUL terminated by promise (though a NUL follows), that may hold anything. */
struct bytes {
	const char *data;
	size_t len;
};

enum hop_kind {
	HOP_USER,	 /* the pointer that the program passed */
	HOP_COPY,	 /* struct filename as getname returned it */
	HOP_FILENAME,	 /* filename->name as the open got it */
	HOP_LOOKUP,	 /* a lookup in the hash and what it returned */
	HOP_SOURCE,	 /* qstr->name from which the component is copied */
	HOP_ALLOC,	 /* d_name.name of the new dentry */
	HOP_INSERT,	 /* d_name.name when the dentry enters the hash */
	HOP_INSTANTIATE, /* d_name.name when the negative dentry turns positive */
	HOP_FILE,	 /* d_name.name of the dentry of the file that was returned */
	HOP_DELETE,	 /* d_name.name when the name is unlinked */
	HOP_RENAME,	 /* d_name.name when the dentry takes over another name */
	HOP_EVICT,	 /* d_name.name when the dentry is freed */
	HOP_NR
};

enum walk {
	WALK_UNKNOWN,
	WALK_RCU,
	WALK_REF,
};

enum tristate {
	IS_FALSE,
	IS_TRUE,
	IS_UNKNOWN,
};

/**
 * struct hop - one proved step
 * @symbol: kernel function, NULL if the source does not say
 * @has_addr: false for a lookup that returned NULL and for an open that failed
 * @addr: the name pointer of this hop
 * @dentry: 0 where the hop has none
 * @open: id of the open it happened in, 0 outside of one
 * @since: nanoseconds since that open's entry, negative before it
 * @epoch: by scope, see struct correlator: equal epochs have no loss between them
 * @scope: from where the records of its task come
 * @uid: the effective user of its task then
 * @hash, @len, @walk, @negative: of a lookup (negative also of insert and instantiate)
 * @err: of a file hop whose open failed: a positive errno, else 0
 */
struct hop {
	const char *symbol;
	uint64_t ts;
	uint64_t addr;
	uint64_t dentry;
	uint64_t open;
	int64_t since;
	uint64_t epoch[SCOPE_NR];
	uint32_t hash;
	uint32_t len;
	int32_t cpu;
	int32_t tid;
	int32_t err;
	uint32_t uid;
	bool has_addr : 1;
	bool has_hash : 1;
	bool has_uid : 1;
	uint8_t kind;
	uint8_t role;
	uint8_t point;
	uint8_t walk;
	uint8_t negative;
	uint8_t scope;
	char comm[COMM_SIZE];
};

enum relation_op {
	OP_EQUAL,      /* "==" */
	OP_DIFFERENCE, /* "-" */
	OP_OUTSIDE,    /* left lies outside the object at right */
};

enum verdict {
	VERDICT_NONE, /* a mere difference, no claim */
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_UNKNOWN,
	VERDICT_NR
};

/* The operand of a relation: a hop's address, or the dentry itself. */
enum operand {
	OPERAND_HOP,
	OPERAND_DENTRY,
	OPERAND_LIFETIME, /* the name pointer of another lifetime, in a difference of two */
};

struct operand_ref {
	enum operand what;
	enum hop_kind hop;
	bool has_addr;
	uint64_t addr;
};

/**
 * struct relation - a claim about two addresses and its result
 * @lifetime: index in the name
 * @open: id, 0 for a claim that is not about one open
 * @value: left - right, for OP_DIFFERENCE with both addresses
 * @expected: what @value has to be for PASS
 * @means: what the value means, e.g. len("/tmp/") with @prefix, or MEANS_INLINE
 * @why: reason of UNKNOWN; static storage or the correlator's
 * @reuse: a difference of two lifetimes is 0: the allocator gave the address again
 */
struct relation {
	struct operand_ref left;
	struct operand_ref right;
	enum relation_op op;
	enum verdict verdict;
	uint32_t lifetime;
	uint64_t open;
	int64_t value;
	int64_t expected;
	bool has_value;
	bool reuse;
	bool is_across; /* holds only if no end of the lifetime between its two hops went unseen;
			   or depends on what a worker of a ring did */
	enum {
		MEANS_NOTHING,
		MEANS_PREFIX, /* len of the path before the component, @prefix */
		MEANS_INLINE, /* offset of the inline name in struct dentry */
		MEANS_SIZE,   /* outside of the @expected bytes of the dentry */
		MEANS_LIFETIMES,
		MEANS_SHARED, /* rename: both lifetimes bear one copy of the name */
		MEANS_MOVED,  /* exchange: the copy went from one dentry to the other */
	} means;
	struct bytes prefix;
	const char *why;
};

enum born {
	BORN_NOT,      /* no dentry was seen */
	BORN_TRACED,   /* its allocation was seen */
	BORN_BEFORE,   /* it was found, and no insert of it was recorded since the trace began */
	BORN_UNTRACED, /* it came to be in some other way, or it is not known to be older */
	BORN_UNKNOWN,  /* records were lost */
	BORN_NR
};

enum storage {
	STORAGE_UNKNOWN,
	STORAGE_INLINE,
	STORAGE_EXTERNAL,
};

enum lifetime_end {
	END_ALIVE,
	END_EVICTED,
	END_DELETED, /* unlinked, kept as a negative dentry */
	END_UNHASHED,
	END_RENAMED,
	END_UNKNOWN,
};

/* A list that keeps its first and its last elements and counts what it dropped between them. */
struct hop_list {
	struct hop *items;
	size_t count;
	size_t room;
	uint64_t dropped; /* they would stand after items[count / 2 - 1] */
};

/**
 * struct lifetime - one dentry bearing the name, from its birth to its end
 * @dentry: 0 if none was seen
 * @name_ptr: d_name.name by the first hop that showed it, 0 if none
 * @born_comm, @born_tid: who inserted or renamed it, for BORN_UNTRACED; 0 if that was not seen
 * @end_comm, @end_tid: who ended it, for evicted, deleted, unhashed, renamed
 * @negative: at the end
 */
struct lifetime {
	struct name *name;
	uint64_t dentry;
	uint64_t name_ptr;
	enum born born;
	enum storage storage;
	enum lifetime_end end;
	enum tristate negative;
	uint32_t index;
	int32_t born_tid;
	int32_t end_tid;
	char born_comm[COMM_SIZE];
	char end_comm[COMM_SIZE];
	struct hop_list hops;
};

/**
 * struct name - one file name: a component in one directory
 * @path: as first passed; data NULL until an open gave it one
 * @paths: spellings, the first included, at most NAME_MAX_PATHS; @paths_dropped: further ones
 * @resolved: its path from the root of the task that opened it last, or made or deleted it without
 *	an open, links followed; data NULL where that is not known
 * @links: that were followed on the way from @path, two strings for each, which end with a NUL: its
 *	path, and its body from the first component on that was looked up; before that stands "/" or
 *	"…/" where it was looked up in the root, or somewhere else than where the link is
 * @has_dir: dev, dir_ino and dir_gen are known; they describe the directory, and may be another's
 *	as well
 * @dev: kernel encoding, major << 20 | minor
 * @is_requested: an open asked for it, or it was deleted or renamed: what is shown by default; the
 *	others are directories on the way and names that were only looked up
 * @lifetimes: the first and last ones; @lifetimes_dropped: how many more there were between them,
 *	@dropped_without_dentry of which showed no dentry
 * @relations: the first and last ones, none for a sink that ignores them; @verdicts counts all
 */
struct name {
	struct bytes path;
	struct bytes *paths;
	size_t path_count;
	uint64_t paths_dropped;
	struct bytes resolved;
	struct bytes links;
	struct bytes component;
	bool has_dir;
	bool has_gen;
	uint32_t dev;
	uint32_t dir_gen;
	uint64_t dir_ino;
	bool is_requested;
	struct lifetime **lifetimes;
	size_t lifetime_count;
	uint64_t lifetimes_dropped;
	uint64_t dropped_without_dentry;
	struct relation *relations;
	size_t relation_count;
	uint64_t relations_dropped;
	uint64_t verdicts[VERDICT_NR];
};

#define NAME_MAX_PATHS 16

/* The words of the output. */
const char *hop_name(enum hop_kind kind);
const char *walk_name(enum walk walk);
const char *born_name(enum born born);
const char *storage_name(enum storage storage);
const char *end_name(enum lifetime_end end);
const char *verdict_name(enum verdict verdict);
const char *op_name(enum relation_op op);

#endif
