/* SPDX-License-Identifier: MIT */
/*
 * The kernel counts from the start of a session: what one part of it counted is a difference.
 */
#include "tracing/counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/message.h"

/* Processors come in no order. */
static int grow(struct counts_mark *mark, enum scope scope, int cpu)
{
	struct cpu_stats *grown;

	if (cpu < mark->cpu_count[scope])
		return 0;
	grown = realloc(mark->cpus[scope], ((size_t)cpu + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	for (int i = mark->cpu_count[scope]; i <= cpu; i++)
		grown[i] = (struct cpu_stats){ 0 };
	mark->cpus[scope] = grown;
	mark->cpu_count[scope] = cpu + 1;
	return 0;
}

static int mark_cpu(void *context, const struct instance *instance, int cpu)
{
	struct counts_mark *mark = context;
	enum scope scope = instance_scope(instance);
	int ret = grow(mark, scope, cpu);

	if (ret)
		return ret;
	if (instance_stats(instance, cpu, &mark->cpus[scope][cpu]))
		memset(&mark->cpus[scope][cpu], 0xff, sizeof(**mark->cpus)); /* LOSS_UNKNOWN */
	return 0;
}

int counts_mark_take(struct counts_mark *mark, const struct session *session,
		     struct instance *const *instances, size_t count)
{
	int ret = 0;

	memset(mark, 0, sizeof(*mark));
	for (size_t i = 0; i < count && !ret; i++)
		ret = instance_each_cpu(instances[i], mark_cpu, mark);
	if (!ret)
		ret = profile_read(session, &mark->profile);
	if (ret)
		error("cannot read the kernel's counts: %s", strerror(-ret));
	return ret;
}

struct cpu_stats counts_mark_of(const struct counts_mark *mark, const struct instance *instance,
				int cpu)
{
	enum scope scope = instance_scope(instance);

	return cpu < mark->cpu_count[scope] ? mark->cpus[scope][cpu] : (struct cpu_stats){ 0 };
}

uint64_t counts_since(uint64_t then, uint64_t now)
{
	return then == LOSS_UNKNOWN || now == LOSS_UNKNOWN || now < then ? LOSS_UNKNOWN
									 : now - then;
}

void counts_mark_release(struct counts_mark *mark)
{
	for (int scope = 0; scope < SCOPE_NR; scope++)
		free(mark->cpus[scope]);
	profile_free(&mark->profile);
	memset(mark, 0, sizeof(*mark));
}
