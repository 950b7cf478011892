/* SPDX-License-Identifier: MIT */
/*
 * Where tracefs is and whether it can be used. Mounts nothing, changes nothing.
 */
#include "tracing/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/io.h"
#include "util/message.h"

#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"

/* The first mounted tracefs; debugfs shows one below "tracing", too, but mounts it on demand. */
static const char *find_mount(void)
{
	static char dir[4096];
	struct mntent *entry;
	FILE *mounts = setmntent("/proc/self/mounts", "re");

	dir[0] = '\0';
	while (mounts && !dir[0] && (entry = getmntent(mounts))) {
		if (!strcmp(entry->mnt_type, "tracefs"))
			snprintf(dir, sizeof(dir), "%s", entry->mnt_dir);
	}
	if (mounts)
		endmntent(mounts);
	return dir[0] ? dir : NULL;
}

const char *lockdown_mode(void)
{
	static char mode[32];
	char *text, *open, *close;

	if (read_file(LOCKDOWN_FILE, &text, NULL))
		return NULL;
	/* "none [integrity] confidentiality": the brackets mark the mode that holds. */
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	mode[0] = '\0';
	if (close)
		snprintf(mode, sizeof(mode), "%.*s", (int)(close - open - 1), open + 1);
	free(text);
	return mode[0] ? mode : NULL;
}

static bool is_locked_down(void)
{
	const char *mode = lockdown_mode();

	return mode && !strcmp(mode, "confidentiality");
}

static void explain(const char *path, int err)
{
	error("cannot write '%s': %s", path, strerror(err));
	if (is_locked_down()) {
		hint("this kernel is locked down in confidentiality mode (%s),", LOCKDOWN_FILE);
		hint("which closes tracefs to everybody; integrity mode would do: boot without");
		hint("lockdown=confidentiality");
		return;
	}
	switch (err) {
	case ENOENT:
		hint("this kernel was built without CONFIG_KPROBE_EVENTS (and CONFIG_KPROBES);");
		hint("'make guest' in ftopen's source tree boots one that has them");
		break;
	case EACCES:
	case EPERM:
		hint("tracefs belongs to root: run it with sudo");
		break;
	case EROFS:
		hint("tracefs is mounted read-only: mount -o remount,rw it");
		break;
	default:
		break;
	}
}

static int explain_no_mount(void)
{
	if (access("/sys/kernel/tracing", F_OK)) {
		error("cannot find tracefs: this kernel has no '/sys/kernel/tracing'");
		hint("it was built without CONFIG_FTRACE, or /sys is not mounted;");
		hint("'make guest' in ftopen's source tree boots a kernel that can be traced");
	} else {
		error("cannot find tracefs: it is not mounted ('/proc/self/mounts' shows none)");
		hint("mount -t tracefs nodev /sys/kernel/tracing");
	}
	return -ENOENT;
}

int tracefs_find(const char **dir)
{
	const char *mount = find_mount();
	char path[4200];
	int fd, err;

	if (!mount)
		return explain_no_mount();
	snprintf(path, sizeof(path), "%s/kprobe_events", mount);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0) {
		err = errno;
		explain(path, err);
		return -err;
	}
	close(fd);
	*dir = mount;
	return 0;
}

int tracefs_registers(const char *dir, const struct registers **registers)
{
	struct utsname uts;
	char path[4200], *readme;
	bool has_args;

	*registers = NULL;
	snprintf(path, sizeof(path), "%s/README", dir);
	if (read_file(path, &readme, NULL))
		return 0;
	has_args = readme_has_args(readme);
	free(readme);
	if (has_args)
		return 0;
	if (!uname(&uts))
		*registers = registers_of(uts.machine);
	if (*registers)
		return 0;
	error("cannot fetch arguments: this kernel does so by register only ('%s' has no $arg<N>),",
	      path);
	hint("and ftopen does not know those of this machine: src/kernel/registers.c has the "
	     "table");
	return -EOPNOTSUPP;
}
