/* SPDX-License-Identifier: MIT */
/*
 * What is compressed in a version 7 file, chunk by chunk.
 */
#ifndef FTOPEN_TRACEDAT_COMPRESS_H
#define FTOPEN_TRACEDAT_COMPRESS_H

#include <stddef.h>
#include <stdint.h>

struct dat;

struct unpacker;

/**
 * unpacker_new - decompress what @dat's compression made
 *
 * Return: 0, or a negative errno that was reported, e.g. for an algorithm that is not known.
 */
int unpacker_new(const struct dat *dat, struct unpacker **unpacker);

void unpacker_free(struct unpacker *unpacker);

/**
 * unpack - decompress @packed bytes at @offset of the file to exactly @size bytes at @to
 *
 * Return: 0, -EBADMSG if they are something else, or -ENOMEM, not reported.
 */
int unpack(struct unpacker *unpacker, uint64_t offset, uint32_t packed, void *to, uint32_t size);

#endif
