/* SPDX-License-Identifier: MIT */
/*
 * What ftopen doctor found out about this kernel, and the two ways to write it.
 */
#ifndef FTOPEN_RENDER_DOCTOR_H
#define FTOPEN_RENDER_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "kernel/layout.h"
#include "kernel/plan.h"

enum chain_state {
	CHAIN_FULL,   /* every role is there and proved */
	CHAIN_PARTLY, /* opens are seen, not every hop of them */
	CHAIN_IMPOSSIBLE,
};

#define DOCTOR_PROBLEMS 16

/**
 * struct doctor - the findings; strings that are NULL and counts that are LOSS_UNKNOWN are unknown
 * @cpus_online, @cpus_possible: processors that run, and those that may ever do: "0-3,5"
 * @lockdown: the mode that holds
 * @signing: whether modules have to be signed
 * @kprobes: whether kprobes are switched on
 * @ftrace: whether function tracing is switched on (kernel.ftrace_enabled)
 * @rings: whether the requests of io_uring's rings can be followed, or why not
 * @tracefs: where it is; NULL if it cannot be used
 * @btf: the file with the structures; NULL if it cannot be read
 * @layout: NULL if there is none
 * @told: what the BTF says, where @layout was measured all the same; else NULL
 * @functions: whether there is an available_filter_functions
 * @plan: NULL if none could be made
 * @selftest_on: the kind of file system that the self-test was done on; NULL if it was not done
 * @selftest_is_whole: everything could be tried there
 * @cost: of one open whose names are all cached; no @components if no such open was seen
 * @missed: hits that the probes missed during the self-test
 * @leftovers: instances and probes of killed runs
 * @problems: what was reported on the way, the errors and what to do, one line each
 */
struct doctor {
	const char *kernel;
	const char *arch;
	char *cpus_online;
	char *cpus_possible;
	const char *lockdown;
	const char *signing;
	const char *kprobes;
	const char *ftrace;
	const char *rings;
	const char *tracefs;
	const char *btf;
	const struct layout *layout;
	const struct layout *told;
	bool functions;
	const struct plan *plan;
	const char *selftest_on;
	bool selftest_is_whole;
	struct {
		uint64_t components;
		uint64_t records;
		uint64_t bytes;
		uint64_t reads;
	} cost;
	uint64_t missed;
	uint64_t leftovers;
	char *problems[DOCTOR_PROBLEMS];
	int problem_count;
	enum chain_state chain;
};

/**
 * doctor_text, doctor_json - write the findings
 *
 * Return: 0, or a negative errno if @out cannot be written.
 */
int doctor_text(const struct doctor *doctor, FILE *out);
int doctor_json(const struct doctor *doctor, FILE *out);

#endif
