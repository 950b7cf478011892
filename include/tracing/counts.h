/* SPDX-License-Identifier: MIT */
/*
 * What the kernel counts: the records of each buffer, and how to bring them to none; the hits and
 * misses of each probe.
 */
#ifndef FTOPEN_TRACING_COUNTS_H
#define FTOPEN_TRACING_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/plan.h"
#include "pages/cpu_stats.h"
#include "tracing/instance.h"
#include "tracing/session.h"

/**
 * instance_empty - leave neither records nor counts of lost ones, with tracing off
 *
 * What has been read and has lost nothing is empty already: to empty it costs grace periods.
 *
 * Return: 0, or a negative errno that was reported; -EBUSY if it does not stay empty.
 */
int instance_empty(const struct instance *instance);

/**
 * instance_stats - what the kernel counts of one CPU
 *
 * Return: 0 or a negative errno, not reported.
 */
int instance_stats(const struct instance *instance, int cpu, struct cpu_stats *stats);

/**
 * instance_has_records - whether the kernel counts records of one CPU that nobody has read
 */
bool instance_has_records(const struct instance *instance, int cpu);

/**
 * struct profile - one look at kprobe_events and kprobe_profile
 * @counts: the profile; its lines stand in the order of @events
 */
struct profile {
	char *events;
	char *counts;
};

/**
 * profile_read - take that look; the caller frees it with profile_free(), also after an error
 *
 * Return: 0 or a negative errno, and then the profile knows no probe; -EAGAIN if others do not stop
 * changing the list of probes.
 */
int profile_read(const struct session *session, struct profile *profile);

/**
 * profile_of - hits and misses of one probe; entry and return are events
 *
 * @misses: LOSS_UNKNOWN before 5.14, where fetches that fault are counted as misses
 *
 * Return: 0, or a negative errno (-ENOENT if it is not listed).
 */
int profile_of(const struct profile *profile, const struct session *session,
	       const struct planned *planned, uint64_t *hits, uint64_t *misses);

void profile_free(struct profile *profile);

/**
 * struct counts_mark - what the kernel had counted at some time; all zero: nothing yet
 * @cpus: of each instance, by CPU, @cpu_count of them
 */
struct counts_mark {
	struct cpu_stats *cpus[SCOPE_NR];
	int cpu_count[SCOPE_NR];
	struct profile profile;
};

/**
 * counts_mark_take - note what it counts of all @instances and probes
 *
 * Return: 0, or a negative errno that was reported. Ends with counts_mark_release() in any case.
 */
int counts_mark_take(struct counts_mark *mark, const struct session *session,
		     struct instance *const *instances, size_t count);

/**
 * counts_mark_of - what it had counted of one CPU
 */
struct cpu_stats counts_mark_of(const struct counts_mark *mark, const struct instance *instance,
				int cpu);

/**
 * counts_since - how many since then; LOSS_UNKNOWN if one of them is not known
 */
uint64_t counts_since(uint64_t then, uint64_t now);

void counts_mark_release(struct counts_mark *mark);

#endif
