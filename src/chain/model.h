/* SPDX-License-Identifier: MIT */
/*
 * What the correlator is made of: directories, names and their lifetimes, tasks and the open each
 * is in, the steps of its walk, what it proves. Data only; internal.h says who does what with it.
 */
#ifndef FTOPEN_CHAIN_MODEL_H
#define FTOPEN_CHAIN_MODEL_H

#include "chain/correlator.h"
#include "util/map.h"

#define COMPONENT_SIZE	    256 /* NAME_MAX and a NUL */
#define STEP_MAX_HOPS	    16
#define FRAME_MAX_HEAD	    3
#define FRAME_LOOKUPS	    3
#define NAME_MAX_RELATIONS  256
#define EVIDENCE_MAX_HITS   4
#define FRAME_MAX_EVIDENCE  8
#define FRAME_MAX_BODIES    8
#define FRAME_MAX_CROSSINGS 8
#define CWD_MAX_MOUNTS	    2
#define RESOLVED_SIZE	    4096 /* PATH_MAX */
#define REMOVED_SLOTS	    4096

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
	bool is_unmounted;		 /* it is not where it was seen to be mounted */
	bool is_new_mount;		 /* it was mounted during the trace */
	bool is_bound;		    /* its own name and a mount led to it when the trace began */
	bool is_compared;	    /* with what was in two places then */
	bool is_unseen;		    /* no dentry of it was ever seen */
	bool folds_case;	    /* a lookup found a dentry with another spelling */
	bool is_removed;	    /* it lost its name: what comes next is another one */
	bool is_guess;		    /* no lookup has shown whether its dentry is its own */
	bool is_link;		    /* no directory: a link that was not followed */
	uint64_t evicted[SCOPE_NR]; /* epochs when its dentry was freed */
	uint64_t removals;	    /* of directories, up to then */
};

/*
 * The identity of a name: its directory and component. Without a directory it is equal to no other
 * name, except the one that its dentry has already.
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

/* What a dentry's inode is, as far as walks go by it. */
enum inode_kind {
	INODE_UNKNOWN, /* nothing showed its mode, or another task changed it meanwhile */
	INODE_LINK,
	INODE_DIRECTORY,
	INODE_OTHER,
};

/*
 * A lifetime and what the correlator needs besides. The anchor is the hop that showed name_ptr:
 * what later hops are compared with.
 */
struct life {
	struct lifetime pub;
	struct hop anchor;
	bool has_anchor;
	bool is_inserted;
	enum inode_kind inode;
	bool is_dropped;
	uint64_t negative_since;
	uint64_t told_since; /* negative_since, as it was when this was handed out as negative */
	uint64_t dropped_ts;
	int32_t mover; /* the task whose __d_move is about to drop the dentry and to rehash it; or 0
			*/
	enum coming coming;
	uint64_t first_ts;  /* of its first hop, kept or not; 0 before it */
	uint64_t seen;	    /* epoch of SCOPE_ANY when it was last known to go on */
	uint64_t had_inode; /* the same when it was last seen to have one */
};

/* What the verdict of a relation depends on: if that is lost, the verdict is UNKNOWN. */
enum trust {
	TRUST_RECORD, /* both sides come from one record */
	TRUST_OPEN,   /* no record of the open is missing */
	TRUST_ENDS,   /* nor one of what ends the lifetime */
	TRUST_NR
};

struct tracked_name {
	struct name pub;
	uint64_t dropped[TRUST_NR][VERDICT_NR]; /* relations whose verdict alone is kept */
	struct directory *parent;  /* NULL if not known, and for the root of a file system */
	struct directory *dir;	   /* that bears this name, NULL if none is known */
	struct directory *mounted; /* on it */
	struct tracked_name *same_hash;
	struct tracked_name *older, *newer; /* in the order of the first record */
	uint64_t hash;
	uint32_t live; /* lifetimes that have not ended */
	uint32_t next_index;
	bool ignores_relations;
	uint64_t only_open; /* whose relations are kept, 0 for every open's */
	size_t relation_room;
	size_t *kept; /* bytes that all names take; those of this one are among them */
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
struct lookup_outcome {
	bool saw_null;
	bool saw_hit;
	bool saw_alloc;
	bool saw_ref;
	bool is_refused; /* a dentry was found, and the file system's d_revalidate refused it */
	enum tristate negative;
};

/* The target of qstr->name says where a component comes from. */
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
	struct lookup_outcome outcome;
	struct identity identity;
	uint64_t ts;
	uint64_t parent;
	uint64_t parent_sb;
	uint64_t qname;
	struct life *life; /* of the dentry that it came to so far */
	struct hop pending[STEP_MAX_HOPS];
	size_t pending_count;
};

/* The rest of the body of a link, from the current component of the walk on. */
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
	uint64_t ts; /* it began then or later */
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

/* The stage that a task's open is in, and how long it was in the others. */
struct stages {
	enum stage at;
	bool has_call, has_open, has_return;
	bool is_made;	      /* the file got its inode */
	unsigned int known;   /* bit per stage that it was in */
	unsigned int unclear; /* those that no record separates */
	uint64_t since;	      /* when it came to @at */
	uint64_t epoch;	      /* when it began */
	uint64_t ns[STAGE_NR];
};

/*
 * What a task is in the middle of: the system call, its open, lookups. A task has one only then,
 * and another task may have it later.
 */
struct frame {
	bool is_active;	  /* between entry and return of the open */
	bool is_returned; /* waits for the return of the system call */
	bool has_head;	  /* head hops were given to a lifetime */
	bool has_base;	  /* the walk came to the path's own last component */
	bool is_scoped;	  /* openat2: the path's "/" is not the task's root, or nobody knows */
	bool is_created;
	uint64_t request;  /* struct filename of a ring's request; 0 if not known */
	bool is_attempt;   /* perhaps a ring's, which a worker repeats if it would have to wait */
	bool is_continued; /* an open that began in another frame */
	bool is_path_call; /* its walk is of a call that opens nothing: no chain rests on it */
	bool is_uncopied;  /* of a path call: the kernel had its path from nowhere */
	struct open_call call;
	char *path;
	size_t path_room;
	size_t base; /* where the last component begins in path */
	size_t base_len;
	size_t walked; /* the path's own components up to here were looked up */
	struct life *walked_life;
	struct directory *start; /* of the first lookup of a relative path; holds a reference */
	struct directory *known; /* from here on the walk was seen; holds a reference */
	bool is_rooted;		 /* or from the task's root on */
	bool is_astray;		 /* no steps that were seen lead here from @start */
	uint8_t crossed;	 /* so many mounts of the working directory are below @known, */
	uint16_t ups;		 /* which is so many directories above @start, by ".." */
	uint64_t start_epoch[SCOPE_NR];
	enum scope scope; /* from where its records come */
	struct hop head[FRAME_MAX_HEAD];
	size_t head_count;
	struct step step;
	struct step nested;
	struct lookup_outcome base_outcome; /* of the path's own last component */
	struct body bodies[FRAME_MAX_BODIES];
	size_t body_count;
	struct crossing crossings[FRAME_MAX_CROSSINGS];
	size_t crossing_count;
	struct evidence evidence[FRAME_MAX_EVIDENCE];
	size_t evidence_count;
	char *links; /* of open_call */
	size_t links_len;
	char *resolved; /* of open_call: RESOLVED_SIZE bytes for the file, as many for the directory
			 */
	struct {
		bool is_valid;
		uint64_t epoch;
		uint64_t user;
		uint64_t flags;
		int32_t dfd;
		bool has_user, has_dfd, has_flags;
		bool is_scoped;
		enum call call;
		bool has_open;	 /* the kernel's open was entered */
		bool has_opener; /* of an open by handle: its user was told */
		struct hop hop;
	} syscall;
	struct {
		bool is_valid;
		bool is_failed; /* the kernel could not make it */
		struct hop hop;
	} copy;
	struct {
		bool is_valid;
		uint8_t role;
		uint8_t walk; /* the role whose record had its last path */
		bool has_lookup;
		bool has_null; /* no pointer to a path was passed */
		uint64_t epoch;
		uint64_t ts;
	} path_call;	     /* that the task is in */
	struct frame *other; /* of a path call with two paths: the frame of the other one */
	struct stages stages;
	struct pending lookup[FRAME_LOOKUPS]; /* fast, ref, slow: ref nests in slow */
	struct pending alloc;
	struct hop source;	/* what is copied there */
	struct step *allocated; /* the step of the last allocation; NULL for none */
	struct frame *spare;	/* the next one of those that nobody has */
};

/* An open that is not over, though its frame is: another attempt follows. */
struct put_off {
	uint64_t filename;	/* of a ring's request: its struct filename */
	struct put_off *before; /* of a signal: what was interrupted earlier, in the same task */
	bool has_handler;	/* of a signal: its handler runs first */
	unsigned int looks;	/* for signals, before a handler ran */
	struct open_call call;
	uint64_t start_epoch[SCOPE_NR];
	enum scope scope;
	char texts[]; /* of the call */
};

/* A mount, by what it shows and by the directory that it covers: NULL if that is not known. */
struct mounted {
	struct directory *root, *on; /* each holds a reference */
};

enum cwd_kind {
	CWD_UNKNOWN,
	CWD_AT_START, /* where the traced program began */
	CWD_TOLD,     /* a record told it */
};

/* Where relative paths of a task begin, and the mounts that this is in. */
struct cwd {
	enum cwd_kind kind;
	uint64_t epoch;			       /* nothing that changed it was lost since */
	struct directory *dir;		       /* of CWD_TOLD; holds a reference */
	struct mounted mounts[CWD_MAX_MOUNTS]; /* the innermost one first */
	size_t mount_count;
	bool is_whole; /* what covers the last of them, or @dir, is in the mount of the root */
	bool is_apart; /* there is none further up, and that of the root was not among them */
};

/* What is remembered of a task, until it or another one of its tid comes back. */
struct task {
	int32_t tid;
	int32_t tgid;
	bool is_program;     /* runs the traced program: its exec is done */
	bool is_new;	     /* its start was recorded */
	bool is_moving;	     /* its last record was that it is about to change its cwd or root */
	bool is_left_out;    /* it was not to be reported when it was forgotten */
	bool has_threads;    /* of the first one of a process: others were started */
	bool is_parted;	     /* ... and one of them may have a working directory of its own, */
	bool is_root_parted; /* or a root */
	uint64_t last_ts;    /* of its last record, 0 for none */
	int32_t owner;	/* of a worker: the task that made it for the requests of a ring; else 0 */
	bool has_scope; /* of a worker: a record showed */
	enum scope scope; /* ... from which instance its records are taken */
	char comm[COMM_SIZE];
	bool has_outside;	/* it was seen in no such call, */
	uint64_t outside_epoch; /* in this epoch */
	struct {
		struct body rest;
		uint64_t qname;	    /* where the component stands */
		uint64_t dentry;    /* that the component came to, 0 if it was not in the cache */
		uint64_t allocated; /* for the component; 0 for none */
		uint64_t parent;    /* where the component was looked up */
		struct dir_facts facts;
		uint64_t ts, epoch;
	} passing; /* the walk of another call than an open */
	struct {
		uint64_t end, epoch, parent, qname;
	} inner; /* the last record of a whole lookup in ref walk; end is 0 for none */
	struct {
		bool is_known;
		uint32_t uid;
		uint64_t epoch, ts; /* of the record that told it */
	} user;			    /* its effective one */
	struct directory *root;	    /* as its last absolute path showed; NULL if none did */
	bool is_root_doubtful;	    /* another task changed it, or the task was forgotten */
	uint64_t fs;		    /* its fs_struct, unless it left that since; 0: not told */
	struct cwd cwd;
	struct frame *frame; /* NULL while it is in nothing; never while its records are taken */
	struct put_off
		*interrupted; /* what a signal did last; before it what its handler interrupted */
	struct put_off *resumed; /* that which the system call begins anew */
	struct task *next_active, *prev_active;
	struct task *older, *newer; /* by their last record */
};

struct correlator {
	struct correlator_options options;
	struct map tasks;		   /* tid + 1 -> struct task */
	struct task *oldest_task, *recent; /* the one that was asked for last; NULL for none */
	struct forgotten *forgotten;	   /* NULL while no task is */
	bool has_untold_start;		   /* one did not tell with whom the task shares */
	struct map names;		   /* hash -> first struct tracked_name */
	struct map lives;		   /* dentry -> struct life */
	struct map dying;    /* dentry -> struct life: freed, and not seen to come back */
	struct map dirs;     /* dentry -> struct directory */
	struct map requests; /* struct filename -> struct put_off: of rings */
	uint64_t next_dir;
	struct directory *start_dir;  /* where the program began; NULL until it is seen */
	struct directory *start_root; /* its root then, likewise */
	struct births *births;
	uint64_t removals;		 /* of directories */
	uint64_t unknown_removal;	 /* the last one whose inode number is not known */
	uint64_t removed[REMOVED_SLOTS]; /* by inode number: the last one */
	unsigned int stages_seen;	 /* bit per stage whose bounds are probed */
	struct tracked_name *oldest, *newest;
	struct tracked_name *next_out; /* where to look for one that can go; NULL for the oldest */
	size_t name_count;
	size_t kept;			    /* bytes of names, with all that they have */
	struct task *active, *first_active; /* tasks that have a frame, the latest and the first */
	size_t active_count;
	struct frame *spares; /* frames that nobody has */
	size_t spare_count;
	/*
	 * Losses: records with equal epochs have no loss of that scope between them. While a loss
	 * lasts, every record gets an epoch of its own.
	 */
	uint64_t epoch[SCOPE_NR];
	uint64_t loss_until[SCOPE_NR];
	bool in_loss[SCOPE_NR];
	bool lost_sometime[SCOPE_NR]; /* and nobody knows when */
	uint64_t unselected_until;    /* until then tasks may have done what was not recorded */
	uint64_t overrun;	      /* the part of it that the losses add up to */
	uint64_t uncounted_overruns;  /* losses by overwriting without a number */
	struct loss *losses;
	size_t loss_count, loss_room;
	uint64_t first_ts, last_ts; /* of the records */
	uint64_t next_open;
	uint64_t missed[ROLE_NR][POINT_NR];
	struct chain_totals totals;
};

#endif
