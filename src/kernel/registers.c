/* SPDX-License-Identifier: MIT */
/*
 * The registers of the calling conventions, by the names that regs_query_register_offset() of each
 * architecture's kernel takes (arch/ARCH/kernel/ptrace.c, 5.10 to 7.3).
 */
#include "kernel/registers.h"

#include <stdio.h>
#include <string.h>

/* What a machine passes on the stack is NULL. */
struct registers {
	const char *machine;
	const char *args[REGISTER_ARGS];
};

static const struct registers table[] = {
	{ "x86_64", { "di", "si", "dx", "cx", "r8" } },
	{ "aarch64", { "x0", "x1", "x2", "x3", "x4" } },
	{ "armv6l", { "r0", "r1", "r2", "r3", NULL } },
	{ "armv7l", { "r0", "r1", "r2", "r3", NULL } },
	{ "riscv64", { "a0", "a1", "a2", "a3", "a4" } },
	{ "s390x", { "r2", "r3", "r4", "r5", "r6" } },
};

const struct registers *registers_of(const char *machine)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (!strcmp(table[i].machine, machine))
			return &table[i];
	}
	return NULL;
}

/* What can be fetched is one line. That of return probes names $arg<N> on every machine (6.12). */
bool readme_has_args(const char *readme)
{
	const char *fetches = strstr(readme, "$stack<index>");
	const char *args = fetches ? strstr(fetches, "$arg<N>") : NULL;

	return args && args < fetches + strcspn(fetches, "\n");
}

bool argument_fetch(const struct registers *registers, int arg, char *text)
{
	if (!registers)
		return snprintf(text, ARGUMENT_SIZE, "$arg%d", arg) > 0;
	if (arg < 1 || arg > REGISTER_ARGS || !registers->args[arg - 1])
		return false;
	snprintf(text, ARGUMENT_SIZE, "%%%s", registers->args[arg - 1]);
	return true;
}
