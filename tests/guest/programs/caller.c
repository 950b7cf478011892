/* SPDX-License-Identifier: MIT */
/*
 * Runs a command as a caller does that left something unusual behind: caller WHAT VALUE COMMAND...
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/* For each number in "1,2,3". */
static void each(char *list, void (*act)(int number))
{
	char *rest;

	for (char *at = strtok_r(list, ",", &rest); at; at = strtok_r(NULL, ",", &rest))
		act(atoi(at));
}

static void ignore_one(int number)
{
	signal(number, SIG_IGN);
}

static void default_one(int number)
{
	signal(number, SIG_DFL);
}

static void block_one(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void ignore(char *value)
{
	each(value, ignore_one);
}

static void by_default(char *value)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	each(value, default_one);
}

static void block(char *value)
{
	each(value, block_one);
}

static void alarm_after(char *value)
{
	alarm((unsigned int)atoi(value));
}

static void end_with_parent(char *value)
{
	prctl(PR_SET_PDEATHSIG, atoi(value));
}

static void be_nice(char *value)
{
	setpriority(PRIO_PROCESS, 0, atoi(value));
}

static void use_cpu(char *value)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)atoi(value), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void set_umask(char *value)
{
	umask((mode_t)strtol(value, NULL, 8));
}

/* The clock of children only: hence one more process. */
static void shift_clock(char *value)
{
	char text[64];
	int fd, status;
	pid_t pid;

	snprintf(text, sizeof(text), "monotonic %s 0\n", value);
	if (unshare(CLONE_NEWTIME)) {
		perror("unshare");
		exit(99);
	}
	fd = open("/proc/self/timens_offsets", O_WRONLY);
	if (write(fd, text, strlen(text)) < 0) {
		perror("timens_offsets");
		exit(99);
	}
	close(fd);
	pid = fork();
	if (!pid)
		return;
	waitpid(pid, &status, 0);
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static const struct {
	const char *word;
	void (*set)(char *value);
} settings[] = {
	{ "ignore", ignore },	  { "default", by_default },	 { "block", block },
	{ "alarm", alarm_after }, { "parent", end_with_parent }, { "nice", be_nice },
	{ "cpu", use_cpu },	  { "umask", set_umask },	 { "clock", shift_clock },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 3 && i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (strcmp(argv[1], settings[i].word))
			continue;
		settings[i].set(argv[2]);
		execvp(argv[3], argv + 3);
		perror(argv[3]);
	}
	return 98;
}
