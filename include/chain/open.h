/* SPDX-License-Identifier: MIT */
/*
 * An open: who asked for which path, what made it, its result, what the directory cache had,
 * and where its time went.
 */
#ifndef FTOPEN_CHAIN_OPEN_H
#define FTOPEN_CHAIN_OPEN_H

#include <stdbool.h>
#include <stdint.h>

#include "chain/chain.h"

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

/* What made an open, or which path call it is. */
enum call {
	CALL_UNKNOWN,
	CALL_OPEN,     /* open, openat, creat, and openat2 where that shows no difference */
	CALL_OPENAT2,  /* with RESOLVE_ flags */
	CALL_HANDLE,   /* open_by_handle_at */
	CALL_EXEC,     /* the program or interpreter of an exec */
	CALL_IO_URING, /* a request of a ring, whoever works it off */
	CALL_KERNEL, /* the kernel's own, in the name of the task: accounting, a core dump, firmware
		      */
	CALL_STAT,   /* from here on path calls: they take a path and open nothing */
	CALL_ACCESS,
	CALL_READLINK,
	CALL_CHDIR,
	CALL_UNLINK,
	CALL_RMDIR,
	CALL_RENAME,
	CALL_MKDIR,
	CALL_LINK,
	CALL_SYMLINK,
	CALL_MKNOD,
	CALL_CHMOD,
	CALL_CHOWN,
	CALL_UTIMES,
	CALL_TRUNCATE,
	CALL_STATFS,
	CALL_GETXATTR,
	CALL_SETXATTR,
	CALL_LISTXATTR,
	CALL_REMOVEXATTR,
	CALL_CHROOT,
	CALL_UMOUNT,
	CALL_WATCH,	     /* inotify_add_watch */
	CALL_NAME_TO_HANDLE, /* name_to_handle_at */
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

/*
 * What an open or a path call has as its records have it: a row is the field, the member, which
 * json.c may show, and its type. has_MEMBER is set by the record that has the field.
 */
#define OPEN_VALUES(_)            \
	_(FLAGS, flags, uint64_t) \
	_(DFD, dfd, int32_t)

/**
 * struct open_call - one open, or one path of a path call, which has no flags, mode and stages
 * @id: unique, from 1, in the order of entry
 * @tid, @comm: who asked for it: of a ring's request not its worker
 * @path: as passed; empty where there is none
 * @has_unseen_path: of a path call: @path is empty, though the call had one, or may have had one
 * @user: the program's pointer, @filename: the kernel's copy
 * @mode: permissions for a new file, as passed; known of opens with O_CREAT or O_TMPFILE only
 * @ts: entry of the kernel's open or of the path call, or when the open was refused
 * @call_ts: entry of the system call, 0 without one
 * @result: fd or -errno of the system call; without one 0 or -errno of the open itself; of a path
 *	call what its function returned
 * @latency_ns: from the entry to the return of the open function
 * @stage_ns: by stage, see has_stage()
 * @stages: bit per stage that the open had and that is known
 * @complete: entry, path and return were seen and nothing was lost in between
 * @cache_why: why @cache is unknown, or what ended the walk before the last component; static
 *	storage
 * @resolved: path of the file, or of what was looked for, from the task's root, links followed;
 *	data NULL where that is not known
 * @links: that the walk followed; see struct name
 * @dir: likewise of the directory in which a relative walk began
 * @uid: the effective user of the task then
 */
struct open_call {
	uint64_t id;
	struct bytes path;
	uint64_t user;
	uint64_t filename;
	uint32_t mode;
	uint64_t ts;
	uint64_t call_ts;
	uint64_t latency_ns;
	uint64_t stage_ns[STAGE_NR];
	int64_t result;
	int32_t tid;
	int32_t tgid; /* 0: not known */
	uint32_t uid;
	bool has_unseen_path;
	bool has_user;
	bool has_uid;
	bool has_mode;
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
#define _(field, member, type) type member;
	OPEN_VALUES(_)
#undef _
#define _(field, member, type) bool has_##member;
	OPEN_VALUES(_)
#undef _
};

/**
 * is_path_call - whether @call takes a path and opens nothing
 */
static inline bool is_path_call(enum call call)
{
	return call >= CALL_STAT;
}

/**
 * path_call_of - which call a role is about, one from ROLE_CALL_STAT on
 */
static inline enum call path_call_of(enum role role)
{
	if (role == ROLE_CALL_FCHMODAT)
		return CALL_CHMOD;
	return (enum call)(CALL_STAT + (int)role - ROLE_CALL_STAT);
}

/**
 * has_stage - whether @open had this stage, and how long it took is known
 */
static inline bool has_stage(const struct open_call *open, enum stage stage)
{
	return open->stages >> stage & 1;
}

/* The words of the output. */
const char *cache_name(enum cache cache);

/**
 * call_name - NULL for CALL_UNKNOWN
 */
const char *call_name(enum call call);
const char *stage_name(enum stage stage);

#endif
