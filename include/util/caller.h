/* SPDX-License-Identifier: MIT */
/*
 * What ftopen inherits from its caller and has to change for itself: saved, and restored for the
 * program that it runs.
 */
#ifndef FTOPEN_UTIL_CALLER_H
#define FTOPEN_UTIL_CALLER_H

/**
 * caller_set_aside - have this process as ftopen needs it, before anything else is done
 *
 * A reader that goes away shows as EPIPE, a limit on a file's size as EFBIG, and a child's status
 * is kept for us; there is stack enough, for threads, too.
 *
 * Return: 0, or a negative errno that was reported: with so small a stack nothing can be done.
 */
int caller_set_aside(void);

/**
 * caller_need_warning - have SIGXCPU come some seconds of CPU time before the SIGKILL of the hard
 * limit: a quarter of that limit, but from one to five seconds
 *
 * For what has to be undone before the end. A hard limit of one second leaves no time for that.
 */
void caller_need_warning(void);

/**
 * caller_restore - make this process what the caller made it; for between fork and exec
 *
 * Does nothing before caller_set_aside(), and needs no memory.
 */
void caller_restore(void);

/**
 * caller_end_by - end this process by the signal @number, as the program that it ran did
 *
 * A shell goes on with its script after Ctrl-C unless that ended what it waited for. Without a
 * core.
 */
void caller_end_by(int number);

#endif
