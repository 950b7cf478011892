/* SPDX-License-Identifier: MIT */
/*
 * Whether the session's instances still record what they were told to: other programs may change
 * tracefs, and `trace-cmd reset` or a write to set_event stops a trace without an error.
 */
#include "session_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/io.h"

/**
 * struct watched_setting - what decides in an instance whether an event is recorded
 * @first_line: the rest changes by itself: tasks come and go, but while there is a list of them it
 *	begins with the idle task's 0
 */
struct watched_setting {
	const char *file;
	bool first_line;
};

static const struct watched_setting settings[] = {
	{ "tracing_on", false },
	{ "set_event", false },
	{ "set_event_pid", true },
};

static int append_setting(FILE *state, const struct instance *instance,
			  const struct watched_setting *setting)
{
	char path[4096], *text;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", instance->dir, setting->file);
	ret = read_file(path, &text, NULL);
	if (ret)
		return ret;
	if (setting->first_line)
		text[strcspn(text, "\n")] = '\0';
	fputs(text, state);
	free(text);
	return 0;
}

static int instance_state(const struct instance *instance, char **text)
{
	size_t size;
	FILE *state = open_memstream(text, &size);
	int ret = 0;

	if (!state)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]) && !ret; i++)
		ret = append_setting(state, instance, &settings[i]);
	if (fclose(state) && !ret)
		ret = -ENOMEM;
	if (ret)
		free(*text);
	return ret;
}

int instance_remember(struct instance *instance)
{
	char *state;
	int ret = instance_state(instance, &state);

	if (ret)
		return ret;
	free(instance->state);
	instance->state = state;
	return 0;
}

bool instance_is_intact(const struct instance *instance)
{
	char *state;
	bool is_same;

	if (!instance->state || instance_state(instance, &state))
		return false;
	is_same = !strcmp(state, instance->state);
	free(state);
	return is_same;
}
