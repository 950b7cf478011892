/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the correlator share: directories, names and their lifetimes, tasks and the
 * open each is in, the steps of its walk, what it proves.
 */
#ifndef FTOPEN_CHAIN_INTERNAL_H
#define FTOPEN_CHAIN_INTERNAL_H

#include "chain/correlator.h"
#include "util/map.h"

#define MAX_ERRNO	    4095 /* an error pointer is -MAX_ERRNO at the lowest */
#define COMPONENT_SIZE	    256	 /* NAME_MAX and a NUL */
#define STEP_MAX_HOPS	    16
#define FRAME_MAX_HEAD	    3
#define NAME_MAX_RELATIONS  256
#define EVIDENCE_MAX_HITS   4
#define FRAME_MAX_EVIDENCE  8
#define FRAME_MAX_BODIES    8
#define FRAME_MAX_CROSSINGS 8
#define RESOLVED_SIZE	    4096 /* PATH_MAX */

struct tracked_name;

/* What describes a directory. It does not identify one: other directories may have the same. */
struct dir_facts {
	bool has_place; /* dev and ino */
	bool has_gen;
	uint64_t sb; /* super block, 0 if not known */
	uint32_t dev;
	uint32_t gen;
	uint64_t ino;
};

/*
 * What names hang in: the parent of lookups, known by its dentry. It outlives the dentry where the
 * next one of the same name is proved to be the same directory, and keeps what hangs in it when it
 * is renamed.
 */
struct directory {
	uint64_t id;
	uint32_t refs;	 /* of names in it, of the name it bears, of a dentry, of tasks */
	uint64_t dentry; /* 0 once that was freed */
	struct dir_facts facts;
	struct tracked_name *name;	 /* NULL while not known */
	struct tracked_name *mountpoint; /* the name on which it was seen to be mounted */
	bool has_mountpoints;		 /* more than one */
	bool is_unseen;			 /* no dentry of it was ever seen */
	bool folds_case;		 /* a lookup found a dentry with another spelling */
	bool is_removed;		 /* it lost its name: what comes next is another one */
	uint64_t evicted[SCOPE_NR];	 /* epochs when its dentry was freed */
};

/*
 * Who a name is: the directory and the component. Without a directory it is like no other, but for
 * the one that its dentry bears already.
 */
struct identity {
	uint64_t parent; /* dentry of the directory, 0 if not known or none */
	struct dir_facts facts;
	uint32_t len;
	char component[COMPONENT_SIZE];
};

/* How a lifetime came to its name other than by allocation. */
enum coming {
	COMING_NONE,
	COMING_RENAME,
	COMING_EXCHANGE,
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
	bool is_link;
	bool is_directory;
	bool is_dropped;
	uint64_t dropped_ts;
	int32_t mover; /* the task whose __d_move is about to drop the dentry and to rehash it; or 0
			*/
	enum coming coming;
	uint64_t seen; /* epoch of SCOPE_ANY when it was last known to go on */
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
	struct directory *parent;  /* NULL if not known, and for the root of a file system */
	struct directory *dir;	   /* that bears this name, NULL if none is known */
	struct directory *mounted; /* on it */
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
	bool of_path; /* the component is the path's own last one */
	uint32_t inline_at;
	uint32_t inline_size;
	uint32_t dentry_size;
	bool has_inline;
};

/* What the lookups of a component came to. */
struct outcome {
	bool saw_null;
	bool saw_hit;
	bool saw_alloc;
	bool saw_ref;
	bool is_refused; /* a dentry was found, and the file system's d_revalidate refused it */
	enum tristate negative;
};

/* Where a component comes from is told by where qstr->name points. */
enum step_kind {
	STEP_OF_PATH, /* into the path */
	STEP_OF_LINK, /* into the body of a link that the walk follows */
	STEP_NESTED,  /* elsewhere: a lookup of the file system's own, such as on a layer */
};

/* The component that a walk is at. */
struct step {
	bool is_valid;
	enum step_kind kind;
	bool is_final;	   /* nothing but slashes come after it in its string */
	bool is_in_lookup; /* its dentry was allocated here and is not in the hash yet */
	struct outcome outcome;
	struct identity identity;
	uint64_t ts;
	uint64_t parent;
	uint64_t parent_sb;
	uint64_t qname;
	struct life *life; /* of the dentry that it came to so far */
	struct hop pending[STEP_MAX_HOPS];
	size_t pending_count;
};

/* What is left of the body of a link, from the component on that the walk is at. */
struct body {
	char *text;
	size_t len, room;
	size_t component; /* its length */
};

/* The entry of a lookup or an allocation that waits for its return. */
struct pending {
	bool is_valid;
	bool is_final;
	bool has_hash;
	uint32_t hash;
	uint64_t epoch;
	uint64_t ts;
	uint64_t parent;
	uint64_t parent_sb;
	uint64_t qname;
	struct identity identity;
};

/* A mount that a walk crossed. */
struct crossing {
	struct directory *dir;		 /* holds a reference */
	struct tracked_name *mountpoint; /* NULL if the walk came to @dir by its own name since */
};

/* The open that a task is in. */
struct frame {
	bool is_active;	  /* between entry and return of the open */
	bool is_returned; /* waits for the return of the system call */
	bool has_head;	  /* head hops were given to a lifetime */
	bool has_base;	  /* the walk came to the path's own last component */
	bool is_scoped;	  /* openat2: the path's "/" is not the task's root, or nobody knows */
	bool is_created;
	struct open_call call;
	char *path;
	size_t path_room;
	size_t base; /* where the last component begins in path */
	size_t base_len;
	size_t walked; /* the path's own components up to here were looked up */
	struct life *walked_life;
	struct directory *start; /* of the first lookup of a relative path; holds a reference */
	uint64_t start_epoch[SCOPE_NR];
	struct hop head[FRAME_MAX_HEAD];
	size_t head_count;
	struct step step;
	struct step nested;
	struct outcome base_outcome; /* of the path's own last component */
	struct body bodies[FRAME_MAX_BODIES];
	size_t body_count;
	struct crossing crossings[FRAME_MAX_CROSSINGS];
	size_t crossing_count;
	struct evidence evidence[FRAME_MAX_EVIDENCE];
	size_t evidence_count;
	char *resolved; /* of open_call: RESOLVED_SIZE bytes for the file, as many for the directory
			 */
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
		bool is_scoped;
		struct hop hop;
	} syscall;
	struct {
		bool is_valid;
		struct hop hop;
	} copy;
	struct pending lookup[3]; /* fast, ref, slow: ref nests in slow */
	struct pending alloc;
	struct hop source; /* what is copied there */
	struct {
		struct body rest;
		uint64_t dentry; /* that the component came to, 0 if it was not in the cache */
	} passing;		 /* the walk of another call than an open */
	struct step *allocated;	 /* the step of the last allocation, in frame; NULL for none */
	struct directory *root;	 /* as its last absolute path showed; NULL if none did */
	struct frame frame;
	struct task *next_active, *prev_active; /* tasks whose frame is active */
};

struct correlator {
	struct correlator_options options;
	struct map tasks;    /* tid + 1 -> struct task */
	struct task *recent; /* the one that was asked for last, NULL for none */
	struct map names;    /* hash -> first struct tracked_name */
	struct map lives;    /* dentry -> struct life */
	struct map dying;    /* dentry -> struct life: freed, and not seen to come back */
	struct map dirs;     /* dentry -> struct directory */
	uint64_t next_dir;
	struct directory *start_dir;  /* where the program began; NULL until it is seen */
	struct directory *start_root; /* its root then, likewise */
	struct births *births;
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

/* --- directories.c --- */

/**
 * directory_of - the directory that @identity names, made if it is new
 *
 * Return: borrowed; NULL if it does not tell, or (*@ret < 0) when out of memory.
 */
struct directory *directory_of(struct correlator *c, const struct identity *identity, int *ret);

/**
 * is_in_directory - whether @identity means @dir
 */
bool is_in_directory(const struct directory *dir, const struct identity *identity);

/**
 * directory_at - what hangs below @life's dentry, made if it is new; NULL when out of memory
 */
struct directory *directory_at(struct correlator *c, const struct life *life);

/**
 * directory_below - what hangs below @name, whether it has a dentry or not; NULL when out of memory
 */
struct directory *directory_below(struct correlator *c, struct tracked_name *name);

/**
 * directory_named - the dentry of @life may be a directory's: from now on that bears the name
 */
void directory_named(struct correlator *c, const struct life *life);

/**
 * directory_moved - the dentry takes another name: where the program began is no news any more
 */
void directory_moved(struct correlator *c, uint64_t dentry);

/**
 * directory_lost_name - the dentry was unlinked: no later dentry is the same directory
 */
void directory_lost_name(const struct correlator *c, uint64_t dentry);

/**
 * directory_evicted - the dentry was freed
 */
void directory_evicted(struct correlator *c, uint64_t dentry);

/**
 * directory_mounted - @dir was seen to be mounted on @mountpoint
 */
void directory_mounted(struct directory *dir, struct tracked_name *mountpoint);

struct directory *directory_get(struct directory *dir);
void directory_put(struct correlator *c, struct directory *dir);

/**
 * directory_forget_name - @name goes away
 */
void directory_forget_name(struct correlator *c, struct tracked_name *name);

/**
 * directory_pass_on - what hangs below @from hangs below @to, unless that has something of its own
 */
void directory_pass_on(struct tracked_name *from, struct tracked_name *to);
void directories_free(struct correlator *c);

/* --- paths.c --- */

/**
 * path_of_name, path_of_directory - the path from @task's root, links followed, as its walk shows
 * it
 * @path: RESOLVED_SIZE bytes that the result points into
 * @why: why it is not known, NULL if it is; static storage
 *
 * Return: data NULL where it is not known.
 */
struct bytes path_of_name(const struct correlator *c, const struct task *task,
			  const struct tracked_name *name, char *path, const char **why);
struct bytes path_of_directory(const struct correlator *c, const struct task *task,
			       const struct directory *dir, char *path, const char **why);

/* --- births.c --- */

/**
 * births_new - Return: NULL when out of memory; ends with free()
 */
struct births *births_new(void);

/**
 * births_alloc, births_insert, births_end - what is known of who made which dentry
 *
 * births_end() returns whether a traced task had allocated it.
 */
void births_alloc(struct correlator *c, uint64_t dentry);
void births_insert(struct correlator *c, uint64_t dentry, const struct hop *by);
bool births_end(struct correlator *c, uint64_t dentry);

/**
 * births_tell - when and by whom the dentry of @life came to be, if it was found just now
 */
void births_tell(const struct correlator *c, struct lifetime *life);

/* --- names.c --- */

/**
 * name_get - the name with this identity, made if it is new
 *
 * Return: NULL when out of memory, or when a sink failed (*@ret tells).
 */
struct tracked_name *name_get(struct correlator *c, const struct identity *identity, int *ret);

/**
 * name_in - the same, in a directory that is known; the one of @identity does not matter
 */
struct tracked_name *name_in(struct correlator *c, struct directory *dir,
			     const struct identity *identity, int *ret);

/**
 * name_add_path - note how an open spelled the name
 */
int name_add_path(struct tracked_name *name, const char *path, size_t len);

/**
 * name_resolve - note the name's path from the root of a task
 */
int name_resolve(struct tracked_name *name, const struct bytes *path);

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
 * life_without_dentry - the last lifetime of @name if it has no dentry, else a new one
 */
struct life *life_without_dentry(struct correlator *c, struct tracked_name *name, int *ret);

/**
 * life_found - the lifetime of a dentry that was found or inserted under a name
 * @since: it was in the hash at this time or later
 */
struct life *life_found(struct correlator *c, const struct identity *identity, uint64_t dentry,
			uint64_t since, int *ret);

/**
 * life_dying - the lifetime that @dentry had when it was freed, NULL if none is known
 */
struct life *life_dying(const struct correlator *c, uint64_t dentry);

/**
 * dentry_is_new - the memory at @dentry was allocated: nothing that was there goes on
 */
void dentry_is_new(struct correlator *c, uint64_t dentry);

/**
 * dentry_is_inserted - whoever is about to be freed at @dentry is gone, and another one is there
 */
void dentry_is_inserted(struct correlator *c, uint64_t dentry, const struct hop *by);

/**
 * life_at - the lifetime that lives on @dentry, NULL if none is followed
 */
struct life *life_at(const struct correlator *c, uint64_t dentry);

/**
 * name_link, name_unlink - into the table of names and out of it, as its directory spells it
 */
int name_link(struct correlator *c, struct tracked_name *name);
void name_unlink(struct correlator *c, struct tracked_name *name);

/**
 * name_remove - out of all lists, and free it with its lifetimes, which nobody knows any more
 */
void name_remove(struct correlator *c, struct tracked_name *name);

/**
 * life_end - the lifetime is over
 * @by: the hop that ended it, NULL if its end was not seen
 */
void life_end(struct correlator *c, struct life *life, enum lifetime_end end, const struct hop *by);

/**
 * life_hashed - its dentry went into the hash
 */
void life_hashed(struct life *life);

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

/* --- fold.c --- */

/**
 * names_fold - @dir was seen to ignore case: names that differ in nothing else are one
 *
 * Return: 0 or -ENOMEM.
 */
int names_fold(struct correlator *c, struct directory *dir);

/**
 * fold_case - @component as a directory that ignores case compares it, if @dir is one: in ASCII
 */
void fold_case(const struct directory *dir, char *component, size_t len);

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
 * frame_resolve - the path of what the open is about, which is @name
 *
 * Return: 0 or -ENOMEM.
 */
int frame_resolve(const struct correlator *c, struct task *task, struct tracked_name *name);

/**
 * frame_release - free what belongs to @frame
 */
void frame_release(struct correlator *c, struct frame *frame);

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

/* --- steps.c --- */

/**
 * step_enter - a lookup of @task's open begins: find out which component it is about
 *
 * Return: 0 or -ENOMEM.
 */
int step_enter(struct correlator *c, struct task *task, const struct pending *lookup,
	       const struct record *record);

/**
 * step_pass - a lookup outside of an open: what it shows of mounts
 *
 * Return: 0 or -ENOMEM.
 */
int step_pass(struct correlator *c, struct task *task, const struct pending *lookup,
	      const struct record *record);

/**
 * step_at - the step that a lookup is about, NULL if the walk has gone on
 */
struct step *step_at(struct frame *frame, const struct pending *lookup);

/**
 * step_leave - the walk is done with its component, for now or for good
 */
void step_leave(struct frame *frame);

/**
 * step_bind - the component's dentry is known: pending hops go to @life
 */
int step_bind(struct correlator *c, struct frame *frame, struct step *step, struct life *life);

/**
 * is_walked_out - whether nothing of the path is left behind the step, not even ".."
 */
bool is_walked_out(const struct frame *frame);

/**
 * step_forget - @life goes away
 */
void step_forget(struct frame *frame, const struct life *life);

/* --- mounts.c --- */

/**
 * mount_note - the walk goes on from its step to the component that is next in the same string
 * mount_note_file - the walk ended, and came to the directory @file
 *
 * Return: 0 or -ENOMEM.
 */
int mount_note(struct correlator *c, struct frame *frame, const struct pending *next);
int mount_note_file(struct correlator *c, struct frame *frame, const struct life *file);

/**
 * crossing_to - the name on which this walk found @dir mounted, NULL if it did not
 */
struct tracked_name *crossing_to(const struct frame *frame, const struct directory *dir);

void crossings_forget(struct correlator *c, struct frame *frame);

/**
 * crossings_forget_name - @name goes away
 */
void crossings_forget_name(struct correlator *c, struct tracked_name *name);

/* --- cache.c --- */

/**
 * cache_answer - what the walk says of the cache, for the open in @frame
 */
void cache_answer(const struct correlator *c, struct frame *frame);

/* --- walk.c --- */

/**
 * walk_record - take a record of the roles lookup_*, alloc and insert
 */
int walk_record(struct correlator *c, struct task *task, const struct record *record);

/**
 * note_inode - what the dentry of @life names: a link, a directory
 */
void note_inode(struct life *life, const struct record *record);

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
 * has_dentry - NULL and error pointers are no dentries
 */
bool has_dentry(const struct record *record);

/**
 * is_component - whether two identities have the same component
 */
bool is_component(const struct identity *a, const struct identity *b);

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
