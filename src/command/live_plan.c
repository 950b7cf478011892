/* SPDX-License-Identifier: MIT */
/*
 * From options to probes that are defined and tested.
 */
#include "live_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "offsets.h"
#include "tracing/arm.h"
#include "tracing/ask.h"
#include "tracing/clean.h"
#include "tracing/process.h"
#include "tracing/tracefs.h"
#include "util/message.h"

#define FUNCTIONS_FILE "available_filter_functions"

/*
 * For each page that is read of the list, the kernel counts from its start again, so a plan that is
 * complete with BTF alone does without it. kallsyms costs as much again, and only explains what
 * cannot be probed.
 */
static int load_symbols(struct live *live)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/" FUNCTIONS_FILE, live->tracefs);
	/* A kernel without function tracing has no such list; the plan says what it assumes. */
	if (access(path, R_OK))
		return symbols_load(NULL, NULL, &live->symbols);
	return live->explains_plan ? symbols_load(NULL, path, &live->symbols)
				   : symbols_from_functions(path, &live->symbols);
}

/*
 * The probes of killed runs slow down every open on the machine. If they cannot be removed, `ftopen
 * clean` says why.
 */
static void clean_up_after_others(const char *tracefs)
{
	unsigned int removed;

	if (!session_leftovers(tracefs, &removed) && removed && !session_clean(tracefs, &removed))
		debug("removed %u leftovers of killed runs", removed);
}

static bool needs_symbols(const struct live *live)
{
	return live->explains_plan || offsets_need_measuring(live->options, live->layout);
}

static int plan_with_symbols(struct live *live)
{
	const struct plan_source source = { live->layout, live->symbols, &live->wanted };
	int ret = plan_make(&source, &live->plan);

	if (ret)
		error("cannot make a plan: %s", strerror(-ret));
	return ret;
}

static int make_plan(struct live *live)
{
	int ret = plan_with_symbols(live);

	if (ret || live->symbols || plan_is_whole(live->plan))
		return ret;
	plan_free(live->plan);
	live->plan = NULL;
	ret = load_symbols(live);
	return ret ? ret : plan_with_symbols(live);
}

static int check_pid_namespace(void)
{
	if (has_initial_pids())
		return 0;
	error("cannot trace from within a pid namespace: records have the pids of the initial one");
	hint("run ftopen on the host, outside of the container");
	return -EPERM;
}

/* A thread begins to make the instances; a plan that is only explained needs none yet. */
static int begin_session(struct live *live)
{
	int ret = tracefs_find(&live->tracefs);

	if (ret)
		return ret;
	/* doctor counts what killed runs left, so it removes nothing. */
	if (live->explains_plan)
		return session_new(live->tracefs, &live->session);
	clean_up_after_others(live->tracefs);
	ret = session_new(live->tracefs, &live->session);
	return ret ? ret : live_begin_instances(live);
}

/* Reading is done beside the thread; measuring needs the session that the thread has. */
static int find_layout(struct live *live)
{
	int ret = offsets_read(live->options, &live->layout);

	if (!ret && needs_symbols(live))
		ret = load_symbols(live);
	if (!ret)
		ret = live_await(live);
	return ret ? ret
		   : offsets_measure(live->options, live->layout, live->session, live->symbols);
}

static struct plan_options wanted_of(const struct live *live)
{
	const struct options *options = live->options;

	return (struct plan_options){
		.group = session_name(live->session),
		.root = live->root,
		.selection = is_group_only(options) ? SELECTION_GROUP : SELECTION_FOLLOW,
		.reject = options->rejects,
		.registers = session_registers(live->session),
		/* A record of a whole call does not tell when it began. */
		.fetches_at_return = !options->times && kernel_fetches_at_return(live->tracefs),
		.path_calls = options->calls == CALLS_PATH,
		.users = options->filters.users.is_set,
	};
}

/* The program sees the mounts that ftopen sees; who is attached to may see others. */
static int find_start(struct live *live)
{
	int ret = 0;

	if (live->explains_plan)
		return 0;
	if (live->root)
		start_place_find(&live->cwd);
	if (!live->options->filters.pid_count)
		return start_place_find_doubles(&live->cwd, 0);
	for (unsigned int i = 0; i < live->options->filters.pid_count && !ret; i++)
		ret = start_place_find_doubles(&live->cwd, live->options->filters.pids[i]);
	return ret;
}

int live_plan(struct live *live, const struct options *options, pid_t root)
{
	int ret;

	live->options = options;
	live->root = root;
	live->clock = clock_mono();
	ret = check_pid_namespace();
	if (!ret)
		ret = find_start(live);
	if (!ret)
		ret = begin_session(live);
	if (!ret)
		ret = find_layout(live);
	if (!ret && !live->explains_plan)
		ret = live_begin_set_up(live);
	if (ret)
		return ret;
	live->wanted = wanted_of(live);
	return make_plan(live);
}

/* Nothing can be claimed about such a role, so a note says so. */
static void say_unarmed_roles(const struct plan *plan)
{
	for (int role = 0; role < ROLE_NR; role++) {
		const struct planned *planned = plan_find(plan, (enum role)role, POINT_ENTRY);

		if (!planned)
			planned = plan_find(plan, (enum role)role, POINT_RETURN);
		if (planned && !is_armed(planned))
			note("'%s' is UNKNOWN: %s", role_name((enum role)role),
			     planned->why ? planned->why : "no function can be probed");
	}
}

static int check_users(const struct live *live)
{
	const struct planned *planned = plan_find(live->plan, ROLE_OPENER, POINT_ENTRY);

	if (!planned || is_armed(planned))
		return 0;
	error("cannot select by '--uid': this kernel does not show who opens: %s",
	      planned->why ? planned->why : "no function can be probed");
	hint("--comm and --pid select tasks, too");
	return -ENOTSUP;
}

/* A function that the self-test could not make fire may be another one of that name. */
static int check_untested(struct live *live)
{
	int ret = load_symbols(live);

	live->plan->source.symbols = live->symbols;
	for (size_t i = 0; i < live->plan->count && !ret; i++) {
		const struct planned *planned = &live->plan->probes[i];
		char *why;

		if (!is_armed(planned) || planned->is_proved)
			continue;
		ret = plan_doubts(planned, live->symbols, &why);
		if (ret || !why)
			continue;
		decoder_forget(&live->tep, &live->decoder);
		ret = arm_next(live->session, live->plan, planned->probe->role, PROBE_REFUSED, why);
		free(why);
	}
	return ret;
}

int live_define(struct live *live)
{
	const struct tid_list waiting = { &live->root, .count = live->root != 0 };
	int ret = arm(live->session, live->plan);

	if (!ret && !live->instance_count)
		ret = live_make_instances(live);
	if (!ret)
		ret = selftest_run(live->session, live->plan, live->tested, &waiting,
				   &live->selftest);
	live->tep = live->selftest.tep;
	live->decoder = live->selftest.decoder;
	if (!ret && !live->symbols && !live->selftest.is_whole)
		ret = check_untested(live);
	if (ret || live->explains_plan)
		return ret;
	ret = check_users(live);
	if (!ret)
		say_unarmed_roles(live->plan);
	return ret;
}

void live_armed(const struct live *live, struct expect_options *armed)
{
	memset(armed, 0, sizeof(*armed));
	armed->sees_any = live_sees_any(live);
	for (size_t i = 0; i < live->plan->count; i++) {
		const struct planned *planned = &live->plan->probes[i];

		armed->armed[planned->probe->role][planned->probe->point] = is_armed(planned);
	}
}

struct plan_entry *live_plan_entries(const struct plan *plan)
{
	struct plan_entry *entries = calloc(plan->count, sizeof(*entries));

	for (size_t i = 0; entries && i < plan->count; i++) {
		const struct planned *planned = &plan->probes[i];

		entries[i] = (struct plan_entry){
			.role = planned->probe->role,
			.point = planned->probe->point,
			.symbol = planned->symbol,
			.state = planned->state,
			.note = planned->choice < 0
					? planned->why
					: planned->probe->candidates[planned->choice].substitutes,
		};
	}
	return entries;
}
