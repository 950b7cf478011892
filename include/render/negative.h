/* SPDX-License-Identifier: MIT */
/*
 * A negative dentry: who made it, and what became of it.
 */
#ifndef FTOPEN_RENDER_NEGATIVE_H
#define FTOPEN_RENDER_NEGATIVE_H

#include "chain/chain.h"

enum negatives_column {
	NEGATIVES_MADE,
	NEGATIVES_KEPT,	   /* still cached at the end */
	NEGATIVES_UNKNOWN, /* lost records may tell their end */
};

/**
 * negative_maker - the hop that made @lifetime's dentry negative, NULL if it is not, or if no
 * traced task did that
 *
 * That is who unlinked the name, or who looked it up in vain.
 */
const struct hop *negative_maker(const struct lifetime *lifetime);

/**
 * negative_end - in which column the lifetime counts besides NEGATIVES_MADE; NEGATIVES_MADE if in
 * none
 */
enum negatives_column negative_end(const struct lifetime *lifetime);

#endif
