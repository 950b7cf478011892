/* SPDX-License-Identifier: MIT */
/*
 * Opens names that a tracer can stumble over, one kind a run: names KIND. The names do not exist,
 * but for "long", whose directories have to.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void try_open(const char *path)
{
	int fd = open(path, O_RDONLY);

	printf("%s\n", fd < 0 ? strerrorname_np(errno) : "opened");
	if (fd >= 0)
		close(fd);
}

/* Every byte that a name can have, one name each. */
static void every_byte(void)
{
	char path[] = "/tmp/byte_?_";

	for (int byte = 1; byte < 256; byte++) {
		if (byte == '/')
			continue;
		path[10] = (char)byte;
		try_open(path);
	}
}

static void markers(void)
{
	static const char *const names[] = {
		"(fault)",     "NULL", "(null)",    "name string = \"x\"",
		"\033[31mred", "a\nb", "</script>", "{\"v\":1}",
		" ",	       "PASS", "\xff\xfe"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/tmp/%s", names[i]);
		try_open(path);
	}
}

/* Names of 255 bytes and one more. */
static void long_names(void)
{
	char path[NAME_MAX + 8] = "/tmp/";

	memset(path + 5, 'n', NAME_MAX);
	try_open(path);
	path[5 + NAME_MAX] = 'n';
	path[6 + NAME_MAX] = '\0';
	try_open(path);
}

/* Paths of a length, by slashes: "/tmp/////…/long". */
static void path_of(size_t length)
{
	char path[PATH_MAX + 8] = "/tmp";

	memset(path + 4, '/', length - 8);
	strcpy(path + length - 4, "long");
	try_open(path);
}

static void long_paths(void)
{
	path_of(3000);
	path_of(PATH_MAX - 1);
	path_of(PATH_MAX);
}

/* The longest path that there is, when no descriptor is left. */
static void long_refused(void)
{
	const struct rlimit full = { 3, 3 };

	if (!setrlimit(RLIMIT_NOFILE, &full))
		path_of(PATH_MAX - 1);
}

static const struct {
	const char *name;
	void (*run)(void);
} kinds[] = {
	{ "bytes", every_byte }, { "markers", markers },      { "names", long_names },
	{ "paths", long_paths }, { "refused", long_refused },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		kinds[i].run();
		return 0;
	}
	return 2;
}
