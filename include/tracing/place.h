/* SPDX-License-Identifier: MIT */
/*
 * A directory of our own, where names are made, missed and removed to test the probes.
 */
#ifndef FTOPEN_TRACING_PLACE_H
#define FTOPEN_TRACING_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct file_system - what is known of a file system on which the test may run
 * @keeps_negative: a name that does not exist stays in the cache
 * @shows_place: stat(2) gives the numbers that the kernel's inode has
 */
struct file_system {
	const char *name;
	unsigned long magic;
	bool keeps_negative;
	bool shows_place;
};

/**
 * struct test_place - a new directory to test in
 * @kind: what it is on
 */
struct test_place {
	const struct file_system *kind;
	char dir[64];
};

/**
 * place_make - on a file system that keeps negative names, if one can be written; else on any
 * @stem: the directory's name is this, a dash and six characters
 * @count: how many names there has to be room for in it
 *
 * Return: false if none can be written or has room. The directory is the caller's to empty and
 * remove.
 */
bool place_make(struct test_place *place, const char *stem, unsigned int count);

/**
 * place_generation - i_generation of the directory that @fd is open on
 *
 * Return: false if its file system does not tell.
 */
bool place_generation(int fd, uint64_t *generation);

/**
 * kernel_dev - st_dev as the kernel's own dev_t has it
 */
uint64_t kernel_dev(dev_t dev);

#endif
