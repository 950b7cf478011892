/* SPDX-License-Identifier: MIT */
/*
 * Where members stand in the kernel's structures, and what its functions take and return. Knows
 * nothing of probes.
 */
#ifndef FTOPEN_KERNEL_LAYOUT_H
#define FTOPEN_KERNEL_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "chain/plan.h"

struct layout;
struct measures;

/**
 * struct member - one resolved member
 * @offset: bytes from the start of the structure the path begins with
 * @size: bytes of the member itself
 * @is_measured: found in the running kernel, not told by BTF
 */
struct member {
	uint32_t offset;
	uint32_t size;
	bool is_pointer;
	bool is_signed;
	bool is_measured;
};

/**
 * layout_from_btf - read structure offsets from BTF, through libbpf
 * @path: a BTF file (raw or ELF), or NULL for the running kernel's /sys/kernel/btf/vmlinux
 * @layout: the caller's to layout_free()
 *
 * Return: 0, or a negative errno that was reported.
 */
int layout_from_btf(const char *path, struct layout **layout);

/**
 * layout_try_btf - the same, for a caller that can do without: nothing is reported
 *
 * Return: 0, or a negative errno: -EBADMSG for a file that holds no valid BTF.
 */
int layout_try_btf(const char *path, struct layout **layout);

/**
 * layout_without_btf - a layout that knows nothing yet of the machine it runs on
 *
 * Return: 0 or -ENOMEM.
 */
int layout_without_btf(struct layout **layout);

/**
 * layout_add_measures - use measured offsets for the members that are not in the BTF
 *
 * Return: 0 or -ENOMEM.
 */
int layout_add_measures(struct layout *layout, const struct measures *measures);

/**
 * layout_measures - what was added, NULL for none
 */
const struct measures *layout_measures(const struct layout *layout);

void layout_free(struct layout *layout);

/**
 * layout_source - where the offsets come from; LAYOUT_UNKNOWN without BTF before anything is
 * measured
 */
enum layout_source layout_source(const struct layout *layout);

/**
 * layout_lacks_members - whether there is something to measure: a member that every kernel has is
 * not in the BTF
 */
bool layout_lacks_members(const struct layout *layout);

/**
 * layout_member - find a member by path
 * @path: "dentry.d_name.name": a structure and members, through embedded structures and through
 *	members without a name, never through a pointer. Alternatives are separated by '|':
 *	"dentry.d_shortname|dentry.d_iname"; the first that exists is taken.
 *
 * Return: 0, or -ENOENT for a member that this kernel does not have or that is a bit field.
 */
int layout_member(const struct layout *layout, const char *path, struct member *member);

/**
 * layout_size - sizeof(struct @name) in bytes
 *
 * Return: 0, or -ENOENT.
 */
int layout_size(const struct layout *layout, const char *name, uint32_t *size);

/**
 * layout_pointer_size - bytes of a pointer of that kernel: 4 or 8
 */
uint32_t layout_pointer_size(const struct layout *layout);

/**
 * layout_has_function - whether the BTF knows @function
 */
bool layout_has_function(const struct layout *layout, const char *function);

/**
 * layout_check_argument - whether @function has an argument number @arg (from 1)
 *
 * Return: 0; -ENOENT if the BTF does not know the function, so that nothing is known; -EINVAL if
 * it has fewer arguments.
 */
int layout_check_argument(const struct layout *layout, const char *function, int arg);

/**
 * layout_check_pointer - whether argument @arg of @function (0: what it returns) is a pointer
 * @structure: and points to this structure; NULL for whatever it points to
 *
 * Return: 0; -ENOENT if the BTF does not know the function; -EINVAL if it is something else.
 */
int layout_check_pointer(const struct layout *layout, const char *function, int arg,
			 const char *structure);

#endif
