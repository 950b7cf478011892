/* SPDX-License-Identifier: MIT */
/*
 * The mounts that the working directory of a task is in, as the kernel's records show, and the
 * mounts that come and go. The place of a mount that may have moved is unknown.
 */
#include "internal.h"

#include <errno.h>

static uint64_t value_of(const struct record *record, enum field field)
{
	return has_field(record, field) ? record->value[field] : 0;
}

/* --- working directories ---------------------------------------------------------------------- */

void cwd_forget(struct correlator *c, struct task *task)
{
	struct cwd *cwd = &task->cwd;

	directory_put(c, cwd->dir);
	for (size_t i = 0; i < cwd->mount_count; i++) {
		directory_put(c, cwd->mounts[i].root);
		directory_put(c, cwd->mounts[i].on);
	}
	*cwd = (struct cwd){ .kind = CWD_UNKNOWN };
}

void root_doubt(struct correlator *c, struct task *task)
{
	cwd_forget(c, task);
	directory_put(c, task->root);
	task->root = NULL;
	task->is_root_doubtful = true;
}

void cwd_begin(const struct correlator *c, struct task *task)
{
	if (task->tid != c->options.root || !c->options.cwd.path ||
	    !c->options.armed[ROLE_CWD][POINT_ENTRY])
		return;
	task->cwd.kind = CWD_AT_START;
	task->cwd.epoch = task_epoch(c, task);
}

void cwd_inherit(struct correlator *c, struct task *task, const struct task *parent)
{
	const struct cwd *cwd = &parent->cwd;

	cwd_forget(c, task);
	if (cwd->epoch != task_epoch(c, parent))
		return;
	task->cwd = *cwd;
	task->cwd.epoch = task_epoch(c, task);
	directory_get(cwd->dir);
	for (size_t i = 0; i < cwd->mount_count; i++) {
		directory_get(cwd->mounts[i].root);
		directory_get(cwd->mounts[i].on);
	}
}

/* The next mount further up is that with @root, which covers the dentry @on. */
static int add_mount(struct correlator *c, struct cwd *cwd, uint64_t root, uint64_t on)
{
	struct mounted *mounted = &cwd->mounts[cwd->mount_count];

	if (!is_address(root) || !is_address(on))
		return -EINVAL;
	mounted->root = directory_get(directory_with(c, root));
	if (!mounted->root)
		return -ENOMEM;
	cwd->mount_count++;
	mounted->on = directory_get(directory_with(c, on));
	return mounted->on ? 0 : -ENOMEM;
}

/*
 * The mounts from that of the directory up to that of the task's root. The one at the top of a
 * namespace, or in none, is mounted on itself. Return: 0, -EINVAL if a pointer is not there, or
 * -ENOMEM.
 */
static int set_mounts(struct correlator *c, struct cwd *cwd, const struct record *record)
{
	uint64_t root = value_of(record, FIELD_ROOT_MOUNT);
	uint64_t offset = value_of(record, FIELD_VFSMOUNT_AT);
	const uint64_t mounts[] = { value_of(record, FIELD_VFSMOUNT),
				    value_of(record, FIELD_ABOVE) + offset,
				    value_of(record, FIELD_TOP) + offset };
	const enum field fields[][2] = { { FIELD_MOUNT_ROOT, FIELD_MOUNTPOINT },
					 { FIELD_ABOVE_ROOT, FIELD_ABOVE_POINT } };
	size_t i = 0;
	int ret = 0;

	if (!is_address(root) || !is_address(mounts[0]) || !has_field(record, FIELD_VFSMOUNT_AT))
		return -EINVAL;
	while (!ret && i < CWD_MAX_MOUNTS && mounts[i] != root && mounts[i] != mounts[i + 1]) {
		ret = add_mount(c, cwd, value_of(record, fields[i][0]),
				value_of(record, fields[i][1]));
		i++;
	}
	cwd->is_whole = mounts[i] == root;
	cwd->is_apart = !cwd->is_whole && i < CWD_MAX_MOUNTS;
	return ret;
}

/* The directory whose dentry a record has. NULL if there is none, or with *@ret = -ENOMEM. */
static struct directory *directory_in(struct correlator *c, const struct record *record, int *ret)
{
	uint64_t dentry = record->value[FIELD_DENTRY];
	struct identity identity;
	struct directory *dir;
	struct life *life;

	*ret = 0;
	if (!has_dentry(record))
		return NULL;
	if (!identity_from(record, &identity) || !identity.parent) {
		dir = directory_with(c, dentry);
	} else {
		life = life_found(c, &identity, dentry, UINT64_MAX, ret);
		if (!life)
			return NULL;
		dir = directory_at(c, life);
	}
	*ret = dir ? 0 : -ENOMEM;
	return dir;
}

/*
 * Who shared the working directory may have left it since (unshare), or may be in the middle of a
 * walk from it: it is known of none of them where they work.
 */
static void doubt_others(struct correlator *c, const struct task *caller,
			 const struct record *record)
{
	struct task *task;
	size_t at = 0;

	while ((task = task_next_sharer(c, caller, record, &at)))
		cwd_forget(c, task);
}

int cwd_set(struct correlator *c, struct task *task, const struct record *record)
{
	struct cwd *cwd = &task->cwd;
	bool lasts = sharers_move(c, task, record);
	struct directory *dir;
	int ret;

	doubt_others(c, task, record);
	cwd_forget(c, task);
	dir = directory_in(c, record, &ret);
	if (!dir)
		return ret;
	cwd->kind = CWD_TOLD;
	cwd->epoch = task_epoch(c, task);
	cwd->dir = directory_get(dir);
	ret = set_mounts(c, cwd, record);
	if (ret || !lasts)
		cwd_forget(c, task);
	return ret == -EINVAL ? 0 : ret;
}

/* --- changes of the tree of mounts ------------------------------------------------------------ */

/*
 * A mount with @root came to the dentry @on, or left its place if that is 0. If @cwd is in such a
 * mount at another place, it may be this one: what it covers, and all further up, is not known.
 */
static void cut(struct correlator *c, struct cwd *cwd, const struct directory *root, uint64_t on)
{
	struct mounted *mounted = cwd->mounts;
	size_t i = 0;

	while (i < cwd->mount_count && mounted[i].root != root)
		i++;
	if (i == cwd->mount_count || (mounted[i].on && mounted[i].on->dentry == on))
		return;
	directory_put(c, mounted[i].on);
	mounted[i].on = NULL;
	cwd->is_whole = cwd->is_apart = false;
}

static void cut_all(struct correlator *c, const struct directory *root, uint64_t on)
{
	struct task *task;
	size_t at = 0;

	while ((task = map_next(&c->tasks, &at)))
		cut(c, &task->cwd, root, on);
}

/*
 * Whether the traced program may have begun in the mount with @root: not if it was mounted since.
 * Nor does the mount of the task's root count: it moves only by pivot_root(2), which is recorded.
 */
static bool may_hold_start(const struct correlator *c, const struct directory *root,
			   const struct record *record)
{
	const struct start_place *start = &c->options.cwd;
	const struct directory *dir = c->start_dir;

	if (root->is_new_mount || root == c->start_root)
		return false;
	for (int depth = 0; dir && dir != root && depth < MAX_DEPTH; depth++) {
		const struct tracked_name *name = dir->name ? dir->name : dir->mountpoint;

		dir = name ? name->parent : NULL;
	}
	return dir || value_of(record, FIELD_DEV) == start->dev;
}

/* A mounted directory that is not the root of its file system is seen by its own name as well. */
static bool has_own_name(const struct record *record)
{
	return has_field(record, FIELD_PARENT) &&
	       record->value[FIELD_PARENT] != record->value[FIELD_DENTRY];
}

static bool is_mounted(const struct directory *root)
{
	return root->mountpoint || root->has_mountpoints || root->is_bound;
}

/*
 * A mount with @root came. If one had a place already, nothing tells whether this is another one,
 * or the same, which was moved.
 */
static void came(struct correlator *c, struct directory *root, const struct record *record)
{
	uint64_t on = value_of(record, FIELD_MOUNTPOINT);
	const struct life *life = life_at(c, on);

	if (life && root->mountpoint == life_name(life))
		return;
	cut_all(c, root, on);
	if (!is_mounted(root) && (has_own_name(record) || !may_hold_start(c, root, record)))
		root->is_new_mount = true;
	else if (may_hold_start(c, root, record))
		c->options.cwd.path = NULL;
	root->is_bound |= has_own_name(record);
	if (life)
		directory_mounted(root, life_name(life));
}

static void left(struct correlator *c, struct directory *root, const struct record *record)
{
	directory_unmounted(root);
	cut_all(c, root, 0);
	if (may_hold_start(c, root, record))
		c->options.cwd.path = NULL;
}

/*
 * When a mount namespace is copied, each mount comes to the same place in the copy: none has moved.
 * What it is mounted in has no namespace yet.
 */
static bool is_copy(const struct record *record)
{
	return record->role == ROLE_MOUNT && !is_address(value_of(record, FIELD_ABOVE_NS));
}

int mount_record(struct correlator *c, const struct record *record)
{
	struct directory *root;
	int ret;

	if (is_copy(record))
		return 0;
	root = directory_get(directory_in(c, record, &ret));
	if (!root)
		return ret;
	if (record->role == ROLE_MOUNT)
		came(c, root, record);
	else
		left(c, root, record);
	directory_put(c, root);
	return 0;
}

/* The mount with @root is the task's root: the way up ends there. False if it is not on the way. */
static bool end_at_root(struct correlator *c, struct cwd *cwd, const struct directory *root)
{
	size_t i = 0;

	while (i < cwd->mount_count && cwd->mounts[i].root != root)
		i++;
	if (i == cwd->mount_count)
		return false;
	while (cwd->mount_count > i) {
		struct mounted *last = &cwd->mounts[--cwd->mount_count];

		directory_put(c, last->root);
		directory_put(c, last->on);
	}
	cwd->is_whole = true;
	cwd->is_apart = false;
	return true;
}

/*
 * The root of other tasks changes as well if it is the same mount, and stays if it is that of
 * another namespace. No record shows which of the two it is.
 */
static void doubt_root(struct correlator *c, const struct task *caller, const struct directory *old)
{
	struct task *task;
	size_t at = 0;

	while ((task = map_next(&c->tasks, &at))) {
		if (task != caller && (!old || !task->root || task->root == old))
			root_doubt(c, task);
	}
}

int pivot_record(struct correlator *c, struct task *task, const struct record *record)
{
	struct directory *dir, *old;
	int ret;

	dir = directory_get(directory_in(c, record, &ret));
	if (!dir)
		return ret;
	old = directory_get(task->root);
	doubt_root(c, task, old);
	directory_make_root(c, dir, task);
	if (!end_at_root(c, &task->cwd, dir))
		cwd_forget(c, task);
	directory_put(c, old);
	directory_put(c, dir);
	return 0;
}
