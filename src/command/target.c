/* SPDX-License-Identifier: MIT */
/*
 * From the options to a program or to thread ids.
 */
#include "target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "usage.h"
#include "tracing/process.h"
#include "util/message.h"
#include "util/which.h"

bool is_of_cgroup(const struct options *options)
{
	return options->cgroup || options->unit;
}

bool is_of_any_task(const struct options *options)
{
	return options->all || (options->filters.users.is_set && !options->arg_count &&
				!options->filters.pid_count && !is_of_cgroup(options) &&
				!comm_filter_is_set(&options->filters.comms));
}

bool is_attach(const struct options *options)
{
	return is_of_any_task(options) || options->filters.pid_count || is_of_cgroup(options) ||
	       (comm_filter_is_set(&options->filters.comms) && !options->arg_count);
}

bool is_group_only(const struct options *options)
{
	/* When attached to every task, or to those of a name, a new process is no descendant. */
	return !options->follow && (options->arg_count || options->filters.pid_count);
}

static int check_cgroup(const struct options *options)
{
	if (!is_of_cgroup(options))
		return 0;
	if (options->arg_count || options->all || options->filters.pid_count ||
	    (options->cgroup && options->unit))
		return usage_error(options->command,
				   "--cgroup and --unit select tasks by one control group: they "
				   "cannot be combined with a program, -a or -p, nor with each "
				   "other");
	return 0;
}

int target_check(const struct options *options)
{
	const struct command *command = options->command;
	bool has_program = options->arg_count > 0;
	int ret = check_cgroup(options);

	if (ret)
		return ret;
	if (has_program && (options->all || options->filters.pid_count))
		return usage_error(command, "-a and -p attach to running tasks: they cannot be "
					    "combined with a program");
	if (!has_program && !is_attach(options))
		return usage_error(command, "no program to run, and nothing to attach to (-p, -c, "
					    "-a, --cgroup, --uid)");
	if (!has_program && options->user)
		return usage_error(command, "-u needs a program to run");
	if (has_program && options->duration > 0)
		return usage_error(command,
				   "-d ends an attached trace: the trace of a program ends "
				   "with the program");
	return 0;
}

static char *join_executable(const char *dir, const char *below, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s/%s", dir, below, name) < 0)
		return NULL;
	if (!access(path, X_OK))
		return path;
	free(path);
	return NULL;
}

/* Next to the installed program, in the source tree, or where `make install` put them. */
static char *find_scenario(const char *name)
{
	char self[4096], *path, *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[len > 0 ? len : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	path = slash ? join_executable(self, "/../lib/ftopen/scenarios", name) : NULL;
	if (!path && slash)
		path = join_executable(self, "/build/scenarios", name);
	return path ? path : join_executable(FTOPEN_PKGLIBDIR, "/scenarios", name);
}

static int find_program(struct target *target, const struct options *options)
{
	size_t size = ((size_t)options->arg_count + 1) * sizeof(*target->args);
	char *scenario = NULL;

	target->args = malloc(size);
	if (!target->args)
		return -ENOMEM;
	memcpy(target->args, options->args, size);
	if (!strchr(options->args[0], '/') && !is_in_path(options->args[0]))
		scenario = find_scenario(options->args[0]);
	if (scenario)
		debug("'%s' is the scenario '%s'", options->args[0], scenario);
	target->args[0] = scenario ? scenario : strdup(options->args[0]);
	return target->args[0] ? 0 : -ENOMEM;
}

/* A name as the kernel keeps it, in @cut; @option is how it was given. */
static int find_comm(const char *comm, const char *option, char cut[COMM_BYTES], const char **found)
{
	if (!comm)
		return 0;
	if (!*comm) {
		error("cannot select tasks by %s '': a task's name is never empty", option);
		return -EINVAL;
	}
	snprintf(cut, COMM_BYTES, "%s", comm);
	if (strlen(comm) >= COMM_BYTES)
		note("%s: the kernel keeps %d bytes of a task's name: selecting '%s'", option,
		     COMM_BYTES - 1, cut);
	*found = cut;
	return 0;
}

static int find_comms(struct target *target, const struct comm_filter *comms)
{
	int ret = find_comm(comms->is, "-c", target->is, &target->comms.is);

	if (!ret)
		ret = find_comm(comms->is_not, "--not-comm", target->is_not, &target->comms.is_not);
	if (!ret && comms->like && !*comms->like) {
		error("cannot select tasks by --comm-glob '': a task's name is never empty");
		ret = -EINVAL;
	}
	target->comms.like = comms->like;
	return ret;
}

int target_threads(struct target *target, const struct options *options)
{
	bool were_found = target->process_count;
	struct tid_list tids = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < options->filters.pid_count; i++) {
		ret = process_threads(options->filters.pids[i], &tids);
		if (!ret || (ret == -ENOENT && were_found))
			continue;
		error("cannot attach to process %d: %s", (int)options->filters.pids[i],
		      ret == -ENOENT ? "there is no such process" : strerror(-ret));
		tid_list_release(&tids);
		return ret;
	}
	ret = !tid_list_equals(&target->tids, &tids);
	tid_list_release(&target->tids);
	target->tids = tids;
	return ret;
}

static void open_processes(struct target *target, const struct options *options)
{
	for (unsigned int i = 0; i < options->filters.pid_count; i++)
		target->processes[i] = (int)syscall(SYS_pidfd_open, options->filters.pids[i], 0);
	target->process_count = options->filters.pid_count;
}

int target_find(struct target *target, const struct options *options)
{
	int ret = 0;

	if (options->arg_count)
		ret = find_program(target, options);
	if (!ret)
		ret = find_comms(target, &options->filters.comms);
	if (!ret)
		ret = target_threads(target, options);
	if (ret >= 0)
		open_processes(target, options);
	return ret < 0 ? ret : 0;
}

void target_release(struct target *target)
{
	if (target->args)
		free(target->args[0]);
	free(target->args);
	tid_list_release(&target->tids);
	for (size_t i = 0; i < target->process_count; i++) {
		if (target->processes[i] >= 0)
			close(target->processes[i]);
	}
	memset(target, 0, sizeof(*target));
}
