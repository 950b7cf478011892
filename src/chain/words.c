/* SPDX-License-Identifier: MIT */
/*
 * The words of the output for everything a chain is made of.
 */
#include "chain/chain.h"

#include <string.h>

#include "chain/open.h"
#include "chain/plan.h"

const char *hop_name(enum hop_kind kind)
{
	static const char *const names[HOP_NR] = {
		[HOP_USER] = "user",	     [HOP_COPY] = "copy",
		[HOP_FILENAME] = "filename", [HOP_LOOKUP] = "lookup",
		[HOP_SOURCE] = "source",     [HOP_ALLOC] = "alloc",
		[HOP_INSERT] = "insert",     [HOP_INSTANTIATE] = "instantiate",
		[HOP_FILE] = "file",	     [HOP_DELETE] = "delete",
		[HOP_RENAME] = "rename",     [HOP_EVICT] = "evict",
	};
	return names[kind];
}

const char *walk_name(enum walk walk)
{
	static const char *const names[] = {
		[WALK_UNKNOWN] = "unknown",
		[WALK_RCU] = "rcu",
		[WALK_REF] = "ref",
	};
	return names[walk];
}

const char *cache_name(enum cache cache)
{
	static const char *const names[CACHE_NR] = {
		[CACHE_UNKNOWN] = "unknown",   [CACHE_HIT] = "hit",
		[CACHE_NEGATIVE] = "negative", [CACHE_MISS] = "miss",
		[CACHE_CREATED] = "created",   [CACHE_STALE] = "stale",
		[CACHE_NONE] = "none",	       [CACHE_UNREACHED] = "unreached",
	};
	return names[cache];
}

const char *call_name(enum call call)
{
	static const char *const names[CALL_NR] = {
		[CALL_OPEN] = "open",
		[CALL_OPENAT2] = "openat2",
		[CALL_HANDLE] = "handle",
		[CALL_EXEC] = "exec",
		[CALL_IO_URING] = "io_uring",
		[CALL_KERNEL] = "kernel",
		[CALL_STAT] = "stat",
		[CALL_ACCESS] = "access",
		[CALL_READLINK] = "readlink",
		[CALL_CHDIR] = "chdir",
		[CALL_UNLINK] = "unlink",
		[CALL_RMDIR] = "rmdir",
		[CALL_RENAME] = "rename",
		[CALL_MKDIR] = "mkdir",
		[CALL_LINK] = "link",
		[CALL_SYMLINK] = "symlink",
		[CALL_MKNOD] = "mknod",
		[CALL_CHMOD] = "chmod",
		[CALL_CHOWN] = "chown",
		[CALL_UTIMES] = "utimes",
		[CALL_TRUNCATE] = "truncate",
		[CALL_STATFS] = "statfs",
		[CALL_GETXATTR] = "getxattr",
		[CALL_SETXATTR] = "setxattr",
		[CALL_LISTXATTR] = "listxattr",
		[CALL_REMOVEXATTR] = "removexattr",
		[CALL_CHROOT] = "chroot",
		[CALL_UMOUNT] = "umount",
		[CALL_WATCH] = "inotify_add_watch",
		[CALL_NAME_TO_HANDLE] = "name_to_handle_at",
	};
	return names[call];
}

const char *stage_name(enum stage stage)
{
	static const char *const names[STAGE_NR] = {
		[STAGE_NONE] = "none",	     [STAGE_COPY] = "copy",
		[STAGE_WALK] = "walk",	     [STAGE_LOOKUP] = "lookup",
		[STAGE_ALLOC] = "alloc",     [STAGE_FILE_SYSTEM] = "filesystem",
		[STAGE_OPENING] = "opening", [STAGE_DESCRIPTOR] = "descriptor",
	};
	return names[stage];
}

const char *born_name(enum born born)
{
	static const char *const names[BORN_NR] = {
		[BORN_NOT] = "not",	      [BORN_TRACED] = "traced",	  [BORN_BEFORE] = "before",
		[BORN_UNTRACED] = "untraced", [BORN_UNKNOWN] = "unknown",
	};
	return names[born];
}

const char *storage_name(enum storage storage)
{
	static const char *const names[] = {
		[STORAGE_UNKNOWN] = "unknown",
		[STORAGE_INLINE] = "inline",
		[STORAGE_EXTERNAL] = "external",
	};
	return names[storage];
}

const char *end_name(enum lifetime_end end)
{
	static const char *const names[] = {
		[END_ALIVE] = "alive",	     [END_EVICTED] = "evicted", [END_DELETED] = "deleted",
		[END_UNHASHED] = "unhashed", [END_RENAMED] = "renamed", [END_UNKNOWN] = "unknown",
	};
	return names[end];
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICT_NR] = {
		[VERDICT_NONE] = "none",
		[VERDICT_PASS] = "PASS",
		[VERDICT_FAIL] = "FAIL",
		[VERDICT_UNKNOWN] = "UNKNOWN",
	};
	return names[verdict];
}

const char *op_name(enum relation_op op)
{
	static const char *const names[] = {
		[OP_EQUAL] = "==",
		[OP_DIFFERENCE] = "-",
		[OP_OUTSIDE] = "outside",
	};
	return names[op];
}

const char *layout_source_name(enum layout_source source)
{
	static const char *const names[LAYOUT_NR] = {
		[LAYOUT_UNKNOWN] = "unknown",
		[LAYOUT_BTF] = "btf",
		[LAYOUT_MEASURED] = "measured",
		[LAYOUT_MIXED] = "mixed",
	};
	return names[source];
}

enum layout_source layout_source_of(const char *name)
{
	enum layout_source source = LAYOUT_NR - 1;

	while (source != LAYOUT_UNKNOWN && strcmp(layout_source_name(source), name) != 0)
		source--;
	return source;
}

const char *probe_state_name(enum probe_state state)
{
	static const char *const names[PROBE_NR] = {
		[PROBE_UNKNOWN] = "unknown",	   [PROBE_EXACT] = "exact",
		[PROBE_SUBSTITUTE] = "substitute", [PROBE_REFUSED] = "refused",
		[PROBE_SILENT] = "silent",
	};
	return names[state];
}

enum probe_state probe_state_of(const char *name)
{
	enum probe_state state = PROBE_NR - 1;

	while (state != PROBE_UNKNOWN && strcmp(probe_state_name(state), name) != 0)
		state--;
	return state;
}
