/* SPDX-License-Identifier: MIT */
/*
 * Opening a trace.dat: the first bytes, then the sections of its version. Reads no record.
 */
#include "read_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event-parse.h>

#include "input.h"
#include "tracedat/write.h"
#include "util/message.h"

/*
 * What ftrace itself records has lower numbers, and needs no format to be known (enum trace_type,
 * kernel/trace/trace.h, 5.10 to 7.3): kernel_stack is 4, user_stack is 12.
 */
#define FIRST_EVENT_ID 16

#define DAT_MAGIC "\027\010\104tracing"

#define MIN_PAGE 1024
#define MAX_PAGE (64 * 1024 * 1024)

static int open_file(struct dat *dat, const char *path)
{
	bool is_pipe = !strcmp(path, INPUT_PIPE);
	struct stat file;
	int ret;

	dat->fd = is_pipe ? input_store() : open(path, O_RDONLY | O_CLOEXEC);
	if (is_pipe && dat->fd < 0)
		return dat->fd;
	if (dat->fd < 0 || fstat(dat->fd, &file) < 0) {
		ret = -errno;
		error("cannot read '%s': %s", dat->path, strerror(-ret));
		return ret;
	}
	if (!S_ISREG(file.st_mode)) {
		error("cannot read '%s': it is not a regular file, and ftopen has to read it more "
		      "than once",
		      dat->path);
		return -EINVAL;
	}
	dat->file_size = (uint64_t)file.st_size;
	return 0;
}

static int parse_version(struct dat *dat, struct cursor *cursor)
{
	char *version;
	int ret = cursor_string(cursor, &version);

	if (ret)
		return ret;
	dat->version = !strcmp(version, "6") ? 6 : !strcmp(version, "7") ? 7 : 0;
	if (!dat->version) {
		error("cannot read '%s': its version is '%s', and only 6 and 7 are supported",
		      dat->path, version);
		ret = -EOPNOTSUPP;
	}
	free(version);
	return ret;
}

bool dat_is_one(const char *path)
{
	char found[sizeof(DAT_MAGIC) - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat file;
	bool is_one;

	if (fd < 0)
		return false;
	is_one = !fstat(fd, &file) && S_ISREG(file.st_mode) &&
		 read(fd, found, sizeof(found)) == (ssize_t)sizeof(found) &&
		 !memcmp(found, DAT_MAGIC, sizeof(found));
	close(fd);
	return is_one;
}

static int expect_magic(struct cursor *cursor)
{
	char found[sizeof(DAT_MAGIC) - 1];
	size_t size = cursor->end < sizeof(found) ? (size_t)cursor->end : sizeof(found);
	int ret = cursor_bytes(cursor, found, size);

	/* A file that ends in the middle of it may have been one. */
	if (!ret && !memcmp(found, DAT_MAGIC, size))
		return cursor_bytes(cursor, found, sizeof(found) - size);
	if (ret)
		return ret;
	error("cannot read '%s': it is not a trace.dat", cursor->path);
	hint("ftopen record -o FILE makes one, and so does trace-cmd record");
	return -EBADMSG;
}

static int parse_initial(struct dat *dat, struct cursor *cursor)
{
	uint8_t bytes[2]; /* byte order, size of a long */
	int ret;

	cursor->section = "the first bytes";
	ret = expect_magic(cursor);
	if (!ret)
		ret = parse_version(dat, cursor);
	if (!ret)
		ret = cursor_bytes(cursor, bytes, sizeof(bytes));
	if (!ret && bytes[0] > 1)
		ret = cursor_bad(cursor, "a byte order that is neither 0 nor 1, before");
	if (!ret && bytes[1] != 4 && bytes[1] != 8)
		ret = cursor_bad(cursor, "a long that has neither 4 nor 8 bytes, before");
	if (ret)
		return ret;
	cursor->is_big = dat->is_big = bytes[0];
	ret = cursor_u32(cursor, &dat->page_size);
	tep_set_file_bigendian(dat->tep, dat->is_big ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(dat->tep, tep_is_bigendian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	return ret;
}

static int check_page_size(const struct dat *dat)
{
	if (dat->page_size >= MIN_PAGE && dat->page_size <= MAX_PAGE &&
	    !(dat->page_size & (dat->page_size - 1)))
		return 0;
	error("cannot read '%s': its page size is %" PRIu32, dat->path, dat->page_size);
	return -EBADMSG;
}

/* "Linux NODE RELEASE MACHINE" */
static void take_uname(struct dat *dat)
{
	char *rest = dat->uname, *word = NULL;
	const char *words[4] = { NULL };

	for (int i = 0; rest && i < 4; i++) {
		word = strsep(&rest, " ");
		words[i] = *word ? word : NULL;
	}
	dat->info.release = words[2];
	dat->info.machine = words[3];
}

/* "local [global] counter": the brackets mark the clock that was used. */
static void take_clock(struct dat *dat)
{
	char *open = dat->clock ? strchr(dat->clock, '[') : NULL;
	char *start = open ? open + 1 : dat->clock;

	if (start)
		start[strcspn(start, "]")] = '\0';
	dat->info.clock.name = start && *start ? start : NULL;
	/* trace-cmd's default is "local", and it says nothing of it in some files. */
	dat->info.clock.only_orders =
		!dat->info.clock.mult && start && *start && !clock_counts_ns(start);
}

static int parse(struct dat *dat)
{
	struct cursor cursor;
	int ret;

	dat_cursor(dat, &cursor, "the first bytes", 0, dat->file_size);
	ret = parse_initial(dat, &cursor);
	if (!ret)
		ret = dat->version == 6 ? parse_v6(dat, &cursor) : parse_v7(dat, &cursor);
	if (!ret)
		ret = check_page_size(dat);
	if (ret)
		return ret;
	tep_set_page_size(dat->tep, (int)dat->page_size);
	dat->info.buffers = dat->buffer_nr;
	dat->info.extras = dat->extras;
	take_clock(dat);
	take_uname(dat);
	return counts_settle(dat);
}

int dat_open(const char *path, struct dat **dat)
{
	struct dat *made = calloc(1, sizeof(*made));
	int ret = -ENOMEM;

	if (!made)
		return ret;
	made->fd = -1;
	made->path = strdup(strcmp(path, INPUT_PIPE) ? path : INPUT_PIPE_NAME);
	made->tep = tep_alloc();
	if (made->path && made->tep)
		ret = open_file(made, path);
	if (!ret)
		ret = parse(made);
	if (ret) {
		dat_close(made);
		return ret;
	}
	*dat = made;
	return 0;
}

void dat_close(struct dat *dat)
{
	if (!dat)
		return;
	for (size_t i = 0; i < dat->buffer_nr; i++)
		free(dat->buffers[i].name);
	free(dat->buffers);
	free(dat->cpus);
	free(dat->compression);
	free(dat->compression_version);
	free(dat->uname);
	free(dat->clock);
	free(dat->extras);
	counts_free(dat);
	if (dat->tep)
		tep_free(dat->tep);
	if (dat->fd >= 0)
		close(dat->fd);
	free(dat->path);
	free(dat);
}

const char *dat_buffer_name(const struct dat *dat, size_t buffer)
{
	return dat->buffers[buffer].name;
}

int dat_leave_out(struct dat *dat, size_t buffer)
{
	dat->buffers[buffer].is_left_out = true;
	return counts_settle(dat);
}

struct tep_handle *dat_tep(const struct dat *dat)
{
	return dat->tep;
}

bool dat_has_event(const struct dat *dat, int id)
{
	return (id > 0 && id < FIRST_EVENT_ID) ||
	       (id >= 0 && id < MAX_EVENT_ID && (dat->ids[id / 8] >> (id % 8) & 1));
}

const struct dat_info *dat_info(const struct dat *dat)
{
	return &dat->info;
}
