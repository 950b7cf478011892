/* SPDX-License-Identifier: MIT */
/*
 * The offsets of members, without BTF: found in windows of kernel memory that must contain known
 * names, numbers and addresses. Pure: who fetches the windows is measure_run.
 */
#ifndef FTOPEN_KERNEL_MEASURE_H
#define FTOPEN_KERNEL_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/layout.h"

/* The objects that are looked at, each at a moment at which what is known stands in it. */
enum view {
	VIEW_HOW,	  /* the open_how of a system call */
	VIEW_FILENAME,	  /* the copy of the path */
	VIEW_OPEN_FLAGS,  /* what the open function is told */
	VIEW_SUPER_BLOCK, /* of the file system on which a name is allocated */
	VIEW_QSTR,	  /* the name that is allocated */
	VIEW_NEW_DENTRY,  /* the dentry that was allocated for it */
	VIEW_PARENT,	  /* the dentry of its directory: address only */
	VIEW_DENTRY,	  /* the dentry of a file that exists */
	VIEW_INODE,	  /* the inode of that file */
	VIEW_FILE,	  /* the open file */
	VIEW_TASK,	  /* a task that starts */
	VIEW_NR,
};

/* What is known of a round by those who acted. */
enum number {
	NUMBER_UPTR, /* the program's pointer to the path */
	NUMBER_FLAGS,
	NUMBER_LEN,    /* of the component */
	NUMBER_PREFIX, /* bytes of the path before the component */
	NUMBER_INO,
	NUMBER_GENERATION,
	NUMBER_MODE,
	NUMBER_DEV, /* in the kernel's encoding */
	NUMBER_PID,
	NUMBER_TGID,
	NUMBER_NR,
};

/**
 * struct window - an object's first bytes
 * @address: 0: the object was not seen
 * @size: 0: nothing but the address is known
 * @text: the path or name that stands in it, NULL if none does
 */
struct window {
	uint64_t address;
	const unsigned char *bytes;
	size_t size;
	const char *text;
};

struct round {
	struct window windows[VIEW_NR];
	uint64_t numbers[NUMBER_NR];
	bool has[NUMBER_NR];
};

/**
 * struct observations - all that was seen
 * @pointer_size: bytes of a pointer of that kernel: 4 or 8
 * @named: new dentries of names of every length, which tell how long a name fits into a dentry
 * @dentry_size: sizeof(struct dentry), 0 if not known; nothing of a dentry lies beyond that
 */
struct observations {
	size_t pointer_size;
	const struct round *rounds;
	size_t round_count;
	const struct window *named;
	size_t named_count;
	uint32_t dentry_size;
};

enum measure_state {
	MEASURE_UNSEEN, /* not in two rounds that differ */
	MEASURE_NOWHERE,
	MEASURE_AMBIGUOUS,
	MEASURE_FOUND,
};

#define MEASURE_NR 22

/**
 * struct measured - what became of one member
 * @member: if it was found
 */
struct measured {
	enum measure_state state;
	struct member member;
};

/**
 * struct measures - a measured layout
 * @members: in the order of measure_path()
 * @dentry_size: sizeof(struct dentry), 0 if not known
 */
struct measures {
	struct measured members[MEASURE_NR];
	uint32_t dentry_size;
};

/**
 * measure - find every member of the table
 *
 * A member is found if every round that saw its object has the value at the same offset, and at no
 * other one. At least two rounds must differ in the value.
 */
void measure(const struct observations *seen, struct measures *measures);

/**
 * measure_path - the path of member @i, as the role table has it
 */
const char *measure_path(size_t i);

/**
 * measure_is_optional - whether a kernel may lack member @i (7.3 has no filename.uptr), or none of
 * the roles reads it
 */
bool measure_is_optional(size_t i);

/**
 * measures_find - the member with exactly this path
 *
 * Return: 0, or -ENOENT if it is not in the table or was not found.
 */
int measures_find(const struct measures *measures, const char *path, struct member *member);

/**
 * measure_state_text - in words
 */
const char *measure_state_text(enum measure_state state);

#endif
