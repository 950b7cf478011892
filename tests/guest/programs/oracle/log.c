/* SPDX-License-Identifier: MIT */
/*
 * The log: memory that all tasks share, so that writing to it is no system call. It is a file of
 * /dev/shm, away from the file system that is tried.
 */
#include "oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define LOG_SIZE  (64UL << 20)
#define LINE_SIZE (4 * PATH_SIZE + 1024)

struct shared *shared;

struct shared *log_map(int fd)
{
	void *memory;

	if (ftruncate(fd, LOG_SIZE))
		return NULL;
	memory = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

void raise_flag(int *flag)
{
	__atomic_store_n(flag, 1, __ATOMIC_SEQ_CST);
}

bool is_raised(const int *flag)
{
	return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

/* A trace that did not come about raises no flag but the last one. */
void await_flag(const int *flag)
{
	while (!is_raised(flag) && !is_raised(&shared->over))
		usleep(1000);
}

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static void append(const char *line, size_t len)
{
	uint64_t at = __atomic_fetch_add(&shared->used, len, __ATOMIC_RELAXED);

	/* A log with a hole would accuse ftopen. */
	if (at + len > LOG_SIZE - sizeof(*shared))
		abort();
	memcpy(shared->text + at, line, len);
}

void log_text(const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	va_start(args, format);
	append(line, vsnprintf(line, sizeof(line), format, args));
	va_end(args);
}

size_t log_hex(char *to, const char *bytes)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	for (; *bytes; bytes++) {
		to[n++] = digits[(unsigned char)*bytes >> 4];
		to[n++] = digits[*bytes & 15];
	}
	to[n] = '\0';
	return n;
}

void op_begin(struct op *op)
{
	op->ns = now_ns();
	op->order = __atomic_fetch_add(&shared->order, 1, __ATOMIC_SEQ_CST);
}

void op_identify(struct op *op, int fd)
{
	struct stat st;

	if (syscall(SYS_fstat, fd, &st))
		return;
	op->dev = st.st_dev;
	op->ino = st.st_ino;
}

static size_t put_bytes(char *line, const char *key, const char *path)
{
	size_t n = sprintf(line, ",\"%s\":\"", key);

	n += log_hex(line + n, path);
	line[n++] = '"';
	return n;
}

void op_end(struct task *task, struct op *op, long result)
{
	uint64_t order = __atomic_fetch_add(&shared->order, 1, __ATOMIC_SEQ_CST), ns = now_ns();
	char line[LINE_SIZE];
	size_t n;

	n = sprintf(line,
		    "{\"op\":\"%s\",\"pid\":%d,\"tid\":%d,\"out\":%d,\"order\":[%lu,%lu],"
		    "\"ns\":[%lu,%lu],\"result\":%ld,\"root\":%d,\"mount\":%d",
		    op->kind, task->pid, task->tid, task->is_outside, op->order, order, op->ns, ns,
		    result, task->root, task->mount);
	n += put_bytes(line + n, "comm", task->comm);
	if (op->path)
		n += put_bytes(line + n, "path", op->path);
	if (op->other)
		n += put_bytes(line + n, "other", op->other);
	n += sprintf(line + n,
		     ",\"dirfd\":%d,\"at\":%d,\"other_at\":%d,\"flags\":%lu,\"resolve\":%lu",
		     op->dirfd, op->at, op->other_at, op->flags, op->resolve);
	if (op->ino)
		n += sprintf(line + n, ",\"dev\":\"%u:%u\",\"ino\":%lu", major(op->dev),
			     minor(op->dev), op->ino);
	n += sprintf(line + n, "}\n");
	append(line, n);
}

void log_node(int id)
{
	const struct node *node = world_node(id);
	char name[2 * NAME_SIZE + 2], target[PATH_SIZE] = "";
	struct stat st = { 0 };

	log_hex(name, node->name);
	if (node->target)
		log_hex(target, node->target);
	if (node->kind == NODE_DIR)
		stat(world_path(id), &st);
	log_text("{\"op\":\"node\",\"id\":%d,\"parent\":%d,\"name\":\"%s\",\"kind\":\"%s\","
		 "\"target\":\"%s\",\"same\":%d,\"dev\":\"%u:%u\",\"ino\":%lu}\n",
		 id, node->parent, name, node->kind == NODE_DIR ? "dir" : "link", target,
		 node->same, major(st.st_dev), minor(st.st_dev), st.st_ino);
}
