/* SPDX-License-Identifier: MIT */
/*
 * What names hang in.
 */
#ifndef FTOPEN_CHAIN_DIRECTORIES_H
#define FTOPEN_CHAIN_DIRECTORIES_H

#include "model.h"

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
 * directory_with - the directory whose dentry is @dentry, made if it is new; NULL when out of
 * memory
 */
struct directory *directory_with(struct correlator *c, uint64_t dentry);

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
 * directory_removed - an inode lost its name by @record, by any task: if it may be a directory, its
 * number may be given away again
 * @life: of its dentry, NULL if it is not followed
 */
void directory_removed(struct correlator *c, const struct record *record, const struct life *life);

/**
 * directory_made - the dentry got an inode: the directory that it was before had been removed
 */
void directory_made(struct correlator *c, uint64_t dentry);

/**
 * directory_evicted - the dentry was freed
 */
void directory_evicted(struct correlator *c, uint64_t dentry);

/**
 * directory_is_again - whether @found, which is at a dentry that was found by the name of @former,
 * is proved to be that directory
 */
bool directory_is_again(const struct correlator *c, const struct directory *former,
			const struct directory *found);

/**
 * directory_take_over - @former gets the dentry of @found, which is the same directory, and what is
 * known of it; names in @found, and references to it, are left to the caller
 *
 * Return: 0 or -ENOMEM.
 */
int directory_take_over(struct correlator *c, struct directory *former, struct directory *found);

/**
 * directory_mounted - @dir was seen to be mounted on @mountpoint
 */
void directory_mounted(struct directory *dir, struct tracked_name *mountpoint);

/**
 * directory_unmounted - @dir is not where it was mounted
 */
void directory_unmounted(struct directory *dir);

/**
 * directory_make_root - @dir is the root of @task
 */
void directory_make_root(struct correlator *c, struct directory *dir, struct task *task);

struct directory *directory_get(struct directory *dir);
void directory_put(struct correlator *c, struct directory *dir);

/**
 * directory_forget_name - @name goes away
 */
void directory_forget_name(struct correlator *c, struct tracked_name *name);

/**
 * directory_pass_on - the directory that bears the name @from bears @to, unless another one does;
 * what is mounted on @from is mounted on @to
 */
void directory_pass_on(struct tracked_name *from, struct tracked_name *to);
void directories_free(struct correlator *c);

#endif
