/* SPDX-License-Identifier: MIT */
/*
 * The program that is traced: started stopped, let go, reaped.
 */
#ifndef FTOPEN_TRACING_CHILD_H
#define FTOPEN_TRACING_CHILD_H

#include <signal.h>
#include <sys/types.h>

struct child;

/* Above what a status has: exit() leaves it out. */
#define ENDED_BY_SIGNAL 0x100

/**
 * child_start - fork a child that waits on a pipe before it execs @argv (looked up in PATH)
 * @mask: the signal mask that the program is to have (the one from before signalfd)
 * @user: run as this user (name or uid), NULL for the caller's own
 *
 * The child holds no descriptor of ours, has from our caller what it would have without us (see
 * caller_restore()), and ends when the pipe closes: a killed ftopen leaves no stopped orphan.
 *
 * Return: 0, or a negative errno that was reported. Ends with child_free().
 */
int child_start(char *const argv[], const sigset_t *mask, const char *user, struct child **child);

pid_t child_pid(const struct child *child);

/**
 * child_release - let the child exec and wait for the result of that
 *
 * Return: 0 once the program runs, or the negative errno of its exec, not reported: -ENOENT means
 * that it was not found (exit status 127), others that it cannot be executed (126).
 */
int child_release(struct child *child);

/**
 * child_reap - collect the status if the program has ended; never blocks
 *
 * Return: 1 with *@status as a shell would give it (128+n for a signal, with ENDED_BY_SIGNAL), 0
 * while it runs, or a negative errno.
 */
int child_reap(struct child *child, int *status);

/**
 * child_free - forget the child; one that was never released ends
 */
void child_free(struct child *child);

#endif
