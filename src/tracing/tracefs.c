/* SPDX-License-Identifier: MIT */
/*
 * Where tracefs is and whether it can be used. Mounts nothing, changes nothing.
 */
#include "tracing/tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "util/io.h"
#include "util/message.h"

#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"
#define PROBES_FILE   "kprobe_events"
#define MOUNTS	      "/proc/self/mounts"

/* The result of looking at the mounts of tracefs; @dir is of the best one. */
struct mount_search {
	char dir[4096];
	unsigned int mounted;
	unsigned int shown; /* not covered by another mount */
	int err;	    /* why the first of these cannot be written, 0 if @dir can be */
};

static bool is_shown(const char *dir)
{
	struct statfs fs;

	return !statfs(dir, &fs) && (unsigned long)fs.f_type == TRACEFS_MAGIC;
}

/* Return: 0, or the errno of opening what probes are written to. */
static int try_dir(const char *dir)
{
	char path[4200];
	int fd;

	snprintf(path, sizeof(path), "%s/" PROBES_FILE, dir);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static void consider(struct mount_search *search, const char *dir)
{
	int err;

	search->mounted++;
	if (!is_shown(dir))
		return;
	err = try_dir(dir);
	if (search->shown++ && err)
		return;
	search->err = err;
	snprintf(search->dir, sizeof(search->dir), "%s", dir);
}

/*
 * The first mount that can be written, else the first that is shown. debugfs shows tracefs below
 * "tracing", too, but mounts it on demand.
 *
 * Return: 0 or a negative errno: the mounts cannot be read.
 */
static int look_for_mounts(struct mount_search *search)
{
	struct mntent *entry;
	FILE *mounts = setmntent(MOUNTS, "re");

	memset(search, 0, sizeof(*search));
	if (!mounts)
		return -errno;
	while (!(search->shown && !search->err) && (entry = getmntent(mounts))) {
		if (!strcmp(entry->mnt_type, "tracefs"))
			consider(search, entry->mnt_dir);
	}
	endmntent(mounts);
	return 0;
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

static void explain(const char *dir, int err)
{
	error("cannot write '%s/" PROBES_FILE "': %s", dir, strerror(err));
	if (is_locked_down()) {
		hint("this kernel is locked down in confidentiality mode (%s): nobody can trace",
		     LOCKDOWN_FILE);
		hint("boot it with lockdown=integrity in place of lockdown=confidentiality");
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

static int explain_no_mounts(int err)
{
	error("cannot find tracefs: cannot read '" MOUNTS "': %s", strerror(-err));
	if (err == -ENOENT)
		hint("mount -t proc proc /proc");
	return err;
}

static int explain_no_mount(const struct mount_search *search)
{
	if (search->mounted) {
		error("cannot find tracefs: another mount hides it ('" MOUNTS "')");
		hint("unmount that, or mount tracefs in another directory: mount -t tracefs nodev "
		     "DIR");
	} else if (access("/sys/kernel/tracing", F_OK)) {
		error("cannot find tracefs: this kernel has no '/sys/kernel/tracing'");
		hint("it was built without CONFIG_FTRACE, or /sys is not mounted;");
		hint("'make guest' in ftopen's source tree boots a kernel that can be traced");
	} else {
		error("cannot find tracefs: it is not mounted ('" MOUNTS "' shows none)");
		hint("mount -t tracefs nodev /sys/kernel/tracing");
	}
	return -ENOENT;
}

int tracefs_find(const char **dir)
{
	static struct mount_search search;
	int ret = look_for_mounts(&search);

	if (ret)
		return explain_no_mounts(ret);
	if (!search.shown)
		return explain_no_mount(&search);
	if (search.err) {
		explain(search.dir, search.err);
		return -search.err;
	}
	*dir = search.dir;
	return 0;
}

const char *tracefs_shown(void)
{
	static struct mount_search search;

	return look_for_mounts(&search) || !search.shown ? NULL : search.dir;
}

int tracefs_registers(const char *dir, const struct registers **registers)
{
	struct utsname uts = { .machine = "" };
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
	error("cannot fetch arguments: the argument registers of '%s' are not known", uts.machine);
	hint("add them to the table in src/kernel/registers.c: this kernel has no $arg<N> ('%s')",
	     path);
	return -EOPNOTSUPP;
}
