/* SPDX-License-Identifier: MIT */
/*
 * tracefs by libtracefs. Ours are: the search for tracefs (the library would mount one, or take the
 * first, which may be read-only), pages (its splice() hides that a processor went), probes of
 * returns (it writes "r512::", which no kernel takes: 1.6 to 1.8), and never its destroy_all().
 */
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracefs.h>

#include "util/io.h"
#include "util/message.h"

#define PROBES_FILE "kprobe_events"

/* The library returns -1 and leaves errno as the failed system call set it. */
static int last_error(void)
{
	return errno ? -errno : -EIO;
}

static int checked(int ret)
{
	return ret < 0 ? last_error() : 0;
}

/*
 * The library takes memory for each call, and there may be none left when something has to be taken
 * back: then the same is written without it. @handle is NULL for the top level.
 */
static int write_plainly(struct tracefs_instance *handle, const char *file, const char *text,
			 int flags)
{
	const char *name = handle ? tracefs_instance_get_name(handle) : NULL;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s%s/%s", tracefs_tracing_dir(), name ? "/instances/" : "",
		 name ? name : "", file);
	return write_file(path, text, flags);
}

int control_begin(const char *dir)
{
	char *copy = strdup(dir); /* it is only read, and not declared so */
	int ret = copy && !tracefs_set_tracing_dir(copy) ? 0 : -ENOMEM;

	free(copy);
	return ret;
}

static int report(struct tracefs_instance *handle, const char *file, const char *text, int err)
{
	char *path = tracefs_instance_get_file(handle, file);

	error("cannot write '%s' to '%s': %s", text, path ? path : file, strerror(-err));
	tracefs_put_tracing_file(path);
	return err;
}

int control_set(struct tracefs_instance *handle, const char *file, const char *text)
{
	int ret = checked(tracefs_instance_file_write(handle, file, text));

	return ret ? report(handle, file, text, ret) : 0;
}

int control_add(struct tracefs_instance *handle, const char *file, const char *text)
{
	int ret = checked(tracefs_instance_file_append(handle, file, text));

	return ret ? report(handle, file, text, ret) : 0;
}

int control_clear(struct tracefs_instance *handle, const char *file)
{
	return checked(tracefs_instance_file_clear(handle, file));
}

/* GROUP/EVENT taken apart, and what stands after a blank. */
struct names {
	char *group, *event;
	char *rest; /* "" for nothing */
};

static int take_apart(const char *subject, struct names *names)
{
	char *copy = strdup(subject), *slash;

	if (!copy)
		return -ENOMEM;
	slash = strchr(copy, '/');
	if (!slash) {
		free(copy);
		return -EINVAL;
	}
	*slash = '\0';
	names->group = copy;
	names->event = slash + 1;
	names->rest = names->event + strcspn(names->event, " ");
	if (*names->rest)
		*names->rest++ = '\0';
	return 0;
}

static int write_event(struct tracefs_instance *handle, const char *subject, const char *file,
		       const char *text)
{
	struct names names;
	int ret = take_apart(subject, &names);

	if (ret)
		return ret;
	/* tracefs_event_enable() looks through all events with a regular expression first. */
	ret = checked(tracefs_event_file_write(handle, names.group, names.event, file, text));
	free(names.group);
	return ret;
}

int control_set_event(struct tracefs_instance *handle, const char *subject, const char *file,
		      const char *text)
{
	int ret = write_event(handle, subject, file, text);

	if (ret)
		error("cannot write '%s' to '%s' of event '%s': %s", text, file, subject,
		      strerror(-ret));
	return ret;
}

static int write_event_plainly(struct tracefs_instance *handle, const char *subject,
			       const char *file, const char *text, int flags)
{
	char path[512];

	snprintf(path, sizeof(path), "events/%s/%s", subject, file);
	return write_plainly(handle, path, text, flags);
}

int control_add_to_event(struct tracefs_instance *handle, const char *subject, const char *file,
			 const char *text)
{
	struct names names;
	int ret = take_apart(subject, &names);

	if (!ret) {
		ret = checked(
			tracefs_event_file_append(handle, names.group, names.event, file, text));
		free(names.group);
	}
	return ret == -ENOMEM ? write_event_plainly(handle, subject, file, text, O_APPEND) : ret;
}

int control_disable(struct tracefs_instance *handle, const char *subject)
{
	int ret = write_event(handle, subject, "enable", "0");

	return ret == -ENOMEM ? write_event_plainly(handle, subject, "enable", "0", 0) : ret;
}

int control_make_instance(const char *name, struct tracefs_instance **handle)
{
	*handle = tracefs_instance_create(name);
	if (!*handle)
		return last_error();
	/* The library also takes an instance that exists; ftopen would remove it at its end. */
	if (tracefs_instance_is_new(*handle))
		return 0;
	tracefs_instance_free(*handle);
	*handle = NULL;
	return -EEXIST;
}

int control_disable_all(const char *name)
{
	struct tracefs_instance *handle = tracefs_instance_alloc(NULL, name);
	int ret;

	if (!handle)
		return last_error();
	ret = checked(tracefs_instance_file_write(handle, "events/enable", "0"));
	tracefs_instance_free(handle);
	return ret;
}

/* By a handle of its own: destroyed, it counts as gone even where the kernel refused. */
int control_remove_instance(const char *name)
{
	struct tracefs_instance *handle = tracefs_instance_alloc(NULL, name);
	char path[PATH_MAX];
	int ret;

	if (!handle) {
		snprintf(path, sizeof(path), "%s/instances/%s", tracefs_tracing_dir(), name);
		return checked(rmdir(path));
	}
	ret = checked(tracefs_instance_destroy(handle));
	tracefs_instance_free(handle);
	return ret;
}

static int define_return(const char *definition)
{
	char *line;
	int ret;

	if (asprintf(&line, "%s\n", definition) < 0)
		return -ENOMEM;
	ret = checked(tracefs_instance_file_append(NULL, PROBES_FILE, line));
	free(line);
	return ret;
}

int control_define(const char *definition)
{
	struct tracefs_dynevent *probe;
	struct names names;
	char *symbol, *fetches;
	int ret;

	if (strncmp(definition, "p:", 2) != 0)
		return define_return(definition);
	ret = take_apart(definition + 2, &names);
	if (ret)
		return ret;
	symbol = names.rest;
	fetches = symbol + strcspn(symbol, " ");
	if (*fetches)
		*fetches++ = '\0';
	probe = tracefs_kprobe_alloc(names.group, names.event, symbol, *fetches ? fetches : NULL);
	ret = probe ? checked(tracefs_dynevent_create(probe)) : -ENOMEM;
	tracefs_dynevent_free(probe);
	free(names.group);
	return ret;
}

/* A removal names group and event only, so that it is the same for every kind of probe. */
static int undefine(const char *subject)
{
	struct tracefs_dynevent *probe;
	struct names names;
	int ret = take_apart(subject, &names);

	if (ret)
		return ret;
	probe = tracefs_kprobe_alloc(names.group, names.event, names.event, NULL);
	ret = probe ? checked(tracefs_dynevent_destroy(probe, false)) : -ENOMEM;
	tracefs_dynevent_free(probe);
	free(names.group);
	return ret;
}

int control_undefine(const char *subject)
{
	char line[PATH_MAX];
	int ret = undefine(subject);

	if (ret != -ENOMEM)
		return ret;
	snprintf(line, sizeof(line), "-:%s\n", subject);
	return write_plainly(NULL, PROBES_FILE, line, O_APPEND);
}

char *control_refusal(const char *definition)
{
	/* Not tracefs_error_last(): the log is everybody's, and the last may be somebody else's. */
	char *log = tracefs_error_all(NULL), *last = NULL, *at;

	for (at = log; at && (at = strstr(at, "error: ")); at++)
		last = at;
	if (!last || !strstr(last, definition)) {
		free(log);
		return strdup("");
	}
	memmove(log, last, strlen(last) + 1);
	return log;
}
