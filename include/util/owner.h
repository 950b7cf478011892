/* SPDX-License-Identifier: MIT */
/*
 * The owner of files that root makes for a user.
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
