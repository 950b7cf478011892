/* SPDX-License-Identifier: MIT */
/*
 * The first lines of the summary: the kernel, the clock, the time, and what was lost on each CPU.
 */
#include "summary_head.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

void head_open(struct head *head, const struct open_call *open)
{
	uint64_t end = open->ts + (open->has_latency ? open->latency_ns : 0);

	if (!head->has_span || open->ts < head->from)
		head->from = open->ts;
	if (!head->has_span || end > head->to)
		head->to = end;
	head->has_span = true;
}

static struct cpu_loss *find_cpu(struct head *head, int32_t cpu)
{
	struct cpu_loss *grown;

	for (size_t i = 0; i < head->cpu_count; i++) {
		if (head->cpus[i].cpu == cpu)
			return &head->cpus[i];
	}
	grown = realloc(head->cpus, (head->cpu_count + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	head->cpus = grown;
	grown[head->cpu_count] = (struct cpu_loss){ .cpu = cpu };
	return &grown[head->cpu_count++];
}

int head_loss(struct head *head, const struct loss *loss)
{
	struct cpu_loss *at;

	head->is_unselected |= loss->is_unselected;
	if (loss->is_unselected)
		return 0;
	at = find_cpu(head, loss->cpu);
	if (!at)
		return -ENOMEM;
	if (loss->count == LOSS_UNKNOWN)
		at->is_unknown = true;
	else
		at->count += loss->count;
	return 0;
}

static void write_span(struct text *text, const struct head *head,
		       const struct render_options *options)
{
	struct times times = times_of(options);

	if (!head->has_span || options->clock.only_orders)
		return;
	if (times.shown == TIMES_DELTA)
		times.shown = TIMES_TRACE;
	TEXT(text, ", ");
	times_plain(text, &times, head->from);
	TEXT(text, " to ");
	times_plain(text, &times, head->to);
	text_format(text, " (%.6f s)", (double)(head->to - head->from) / 1e9);
}

static int by_cpu(const void *a, const void *b)
{
	const struct cpu_loss *left = a, *right = b;

	return left->cpu < right->cpu ? -1 : left->cpu > right->cpu;
}

static void write_losses(struct text *text, struct head *head)
{
	if (!head->cpu_count && !head->is_unselected) {
		TEXT(text, ", nothing lost\n");
		return;
	}
	if (head->cpu_count)
		qsort(head->cpus, head->cpu_count, sizeof(*head->cpus), by_cpu);
	TEXT(text, ", lost");
	for (size_t i = 0; i < head->cpu_count; i++) {
		const struct cpu_loss *at = &head->cpus[i];

		text_str(text, i ? ", " : " ");
		if (at->count)
			text_u64(text, at->count);
		if (at->is_unknown)
			text_str(text, at->count ? " and an unknown number" : "an unknown number");
		if (at->cpu >= 0)
			text_format(text, " on CPU %" PRId32, at->cpu);
	}
	if (head->is_unselected)
		text_str(text, head->cpu_count ? ", " UNSELECTED : " " UNSELECTED);
	text_char(text, '\n');
}

void head_write(struct text *text, struct head *head, const struct render_options *options,
		const struct chain_summary *summary)
{
	const char *clock = options->clock.name;

	TEXT(text, "kernel ");
	text_str(text, summary->kernel ? summary->kernel : "unknown");
	if (summary->arch)
		text_format(text, " (%s)", summary->arch);
	TEXT(text, ", clock ");
	text_str(text, clock ? clock : "unknown");
	if (options->clock.only_orders)
		TEXT(text, " (no times)");
	write_span(text, head, options);
	write_losses(text, head);
	text_char(text, '\n');
}

void head_release(struct head *head)
{
	free(head->cpus);
}
