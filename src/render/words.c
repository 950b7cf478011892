/* SPDX-License-Identifier: MIT */
/*
 * Words and numbers that stand alike in several formats.
 */
#include "common.h"

#include <string.h>

/* Linux: the major number's place in the kernel's own dev_t. */
#define DEV_MINOR_BITS 20

const char *errno_name(int err)
{
	static const char *const own[] = {
		"ERESTARTSYS", "ERESTARTNOINTR",	"ERESTARTNOHAND",
		"ENOIOCTLCMD", "ERESTART_RESTARTBLOCK",
	};
	const int first = 512;

	/* Of include/linux/errno.h: no program ever gets them. */
	if (err >= first && err < first + (int)(sizeof(own) / sizeof(own[0])))
		return own[err - first];
	return strerrorname_np(err);
}

/*
 * The later lifetime states its difference from the latest before it that had a name pointer.
 * If lifetimes were dropped in between, it may have been one of them.
 */
bool find_earlier_lifetime(const struct name *name, const struct relation *relation,
			   uint32_t *index)
{
	for (size_t i = name->lifetime_count; i-- > 0;) {
		const struct lifetime *lifetime = name->lifetimes[i];

		if (lifetime->index >= relation->lifetime || !lifetime->name_ptr)
			continue;
		*index = lifetime->index;
		if (name->lifetimes_dropped && lifetime->index + 1 != relation->lifetime)
			return false;
		return lifetime->name_ptr == relation->left.addr;
	}
	return false;
}

const char *operand_word(const struct operand_ref *operand)
{
	static const char *const words[] = {
		[OPERAND_DENTRY] = "dentry",
		[OPERAND_LIFETIME] = "lifetime",
	};

	return operand->what == OPERAND_HOP ? hop_name(operand->hop) : words[operand->what];
}

const char *means_word(const struct relation *relation)
{
	static const char *const words[] = {
		[MEANS_INLINE] = "offset of the inline name",
		[MEANS_SIZE] = "size of the dentry",
		[MEANS_LIFETIMES] = "difference of lifetimes",
		[MEANS_SHARED] = "name shared by rename",
		[MEANS_MOVED] = "name moved by exchange",
	};

	return relation->reuse ? "address reused" : words[relation->means];
}

void text_dev(struct text *text, uint32_t dev)
{
	text_u64(text, dev >> DEV_MINOR_BITS);
	text_char(text, ':');
	text_u64(text, dev & ((1u << DEV_MINOR_BITS) - 1));
}

void write_dev(struct json *json, const struct name *name)
{
	if (!name->has_dir) {
		json_null(json);
		return;
	}
	json_quote(json);
	text_dev(&json->text, name->dev);
	json_unquote(json);
}
