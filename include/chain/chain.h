/* SPDX-License-Identifier: MIT */
/*
 * What the records add up to: opens, and names with their lifetimes, hops and relations. Plain
 * data that the correlator fills and the renderers read; nothing here owns a file or prints.
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
	bool has_addr;
	bool has_hash;
	uint8_t kind;
	uint8_t role;
	uint8_t edge;
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
 * struct relation - a claim about two addresses and what came of it
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
	bool is_across; /* relies on no end of the lifetime between its two hops going unseen, or on
			   what a worker of a ring did */
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
 * @is_named: an open asked for it, or it was deleted or renamed: what is shown by default; the
 *	others are directories on the way and names that were only looked up
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
	bool is_named;
	struct lifetime **lifetimes;
	size_t lifetime_count;
	uint64_t lifetimes_dropped;
	struct relation *relations;
	size_t relation_count;
	uint64_t relations_dropped;
	uint64_t verdicts[VERDICT_NR];
};

#define NAME_MAX_PATHS 16

/* What the directory cache had of the path's own last component: a link answers for itself. */
enum cache {
	CACHE_UNKNOWN,
	CACHE_HIT,
	CACHE_NEGATIVE,
	CACHE_MISS,
	CACHE_CREATED,	 /* the open itself made the file */
	CACHE_STALE,	 /* it was found, and its file system refused it (d_revalidate) */
	CACHE_NONE,	 /* the path has none that is looked up: "/", "." or ".." */
	CACHE_UNREACHED, /* the walk ended before it */
	CACHE_NR
};

/* What made an open. */
enum call {
	CALL_UNKNOWN,
	CALL_OPEN,     /* open, openat, creat, and openat2 where that shows no difference */
	CALL_OPENAT2,  /* with RESOLVE_ flags */
	CALL_HANDLE,   /* open_by_handle_at */
	CALL_EXEC,     /* the program or interpreter of an exec */
	CALL_IO_URING, /* a request of a ring, whoever works it off */
	CALL_KERNEL, /* the kernel's own, in the name of the task: accounting, a core dump, firmware
		      */
	CALL_NR
};

/* Where the time of an open goes, in this order; it is in one of them at any moment. */
enum stage {
	STAGE_NONE,
	STAGE_COPY,	   /* of the path into the kernel */
	STAGE_WALK,	   /* to the last component, links followed */
	STAGE_LOOKUP,	   /* of the last component in the cache */
	STAGE_ALLOC,	   /* of a dentry for it */
	STAGE_FILE_SYSTEM, /* its own lookup, creation or refusal of what the cache had */
	STAGE_OPENING,	   /* permission, the file system's open, the rest */
	STAGE_DESCRIPTOR,  /* a free one, the file in it, the way back to the program */
	STAGE_NR
};

/**
 * struct open_call - one open
 * @id: unique, from 1, in the order of entry
 * @tid, @comm: who asked for it: of a ring's request not its worker
 * @path: as passed; empty where there is none
 * @user: the program's pointer, @filename: the kernel's copy
 * @ts: entry of the kernel's open, or when the call was refused
 * @call_ts: entry of the system call, 0 without one
 * @result: fd or -errno of the system call; without one 0 or -errno of the open itself
 * @latency_ns: from the entry to the return of the open function
 * @stage_ns: by stage, see has_stage()
 * @stages: bit per stage that the open had and that is known
 * @complete: entry and return were seen and nothing was lost in between
 * @cache_why: why @cache is unknown, or what ended the walk before the last component; static
 *	storage
 * @resolved: path of the file, or of what was looked for, from the task's root, links followed;
 *	data NULL where that is not known
 * @links: that the walk followed; see struct name
 * @dir: likewise of the directory in which a relative walk began
 */
struct open_call {
	uint64_t id;
	struct bytes path;
	uint64_t user;
	uint64_t filename;
	uint64_t flags;
	uint64_t ts;
	uint64_t call_ts;
	uint64_t latency_ns;
	uint64_t stage_ns[STAGE_NR];
	int64_t result;
	int32_t dfd;
	int32_t tid;
	int32_t tgid; /* 0: not known */
	bool has_user;
	bool has_dfd;
	bool has_flags;
	bool has_result;
	bool has_latency;
	bool complete;
	uint8_t stages;
	enum call call;
	enum walk walk;
	enum cache cache;
	const char *cache_why;
	struct bytes resolved;
	struct bytes links;
	struct bytes dir;
	const char *resolved_why; /* why it is not known; NULL if nothing was seen of it */
	const char *dir_why;
	char comm[COMM_SIZE];
};

/**
 * has_stage - whether @open had this stage, and how long it took is known
 */
static inline bool has_stage(const struct open_call *open, enum stage stage)
{
	return open->stages >> stage & 1;
}

/* A count of what no probe is armed for. */
#define COUNT_UNKNOWN UINT64_MAX

/**
 * struct chain_totals - what the summary counts
 * @opens, @caches: without those of CALL_KERNEL
 * @allocs: by the traced tasks; @evictions: of dentries that they allocated or looked up, by any
 *	task; COUNT_UNKNOWN without a probe
 */
struct chain_totals {
	uint64_t records;
	uint64_t opens;
	uint64_t names;
	uint64_t caches[CACHE_NR]; /* opens by what the directory cache had */
	uint64_t allocs;
	uint64_t evictions;
	uint64_t pushed_out; /* names that a cap handed out early */
	uint64_t lost;	     /* sum of the known counts */
	uint64_t losses;     /* number of losses */
	bool lost_is_known;  /* no loss had an unknown count */
	uint64_t verdicts[VERDICT_NR];
};

/**
 * struct plan_entry - what became of a role, for the summary and for the tree's words
 * @state: "exact", "substitute", "refused", "silent", or "unknown" where a file does not say
 * @note: what a substitute stands in for, or why there is none; NULL if there is nothing to say
 */
struct plan_entry {
	enum role role;
	enum edge edge;
	const char *symbol;
	const char *state;
	const char *note;
};

/**
 * struct chain_summary - the last thing a sink gets
 * @layout: where the structures' layout came from: "btf", "measured", "mixed", NULL if not known
 */
struct chain_summary {
	const char *kernel; /* uname release, NULL if not known */
	const char *arch;
	const char *layout;
	const struct plan_entry *plan;
	size_t plan_count;
	bool has_missed_probes;
	uint64_t missed_probes;
	struct chain_totals totals;
};

/**
 * struct chain_sink - where opens, names and losses go
 *
 * Order: an open when it returned; a name when a cap pushes it out, else at the end in the order
 * of its first record; then the losses; then one summary. It depends on the records alone. What is
 * handed over is valid only during the call. A negative errno ends the run.
 *
 * @ignores_relations: names come without relations, only with the counts of their verdicts
 */
struct chain_sink {
	int (*open)(void *context, const struct open_call *open);
	int (*name)(void *context, const struct name *name);
	int (*loss)(void *context, const struct loss *loss);
	int (*summary)(void *context, const struct chain_summary *summary);
	void *context;
	bool ignores_relations;
};

/* The words of the output. */
const char *hop_name(enum hop_kind kind);
const char *walk_name(enum walk walk);
const char *cache_name(enum cache cache);

/**
 * call_name - NULL for CALL_UNKNOWN
 */
const char *call_name(enum call call);
const char *stage_name(enum stage stage);
const char *born_name(enum born born);
const char *storage_name(enum storage storage);
const char *end_name(enum lifetime_end end);
const char *verdict_name(enum verdict verdict);
const char *op_name(enum relation_op op);

#endif
