/* SPDX-License-Identifier: MIT */
/*
 * What a self-test's records prove about the probes: that they fire, and that what is read through
 * their offsets is what was used. Pure: the acting and the reading are the self-test's.
 */
#ifndef FTOPEN_TRACING_PROOF_H
#define FTOPEN_TRACING_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/record.h"
#include "path_calls.h"

/**
 * struct proof_open - one open() that was made
 * @path: as it was passed, from the address @uptr
 * @result: the file descriptor or -errno
 */
struct proof_open {
	const char *path;
	uint64_t uptr;
	int32_t result;
};

#define PROOF_NAMES 3

/**
 * struct proof_facts - what was done, as the one who did it knows
 * @names: the last components that were used, all in one directory
 * @tid: who did it
 * @comm: the name that the thread gave itself, "" for none
 * @has_handle, @handle_dfd, @handle: one was opened by its handle, which @handle_dfd belongs to,
 *	and what that gave; a probe that shows nothing of it is not judged if it could not be tried
 * @sa_flags: of a handler that ran, 0 if none did
 * @user: as which the thread opened something, 0 if it could not
 * @child: pid of the process that it started, which executed a program; 0 if it could not
 * @path_calls: how many calls of each role were made
 * @has_place: @dev (in the kernel's encoding) and @dir_ino are what the kernel has for the
 *	directory, too: not every file system shows its own numbers in stat(2)
 * @has_gen: so is @dir_gen
 */
struct proof_facts {
	const struct proof_open *opens;
	size_t open_count;
	const char *names[PROOF_NAMES];
	char comm[16];
	int32_t tid;
	int32_t child;
	int32_t handle_dfd;
	int32_t handle;
	bool has_handle;
	uint64_t sa_flags;
	uint32_t user;
	unsigned int path_calls[PATH_CALL_ROLES];
	bool has_place, has_gen;
	uint64_t dev;
	uint64_t dir_ino;
	uint64_t dir_gen;
};

#define PROOF_REASON   192
#define PROOF_DENTRIES 16

/**
 * struct probe_proof - what was seen of one probe
 * @fired: records by those who acted
 * @matched: those that show what was used
 * @planned: the fields that its records have, as FIELD_BIT()s; the caller says
 * @shown: the fields that could be read in one that matched
 * @wrong: the first contradiction, "" for none
 */
struct probe_proof {
	uint64_t fired;
	uint64_t matched;
	uint64_t planned;
	uint64_t shown;
	char wrong[PROOF_REASON];
};

/**
 * struct proof_dentry - a dentry that was seen with one of the names
 * @name: where its name stood then, 0 if it may be elsewhere
 * @has_ended: the kernel may have made another of it since, which bears what name it likes
 */
struct proof_dentry {
	uint64_t address;
	uint64_t name;
	bool has_ended;
};

/**
 * struct proof - the state; all zero but for @facts and what is planned at the start
 */
struct proof {
	const struct proof_facts *facts;
	struct probe_proof probes[ROLE_NR][POINT_NR];
	struct proof_dentry dentries[PROOF_DENTRIES];
	size_t dentry_count;
	const struct proof_open *pending; /* whose system call has not returned yet */
	struct proof_lookup {
		bool is_known;
		uint64_t parent, name;
	} inner, outer;			 /* the last lookup in ref walk, and the slow one */
	bool is_in_outer, has_inner;	 /* the slow one has not returned; it made the other */
	uint64_t with_inner, without_it; /* slow lookups */
	uint64_t asked;			 /* where the component of the last lookup stood, */
	uint64_t asked_len;		 /* and its length */
};

/**
 * proof_record - take one record; they come in the order of time
 */
void proof_record(struct proof *proof, const struct record *record);

/**
 * proof_spares_slow - whether each slow lookup was seen to be made of one in ref walk, which tells
 * all of it
 */
bool proof_spares_slow(const struct proof *proof);

enum proof_verdict {
	PROOF_HOLDS,
	PROOF_SILENT,  /* never hit, or never for what was done */
	PROOF_UNTRIED, /* nothing was done that it could show */
	PROOF_WRONG,   /* what it read is not what was used, or it could not read what is there */
};

/**
 * proof_verdict - what the records say about one probe
 * @why: PROOF_REASON bytes, filled unless it holds
 */
enum proof_verdict proof_verdict(const struct proof *proof, enum role role, enum point point,
				 char *why);

#endif
