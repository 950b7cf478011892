/* SPDX-License-Identifier: MIT */
/*
 * Opens files in ways that a tracer can mix up: tasks KIND [ARGUMENT]. The first line that it
 * prints is its pid. Files are /tmp/tk_*, and need not exist.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 8

static pthread_t *opener;

static void open_it(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/tmp/tk_%s", name);
	fd = open(path, O_RDONLY);
	if (fd >= 0)
		close(fd);
}

static void *open_in_thread(void *number)
{
	char name[32];

	snprintf(name, sizeof(name), "thread_%d", *(int *)number);
	open_it(name);
	return NULL;
}

static void threads(const char *argument)
{
	pthread_t ids[THREADS];
	int numbers[THREADS];

	(void)argument;
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		pthread_create(&ids[i], NULL, open_in_thread, &numbers[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(ids[i], NULL);
}

static void forks(const char *argument)
{
	pid_t pid;

	(void)argument;
	open_it("parent");
	pid = fork();
	if (!pid) {
		open_it("child");
		if (!fork()) {
			open_it("grandchild");
			_exit(0);
		}
		wait(NULL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* The names of others: by vfork and exec, as a shell does. */
static void spawns(const char *argument)
{
	char *const argv[] = { "cat", "/tmp/tk_spawned", NULL };
	pid_t pid;

	(void)argument;
	open_it("parent");
	if (!posix_spawnp(&pid, "cat", NULL, NULL, argv, environ))
		waitpid(pid, NULL, 0);
}

static void *rename_and_open(void *comm)
{
	open_it("before");
	prctl(PR_SET_NAME, comm);
	open_it("after");
	return NULL;
}

static void renames(const char *argument)
{
	char comm[16];
	pthread_t id;

	snprintf(comm, sizeof(comm), "%s", argument);
	pthread_create(&id, NULL, rename_and_open, comm);
	pthread_join(id, NULL);
}

/* Opens one file again and again until it is killed: a bystander, or a target of -p. */
/* Whoever removes the file sees by it that it was opened since. */
static void loops(const char *argument)
{
	char path[128];

	snprintf(path, sizeof(path), "/tmp/tk_%s", argument);
	for (;;) {
		close(open(path, O_RDONLY | O_CREAT, 0600));
		usleep(20 * 1000);
	}
}

static void *loop_in_thread(void *argument)
{
	loops(argument);
	return NULL;
}

/* Two threads from the start, a third one and a process once the file @argument exists. */
static void grows(const char *argument)
{
	pthread_t id;

	pthread_create(&id, NULL, loop_in_thread, "second");
	while (access(argument, F_OK))
		usleep(20 * 1000);
	pthread_create(&id, NULL, loop_in_thread, "third");
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		loops("process");
	}
	loops("first");
}

/* What the parent has in memory once it has seen what was done up to now. */
static void tell_parent(int tasks)
{
	char path[64], line[128];
	FILE *status;

	sleep(3);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)getppid());
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status)) {
		if (!strncmp(line, "VmRSS:", 6))
			printf("%d %s", tasks, line);
	}
	if (status)
		fclose(status);
}

static void *open_one(void *name)
{
	open_it(name);
	return NULL;
}

/* So many threads, one after the other, with an open each. */
static void short_lived(const char *argument)
{
	static char name[] = "short";
	int count = atoi(argument);
	pthread_t id;

	for (int i = 1; i <= count; i++) {
		if (pthread_create(&id, NULL, open_one, name))
			exit(1);
		pthread_join(id, NULL);
		if (i == count / 10 || i == count / 2 || i == count)
			tell_parent(i);
	}
}

static void one(const char *argument)
{
	open_it(argument);
}

static void *open_two_fifos(void *comm)
{
	pthread_setname_np(pthread_self(), comm);
	open_it("fifo_a");
	open_it("fifo_b");
	return NULL;
}

/* Its opening thread waits in an open. */
static void name_thread(const char *comm)
{
	usleep(200 * 1000);
	pthread_setname_np(*opener, comm);
	usleep(200 * 1000);
}

static void open_other_end(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/tmp/tk_%s", name);
	fd = open(path, O_WRONLY);
	if (fd >= 0)
		close(fd);
}

/* A thread gets another name in its first open, and its own back in the second one. */
static void renamed(const char *comm)
{
	pthread_t id;

	mkfifo("/tmp/tk_fifo_a", 0600);
	mkfifo("/tmp/tk_fifo_b", 0600);
	pthread_setname_np(pthread_self(), "main");
	opener = &id;
	pthread_create(&id, NULL, open_two_fifos, (void *)comm);
	name_thread("hidden");
	open_other_end("fifo_a");
	name_thread(comm);
	open_other_end("fifo_b");
	pthread_join(id, NULL);
}

static void *exec_in_thread(void *argument)
{
	char *const argv[] = { "tasks", "one", "after_exec", NULL };

	(void)argument;
	open_it("before_exec");
	execv("/proc/self/exe", argv);
	return NULL;
}

/* From then on it is the process's first thread. */
static void thread_execs(const char *argument)
{
	pthread_t id;

	open_it(argument);
	pthread_create(&id, NULL, exec_in_thread, NULL);
	pthread_join(id, NULL);
}

static const struct {
	const char *name;
	void (*run)(const char *argument);
} kinds[] = {
	{ "threads", threads },	  { "forks", forks },	  { "spawns", spawns },
	{ "renames", renames },	  { "renamed", renamed }, { "thread_execs", thread_execs },
	{ "loops", loops },	  { "grows", grows },	  { "one", one },
	{ "short", short_lived },
};

int main(int argc, char **argv)
{
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		kinds[i].run(argc > 2 ? argv[2] : "");
		return 0;
	}
	return 2;
}
