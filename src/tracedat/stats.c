/* SPDX-License-Identifier: MIT */
/*
 * The kernel's counts in a file, one text for each CPU of one buffer after the other, and the lines
 * that ftopen puts after them; what they say of the buffers that are read.
 */
#include "read_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracedat/write.h"

/* --- from the file ---------------------------------------------------------------------------- */

static bool is_counted(const struct dat *dat, const char *buffer, int cpu)
{
	for (size_t i = 0; i < dat->count_nr; i++) {
		if (dat->counts[i].cpu == cpu && !strcmp(dat->counts[i].buffer, buffer))
			return true;
	}
	return false;
}

/* "CPU: N\nentries: N\noverrun: N\n…"; what is not understood says nothing. */
static int take_cpu(struct dat *dat, const char *text)
{
	const char *buffer = dat->counted ? dat->counted : "";
	struct dat_count count = { .cpu = -1 }, *grown;

	cpu_stats_parse(text, &count.stats);
	if (sscanf(text, "CPU: %d", &count.cpu) != 1 || count.cpu < 0 || count.cpu >= MAX_CPUS ||
	    cpu_stats_unreported(&count.stats) == LOSS_UNKNOWN ||
	    count.stats.overrun == LOSS_UNKNOWN || is_counted(dat, buffer, count.cpu))
		return 0;
	count.buffer = strdup(buffer);
	grown = count.buffer ? realloc(dat->counts, (dat->count_nr + 1) * sizeof(*grown)) : NULL;
	if (!grown) {
		free(count.buffer);
		return -ENOMEM;
	}
	dat->counts = grown;
	grown[dat->count_nr++] = count;
	return 0;
}

/* "\nBuffer: NAME\n\n" stands before the counts of every buffer but the main one. */
static bool is_name(const char *text)
{
	static const char start[] = "\nBuffer: ";

	return !strncmp(text, start, sizeof(start) - 1);
}

static int take_name(struct dat *dat, const char *text)
{
	const char *name = strchr(text, ' ') + 1;
	char *copy = strndup(name, strcspn(name, "\n"));

	if (!copy)
		return -ENOMEM;
	keep(&dat->counted, copy);
	return 0;
}

int take_stats(struct dat *dat, struct cursor *cursor, uint32_t size)
{
	char *text;
	int ret = cursor_text(cursor, size, &text);

	if (ret)
		return ret;
	if (strstr(text, DAT_PROBES)) {
		keep(&dat->extras, text);
		return 0;
	}
	ret = is_name(text) ? take_name(dat, text) : take_cpu(dat, text);
	free(text);
	return ret;
}

/* --- what they say ---------------------------------------------------------------------------- */

struct dat_count *counts_find(const struct dat *dat, const struct dat_cpu *cpu)
{
	for (size_t i = 0; i < dat->count_nr; i++) {
		struct dat_count *count = &dat->counts[i];

		if (count->cpu == cpu->cpu &&
		    !strcmp(count->buffer, dat->buffers[cpu->buffer].name))
			return count;
	}
	return NULL;
}

/*
 * Records that the kernel gave to the recording tool and that the file does not have. It counts
 * what is left to be read before what was read: a record that was read in between is in both.
 */
static uint64_t thrown_away(const struct dat *dat, const struct dat_count *count)
{
	uint64_t left = count->stats.entries, read = count->stats.read_events;
	uint64_t given = add_counts(read, left);

	if (!dat->has_records || count->is_cut || given == LOSS_UNKNOWN || given <= count->records)
		return 0;
	return left && read ? LOSS_UNKNOWN : given - count->records;
}

static void add_lost(struct dat *dat, const char *buffer, int cpu, uint64_t count)
{
	if (count)
		dat->lost[dat->lost_nr++] = (struct dat_lost){ buffer_scope(buffer), cpu, count };
}

/* Return: how many CPUs of the buffer have counts. */
static uint32_t settle_buffer(struct dat *dat, const char *name)
{
	uint32_t cpus = 0;

	for (size_t i = 0; i < dat->count_nr; i++) {
		const struct dat_count *count = &dat->counts[i];

		if (strcmp(count->buffer, name) != 0)
			continue;
		cpus++;
		dat->info.overrun = add_counts(dat->info.overrun, count->stats.overrun);
		add_lost(dat, name, count->cpu,
			 add_counts(cpu_stats_unreported(&count->stats), thrown_away(dat, count)));
	}
	return cpus;
}

/* trace-cmd record -B leaves the main buffer alone, but has a place for it in the file. */
static bool is_unused(const struct dat *dat, size_t buffer)
{
	if (*dat->buffers[buffer].name || dat->buffer_nr == 1)
		return false;
	for (size_t i = 0; i < dat->cpu_nr; i++) {
		if (dat->cpus[i].buffer == buffer)
			return false;
	}
	return true;
}

/* It was left out, or its option is damaged. */
static bool lacks_any(const struct dat *dat)
{
	bool is_counted = false;

	for (size_t i = 0; i < dat->buffer_nr; i++) {
		if (buffer_scope(dat->buffers[i].name) == SCOPE_ANY)
			return false;
	}
	for (size_t i = 0; i < dat->count_nr; i++)
		is_counted |= buffer_scope(dat->counts[i].buffer) == SCOPE_ANY;
	return is_counted;
}

int counts_settle(struct dat *dat)
{
	struct dat_lost *lost = calloc(dat->count_nr + dat->buffer_nr + 1, sizeof(*lost));
	struct dat_info *info = &dat->info;

	if (!lost)
		return -ENOMEM;
	free(dat->lost);
	dat->lost = lost;
	dat->lost_nr = 0;
	info->overrun = 0;
	info->has_any = false;
	info->lacks_any |= lacks_any(dat);
	info->lacks_counts = false;
	for (size_t i = 0; i < dat->buffer_nr; i++) {
		const struct dat_buffer *buffer = &dat->buffers[i];
		uint32_t cpus;

		if (buffer->is_left_out)
			continue;
		info->has_any |= buffer_scope(buffer->name) == SCOPE_ANY;
		cpus = settle_buffer(dat, buffer->name);
		if (!cpus && is_unused(dat, i))
			continue;
		if (cpus >= dat->cpu_count)
			continue;
		info->lacks_counts = true;
		add_lost(dat, buffer->name, -1, LOSS_UNKNOWN);
	}
	if (info->lacks_counts)
		info->overrun = LOSS_UNKNOWN;
	info->lost = dat->lost;
	info->lost_count = dat->lost_nr;
	return 0;
}

void counts_free(struct dat *dat)
{
	for (size_t i = 0; i < dat->count_nr; i++)
		free(dat->counts[i].buffer);
	free(dat->counts);
	free(dat->counted);
	free(dat->lost);
}
