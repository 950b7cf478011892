/* SPDX-License-Identifier: MIT */
/*
 * Comes to opens in every way that there is, and prints what each gave it, a line each: calls KIND.
 *   errors  opens that the kernel refuses before it looks anything up, and others between them
 *   exec    its own file, by execve(), and one that is missing
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The return of a system call; an address that is none is passed on as it is. */
static long try_open(const char *path, int flags)
{
	long ret = syscall(SYS_openat, AT_FDCWD, path, flags, 0600);

	ret = ret < 0 ? -errno : ret;
	printf("%ld\n", ret);
	return ret;
}

static void try_openat2(const char *path, uint64_t flags, uint64_t resolve)
{
	struct open_how how = { .flags = flags, .resolve = resolve };
	long ret = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	printf("%ld\n", ret < 0 ? -(long)errno : ret);
}

static void errors(void)
{
	static char longer[6000];
	struct rlimit full = { .rlim_max = 64 };

	memset(longer, 'l', sizeof(longer) - 1);
	close((int)try_open("/tmp/ca_made", O_CREAT | O_RDWR));
	try_open((const char *)1, O_RDONLY);
	try_open("", O_RDONLY);
	try_open(longer, O_RDONLY);
	try_open("/tmp", O_TMPFILE | O_RDONLY);
	try_openat2("/tmp/ca_strange", O_RDONLY | (UINT64_C(1) << 40), 0);
	try_openat2("tmp/ca_beneath", O_RDONLY, RESOLVE_BENEATH);
	setrlimit(RLIMIT_NOFILE, &full);
	try_open("/tmp/ca_made", O_RDONLY);
	try_open("/tmp/ca_none", O_RDONLY);
	full.rlim_cur = 64;
	setrlimit(RLIMIT_NOFILE, &full);
	close((int)try_open("/tmp/ca_made", O_RDONLY));
}

static void exec_itself(void)
{
	char *const argv[] = { "calls", "after", NULL };
	char *const none[] = { NULL };

	try_open("/tmp/ca_before", O_RDONLY);
	execve("/tmp/ca_no_program", argv, none);
	printf("%d\n0\n", -errno);
	fflush(stdout);
	execve("/proc/self/exe", argv, none);
}

static void after_exec(void)
{
	try_open("/tmp/ca_after", O_RDONLY);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "errors", errors },
	{ "exec", exec_itself },
	{ "after", after_exec },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		kinds[i].run();
		return 0;
	}
	return 2;
}
