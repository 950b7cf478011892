/* SPDX-License-Identifier: MIT */
/*
 * The viewer: the opens of a recording as lists on a terminal, and the chain of each.
 *
 *	view_check_terminal();
 *	viewer_new(&options, &view);
 *	read the recording into viewer_sink(view);
 *	viewer_browse(view, &source);
 *	viewer_free(view);
 */
#ifndef FTOPEN_VIEW_VIEW_H
#define FTOPEN_VIEW_VIEW_H

#include "chain/sink.h"
#include "render/render.h"

struct viewer;

/**
 * struct view_source - where chains come from
 * @title: what is shown, such as the recording's path
 * @read: hand all of the recording to @sink again. Return: 0, what the sink returned, or a negative
 *	errno that was reported
 */
struct view_source {
	const char *title;
	int (*read)(void *context, const struct chain_sink *sink);
	void *context;
};

/**
 * view_check_terminal - whether this terminal can show the viewer
 *
 * Return: 0, or a negative errno that was reported.
 */
int view_check_terminal(void);

/**
 * viewer_new - a viewer without rows
 * @options: what times are, of which machine, and whose opens and negative dentries are shown;
 *	everything else is the viewer's
 *
 * Return: 0 or -ENOMEM; ends with viewer_free().
 */
int viewer_new(const struct render_options *options, struct viewer **view);

/**
 * viewer_sink - what keeps the rows: of an open 64 bytes and each of its strings once
 *
 * It returns -EFBIG for more rows than have a number.
 */
struct chain_sink viewer_sink(struct viewer *view);

/**
 * viewer_doubts - how many opens and negative dentries are shown though their user is not known
 */
uint64_t viewer_doubts(const struct viewer *view);

/**
 * viewer_browse - show the rows until the person leaves
 *
 * The terminal is as it was before, also if a signal ends the viewer.
 *
 * Return: 0, the number of the signal that ended it, or a negative errno that was reported.
 */
int viewer_browse(struct viewer *view, const struct view_source *source);

void viewer_free(struct viewer *view);

#endif
