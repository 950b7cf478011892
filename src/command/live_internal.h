/* SPDX-License-Identifier: MIT */
/*
 * What the parts of a live trace share: its plan (live_plan.c), its instances (live_instances.c)
 * and its run (live.c).
 */
#ifndef FTOPEN_LIVE_INTERNAL_H
#define FTOPEN_LIVE_INTERNAL_H

#include "live.h"

/* --- live_instances.c --- */

/**
 * live_make_instances - make them all, and set up the one that the self-test needs
 *
 * Return: 0, or a negative errno that was reported.
 */
int live_make_instances(struct live *live);

/**
 * live_begin_instances, live_begin_set_up - live_make_instances(), or what it left, in a thread:
 * the kernel waits for grace periods
 *
 * The first one has the session to itself until live_await().
 */
int live_begin_instances(struct live *live);
int live_begin_set_up(struct live *live);

/**
 * live_await - until the thread has ended, if there is one
 *
 * Return: its result.
 */
int live_await(struct live *live);

#endif
