/* SPDX-License-Identifier: MIT */
/*
 * What one part of a recording has to know of those before it: which tasks started, whose they
 * are, and that the program runs. Taken from the records of the finished files.
 */
#ifndef FTOPEN_COMMAND_CARRY_H
#define FTOPEN_COMMAND_CARRY_H

#include <stdint.h>

#include "tracedat/extras.h"
#include "util/map.h"

/**
 * struct carry - all zero is nothing
 * @tasks: struct known_task by tid
 */
struct carry {
	struct map tasks;
};

/**
 * carry_take - take what the records of the part in @path tell
 *
 * Return: 0, or a negative errno that was reported.
 */
int carry_take(struct carry *carry, const char *path, const struct dat_part *part);

/**
 * carry_print - a line "task: TID TGID OWNER" for each; the caller's to free, NULL when out of
 * memory
 */
char *carry_print(const struct carry *carry);

/**
 * carry_forget_ended - forget the tasks that do not exist any more: no later part has records of
 * them
 */
void carry_forget_ended(struct carry *carry);

void carry_release(struct carry *carry);

#endif
