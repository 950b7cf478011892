/* SPDX-License-Identifier: MIT */
/*
 * The first lines of the summary.
 */
#ifndef FTOPEN_RENDER_SUMMARY_HEAD_H
#define FTOPEN_RENDER_SUMMARY_HEAD_H

#include "common.h"

struct cpu_loss {
	int32_t cpu;
	bool is_unknown; /* @count is not all */
	uint64_t count;
};

/**
 * struct head - what they count; all zero is nothing yet
 * @from, @to: of all opens
 * @cpus: where records were lost
 * @is_unselected: tasks were not selected from the beginning
 */
struct head {
	bool has_span;
	uint64_t from, to;
	struct cpu_loss *cpus;
	size_t cpu_count;
	bool is_unselected;
};

void head_open(struct head *head, const struct open_call *open);

/**
 * head_loss - Return: 0 or -ENOMEM
 */
int head_loss(struct head *head, const struct loss *loss);

void head_write(struct text *text, struct head *head, const struct render_options *options,
		const struct chain_summary *summary);

void head_release(struct head *head);

#endif
