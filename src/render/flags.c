/* SPDX-License-Identifier: MIT */
/*
 * Flags of open(2), from the kernel's headers: a recording may be of another machine than the one
 * that shows it.
 */
#include "flags.h"

#include <stddef.h>

#define ACCESS_MODE 3
#define FMODE_EXEC  0x20 /* __FMODE_EXEC of include/linux/fs.h */

enum family {
	GENERIC, /* asm-generic/fcntl.h as it is */
	ARM,	 /* with four bits of its own */
	FAMILY_NR
};

static const struct {
	const char *arch;
	enum family family;
} machines[] = {
	{ "x86_64", GENERIC },	{ "i386", GENERIC },
	{ "i486", GENERIC },	{ "i586", GENERIC },
	{ "i686", GENERIC },	{ "s390", GENERIC },
	{ "s390x", GENERIC },	{ "riscv32", GENERIC },
	{ "riscv64", GENERIC }, { "loongarch64", GENERIC },
	{ "aarch64", ARM },	{ "aarch64_be", ARM },
	{ "armv6l", ARM },	{ "armv7l", ARM },
	{ "armv8l", ARM },	{ "m68k", ARM },
	{ "ppc", ARM },		{ "ppc64", ARM },
	{ "ppc64le", ARM },
};

static const char *const access_modes[] = { "O_RDONLY", "O_WRONLY", "O_RDWR", "3" };

/* In strace's order; a flag that contains the bits of another one comes before it. */
static const struct {
	uint64_t bits[FAMILY_NR];
	const char *word; /* NULL: not shown */
} words[] = {
	{ { FMODE_EXEC, FMODE_EXEC }, NULL },
	{ { 0100000, 0400000 }, NULL }, /* O_LARGEFILE */
	{ { 0100, 0100 }, "O_CREAT" },
	{ { 0200, 0200 }, "O_EXCL" },
	{ { 0400, 0400 }, "O_NOCTTY" },
	{ { 01000, 01000 }, "O_TRUNC" },
	{ { 02000, 02000 }, "O_APPEND" },
	{ { 04000, 04000 }, "O_NONBLOCK" },
	{ { 04010000, 04010000 }, "O_SYNC" },
	{ { 010000, 010000 }, "O_DSYNC" },
	{ { 020000, 020000 }, "O_ASYNC" },
	{ { 040000, 0200000 }, "O_DIRECT" },
	{ { 0400000, 0100000 }, "O_NOFOLLOW" },
	{ { 01000000, 01000000 }, "O_NOATIME" },
	{ { 02000000, 02000000 }, "O_CLOEXEC" },
	{ { 010000000, 010000000 }, "O_PATH" },
	{ { 020200000, 020040000 }, "O_TMPFILE" },
	{ { 0200000, 040000 }, "O_DIRECTORY" },
};

static enum family family_of(const char *arch)
{
	for (size_t i = 0; arch && i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (!strcmp(machines[i].arch, arch))
			return machines[i].family;
	}
	return FAMILY_NR;
}

void flags_write(struct text *text, uint64_t flags, const char *arch)
{
	enum family family = family_of(arch);
	uint64_t rest = flags & ~(uint64_t)ACCESS_MODE;

	if (family == FAMILY_NR) {
		text_format(text, "0%llo", (unsigned long long)flags);
		return;
	}
	text_str(text, access_modes[flags & ACCESS_MODE]);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t bits = words[i].bits[family];

		if ((rest & bits) != bits)
			continue;
		rest &= ~bits;
		if (!words[i].word)
			continue;
		text_char(text, '|');
		text_str(text, words[i].word);
	}
	if (rest)
		text_format(text, "|0%llo", (unsigned long long)rest);
}
