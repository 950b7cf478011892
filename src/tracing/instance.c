/* SPDX-License-Identifier: MIT */
/*
 * Instances: a private ring buffer each, set up with tracing off.
 */
#include "tracing/instance.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracefs.h>

#include "control.h"
#include "session_internal.h"
#include "undo.h"
#include "util/io.h"
#include "util/message.h"

const char *instance_dir(const struct instance *instance)
{
	return instance->dir;
}

enum scope instance_scope(const struct instance *instance)
{
	return instance->scope;
}

/* A ring buffer is made of pages of memory; from 6.8 on of sub-buffers, which may be larger. */
size_t instance_page_size(const struct instance *instance)
{
	char path[4096], *text;
	size_t kb = 0;

	snprintf(path, sizeof(path), "%s/buffer_subbuf_size_kb", instance->dir);
	if (!read_file(path, &text, NULL)) {
		kb = strtoul(text, NULL, 10);
		free(text);
	}
	return kb ? kb * 1024 : (size_t)sysconf(_SC_PAGESIZE);
}

static int write_number(const struct instance *instance, const char *file, size_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", number);
	return control_set(instance->handle, file, text);
}

static bool has_file(const struct instance *instance, const char *file)
{
	return tracefs_file_exists(instance->handle, file);
}

/* Pid 0, the idle task, opens nothing: a list that selects nobody. */
#define NOBODY "0"

/* As the kernel reads a list of @pids, in @text, which is the caller's to free(). */
static int write_pids(const struct tid_list *pids, char **text)
{
	size_t size;
	FILE *list = open_memstream(text, &size);

	if (!list)
		return -ENOMEM;
	fputs(NOBODY, list);
	for (size_t i = 0; i < pids->count; i++)
		fprintf(list, " %d", (int)pids->items[i]);
	if (fclose(list)) {
		free(*text);
		return -ENOMEM;
	}
	return 0;
}

/*
 * The list is only ever added to: emptied for a moment, as a truncating write does, it would select
 * every task.
 */
int instance_add_pids(struct instance *instance, const struct tid_list *pids)
{
	char *text;
	int ret = write_pids(pids, &text);

	if (ret)
		return ret;
	ret = control_add(instance->handle, "set_event_pid", text);
	free(text);
	instance->has_pids = true;
	return ret;
}

int session_instance(struct session *session, const char *suffix, enum scope scope,
		     struct instance **instance)
{
	struct undo undo = { .kind = UNDO_INSTANCE };
	struct instance *made = calloc(1, sizeof(*made));
	char name[EVENT_PATH_SIZE];
	int ret;

	if (!made)
		return -ENOMEM;
	made->session = session;
	made->scope = scope;
	snprintf(name, sizeof(name), "%s%s", session->name, suffix);
	ret = control_make_instance(name, &made->handle);
	if (ret) {
		error("cannot create instance '%s': %s", name, strerror(-ret));
		goto err_free;
	}
	undo.instance = made;
	ret = undo_push(session, &undo);
	if (ret)
		goto err_free;
	/* From here on the session's log takes the instance away. */
	made->dir = tracefs_instance_get_dir(made->handle);
	if (!made->dir)
		return -ENOMEM;
	ret = control_set(made->handle, "tracing_on", "0");
	if (ret)
		return ret;
	*instance = made;
	return 0;

err_free:
	instance_free(made);
	return ret;
}

static int read_pids(const struct instance *instance, const char *file, struct tid_list *pids)
{
	char path[4096], *text, *at, *end;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", instance->dir, file);
	ret = read_file(path, &text, NULL);
	if (ret)
		return ret;
	for (at = text; !ret && strtol(at, &end, 10) >= 0 && end != at; at = end)
		ret = tid_list_add(pids, (pid_t)strtol(at, NULL, 10));
	free(text);
	return ret;
}

int instance_pids(const struct instance *instance, struct tid_list *pids)
{
	return read_pids(instance, "set_event_pid", pids);
}

int instance_left_out(const struct instance *instance, struct tid_list *pids)
{
	return read_pids(instance, "set_event_notrace_pid", pids);
}

int instance_leave_out(struct instance *instance, const struct tid_list *pids)
{
	char *text;
	int ret = write_pids(pids, &text);

	if (ret)
		return ret;
	ret = control_set(instance->handle, "set_event_notrace_pid", text);
	free(text);
	return ret;
}

/*
 * A new instance has the top level's options (5.10 to 7.3), whoever set them: stacks would be
 * records of their own, and without overwriting the newest records would be lost.
 */
static const struct {
	const char *file;
	const char *value;
} options[] = {
	{ "options/stacktrace", "0" },
	{ "options/userstacktrace", "0" },
	{ "options/overwrite", "1" },
	{ "options/event-fork", "0" },
};

static bool has_setting(const struct instance *instance, const char *file, const char *value)
{
	char path[4096], *text;
	bool has;

	snprintf(path, sizeof(path), "%s/%s", instance->dir, file);
	if (read_file(path, &text, NULL))
		return true; /* a kernel without this option does not do it */
	has = !strncmp(text, value, strlen(value));
	free(text);
	return has;
}

static int set_options(const struct instance *instance)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]) && !ret; i++) {
		if (!has_setting(instance, options[i].file, options[i].value))
			ret = control_set(instance->handle, options[i].file, options[i].value);
	}
	return ret;
}

int instance_set_up(struct instance *instance, size_t subbuf_kb)
{
	int ret = set_options(instance);

	if (!ret)
		ret = control_set(instance->handle, "trace_clock", "mono");
	if (!ret && subbuf_kb && has_file(instance, "buffer_subbuf_size_kb"))
		ret = write_number(instance, "buffer_subbuf_size_kb", subbuf_kb);
	return ret;
}

int instance_resize(struct instance *instance, size_t kb)
{
	return kb ? write_number(instance, "buffer_size_kb", kb) : 0;
}

/* Whether each of @pids is selected already. */
static bool has_pids(const struct instance *instance, const struct tid_list *pids)
{
	struct tid_list selected = { 0 };
	bool has = instance->has_pids && !instance_pids(instance, &selected);

	tid_list_sort(&selected);
	for (size_t i = 0; i < pids->count && has; i++)
		has = tid_list_has(&selected, pids->items[i]);
	tid_list_release(&selected);
	return has;
}

static int clear_pids(struct instance *instance)
{
	int ret = control_clear(instance->handle, "set_event_pid");

	if (ret)
		error("cannot clear '%s/set_event_pid': %s", instance->dir, strerror(-ret));
	instance->has_pids = false;
	return ret;
}

/* A list that is there already costs the kernel a grace period to add to. */
static int select_pids(struct instance *instance, const struct tid_list *pids)
{
	if (!pids)
		return instance->has_pids ? clear_pids(instance) : 0;
	return has_pids(instance, pids) ? 0 : instance_add_pids(instance, pids);
}

static int follow_fork(struct instance *instance, bool follows)
{
	if (instance->follows_fork == follows)
		return 0;
	instance->follows_fork = follows;
	return control_set(instance->handle, "options/event-fork", follows ? "1" : "0");
}

/* A new name is told whatever the old one is: it may hide what a task is in the middle of. */
static bool tells_name(const char *event)
{
	return !strcmp(strchr(event, '/') + 1, role_name(ROLE_COMM));
}

static int filter_event(const struct instance *instance, const char *event)
{
	if (!instance->filter || tells_name(event))
		return 0;
	return control_set_event(instance->handle, event, "filter", instance->filter);
}

/* What is enabled already is filtered, too. */
static int select_comms(struct instance *instance, const struct comm_filter *comms)
{
	const struct session *session = instance->session;
	int ret = comm_filter_text(comms, &instance->filter);

	for (size_t i = 0; i < session->log_count && !ret; i++) {
		const struct undo *undo = &session->log[i];

		if (undo->kind == UNDO_ENABLE && undo->instance == instance)
			ret = filter_event(instance, undo->subject);
	}
	return ret;
}

static int leave_us_out(const struct instance *instance)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", (int)getpid());
	return control_add(instance->handle, "set_event_notrace_pid", text);
}

int instance_select(struct instance *instance, const struct task_filter *selection)
{
	/* What a listed task starts is listed, too: with event-fork that is our reading thread. */
	int ret = follow_fork(instance, selection->follow_fork || selection->without_us);

	if (!ret && selection->without_us && has_file(instance, "set_event_notrace_pid"))
		ret = leave_us_out(instance);
	if (!ret)
		ret = select_pids(instance, selection->pids);
	if (!ret && comm_filter_is_set(&selection->comms))
		ret = select_comms(instance, &selection->comms);
	return ret;
}

/* Where in the log it stands that @event is enabled in @instance; the log's end if it is not. */
static size_t find_enabled(const struct instance *instance, const char *event)
{
	const struct session *session = instance->session;
	size_t i = 0;

	for (; i < session->log_count; i++) {
		const struct undo *undo = &session->log[i];

		if (undo->kind == UNDO_ENABLE && undo->instance == instance &&
		    !strcmp(undo->subject, event))
			break;
	}
	return i;
}

int instance_enable_event(struct instance *instance, const char *event)
{
	struct session *session = instance->session;
	struct undo undo = { .kind = UNDO_ENABLE, .instance = instance };
	int ret;

	event_path(session, event, undo.subject);
	if (find_enabled(instance, undo.subject) < session->log_count)
		return 0;
	ret = filter_event(instance, undo.subject);
	if (ret)
		return ret;
	ret = control_set_event(instance->handle, undo.subject, "enable", "1");
	return ret ? ret : undo_push(session, &undo);
}

int instance_enable_foreign(struct instance *instance, const char *event)
{
	struct undo undo = { .kind = UNDO_ENABLE, .instance = instance };
	int ret = control_set_event(instance->handle, event, "enable", "1");

	snprintf(undo.subject, sizeof(undo.subject), "%s", event);
	return ret ? ret : undo_push(instance->session, &undo);
}

int instance_enable(struct instance *instance, const struct planned *planned)
{
	char event[EVENT_NAME_SIZE];

	planned_event(planned, event);
	return instance_enable_event(instance, event);
}

int instance_disable(struct instance *instance, const struct planned *planned)
{
	struct session *session = instance->session;
	char event[EVENT_PATH_SIZE];
	size_t i;

	planned_path(session, planned, event);
	i = find_enabled(instance, event);
	return i < session->log_count ? undo_entry(session, i) : 0;
}

int instance_tracing(struct instance *instance, bool on)
{
	return control_set(instance->handle, "tracing_on", on ? "1" : "0");
}

int session_drop_instance(struct session *session, struct instance *instance)
{
	return undo_instance(session, instance);
}
