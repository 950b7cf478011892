/* SPDX-License-Identifier: MIT */
/*
 * The acts of the self-test. What the records of a probe show of them decides about it (proof.c).
 */
#include "tracing/selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event-parse.h>

#include "path_calls.h"
#include "tracing/arm.h"
#include "tracing/counts.h"
#include "tracing/decode_live.h"
#include "tracing/place.h"
#include "proof.h"
#include "tracing/stream.h"
#include "util/message.h"

extern char **environ;

#define MAX_OPENS   8
#define SCENE_NAMES 1	  /* at once */
#define OTHER_USER  65534 /* nobody's */

/* The directory and names of one test, and what was done with them. */
struct scene {
	struct test_place place;
	char missing[32], created[32], renamed[80];
	char open_missing[192], open_created[192], open_renamed[192];
	struct proof_open opens[MAX_OPENS];
	struct proof_facts facts;
	bool tries_path_calls;
	bool tries_users;
	int dir;
};

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
static void name_all(struct scene *scene)
{
	const char *unique = strrchr(scene->place.dir, '-') + 1;

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
}

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

static void clear_scene(const struct scene *scene)
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

/*
 * A thread of its own is selected as long as it lives, and only then: with event-fork the kernel
 * takes out of the list of tasks whoever ends.
 */
struct actor {
	struct scene *scene;
	pthread_t thread;
	sem_t is_known, may_act;
	bool acts, is_done, has_ended;
};

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

/* It waits for actor_end(). */
static int actor_start(struct actor *actor, struct scene *scene)
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

/* Let it act, or not, and wait for its end. Return: whether everything could be tried. */
static bool actor_end(struct actor *actor, bool acts)
{
	if (!actor->has_ended) {
		actor->acts = acts;
		sem_post(&actor->may_act);
		pthread_join(actor->thread, NULL);
		actor->has_ended = true;
	}
	return actor->is_done;
}

/* --- the records ------------------------------------------------------------------------------ */

struct reading {
	const struct decoder *decoder;
	struct proof *proof;
	struct costing costing;
	bool has_loss;
};

static int take_record(void *context, const struct raw_record *raw)
{
	struct reading *reading = context;
	struct record records[POINT_NR];
	int count = decode(reading->decoder, raw, records);

	for (int i = 0; i < count; i++)
		proof_record(reading->proof, &records[i]);
	if (count > 0 && records->tid == reading->proof->facts->tid)
		cost_record(&reading->costing, raw, &records[count - 1]);
	return 0;
}

static int take_loss(void *context, const struct loss *loss)
{
	struct reading *reading = context;

	(void)loss;
	reading->has_loss = true;
	return 0;
}

static void expect_fields(const struct decoder *decoder, struct proof *proof)
{
	for (int role = 0; role < ROLE_NR; role++) {
		for (int point = 0; point < POINT_NR; point++)
			proof->probes[role][point].planned =
				decoder_fields(decoder, (enum role)role, (enum point)point);
	}
}

/**
 * struct trial - what is tested, and where; see selftest_run()
 */
struct trial {
	struct session *session;
	struct plan *plan;
	struct instance *instance;
	const struct tid_list *waiting;
	struct selftest *result;
};

static int know_events(const struct trial *trial)
{
	struct selftest *result = trial->result;

	if (result->decoder)
		return 0;
	return decoder_for_session(trial->session, trial->plan, &result->tep, &result->decoder);
}

/* Tracing is on while the actor acts, and off before the records are read. */
static int watch(const struct trial *trial, struct actor *actor, struct proof *proof)
{
	struct reading reading = {
		.decoder = trial->result->decoder,
		.proof = proof,
		.costing.plan = trial->plan,
	};
	const struct record_sink sink = { take_record, take_loss, &reading };
	bool *is_whole = &trial->result->is_whole;
	struct instance *instance = trial->instance;
	struct stream *stream = NULL;
	int ret = stream_new(&instance, 1, false, &stream);

	expect_fields(reading.decoder, proof);
	if (!ret)
		ret = instance_tracing(instance, true);
	if (!ret) {
		*is_whole = actor_end(actor, true) && actor->scene->place.kind->keeps_negative;
		ret = instance_tracing(instance, false);
	}
	if (!ret)
		ret = merge_rest(stream_pages(stream), &sink);
	*is_whole &= !reading.has_loss;
	trial->result->cost = reading.costing.cost;
	stream_free(stream);
	return ret;
}

/* One list for all: a second one would cost the kernel a grace period. */
static int select_actor(const struct trial *trial, pid_t tid)
{
	struct tid_list pids = { 0 };
	const struct task_filter selection = { .pids = &pids, .follow_fork = true };
	int ret = tid_list_add(&pids, tid);

	for (size_t i = 0; i < trial->waiting->count && !ret; i++)
		ret = tid_list_add(&pids, trial->waiting->items[i]);
	if (!ret)
		ret = instance_select(trial->instance, &selection);
	tid_list_release(&pids);
	return ret;
}

static int play(const struct trial *trial, struct scene *scene, struct proof *proof)
{
	const struct plan *plan = trial->plan;
	struct actor actor;
	int ret = actor_start(&actor, scene);

	if (ret)
		return ret;
	ret = select_actor(trial, scene->facts.tid);
	for (size_t i = 0; i < plan->count && !ret; i++) {
		if (has_own_event(&plan->probes[i]))
			ret = instance_enable(trial->instance, &plan->probes[i]);
	}
	if (!ret)
		ret = know_events(trial);
	if (!ret)
		ret = watch(trial, &actor, proof);
	actor_end(&actor, false);
	return ret ? ret : instance_empty(trial->instance);
}

/* --- the verdicts ----------------------------------------------------------------------------- */

/* What the test says of a probe: PROOF_HOLDS, or why its role needs another function. */
static enum proof_verdict judge_probe(const struct trial *trial, const struct proof *proof,
				      struct planned *planned, char *why)
{
	enum proof_verdict verdict;

	if (!is_armed(planned) || planned->is_proved)
		return PROOF_HOLDS;
	verdict = proof_verdict(proof, planned->probe->role, planned->probe->point, why);
	planned->is_proved = verdict == PROOF_HOLDS;
	/* A probe without a proof is no contradiction if not everything could be tried. */
	if (verdict == PROOF_UNTRIED || (verdict == PROOF_SILENT && !trial->result->is_whole))
		return PROOF_HOLDS;
	return verdict;
}

/* Entry and return of a role get another function at once: nothing was seen of that yet. */
static int judge(const struct trial *trial, const struct proof *proof, bool *again)
{
	struct plan *plan = trial->plan;
	enum role renewed = ROLE_NR;

	for (size_t i = 0; i < plan->count; i++) {
		struct planned *planned = &plan->probes[i];
		enum role role = planned->probe->role;
		enum proof_verdict verdict;
		char why[PROOF_REASON];
		int ret;

		if (role == renewed)
			continue;
		verdict = judge_probe(trial, proof, planned, why);
		if (verdict == PROOF_HOLDS)
			continue;
		debug("self-test: %s is not used for '%s': %s", planned->symbol, role_name(role),
		      why);
		decoder_forget(&trial->result->tep, &trial->result->decoder);
		ret = arm_next(trial->session, plan, role,
			       verdict == PROOF_SILENT ? PROBE_SILENT : PROBE_REFUSED, why);
		if (ret)
			return ret;
		renewed = role;
		*again |= is_armed(planned);
	}
	return 0;
}

static bool is_proved(const struct plan *plan, enum role role)
{
	for (int point = 0; point < POINT_NR; point++) {
		const struct planned *planned = plan_find(plan, role, (enum point)point);

		if (!is_armed(planned) || !planned->is_proved)
			return false;
	}
	return true;
}

static void spare_slow(struct plan *plan, const struct proof *proof)
{
	bool is_spared = proof_spares_slow(proof) && is_proved(plan, ROLE_LOOKUP_REF) &&
			 is_proved(plan, ROLE_LOOKUP_SLOW);

	for (int point = 0; point < POINT_NR; point++)
		plan_find(plan, ROLE_LOOKUP_SLOW, (enum point)point)->is_spared = is_spared;
}

static int run_once(const struct trial *trial, bool *again)
{
	struct scene scene = { .place.kind = NULL, .dir = -1 };
	struct proof proof = { .facts = &scene.facts };
	int ret;

	*again = false;
	if (!place_make(&scene.place, "ftopen-selftest", SCENE_NAMES)) {
		note("no writable directory has room: the probes are used without a self-test");
		return 0;
	}
	name_all(&scene);
	scene.tries_path_calls = plan_find(trial->plan, ROLE_PATH, POINT_ENTRY);
	scene.tries_users = plan_find(trial->plan, ROLE_OPENER, POINT_ENTRY);
	trial->result->directory_kind = scene.place.kind->name;
	ret = play(trial, &scene, &proof);
	clear_scene(&scene);
	if (!ret)
		ret = judge(trial, &proof, again);
	if (!ret)
		spare_slow(trial->plan, &proof);
	return ret;
}

int selftest_run(struct session *session, struct plan *plan, struct instance *instance,
		 const struct tid_list *waiting, struct selftest *result)
{
	const struct trial trial = { session, plan, instance, waiting, result };
	bool again = true;
	int ret = 0;

	*result = (struct selftest){ .is_whole = false };
	/* Each round gives up at least one candidate, of which there are few. */
	while (again && !ret)
		ret = run_once(&trial, &again);
	if (ret)
		decoder_forget(&result->tep, &result->decoder);
	return ret;
}
