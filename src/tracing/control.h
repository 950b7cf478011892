/* SPDX-License-Identifier: MIT */
/*
 * What is made, set and removed in tracefs, by libtracefs. Knows no undo log: that is undo.h's.
 */
#ifndef FTOPEN_TRACING_CONTROL_H
#define FTOPEN_TRACING_CONTROL_H

struct tracefs_instance;

/**
 * control_begin - the tracefs at @dir is meant from here on
 *
 * Return: 0 or -ENOMEM.
 */
int control_begin(const char *dir);

/**
 * control_set - write @text to a file of an instance
 * @handle: NULL for the top level
 *
 * Return: 0, or a negative errno that was reported.
 */
int control_set(struct tracefs_instance *handle, const char *file, const char *text);

/**
 * control_set_event - the same for a file of an event
 * @subject: GROUP/EVENT
 */
int control_set_event(struct tracefs_instance *handle, const char *subject, const char *file,
		      const char *text);

/**
 * control_add_to_event - add to a file of an event, which keeps what it has; goes without memory
 * @subject: GROUP/EVENT
 *
 * Return: 0, or a negative errno, not reported.
 */
int control_add_to_event(struct tracefs_instance *handle, const char *subject, const char *file,
			 const char *text);

/**
 * control_add - as control_set(), for a file with a list, which keeps what it has
 */
int control_add(struct tracefs_instance *handle, const char *file, const char *text);

/**
 * control_clear - leave nothing in a file of an instance
 *
 * Return: 0, or a negative errno, not reported.
 */
int control_clear(struct tracefs_instance *handle, const char *file);

/**
 * control_disable - disable an event in an instance
 * @subject: GROUP/EVENT
 *
 * Return: 0, or a negative errno, not reported.
 */
int control_disable(struct tracefs_instance *handle, const char *subject);

/**
 * control_make_instance - make an instance that was not there before
 * @handle: the caller's to tracefs_instance_free()
 *
 * Return: 0, or a negative errno, not reported.
 */
int control_make_instance(const char *name, struct tracefs_instance **handle);

/**
 * control_disable_all - disable every event of an instance
 *
 * Return: 0, or a negative errno, not reported; so does the next one.
 */
int control_disable_all(const char *name);
int control_remove_instance(const char *name);

/**
 * control_define - define a probe, after those that are there
 *
 * Return: 0, or a negative errno, not reported.
 */
int control_define(const char *definition);

/**
 * control_undefine - remove a probe that is enabled nowhere
 * @subject: GROUP/EVENT
 *
 * Return: 0, or a negative errno, not reported.
 */
int control_undefine(const char *subject);

/**
 * control_refusal - the kernel's last message if it is about @definition: each one quotes the
 * command that it refused after "Command: ", and a caret below
 *
 * Return: the caller's to free(), "" for none; NULL when out of memory.
 */
char *control_refusal(const char *definition);

#endif
