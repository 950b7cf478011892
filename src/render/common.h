/* SPDX-License-Identifier: MIT */
/*
 * What the formats share: which opens and names are shown, and words about them.
 */
#ifndef FTOPEN_RENDER_COMMON_H
#define FTOPEN_RENDER_COMMON_H

#include "render/render.h"
#include "render/times.h"
#include "render/words.h"
#include "util/json.h"
#include "util/text.h"

/**
 * is_open_shown, is_name_shown - whether the filters of @options let it through
 */
bool is_open_shown(const struct render_options *options, const struct open_call *open);
bool is_name_shown(const struct render_options *options, const struct name *name);

/**
 * is_path_match - whether the whole path or its last component matches @glob
 */
bool is_path_match(const char *glob, const struct bytes *path);

/**
 * select_open - remember @open if it is selected (see struct render_options)
 *
 * Return: 1 if it is, 0 if not, or -ENOMEM.
 */
int select_open(struct renderer *renderer, const struct open_call *open);

/**
 * is_name_selected - whether a selected open had to do with it
 */
bool is_name_selected(const struct renderer *renderer, const struct name *name);

/**
 * find_earlier_lifetime - the lifetime at the left of a difference of two lifetimes
 * @index: filled with its index in the name
 *
 * Return: false if it was not kept, so that its index is not known.
 */
bool find_earlier_lifetime(const struct name *name, const struct relation *relation,
			   uint32_t *index);

/**
 * operand_word - a hop by its name, "dentry" or "lifetime"
 */
const char *operand_word(const struct operand_ref *operand);

/**
 * means_word - what the claim is about; NULL for MEANS_PREFIX, of which there is more to say, and
 * MEANS_NOTHING
 */
const char *means_word(const struct relation *relation);

/**
 * text_dev - a device in the kernel's encoding as "major:minor"
 */
void text_dev(struct text *text, uint32_t dev);

/**
 * write_dev - the device of the directory that the name is in as "major:minor", null if unknown
 */
void write_dev(struct json *json, const struct name *name);

/**
 * struct shown_counts - what a format counted itself
 * @names: that it showed, if it shows names at all
 * @incomplete: incomplete opens
 */
struct shown_counts {
	bool has_names;
	uint64_t names;
	uint64_t incomplete;
};

/* What is missing if no record was lost: loss.is_unselected. */
#define UNSELECTED "what tasks opened before they were selected"

/**
 * render_loss - one line: what was lost, where, how many, and when
 */
void render_loss(struct text *text, const struct render_options *options, const struct loss *loss);

/**
 * text_verdicts - write "1 pass, 0 fail, 2 unknown", and the end of the line
 */
void text_verdicts(struct text *text, const uint64_t verdicts[VERDICT_NR]);

/**
 * render_limits - the lines at the end that limit what is shown: losses, roles without a probe
 */
void render_limits(struct text *text, const struct chain_summary *summary,
		   const struct shown_counts *seen);

/**
 * render_totals - the lines at the end: counts, verdicts, losses, roles without a probe
 */
void render_totals(struct text *text, const struct chain_summary *summary,
		   const struct shown_counts *seen);

#endif
