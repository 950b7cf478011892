/* SPDX-License-Identifier: MIT */
/*
 * The instances of a live trace: they are made while BTF is read, lent to the self-test, and then
 * set up for the traced tasks.
 */
#include "live_internal.h"

#include <string.h>

#include "util/message.h"

/* A record has to fit into a sub-buffer, and the longest path fills a page. */
#define SUBBUF_KB 8

bool live_sees_any(const struct live *live)
{
	return live->options->evictions != EVICTIONS_OWN;
}

/* The instance that a role's records come from. */
static struct instance *instance_of(const struct live *live, enum role role)
{
	if (role_scope(role) == SCOPE_ANY && live_sees_any(live))
		return live->instances[SCOPE_ANY];
	return live->instances[SCOPE_TASK];
}

/* trace-cmd (3.1.6) loses records when it converts a file of larger sub-buffers. */
static size_t subbuf_kb(const struct live *live)
{
	return live->options->output ? 0 : SUBBUF_KB;
}

/*
 * Pages are stored as the kernel made them: between records, and where a fetch failed, they hold
 * older bytes of the buffer. These must not be the self-test's, nor must the counts of the buffer.
 */
static int make_tested(struct live *live)
{
	int ret = 0;

	live->tested = live->instances[SCOPE_TASK];
	if (live->options->output)
		ret = session_instance(live->session, "_test", SCOPE_TASK, &live->tested);
	return ret ? ret : instance_set_up(live->tested, subbuf_kb(live));
}

int live_make_instances(struct live *live)
{
	static const char *const suffixes[SCOPE_NR] = { [SCOPE_TASK] = "", [SCOPE_ANY] = "_any" };
	int ret = 0;

	live->instance_count = live->explains_plan ? 1 : SCOPE_NR;
	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = session_instance(live->session, suffixes[i], (enum scope)i,
				       &live->instances[i]);
	return ret ? ret : make_tested(live);
}

static int set_up_others(struct live *live)
{
	int ret = 0;

	for (size_t i = 0; i < live->instance_count && !ret; i++) {
		if (live->instances[i] != live->tested)
			ret = instance_set_up(live->instances[i], subbuf_kb(live));
	}
	return ret;
}

static void *run_make(void *context)
{
	struct live *live = context;

	live->made = live_make_instances(live);
	return NULL;
}

static void *run_set_up(void *context)
{
	struct live *live = context;

	live->made = set_up_others(live);
	return NULL;
}

static int begin(struct live *live, void *(*run)(void *context))
{
	int ret = -pthread_create(&live->maker, NULL, run, live);

	if (ret)
		error("cannot start a thread: %s", strerror(-ret));
	live->is_making = !ret;
	return ret;
}

int live_begin_instances(struct live *live)
{
	return begin(live, run_make);
}

int live_begin_set_up(struct live *live)
{
	return begin(live, run_set_up);
}

int live_await(struct live *live)
{
	if (live->is_making)
		pthread_join(live->maker, NULL);
	live->is_making = false;
	return live->made;
}

static int select_tasks(struct live *live)
{
	const struct tid_list pids = { &live->root, .count = live->root != 0 };
	const bool lists = live->root || live->target.tids.count || live->members.cgroup.dir;
	const struct task_filter tasks = {
		.pids = lists ? &pids : NULL,
		.without_us = !lists,
		.follow_fork = lists,
		.comms = live->target.comms,
	};

	return instance_select(live->instances[SCOPE_TASK], &tasks);
}

/* Enabled where it belongs before it is disabled where it was tested: its code stays patched. */
static int enable_probe(struct live *live, const struct planned *planned)
{
	struct instance *wanted = instance_of(live, planned->probe->role);
	int ret;

	if (planned->is_spared)
		return instance_disable(live->tested, planned);
	ret = instance_enable(wanted, planned);
	return ret || wanted == live->tested ? ret : instance_disable(live->tested, planned);
}

static int enable_probes(struct live *live)
{
	int ret = 0;

	for (size_t i = 0; i < live->plan->count && !ret; i++) {
		if (has_own_event(&live->plan->probes[i]))
			ret = enable_probe(live, &live->plan->probes[i]);
	}
	return ret;
}

/* --- rings (io_uring) ------------------------------------------------------------------------- */

/*
 * The kernel makes a ring's workers without telling the lists of tasks. They have names of their
 * own; whose a worker is, the record of its start says.
 */
#define WORKERS	 "comm ~ \"iou-*\""
#define NEW_RING "io_uring/io_uring_create"

/* What a worker can show: no system call of its own, and no other program, root or name. */
static bool is_of_worker(const struct planned *planned)
{
	static const bool others[ROLE_NR] = {
		[ROLE_SYSCALL] = true, [ROLE_GETNAME] = true,  [ROLE_HANDLE] = true,
		[ROLE_EXEC] = true,    [ROLE_CHROOT] = true,   [ROLE_COMM] = true,
		[ROLE_SIGNAL] = true,  [ROLE_DELIVERY] = true, [ROLE_OPEN_ROOT] = true,
		[ROLE_CREDS] = true,   [ROLE_CWD] = true,      [ROLE_PIVOT] = true,
		[ROLE_MOUNT] = true,   [ROLE_UMOUNT] = true,
	};
	enum role role = planned->probe->role;

	return has_own_event(planned) && !planned->is_spared && role_scope(role) == SCOPE_TASK &&
	       !others[role] && !is_path_call_role(role);
}

/* Whoever is attached to may have rings already; every task includes the workers. */
static int enable_for_workers(struct live *live)
{
	const char *when = is_attach(live->options) ? NULL : NEW_RING;
	int ret = 0;

	if (is_of_any_task(live->options))
		return 0;
	for (size_t i = 0; i < live->plan->count && !ret; i++) {
		if (is_of_worker(&live->plan->probes[i]))
			ret = instance_enable_when(live->instances[SCOPE_ANY],
						   &live->plan->probes[i], WORKERS, when);
	}
	return ret;
}

static int drop_tested(struct live *live)
{
	struct instance *tested = live->tested;

	live->tested = NULL;
	return tested == live->instances[SCOPE_TASK] ? 0
						     : session_drop_instance(live->session, tested);
}

int live_instances(struct live *live)
{
	int ret = live_await(live);

	if (!ret)
		ret = enable_probes(live);
	if (!ret)
		ret = select_tasks(live);
	if (!ret)
		ret = enable_for_workers(live);
	if (!ret)
		ret = drop_tested(live);
	for (size_t i = 0; i < live->instance_count && !ret; i++)
		ret = instance_resize(live->instances[i], live->options->buffer_kb);
	return ret;
}
