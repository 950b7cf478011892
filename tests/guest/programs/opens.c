/* SPDX-License-Identifier: MIT */
/*
 * Opens much: opens KIND COUNT [THREADS]. Prints how many opens were made, and of which outcome.
 *   files    COUNT opens of 100 files in /tmp, spread over THREADS
 *   missing  COUNT names that do not exist, each once, then the first again
 *   fifos    THREADS threads asleep in open() of a FIFO each, while COUNT files are opened
 *   reuse    COUNT times create and unlink of one name
 *   deep     COUNT opens of 100 files, six components down, by paths of 60 bytes
 *   churn    COUNT files are made, each is opened twice after the next 50 are there
 *   stats    COUNT calls of stat for 100 files in /tmp, counted like opens
 *   until    as files, and then slowly on until /tmp/stop is there
 * The time is that of the opens alone, with what reuse and churn make and unlink.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FILES	     100
#define MOST_THREADS 1024

static long count, thread_count = 1;
static long opened, failed;

static void count_open(int fd)
{
	__atomic_fetch_add(fd < 0 ? &failed : &opened, 1, __ATOMIC_RELAXED);
	if (fd >= 0)
		close(fd);
}

static void *open_files(void *first)
{
	char path[64];

	for (long i = (long)first; i < count; i += thread_count) {
		snprintf(path, sizeof(path), "/tmp/op_%ld", i % FILES);
		count_open(open(path, O_RDONLY));
	}
	return NULL;
}

static void in_threads(void *(*run)(void *), pthread_t *ids)
{
	for (long i = 0; i < thread_count; i++)
		pthread_create(&ids[i], NULL, run, (void *)i);
}

static void join(pthread_t *ids)
{
	for (long i = 0; i < thread_count; i++)
		pthread_join(ids[i], NULL);
}

static void make_files(void)
{
	char path[64];

	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "/tmp/op_%d", i);
		count_open(open(path, O_CREAT | O_RDWR, 0600));
	}
}

static void files(void)
{
	pthread_t ids[MOST_THREADS];

	in_threads(open_files, ids);
	join(ids);
}

static void *open_until(void *first)
{
	open_files(first);
	while (access("/tmp/stop", F_OK)) {
		count_open(open("/tmp/op_0", O_RDONLY));
		usleep(1000);
	}
	return NULL;
}

static void until(void)
{
	pthread_t ids[MOST_THREADS];

	in_threads(open_until, ids);
	join(ids);
}

static void missing(void)
{
	char path[64];

	for (long i = 0; i <= count; i++) {
		snprintf(path, sizeof(path), "/tmp/missing_%ld", i % count);
		count_open(open(path, O_RDONLY));
	}
}

static pid_t sleepers[MOST_THREADS];

static void *open_fifo(void *number)
{
	char path[64];

	snprintf(path, sizeof(path), "/tmp/fifo_%ld", (long)number);
	__atomic_store_n(&sleepers[(long)number], gettid(), __ATOMIC_RELEASE);
	count_open(open(path, O_RDONLY));
	return NULL;
}

static void a_second(void)
{
	sleep(1);
}

/* What it waits for last is the other end: locks of the kernel are waited for in another state. */
static bool is_asleep(pid_t tid)
{
	char path[64], stat[64], state = '?';
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
	fd = open(path, O_RDONLY);
	size = read(fd, stat, sizeof(stat) - 1);
	stat[size > 0 ? size : 0] = '\0';
	count_open(fd);
	return sscanf(stat, "%*d (%*[^)]) %c", &state) == 1 && state == 'S';
}

static void until_all_sleep(void)
{
	for (long i = 0; i < thread_count; i++) {
		pid_t tid;

		while (!(tid = __atomic_load_n(&sleepers[i], __ATOMIC_ACQUIRE)) || !is_asleep(tid))
			usleep(10000);
	}
}

static void open_beside(void (*await)(void))
{
	long others = thread_count;
	pthread_t ids[MOST_THREADS];
	char path[64];

	for (long i = 0; i < others; i++) {
		snprintf(path, sizeof(path), "/tmp/fifo_%ld", i);
		mkfifo(path, 0600);
	}
	in_threads(open_fifo, ids);
	await();
	thread_count = 1;
	open_files(NULL);
	thread_count = others;
	for (long i = 0; i < others; i++) {
		snprintf(path, sizeof(path), "/tmp/fifo_%ld", i);
		count_open(open(path, O_WRONLY));
	}
	join(ids);
}

static void fifos(void)
{
	open_beside(a_second);
}

static void asleep(void)
{
	open_beside(until_all_sleep);
}

static void reuse(void)
{
	for (long i = 0; i < count; i++) {
		count_open(open("/tmp/reused", O_CREAT | O_EXCL | O_RDWR, 0600));
		unlink("/tmp/reused");
	}
}

static const char deep_folder[] = "/tmp/directory_1/directory_2/directory_3/directory_4";

static void make_deep(void)
{
	char path[64];

	for (size_t end = strlen("/tmp"); deep_folder[end];) {
		end += 1 + strcspn(deep_folder + end + 1, "/");
		snprintf(path, sizeof(path), "%.*s", (int)end, deep_folder);
		mkdir(path, 0700);
	}
	for (long i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/file_%02ld", deep_folder, i);
		count_open(open(path, O_CREAT | O_RDWR, 0600));
	}
}

static void deep(void)
{
	char path[64];

	for (long i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/file_%02ld", deep_folder, i % FILES);
		count_open(open(path, O_RDONLY));
	}
}

static void stats(void)
{
	struct stat status;
	char path[64];

	for (long i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/tmp/op_%ld", i % FILES);
		if (stat(path, &status))
			failed++;
		else
			opened++;
	}
}

static void churn(void)
{
	char path[64];

	for (long i = 0; i < count + 50; i++) {
		snprintf(path, sizeof(path), "/tmp/churn_%ld", i);
		if (i < count)
			count_open(open(path, O_CREAT | O_EXCL | O_RDWR, 0600));
		if (i < 50)
			continue;
		snprintf(path, sizeof(path), "/tmp/churn_%ld", i - 50);
		count_open(open(path, O_RDONLY));
		count_open(open(path, O_RDONLY));
	}
}

static void nothing(void)
{
}

static const struct {
	const char *name;
	void (*prepare)(void);
	void (*run)(void);
} kinds[] = {
	{ "files", make_files, files },	  { "missing", nothing, missing },
	{ "fifos", nothing, fifos },	  { "reuse", nothing, reuse },
	{ "deep", make_deep, deep },	  { "churn", nothing, churn },
	{ "stats", make_files, stats },	  { "until", make_files, until },
	{ "asleep", make_files, asleep },
};

int main(int argc, char **argv)
{
	struct timespec start, end;
	long prepared;

	if (argc > 2)
		count = atol(argv[2]);
	if (argc > 3)
		thread_count = atol(argv[3]);
	if (count < 1 || thread_count < 1 || thread_count > MOST_THREADS)
		return 2;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		kinds[i].prepare();
		prepared = opened + failed;
		clock_gettime(CLOCK_MONOTONIC, &start);
		kinds[i].run();
		clock_gettime(CLOCK_MONOTONIC, &end);
		printf("%ld opened, %ld failed, %.0f ns each\n", opened, failed,
		       ((double)(end.tv_sec - start.tv_sec) * 1e9 +
			(double)(end.tv_nsec - start.tv_nsec)) /
			       (double)(opened + failed - prepared));
		return 0;
	}
	return 2;
}
