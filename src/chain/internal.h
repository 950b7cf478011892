/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the correlator do for each other, file by file; tasks.h has those for tasks,
 * frame.h those for the open that a task is in, directories.h those for directories.
 */
#ifndef FTOPEN_CHAIN_INTERNAL_H
#define FTOPEN_CHAIN_INTERNAL_H

#include "directories.h"
#include "frame.h"
#include "tasks.h"

/* More parents than this are a circle, which renames that were not seen can make. */
#define MAX_DEPTH 2048

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

/**
 * path_of_start - the same for the directory where the walk of @task began
 */
struct bytes path_of_start(const struct correlator *c, const struct task *task, char *path,
			   const char **why);

/* --- bodies.c --- */

/**
 * body_set - @record is about the first component of @body, which has @component bytes
 * body_push - the walk goes into a link: of very many in each other the outermost is forgotten
 *
 * Return: 0 or -ENOMEM.
 */
int body_set(struct body *body, const struct record *record, size_t component);
int body_push(struct frame *frame, const struct record *record, size_t component);

/**
 * body_next - the body whose next component @record is about, the innermost one; NULL if none
 */
struct body *body_next(struct frame *frame, const struct record *record);

/**
 * are_bodies_done - whether nothing is left of the bodies, or the walk is in none
 */
bool are_bodies_done(const struct frame *frame);

/**
 * is_walked_out - whether nothing of the path is left after the step, not even ".."
 */
bool is_walked_out(const struct frame *frame);

/* --- links.c --- */

/**
 * link_follow - @lookup, whose record is @record, is of the body of the link that the walk is at
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
 * births_alloc, births_insert, births_end - what is known of who made which dentry, and ended it
 * @end: evicted or unhashed
 *
 * births_end() returns whether a traced task had allocated it, once.
 */
void births_alloc(struct correlator *c, uint64_t dentry);
void births_insert(struct correlator *c, uint64_t dentry, const struct hop *by);
bool births_end(struct correlator *c, uint64_t dentry, enum lifetime_end end, const struct hop *by);

/**
 * births_ended - how @dentry, which a lookup found, had ended before: @by tells who and when
 *
 * Return: evicted, unhashed, unknown if it may be another one at the same address; else alive.
 */
enum lifetime_end births_ended(const struct correlator *c, uint64_t dentry, struct hop *by);

/**
 * births_sees_inserts - whether each insert by any task is recorded, unless a record is lost
 */
bool births_sees_inserts(const struct correlator *c);

/**
 * births_tell - when and by whom the dentry of @life came to be, if it was found just now
 */
void births_tell(const struct correlator *c, struct lifetime *life);

/* --- life.c --- */

struct tracked_name *life_name(const struct life *life);

/**
 * life_at - the lifetime that lives on @dentry, NULL if none is followed
 */
struct life *life_at(const struct correlator *c, uint64_t dentry);

/**
 * life_spelling - how @dentry is spelled, if that was seen and it cannot have been renamed since
 */
bool life_spelling(const struct correlator *c, uint64_t dentry, struct bytes *spelling);

/**
 * life_dying - the lifetime that @dentry had when it was freed, NULL if none is known
 */
struct life *life_dying(const struct correlator *c, uint64_t dentry);

/**
 * life_size - bytes that it takes with its hops
 */
size_t life_size(const struct life *life);

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
 * life_correct_lookup - a dentry that was found and lost its inode before the record of the lookup
 * @hop: of the lookup; whether the dentry was negative becomes what is known of it from before
 */
void life_correct_lookup(const struct correlator *c, const struct life *life, struct hop *hop);

/**
 * life_got_inode - its dentry was negative, and was seen with an inode since
 */
void life_got_inode(const struct correlator *c, struct life *life);

/**
 * life_add_hop - append a hop; the first one with a name pointer becomes the anchor
 */
int life_add_hop(struct correlator *c, struct life *life, const struct hop *hop);

/**
 * life_note_inode - what the dentry of @life names, by @record: a link, a directory
 */
void life_note_inode(struct life *life, const struct record *record);

/**
 * life_forget - no task keeps a pointer to it; what it becomes is not known any more
 */
void life_forget(struct correlator *c, struct life *life);
void life_free(struct life *life);

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
 * name_link, name_unlink - into the table of names and out of it, as its directory spells it
 */
int name_link(struct correlator *c, struct tracked_name *name);
void name_unlink(struct correlator *c, struct tracked_name *name);

/**
 * name_remove - out of all lists, and free it with its lifetimes, which nobody knows any more
 */
void name_remove(struct correlator *c, struct tracked_name *name);

/**
 * bears_component - whether @life bears the component of @identity, in whatever directory
 */
bool bears_component(const struct life *life, const struct identity *identity);

/**
 * is_same_name - whether @life bears the name @identity
 */
bool is_same_name(const struct life *life, const struct identity *identity);

/**
 * names_fit - hand out names until they take no more memory than they may
 *
 * Return: 0 or what a sink returned. No name that the caller knew is to be used afterwards.
 */
int names_fit(struct correlator *c);

/**
 * names_finish - hand out all names, oldest first, and free them
 */
int names_finish(struct correlator *c);
void names_free(struct correlator *c);

/* --- lifetimes.c --- */

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
 * @since: it was in the hash at this time or later; UINT64_MAX if it need not have been
 */
struct life *life_found(struct correlator *c, const struct identity *identity, uint64_t dentry,
			uint64_t since, int *ret);

/**
 * dentry_is_new - the memory at @dentry was allocated: what was there before has ended
 */
void dentry_is_new(struct correlator *c, uint64_t dentry);

/**
 * dentry_is_inserted - what was about to be freed at @dentry is gone, and another dentry is there
 */
void dentry_is_inserted(struct correlator *c, uint64_t dentry, const struct hop *by);

/* --- negatives.c --- */

/**
 * life_tell_negative, name_tell_negatives - hand it out, or what @name has, once while it is
 * negative, if it was so before @before
 *
 * Return: 0 or what the sink returned.
 */
int life_tell_negative(struct correlator *c, struct life *life, uint64_t before);
int name_tell_negatives(struct correlator *c, struct tracked_name *name, uint64_t before);

/* --- lists.c --- */

/**
 * list_oldest - where the next element goes in a list of @cap elements that is full
 *
 * The second half of such a list is a ring, in which the oldest element is overwritten. It is in
 * order only between list_settle(), which brings that element to the front of the ring, and
 * list_unsettle(), without which nothing may be added any more.
 */
size_t list_oldest(size_t cap, uint64_t dropped);
void list_settle(void *items, size_t cap, size_t size, uint64_t dropped);
void list_unsettle(void *items, size_t cap, size_t size, uint64_t dropped);

/* --- join.c --- */

/**
 * is_name_alike - whether two names are in one directory, and spelled the same there
 */
bool is_name_alike(const struct tracked_name *a, const struct tracked_name *b);

/**
 * can_names_join - whether nothing of either was dropped, and both together fit the caps
 */
bool can_names_join(const struct correlator *c, const struct name *a, const struct name *b);

/**
 * names_join - @from and @into are one name: move what is known of @from to @into, and free it
 *
 * Nothing is done if they cannot be joined: the order of their lifetimes would not be known.
 *
 * Return: 0 or -ENOMEM.
 */
int names_join(struct correlator *c, struct tracked_name *into, struct tracked_name *from);

/* --- fold.c --- */

/**
 * names_fold - @dir was seen to ignore case: names that differ in nothing else are one
 *
 * Return: 0 or -ENOMEM.
 */
int names_fold(struct correlator *c, struct directory *dir);

/**
 * name_note_spelling - a dentry that is spelled @own answers to @asked: if they differ in case
 * alone, the directory ignores it
 *
 * Return: 0 or -ENOMEM.
 */
int name_note_spelling(struct correlator *c, const struct identity *asked, const struct bytes *own);

/* --- rejoin.c --- */

/**
 * directory_rejoin - a lookup of @name found @dentry: if the directory at @dentry was known without
 * a name, and is proved to be that which bore @name until its dentry was freed, join both, and the
 * names in them
 *
 * Return: 1 if they were joined, which may have freed any name that the caller has; 0 if not; or
 * -ENOMEM.
 */
int directory_rejoin(struct correlator *c, const struct tracked_name *name, uint64_t dentry);

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
 * step_pass_joined - outside of an open d_alloc_parallel() returned: if another task was quicker,
 * its dentry is what the last lookup came to
 *
 * Return: 0 or -ENOMEM.
 */
int step_pass_joined(struct correlator *c, struct task *task, const struct record *record);

/**
 * step_at - the step that a lookup is about, NULL if the walk has gone on
 */
struct step *step_at(struct frame *frame, const struct pending *lookup);

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
 * walk_ends - the walk of @task came to the directory @dir, and looks up nothing more
 */
void walk_ends(struct correlator *c, struct task *task, struct directory *dir);

/* --- mounts.c --- */

/**
 * mount_note - the walk continues from its step to the next component of the same string
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
 * walk_record - take a record of the roles lookup_*, alloc, parallel and insert
 */
int walk_record(struct correlator *c, struct task *task, const struct record *record);

/* --- pending.c --- */

/**
 * pending_set - @pending is the entry that @record shows
 */
void pending_set(const struct correlator *c, const struct task *task, struct pending *pending,
		 const struct record *record);

/**
 * pending_set_unread - the same for an allocation, whose return has the text of the name
 */
void pending_set_unread(const struct correlator *c, const struct task *task,
			struct pending *pending, const struct record *record);

/**
 * pending_take - the return comes: it belongs to the entry before it unless something may have been
 * lost in between
 */
bool pending_take(const struct correlator *c, const struct task *task, struct pending *pending);

/* --- allocs.c --- */

/**
 * alloc_record, insert_record - take a record of a dentry's allocation, of its insert into the hash
 */
int alloc_record(struct correlator *c, struct task *task, const struct record *record);
int insert_record(struct correlator *c, struct task *task, const struct record *record);

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

/* --- kept_relations.c --- */

/**
 * relation_keep - append it to those of @name, if that keeps any; beyond the cap the oldest goes
 */
int relation_keep(struct tracked_name *name, const struct relation *relation);

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
 * identity_copy - without the bytes after the component
 */
void identity_copy(struct identity *to, const struct identity *from);

/**
 * copy_comm - at most COMM_SIZE - 1 bytes, NUL terminated
 */
void copy_comm(char *to, const char *comm, size_t len);

/* --- losses.c --- */

/**
 * losses_finish - hand out all losses. Return: 0, or what the sink returned
 */
int losses_finish(struct correlator *c);

#endif
