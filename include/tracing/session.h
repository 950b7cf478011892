/* SPDX-License-Identifier: MIT */
/*
 * The session: the only code that changes tracefs. Every change pushes its undo as soon as it
 * succeeded; session_end() undoes them in reverse order, whatever happened in between. What was
 * there before is never touched: kprobe_events is appended to, never truncated, and no top-level
 * setting is written.
 */
#ifndef FTOPEN_TRACING_SESSION_H
#define FTOPEN_TRACING_SESSION_H

#include "kernel/plan.h"

struct session;

/**
 * session_new - a session on the tracefs at @dir (tracefs_find()); nothing is changed yet
 *
 * The session's name is "ftopen_PID_STARTTIME" of this process: group of its events and start of
 * its instances' names, so that leftovers tell whose they are.
 *
 * Return: 0, or a negative errno that was reported. Ends with session_end().
 */
int session_new(const char *dir, struct session **session);

/**
 * session_end - undo everything in reverse order and free the session
 *
 * Return: 0, or the first negative errno, which was reported with what is left behind.
 */
int session_end(struct session *session);

/**
 * session_name - "ftopen_PID_START": of its instances, and the group of its events; stays the
 * session's
 */
const char *session_name(const struct session *session);

/**
 * session_registers - in which arguments are passed, NULL where the kernel fetches them by number
 */
const struct registers *session_registers(const struct session *session);

/**
 * session_define - append the definition of one probe to kprobe_events
 * @why: set to the kernel's error_log text and caret if it refused, the caller's to free(); else
 *	NULL
 *
 * Return: 0, or the negative errno of the write, not reported.
 */
int session_define(struct session *session, const struct planned *planned, char **why);

/**
 * session_define_event - the same for an event that is no probe of a plan
 * @event: its name in the session's group; @definition puts it there
 */
int session_define_event(struct session *session, const char *event, const char *definition,
			 char **why);

/**
 * session_undefine - remove one probe again (disabled everywhere first)
 */
int session_undefine(struct session *session, const struct planned *planned);
int session_undefine_event(struct session *session, const char *event);

#endif
