/* SPDX-License-Identifier: MIT */
/*
 * A stream from any descriptors that give pages, for tests.
 */
#ifndef FTOPEN_TRACING_STREAM_INTERNAL_H
#define FTOPEN_TRACING_STREAM_INTERNAL_H

#include "reader.h"
#include "tracing/stream.h"

/**
 * stream_from_sources - see stream_new(); on failure the descriptors are still the caller's
 */
int stream_from_sources(const struct sources *sources, bool may_spill, struct stream **stream);

#endif
