/* SPDX-License-Identifier: MIT */
/*
 * One run, from the first signal mask to the last undo.
 */
#include "run.h"

#include <errno.h>
#include <string.h>

#include "command/output.h"
#include "util/message.h"

static int start_child(struct run *run)
{
	int ret;

	if (is_attach(run->options))
		return 0;
	ret = witness_start(&run->watch.witness);
	if (ret)
		return ret;
	ret = child_start(run->live.target.args, &run->watch.before, run->options->user,
			  &run->child);
	run->watch.child = run->child;
	return ret;
}

int run_prepare(struct run *run)
{
	int ret = target_find(&run->live.target, run->options);

	if (!ret && run->options->cgroup)
		ret = cgroup_find(&run->live.members.cgroup, run->options->cgroup);
	if (!ret && run->options->unit)
		ret = cgroup_of_unit(&run->live.members.cgroup, run->options->unit);
	if (!ret)
		ret = start_child(run);
	if (!ret)
		ret = live_plan(&run->live, run->options, run->child ? child_pid(run->child) : 0);
	if (!ret)
		ret = live_define(&run->live);
	return ret;
}

static void report_exec_error(const struct run *run)
{
	const char *program = run->options->args[0];

	if (run->exec_error != -ENOENT || strchr(program, '/')) {
		error("cannot execute '%s': %s", program, strerror(-run->exec_error));
		return;
	}
	error("cannot execute '%s': not found in PATH", program);
	hint("nor is it a scenario that came with ftopen");
}

int run_watch(struct run *run, int fd, int (*pump)(void *context), void *context)
{
	int ret;

	if (run->child)
		run->exec_error = child_release(run->child);
	if (run->exec_error) {
		report_exec_error(run);
		return 0;
	}
	run->watch.fd = fd;
	run->watch.pump = pump;
	run->watch.context = context;
	run->watch.processes = run->live.target.processes;
	run->watch.process_count = run->live.target.process_count;
	run->watch.seconds = run->child ? 0 : run->options->duration;
	ret = watch_run(&run->watch);
	run->goes_on = run->child && (ret > 0 || ret == -ETIME);
	return ret < 0 ? ret : 0;
}

int run_status(const struct run *run)
{
	if (run->exec_error)
		return run->exec_error == -ENOENT ? STATUS_NOT_FOUND : STATUS_NO_EXEC;
	return run->watch.has_status ? run->watch.status : 0;
}

static void free_child(struct run *run)
{
	if (run->child)
		child_free(run->child);
	run->watch.child = run->child = NULL;
	witness_free(run->watch.witness);
	run->watch.witness = NULL;
}

int run_end(struct run *run)
{
	int ret = live_end(&run->live);

	if (!run->goes_on)
		free_child(run);
	return ret;
}

static int look_at_nothing(void *context)
{
	(void)context;
	return 0;
}

int run_await(struct run *run)
{
	int ret;

	if (!run->goes_on)
		return 0;
	run->watch.fd = -1;
	run->watch.has_reader = false;
	run->watch.pump = look_at_nothing;
	ret = watch_run(&run->watch);
	free_child(run);
	return ret;
}
