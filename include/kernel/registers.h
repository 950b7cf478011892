/* SPDX-License-Identifier: MIT */
/*
 * How a function's arguments are fetched at its entry: by number if the kernel can do that
 * ("$arg1", CONFIG_HAVE_FUNCTION_ARG_ACCESS_API), else by the register in which the architecture
 * passes them ("%di").
 */
#ifndef FTOPEN_KERNEL_REGISTERS_H
#define FTOPEN_KERNEL_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>

/* As many as every architecture of the table has, and more than any role reads. */
#define REGISTER_ARGS 5

struct registers;

/**
 * registers_of - the row of @machine, as uname(2) calls it
 *
 * Return: static, or NULL for a machine that is not in the table.
 */
const struct registers *registers_of(const char *machine);

/**
 * readme_has_args - whether a kernel whose tracefs shows @readme fetches arguments by number
 */
bool readme_has_args(const char *readme);

/**
 * argument_fetch - how kprobe_events is told to fetch an argument
 * @registers: NULL: by number
 * @arg: from 1
 * @text: gets it, with ARGUMENT_SIZE bytes at most
 *
 * Return: false if there is no such register.
 */
#define ARGUMENT_SIZE 16
bool argument_fetch(const struct registers *registers, int arg, char *text);

#endif
