/* SPDX-License-Identifier: MIT */
/*
 * The chain of one open as text. For the files of this folder only.
 */
#ifndef FTOPEN_VIEW_CHAIN_H
#define FTOPEN_VIEW_CHAIN_H

#include "model.h"

/**
 * struct view_chain - what is wanted
 * @open: its id
 * @explains: say in a sentence what each line means
 * @components: show the directories on the way, too
 * @goes_on: called now and then with how much was read, in percent; a recording that is not to be
 *	read to its end is left by returning false
 */
struct view_chain {
	uint64_t open;
	bool explains;
	bool components;
	bool (*goes_on)(void *context, unsigned int percent);
	void *context;
};

/**
 * view_chain_read - read the recording again, and write the chain of one open
 * @text: malloc()ed, the caller's
 *
 * Return: 0, -ECANCELED if it was left, or a negative errno that was reported.
 */
int view_chain_read(const struct viewer *view, const struct view_source *source,
		    const struct view_chain *chain, char **text);

#endif
