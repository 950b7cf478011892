/* SPDX-License-Identifier: MIT */
/*
 * Measures the layout of the running kernel: ftopen makes, misses and removes files whose names it
 * chose, while temporary probes show the objects that contain these names.
 */
#ifndef FTOPEN_TRACING_MEASURE_RUN_H
#define FTOPEN_TRACING_MEASURE_RUN_H

#include "kernel/measure.h"
#include "kernel/symbols.h"
#include "tracing/session.h"

/**
 * measure_run - act, look, and find every member
 * @symbols: what may be probed
 *
 * Nothing is left: neither probes, nor an instance, nor files. What could not be seen is not
 * found, which is no failure.
 *
 * Return: 0, or a negative errno that was reported.
 */
int measure_run(struct session *session, const struct symbols *symbols, struct measures *measures);

#endif
