/* SPDX-License-Identifier: MIT */
/*
 * The table of probe roles. All that varies by kernel version is said here in words: functions by
 * preference, members by path. What a path comes to is the layout's to say, what may be probed is
 * the symbols'.
 */
#include "kernel/roles.h"

/* Laid out by hand as tables, one fetch or candidate list a line. */
/* clang-format off */
#define ARG(name, number) .field = FIELD_##name, .kind = FETCH_ARG, .arg = number
#define RETVAL(name) .field = FIELD_##name, .kind = FETCH_RETVAL
#define MEMBER(name, through, member) \
	.field = FIELD_##name, .kind = FETCH_MEMBER, .base = FIELD_##through, .path = member
#define PAIR(name, through, member, adjacent) \
	.field = FIELD_##name, .kind = FETCH_PAIR, .base = FIELD_##through, .path = member, \
	.other = adjacent
#define OUTER(name, through, member, inner) \
	.field = FIELD_##name, .kind = FETCH_OUTER, .base = FIELD_##through, .path = member, \
	.other = inner
#define OLD .is_old = true
#define SURE .is_sure = true
#define KEPT .is_sure = true, .is_kept = true
#define LAST .is_last = true
#define OF_TEXT .is_old = true, .is_of_text = true
#define TEXT(through) .field = FIELD_STRING, .kind = FETCH_TEXT, .base = FIELD_##through
#define COMM .field = FIELD_COMM, .kind = FETCH_COMM
#define ROOT .field = FIELD_ROOT, .kind = FETCH_ROOT
#define FOLLOW .field = FIELD_FOLLOW, .kind = FETCH_FOLLOW
#define IMMEDIATE(name, what, subject) .field = FIELD_##name, .kind = what, .path = subject
#define END .kind = FETCH_END

/* 6.12 and older have d_iname, 6.16 and newer d_shortname, a union of it and of words. */
#define INLINE_NAME "dentry.d_shortname|dentry.d_iname"

/* Which directory FIELD_PARENT is. While that is read, another task may evict it. */
#define OF_PARENT \
	{ MEMBER(DIR, PARENT, "dentry.d_inode"), LAST }, \
	{ MEMBER(DIR_INO, DIR, "inode.i_ino") }, \
	{ MEMBER(DIR_GEN, DIR, "inode.i_generation") }

/* The file system of FIELD_@through, a dentry. */
#define OF_SUPER_BLOCK(through) \
	{ MEMBER(SB, through, "dentry.d_sb") }, \
	{ MEMBER(DEV, SB, "super_block.s_dev") }

/* What FIELD_DENTRY names. */
#define OF_INODE \
	{ MEMBER(INODE, DENTRY, "dentry.d_inode") }, \
	{ MEMBER(MODE, INODE, "inode.i_mode") }

#define OF_NAME \
	{ MEMBER(NAME, DENTRY, "dentry.d_name.name"), .essential = true }, \
	{ MEMBER(LEN, DENTRY, "dentry.d_name.len") }

/* A dentry's own name ends where its text does, which may be another one's by the next read. */
#define OF_SPELLING \
	{ MEMBER(NAME, DENTRY, "dentry.d_name.name"), .essential = true }, \
	{ TEXT(NAME) }, \
	{ MEMBER(LEN, DENTRY, "dentry.d_name.len"), OF_TEXT }

/* Where FIELD_DENTRY hangs. */
#define OF_PLACE \
	{ MEMBER(PARENT, DENTRY, "dentry.d_parent") }, OF_PARENT, OF_SUPER_BLOCK(DENTRY)

#define OF_QSTR \
	{ MEMBER(NAME, QSTR, "qstr.name"), .essential = true }, \
	{ PAIR(HASH_LEN, QSTR, "qstr.hash", "qstr.len") }, \
	{ MEMBER(HASH, QSTR, "qstr.hash"), .unless = FIELD_HASH_LEN }, \
	{ MEMBER(LEN, QSTR, "qstr.len"), .unless = FIELD_HASH_LEN }

#define OF_INLINE \
	{ IMMEDIATE(INLINE, FETCH_OFFSET, INLINE_NAME) }, \
	{ IMMEDIATE(INLINE_SIZE, FETCH_WIDTH, INLINE_NAME) }

/*
 * do_sys_openat2 returns long up to 6.12 and int from 6.16 on, whose upper half in the register is
 * anything: s32 holds every fd and -errno on both.
 */
static const struct fetch syscall_entry[] = {
	{ ARG(DFD, 1), .type = "s32" },
	{ ARG(UPTR, 2) },
	{ ARG(HOW, 3), SURE },
	{ MEMBER(FLAGS, HOW, "open_how.flags") },
	{ MEMBER(RESOLVE, HOW, "open_how.resolve") },
	{ END },
};

static const struct fetch syscall_return[] = {
	{ RETVAL(RET), .type = "s32" },
	{ END },
};

/* filename.uptr is gone in 7.3: there the system call's entry alone knows the user pointer. */
static const struct fetch getname_return[] = {
	{ RETVAL(FILENAME) },
	{ MEMBER(KNAME, FILENAME, "filename.name"), .essential = true },
	{ TEXT(KNAME) },
	{ MEMBER(UPTR, FILENAME, "filename.uptr"), OLD },
	{ END },
};

/*
 * The struct filename is what the attempts of a ring's request have in common. Two fields
 * distinguish the kernel's own opens from a program's; one of them is enough.
 */
static const struct fetch open_entry[] = {
	{ COMM },
	{ ARG(DFD, 1), .type = "s32" },
	{ ARG(FILENAME, 2) },
	{ MEMBER(KNAME, FILENAME, "filename.name"), .essential = true },
	{ TEXT(KNAME) },
	{ ARG(HOW, 3), SURE },
	{ MEMBER(FLAGS, HOW, "open_flags.open_flag"), .type = "u32" },
	{ MEMBER(NEW_MODE, HOW, "open_flags.mode") },
	{ MEMBER(LOOKUP, HOW, "open_flags.lookup_flags"), .type = "u32" },
	{ MEMBER(UPTR, FILENAME, "filename.uptr"), .unless = FIELD_LOOKUP },
	{ END },
};

/*
 * Which directory it is in was read by the lookup. A dentry that nobody looked up is the root of a
 * mount; its file system and its mode show that.
 */
static const struct fetch open_return[] = {
	{ RETVAL(FILE) },
	{ MEMBER(FMODE, FILE, "file.f_mode") },
	{ MEMBER(DENTRY, FILE, "file.f_path.dentry"), .essential = true },
	OF_SPELLING,
	{ MEMBER(PARENT, DENTRY, "dentry.d_parent") },
	{ MEMBER(DIR, PARENT, "dentry.d_inode"), OLD },
	{ MEMBER(DIR_INO, DIR, "inode.i_ino"), OLD },
	{ MEMBER(DIR_GEN, DIR, "inode.i_generation"), OLD },
	{ MEMBER(SB, DENTRY, "dentry.d_sb") },
	{ MEMBER(DEV, SB, "super_block.s_dev"), OLD },
	{ MEMBER(INODE, DENTRY, "dentry.d_inode") },
	{ MEMBER(MODE, INODE, "inode.i_mode") },
	{ END },
};

/* The walk begins where nothing was looked up. */
static const struct fetch open_root_return[] = {
	{ RETVAL(FILE) },
	{ MEMBER(FMODE, FILE, "file.f_mode") },
	{ MEMBER(DENTRY, FILE, "file.f_path.dentry"), .essential = true },
	OF_SPELLING,
	OF_PLACE,
	OF_INODE,
	{ END },
};

static const struct fetch handle_entry[] = {
	{ COMM },
	{ ARG(DFD, 1), .type = "s32" },
	{ ARG(FLAGS, 3), .type = "u32" },
	{ END },
};

static const struct fetch lookup_entry[] = {
	{ ARG(PARENT, 1) },
	{ ARG(QSTR, 2), SURE },
	OF_QSTR,
	{ TEXT(NAME) },
	{ MEMBER(DIR, PARENT, "dentry.d_inode"), LAST },
	{ MEMBER(DIR_INO, DIR, "inode.i_ino") },
	{ MEMBER(DIR_GEN, DIR, "inode.i_generation"), OLD },
	OF_SUPER_BLOCK(PARENT),
	{ END },
};

static const struct fetch lookup_return[] = {
	{ RETVAL(DENTRY) },
	{ MEMBER(NAME, DENTRY, "dentry.d_name.name"), .essential = true },
	{ MEMBER(LEN, DENTRY, "dentry.d_name.len"), OLD },
	{ TEXT(NAME), OLD },
	{ MEMBER(INODE, DENTRY, "dentry.d_inode"), LAST },
	{ MEMBER(INODE_FIRST, DENTRY, "dentry.d_inode") },
	{ MEMBER(MODE, INODE, "inode.i_mode") },
	{ IMMEDIATE(INLINE, FETCH_OFFSET, INLINE_NAME), OLD },
	{ IMMEDIATE(INLINE_SIZE, FETCH_WIDTH, INLINE_NAME), OLD },
	{ END },
};

/* The qstr is NULL for an anonymous dentry (d_alloc_anon, d_make_root). */
static const struct fetch alloc_entry[] = {
	{ ARG(SB, 1), OLD },
	{ MEMBER(DEV, SB, "super_block.s_dev"), OLD },
	{ ARG(QSTR, 2) },
	OF_QSTR,
	{ TEXT(NAME), OLD },
	{ END },
};

static const struct fetch alloc_return[] = {
	{ RETVAL(DENTRY) },
	OF_SPELLING,
	OF_INLINE,
	{ IMMEDIATE(DENTRY_SIZE, FETCH_SIZE, "dentry") },
	{ END },
};

/* Nothing is read through an error pointer. */
static const struct fetch parallel_return[] = {
	{ RETVAL(DENTRY) },
	OF_SPELLING,
	OF_INODE,
	{ END },
};

/* When __d_add comes to __d_rehash, d_inode of a positive dentry is set already. */
static const struct fetch insert_entry[] = {
	{ ARG(DENTRY, 1) },
	OF_SPELLING,
	OF_PLACE,
	OF_INODE,
	{ END },
};

/* Every insert on the machine comes here: nothing is read that is not needed. */
static const struct fetch rehash_entry[] = {
	{ COMM },
	{ ARG(DENTRY, 1) },
	{ END },
};

static const struct fetch instantiate_entry[] = {
	{ COMM },
	{ ARG(DENTRY, 1) },
	OF_NAME,
	{ ARG(INODE, 2) },
	{ MEMBER(MODE, INODE, "inode.i_mode"), OLD },
	{ END },
};

/* The dentry tells which name it is, the inode which number may be given away again. */
static const struct fetch delete_entry[] = {
	{ COMM },
	{ ARG(DENTRY, 1) },
	OF_NAME,
	{ TEXT(NAME), OLD },
	{ MEMBER(PARENT, DENTRY, "dentry.d_parent"), OLD },
	{ MEMBER(DIR, PARENT, "dentry.d_inode"), OLD },
	{ MEMBER(DIR_INO, DIR, "inode.i_ino"), OLD },
	{ MEMBER(DIR_GEN, DIR, "inode.i_generation"), OLD },
	{ MEMBER(SB, DENTRY, "dentry.d_sb"), OLD },
	{ MEMBER(DEV, SB, "super_block.s_dev"), OLD },
	OF_INODE,
	{ MEMBER(INO, INODE, "inode.i_ino") },
	{ END },
};

/*
 * The callers in dcache.c, unlink and eviction among them, have __d_drop inlined (5.10 to 7.3: no
 * hit of it in 100 drops) and all come to ___d_drop. So does __d_move, which rehashes at once.
 */
static const struct fetch drop_entry[] = {
	{ COMM },
	{ ARG(DENTRY, 1) },
	{ MEMBER(NAME, DENTRY, "dentry.d_name.name"), OLD },
	{ MEMBER(LEN, DENTRY, "dentry.d_name.len"), OLD },
	{ END },
};

/*
 * String, length and directory are the target's: what the dentry is called from now on. So is the
 * inode, which loses its name. bool is passed in the low byte of its register, the rest of which is
 * anything.
 */
static const struct fetch rename_entry[] = {
	{ COMM },
	{ ARG(DENTRY, 1) },
	{ MEMBER(NAME, DENTRY, "dentry.d_name.name"), .essential = true },
	{ ARG(TARGET, 2) },
	{ MEMBER(TARGET_NAME, TARGET, "dentry.d_name.name") },
	{ TEXT(TARGET_NAME) },
	{ MEMBER(LEN, TARGET, "dentry.d_name.len"), OF_TEXT },
	{ MEMBER(PARENT, TARGET, "dentry.d_parent") },
	OF_PARENT,
	OF_SUPER_BLOCK(TARGET),
	{ MEMBER(INODE, TARGET, "dentry.d_inode") },
	{ MEMBER(MODE, INODE, "inode.i_mode") },
	{ MEMBER(INO, INODE, "inode.i_ino") },
	{ ARG(EXCHANGE, 3), .type = "u8", .only = "__d_move" },
	{ END },
};

/* At dentry_free every dentry has lost its inode, so this does not show whether it was negative. */
static const struct fetch evict_entry[] = {
	{ COMM },
	{ ARG(DENTRY, 1) },
	OF_NAME,
	{ MEMBER(INODE, DENTRY, "dentry.d_inode"), .only = "__dentry_kill" },
	{ END },
};

/* Who has the same fs_struct has the same working directory and root, and is counted in it. */
#define OF_FS { MEMBER(FS_USERS, FS, "fs_struct.users"), .type = "u32" }

static const struct fetch task_entry[] = {
	{ COMM },
	{ ARG(TASK, 1) },
	{ MEMBER(PID, TASK, "task_struct.pid"), .essential = true },
	{ MEMBER(TGID, TASK, "task_struct.tgid"), .essential = true },
	{ MEMBER(TASK_FLAGS, TASK, "task_struct.flags") },
	{ MEMBER(FS, TASK, "task_struct.fs") },
	OF_FS,
	{ ROOT },
	{ FOLLOW },
	{ END },
};

static const struct fetch exec_entry[] = {
	{ COMM },
	{ ROOT },
	{ FOLLOW },
	{ END },
};

/* The directory that a task gets: rare, and the task may open something next. */
#define OF_DIRECTORY                                                       \
	{ COMM }, { ARG(PATH, 2) },                                        \
	{ MEMBER(DENTRY, PATH, "path.dentry"), .essential = true }, OF_SPELLING, OF_PLACE

#define OF_OWNER { ARG(FS, 1), KEPT }, OF_FS

static const struct fetch chroot_entry[] = { OF_DIRECTORY, OF_OWNER, { END } };
static const struct fetch pivot_entry[] = { OF_DIRECTORY, { END } };

/*
 * The mount that the directory is in, the mount in which that one is mounted, and whether one of
 * them is the mount of the task's root. A setns(2) comes here before it sets the root.
 */
static const struct fetch cwd_entry[] = {
	OF_DIRECTORY,
	OF_OWNER,
	{ MEMBER(ROOT_MOUNT, FS, "fs_struct.root.mnt") },
	{ MEMBER(VFSMOUNT, PATH, "path.mnt") },
	{ MEMBER(MOUNT_ROOT, VFSMOUNT, "vfsmount.mnt_root") },
	{ OUTER(MOUNTPOINT, VFSMOUNT, "mount.mnt_mountpoint", "mount.mnt") },
	{ OUTER(ABOVE, VFSMOUNT, "mount.mnt_parent", "mount.mnt") },
	{ MEMBER(ABOVE_ROOT, ABOVE, "mount.mnt.mnt_root") },
	{ MEMBER(ABOVE_POINT, ABOVE, "mount.mnt_mountpoint") },
	{ MEMBER(TOP, ABOVE, "mount.mnt_parent") },
	{ IMMEDIATE(VFSMOUNT_AT, FETCH_OFFSET, "mount.mnt") },
	{ END },
};

/* The mount has its place by then. While a namespace is copied, its new mounts are in none. */
static const struct fetch mount_entry[] = {
	{ COMM },
	{ ARG(MOUNT, 1) },
	{ MEMBER(DENTRY, MOUNT, "mount.mnt.mnt_root"), .essential = true },
	OF_SPELLING,
	OF_PLACE,
	{ MEMBER(MOUNTPOINT, MOUNT, "mount.mnt_mountpoint"), .essential = true },
	{ MEMBER(ABOVE, MOUNT, "mount.mnt_parent") },
	{ MEMBER(ABOVE_NS, ABOVE, "mount.mnt_ns") },
	{ END },
};

static const struct fetch umount_entry[] = {
	{ COMM },
	{ ARG(MOUNT, 1) },
	{ MEMBER(DENTRY, MOUNT, "mount.mnt.mnt_root"), .essential = true },
	OF_SPELLING,
	OF_PLACE,
	{ END },
};

static const struct fetch comm_entry[] = {
	{ ARG(TASK, 1) },
	{ MEMBER(PID, TASK, "task_struct.pid"), .essential = true },
	{ ARG(NEW_COMM, 2) },
	{ TEXT(NEW_COMM) },
	{ END },
};

/* It comes here once the handler's frame is on the stack, and nowhere else. */
static const struct fetch signal_entry[] = {
	{ ARG(KSIG, 2) },
	{ MEMBER(SA_FLAGS, KSIG, "ksignal.ka.sa.sa_flags"), .essential = true },
	{ END },
};

/* One look for signals of the task's, on its way back to the program. */
static const struct fetch delivery_entry[] = {
	{ END },
};

/* The walk begins with it, as the task that opens (5.10 to 7.3: path_openat). */
static const struct fetch opener_entry[] = {
	{ ARG(CRED, 2), SURE },
	{ MEMBER(EUID, CRED, "cred.euid.val"), .essential = true },
	{ END },
};

/* It is the task itself that gets them; so does an exec. */
static const struct fetch creds_entry[] = {
	{ ARG(CRED, 1), SURE },
	{ MEMBER(EUID, CRED, "cred.euid.val"), .essential = true },
	{ END },
};

/* Both functions of every kernel begin with the same arguments (5.10 to 7.3). */
static const struct fetch path_entry[] = {
	{ ARG(DFD, 1), .type = "s32" },
	{ ARG(FILENAME, 2) },
	{ MEMBER(KNAME, FILENAME, "filename.name"), .essential = true },
	{ TEXT(KNAME) },
	{ END },
};

/* Which arguments a call takes differs: its path is told where the walk of it begins. */
static const struct fetch call_entry[] = {
	{ COMM },
	{ END },
};

/*
 * These take a descriptor in the place of the path as well: then there is no pointer to one. It is
 * never the carrier: older recordings have a mere 1 there.
 */
static const struct fetch utimes_entry[] = {
	{ COMM },
	{ ARG(UPTR, 2), .only = "do_utimes" },
	{ END },
};

static const struct fetch getxattr_entry[] = {
	{ COMM },
	{ ARG(UPTR, 2), .only = "path_getxattrat" },
	{ END },
};

static const struct fetch setxattr_entry[] = {
	{ COMM },
	{ ARG(UPTR, 2), .only = "path_setxattrat" },
	{ END },
};

static const struct fetch listxattr_entry[] = {
	{ COMM },
	{ ARG(UPTR, 2), .only = "path_listxattrat" },
	{ END },
};

static const struct fetch removexattr_entry[] = {
	{ COMM },
	{ ARG(UPTR, 2), .only = "path_removexattrat" },
	{ END },
};

/* What a substitute does for the function that it stands for. */
#define REHASH "inserts for __d_add, which this kernel does not let us probe"
#define KILL "frees for __dentry_kill, which this kernel does not let us probe"
#define MOVE "renames for __d_move, which this kernel does not let us probe"
#define SETUP "starts the program for finalize_exec, which this kernel does not let us probe"

#define ONLY(symbol) { { symbol, NULL } }
#define ATTACH { { "__attach_mnt", NULL }, { "make_visible", NULL } }
/* In 6.16 and newer getname is an inline around getname_flags, which older opens never reach. */
#define GETNAME { { "getname", NULL }, { "getname_flags", NULL } }
#define OPEN { { "do_filp_open", NULL }, { "do_file_open", NULL } }
#define INSERT { { "__d_add", NULL, true }, { "__d_rehash", REHASH } }
#define PARENT { { "__filename_parentat", NULL }, { "filename_parentat", NULL } }
/* arm64 has a static function instead, which begins with get_signal. */
#define DELIVERY { { "arch_do_signal_or_restart", NULL }, { "get_signal", NULL } }

/*
 * A system call's function, which differs in its name by machine. A marker has no room for the names
 * of inotify_add_watch and name_to_handle_at on arm64 and s390x.
 */
#define SYSCALL(name) \
	{ "__x64_sys_" name, NULL }, { "__arm64_sys_" name, NULL }, { "__s390x_sys_" name, NULL }

#define PROBE(name, at) .role = ROLE_##name, .point = POINT_##at

#define CALL_WITH(entry, name, ...) \
	{ PROBE(CALL_##name, ENTRY), .is_no_hop = true, .candidates = { __VA_ARGS__ }, \
	  .fetches = entry }, \
	{ PROBE(CALL_##name, RETURN), .is_no_hop = true, .candidates = { __VA_ARGS__ }, \
	  .fetches = syscall_return }
#define CALL(name, ...) CALL_WITH(call_entry, name, __VA_ARGS__)

const struct role_probe role_probes[] = {
	{ PROBE(SYSCALL, ENTRY), .candidates = ONLY("do_sys_openat2"),
	  .fetches = syscall_entry },
	{ PROBE(SYSCALL, RETURN), .candidates = ONLY("do_sys_openat2"),
	  .fetches = syscall_return },
	{ PROBE(GETNAME, RETURN), .candidates = GETNAME, .fetches = getname_return },
	{ PROBE(OPEN, ENTRY), .required = true, .candidates = OPEN, .fetches = open_entry },
	{ PROBE(OPEN, RETURN), .required = true, .candidates = OPEN, .fetches = open_return },
	{ PROBE(HANDLE, ENTRY), .candidates = ONLY("do_handle_open"),
	  .fetches = handle_entry },
	{ PROBE(HANDLE, RETURN), .candidates = ONLY("do_handle_open"),
	  .fetches = syscall_return },
	{ PROBE(OPEN_ROOT, RETURN), .candidates = ONLY("do_file_open_root"),
	  .fetches = open_root_return },
	{ PROBE(LOOKUP_FAST, ENTRY), .candidates = ONLY("__d_lookup_rcu"),
	  .fetches = lookup_entry },
	{ PROBE(LOOKUP_FAST, RETURN), .includes_entry = true, .candidates = ONLY("__d_lookup_rcu"),
	  .fetches = lookup_return },
	{ PROBE(LOOKUP_REF, ENTRY), .candidates = ONLY("__d_lookup"),
	  .fetches = lookup_entry },
	{ PROBE(LOOKUP_REF, RETURN), .includes_entry = true, .candidates = ONLY("__d_lookup"),
	  .fetches = lookup_return },
	{ PROBE(LOOKUP_SLOW, ENTRY), .candidates = ONLY("d_lookup"),
	  .fetches = lookup_entry },
	{ PROBE(LOOKUP_SLOW, RETURN), .includes_entry = true, .candidates = ONLY("d_lookup"),
	  .fetches = lookup_return },
	{ PROBE(ALLOC, ENTRY), .candidates = ONLY("__d_alloc"), .fetches = alloc_entry },
	{ PROBE(ALLOC, RETURN), .includes_entry = true, .candidates = ONLY("__d_alloc"),
	  .fetches = alloc_return },
	{ PROBE(PARALLEL, RETURN), .candidates = ONLY("d_alloc_parallel"),
	  .fetches = parallel_return },
	{ PROBE(INSERT, ENTRY), .candidates = INSERT,
	  .fetches = insert_entry },
	{ PROBE(REHASH, ENTRY), .candidates = ONLY("__d_rehash"),
	  .fetches = rehash_entry },
	{ PROBE(INSTANTIATE, ENTRY), .candidates = ONLY("__d_instantiate"),
	  .fetches = instantiate_entry },
	{ PROBE(DELETE, ENTRY), .candidates = ONLY("d_delete"), .fetches = delete_entry },
	{ PROBE(DROP, ENTRY), .candidates = ONLY("___d_drop"), .fetches = drop_entry },
	{ PROBE(RENAME, ENTRY), .candidates = { { "__d_move", NULL }, { "d_move", MOVE } },
	  .fetches = rename_entry },
	{ PROBE(EVICT, ENTRY), .candidates = { { "__dentry_kill", NULL }, { "dentry_free", KILL } },
	  .fetches = evict_entry },
	{ PROBE(TASK, ENTRY), .candidates = ONLY("wake_up_new_task"),
	  .fetches = task_entry },
	{ PROBE(EXEC, ENTRY), .candidates = { { "finalize_exec", NULL }, { "setup_new_exec", SETUP } },
	  .fetches = exec_entry },
	{ PROBE(CHROOT, ENTRY), .is_no_hop = true, .candidates = ONLY("set_fs_root"),
	  .fetches = chroot_entry },
	{ PROBE(CWD, ENTRY), .is_no_hop = true, .candidates = ONLY("set_fs_pwd"),
	  .fetches = cwd_entry },
	{ PROBE(PIVOT, ENTRY), .is_no_hop = true, .candidates = ONLY("chroot_fs_refs"),
	  .fetches = pivot_entry },
	{ PROBE(MOUNT, ENTRY), .is_no_hop = true, .candidates = ATTACH,
	  .fetches = mount_entry },
	{ PROBE(UMOUNT, ENTRY), .is_no_hop = true, .candidates = ONLY("umount_tree"),
	  .fetches = umount_entry },
	{ PROBE(COMM, ENTRY), .is_no_hop = true, .candidates = ONLY("__set_task_comm"),
	  .fetches = comm_entry },
	{ PROBE(SIGNAL, ENTRY), .is_no_hop = true, .candidates = ONLY("signal_setup_done"),
	  .fetches = signal_entry },
	{ PROBE(DELIVERY, ENTRY), .is_no_hop = true, .candidates = DELIVERY,
	  .fetches = delivery_entry },
	{ PROBE(OPENER, ENTRY), .is_no_hop = true, .candidates = ONLY("alloc_empty_file"),
	  .fetches = opener_entry },
	{ PROBE(CREDS, ENTRY), .is_no_hop = true, .candidates = ONLY("commit_creds"),
	  .fetches = creds_entry },
	{ PROBE(PATH, ENTRY), .is_no_hop = true, .candidates = ONLY("filename_lookup"),
	  .fetches = path_entry },
	{ PROBE(PARENT, ENTRY), .is_no_hop = true, .candidates = PARENT, .fetches = path_entry },
	CALL(STAT, { "vfs_statx", NULL }),
	CALL(ACCESS, { "do_faccessat", NULL }),
	CALL(READLINK, { "do_readlinkat", NULL }),
	CALL(CHDIR, SYSCALL("chdir")),
	CALL(UNLINK, { "do_unlinkat", NULL }, { "filename_unlinkat", NULL }),
	CALL(RMDIR, { "do_rmdir", NULL }, { "filename_rmdir", NULL }),
	CALL(RENAME, { "do_renameat2", NULL }, { "filename_renameat2", NULL }),
	CALL(MKDIR, { "do_mkdirat", NULL }, { "filename_mkdirat", NULL }),
	CALL(LINK, { "do_linkat", NULL }, { "filename_linkat", NULL }),
	CALL(SYMLINK, { "do_symlinkat", NULL }, { "filename_symlinkat", NULL }),
	CALL(MKNOD, { "do_mknodat", NULL }, { "filename_mknodat", NULL }),
	CALL(CHMOD, { "do_fchmodat", NULL }, SYSCALL("chmod")),
	CALL(CHOWN, { "do_fchownat", NULL }),
	CALL_WITH(utimes_entry, UTIMES, { "do_utimes", NULL }),
	CALL(TRUNCATE, { "do_sys_truncate", NULL }, SYSCALL("truncate")),
	CALL(STATFS, { "user_statfs", NULL }),
	CALL_WITH(getxattr_entry, GETXATTR, { "path_getxattr", NULL }, { "path_getxattrat", NULL }),
	CALL_WITH(setxattr_entry, SETXATTR, { "path_setxattr", NULL }, { "path_setxattrat", NULL }),
	CALL_WITH(listxattr_entry, LISTXATTR, { "path_listxattr", NULL }, { "path_listxattrat", NULL }),
	CALL_WITH(removexattr_entry, REMOVEXATTR, { "path_removexattr", NULL },
		  { "path_removexattrat", NULL }),
	CALL(CHROOT, SYSCALL("chroot")),
	CALL(UMOUNT, SYSCALL("umount")),
	CALL(WATCH, { "__x64_sys_inotify_add_watch", NULL }),
	CALL(HANDLE, { "__x64_sys_name_to_handle_at", NULL }),
	CALL(FCHMODAT, SYSCALL("fchmodat")),
};
/* clang-format on */

const size_t role_probes_count = sizeof(role_probes) / sizeof(role_probes[0]);

const struct role_probe *role_probe_find(enum role role, enum point point)
{
	for (size_t i = 0; i < role_probes_count; i++) {
		if (role_probes[i].role == role && role_probes[i].point == point)
			return &role_probes[i];
	}
	return NULL;
}
