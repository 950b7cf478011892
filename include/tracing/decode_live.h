/* SPDX-License-Identifier: MIT */
/*
 * A decoder for the records of a session, by the event formats that the kernel gives.
 */
#ifndef FTOPEN_TRACING_DECODE_LIVE_H
#define FTOPEN_TRACING_DECODE_LIVE_H

#include "kernel/plan.h"
#include "pages/decode.h"
#include "tracing/session.h"

struct tep_handle;

/**
 * tep_live - a handle for records of this kernel that knows no event yet
 *
 * Return: the caller's to tep_free(), NULL when out of memory.
 */
struct tep_handle *tep_live(void);

/**
 * tep_add_event - teach @tep the format of @event in the session's group
 *
 * Return: 0, or a negative errno that was reported.
 */
int tep_add_event(struct tep_handle *tep, const struct session *session, const char *event);

/**
 * decoder_for_session - a decoder of every armed probe, with the handle that it looks into
 * @tep, @decoder: the caller's to decoder_forget(), on failure too
 *
 * Return: 0, or a negative errno that was reported.
 */
int decoder_for_session(const struct session *session, const struct plan *plan,
			struct tep_handle **tep, struct decoder **decoder);

/**
 * decoder_forget - free both, which may be NULL, and leave NULL
 */
void decoder_forget(struct tep_handle **tep, struct decoder **decoder);

#endif
