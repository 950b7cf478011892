/* SPDX-License-Identifier: MIT */
/*
 * Finding tracefs and saying why it cannot be used. Reads only.
 */
#ifndef FTOPEN_TRACING_TRACEFS_H
#define FTOPEN_TRACING_TRACEFS_H

#include "kernel/registers.h"

/**
 * tracefs_find - the first mounted tracefs on which kprobe_events can be written
 * @dir: set to a path that lives as long as the process
 *
 * Nothing is mounted. What stands in the way is reported with what was tried, the reason and what
 * to do: no permission (this, not uid 0, is the test), not mounted, under another mount, hidden by
 * lockdown=confidentiality, read-only, a kernel without kprobe_events, no /proc.
 *
 * Return: 0, or a negative errno.
 */
int tracefs_find(const char **dir);

/**
 * tracefs_shown - a mounted tracefs that may be readable only; NULL if there is none
 *
 * Return: a path that lives as long as the process.
 */
const char *tracefs_shown(void);

/**
 * tracefs_registers - how the kernel of the tracefs at @dir fetches arguments, by its README
 * @registers: set to NULL where it does so by number, or where that cannot be known
 *
 * Return: 0, or -EOPNOTSUPP, reported: by register only, and this machine's are not known.
 */
int tracefs_registers(const char *dir, const struct registers **registers);

/**
 * lockdown_mode - the kernel's lockdown mode: "none", "integrity", "confidentiality", or NULL if
 * it cannot be known (no securityfs, no lockdown)
 */
const char *lockdown_mode(void);

#endif
