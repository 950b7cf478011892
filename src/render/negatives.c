/* SPDX-License-Identifier: MIT */
/*
 * Negative dentries by directory and maker.
 */
#include "negatives.h"
#include "render/path.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/escape.h"

#define SHOWN_ROWS 10
#define KEY_SIZE   4352 /* a path, a comm and a NUL between */

/* Linux: the major number's place in the kernel's own dev_t. */
#define DEV_MINOR_BITS 20

static const struct hop *find_hop(const struct lifetime *lifetime, enum hop_kind kind)
{
	for (size_t i = 0; i < lifetime->hops.count; i++) {
		if (lifetime->hops.items[i].kind == kind)
			return &lifetime->hops.items[i];
	}
	return NULL;
}

const struct hop *negative_maker(const struct lifetime *lifetime)
{
	const struct hop *maker = find_hop(lifetime, HOP_DELETE);

	if (lifetime->negative != IS_TRUE)
		return NULL;
	if (!maker)
		maker = find_hop(lifetime, HOP_ALLOC);
	/* If the walk is outside of an open, the insert is the first record of it. */
	return maker ? maker : find_hop(lifetime, HOP_INSERT);
}

enum negatives_column negative_end(const struct lifetime *lifetime)
{
	if (lifetime->end == END_ALIVE || lifetime->end == END_DELETED)
		return NEGATIVES_KEPT;
	return lifetime->end == END_UNKNOWN ? NEGATIVES_UNKNOWN : NEGATIVES_MADE;
}

/* Without the slash after it. */
static size_t directory_length(const struct bytes *path)
{
	size_t len = path_directory(path).len;

	return len > 1 ? len - 1 : len;
}

/* If the path of @name is not known: the absolute path that was passed, or a description of the
 * directory. */
static size_t write_directory(char *key, const struct name *name)
{
	const struct bytes *path = name->resolved.data ? &name->resolved : &name->path;
	bool is_whole = path->len && path->data[0] == '/';
	size_t len = is_whole ? directory_length(path) : 0;

	if (len && len < KEY_SIZE - COMM_SIZE) {
		memcpy(key, path->data, len);
		return len;
	}
	if (!name->has_dir)
		return (size_t)sprintf(key, "(directory unknown)");
	return (size_t)sprintf(key, "inode %" PRIu64 " on device %" PRIu32 ":%" PRIu32,
			       name->dir_ino, name->dev >> DEV_MINOR_BITS,
			       name->dev & ((1U << DEV_MINOR_BITS) - 1));
}

static int count(struct negatives *negatives, const struct bytes *directory,
		 const struct bytes *pair, enum negatives_column column)
{
	struct tally *by_directory = tallies_get(&negatives->directories, directory);
	struct tally *by_pair = tallies_get(&negatives->pairs, pair);

	if (!by_directory || !by_pair)
		return -ENOMEM;
	negatives->counts[column]++;
	by_directory->counts[column]++;
	by_pair->counts[column]++;
	return 0;
}

static int add_lifetime(struct negatives *negatives, const struct name *name,
			const struct lifetime *lifetime)
{
	const struct hop *maker = negative_maker(lifetime);
	enum negatives_column end = negative_end(lifetime);
	struct bytes directory, pair;
	char key[KEY_SIZE];
	size_t comm;
	int ret;

	if (!maker)
		return 0;
	comm = strnlen(maker->comm, COMM_SIZE);
	directory = (struct bytes){ key, write_directory(key, name) };
	key[directory.len] = '\0';
	memcpy(key + directory.len + 1, maker->comm, comm);
	pair = (struct bytes){ key, directory.len + 1 + comm };
	ret = count(negatives, &directory, &pair, NEGATIVES_MADE);
	return ret || end == NEGATIVES_MADE ? ret : count(negatives, &directory, &pair, end);
}

int negatives_add(struct negatives *negatives, const struct name *name)
{
	int ret = 0;

	for (size_t i = 0; i < name->lifetime_count && !ret; i++)
		ret = add_lifetime(negatives, name, name->lifetimes[i]);
	return ret;
}

static bool is_of_directory(const struct bytes *pair, const struct bytes *directory)
{
	return pair->len > directory->len && !pair->data[directory->len] &&
	       !memcmp(pair->data, directory->data, directory->len);
}

/*
 * The task that made most of those in @directory; data NULL if pairs that were counted together may
 * hide it.
 */
static struct bytes most_by(const struct negatives *negatives, const struct bytes *directory)
{
	const struct tallies *pairs = &negatives->pairs;
	uint64_t most = pairs->others.counts[NEGATIVES_MADE];
	struct bytes comm = { NULL, 0 };

	for (size_t i = 0; i < pairs->count; i++) {
		const struct tally *row = pairs->rows[i];

		if (!is_of_directory(&row->key, directory) || row->counts[NEGATIVES_MADE] <= most)
			continue;
		most = row->counts[NEGATIVES_MADE];
		comm = (struct bytes){ row->key.data + directory->len + 1,
				       row->key.len - directory->len - 1 };
	}
	return comm;
}

static void write_counts(struct text *text, const uint64_t *counts)
{
	text_format(text, "%8" PRIu64 "%8" PRIu64 "  ", counts[NEGATIVES_MADE],
		    counts[NEGATIVES_KEPT]);
}

static void write_comm(struct text *text, const struct bytes *comm)
{
	size_t before = text->len, width;

	if (!comm->data)
		TEXT(text, "?");
	else if (!comm->len)
		TEXT(text, "(name unknown)");
	else
		escape_c(text, comm->data, comm->len);
	width = text->len - before;
	text_spaces(text, width < COMM_SIZE ? COMM_SIZE + 1 - width : 1);
}

void negatives_write(struct negatives *negatives, struct text *text)
{
	struct tallies *directories = &negatives->directories;
	struct tally rest = directories->others;

	if (!negatives->counts[NEGATIVES_MADE])
		return;
	TEXT(text, "negative dentries: made, kept, mostly by, in directory\n");
	tallies_sort(directories, NEGATIVES_MADE);
	for (size_t i = 0; i < directories->count; i++) {
		const struct tally *row = directories->rows[i];
		struct bytes comm;

		if (i >= SHOWN_ROWS) {
			rest.counts[NEGATIVES_MADE] += row->counts[NEGATIVES_MADE];
			rest.counts[NEGATIVES_KEPT] += row->counts[NEGATIVES_KEPT];
			continue;
		}
		comm = most_by(negatives, &row->key);
		write_counts(text, row->counts);
		write_comm(text, &comm);
		escape_c(text, row->key.data, row->key.len);
		text_char(text, '\n');
	}
	if (rest.counts[NEGATIVES_MADE]) {
		write_counts(text, rest.counts);
		TEXT(text, "all others\n");
	}
	text_char(text, '\n');
}

void negatives_release(struct negatives *negatives)
{
	tallies_release(&negatives->directories);
	tallies_release(&negatives->pairs);
}
