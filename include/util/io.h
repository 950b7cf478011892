/* SPDX-License-Identifier: MIT */
/*
 * Whole reads and writes, and the two file shapes everything here is made of: a small text file
 * read at once and one write() per setting. Never retries what failed, never prints.
 */
#ifndef FTOPEN_UTIL_IO_H
#define FTOPEN_UTIL_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * read_file - read all of @path
 * @size: filled with the number of bytes if not NULL
 *
 * Return: 0, or a negative errno. *@data is malloc'ed, has a NUL after its last byte, and is the
 * caller's to free. Works for files of /proc and tracefs, which report size 0.
 */
int read_file(const char *path, char **data, size_t *size);

/**
 * write_file - open @path with @flags | O_WRONLY | O_CLOEXEC and write @text with one write()
 *
 * tracefs takes one command per write(); a text is never split.
 *
 * Return: 0, or a negative errno (-EIO for a short write).
 */
int write_file(const char *path, const char *text, int flags);

/**
 * write_all - write @size bytes to @fd, going on after EINTR and short writes
 */
int write_all(int fd, const void *data, size_t size);

/**
 * read_upto - read until @size bytes are there or the file ends, going on after EINTR
 *
 * Return: the number of bytes, or a negative errno.
 */
ssize_t read_upto(int fd, void *data, size_t size);

/**
 * read_at - read exactly @size bytes at @offset of the file, whose position stays
 *
 * Return: 0, or a negative errno (-EIO if the file ends before).
 */
int read_at(int fd, void *data, size_t size, uint64_t offset);

#endif
