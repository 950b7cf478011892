/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the session share: the undo log, and the instances.
 */
#ifndef FTOPEN_TRACING_SESSION_INTERNAL_H
#define FTOPEN_TRACING_SESSION_INTERNAL_H

#include "kernel/definition.h"
#include "tracing/instance.h"
#include "tracing/session.h"

#define SESSION_NAME_SIZE 64
#define EVENT_PATH_SIZE	  (SESSION_NAME_SIZE + 64)

/*
 * One change of tracefs and how it is taken back. The kinds stand in the order of the end: what is
 * enabled, or waits to be, cannot be removed, and removing a probe that was enabled resets the
 * buffers of the instances in which it was.
 */
enum undo_kind {
	UNDO_TRIGGER,  /* @subject is GROUP/EVENT, in @instance at the event @when */
	UNDO_ENABLE,   /* @subject is GROUP/EVENT, in @instance */
	UNDO_INSTANCE, /* @instance */
	UNDO_PROBE,    /* @subject is GROUP/EVENT */
	UNDO_NR,
};

struct undo {
	enum undo_kind kind;
	char subject[EVENT_PATH_SIZE];
	struct instance *instance;
	const char *when; /* static storage */
};

struct session {
	char *dir;
	char name[SESSION_NAME_SIZE];
	const struct registers *registers;
	struct undo *log;
	size_t log_count, log_room;
};

struct instance {
	struct session *session;
	struct tracefs_instance *handle;
	char *dir;
	char *filter; /* what every event's filter file gets, NULL for none */
	char *state;  /* what instance_remember() found */
	bool has_pids;
	bool follows_fork;
	enum scope scope;
};

/**
 * event_path - "GROUP/EVENT"
 * @path: EVENT_PATH_SIZE bytes
 */
void event_path(const struct session *session, const char *event, char *path);

/**
 * planned_path - the same for a probe of the plan
 */
void planned_path(const struct session *session, const struct planned *planned, char *path);

#endif
