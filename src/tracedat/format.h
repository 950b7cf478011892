/* SPDX-License-Identifier: MIT */
/*
 * Texts of a trace.dat that a library is to understand.
 */
#ifndef FTOPEN_TRACEDAT_FORMAT_H
#define FTOPEN_TRACEDAT_FORMAT_H

/**
 * format_make_safe - what libtraceevent can be given of the event format @text, which is cut up
 * @safe: the caller's to free()
 *
 * Return: 0, -ENOMEM, or -EBADMSG for a text that is no event format.
 */
int format_make_safe(char *text, char **safe);

/**
 * format_long_size - bytes of the kernel's long, by its events/header_page: 4 or 8
 *
 * Return: 0 if it does not say.
 */
unsigned int format_long_size(const char *header_page);

#endif
