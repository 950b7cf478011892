/* SPDX-License-Identifier: MIT */
/*
 * Events that wait for another one: the kernel enables them itself when that happens.
 */
#include "undo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "util/message.h"

static bool has_event(const struct instance *instance, const char *event)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/events/%s/trigger", instance->dir, event);
	return !access(path, F_OK);
}

static int await(struct instance *instance, const char *event, const char *when)
{
	struct undo undo = { .kind = UNDO_TRIGGER, .instance = instance, .when = when };
	int ret;

	snprintf(undo.subject, sizeof(undo.subject), "%s", event);
	ret = trigger_write(&undo, "");
	if (!ret)
		return undo_push(instance->session, &undo);
	error("cannot set a trigger to enable '%s' at '%s': %s", event, when, strerror(-ret));
	return ret;
}

int instance_enable_when(struct instance *instance, const struct planned *planned,
			 const char *filter, const char *when)
{
	char event[EVENT_PATH_SIZE], name[EVENT_NAME_SIZE];
	int ret;

	if (when && !has_event(instance, when))
		return 0;
	planned_path(instance->session, planned, event);
	ret = control_set_event(instance->handle, event, "filter", filter);
	if (ret)
		return ret;
	if (when)
		return await(instance, event, when);
	planned_event(planned, name);
	return instance_enable_event(instance, name);
}
