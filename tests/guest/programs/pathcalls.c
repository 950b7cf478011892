/* SPDX-License-Identifier: MIT */
/*
 * Makes calls that take a path and open nothing, and that no program of busybox makes: each where
 * something is, and where nothing is. In an empty directory, as root.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static void handle_of(const char *path)
{
	struct file_handle none = { .handle_bytes = 0 };
	int mount;

	name_to_handle_at(AT_FDCWD, path, &none, &mount, 0);
}

static void call_all(const char *path)
{
	int watches = inotify_init1(IN_CLOEXEC);

	chmod(path, 0700);
	fchmodat(AT_FDCWD, path, 0700, 0);
	removexattr(path, "user.none");
	lremovexattr(path, "user.none");
	inotify_add_watch(watches, path, IN_MODIFY);
	handle_of(path);
	umount2(path, 0);
	umount2(path, MNT_DETACH);
	close(watches);
}

int main(void)
{
	mkdir("there", 0700);
	call_all("missing");
	call_all("there");
	mount("none", "there", "tmpfs", 0, NULL);
	call_all("there");
	chroot("missing");
	chroot("there/..");
	rmdir("there");
	return 0;
}
