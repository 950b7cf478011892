/* SPDX-License-Identifier: MIT */
/*
 * The writer: where the target is, which spools there are, and the rename at the end. Never
 * touches the target before that.
 */
#include "tracedat/write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hide.h"
#include "util/message.h"
#include "util/owner.h"
#include "util/temporary.h"
#include "write_internal.h"

/* Held back on the disk while spools grow, so that a full disk leaves room to finish in. */
#define RESERVE	      (4 * 1024 * 1024)
#define RESERVE_LEAST (64 * 1024)

#define MAX_CPUS 65536

/**
 * struct dat_writer - a file on its way
 * @path: symbolic links followed
 * @in_memory: nothing comes into a file before its addresses are hidden
 * @error: the first one
 */
struct dat_writer {
	char *path;
	char *dir;
	bool in_memory;
	int reserve_fd;
	int error;
	struct spools spools[SCOPE_NR];
};

void dat_meta_release(struct dat_meta *meta)
{
	struct dat_text *texts[] = { &meta->header_page, &meta->header_event, &meta->kallsyms,
				     &meta->cmdlines };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]->data);
	for (size_t i = 0; i < meta->format_count; i++)
		free(meta->formats[i].data);
	for (size_t i = 0; i < meta->stat_count; i++)
		free(meta->stats[i]);
	free(meta->formats);
	free(meta->stats);
	free(meta->group);
	free(meta->clock);
	free(meta->uname);
	memset(meta, 0, sizeof(*meta));
}

static void fail(struct dat_writer *writer, int err)
{
	if (!writer->error)
		error("cannot write '%s': %s", writer->path, strerror(-err));
	if (!writer->error && (err == -ENOSPC || err == -EDQUOT || err == -EFBIG))
		hint("the records before that are kept, and the file is marked as incomplete");
	if (!writer->error && err == -ENOMEM && writer->in_memory)
		hint("the records before that are kept; with --hash-addresses at most %d MiB fit "
		     "into memory",
		     DAT_MEMORY_LIMIT >> 20);
	if (!writer->error)
		writer->error = err;
}

/* A rename would take a device or a pipe away from all who use it. */
static int check_target(const char *path)
{
	struct stat stat_buf;

	if (stat(path, &stat_buf) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(stat_buf.st_mode))
		return -EISDIR;
	return S_ISREG(stat_buf.st_mode) ? 0 : -ENOTSUP;
}

static int find_target(struct dat_writer *writer, const char *path)
{
	struct stat stat_buf;
	char *copy;
	int ret = check_target(path);

	if (ret)
		return ret;
	if (!lstat(path, &stat_buf) && S_ISLNK(stat_buf.st_mode))
		writer->path = realpath(path, NULL);
	else
		writer->path = strdup(path);
	if (!writer->path)
		return -errno;
	copy = strdup(writer->path);
	if (copy)
		writer->dir = strdup(dirname(copy));
	free(copy);
	return writer->dir ? 0 : -ENOMEM;
}

static void explain(const char *path, int err)
{
	if (err == -ENOTSUP) {
		error("cannot write '%s': it is not a regular file", path);
		hint("the trace.dat would replace that device or pipe; give the name of a file");
		return;
	}
	error("cannot create '%s': %s", path, strerror(-err));
}

/* Less if there is less room, and nothing if that fails: it is only a precaution. */
static void hold_reserve(int fd)
{
	off_t size = RESERVE;

	while (size >= RESERVE_LEAST && fallocate(fd, 0, 0, size) < 0)
		size /= 2;
}

static int memory_open(void)
{
	int fd = memfd_create("ftopen", MFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int dat_writer_new(const char *path, bool hides, struct dat_writer **writer)
{
	struct dat_writer *made = calloc(1, sizeof(*made));
	int ret = -ENOMEM;

	if (!made)
		goto err_explain;
	ret = find_target(made, path);
	if (ret)
		goto err_free;
	made->in_memory = hides;
	made->reserve_fd = temporary_in(made->dir);
	if (made->reserve_fd < 0) {
		ret = made->reserve_fd;
		goto err_free;
	}
	hold_reserve(made->reserve_fd);
	*writer = made;
	return 0;

err_free:
	free(made->path);
	free(made->dir);
	free(made);
err_explain:
	explain(path, ret);
	return ret;
}

static void writer_free(struct dat_writer *writer)
{
	for (int scope = 0; scope < SCOPE_NR; scope++) {
		struct spools *spools = &writer->spools[scope];

		for (int cpu = 0; cpu < spools->count; cpu++) {
			if (spools->cpus[cpu].fd >= 0)
				close(spools->cpus[cpu].fd);
		}
		free(spools->cpus);
	}
	if (writer->reserve_fd >= 0)
		close(writer->reserve_fd);
	free(writer->path);
	free(writer->dir);
	free(writer);
}

void dat_writer_abort(struct dat_writer *writer)
{
	if (writer)
		writer_free(writer);
}

static struct spool *spool_of(struct dat_writer *writer, enum scope scope, int cpu)
{
	struct spools *spools = &writer->spools[scope];
	struct spool *grown;

	if (cpu < 0 || cpu >= MAX_CPUS)
		return NULL;
	if (cpu < spools->count)
		return &spools->cpus[cpu];
	grown = realloc(spools->cpus, ((size_t)cpu + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	for (int i = spools->count; i <= cpu; i++)
		grown[i] = (struct spool){ .fd = -1 };
	spools->cpus = grown;
	spools->count = cpu + 1;
	return &grown[cpu];
}

static bool has_room(const struct dat_writer *writer)
{
	uint64_t used = 0;
	struct stat file;

	for (int scope = 0; scope < SCOPE_NR; scope++) {
		const struct spools *spools = &writer->spools[scope];

		for (int cpu = 0; cpu < spools->count; cpu++) {
			if (spools->cpus[cpu].fd >= 0 && !fstat(spools->cpus[cpu].fd, &file))
				used += (uint64_t)file.st_size;
		}
	}
	return used < DAT_MEMORY_LIMIT;
}

/* Return: the spool with its file open, or NULL; the failure is noted. */
static struct spool *open_spool(struct dat_writer *writer, enum scope scope, int cpu)
{
	struct spool *spool = spool_of(writer, scope, cpu);
	int fd;

	if (!spool) {
		fail(writer, -ENOMEM);
		return NULL;
	}
	fd = writer->in_memory && !has_room(writer) ? -ENOMEM : 0;
	if (!fd && !spool->error && spool->fd < 0)
		fd = spool->fd = writer->in_memory ? memory_open() : temporary_in(writer->dir);
	if (fd < 0 && !spool->error) {
		spool->error = fd;
		fail(writer, fd);
	}
	return spool->error ? NULL : spool;
}

void dat_writer_page(struct dat_writer *writer, enum scope scope, int cpu, const void *data,
		     size_t size)
{
	const struct spool *spool = open_spool(writer, scope, cpu);
	int ret = spool ? spool_append(spool, data, size) : 0;

	if (ret)
		dat_writer_failed(writer, scope, cpu, ret);
}

int dat_writer_spool(struct dat_writer *writer, enum scope scope, int cpu)
{
	const struct spool *spool = open_spool(writer, scope, cpu);

	return spool ? spool->fd : writer->error;
}

void dat_writer_failed(struct dat_writer *writer, enum scope scope, int cpu, int err)
{
	struct spool *spool = spool_of(writer, scope, cpu);

	if (spool && !spool->error)
		spool->error = err;
	fail(writer, err);
}

int dat_writer_error(const struct dat_writer *writer)
{
	return writer->error;
}

static void sink_page(void *context, enum scope scope, int cpu, const void *data, size_t size)
{
	dat_writer_page(context, scope, cpu, data, size);
}

static int sink_spool(void *context, enum scope scope, int cpu)
{
	return dat_writer_spool(context, scope, cpu);
}

static void sink_failed(void *context, enum scope scope, int cpu, int err)
{
	dat_writer_failed(context, scope, cpu, err);
}

struct page_sink dat_writer_sink(struct dat_writer *writer)
{
	return (struct page_sink){ sink_page, sink_spool, sink_failed, writer };
}

/* The temporary file in the target's directory: "DIR/.ftopen.XXXXXX", mode 0600. */
static int open_temporary(const struct dat_writer *writer, char **path)
{
	int fd;

	if (asprintf(path, "%s/.ftopen.XXXXXX", writer->dir) < 0) {
		*path = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(*path, O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static void give_back_reserve(struct dat_writer *writer)
{
	close(writer->reserve_fd);
	writer->reserve_fd = -1;
}

/* Pages that are missing leave a file that can be read; anything else does not. */
static int write_whole(struct dat_writer *writer, int fd, const struct dat_meta *meta)
{
	struct dat_tables tables;
	int missing = 0;
	int ret = sections_write(fd, meta, &tables);

	if (!ret)
		ret = assemble(fd, meta, &tables, writer->spools, &missing);
	if (missing)
		fail(writer, missing);
	return ret;
}

static int copy_whole(int from, int to)
{
	struct stat file;
	off_t done = 0;

	if (fstat(from, &file) < 0)
		return -errno;
	while (done < file.st_size) {
		ssize_t size = sendfile(to, from, &done, (size_t)(file.st_size - done));

		if (size < 0 && errno != EINTR)
			return -errno;
		if (!size)
			return -EIO;
	}
	return 0;
}

static int write_hidden(struct dat_writer *writer, int fd, const struct dat_meta *meta)
{
	int ret, memory = memory_open();
	char path[64];

	if (memory < 0)
		return memory;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
	ret = write_whole(writer, memory, meta);
	if (!ret)
		ret = hide_file(path, meta->hider);
	if (!ret)
		ret = copy_whole(memory, fd);
	close(memory);
	return ret;
}

static int write_temporary(struct dat_writer *writer, int fd, const struct dat_meta *meta)
{
	int ret = meta->hider ? write_hidden(writer, fd, meta) : write_whole(writer, fd, meta);

	if (!ret)
		ret = give_to_user(fd);
	/* Some file systems tell only now that there was no room. */
	return !ret && fdatasync(fd) < 0 ? -errno : ret;
}

int dat_writer_finish(struct dat_writer *writer, const struct dat_meta *meta)
{
	char *temporary;
	int fd, ret;

	give_back_reserve(writer);
	fd = open_temporary(writer, &temporary);
	ret = fd < 0 ? fd : write_temporary(writer, fd, meta);
	if (fd >= 0 && close(fd) < 0 && !ret)
		ret = -errno;
	if (!ret && rename(temporary, writer->path) < 0)
		ret = -errno;
	if (ret)
		fail(writer, ret);
	if (ret && fd >= 0)
		unlink(temporary);
	ret = writer->error;
	free(temporary);
	writer_free(writer);
	return ret;
}
