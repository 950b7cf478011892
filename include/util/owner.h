/* SPDX-License-Identifier: MIT */
/*
 * Whose the files are that root makes for somebody.
 */
#ifndef FTOPEN_UTIL_OWNER_H
#define FTOPEN_UTIL_OWNER_H

/**
 * give_to_user - to the user behind sudo, if there is one
 *
 * Return: 0, or a negative errno, not reported.
 */
int give_to_user(int fd);

#endif
