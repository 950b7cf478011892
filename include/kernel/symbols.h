/* SPDX-License-Identifier: MIT */
/*
 * Which functions the kernel has and which of them may be probed.
 */
#ifndef FTOPEN_KERNEL_SYMBOLS_H
#define FTOPEN_KERNEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/**
 * symbols_load - read kallsyms and available_filter_functions
 * @kallsyms: file, or NULL for /proc/kallsyms
 * @functions: a copy of available_filter_functions, or NULL if there is none; then whether a
 *	function can be probed is assumed from kallsyms alone (symbols_know_probeable())
 * @symbols: the caller's to symbols_free()
 *
 * Only what find_symbol() is asked about needs to be kept; addresses may all be zero (read
 * without the right to see them).
 *
 * Return: 0, or a negative errno that was reported.
 */
int symbols_load(const char *kallsyms, const char *functions, struct symbols **symbols);

/**
 * symbols_from_functions - read available_filter_functions alone, which is quicker
 *
 * What is not in it can not be probed; why, only kallsyms would tell (symbols_know_all()).
 *
 * Return: 0, or a negative errno that was reported.
 */
int symbols_from_functions(const char *functions, struct symbols **symbols);

void symbols_free(struct symbols *symbols);

/**
 * symbols_know_probeable - whether a list of probeable functions was read
 */
bool symbols_know_probeable(const struct symbols *symbols);

/**
 * symbols_know_all - whether functions that cannot be probed are known, too
 */
bool symbols_know_all(const struct symbols *symbols);

/**
 * struct symbol - what is known of one function name
 * @count: how many text symbols have exactly this name (more than one: ambiguous)
 * @probeable: in available_filter_functions; true if unknown
 * @clone: a "NAME.isra.0", ".constprop.0" or ".part.0" twin, NULL if there is none; never a
 *	".cold" or "__pfx_" one, which are not the function
 * @only_cold: the name has no body of its own left, only a ".cold" part
 * @address: 0 if kallsyms does not show it
 */
struct symbol {
	unsigned int count;
	bool probeable;
	const char *clone;
	bool only_cold;
	uint64_t address;
};

/**
 * symbols_find - look a function up by its exact name
 *
 * Always fills @symbol; count is 0 for a name that does not exist.
 */
void symbols_find(const struct symbols *symbols, const char *name, struct symbol *symbol);

#endif
