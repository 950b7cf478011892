/* SPDX-License-Identifier: MIT */
/*
 * The one place that writes to stderr. A message is composed whole and written with one call, so
 * that output of the traced program does not split it.
 */
#include "util/message.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "util/terminal.h"

#define MAX_TEXT 4096
#define ERASE	 "\r\033[K"

static enum message_level shown = MESSAGE_NOTE;
static atomic_bool has_said; /* by any thread */
static atomic_bool has_progress, is_stopped;
static void (*message_hook)(enum message_level level, const char *text);

void message_set_level(enum message_level level)
{
	shown = level;
}

void message_set_hook(void (*hook)(enum message_level level, const char *text))
{
	message_hook = hook;
}

/* If stderr cannot be written, there is nothing left to do. */
static void put(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

static void emit(enum message_level level, const char *prefix, const char *fmt, va_list args)
{
	char text[MAX_TEXT];
	int used = snprintf(text, sizeof(text), "%s", prefix);
	int len = vsnprintf(text + used, sizeof(text) - (size_t)used - 1, fmt, args);

	if (level > shown || len < 0)
		return;
	if (message_hook) {
		message_hook(level, text);
		return;
	}
	strcat(text, "\n");
	message_progress_end();
	put(text);
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

void message_progress(const char *fmt, ...)
{
	size_t columns = terminal_columns(STDERR_FILENO);
	char text[MAX_TEXT] = ERASE;
	const size_t used = sizeof(ERASE) - 1;
	va_list args;

	if (shown < MESSAGE_NOTE || message_hook || is_stopped || isatty(STDERR_FILENO) != 1)
		return;
	va_start(args, fmt);
	vsnprintf(text + used, sizeof(text) - used, fmt, args);
	va_end(args);
	/* What wraps cannot be written over. */
	if (columns && columns < sizeof(text) - used)
		text[used + columns - 1] = '\0';
	has_progress = true;
	put(text);
}

void message_progress_end(void)
{
	if (atomic_exchange(&has_progress, false))
		put(ERASE);
}

void message_progress_stop(void)
{
	is_stopped = true;
	message_progress_end();
}
