/* SPDX-License-Identifier: MIT */
/*
 * The one place that writes to stderr. A message is composed whole and written with one call,
 * so that it is not torn by what the traced program writes.
 */
#include "util/message.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum message_level shown = MESSAGE_NOTE;
static atomic_bool has_said; /* by any thread */
static void (*message_hook)(enum message_level level, const char *text);

void message_set_level(enum message_level level)
{
	shown = level;
}

void message_set_hook(void (*hook)(enum message_level level, const char *text))
{
	message_hook = hook;
}

static void emit(enum message_level level, const char *prefix, const char *fmt, va_list args)
{
	char text[4096];
	int used = snprintf(text, sizeof(text), "%s", prefix);
	int len = vsnprintf(text + used, sizeof(text) - (size_t)used - 1, fmt, args);

	if (level > shown || len < 0)
		return;
	if (message_hook) {
		message_hook(level, text);
		return;
	}
	strcat(text, "\n");
	/* If stderr cannot be written, there is nothing left to do. */
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

#define EMIT(level, prefix)                     \
	do {                                    \
		va_list args;                   \
		va_start(args, fmt);            \
		emit(level, prefix, fmt, args); \
		va_end(args);                   \
	} while (0)

void error(const char *fmt, ...)
{
	has_said = true;
	EMIT(MESSAGE_ERROR, "ftopen: ");
}

void error_unless_said(int err)
{
	if (!has_said)
		error("stopped: %s", strerror(-err));
	has_said = false;
}

void hint(const char *fmt, ...)
{
	EMIT(MESSAGE_ERROR, "  ");
}

void warning(const char *fmt, ...)
{
	EMIT(MESSAGE_WARNING, "ftopen: warning: ");
}

void note(const char *fmt, ...)
{
	EMIT(MESSAGE_NOTE, "ftopen: ");
}

void debug(const char *fmt, ...)
{
	EMIT(MESSAGE_DEBUG, "ftopen: debug: ");
}
