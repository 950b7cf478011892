/* SPDX-License-Identifier: MIT */
/*
 * The self-test of a plan: a thread of ftopen misses, creates, looks up, renames and unlinks a file
 * in a new directory, removes the directory, and starts a process. The probes have to show that, in
 * an instance that is filtered on this thread.
 */
#ifndef FTOPEN_TRACING_SELFTEST_H
#define FTOPEN_TRACING_SELFTEST_H

#include "kernel/plan.h"
#include "tracing/cost.h"
#include "tracing/instance.h"
#include "tracing/session.h"

struct tep_handle;
struct decoder;

/**
 * struct selftest - a self-test, and what it could not do
 * @directory_kind: what it was done on, e.g. "ext4"; NULL if no directory could be made
 * @is_whole: everything could be tried; if not, a probe that did not fire is not tested, which
 *	speaks neither for nor against it
 * @cost: what its last open of a cached name cost
 * @tep, @decoder: of the events that are armed, the caller's to free; NULL unless the test left
 *	them as they were
 */
struct selftest {
	const char *directory_kind;
	bool is_whole;
	struct cost cost;
	struct tep_handle *tep;
	struct decoder *decoder;
};

/**
 * selftest_run - test every armed probe of @plan
 * @instance: where it looks, with tracing off and nobody selected yet
 * @waiting: tasks that do nothing meanwhile, and stay selected in @instance
 *
 * A probe that holds becomes is_proved. One that does not gives way to the role's next candidate,
 * which is tested in turn; a role without a further one is left silent or refused. Nothing of the
 * test is left but what is armed, enabled in @instance, with tracing off: neither files nor
 * records nor counts of them.
 *
 * Return: 0, or a negative errno that was reported, e.g. for a required role without a candidate.
 */
int selftest_run(struct session *session, struct plan *plan, struct instance *instance,
		 const struct tid_list *waiting, struct selftest *result);

#endif
