/* SPDX-License-Identifier: MIT */
/*
 * Counts the signals that it gets: signals HOW COUNT FILE. Sends COUNT of SIGTERM in that way
 * (group, parent), or waits for them (wait), opens FILE, and prints how many came.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_MS 500

static volatile sig_atomic_t count;

static void on_signal(int number)
{
	(void)number;
	count++;
}

/* To its end, whatever interrupts it. */
static void pause_ms(long ms)
{
	struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&left, &left))
		;
}

/* For minutes at most: the machine may be busy. */
static void await_count(int wanted)
{
	for (int i = 0; i < 6000 && count < wanted; i++)
		pause_ms(50);
	printf("so far %d\n", (int)count);
	fflush(stdout);
}

static void send_all(const char *how, int wanted)
{
	for (int i = 0; i < wanted; i++) {
		kill(strcmp(how, "group") ? getppid() : 0, SIGTERM);
		await_count(i + 1);
		pause_ms(PAUSE_MS); /* signals that come close together are one */
	}
}

static void await_all(int wanted)
{
	for (int i = 0; i < wanted; i++)
		await_count(i + 1);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	int wanted = argc == 4 ? atoi(argv[2]) : 0;
	int fd;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	if (!wanted)
		return 98;
	puts("ready");
	fflush(stdout);
	if (strcmp(argv[1], "wait"))
		send_all(argv[1], wanted);
	else
		await_all(wanted);
	pause_ms(PAUSE_MS);
	fd = open(argv[3], O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	printf("got %d of %d\n", (int)count, wanted);
	return 5;
}
