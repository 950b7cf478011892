/* SPDX-License-Identifier: MIT */
/*
 * The undo log of a session: what was changed in tracefs, and how it is taken back.
 */
#ifndef FTOPEN_TRACING_UNDO_H
#define FTOPEN_TRACING_UNDO_H

#include "session_internal.h"

/**
 * undo_push - note how the change that was just made is undone
 *
 * Return: 0 or -ENOMEM; then the change has been undone already.
 */
int undo_push(struct session *session, const struct undo *undo);

/**
 * undo_entry - take back the change that stands at @index of the log, and forget it
 *
 * Return: 0, or a negative errno that was reported. What is gone already counts as undone.
 */
int undo_entry(struct session *session, size_t index);

/**
 * undo_event - take back what was done with an event, everywhere
 * @subject: GROUP/EVENT
 */
int undo_event(struct session *session, const char *subject);

/**
 * undo_instance - take back what was done in @instance, and the instance, which is freed
 */
int undo_instance(struct session *session, struct instance *instance);

/**
 * undo_all - take back everything
 */
int undo_all(struct session *session);

/**
 * trigger_write - have @undo's event enabled when its event happens, or (@sign is "!") no more
 *
 * Return: 0 or a negative errno, not reported.
 */
int trigger_write(const struct undo *undo, const char *sign);

/**
 * instance_free - the memory only
 */
void instance_free(struct instance *instance);

#endif
