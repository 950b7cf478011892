/* SPDX-License-Identifier: MIT */
/*
 * The undo log. An instance is in the memory as long as the entry that takes it away.
 */
#include "undo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tracefs.h>

#include "control.h"
#include "util/array.h"
#include "util/message.h"

#define BUSY_TRIES    50
#define BUSY_PAUSE_NS (20 * 1000 * 1000L)

void instance_free(struct instance *instance)
{
	tracefs_instance_free(instance->handle);
	tracefs_put_tracing_file(instance->dir);
	free(instance->filter);
	free(instance->state);
	free(instance);
}

/* Others may be reading what we remove: EBUSY passes. */
static int while_busy(int (*attempt)(const char *subject), const char *subject)
{
	static const struct timespec pause = { .tv_nsec = BUSY_PAUSE_NS };
	int ret = attempt(subject);

	for (int i = 0; i < BUSY_TRIES && ret == -EBUSY; i++) {
		nanosleep(&pause, NULL);
		ret = attempt(subject);
	}
	return ret;
}

int trigger_write(const struct undo *undo, const char *sign)
{
	char text[EVENT_PATH_SIZE + 32];
	size_t group = strcspn(undo->subject, "/");

	snprintf(text, sizeof(text), "%senable_event:%.*s:%s", sign, (int)group, undo->subject,
		 undo->subject + group + 1);
	return control_add_to_event(undo->instance->handle, undo->when, "trigger", text);
}

static int take_back(const struct undo *undo)
{
	const char *subject = undo->subject;
	int ret;

	switch (undo->kind) {
	case UNDO_PROBE:
		ret = while_busy(control_undefine, subject);
		break;
	case UNDO_TRIGGER:
		ret = trigger_write(undo, "!");
		break;
	case UNDO_ENABLE:
		ret = control_disable(undo->instance->handle, subject);
		break;
	default:
		subject = tracefs_instance_get_name(undo->instance->handle);
		ret = while_busy(control_remove_instance, subject);
		break;
	}
	if (!ret || ret == -ENOENT)
		return 0;
	error("cannot remove '%s' from tracefs: %s", subject, strerror(-ret));
	hint("it is left behind; 'ftopen clean' removes it once this process has ended");
	return ret;
}

int undo_push(struct session *session, const struct undo *undo)
{
	struct undo *log =
		array_grow(session->log, session->log_count, &session->log_room, sizeof(*log));

	if (!log) {
		take_back(undo);
		return -ENOMEM;
	}
	session->log = log;
	log[session->log_count++] = *undo;
	return 0;
}

int undo_entry(struct session *session, size_t index)
{
	struct undo *undo = &session->log[index];
	int ret = take_back(undo);

	memmove(undo, undo + 1, (--session->log_count - index) * sizeof(*undo));
	return ret;
}

int undo_event(struct session *session, const char *subject)
{
	int ret = 0;

	for (size_t i = session->log_count; i-- > 0;) {
		const struct undo *undo = &session->log[i];
		int undone;

		if (undo->kind == UNDO_INSTANCE || strcmp(undo->subject, subject))
			continue;
		undone = undo_entry(session, i);
		if (!ret)
			ret = undone;
	}
	return ret;
}

int undo_instance(struct session *session, struct instance *instance)
{
	int ret = 0;

	for (size_t i = session->log_count; i-- > 0;) {
		int undone;

		if (session->log[i].instance != instance)
			continue;
		undone = undo_entry(session, i);
		if (!ret)
			ret = undone;
	}
	instance_free(instance);
	return ret;
}

static int undo_kind(struct session *session, enum undo_kind kind)
{
	int ret = 0;

	for (size_t i = session->log_count; i-- > 0;) {
		const struct undo *undo = &session->log[i];
		int undone;

		if (undo->kind != kind)
			continue;
		undone = take_back(undo);
		if (kind == UNDO_INSTANCE)
			instance_free(undo->instance);
		if (!ret)
			ret = undone;
	}
	return ret;
}

int undo_all(struct session *session)
{
	int ret = 0;

	for (int kind = 0; kind < UNDO_NR; kind++) {
		int undone = undo_kind(session, (enum undo_kind)kind);

		if (!ret)
			ret = undone;
	}
	return ret;
}
