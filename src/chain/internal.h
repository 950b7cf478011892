/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the correlator share: names and their lifetimes (names.c), tasks and the open
 * each is in (tasks.c), what an open proves (relations.c).
 */
#ifndef FTOPEN_CHAIN_INTERNAL_H
#define FTOPEN_CHAIN_INTERNAL_H

#include "chain/correlator.h"
#include "util/map.h"

#define MAX_ERRNO	   4095 /* an error pointer is -MAX_ERRNO at the lowest */
#define COMPONENT_SIZE	   256	/* NAME_MAX and a NUL */
#define STEP_MAX_HOPS	   16
#define FRAME_MAX_HEAD	   3
#define EVIDENCE_MAX_HITS  4
#define FRAME_MAX_EVIDENCE 8

/* Who a name is. The directory is known once has_dir is set. */
struct identity {
	bool has_dir;
	bool has_gen;
	uint32_t dev;
	uint32_t dir_gen;
	uint64_t dir_ino;
	uint32_t len;
	char component[COMPONENT_SIZE];
};

/*
 * A lifetime and what the correlator needs beside it. The anchor is the hop that showed name_ptr:
 * what later hops are held against.
 */
struct life {
	struct lifetime pub;
	struct hop anchor;
	bool has_anchor;
	bool is_inserted;
};

/* What the verdict of a relation rests on, and so what can take it away. */
enum trust {
	TRUST_RECORD, /* both sides come from one record */
	TRUST_OPEN,   /* no record of the open is missing */
	TRUST_ENDS,   /* nor one of what ends the lifetime */
	TRUST_NR
};

struct tracked_name {
	struct name pub;
	uint64_t dropped[TRUST_NR][VERDICT_NR]; /* relations of which only the verdict is kept */
	struct tracked_name *same_hash;
	struct tracked_name *older, *newer; /* in the order of the first record */
	uint64_t hash;
	uint32_t live; /* lifetimes that have not ended */
	uint32_t next_index;
	bool ignores_relations;
	size_t relation_room;
};

/* What one open proves about one lifetime. */
struct evidence {
	struct life *life;
	bool has[HOP_NR];
	struct hop hop[HOP_NR];
	struct hop hits[EVIDENCE_MAX_HITS];
	size_t hit_count;
	bool of_path; /* the component is the path's own last one, no link was followed to it */
	uint32_t inline_at;
	uint32_t inline_size;
	uint32_t dentry_size;
	bool has_inline;
};

/* What the lookups of a component came to. */
struct outcome {
	bool is_known;
	bool saw_null;
	bool saw_hit;
	bool saw_alloc;
	bool saw_ref;
	enum tristate negative;
};

/* The component that a walk is at. */
struct step {
	bool is_valid;
	bool is_final; /* nothing but slashes come after it in its string */
	bool of_path;  /* it is a component of the path itself: no link was followed to it */
	bool is_inner; /* a file system's own lookup on another layer, inside of ours */
	struct outcome outcome;
	struct identity identity;
	uint64_t parent;
	uint64_t qname;
	struct life *life;
	struct hop pending[STEP_MAX_HOPS];
	size_t pending_count;
};

/* The entry of a lookup or an allocation that waits for its return. */
struct pending {
	bool is_valid;
	bool is_final;
	bool has_hash;
	uint32_t hash;
	uint64_t epoch;
	uint64_t parent;
	uint64_t qname;
	struct identity identity;
};

/* The open that a task is in. */
struct frame {
	bool is_active;	  /* between entry and return of the open */
	bool is_returned; /* waits for the return of the system call */
	bool has_head;	  /* head hops were given to a lifetime */
	bool followed_link;
	bool has_first;
	struct open_call call;
	char *path;
	size_t path_room;
	size_t base; /* where the last component begins in path */
	size_t base_len;
	uint64_t first_qname;
	uint64_t start_epoch[SCOPE_NR];
	struct hop head[FRAME_MAX_HEAD];
	size_t head_count;
	struct step step;
	struct outcome outcome; /* of the last component that was looked up */
	struct evidence evidence[FRAME_MAX_EVIDENCE];
	size_t evidence_count;
};

struct task {
	int32_t tid;
	int32_t tgid;
	bool is_program; /* runs the traced program: its exec is behind it */
	bool is_new;	 /* a record told its start */
	char comm[COMM_SIZE];
	struct {
		bool is_valid;
		uint64_t epoch;
		uint64_t user;
		uint64_t flags;
		int32_t dfd;
		bool has_user, has_dfd, has_flags;
		struct hop hop;
	} syscall;
	struct {
		bool is_valid;
		struct hop hop;
	} copy;
	struct pending lookup[3]; /* fast, ref, slow: ref nests in slow */
	struct pending alloc;
	struct hop source; /* what is copied there */
	struct frame frame;
	struct task *next_active, *prev_active; /* tasks whose frame is active */
};

struct correlator {
	struct correlator_options options;
	struct map tasks;    /* tid + 1 -> struct task */
	struct task *recent; /* the one that was asked for last, NULL for none */
	struct map names;    /* hash -> first struct tracked_name */
	struct map lives;    /* dentry -> struct life */
	struct tracked_name *oldest, *newest;
	size_t name_count;
	struct task *active;
	/*
	 * Losses: records with equal epochs have no loss of that scope between them. While a loss
	 * lasts, every record gets an epoch of its own.
	 */
	uint64_t epoch[SCOPE_NR];
	uint64_t loss_until[SCOPE_NR];
	bool in_loss[SCOPE_NR];
	bool lost_sometime[SCOPE_NR]; /* and nobody knows when */
	uint64_t overrun;	      /* of this, the losses told a number; and of so many none */
	uint64_t untold_overruns;
	struct loss *losses;
	size_t loss_count, loss_room;
	uint64_t first_ts, last_ts; /* of the records */
	uint64_t next_open;
	uint64_t missed[ROLE_NR][EDGE_NR];
	struct chain_totals totals;
};

/* --- names.c --- */

/**
 * name_get - the name with this identity, made if it is new
 *
 * Return: NULL when out of memory, or when a sink failed (*@ret tells).
 */
struct tracked_name *name_get(struct correlator *c, const struct identity *identity, int *ret);

/**
 * name_add_path - note how an open spelled the name
 */
int name_add_path(struct tracked_name *name, const char *path, size_t len);

/**
 * name_add_relation - append if relations are kept; the middle is dropped beyond the cap
 */
int name_add_relation(struct tracked_name *name, const struct relation *relation);

/**
 * life_start - a lifetime of @name on @dentry begins; what lived there before has ended unseen
 */
struct life *life_start(struct correlator *c, struct tracked_name *name, uint64_t dentry,
			enum born born, int *ret);

/**
 * life_at - the lifetime that lives on @dentry, NULL if none is followed
 */
struct life *life_at(const struct correlator *c, uint64_t dentry);

/**
 * life_end - the lifetime is over
 * @by: the hop that ended it, NULL if its end was not seen
 */
void life_end(struct correlator *c, struct life *life, enum lifetime_end end, const struct hop *by);

/**
 * life_add_hop - append a hop; the first one with a name pointer becomes the anchor
 */
int life_add_hop(struct correlator *c, struct life *life, const struct hop *hop);

struct tracked_name *life_name(const struct life *life);

/**
 * is_same_name - whether @life bears the name @identity
 */
bool is_same_name(const struct life *life, const struct identity *identity);

/**
 * names_finish - hand out all names, oldest first, and free them
 */
int names_finish(struct correlator *c);
void names_free(struct correlator *c);

/* --- tasks.c --- */

/**
 * task_get - the task @tid, made if it is new; NULL when out of memory
 */
struct task *task_get(struct correlator *c, int32_t tid);

/**
 * task_again - the same, quicker for the one that was asked for last
 */
static inline struct task *task_again(struct correlator *c, int32_t tid)
{
	return c->recent && c->recent->tid == tid ? c->recent : task_get(c, tid);
}
void tasks_free(struct correlator *c);

/**
 * task_find - the task @tid if it is known
 */
struct task *task_find(const struct correlator *c, int32_t tid);

/**
 * tasks_abandon - the end: hand out every open whose return was not seen, in the order of entry
 */
int tasks_abandon(struct correlator *c);

/**
 * task_syscall - a system call tells that the child has become the program, if exec did not
 */
void task_syscall(struct correlator *c, struct task *task);

/**
 * is_new_process - whether a record told the start of the thread group @tgid
 */
bool is_new_process(const struct correlator *c, int32_t tgid);

/**
 * is_selected - whether what @task does is to be reported
 */
static inline bool is_selected(const struct correlator *c, const struct task *task)
{
	if (c->options.root && task->tid == c->options.root)
		return task->is_program;
	/* A thread group that no record told stays in: to leave it out would be a guess, too. */
	if (!c->options.group_only || !task->tgid)
		return true;
	return c->options.root ? task->tgid == c->options.root : !is_new_process(c, task->tgid);
}

/**
 * task_record - take a record of the roles task and exec
 */
int task_record(struct correlator *c, const struct record *record);

/* --- opens.c --- */

/**
 * open_record - take a record of the roles syscall, getname and open
 */
int open_record(struct correlator *c, struct task *task, const struct record *record);

/**
 * open_abandon - hand out what @task is in the middle of: its return was not seen
 */
int open_abandon(struct correlator *c, struct task *task);

/* --- frame.c --- */

/**
 * frame_start - @task enters an open: everything about the one before is forgotten
 */
void frame_start(struct correlator *c, struct task *task, const struct record *record);

/**
 * frame_close - the open is over: its relations are stated
 */
int frame_close(struct correlator *c, struct task *task);

/**
 * frame_emit - hand the open to the sink
 */
int frame_emit(struct correlator *c, struct task *task);

/**
 * frame_evidence - the frame's evidence for @life, NULL when there are too many
 */
struct evidence *frame_evidence(struct frame *frame, struct life *life);

/**
 * frame_find_evidence - the same, but NULL if there is none yet
 */
struct evidence *frame_find_evidence(struct frame *frame, const struct life *life);

/**
 * frame_give_head - the hops before the walk (user, copy, filename) and the path go to @life, once
 */
int frame_give_head(struct correlator *c, struct frame *frame, struct life *life);

/**
 * step_enter - a lookup of a component begins
 */
void step_enter(struct frame *frame, const struct pending *lookup);

/**
 * step_leave - the walk is done with its component
 */
void step_leave(struct frame *frame);

/**
 * step_bind - the component's dentry is known: pending hops go to @life
 */
int step_bind(struct correlator *c, struct frame *frame, struct life *life);

/* --- walk.c --- */

/**
 * walk_record - take a record of the roles lookup_*, alloc and insert
 */
int walk_record(struct correlator *c, struct task *task, const struct record *record);

/* --- ends.c --- */

/**
 * end_record - take a record of what changes or ends a lifetime
 */
int end_record(struct correlator *c, const struct record *record);

/* --- relations.c --- */

/**
 * relate_open - state what an open proves about a lifetime
 */
int relate_open(const struct correlator *c, const struct frame *frame,
		const struct evidence *evidence);

/**
 * relate_anchor - state "@hop == the lifetime's name pointer"
 * @open: id if both belong to one open, else 0
 */
int relate_anchor(const struct correlator *c, struct life *life, const struct hop *hop,
		  uint64_t open);

/**
 * relate_lifetimes - state the difference between @life and the name's lifetime before it
 */
int relate_lifetimes(struct life *life);

/**
 * relation_trust - what the verdict of @relation rests on
 */
enum trust relation_trust(const struct relation *relation);

/**
 * relations_distrust - turn UNKNOWN what relied on hits or records that were lost at an unknown
 * time
 */
void relations_distrust(const struct correlator *c, struct tracked_name *name);

/* --- hop.c --- */

/**
 * hop_set - make @hop one of @kind with its address from @record's FIELD_NAME, if present
 */
void hop_set(struct hop *hop, const struct correlator *c, const struct task *task,
	     const struct record *record, enum hop_kind kind);

/**
 * identity_from - component and directory of a record
 *
 * Return: false if the component is not known.
 */
bool identity_from(const struct record *record, struct identity *identity);

/**
 * identity_spell - the component of a record in the place of @identity's own
 *
 * Return: false, and nothing changed, if the component is not known.
 */
bool identity_spell(struct identity *identity, const struct record *record);

/**
 * identity_copy - without the bytes behind the component
 */
void identity_copy(struct identity *to, const struct identity *from);

/**
 * copy_comm - at most COMM_SIZE - 1 bytes, NUL terminated
 */
void copy_comm(char *to, const char *comm, size_t len);

#endif
