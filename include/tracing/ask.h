/* SPDX-License-Identifier: MIT */
/*
 * What the kernel can do, found out by a definition that it refuses.
 */
#ifndef FTOPEN_TRACING_ASK_H
#define FTOPEN_TRACING_ASK_H

#include <stdbool.h>

/**
 * kernel_can_tell_entry - whether return probes fetch arguments (6.9 and later)
 * @dir: where tracefs is
 *
 * Asked by a definition that is refused in any case, for another reason if they do. Return: false
 * also if it cannot be asked.
 */
bool kernel_can_tell_entry(const char *dir);

#endif
