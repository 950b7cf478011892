/* SPDX-License-Identifier: MIT */
/*
 * Directories that ignore case: a lookup that finds a dentry with another spelling shows it. Names
 * that were counted apart until then are joined.
 */
#include "internal.h"

#include <string.h>
#include <strings.h>

/* All that are younger than @name and spell the same. */
static int join_alike(struct correlator *c, struct tracked_name *name)
{
	struct tracked_name *other = map_get(&c->names, name->hash);
	int ret = 0;

	while (other && !ret) {
		struct tracked_name *next = other->same_hash;

		if (other != name && is_name_alike(other, name))
			ret = names_join(c, name, other);
		other = next;
	}
	return ret;
}

int name_note_spelling(struct correlator *c, const struct identity *asked, const struct bytes *own)
{
	struct directory *dir;
	int ret;

	if (own->len != asked->len || !memcmp(own->data, asked->component, asked->len) ||
	    strncasecmp(own->data, asked->component, asked->len) != 0)
		return 0;
	dir = directory_of(c, asked, &ret);
	return dir ? names_fold(c, dir) : ret;
}

int names_fold(struct correlator *c, struct directory *dir)
{
	int ret = 0;

	if (dir->folds_case)
		return 0;
	for (struct tracked_name *name = c->oldest; name; name = name->newer) {
		if (name->parent == dir)
			name_unlink(c, name);
	}
	dir->folds_case = true;
	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer) {
		if (name->parent == dir)
			ret = name_link(c, name);
	}
	for (struct tracked_name *name = c->oldest; name && !ret; name = name->newer) {
		if (name->parent == dir)
			ret = join_alike(c, name);
	}
	return ret;
}
