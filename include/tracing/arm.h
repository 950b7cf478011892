/* SPDX-License-Identifier: MIT */
/*
 * Arming a plan: its definitions go to the kernel, which has the last word on every candidate.
 */
#ifndef FTOPEN_TRACING_ARM_H
#define FTOPEN_TRACING_ARM_H

#include "kernel/plan.h"
#include "tracing/session.h"

/**
 * arm - define every probe of @plan; a candidate that the kernel refuses gives way to the next one
 *
 * Return: 0, or a negative errno that was reported: a required role that has no candidate left, or
 * a failure that is no refusal.
 */
int arm(struct session *session, struct plan *plan);

/**
 * arm_next - the function of an armed role did not stand the test: define the next candidate
 * @state, @why: see plan_next()
 *
 * Return: as arm().
 */
int arm_next(struct session *session, struct plan *plan, enum role role, enum probe_state state,
	     const char *why);

#endif
