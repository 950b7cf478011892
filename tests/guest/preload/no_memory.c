/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into ftopen: its allocation number FAIL_ALLOCATION fails, and after that all go well.
 * What libraries allocate for themselves is not counted: they do not all survive it. Leaves a file
 * "no_more_allocations" if there were fewer.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static uintptr_t program_from, program_to;
static unsigned long count, failing;

/* The first object is the program itself. */
static int find_program(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	(void)context;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		program_from = info->dlpi_addr + part->p_vaddr;
		program_to = program_from + part->p_memsz;
	}
	return 1;
}

__attribute__((constructor)) static void start(void)
{
	const char *number = getenv("FAIL_ALLOCATION");

	failing = number ? strtoul(number, NULL, 10) : 0;
	unsetenv("LD_PRELOAD");
	dl_iterate_phdr(find_program, NULL);
}

__attribute__((destructor)) static void end(void)
{
	int fd = count < failing ? open("no_more_allocations", O_CREAT | O_WRONLY, 0600) : -1;

	if (fd >= 0)
		close(fd);
}

/* Each function that ends in an allocation is one, if the program itself calls it. */
static bool fails(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;

	if (at < program_from || at >= program_to ||
	    __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) != failing)
		return false;
	errno = ENOMEM;
	return true;
}

#define FAILS() fails(__builtin_return_address(0))

void *malloc(size_t size)
{
	return FAILS() ? NULL : __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	return FAILS() ? NULL : __libc_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
	return FAILS() ? NULL : __libc_realloc(old, size);
}

char *strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = FAILS() ? NULL : __libc_malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

int asprintf(char **text, const char *fmt, ...)
{
	va_list args;
	int len;

	if (FAILS())
		return -1;
	va_start(args, fmt);
	len = vasprintf(text, fmt, args);
	va_end(args);
	return len;
}

FILE *open_memstream(char **text, size_t *size)
{
	FILE *(*next)(char **, size_t *);

	*(void **)&next = dlsym(RTLD_NEXT, "open_memstream");
	return FAILS() ? NULL : next(text, size);
}

FILE *fopen(const char *path, const char *mode)
{
	FILE *(*next)(const char *, const char *);

	*(void **)&next = dlsym(RTLD_NEXT, "fopen64");
	return FAILS() ? NULL : next(path, mode);
}

DIR *opendir(const char *path)
{
	DIR *(*next)(const char *);

	*(void **)&next = dlsym(RTLD_NEXT, "opendir");
	return FAILS() ? NULL : next(path);
}
