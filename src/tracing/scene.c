/* SPDX-License-Identifier: MIT */
/*
 * The acts of the self-test.
 */
#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "path_calls.h"
#include "util/message.h"

extern char **environ;

#define SCENE_NAMES 1	  /* of files at once */
#define OTHER_USER  65534 /* nobody's */

/* What the kernel has to say of the directory. */
static void know_place(const struct test_place *place, int fd, struct proof_facts *facts)
{
	struct stat dir;

	if (fd < 0)
		return;
	if (place->kind->shows_place && !fstat(fd, &dir)) {
		facts->has_place = true;
		facts->dir_ino = dir.st_ino;
		facts->dev = kernel_dev(dir.st_dev);
		facts->has_gen = place_generation(fd, &facts->dir_gen);
	}
}

/* open() gets paths that no other call gets: a probe that sees only rename or unlink shows. */
bool scene_set(struct scene *scene)
{
	const char *unique;

	*scene = (struct scene){ .dir = -1 };
	if (!place_make(&scene->place, "ftopen-selftest", SCENE_NAMES))
		return false;
	unique = strrchr(scene->place.dir, '-') + 1;
	snprintf(scene->missing, sizeof(scene->missing), "missing.%s", unique);
	snprintf(scene->created, sizeof(scene->created), "created-it.%s", unique);
	snprintf(scene->renamed, sizeof(scene->renamed),
		 "renamed-to-what-is-too-long-for-any-dentry-to-hold-within.%s", unique);
	snprintf(scene->open_missing, sizeof(scene->open_missing), "%s//%s", scene->place.dir,
		 scene->missing);
	snprintf(scene->open_created, sizeof(scene->open_created), "%s//%s", scene->place.dir,
		 scene->created);
	snprintf(scene->open_renamed, sizeof(scene->open_renamed), "%s//%s", scene->place.dir,
		 scene->renamed);
	scene->facts = (struct proof_facts){
		.opens = scene->opens,
		.names = { scene->missing, scene->created, scene->renamed },
	};
	scene->dir = open(scene->place.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	know_place(&scene->place, scene->dir, &scene->facts);
	return true;
}

/* Return: the descriptor, which is closed again, or a negative number. */
static int open_it(struct scene *scene, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	scene->opens[scene->facts.open_count++] = (struct proof_open){
		.path = path,
		.uptr = (uintptr_t)path,
		.result = fd < 0 ? -errno : fd,
	};
	if (fd >= 0)
		close(fd);
	return fd;
}

/* The first object is the program itself. */
static int find_loader(struct dl_phdr_info *info, size_t size, void *context)
{
	const char **loader = context;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type == PT_INTERP)
			*loader = (const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	}
	return 1;
}

/* The shortest programs at hand that execute: our loader, which needs none, or this one. */
static int spawn_something(pid_t *pid, const posix_spawn_file_actions_t *actions)
{
	char *const argv[] = { "ftopen", "--version", NULL };
	const char *loader = NULL;

	dl_iterate_phdr(find_loader, &loader);
	if (loader && !posix_spawn(pid, loader, actions, NULL, argv, environ))
		return 0;
	return posix_spawn(pid, "/proc/self/exe", actions, NULL, argv, environ);
}

static void start_process(struct scene *scene)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	if (posix_spawn_file_actions_init(&actions))
		return;
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (!spawn_something(&pid, &actions)) {
		scene->facts.child = pid;
		waitpid(pid, NULL, 0);
	}
	posix_spawn_file_actions_destroy(&actions);
}

/* What it has already: nothing changes. */
static bool take_own_places_and_name(struct scene *scene)
{
	return !chroot("/") && !chdir(".") && !prctl(PR_GET_NAME, scene->facts.comm) &&
	       !prctl(PR_SET_NAME, scene->facts.comm);
}

/* Of the file that was created. */
static void open_by_handle(struct scene *scene)
{
	struct {
		struct file_handle head;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	struct proof_facts *facts = &scene->facts;
	int mount;

	if (name_to_handle_at(scene->dir, scene->created, &handle.head, &mount, 0))
		return;
	facts->has_handle = true;
	facts->handle_dfd = scene->dir;
	facts->handle = open_by_handle_at(scene->dir, &handle.head, O_RDONLY | O_CLOEXEC);
	if (facts->handle < 0)
		facts->handle = -errno;
	else
		close(facts->handle);
}

static void handle_nothing(int signal)
{
	(void)signal;
}

/* Sends this thread a signal that nobody uses. */
static void run_handler(struct scene *scene)
{
	const struct sigaction action = { .sa_handler = handle_nothing, .sa_flags = SA_RESTART };
	const int number = SIGRTMAX - 1;
	struct sigaction before;
	sigset_t set, mask;

	sigemptyset(&set);
	sigaddset(&set, number);
	if (sigaction(number, &action, &before))
		return;
	if (!pthread_sigmask(SIG_UNBLOCK, &set, &mask)) {
		if (!pthread_kill(pthread_self(), number))
			scene->facts.sa_flags = SA_RESTART;
		pthread_sigmask(SIG_SETMASK, &mask, NULL);
	}
	sigaction(number, &before, NULL);
}

/* glibc would change the users of all threads. */
static bool become(uid_t uid)
{
	return !syscall(SYS_setresuid, (uid_t)-1, uid, (uid_t)-1);
}

/* The kernel makes a process that changes its user undumpable. */
static void open_as_other(struct scene *scene)
{
	uid_t own = geteuid();
	int dumpable = prctl(PR_GET_DUMPABLE), fd;

	if (!scene->tries_users || !become(OTHER_USER))
		return;
	scene->facts.user = OTHER_USER;
	fd = open("/", O_PATH | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	become(own);
	if (dumpable == 1)
		prctl(PR_SET_DUMPABLE, dumpable);
}

static bool act(struct scene *scene)
{
	char from[128], to[192];
	bool is_done;

	open_as_other(scene);
	if (scene->tries_path_calls)
		act_path_calls(scene->open_missing, scene->place.dir, scene->facts.path_calls);
	snprintf(from, sizeof(from), "%s/%s", scene->place.dir, scene->created);
	snprintf(to, sizeof(to), "%s/%s", scene->place.dir, scene->renamed);
	open_it(scene, scene->open_missing, O_RDONLY);
	open_it(scene, scene->open_missing, O_RDONLY);
	is_done = open_it(scene, scene->open_created, O_RDWR | O_CREAT | O_EXCL) >= 0;
	is_done &= open_it(scene, scene->open_created, O_RDONLY) >= 0;
	open_by_handle(scene);
	is_done &= !rename(from, to);
	is_done &= open_it(scene, scene->open_renamed, O_RDONLY) >= 0;
	is_done &= !unlink(to);
	is_done &= !rmdir(scene->place.dir);
	is_done &= take_own_places_and_name(scene);
	run_handler(scene);
	start_process(scene);
	return is_done;
}

void scene_clear(const struct scene *scene)
{
	char path[192];

	snprintf(path, sizeof(path), "%s/%s", scene->place.dir, scene->created);
	unlink(path);
	snprintf(path, sizeof(path), "%s/%s", scene->place.dir, scene->renamed);
	unlink(path);
	rmdir(scene->place.dir);
	if (scene->dir >= 0)
		close(scene->dir);
}

/* --- who acts --------------------------------------------------------------------------------- */

static void await(sem_t *sem)
{
	while (sem_wait(sem) < 0 && errno == EINTR)
		;
}

static void *run_actor(void *context)
{
	struct actor *actor = context;

	actor->scene->facts.tid = gettid();
	sem_post(&actor->is_known);
	await(&actor->may_act);
	if (actor->acts)
		actor->is_done = act(actor->scene);
	return NULL;
}

int actor_start(struct actor *actor, struct scene *scene)
{
	int ret;

	*actor = (struct actor){ .scene = scene };
	sem_init(&actor->is_known, 0, 0);
	sem_init(&actor->may_act, 0, 0);
	ret = -pthread_create(&actor->thread, NULL, run_actor, actor);
	if (ret)
		error("cannot start a thread: %s", strerror(-ret));
	else
		await(&actor->is_known);
	return ret;
}

bool actor_end(struct actor *actor, bool acts)
{
	if (!actor->has_ended) {
		actor->acts = acts;
		sem_post(&actor->may_act);
		pthread_join(actor->thread, NULL);
		actor->has_ended = true;
	}
	return actor->is_done;
}
