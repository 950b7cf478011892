/* SPDX-License-Identifier: MIT */
/*
 * Messages for the person at the terminal: errors, warnings, notes, all on stderr, all in one
 * form. Never prints results, never ends the process.
 */
#ifndef FTOPEN_UTIL_MESSAGE_H
#define FTOPEN_UTIL_MESSAGE_H

#include <stdarg.h>

enum message_level {
	MESSAGE_ERROR,
	MESSAGE_WARNING,
	MESSAGE_NOTE,  /* shown unless -q */
	MESSAGE_DEBUG, /* shown with -v */
};

/**
 * message_set_level - show messages up to and including @level (default: MESSAGE_NOTE)
 */
void message_set_level(enum message_level level);

/**
 * message_set_hook - send every message to @hook instead of stderr (tests)
 * @hook: gets one whole message without its newline; NULL restores stderr
 */
void message_set_hook(void (*hook)(enum message_level level, const char *text));

/**
 * error - report a failure: "ftopen: " and the text
 *
 * The text has the form `cannot VERB 'SUBJECT': reason`. The function that finds a failure
 * reports it, once; its callers unwind and pass the errno on.
 */
void error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * error_unless_said - report @err, a negative errno, if nobody called error() since the last time
 *
 * For the end of a command: what fails deep down for want of memory has nothing else to say.
 */
void error_unless_said(int err);

/**
 * hint - what the person can do about the error just reported, on a line of its own
 */
void hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * message_progress - a line that is written over, if stderr is a terminal and notes are shown
 *
 * The next message erases it.
 */
void message_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * message_progress_end - erase the line, before anything else gets to the terminal
 */
void message_progress_end(void);

/**
 * message_progress_stop - erase the line, and show none from here on: the terminal has results
 */
void message_progress_stop(void);

/**
 * warning - what may make the results less than was asked for
 * note - what helps to read them
 * debug - what is done
 */
void warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
