/* SPDX-License-Identifier: MIT */
/*
 * Where the layout comes from (--layout, --btf): out of BTF, measured, or measured where the BTF
 * does not say.
 */
#ifndef FTOPEN_COMMAND_OFFSETS_H
#define FTOPEN_COMMAND_OFFSETS_H

#include <stdbool.h>

#include "command/options.h"
#include "kernel/layout.h"
#include "kernel/symbols.h"
#include "tracing/session.h"

/**
 * offsets_btf - the BTF file that is used, NULL if there is none
 */
const char *offsets_btf(const struct options *options);

/**
 * offsets_read - what the BTF says, or nothing yet where it has no say
 *
 * Return: 0, or a negative errno that was reported. *@layout is the caller's to layout_free().
 */
int offsets_read(const struct options *options, struct layout **layout);

/**
 * offsets_need_measuring - whether the layout is not whole without offsets_measure()
 */
bool offsets_need_measuring(const struct options *options, const struct layout *layout);

/**
 * offsets_measure - measure what the layout needs, which may be nothing
 * @session: where temporary probes are defined
 * @symbols: of the running kernel
 *
 * Return: 0, or a negative errno that was reported.
 */
int offsets_measure(const struct options *options, struct layout *layout, struct session *session,
		    const struct symbols *symbols);

#endif
