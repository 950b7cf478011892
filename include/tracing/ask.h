/* SPDX-License-Identifier: MIT */
/*
 * What the kernel can do, found out by a definition that it refuses.
 */
#ifndef FTOPEN_TRACING_ASK_H
#define FTOPEN_TRACING_ASK_H

#include <stdbool.h>

/**
 * kernel_fetches_at_return - whether return probes fetch arguments (6.9 and later)
 * @dir: where tracefs is
 *
 * Asked by a definition that is refused in any case, for another reason if they do. Return: false
 * also if it cannot be asked.
 */
bool kernel_fetches_at_return(const char *dir);

#endif
