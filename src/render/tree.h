/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the tree share: the shape (tree_shape.c), the lines of hops (tree_hops.c) and
 * of relations (tree_relations.c), what is alike (tree_fold.c), colours (tree_text.c), path calls
 * (tree_calls.c), the whole (tree.c).
 */
#ifndef FTOPEN_RENDER_TREE_H
#define FTOPEN_RENDER_TREE_H

#include "common.h"
#include "util/text.h"

#define TREE_COLUMNS   100
#define TREE_MAX_DEPTH 16
#define MAX_INCOMPLETE 1024

/* What a hop can hang from: the latest node of its kind in the same group. */
enum tree_slot {
	SLOT_NONE,
	SLOT_FILENAME,
	SLOT_ENTRY, /* a lookup's entry */
	SLOT_MISS,  /* a lookup's return with NULL */
	SLOT_HIT,
	SLOT_SOURCE,
	SLOT_ALLOC, /* until the dentry is inserted */
	SLOT_INSERT,
	SLOT_DELETE,
	SLOT_NR
};

/**
 * struct node - one line of a tree
 * @is_lookup_entry: the line with hash and length; the hop itself is a line below
 * @is_recheck: a lookup between alloc and insert
 * @first, @last, @next: indices of nodes, -1 for none
 */
struct node {
	const struct hop *hop;
	bool is_lookup_entry;
	bool is_recheck;
	int first;
	int last;
	int next;
};

/**
 * struct hop_group - the hops of one open, or those that one task did outside of any
 * @start: the hop that it begins with
 * @begin: its index among the lifetime's hops
 * @first, @last: its roots
 * @is_folded: it is counted below another one, and has no lines
 */
struct hop_group {
	const struct hop *start;
	size_t begin;
	int first;
	int last;
	int slots[SLOT_NR];
	bool is_folded;
};

struct shape {
	struct node *nodes;
	struct hop_group *groups;
	size_t node_count, node_room;
	size_t group_count, group_room;
};

/**
 * shape_make - arrange the hops of @lifetime; @shape is used again and again, from all zero
 *
 * Return: 0 or -ENOMEM; ends with shape_release().
 */
int shape_make(struct shape *shape, const struct lifetime *lifetime);
void shape_release(struct shape *shape);

enum style {
	STYLE_NAME,
	STYLE_DIM,
	STYLE_ABSENT, /* NULL, an errno */
	STYLE_PASS,
	STYLE_FAIL,
	STYLE_UNKNOWN,
	STYLE_NR
};

/**
 * struct tree - the state of the format
 * @scratch: for text whose width has to be known first; never flushed
 * @is_shown: by relation of the name at hand, whether its line was written
 * @has_calls: path calls were written since the last tree
 * @incomplete: ids of incomplete opens, the first MAX_INCOMPLETE of them
 */
struct tree {
	struct text text;
	struct text scratch;
	const struct render_options *options;
	struct times times;
	struct shape shape;
	bool *is_shown;
	size_t is_shown_room;
	uint64_t names;
	bool has_calls;
	uint64_t incomplete_count;
	uint64_t incomplete[MAX_INCOMPLETE];
};

/* --- tree_text.c --- */

/**
 * tree_style, tree_plain - switch colours, where there are any
 */
void tree_style(struct tree *tree, enum style style);
void tree_plain(struct tree *tree);

/**
 * tree_is_incomplete - whether it is known that not all of @open was seen
 */
bool tree_is_incomplete(const struct tree *tree, uint64_t open);

/**
 * tree_task - "NAME (tid N)", with the name in quotes if it is not a plain word
 */
void tree_task(struct text *text, const char *comm, int32_t tid);

/* --- tree_calls.c --- */

/**
 * tree_call - see struct render_format; the line of a path call
 * tree_end_calls - an empty line after such lines
 */
int tree_call(struct renderer *renderer, const struct open_call *call);
void tree_end_calls(struct tree *tree);

/* --- tree_hops.c --- */

/**
 * tree_group - the lines of one group
 */
void tree_group(struct tree *tree, const struct lifetime *lifetime, const struct hop_group *group);

/* --- tree_relations.c --- */

/**
 * tree_relations - the relations of one open (0: those of the lifetime itself), one per line
 */
void tree_relations(struct tree *tree, const struct name *name, uint32_t lifetime, uint64_t open);

/**
 * tree_relations_rest - what no tree was shown for, and the differences of lifetimes
 */
void tree_relations_rest(struct tree *tree, const struct name *name);

/* --- tree_fold.c --- */

/**
 * tree_fold - below the group at @index: how many of the groups after it say the same; they are
 * folded
 */
void tree_fold(struct tree *tree, const struct name *name, const struct lifetime *lifetime,
	       size_t index);

#endif
