/* SPDX-License-Identifier: MIT */
/*
 * The session and its probes. kprobe_events is only ever appended to.
 */
#include "session_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "tracing/process.h"
#include "tracing/tracefs.h"
#include "undo.h"
#include "util/message.h"

int session_new(const char *dir, struct session **session)
{
	struct session *made = calloc(1, sizeof(*made));
	uint64_t start;
	int ret = -ENOMEM;

	if (!made)
		return ret;
	made->dir = strdup(dir);
	if (!made->dir)
		goto err_free;
	ret = control_begin(dir);
	if (!ret)
		ret = tracefs_registers(dir, &made->registers);
	if (ret)
		goto err_free;
	ret = process_start_time(getpid(), &start);
	if (ret) {
		error("cannot read '/proc/self/stat': %s", strerror(-ret));
		goto err_free;
	}
	snprintf(made->name, sizeof(made->name), "ftopen_%d_%" PRIu64, (int)getpid(), start);
	*session = made;
	return 0;

err_free:
	free(made->dir);
	free(made);
	return ret;
}

const char *session_name(const struct session *session)
{
	return session->name;
}

const struct registers *session_registers(const struct session *session)
{
	return session->registers;
}

void event_path(const struct session *session, const char *event, char *path)
{
	snprintf(path, EVENT_PATH_SIZE, "%s/%s", session->name, event);
}

void planned_path(const struct session *session, const struct planned *planned, char *path)
{
	char event[EVENT_NAME_SIZE];

	planned_event(planned, event);
	event_path(session, event, path);
}

int session_end(struct session *session)
{
	int ret = undo_all(session);

	free(session->log);
	free(session->dir);
	free(session);
	return ret;
}

int session_define_event(struct session *session, const char *event, const char *definition,
			 char **why)
{
	struct undo undo = { .kind = UNDO_PROBE };
	int ret = control_define(definition);
	char *text;

	*why = NULL;
	if (!ret) {
		event_path(session, event, undo.subject);
		return undo_push(session, &undo);
	}
	text = control_refusal(definition);
	if (!text)
		return -ENOMEM;
	if (asprintf(why, "the kernel refused it: %s\n%s", strerror(-ret),
		     *text ? text : definition) < 0) {
		*why = NULL;
		ret = -ENOMEM;
	}
	free(text);
	return ret;
}

int session_define(struct session *session, const struct planned *planned, char **why)
{
	char event[EVENT_NAME_SIZE];

	planned_event(planned, event);
	return session_define_event(session, event, planned->definition, why);
}

int session_undefine_event(struct session *session, const char *event)
{
	char path[EVENT_PATH_SIZE];

	event_path(session, event, path);
	return undo_event(session, path);
}

int session_undefine(struct session *session, const struct planned *planned)
{
	char event[EVENT_NAME_SIZE];

	planned_event(planned, event);
	return session_undefine_event(session, event);
}
