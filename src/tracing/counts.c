/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own counts: of an instance's buffers, and of a probe's hits.
 */
#include "tracing/counts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "control.h"
#include "session_internal.h"
#include "util/io.h"
#include "util/message.h"

/* Another run removes its probes in about so many steps. Each may come between two reads. */
#define PROFILE_TRIES 100

int instance_stats(const struct instance *instance, int cpu, struct cpu_stats *stats)
{
	char path[4096], *text;
	int ret;

	snprintf(path, sizeof(path), "%s/per_cpu/cpu%d/stats", instance->dir, cpu);
	ret = read_file(path, &text, NULL);
	if (ret)
		return ret;
	cpu_stats_parse(text, stats);
	free(text);
	return 0;
}

bool instance_has_records(const struct instance *instance, int cpu)
{
	struct cpu_stats stats;

	return !instance_stats(instance, cpu, &stats) && stats.entries &&
	       stats.entries != LOSS_UNKNOWN;
}

static int find_any(void *context, const struct instance *instance, int cpu)
{
	struct cpu_stats stats;

	(void)context;
	return !instance_stats(instance, cpu, &stats) &&
	       (stats.entries || stats.overrun || cpu_stats_unreported(&stats));
}

static bool is_empty(const struct instance *instance)
{
	return !instance_each_cpu(instance, find_any, NULL);
}

int instance_empty(const struct instance *instance)
{
	int ret;

	if (is_empty(instance))
		return 0;
	ret = control_clear(instance->handle, "trace");
	if (!ret && !is_empty(instance))
		ret = -EBUSY;
	if (ret)
		error("cannot empty '%s/trace': %s", instance->dir, strerror(-ret));
	return ret;
}

/* Index of our event among the lines of kprobe_events, -1 if it is not there. */
static int line_of(const char *events, const char *path)
{
	size_t len = strlen(path);
	int index = 0;

	for (const char *line = events; line && *line; index++) {
		const char *name = strchr(line, ':');

		if (name && !strncmp(name + 1, path, len) && name[1 + len] == ' ')
			return index;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return -1;
}

static int parse_counts(const char *counts, int index, const char *event, uint64_t *hits,
			uint64_t *misses)
{
	char name[128];

	for (; index > 0 && counts; index--) {
		counts = strchr(counts, '\n');
		counts = counts ? counts + 1 : NULL;
	}
	if (!counts || sscanf(counts, " %127s %" SCNu64 " %" SCNu64, name, hits, misses) != 3)
		return -ENOENT;
	return strcmp(name, event) ? -EAGAIN : 0;
}

/* Before 5.14 a fetch that faulted counted as a miss of its probe: no number to rely on. */
static bool has_true_misses(void)
{
	struct utsname uts;
	int major, minor;

	return !uname(&uts) && sscanf(uts.release, "%d.%d", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 14));
}

static int read_of(const struct session *session, const char *file, char **text)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", session->dir, file);
	return read_file(path, text, NULL);
}

/* -EAGAIN if others changed the list meanwhile: then the lines of one do not tell the other's. */
static int read_once(const struct session *session, struct profile *profile)
{
	char *again = NULL;
	int ret = read_of(session, "kprobe_events", &profile->events);

	if (!ret)
		ret = read_of(session, "kprobe_profile", &profile->counts);
	if (!ret)
		ret = read_of(session, "kprobe_events", &again);
	if (!ret && strcmp(again, profile->events))
		ret = -EAGAIN;
	free(again);
	if (ret)
		profile_free(profile);
	return ret;
}

int profile_read(const struct session *session, struct profile *profile)
{
	int ret = -EAGAIN;

	memset(profile, 0, sizeof(*profile));
	for (int tries = 0; ret == -EAGAIN && tries < PROFILE_TRIES; tries++)
		ret = read_once(session, profile);
	return ret;
}

int profile_of(const struct profile *profile, const struct session *session,
	       const struct planned *planned, uint64_t *hits, uint64_t *misses)
{
	char event[EVENT_NAME_SIZE], subject[EVENT_PATH_SIZE];
	int ret;

	if (!profile->events)
		return -ENOENT;
	planned_event(planned, event);
	planned_path(session, planned, subject);
	/*
	 * The lines of the counts have no group: which line is ours shows its place, which is the
	 * same in both files.
	 */
	ret = parse_counts(profile->counts, line_of(profile->events, subject), event, hits, misses);
	if (!ret && !has_true_misses())
		*misses = LOSS_UNKNOWN;
	return ret;
}

void profile_free(struct profile *profile)
{
	free(profile->events);
	free(profile->counts);
	memset(profile, 0, sizeof(*profile));
}
