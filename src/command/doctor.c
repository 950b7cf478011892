/* SPDX-License-Identifier: MIT */
/*
 * ftopen doctor: what this kernel allows. Asks, tests, and leaves everything as it was.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "command/commands.h"
#include "command/output.h"
#include "live.h"
#include "offsets.h"
#include "usage.h"
#include "watch.h"
#include "render/doctor.h"
#include "tracing/clean.h"
#include "tracing/counts.h"
#include "tracing/tracefs.h"
#include "util/io.h"
#include "util/message.h"

static const int statuses[] = {
	[CHAIN_FULL] = 0,
	[CHAIN_PARTLY] = 1,
	[CHAIN_IMPOSSIBLE] = 2,
};

/**
 * struct setting - a file that holds one of two values
 * @on: its first letter when it is on
 */
struct setting {
	const char *path;
	char on;
	const char *if_on;
	const char *if_off;
};

static const struct setting signing = { "/sys/module/module/parameters/sig_enforce", 'Y',
					"enforced: no unsigned module can be loaded",
					"not enforced" };
static const struct setting kprobes = {
	"/sys/kernel/debug/kprobes/enabled", '1', "on",
	"off: every probe is silent; write 1 to /sys/kernel/debug/kprobes/enabled"
};
static const struct setting ftrace = {
	"/proc/sys/kernel/ftrace_enabled", '1', "on",
	"off: probes at function entry are silent; sysctl kernel.ftrace_enabled=1"
};

/* NULL if the file cannot be read. */
static const char *setting_state(const struct setting *setting)
{
	const char *state;
	char *text;

	if (read_file(setting->path, &text, NULL))
		return NULL;
	state = text[0] == setting->on ? setting->if_on : setting->if_off;
	free(text);
	return state;
}

/* One line of it. Return: the caller's to free(), NULL if it cannot be read. */
static char *read_line(const char *path)
{
	char *text;

	if (read_file(path, &text, NULL))
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* The messages of failed attempts are among the findings. */
static struct doctor *listening;

static void hear(enum message_level level, const char *text)
{
	char *copy = listening->problem_count < DOCTOR_PROBLEMS ? strdup(text) : NULL;

	(void)level;
	if (copy)
		listening->problems[listening->problem_count++] = copy;
}

static enum chain_state chain_of(const struct plan *plan)
{
	enum chain_state state = CHAIN_FULL;

	for (size_t i = 0; i < plan->count; i++) {
		const struct planned *planned = &plan->probes[i];

		if ((is_armed(planned) && planned->is_proved) || planned->probe->is_no_hop)
			continue;
		if (planned->probe->required && !is_armed(planned))
			return CHAIN_IMPOSSIBLE;
		state = CHAIN_PARTLY;
	}
	return state;
}

static uint64_t missed_hits(const struct live *live)
{
	struct profile profile;
	uint64_t sum = 0;

	profile_read(live->session, &profile);
	for (size_t i = 0; i < live->plan->count && sum != LOSS_UNKNOWN; i++) {
		const struct planned *planned = &live->plan->probes[i];
		uint64_t hits, misses;

		if (!has_own_event(planned))
			continue;
		if (profile_of(&profile, live->session, planned, &hits, &misses) ||
		    misses == LOSS_UNKNOWN)
			sum = LOSS_UNKNOWN;
		else
			sum += misses;
	}
	profile_free(&profile);
	return sum;
}

static void ask_system(struct doctor *doctor, struct utsname *uts)
{
	if (!uname(uts)) {
		doctor->kernel = uts->release;
		doctor->arch = uts->machine;
	}
	doctor->cpus_online = read_line("/sys/devices/system/cpu/online");
	doctor->cpus_possible = read_line("/sys/devices/system/cpu/possible");
}

static void take_selftest(struct doctor *doctor, const struct selftest *selftest)
{
	doctor->selftest_on = selftest->directory_kind;
	doctor->selftest_is_whole = selftest->is_whole;
	doctor->cost.components = selftest->cost.lookups;
	doctor->cost.records = selftest->cost.records;
	doctor->cost.bytes = selftest->cost.bytes;
	doctor->cost.reads = selftest->cost.reads;
}

static void ask_tracefs(struct doctor *doctor, struct live *live)
{
	unsigned int leftovers;
	int ret = live_plan(live, live->options, 0);

	doctor->tracefs = live->tracefs;
	doctor->plan = live->plan;
	if (live->tracefs && !session_leftovers(live->tracefs, &leftovers))
		doctor->leftovers = leftovers;
	if (!ret)
		ret = live_define(live);
	take_selftest(doctor, &live->selftest);
	if (ret)
		return;
	doctor->chain = chain_of(live->plan);
	doctor->missed = missed_hits(live);
}

/* If both are available, one shows whether the other is right. */
static void ask_btf(struct doctor *doctor, const struct live *live, struct layout **told)
{
	doctor->layout = live->layout;
	if (live->layout && layout_measures(live->layout) && doctor->btf &&
	    !layout_try_btf(doctor->btf, told))
		doctor->told = *told;
}

/* kernel.io_uring_disabled, from Linux 6.6 on. */
static const char *const ring_switches[] = {
	['0'] = "requests can be followed",
	['1'] = "requests can be followed; kernel.io_uring_disabled=1: only programs with "
		"CAP_SYS_ADMIN or in kernel.io_uring_group can make a ring",
	['2'] = "off, kernel.io_uring_disabled=2: no program can make a ring",
};

static const char *ring_switch(void)
{
	char *text = read_line("/proc/sys/kernel/io_uring_disabled");
	size_t key = text ? (unsigned char)text[0] : '0';

	free(text);
	return key < sizeof(ring_switches) / sizeof(ring_switches[0]) ? ring_switches[key] : NULL;
}

/* The record of a worker's start says whose it is. */
static bool tells_workers(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->probes[i].probe->role == ROLE_TASK && is_armed(&plan->probes[i]))
			return true;
	}
	return false;
}

/* Return: whether they can be followed, or why not; NULL if that is not known. */
static const char *rings_of(const struct doctor *doctor)
{
	const char *found = ring_switch();
	char path[4096];

	if (found == ring_switches['2'])
		return found;
	if (!doctor->tracefs || !doctor->plan)
		return NULL;
	if (doctor->chain == CHAIN_IMPOSSIBLE)
		return "requests cannot be followed: no chain is possible";
	if (!tells_workers(doctor->plan))
		return "requests of workers are not seen: task: no probe is armed";
	snprintf(path, sizeof(path), "%s/events/io_uring/io_uring_create", doctor->tracefs);
	if (access(path, F_OK))
		return "none, or requests of workers are not seen: the kernel has no event "
		       "io_uring:io_uring_create";
	return found;
}

static int print(const struct doctor *doctor, const struct options *options)
{
	int ret;

	if (options->findings == FINDINGS_JSON)
		ret = doctor_json(doctor, stdout);
	else
		ret = doctor_text(doctor, stdout);
	if (!ret || ret == -EPIPE)
		return 0;
	error("cannot write 'standard output': %s", strerror(-ret));
	return ret;
}

static void release(struct doctor *doctor)
{
	for (int i = 0; i < doctor->problem_count; i++)
		free(doctor->problems[i]);
	free(doctor->cpus_online);
	free(doctor->cpus_possible);
}

/* Whatever fails is a finding as well. */
static void ask(struct doctor *doctor, struct live *live, struct layout **told)
{
	listening = doctor;
	message_set_hook(hear);
	ask_tracefs(doctor, live);
	doctor->rings = rings_of(doctor);
	ask_btf(doctor, live, told);
	doctor->functions = live->symbols && symbols_know_probeable(live->symbols);
	message_set_hook(NULL);
}

/* Return: 0 with *@chain filled, or a negative errno. */
static int examine(const struct options *options, enum chain_state *chain)
{
	struct live live = { .options = options, .explains_plan = true };
	struct doctor doctor = {
		.lockdown = lockdown_mode(),
		.signing = setting_state(&signing),
		.kprobes = setting_state(&kprobes),
		.ftrace = setting_state(&ftrace),
		.btf = offsets_btf(options),
		.missed = LOSS_UNKNOWN,
		.leftovers = LOSS_UNKNOWN,
		.chain = CHAIN_IMPOSSIBLE,
	};
	struct layout *told = NULL;
	struct utsname uts;
	int ret, undone;

	ask_system(&doctor, &uts);
	ask(&doctor, &live, &told);
	ret = print(&doctor, options);
	undone = live_end(&live);
	*chain = doctor.chain;
	layout_free(told);
	release(&doctor);
	return ret ? ret : undone;
}

int cmd_doctor(const struct options *options)
{
	struct watch watch = { .child = NULL };
	enum chain_state chain;
	int ret;

	if (options->arg_count) {
		usage_error(options->command, "unexpected argument '%s'", options->args[0]);
		return STATUS_FTOPEN;
	}
	/* Signals are delivered when all is undone, so an interrupt leaves the kernel as it was. */
	if (watch_signals(&watch))
		return STATUS_FTOPEN;
	ret = examine(options, &chain);
	watch_end(&watch);
	if (!ret)
		return statuses[chain];
	error_unless_said(ret);
	return STATUS_FTOPEN;
}
