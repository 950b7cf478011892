/* SPDX-License-Identifier: MIT */
/*
 * The oracle: a seeded program that opens files in every way it knows while others change them,
 * and logs what it did and what it got. tests/oracle/check compares ftopen's output with that log.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PATH_SIZE 4200 /* more than PATH_MAX: too long is tried, too */
#define NAME_SIZE 256
#define HELD	  4
#define LOG_FD	  900 /* it is passed on to programs that are executed */

/* --- log.c ---------------------------------------------------------------------------------- */

/* What tasks share; the log is text, one JSON object a line. */
struct shared {
	uint64_t used;
	uint64_t order;
	int ready; /* the world is made */
	int begun; /* the traced part runs */
	int done;  /* the traced part has done all that it does */
	int idle;  /* and so has the other one */
	int over;  /* the trace is over */
	char text[];
};

/* One operation. A path is as it was passed; at is the node of the world that it starts from. */
struct op {
	const char *kind;
	const char *path, *other;
	int dirfd, at;
	int other_at;
	uint64_t flags, resolve;
	uint64_t order, ns; /* before */
	unsigned long dev, ino;
};

struct task;
struct open_how;

struct shared *log_map(int fd);
void op_begin(struct op *op);
void op_end(struct task *task, struct op *op, long result);
void op_identify(struct op *op, int fd);
void log_node(int node);
void log_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
size_t log_hex(char *to, const char *bytes);
uint64_t now_ns(void);
void raise_flag(int *flag);
bool is_raised(const int *flag);
void await_flag(const int *flag);

extern struct shared *shared;

/* --- random.c: the same numbers for the same seed ------------------------------------------- */

struct rng {
	uint64_t state;
};

void rng_seed(struct rng *rng, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *rng);
unsigned int rng_below(struct rng *rng, unsigned int limit);
bool rng_chance(struct rng *rng, unsigned int percent);

#define PICK(rng, array) (array)[rng_below(rng, sizeof(array) / sizeof((array)[0]))]

/* --- world.c: directories and links that stay as they are; names in them come and go --------- */

enum node_kind {
	NODE_DIR,
	NODE_LINK
};

enum node_id {
	W_ROOT,
	W_MNT,
	W_FS,
	W_BASE,
	W_D0,
	W_D1,
	W_SUB,
	W_DEEP,
	W_LEAF,
	W_BIND,
	W_READONLY,
	W_SELF,
	W_TMPFS,
	W_JAIL,
	W_CELL,
	W_LOCKED,
	W_PUBLIC,
	W_LONG,
	W_DIRS, /* how many directories there are; links follow */
};

#define POOL   24 /* names that come and go, the same ones in each directory */
#define DIRS0  20 /* of these, the first that are directories */
#define LINKS0 22 /* and symbolic links */

struct node {
	const char *name;
	int parent;
	enum node_kind kind;
	const char *target; /* of a link, from its own directory */
	int same;	    /* the directory that is mounted here, or 0 */
	unsigned int mode;
};

void world_init(uint64_t seed);
int world_make(void);
int world_mount(void);
void world_unmount(void);
void world_log(void);
void world_log_files(const char *kind);
uint64_t world_seed(void);
int world_nodes(void);
const struct node *world_node(int id);
const char *world_path(int id);
const char *world_pool(int index);

/* Another way from the base to a directory: through a link, or to a place where it is mounted. */
struct detour {
	const char *path;
	int dir; /* the place to which it leads */
};

/* One that leads to @dir, or NULL. */
const struct detour *world_detour(struct rng *rng, int dir);

/* --- paths.c --------------------------------------------------------------------------------- */

struct spelled {
	char path[PATH_SIZE];
	int dirfd, at;
	int dir; /* the place of the directory that it was made for */
};

void path_of_name(struct task *task, struct spelled *out, int dir, const char *name);
int pick_dir(struct task *task);
const char *pick_name(struct task *task);
const char *pick_file(struct task *task);

/* --- tasks.c --------------------------------------------------------------------------------- */

/* One thread. It has a working directory of its own. */
struct task {
	struct rng rng;
	int number;
	bool is_outside;
	int cwd, root; /* nodes of the world */
	pid_t pid, tid;
	pid_t mount; /* whose own file system is in the place of the tmpfs, or 0 */
	char comm[16];
	unsigned int fresh;
	char fresh_name[NAME_SIZE];
	int dirfds[W_DIRS];
	int held[HELD];
};

void task_init(struct task *task, uint64_t seed, int number, bool is_outside);
void task_run(struct task *task, int ops);
void run_inside(uint64_t seed, int ops);
void run_outside(uint64_t seed);

/* --- operations: each does one, and logs it ----------------------------------------------------
 */

struct action {
	void (*run)(struct task *task);
	unsigned int inside, outside; /* how often, beside the others */
};

/* opens.c */
long open_logged(struct task *task, struct spelled *where, int flags);
void how_init(struct task *task, struct open_how *how, int flags, struct spelled *where);
void open_name(struct task *task);
void open_how(struct task *task);
void open_wrong(struct task *task);
void open_directory(struct task *task);
void open_tmpfile(struct task *task);
void open_magic(struct task *task);
void open_refused(struct task *task);
void open_moving(struct task *task);
/* special.c */
void open_closed(struct task *task, struct spelled *where, int flags);
void open_fifo(struct task *task);
void open_poor(struct task *task);
void open_nowhere(struct task *task);
void do_mount(struct task *task);
void do_cell(struct task *task);
void do_exec(struct task *task);
int run_executed(char **argv);
/* uring.c */
void open_uring(struct task *task);
/* changes.c */
void do_stat(struct task *task);
void do_access(struct task *task);
void do_rename(struct task *task);
void do_exchange(struct task *task);
void do_unlink(struct task *task);
void do_link(struct task *task);
void do_link_of(struct task *task, int fd);
void do_symlink(struct task *task);
void do_mkdir(struct task *task);
void do_rmdir(struct task *task);
void do_create(struct task *task);
void do_chdir(struct task *task);
void do_drop(struct task *task);
void do_comm(struct task *task);
void do_look(struct task *task);
void do_churn(struct task *task);
void do_remake(struct task *task);

#endif
