/* SPDX-License-Identifier: MIT */
/*
 * Calls that take a path and open nothing, in vain. That each fails is what the self-test knows of
 * its result. Each function is called in every way that programs can reach it, because the compiler
 * may have inlined it into some of its callers.
 */
#include "path_calls.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ATTRIBUTE "user.ftopen"
#define HERE	  AT_FDCWD

struct places {
	const char *missing;
	const char *there;
};

static int try_stat(const struct places *at)
{
	struct statx extended;
	struct stat file;

	return stat(at->missing, &file) + lstat(at->missing, &file) +
	       fstatat(HERE, at->missing, &file, 0) + statx(HERE, at->missing, 0, 0, &extended);
}

static int try_access(const struct places *at)
{
	return access(at->missing, F_OK) + faccessat(HERE, at->missing, F_OK, 0);
}

static int try_readlink(const struct places *at)
{
	char link[1];

	return (int)(readlink(at->missing, link, 1) + readlinkat(HERE, at->missing, link, 1));
}

static int try_chdir(const struct places *at)
{
	return chdir(at->missing);
}

static int try_unlink(const struct places *at)
{
	return unlink(at->missing) + unlinkat(HERE, at->missing, 0);
}

static int try_rmdir(const struct places *at)
{
	return rmdir(at->missing) + unlinkat(HERE, at->missing, AT_REMOVEDIR);
}

static int try_rename(const struct places *at)
{
	return rename(at->missing, at->missing) + renameat(HERE, at->missing, HERE, at->missing) +
	       renameat2(HERE, at->missing, HERE, at->missing, RENAME_NOREPLACE);
}

static int try_mkdir(const struct places *at)
{
	return mkdir(at->there, 0700) + mkdirat(HERE, at->there, 0700);
}

static int try_link(const struct places *at)
{
	return link(at->missing, at->there) + linkat(HERE, at->missing, HERE, at->there, 0);
}

static int try_symlink(const struct places *at)
{
	return symlink(at->missing, at->there) + symlinkat(at->missing, HERE, at->there);
}

static int try_mknod(const struct places *at)
{
	return mknod(at->there, S_IFREG | 0600, 0) + mknodat(HERE, at->there, S_IFREG | 0600, 0);
}

static int try_chmod(const struct places *at)
{
	return chmod(at->missing, 0600);
}

static int try_fchmodat(const struct places *at)
{
	return fchmodat(HERE, at->missing, 0600, 0);
}

static int try_chown(const struct places *at)
{
	const uid_t same = (uid_t)-1;

	return chown(at->missing, same, same) + lchown(at->missing, same, same) +
	       fchownat(HERE, at->missing, same, same, 0);
}

static int try_utimes(const struct places *at)
{
	return utimes(at->missing, NULL) + utimensat(HERE, at->missing, NULL, 0);
}

static int try_truncate(const struct places *at)
{
	return truncate(at->missing, 0);
}

static int try_statfs(const struct places *at)
{
	struct statfs system;

	return statfs(at->missing, &system);
}

static int try_getxattr(const struct places *at)
{
	return (int)(getxattr(at->missing, ATTRIBUTE, NULL, 0) +
		     lgetxattr(at->missing, ATTRIBUTE, NULL, 0));
}

static int try_setxattr(const struct places *at)
{
	return setxattr(at->missing, ATTRIBUTE, "", 0, 0) +
	       lsetxattr(at->missing, ATTRIBUTE, "", 0, 0);
}

static int try_listxattr(const struct places *at)
{
	return (int)(listxattr(at->missing, NULL, 0) + llistxattr(at->missing, NULL, 0));
}

static int try_removexattr(const struct places *at)
{
	return removexattr(at->missing, ATTRIBUTE) + lremovexattr(at->missing, ATTRIBUTE);
}

static int try_chroot(const struct places *at)
{
	return chroot(at->missing);
}

static int try_umount(const struct places *at)
{
	return umount2(at->missing, 0);
}

static int try_watch(const struct places *at)
{
	int watches = inotify_init1(IN_CLOEXEC);
	int ret = inotify_add_watch(watches, at->missing, IN_MODIFY);

	if (watches >= 0)
		close(watches);
	return ret;
}

static int try_handle(const struct places *at)
{
	struct file_handle none = { .handle_bytes = 0 };
	int mount;

	return name_to_handle_at(HERE, at->missing, &none, &mount, 0);
}

/* In the order of their roles. Each call gives -1. */
static int (*const tries[])(const struct places *at) = {
	try_stat,   try_access,	  try_readlink, try_chdir,     try_unlink,
	try_rmdir,  try_rename,	  try_mkdir,	try_link,      try_symlink,
	try_mknod,  try_chmod,	  try_chown,	try_utimes,    try_truncate,
	try_statfs, try_getxattr, try_setxattr, try_listxattr, try_removexattr,
	try_chroot, try_umount,	  try_watch,	try_handle,    try_fchmodat,
};

_Static_assert(sizeof(tries) / sizeof(tries[0]) == PATH_CALL_ROLES, "each role is tried");

void act_path_calls(const char *missing, const char *there, unsigned int *counts)
{
	const struct places at = { missing, there };

	for (size_t i = 0; i < PATH_CALL_ROLES; i++)
		counts[i] = (unsigned int)-tries[i](&at);
}
