/* SPDX-License-Identifier: MIT */
/*
 * Comes to opens in every way that there is, and prints what each gave it, a line each: calls KIND.
 *   errors  opens that the kernel refuses before it looks anything up, and others between them
 *   exec    its own file, by execve(), and one that is missing
 *   handle  by a handle, that of a file, that of one that is gone, and none at all
 *   kernel  makes the kernel open: process accounting
 *   full    as nobody, while the system has more files than it may have
 *   memory  while its control group, /sys/fs/cgroup/ca, may have no memory
 *   signals a FIFO that nobody writes to, until a signal comes: with a handler, with one that lets
 *           the open begin anew and opens something itself, and without one
 *   attributes  of descriptors, and of a path, most of them in vain; prints nothing
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
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

static void try_handle(int mount, struct file_handle *handle)
{
	int fd = open_by_handle_at(mount, handle, O_RDONLY);

	printf("%d\n", fd < 0 ? -errno : fd);
	if (fd >= 0)
		close(fd);
}

static void by_handle(void)
{
	union {
		struct file_handle head;
		char bytes[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	int mount = (int)try_open("/tmp", O_RDONLY), id;

	close((int)try_open("/tmp/ca_handled", O_CREAT | O_RDWR));
	name_to_handle_at(mount, "ca_handled", &handle.head, &id, 0);
	try_handle(mount, &handle.head);
	unlink("/tmp/ca_handled");
	try_handle(mount, &handle.head);
	handle.head.handle_bytes = 0;
	try_handle(mount, &handle.head);
	close((int)try_open("/tmp/ca_last", O_RDONLY));
}

/* What acct() opens is not the program's. */
static void by_kernel(void)
{
	close((int)try_open("/tmp/ca_acct", O_CREAT | O_RDWR));
	acct("/tmp/ca_acct");
	acct(NULL);
	try_open("/tmp/ca_last", O_RDONLY);
}

/* What a file of the kernel has meanwhile, and then again what it had. */
static void meanwhile(const char *path, const char *value, void (*run)(void))
{
	int fd = (int)try_open(path, O_RDWR);
	char before[64];
	ssize_t size = pread(fd, before, sizeof(before), 0);

	fflush(stdout);
	if (size <= 0 || pwrite(fd, value, strlen(value), 0) < 0)
		_exit(3);
	run();
	if (pwrite(fd, before, (size_t)size, 0) < 0)
		_exit(3);
	close(fd);
	try_open("/tmp/ca_last", O_RDONLY);
}

#define NOBODY 65534

/* Root may have more. */
static void as_nobody(void)
{
	if (seteuid(NOBODY))
		_exit(3);
	try_open("/tmp/ca_made", O_RDONLY);
	try_open("/tmp/ca_none", O_RDONLY);
	if (seteuid(0))
		_exit(3);
}

static void full(void)
{
	close((int)try_open("/tmp/ca_made", O_CREAT | O_RDWR));
	meanwhile("/proc/sys/fs/file-max", "0", as_nobody);
}

#define MOST_FILES 4096

/* Each processor has a little left, of which the first ones are made. */
static void until_refused(void)
{
	for (int i = 0; i < MOST_FILES && try_open("/tmp/ca_made", O_RDONLY) >= 0; i++)
		;
}

/* Its own pages stay: none has to come back while there is no room for it. */
static void without_memory(void)
{
	const struct rlimit most = { MOST_FILES + 16, MOST_FILES + 16 };

	close((int)try_open("/tmp/ca_made", O_CREAT | O_RDWR));
	if (setrlimit(RLIMIT_NOFILE, &most) || mlockall(MCL_CURRENT))
		_exit(3);
	meanwhile("/sys/fs/cgroup/ca/memory.max", "0", until_refused);
}

static void on_alarm(int number)
{
	(void)number;
}

static void on_restart(int number)
{
	(void)number;
	try_open("/tmp/ca_in_handler", O_RDONLY);
}

/* After 200 ms a child sends @number, and after 400 ms it opens the other end if @writes. */
static void open_fifo(int number, bool writes)
{
	pid_t parent = getpid(), child = fork();

	if (!child) {
		usleep(200 * 1000);
		kill(parent, number);
		if (number == SIGSTOP)
			kill(parent, SIGCONT);
		usleep(200 * 1000);
		_exit(writes && open("/tmp/ca_fifo", O_WRONLY) < 0);
	}
	close((int)try_open("/tmp/ca_fifo", O_RDONLY));
	waitpid(child, NULL, 0);
}

static void by_signals(void)
{
	struct sigaction action = { .sa_handler = on_alarm };

	mkfifo("/tmp/ca_fifo", 0600);
	sigaction(SIGUSR1, &action, NULL);
	action = (struct sigaction){ .sa_handler = on_restart, .sa_flags = SA_RESTART };
	sigaction(SIGUSR2, &action, NULL);
	open_fifo(SIGUSR1, false);
	open_fifo(SIGUSR2, true);
	open_fifo(SIGSTOP, true);
	try_open("/tmp/ca_last", O_RDONLY);
}

static void attributes_of(int fd)
{
	futimens(fd, NULL);
	fsetxattr(fd, "user.ca", "", 0, 0);
	fgetxattr(fd, "user.ca", NULL, 0);
	fgetxattr(fd, "user.none", NULL, 0);
	flistxattr(fd, NULL, 0);
}

static void attributes(void)
{
	attributes_of(open("/tmp/ca_made", O_CREAT | O_RDWR, 0600));
	attributes_of(open("/proc/self/status", O_RDONLY));
	attributes_of(99);
	getxattr("/tmp/ca_attributes", "user.ca", NULL, 0);
	utimensat(AT_FDCWD, "/tmp/ca_attributes", NULL, 0);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "errors", errors },	 { "exec", exec_itself },      { "after", after_exec },
	{ "handle", by_handle }, { "kernel", by_kernel },      { "signals", by_signals },
	{ "full", full },	 { "memory", without_memory }, { "attributes", attributes },
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
