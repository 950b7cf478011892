/* SPDX-License-Identifier: MIT */
/*
 * The session's undo log and its probes. kprobe_events is only ever appended to.
 */
#include "session_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tracing/process.h"
#include "tracing/tracefs.h"
#include "util/io.h"
#include "util/message.h"

#define BUSY_TRIES    50
#define BUSY_PAUSE_NS (20 * 1000 * 1000L)

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

int write_setting(const char *dir, const char *file, const char *text)
{
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ret = write_file(path, text, 0);
	if (ret)
		error("cannot write '%s' to '%s': %s", text, path, strerror(-ret));
	return ret;
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

int session_push(struct session *session, const struct undo *undo)
{
	if (session->log_count == session->log_room) {
		size_t room = session->log_room ? session->log_room * 2 : 64;
		struct undo *grown = realloc(session->log, room * sizeof(*grown));

		if (!grown) {
			session_undo(session, undo);
			return -ENOMEM;
		}
		session->log = grown;
		session->log_room = room;
	}
	session->log[session->log_count++] = *undo;
	return 0;
}

/* Others may be reading what we remove: EBUSY passes. */
static int while_busy(int (*attempt)(const char *path, const char *text), const char *path,
		      const char *text)
{
	static const struct timespec pause = { .tv_nsec = BUSY_PAUSE_NS };
	int ret = attempt(path, text);

	for (int i = 0; i < BUSY_TRIES && ret == -EBUSY; i++) {
		nanosleep(&pause, NULL);
		ret = attempt(path, text);
	}
	return ret;
}

static int append_line(const char *path, const char *text)
{
	return write_file(path, text, O_APPEND);
}

static int remove_folder(const char *path, const char *text)
{
	(void)text;
	return rmdir(path) < 0 ? -errno : 0;
}

static int undo_probe(const struct session *session, const struct undo *undo)
{
	char path[4096], line[EVENT_PATH_SIZE + 4];

	snprintf(path, sizeof(path), "%s/kprobe_events", session->dir);
	snprintf(line, sizeof(line), "-:%s\n", undo->subject);
	return while_busy(append_line, path, line);
}

static int undo_enable(const struct undo *undo)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/events/%s/enable", undo->instance->dir, undo->subject);
	return write_file(path, "0", 0);
}

int session_undo(const struct session *session, const struct undo *undo)
{
	const char *subject = undo->subject;
	int ret;

	switch (undo->kind) {
	case UNDO_PROBE:
		ret = undo_probe(session, undo);
		break;
	case UNDO_ENABLE:
		ret = undo_enable(undo);
		break;
	default:
		subject = undo->instance->dir;
		ret = while_busy(remove_folder, subject, NULL);
		break;
	}
	if (!ret || ret == -ENOENT)
		return 0;
	error("cannot remove '%s' from tracefs: %s", subject, strerror(-ret));
	hint("it is left behind; 'ftopen clean' removes it once this process has ended");
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
		undone = session_undo(session, undo);
		if (kind == UNDO_INSTANCE)
			instance_free(undo->instance);
		if (!ret)
			ret = undone;
	}
	return ret;
}

int session_end(struct session *session)
{
	int ret = 0;

	for (int kind = 0; kind < UNDO_NR; kind++) {
		int undone = undo_kind(session, (enum undo_kind)kind);

		if (!ret)
			ret = undone;
	}
	free(session->log);
	free(session->dir);
	free(session);
	return ret;
}

static char *read_log(const struct session *session)
{
	char path[4096], *text;

	snprintf(path, sizeof(path), "%s/error_log", session->dir);
	return read_file(path, &text, NULL) ? NULL : text;
}

/*
 * The kernel's last message if it is about @definition: each one quotes the command it refused
 * behind "Command: ", and a caret below.
 */
static char *refusal_text(const struct session *session, const char *definition)
{
	char *log = read_log(session), *last = NULL, *at;

	for (at = log; at && (at = strstr(at, "error: ")); at++)
		last = at;
	/* The log is everybody's: what does not quote our line is somebody else's. */
	if (!last || !strstr(last, definition)) {
		free(log);
		return strdup("");
	}
	memmove(log, last, strlen(last) + 1);
	return log;
}

int session_define_event(struct session *session, const char *event, const char *definition,
			 char **why)
{
	struct undo undo = { .kind = UNDO_PROBE };
	char path[4096], *line, *text;
	int ret;

	*why = NULL;
	if (asprintf(&line, "%s\n", definition) < 0)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/kprobe_events", session->dir);
	ret = append_line(path, line);
	free(line);
	if (!ret) {
		event_path(session, event, undo.subject);
		return session_push(session, &undo);
	}
	text = refusal_text(session, definition);
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
	int ret = 0;

	event_path(session, event, path);
	for (size_t i = session->log_count; i-- > 0;) {
		struct undo *undo = &session->log[i];
		int undone;

		if (undo->kind == UNDO_INSTANCE || strcmp(undo->subject, path))
			continue;
		undone = session_undo(session, undo);
		if (!ret)
			ret = undone;
		memmove(undo, undo + 1, (--session->log_count - i) * sizeof(*undo));
	}
	return ret;
}

int session_undefine(struct session *session, const struct planned *planned)
{
	char event[EVENT_NAME_SIZE];

	planned_event(planned, event);
	return session_undefine_event(session, event);
}
