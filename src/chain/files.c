/* SPDX-License-Identifier: MIT */
/*
 * The result of an open: the name of the file that was returned, or the name that the failed open
 * was about.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* __O_TMPFILE of asm-generic/fcntl.h, which all machines of ours take. */
#define TMPFILE 020000000

static const char WHY_NO_END[] = "the end of its walk was not seen";
static const char WHY_NO_DENTRY[] = "its dentry could not be read";
static const char WHY_UNREAD[] = "the name of its dentry could not be read";

static void skip(struct bytes *text, size_t count)
{
	text->data += count;
	text->len -= count;
}

/* The name of the first component of @path below @dir; @path goes on after it. */
static struct tracked_name *next_name(struct correlator *c, struct directory *dir,
				      struct bytes *path, int *ret)
{
	struct identity identity = { .facts = dir ? dir->facts : (struct dir_facts){ 0 } };

	while (path->len && path->data[0] == '/')
		skip(path, 1);
	while (identity.len < path->len && path->data[identity.len] != '/')
		identity.len++;
	*ret = 0;
	if (!identity.len || identity.len >= COMPONENT_SIZE)
		return NULL;
	memcpy(identity.component, path->data, identity.len);
	skip(path, identity.len);
	return name_in(c, dir, &identity, ret);
}

static bool has_dots(const char *text, size_t at, size_t end)
{
	for (; at + 1 < end; at++) {
		size_t dots = strspn(text + at, ".");

		if (text[at] == '.' && dots <= 2 && (text[at + dots] == '/') &&
		    (!at || text[at - 1] == '/'))
			return true;
	}
	return false;
}

/* Where the walk stopped, of a path whose rest has no ".."; NULL if that is not known. */
static struct directory *stopped_at(struct correlator *c, const struct task *task, int *ret)
{
	const struct frame *frame = task->frame;
	struct directory *dir;

	*ret = 0;
	if (has_dots(frame->path, frame->walked, frame->base))
		return NULL;
	if (!frame->walked)
		return frame->path[0] == '/' && !frame->is_scoped ? task->root : NULL;
	if (!frame->walked_life)
		return NULL;
	dir = directory_at(c, frame->walked_life);
	*ret = dir ? 0 : -ENOMEM;
	if (!dir || dir->is_guess)
		return NULL;
	dir->is_link = frame->walked_life->inode == INODE_LINK;
	return dir;
}

/*
 * The last component was not reached, or nothing was seen of it: a name without a dentry, below
 * what the walk came to. Without that it is this open's own.
 */
static struct tracked_name *unreached_name(struct correlator *c, struct task *task, int *ret)
{
	struct frame *frame = task->frame;
	struct directory *dir = stopped_at(c, task, ret);
	size_t from = dir ? frame->walked : frame->base, end = frame->base + frame->base_len;
	struct bytes rest = { frame->path + from, from < end ? end - from : 0 };
	struct tracked_name *name = NULL;

	while (!*ret && rest.len) {
		name = next_name(c, dir, &rest, ret);
		if (!name || !rest.len)
			break;
		dir = directory_below(c, name);
		if (!dir)
			*ret = -ENOMEM;
	}
	return name;
}

/* A path that ends with "/", "." or ".." has no last component. */
static bool has_base_name(const struct frame *frame)
{
	const char *base = frame->path + frame->base;

	return frame->base_len > 2 || (frame->base_len && memcmp(base, "..", frame->base_len) != 0);
}

/* The path's own last component was looked up, and its directory is known. */
static bool is_at_base(const struct step *step)
{
	return step->is_valid && step->kind == STEP_OF_PATH && step->is_final;
}

static int file_without_dentry(struct correlator *c, struct task *task, const struct hop *hop)
{
	struct frame *frame = task->frame;
	struct step *step = &frame->step;
	struct tracked_name *name;
	struct life *life;
	int ret;

	if (!has_base_name(frame) || frame->base_len >= COMPONENT_SIZE || frame->has_head)
		return 0;
	name = is_at_base(step) ? name_get(c, &step->identity, &ret)
				: unreached_name(c, task, &ret);
	life = name ? life_without_dentry(c, name, &ret) : NULL;
	if (!life)
		return ret;
	name->pub.is_requested = true;
	ret = frame_give_head(c, frame, life);
	for (size_t i = 0; is_at_base(step) && i < step->pending_count && !ret; i++)
		ret = life_add_hop(c, life, &step->pending[i]);
	if (!ret)
		ret = frame_resolve(c, task, name);
	return ret ? ret : life_add_hop(c, life, hop);
}

/* The path's last component has a dentry: what became of the open belongs to it. */
static int bound_failed(struct correlator *c, struct task *task, struct life *life,
			const struct hop *hop)
{
	int ret = frame_give_head(c, task->frame, life);

	if (!ret)
		ret = frame_resolve(c, task, life_name(life));
	return ret ? ret : life_add_hop(c, life, hop);
}

/* The last component that the walk came to, which may have a dentry. */
static struct life *life_at_base(const struct frame *frame)
{
	struct life *life = is_at_base(&frame->step) ? frame->step.life : NULL;

	return !life && frame->has_base ? frame->walked_life : life;
}

int file_put_off(struct correlator *c, struct task *task, struct hop *hop, int64_t err)
{
	struct frame *frame = task->frame;
	struct life *life = life_at_base(frame);

	hop->has_addr = false;
	hop->dentry = 0;
	hop->err = (int32_t)-err;
	frame->call.result = err;
	frame->call.resolved_why = WHY_NO_END;
	return life ? bound_failed(c, task, life, hop) : 0;
}

int file_failed(struct correlator *c, struct task *task, struct hop *hop, int64_t err)
{
	struct frame *frame = task->frame;
	struct step *step = &frame->step;
	bool is_last = step->is_valid && step->is_final && step->life;

	hop->has_addr = false;
	hop->dentry = 0;
	hop->err = (int32_t)-err;
	/* What a link led to was asked for as well. */
	if (is_last)
		life_name(step->life)->pub.is_requested = true;
	if (is_last && step->kind == STEP_OF_PATH)
		return bound_failed(c, task, step->life, hop);
	if (frame->has_base && frame->walked_life)
		return bound_failed(c, task, frame->walked_life, hop);
	return file_without_dentry(c, task, hop);
}

int file_asked(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	struct life *life = life_at_base(frame);
	struct tracked_name *name;
	int ret = 0;

	if (life)
		return frame_resolve(c, task, life_name(life));
	if (!has_base_name(frame) || frame->base_len >= COMPONENT_SIZE)
		return 0;
	name = is_at_base(&frame->step) ? name_get(c, &frame->step.identity, &ret)
					: unreached_name(c, task, &ret);
	return name ? frame_resolve(c, task, name) : ret;
}

/* The walk ends here: what is a link, or may become one, leads elsewhere. */
static bool is_end(const struct life *life)
{
	return life && (life->pub.negative == IS_TRUE || life->inode == INODE_DIRECTORY ||
			life->inode == INODE_OTHER);
}

int file_cut_off(struct correlator *c, struct task *task)
{
	struct frame *frame = task->frame;
	const struct life *life = is_at_base(&frame->step) ? frame->step.life : NULL;

	frame->call.resolved_why = WHY_NO_END;
	return is_end(life) ? frame_resolve(c, task, life_name(life)) : 0;
}

/* --- the file that was returned -------------------------------------------------------------- */

/* The life that bears the file's dentry; one that nobody looked up here was there before. */
static struct life *file_life(struct correlator *c, const struct record *record, int *ret)
{
	struct life *life = life_at(c, record->value[FIELD_DENTRY]);
	struct identity identity;
	struct bytes known;

	*ret = 0;
	if (!identity_from(record, &identity))
		return life;
	/* A lookup may have asked for it by another spelling. */
	if (life_spelling(c, record->value[FIELD_DENTRY], &known))
		*ret = name_note_spelling(c, &identity, &known);
	if (*ret)
		return NULL;
	return life_found(c, &identity, record->value[FIELD_DENTRY], UINT64_MAX, ret);
}

static bool bears_base(const struct frame *frame, const struct life *life)
{
	const struct bytes *component = &life->pub.name->component;

	return component->len == frame->base_len &&
	       !memcmp(component->data, frame->path + frame->base, frame->base_len);
}

static bool is_tmpfile(const struct frame *frame)
{
	return frame->call.has_flags && frame->call.flags & TMPFILE;
}

/* A path of slashes and dots leads to the task's root, and no further up. */
static bool is_path_of_root(const struct frame *frame)
{
	return frame->path[0] == '/' && !frame->is_scoped && !frame->walked &&
	       !has_base_name(frame) && strspn(frame->path, "/.") == frame->call.path.len;
}

/* A relative path of single dots leads to where the walk began. */
static bool is_path_of_start(const struct frame *frame)
{
	return frame->path[0] == '.' && !strstr(frame->path, "..") &&
	       strspn(frame->path, "./") == frame->call.path.len;
}

/* Where the walk ended: the directory that was opened, or in which O_TMPFILE made a file. */
static int note_end(struct correlator *c, struct task *task, const struct life *life)
{
	struct frame *frame = task->frame;
	struct directory *dir = life_name(life)->parent;

	if (is_followed_blindly(frame) && frame->step.life != life)
		walk_jumped(c, frame);
	if (!is_tmpfile(frame)) {
		if (life->inode != INODE_DIRECTORY && !is_path_of_root(frame) &&
		    !is_path_of_start(frame))
			return 0;
		dir = directory_at(c, life);
		if (!dir)
			return -ENOMEM;
	}
	if (!dir)
		return 0;
	walk_ends(c, task, dir);
	if (is_path_of_start(frame))
		frame_begins(c, frame, dir);
	if (is_path_of_root(frame)) {
		frame->is_rooted = true;
		directory_make_root(c, dir, task);
	}
	return 0;
}

/*
 * The name that the open is about: with O_TMPFILE the directory of the path, which has the unlinked
 * file.
 */
static int resolve_file(const struct correlator *c, struct task *task, struct life *life)
{
	struct frame *frame = task->frame;
	struct life *base = frame->has_base ? frame->walked_life : NULL;
	int ret = 0;

	if (is_tmpfile(frame))
		return frame_resolve_directory(c, task, life_name(life)->parent);
	/* Beyond a link the file has another name than the path. */
	if (base && base != life)
		ret = frame_resolve(c, task, life_name(base));
	if (ret)
		return ret;
	if (!is_mounted_file(frame, life))
		return frame_resolve(c, task, life_name(life));
	ret = frame_resolve(c, task, life_name(frame->step.life));
	return ret ? ret : name_resolve(life_name(life), &frame->call.resolved, NULL);
}

/*
 * Whether the path that was passed is that of the file. A path without a last component is the path
 * of the directory that was opened. If no lookup of it was seen, the name may be its last
 * component. A file of O_TMPFILE has no path, and with a handle none is passed.
 */
static bool is_own_path(const struct frame *frame, const struct life *life)
{
	if (is_tmpfile(frame) || !frame->call.path.len)
		return false;
	return !has_base_name(frame) || (!frame->has_base && bears_base(frame, life));
}

int file_returned(struct correlator *c, struct task *task, const struct record *record,
		  const struct hop *hop)
{
	struct frame *frame = task->frame;
	struct evidence *evidence;
	struct life *life;
	int ret;

	frame->call.resolved_why = has_dentry(record) ? WHY_UNREAD : WHY_NO_DENTRY;
	if (!has_dentry(record))
		return 0;
	life = file_life(c, record, &ret);
	if (!life)
		return ret;
	life_note_inode(life, record);
	life_name(life)->pub.is_requested = true;
	ret = note_end(c, task, life);
	if (!ret && is_own_path(frame, life))
		ret = frame_give_head(c, frame, life);
	if (!ret)
		ret = resolve_file(c, task, life);
	if (ret)
		return ret;
	evidence = frame_evidence(frame, life);
	if (evidence) {
		frame->is_created |= evidence->has[HOP_INSTANTIATE];
		evidence->has[HOP_FILE] = true;
		evidence->hop[HOP_FILE] = *hop;
	}
	return life_add_hop(c, life, hop);
}
