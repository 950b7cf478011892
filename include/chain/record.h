/* SPDX-License-Identifier: MIT */
/*
 * One decoded event: which probe role fired, where, when, and the values it fetched. The words
 * that every layer shares: role, probe point, field. Pure data.
 */
#ifndef FTOPEN_CHAIN_RECORD_H
#define FTOPEN_CHAIN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a probe is for. The event is named role_name(role), with "_ret" for the return, or "_call"
 * for one record of both.
 */
enum role {
	ROLE_SYSCALL,	  /* user pointer in, fd out */
	ROLE_GETNAME,	  /* the copy of the user's string into the kernel */
	ROLE_OPEN,	  /* filename in, file out */
	ROLE_HANDLE,	  /* file handle in, fd out */
	ROLE_OPEN_ROOT,	  /* file out, of an open that begins at a path of the kernel's own */
	ROLE_LOOKUP_FAST, /* hash lookup in RCU walk */
	ROLE_LOOKUP_REF,  /* hash lookup in ref walk, also the inner half of the slow one */
	ROLE_LOOKUP_SLOW, /* hash lookup under the rename lock */
	ROLE_ALLOC,	  /* a dentry and the copy of the component into it */
	ROLE_PARALLEL,	  /* the dentry that came of an allocation, perhaps another task's */
	ROLE_INSERT,	  /* the dentry goes into the hash */
	ROLE_REHASH,	  /* the same by any task: who inserted what */
	ROLE_INSTANTIATE, /* a negative dentry becomes positive */
	ROLE_DELETE,	  /* the name is unlinked */
	ROLE_DROP,	  /* the dentry leaves the hash */
	ROLE_RENAME,	  /* the dentry gets another name or directory */
	ROLE_EVICT,	  /* the dentry is freed */
	ROLE_TASK,	  /* a new task */
	ROLE_EXEC,	  /* a task has become another program */
	ROLE_CHROOT,	  /* a task gets another root */
	ROLE_CWD,	  /* a task gets another working directory */
	ROLE_PIVOT,	  /* tasks get another root in the place of the one that they had */
	ROLE_MOUNT,	  /* a mount comes to a place */
	ROLE_UMOUNT,	  /* a mount, and what is mounted in it, leaves its place */
	ROLE_COMM,	  /* a task gets another name */
	ROLE_SIGNAL,	  /* a handler of the task's is about to run */
	ROLE_DELIVERY,	  /* the kernel looks whether one has to */
	ROLE_OPENER,	  /* an open begins: as which user */
	ROLE_CREDS,	  /* a task gets another user, perhaps the same */
	ROLE_PATH,	  /* the walk of a path begins that another call than an open was given */
	ROLE_PARENT,	  /* the same up to its last component, which is looked up afterwards */
	ROLE_CALL_STAT,	  /* from here on such calls: result out */
	ROLE_CALL_ACCESS,
	ROLE_CALL_READLINK,
	ROLE_CALL_CHDIR,
	ROLE_CALL_UNLINK,
	ROLE_CALL_RMDIR,
	ROLE_CALL_RENAME,
	ROLE_CALL_MKDIR,
	ROLE_CALL_LINK,
	ROLE_CALL_SYMLINK,
	ROLE_CALL_MKNOD,
	ROLE_CALL_CHMOD,
	ROLE_CALL_CHOWN,
	ROLE_CALL_UTIMES,
	ROLE_CALL_TRUNCATE,
	ROLE_CALL_STATFS,
	ROLE_CALL_GETXATTR,
	ROLE_CALL_SETXATTR,
	ROLE_CALL_LISTXATTR,
	ROLE_CALL_REMOVEXATTR,
	ROLE_CALL_CHROOT,
	ROLE_CALL_UMOUNT,
	ROLE_CALL_WATCH,
	ROLE_CALL_HANDLE,
	ROLE_CALL_FCHMODAT, /* a chmod, where that has no function of its own for all of them */
	ROLE_NR
};

/**
 * is_path_call_role - whether the role is about calls that take a path and open nothing, which are
 * traced only if they are asked for
 */
static inline bool is_path_call_role(enum role role)
{
	return role >= ROLE_PATH;
}

/**
 * is_user_role - whether the role tells users of tasks, which are traced only if they are asked for
 */
static inline bool is_user_role(enum role role)
{
	return role == ROLE_OPENER || role == ROLE_CREDS;
}

/**
 * is_mount_role - whether the role is about what changes the tree of mounts
 */
static inline bool is_mount_role(enum role role)
{
	return role == ROLE_PIVOT || role == ROLE_MOUNT || role == ROLE_UMOUNT;
}

enum point {
	POINT_ENTRY,
	POINT_RETURN,
	POINT_NR,
	POINT_CALL = POINT_NR /* of an event, never of a record: both in one */
};

/* Which instance a role's records come from, and so which losses can touch it. */
enum scope {
	SCOPE_TASK, /* filtered on the tasks that are traced */
	SCOPE_ANY,  /* what ends or changes a lifetime, from any task */
	SCOPE_NR
};

/*
 * What a probe can fetch. FIELD_STRING and FIELD_COMM are strings, FIELD_DFD and FIELD_RET are
 * signed, the rest are unsigned numbers; pointers are kernel addresses but for FIELD_UPTR. A row is
 * the word of the code, and the one of definitions and recordings.
 */
#define FIELDS(_)                                                                                 \
	_(STRING, "string")	/* the text at FIELD_KNAME, _NAME, _TARGET_NAME or _NEW_COMM */   \
	_(COMM, "comm")		/* the task's comm at this moment */                              \
	_(DFD, "dfd")		/* directory fd as passed, AT_FDCWD for none */                   \
	_(UPTR, "uptr")		/* user pointer to the path */                                    \
	_(HOW, "how")		/* struct open_how *, or struct open_flags * */                   \
	_(FLAGS, "oflags")	/* open flags */                                                  \
	_(RESOLVE, "resolve")	/* RESOLVE_ flags of openat2 */                                   \
	_(LOOKUP, "lookup")	/* LOOKUP_ flags of the kernel's open */                          \
	_(NEW_MODE, "new_mode") /* of the file to be made, S_IFREG included; else 0 */            \
	_(RET, "ret")		/* fd or -errno of the system call */                             \
	_(FILENAME, "filename") /* struct filename * */                                           \
	_(KNAME, "kname")	/* filename->name, the kernel's copy of the path */               \
	_(FILE, "file")		/* struct file *, may be an error pointer */                      \
	_(FMODE, "fmode")	/* file->f_mode */                                                \
	_(DENTRY, "dentry")	/* struct dentry * */                                             \
	_(TARGET, "target")	/* rename: the dentry whose name is taken over */                 \
	_(TARGET_NAME, "target_name") /* rename: its d_name.name, the name that is taken over */  \
	_(EXCHANGE, "exchange") /* rename: not 0 if the target takes the dentry's name in turn */ \
	_(QSTR, "qstr")		/* struct qstr * */                                               \
	_(NAME, "name")		/* qstr->name, or dentry->d_name.name */                          \
	_(HASH_LEN, "hash_len") /* both that follow, fetched as one; in no record */              \
	_(HASH, "hash")		/* qstr.hash */                                                   \
	_(LEN, "len")		/* qstr.len, bytes of the component */                            \
	_(PARENT, "parent")	/* dentry->d_parent, or the parent passed to a lookup */          \
	_(DIR, "dir")		/* the directory's struct inode * */                              \
	_(DIR_INO, "dir_ino")	/* its inode number */                                            \
	_(DIR_GEN, "dir_gen")	/* its generation */                                              \
	_(SB, "sb")		/* struct super_block * */                                        \
	_(DEV, "dev")		/* s_dev in the kernel's encoding: major << 20 | minor */         \
	_(INODE, "inode")	/* dentry->d_inode, NULL for a negative dentry */                 \
	_(INODE_FIRST, "inode_first") /* read before the mode, which counts only if they agree */ \
	_(MODE, "mode")		      /* inode->i_mode */                                         \
	_(INO, "ino")		      /* inode->i_ino */                                          \
	_(INLINE, "inline_at") /* offset of the inline name in struct dentry, an immediate */     \
	_(INLINE_SIZE, "inline_size") /* its size, the NUL included, an immediate */              \
	_(DENTRY_SIZE, "dentry_size") /* sizeof(struct dentry), an immediate */                   \
	_(PATH, "path")		      /* struct path * */                                         \
	_(FS, "fs")		      /* struct fs_struct * of the task */                        \
	_(FS_USERS, "fs_users")	      /* how many tasks have it */                                \
	_(VFSMOUNT, "vfsmount")	      /* struct vfsmount *, which is a part of a struct mount */  \
	_(MOUNT_ROOT, "mount_root")   /* the dentry that is its root */                           \
	_(MOUNTPOINT, "mountpoint")   /* the dentry on which it is mounted */                     \
	_(ABOVE, "above")	      /* the struct mount * that it is in */                      \
	_(ABOVE_ROOT, "above_root")   /* its root */                                              \
	_(ABOVE_POINT, "above_point") /* on what it is mounted */                                 \
	_(TOP, "top")		      /* the struct mount * that it is in */                      \
	_(ROOT_MOUNT, "root_mount")   /* struct vfsmount * of the task's root */                  \
	_(VFSMOUNT_AT, "vfsmount_at") /* offset of it in a struct mount, an immediate */          \
	_(MOUNT, "mount")	      /* struct mount * */                                        \
	_(ABOVE_NS, "above_ns")	      /* that the mount is in which it is mounted in */           \
	_(NEW_COMM, "new_comm")	      /* char *: the name that the task gets */                   \
	_(TASK, "task") /* struct task_struct * of the new task, or of the one that is renamed */ \
	_(PID, "pid")	/* its thread id */                                                       \
	_(TGID, "tgid") /* its thread group id */                                                 \
	_(TASK_FLAGS, "task_flags") /* its PF_ flags */                                           \
	_(KSIG, "ksig")		    /* struct ksignal * */                                        \
	_(SA_FLAGS, "sa_flags")	    /* SA_ flags of the handler */                                \
	_(CRED, "cred")		    /* struct cred * */                                           \
	_(EUID, "euid")	    /* its effective user, as the initial user namespace numbers it */    \
	_(ROOT, "root")	    /* pid of the traced program, an immediate */                         \
	_(FOLLOW, "follow") /* whether processes that are started are reported, an immediate */

enum field {
#define _(word, name) FIELD_##word,
	FIELDS(_)
#undef _
	FIELD_NR
};

/* The kernel's error pointers are the addresses from -MAX_ERRNO on. */
#define MAX_ERRNO 4095

/**
 * widen_pointer - a pointer of @size bytes as a number of 64 bits, in which error pointers keep
 * their sign
 */
static inline uint64_t widen_pointer(uint64_t value, size_t size)
{
	return size == 4 && value >= (uint32_t)-MAX_ERRNO ? (uint64_t)(int32_t)value : value;
}

/**
 * is_address - whether the value of a pointer leads anywhere: NULL and error pointers do not
 */
static inline bool is_address(uint64_t value)
{
	return value && value < (uint64_t)-MAX_ERRNO;
}

/**
 * struct record - one event as the correlator sees it
 * @ts: nanoseconds of the trace clock
 * @present: bit per field; a value is read only after its bit (has_field())
 * @value: by field; signed fields are sign-extended
 * @str, @comm: not NUL terminated, valid only while the record is handed over
 * @symbol: the kernel function that was probed, NULL if not known; lives as long as the source
 * @is_call: half of what the kernel recorded as one when the call was over: @ts is that of the
 *	return, and what the call itself called was recorded before
 */
struct record {
	uint64_t ts;
	uint64_t present;
	const char *str;
	const char *comm;
	const char *symbol;
	uint32_t str_len;
	uint32_t comm_len;
	int32_t tid;
	int32_t cpu;
	uint8_t role;
	uint8_t point;
	uint8_t scope;
	bool is_call;
	uint64_t value[FIELD_NR];
};

#define FIELD_BIT(field) (UINT64_C(1) << (field))
_Static_assert(FIELD_NR <= 64, "each field has a bit of present");

static inline bool has_field(const struct record *record, enum field field)
{
	return record->present & FIELD_BIT(field);
}

/**
 * starts_worker - whether it tells the start of a task that is a worker of a ring of the task whose
 * record it is
 */
bool starts_worker(const struct record *record);

/**
 * role_name, field_name, point_name - the word used in definitions, recordings and output
 */
const char *role_name(enum role role);
const char *field_name(enum field field);
const char *point_name(enum point point);

/**
 * point_suffix - what an event's name has after the role's
 */
const char *point_suffix(enum point point);

/**
 * role_by_event - which role and probe point the event @event stands for, POINT_CALL for entry and
 * return
 *
 * Return: 0, or -ENOENT for an event that is none of ours.
 */
int role_by_event(const char *event, enum role *role, enum point *point);

/**
 * role_scope - the instance that a role belongs to when ends are traced from any task
 */
enum scope role_scope(enum role role);

/**
 * is_string_field - whether the field is text
 */
bool is_string_field(enum field field);

/**
 * struct loss - records that the source says are missing
 * @scope: which instance
 * @cpu: -1 if not tied to one
 * @from, @to: the records were lost between these times, in nanoseconds of the trace clock
 * @count: how many, or LOSS_UNKNOWN
 * @is_unselected: no record was lost: tasks were not selected yet
 * @is_overrun: they were overwritten in the ring buffer, which counts them (correlator_overrun())
 */
struct loss {
	enum scope scope;
	int cpu;
	uint64_t from;
	uint64_t to;
	uint64_t count;
	bool is_unselected;
	bool is_overrun;
};

#define LOSS_UNKNOWN UINT64_MAX

#endif
