/* SPDX-License-Identifier: MIT */
/*
 * Hiding kernel addresses: each becomes a number. Equal addresses become equal numbers, and
 * addresses in one object keep their distance. Nothing else of them is left.
 */
#ifndef FTOPEN_CHAIN_HIDE_H
#define FTOPEN_CHAIN_HIDE_H

#include "chain/record.h"

struct hider;

/**
 * hider_new - with a random key of its own, or with that of @like if it is not NULL
 *
 * Return: 0 or a negative errno. Ends with hider_free().
 */
int hider_new(const struct hider *like, struct hider **hider);

void hider_free(struct hider *hider);

/**
 * hide_addresses - replace every address in @record; records come in the order of time
 *
 * The qstr hash, which is salted with an address, is left out.
 *
 * Return: 0 or -ENOMEM.
 */
int hide_addresses(struct hider *hider, struct record *record);

#endif
