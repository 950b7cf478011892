/* SPDX-License-Identifier: MIT */
/*
 * The names of roles, probe points and fields.
 */
#include "chain/record.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	enum scope scope;
} roles[ROLE_NR] = {
	[ROLE_SYSCALL] = { "syscall", SCOPE_TASK },
	[ROLE_GETNAME] = { "getname", SCOPE_TASK },
	[ROLE_OPEN] = { "open", SCOPE_TASK },
	[ROLE_HANDLE] = { "handle", SCOPE_TASK },
	[ROLE_OPEN_ROOT] = { "open_root", SCOPE_TASK },
	[ROLE_LOOKUP_FAST] = { "lookup_fast", SCOPE_TASK },
	[ROLE_LOOKUP_REF] = { "lookup_ref", SCOPE_TASK },
	[ROLE_LOOKUP_SLOW] = { "lookup_slow", SCOPE_TASK },
	[ROLE_ALLOC] = { "alloc", SCOPE_TASK },
	[ROLE_PARALLEL] = { "parallel", SCOPE_TASK },
	[ROLE_INSERT] = { "insert", SCOPE_TASK },
	[ROLE_REHASH] = { "rehash", SCOPE_ANY },
	[ROLE_INSTANTIATE] = { "instantiate", SCOPE_ANY },
	[ROLE_DELETE] = { "delete", SCOPE_ANY },
	[ROLE_DROP] = { "drop", SCOPE_ANY },
	[ROLE_RENAME] = { "rename", SCOPE_ANY },
	[ROLE_EVICT] = { "evict", SCOPE_ANY },
	[ROLE_TASK] = { "task", SCOPE_TASK },
	[ROLE_EXEC] = { "exec", SCOPE_TASK },
	[ROLE_CHROOT] = { "chroot", SCOPE_TASK },
	[ROLE_CWD] = { "cwd", SCOPE_TASK },
	[ROLE_PIVOT] = { "pivot", SCOPE_TASK },
	[ROLE_MOUNT] = { "mount", SCOPE_TASK },
	[ROLE_UMOUNT] = { "umount", SCOPE_TASK },
	[ROLE_COMM] = { "comm", SCOPE_TASK },
	[ROLE_SIGNAL] = { "signal", SCOPE_TASK },
	[ROLE_DELIVERY] = { "delivery", SCOPE_TASK },
	[ROLE_OPENER] = { "opener", SCOPE_TASK },
	[ROLE_CREDS] = { "creds", SCOPE_TASK },
	[ROLE_PATH] = { "path", SCOPE_TASK },
	[ROLE_PARENT] = { "path_parent", SCOPE_TASK },
	[ROLE_CALL_STAT] = { "call_stat", SCOPE_TASK },
	[ROLE_CALL_ACCESS] = { "call_access", SCOPE_TASK },
	[ROLE_CALL_READLINK] = { "call_readlink", SCOPE_TASK },
	[ROLE_CALL_CHDIR] = { "call_chdir", SCOPE_TASK },
	[ROLE_CALL_UNLINK] = { "call_unlink", SCOPE_TASK },
	[ROLE_CALL_RMDIR] = { "call_rmdir", SCOPE_TASK },
	[ROLE_CALL_RENAME] = { "call_rename", SCOPE_TASK },
	[ROLE_CALL_MKDIR] = { "call_mkdir", SCOPE_TASK },
	[ROLE_CALL_LINK] = { "call_link", SCOPE_TASK },
	[ROLE_CALL_SYMLINK] = { "call_symlink", SCOPE_TASK },
	[ROLE_CALL_MKNOD] = { "call_mknod", SCOPE_TASK },
	[ROLE_CALL_CHMOD] = { "call_chmod", SCOPE_TASK },
	[ROLE_CALL_CHOWN] = { "call_chown", SCOPE_TASK },
	[ROLE_CALL_UTIMES] = { "call_utimes", SCOPE_TASK },
	[ROLE_CALL_TRUNCATE] = { "call_truncate", SCOPE_TASK },
	[ROLE_CALL_STATFS] = { "call_statfs", SCOPE_TASK },
	[ROLE_CALL_GETXATTR] = { "call_getxattr", SCOPE_TASK },
	[ROLE_CALL_SETXATTR] = { "call_setxattr", SCOPE_TASK },
	[ROLE_CALL_LISTXATTR] = { "call_listxattr", SCOPE_TASK },
	[ROLE_CALL_REMOVEXATTR] = { "call_rmxattr", SCOPE_TASK },
	[ROLE_CALL_CHROOT] = { "call_chroot", SCOPE_TASK },
	[ROLE_CALL_UMOUNT] = { "call_umount", SCOPE_TASK },
	[ROLE_CALL_WATCH] = { "call_watch", SCOPE_TASK },
	[ROLE_CALL_HANDLE] = { "call_handle", SCOPE_TASK },
	[ROLE_CALL_FCHMODAT] = { "call_fchmodat", SCOPE_TASK },
};

static const char *const fields[FIELD_NR] = {
#define _(word, name) [FIELD_##word] = name,
	FIELDS(_)
#undef _
};

static const char *const suffixes[] = {
	[POINT_ENTRY] = "",
	[POINT_RETURN] = "_ret",
	[POINT_CALL] = "_call",
};

const char *role_name(enum role role)
{
	return roles[role].name;
}

enum scope role_scope(enum role role)
{
	return roles[role].scope;
}

const char *field_name(enum field field)
{
	return fields[field];
}

const char *point_name(enum point point)
{
	return point == POINT_ENTRY ? "entry" : "return";
}

bool is_string_field(enum field field)
{
	return field == FIELD_STRING || field == FIELD_COMM;
}

/* task_struct.flags (include/linux/sched.h, 5.12 to 7.3, and 5.10.162): a ring's worker. */
#define PF_IO_WORKER 0x10

bool starts_worker(const struct record *record)
{
	return has_field(record, FIELD_TASK_FLAGS) &&
	       record->value[FIELD_TASK_FLAGS] & PF_IO_WORKER;
}

const char *point_suffix(enum point point)
{
	return suffixes[point];
}

static int point_by_suffix(const char *suffix, enum point *point)
{
	for (int i = 0; i <= POINT_CALL; i++) {
		if (!strcmp(suffix, suffixes[i])) {
			*point = (enum point)i;
			return 0;
		}
	}
	return -ENOENT;
}

int role_by_event(const char *event, enum role *role, enum point *point)
{
	for (int i = 0; i < ROLE_NR; i++) {
		size_t len = strlen(roles[i].name);

		if (strncmp(event, roles[i].name, len))
			continue;
		if (point_by_suffix(event + len, point))
			continue;
		*role = (enum role)i;
		return 0;
	}
	return -ENOENT;
}
