/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the correlator do for each other, file by file.
 */
#ifndef FTOPEN_CHAIN_INTERNAL_H
#define FTOPEN_CHAIN_INTERNAL_H

#include "model.h"

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
 * directory_moved - the dentry of @life, NULL if it is not followed, takes another name: unless it
 * is no directory, the path in which the program began may be another one
 */
void directory_moved(struct correlator *c, const struct life *life);

/**
 * directory_lost_name - the dentry was unlinked: no later dentry is the same directory
 */
void directory_lost_name(const struct correlator *c, uint64_t dentry);

/**
 * directory_made - the dentry got an inode: the directory that it was before had been removed
 */
void directory_made(struct correlator *c, uint64_t dentry);

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

/* --- links.c --- */

/**
 * link_follow - @lookup, told by @record, is of the body of the link that the walk is at
 *
 * Return: 0 or -ENOMEM.
 */
int link_follow(const struct correlator *c, struct task *task, const struct pending *lookup,
		const struct record *record);

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

/* --- names.c, lifetimes.c --- */

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
 * @links: see struct name; NULL: those that were noted stay
 */
int name_resolve(struct tracked_name *name, const struct bytes *path, const struct bytes *links);

/**
 * name_locate - note the path of a name that @task, NULL if not known, came to outside of an open
 *
 * Return: 0 or -ENOMEM.
 */
int name_locate(const struct correlator *c, const struct task *task, struct tracked_name *name);

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

/**
 * life_forget - no task keeps a pointer to it; what it becomes is not known any more
 */
void life_forget(struct correlator *c, struct life *life);
void life_free(struct life *life);

/* --- lists.c --- */

/**
 * list_slot - room for one more element; beyond @cap the oldest of the second half is overwritten
 *
 * A full list is in order only after list_settle(), which nothing may follow.
 * Return: where the element goes, NULL when out of memory.
 */
void *list_slot(void **items, size_t *count, size_t *room, size_t size, size_t cap,
		uint64_t *dropped);
void list_settle(void *items, size_t cap, size_t size, uint64_t dropped);

/**
 * list_oldest - the index of what list_slot() overwrites next in a full list
 */
size_t list_oldest(size_t cap, uint64_t dropped);

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
 * task_take_root - @dir is the task's root
 */
void task_take_root(struct correlator *c, struct task *task, struct directory *dir);

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
 * task_takes - whether a record of @task counts that comes from @scope: those of a worker of a ring
 * may come from two instances
 */
bool task_takes(struct task *task, enum scope scope);

/**
 * task_epoch - an epoch of all that could lose records of @task: to be held against its own alone
 */
static inline uint64_t task_epoch(const struct correlator *c, const struct task *task)
{
	return c->epoch[SCOPE_TASK] + (task->scope == SCOPE_ANY ? c->epoch[SCOPE_ANY] : 0);
}

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

/* --- files.c --- */

/**
 * file_failed - the open of @task's frame ended with @err (negative), as @hop tells
 * file_put_off - it has to be tried again by somebody who may wait: no answer yet
 * file_returned - it gave the file of @record, as @hop tells
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int file_put_off(struct correlator *c, struct task *task, struct hop *hop, int64_t err);
int file_failed(struct correlator *c, struct task *task, struct hop *hop, int64_t err);
int file_returned(struct correlator *c, struct task *task, const struct record *record,
		  const struct hop *hop);

/* --- requests.c --- */

/**
 * request_name_asker - who asked for the open that @task, perhaps a worker, has begun
 */
void request_name_asker(const struct correlator *c, const struct task *task,
			struct open_call *call);

/**
 * request_begin - the open of @task's frame has begun: perhaps it goes on with a request that waits
 *
 * Return: 0, or what a sink returned.
 */
int request_begin(struct correlator *c, struct task *task, const struct record *record);

/**
 * request_is_put_off - whether an open that ended with @result goes on with a worker
 */
bool request_is_put_off(const struct task *task, int64_t result);

/**
 * request_wait - the open of @task's frame waits for its worker
 *
 * Return: 0, -ENOMEM, or what a sink returned.
 */
int request_wait(struct correlator *c, struct task *task);

/**
 * request_first - of those that wait the one with the lowest id, NULL if none waits
 */
struct request *request_first(const struct correlator *c);

/**
 * request_abandon - nobody was seen to work it off: hand it out without a result
 */
int request_abandon(struct correlator *c, struct request *request);

uint64_t request_id(const struct request *request);
void requests_free(struct correlator *c);

/* --- calls.c --- */

/**
 * call_outside - @task is in no system call that opens
 */
void call_outside(const struct correlator *c, struct task *task);

/**
 * call_of - what made the open whose entry is @record
 */
enum call call_of(const struct correlator *c, const struct task *task, const struct record *record);

/**
 * call_of_root - the same for one that begins at a path of the kernel's, whose entry has no record
 */
enum call call_of_root(const struct correlator *c, const struct task *task);

/**
 * call_entered - which system call @record is the entry of
 */
enum call call_entered(const struct record *record);

/**
 * call_is_interrupted - the kernel's own word for what it restarts, or ends with EINTR: the program
 * gets neither it nor, from the record alone, is it known what
 */
bool call_is_interrupted(int64_t result);

/* --- opens.c --- */

/**
 * open_record - take a record of the roles syscall, getname and open
 */
int open_record(struct correlator *c, struct task *task, const struct record *record);

/**
 * open_abandon - hand out what @task is in the middle of: its return was not seen
 */
int open_abandon(struct correlator *c, struct task *task);

/* --- stages.c --- */

/* What a record tells of where an open is. */
enum stage_event {
	STAGE_EVENT_COPIED,	/* the kernel has its copy of the path */
	STAGE_EVENT_ON_THE_WAY, /* a lookup of another component than the last one */
	STAGE_EVENT_AT_LAST,	/* a lookup of the last component, links followed */
	STAGE_EVENT_FOUND,	/* it came to a dentry */
	STAGE_EVENT_ALLOC,	/* a dentry for it is about to be allocated */
	STAGE_EVENT_ALLOCATED,
	STAGE_EVENT_INSERTED,
	STAGE_EVENT_MADE, /* that dentry got its inode */
	STAGE_EVENT_NR
};

/**
 * stages_seen_by - bit per stage that the probes which are armed can tell
 */
unsigned int stages_seen_by(const struct correlator_options *options);

/**
 * stages_start - an open begins, with its system call in STAGE_COPY, without one in @first
 */
void stages_start(const struct correlator *c, struct task *task, enum stage first, uint64_t ts);

/**
 * stages_open - the entry of the kernel's open; @has_call: within a system call
 */
void stages_open(const struct correlator *c, struct task *task, bool has_call, uint64_t ts);

/**
 * stages_note - what the record at @ts tells
 */
void stages_note(struct stages *stages, enum stage_event event, uint64_t ts);

/**
 * stages_return, stages_done - the return of the kernel's open, of the system call
 */
void stages_return(struct stages *stages, bool has_file, bool is_created, uint64_t ts);
void stages_done(struct stages *stages, uint64_t ts);

/**
 * stages_tell - what is known of them goes to @call; nothing if a record of it was lost
 */
void stages_tell(const struct correlator *c, const struct task *task, struct open_call *call);

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
 * frame_make_room - for paths; Return: 0 or -ENOMEM
 */
int frame_make_room(struct frame *frame);

/**
 * frame_resolve - the path of what the open is about, which is @name
 *
 * Return: 0 or -ENOMEM.
 */
int frame_resolve(const struct correlator *c, struct task *task, struct tracked_name *name);

/**
 * frame_resolve_directory - the path of the directory @dir, NULL if that is not known, is the
 * open's
 *
 * Return: 0 or -ENOMEM.
 */
int frame_resolve_directory(const struct correlator *c, struct task *task,
			    const struct directory *dir);

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

/**
 * frame_has_loss - whether a record of the open may be missing
 */
static inline bool frame_has_loss(const struct correlator *c, const struct frame *frame)
{
	return frame->start_epoch[SCOPE_TASK] != c->epoch[SCOPE_TASK] ||
	       (frame->scope == SCOPE_ANY && frame->start_epoch[SCOPE_ANY] != c->epoch[SCOPE_ANY]);
}

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
 * walk_jumped - a link was followed without a lookup: nothing is known of where it leads to
 */
void walk_jumped(struct correlator *c, struct frame *frame);

/**
 * is_followed_blindly - whether the walk went on from a link without a lookup of its body
 */
bool is_followed_blindly(const struct frame *frame);

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
 * mount_note_end - the walk ended, and came to the directory @dir
 *
 * Return: 0 or -ENOMEM.
 */
int mount_note(struct correlator *c, struct frame *frame, const struct pending *next);
void mount_note_end(struct correlator *c, struct frame *frame, struct directory *dir);

/**
 * is_mounted_file - Return: true if @file is mounted on the file to which the walk came
 */
bool is_mounted_file(const struct frame *frame, const struct life *file);

/**
 * crossing_to - the name on which this walk found @dir mounted, NULL if it did not
 * @before: only among so many crossings; on return those in front of the one that was found
 */
struct tracked_name *crossing_to(const struct frame *frame, const struct directory *dir,
				 size_t *before);

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
