/* SPDX-License-Identifier: MIT */
/*
 * Where members stand in the kernel's structures, and what its functions take and return. Knows
 * nothing of probes.
 */
#ifndef FTOPEN_KERNEL_LAYOUT_H
#define FTOPEN_KERNEL_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

struct layout;

/**
 * struct member - one resolved member
 * @offset: bytes from the start of the structure the path begins with
 * @size: bytes of the member itself
 */
struct member {
	uint32_t offset;
	uint32_t size;
	bool is_pointer;
	bool is_signed;
};

/**
 * layout_from_btf - read structure offsets from BTF, through libbpf
 * @path: a BTF file (raw or ELF), or NULL for the running kernel's /sys/kernel/btf/vmlinux
 * @layout: the caller's to layout_free()
 *
 * Return: 0, or a negative errno that was reported.
 */
int layout_from_btf(const char *path, struct layout **layout);

void layout_free(struct layout *layout);

/**
 * layout_source - where the offsets come from, for messages: "BTF" and the file
 */
const char *layout_source(const struct layout *layout);

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
