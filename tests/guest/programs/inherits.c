/* SPDX-License-Identifier: MIT */
/*
 * Prints what a program has from its caller: with and without ftopen it has to be the same.
 */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

extern char **environ;

static const char *const status_lines[] = { "Sig",   "Shd",	 "Cap",
					    "NoNew", "Seccomp:", "Cpus_allowed_list",
					    "Umask", "Groups",	 "Uid",
					    "Gid" };

static void print_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		printf("%s: %s", path, line);
	if (file)
		fclose(file);
}

/* SigQ counts what is queued for the user, by anybody. */
static void print_status(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[4096];

	while (file && fgets(line, sizeof(line), file)) {
		for (size_t i = 0; i < sizeof(status_lines) / sizeof(status_lines[0]); i++) {
			if (!strncmp(line, status_lines[i], strlen(status_lines[i])) &&
			    strncmp(line, "SigQ", 4))
				fputs(line, stdout);
		}
	}
	if (file)
		fclose(file);
}

static void print_process(void)
{
	int death = 0, subreaper = 0;

	prctl(PR_GET_PDEATHSIG, &death);
	prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
	printf("nice %d scheduler %d dumpable %d pdeathsig %d slack %d subreaper %d\n",
	       getpriority(PRIO_PROCESS, 0), sched_getscheduler(0), prctl(PR_GET_DUMPABLE), death,
	       prctl(PR_GET_TIMERSLACK), subreaper);
	printf("group is the parent's: %d, session is: %d, terminal: %d %d\n",
	       getpgid(0) == getpgid(getppid()), getsid(0) == getsid(getppid()), isatty(0),
	       tcgetpgrp(0) == getpgrp());
}

static void print_limits(void)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit limit;

		getrlimit(i, &limit);
		printf("limit %d: %lx %lx\n", i, (long)limit.rlim_cur, (long)limit.rlim_max);
	}
}

static void print_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;

	printf("descriptors:");
	while ((entry = readdir(folder))) {
		if (atoi(entry->d_name) != dirfd(folder))
			printf(" %s", entry->d_name);
	}
	puts("");
	closedir(folder);
}

int main(int argc, char **argv)
{
	print_status();
	print_process();
	print_limits();
	print_descriptors();
	print_file("/proc/self/oom_score_adj");
	print_file("/proc/self/cgroup");
	printf("folder %s\n", getcwd(NULL, 0));
	for (char **variable = environ; *variable; variable++) {
		if (strncmp(*variable, "_=", 2))
			puts(*variable);
	}
	for (int i = 0; i < argc; i++)
		printf("argument %s\n", argv[i]);
	return 0;
}
