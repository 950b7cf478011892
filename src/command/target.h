/* SPDX-License-Identifier: MIT */
/*
 * What is traced: the program that is run or the tasks that are attached to, as the options name
 * them and as the kernel knows them.
 */
#ifndef FTOPEN_COMMAND_TARGET_H
#define FTOPEN_COMMAND_TARGET_H

#include <sys/types.h>

#include "command/options.h"
#include "util/tid_list.h"

/**
 * struct target - all zero: every task
 * @args: the program and its arguments, NULL when attached
 * @tids: the threads of -p, none without
 * @processes: a pidfd for each process of -p, negative for one that could not be had
 * @comms: which names tasks have to have; strings of the options, or @is and @is_not
 */
struct target {
	char **args;
	struct tid_list tids;
	int processes[MAX_PIDS];
	size_t process_count;
	struct comm_filter comms;
	char is[COMM_BYTES];
	char is_not[COMM_BYTES];
};

/**
 * is_attach - whether the options name tasks that run already
 */
bool is_attach(const struct options *options);

/**
 * is_of_any_task - whether they are all tasks, whatever is shown of them
 */
bool is_of_any_task(const struct options *options);

/**
 * is_of_cgroup - whether they are those of a control group
 */
bool is_of_cgroup(const struct options *options);

/**
 * is_group_only - whether processes that are started while we trace are left out
 */
bool is_group_only(const struct options *options);

/**
 * target_check - whether the options say what to trace, before anything is made
 *
 * Return: 0, or a negative errno that was reported.
 */
int target_check(const struct options *options);

/**
 * target_find - find what the options select
 *
 * A program that is not in PATH may be the name of a scenario. A comm is cut as the kernel cuts it.
 *
 * Return: 0, or a negative errno that was reported. Ends with target_release().
 */
int target_find(struct target *target, const struct options *options);

/**
 * target_threads - look again for the threads of -p, which may have started more
 *
 * A process that target_find() found and that has ended since has none.
 *
 * Return: 1 if there are others than before, 0 if not, or a negative errno that was reported.
 */
int target_threads(struct target *target, const struct options *options);

void target_release(struct target *target);

#endif
