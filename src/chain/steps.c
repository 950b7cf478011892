/* SPDX-License-Identifier: MIT */
/*
 * The steps of a walk. The target of qstr->name says which component a lookup is about: it is in
 * the path, in the body of a link, or elsewhere, for a file system's own lookup.
 */
#include "internal.h"

#include <string.h>
#include <strings.h>

#include "climb.h"
#include "dots.h"

/* The buffer ends with its NUL: what stands after it is somebody else's. */
static bool is_in_path(const struct frame *frame, const struct pending *lookup)
{
	uint64_t offset = lookup->qname - frame->call.filename;
	const struct identity *identity = &lookup->identity;

	return lookup->qname && frame->call.filename && lookup->qname >= frame->call.filename &&
	       offset + identity->len <= frame->call.path.len &&
	       !memcmp(frame->path + offset, identity->component, identity->len);
}

/* --- which step ------------------------------------------------------------------------------- */

static bool is_same_place(const struct step *step, const struct pending *lookup)
{
	return step->is_valid && step->parent == lookup->parent &&
	       is_component(&step->identity, &lookup->identity);
}

struct step *step_at(struct frame *frame, const struct pending *lookup)
{
	if (!frame->is_active)
		return NULL;
	if (is_same_place(&frame->nested, lookup))
		return &frame->nested;
	return is_same_place(&frame->step, lookup) ? &frame->step : NULL;
}

void step_leave(struct frame *frame)
{
	const struct step *step = &frame->step;

	if (step->is_valid && step->kind == STEP_OF_PATH && step->is_final)
		frame->base_outcome = step->outcome;
}

static void begin(struct step *step, enum step_kind kind, const struct pending *lookup)
{
	step->is_valid = true;
	step->kind = kind;
	step->is_final = lookup->is_final;
	step->is_in_lookup = false;
	step->outcome = (struct lookup_outcome){ .negative = IS_UNKNOWN };
	identity_copy(&step->identity, &lookup->identity);
	step->ts = lookup->ts;
	step->parent = lookup->parent;
	step->parent_sb = lookup->parent_sb;
	step->qname = lookup->qname;
	step->life = NULL;
	step->pending_count = 0;
}

bool is_followed_blindly(const struct frame *frame)
{
	const struct step *step = &frame->step;

	return step->is_valid && step->life && step->life->inode == INODE_LINK;
}

/* --- going up --------------------------------------------------------------------------------- */

/* The directory in which the walk found what it came to last: the first ".." leads there. */
static struct directory *above_step(const struct correlator *c, const struct frame *frame)
{
	const struct step *step = &frame->step;
	bool is_directory = step->is_valid && step->kind != STEP_NESTED && step->life &&
			    step->life->inode == INODE_DIRECTORY;

	return is_directory ? map_get(&c->dirs, step->parent) : NULL;
}

static void come_to(struct correlator *c, struct frame *frame, const struct climb *climb,
		    struct directory *dir)
{
	while (frame->crossing_count > climb->crossings)
		directory_put(c, frame->crossings[--frame->crossing_count].dir);
	if (climb->is_walked)
		return;
	directory_get(dir);
	directory_put(c, frame->known);
	frame->known = dir;
	frame->ups = climb->ups;
	frame->crossed = climb->crossed;
}

/* Where the working directory is, if that is known. */
static bool begins_in_cwd(struct correlator *c, struct task *task)
{
	const struct cwd *cwd = &task->cwd;

	if (!is_from_cwd(task->frame) || cwd->kind == CWD_UNKNOWN ||
	    cwd->epoch != task_epoch(c, task))
		return false;
	frame_begins(c, task->frame, cwd->kind == CWD_AT_START ? c->start_dir : cwd->dir);
	return true;
}

static bool walk_begins_above(struct correlator *c, struct task *task, struct directory *dir,
			      size_t dotdots)
{
	struct frame *frame = task->frame;
	const struct directory *at;
	struct climb climb;

	if (!dir || !begins_in_cwd(c, task))
		return false;
	climb = climb_from_start(c, task);
	at = frame->start;
	if (!at) {
		climb.ups = dotdots;
	} else if (!climb_leads_to(&climb, &at, dir, dotdots)) {
		/* It is not where it was thought to be. */
		if (at)
			frame_begins(c, frame, NULL);
		return false;
	}
	come_to(c, frame, &climb, dir);
	return true;
}

static bool walk_goes_up(struct correlator *c, struct task *task, struct directory *dir,
			 size_t dotdots)
{
	struct frame *frame = task->frame;
	const struct directory *at = above_step(c, frame);
	struct climb climb = climb_of(c, task);

	if (!dir || !at || !dotdots || !climb_leads_to(&climb, &at, dir, dotdots - 1))
		return false;
	come_to(c, frame, &climb, dir);
	return true;
}

/* --- where the walk is ------------------------------------------------------------------------ */

/* From the directory @dir on the walk is seen: how it came there is not. */
static void know_from(struct correlator *c, struct frame *frame, struct directory *dir)
{
	directory_get(dir);
	directory_put(c, frame->known);
	frame->known = dir;
	frame->is_astray = true;
}

static int note_known(struct correlator *c, struct frame *frame, const struct pending *lookup)
{
	struct directory *dir;
	int ret;

	if (is_followed_blindly(frame))
		walk_jumped(c, frame);
	dir = directory_of(c, &lookup->identity, &ret);
	know_from(c, frame, dir);
	return ret;
}

/* The walk went up from what it came to. */
static int note_up(struct correlator *c, struct task *task, const struct pending *lookup,
		   size_t dotdots)
{
	struct directory *dir;
	int ret;

	dir = directory_of(c, &lookup->identity, &ret);
	if (!walk_goes_up(c, task, dir, dotdots))
		know_from(c, task->frame, dir);
	return ret;
}

/* A task that works where the program began shows which directory that is. */
static void note_cwd(struct correlator *c, struct task *task, struct directory *dir)
{
	if (task->cwd.kind != CWD_AT_START || task->cwd.epoch != task_epoch(c, task) ||
	    !is_from_cwd(task->frame))
		return;
	if (!c->start_dir)
		c->start_dir = directory_get(dir);
	else if (c->start_dir != dir)
		task->cwd.kind = CWD_UNKNOWN;
}

/* The walk begins, perhaps again. */
static void begin_walk(struct correlator *c, struct frame *frame)
{
	walk_jumped(c, frame);
	frame->is_astray = false;
	frame->ups = 0;
	frame->crossed = 0;
}

static int note_start(struct correlator *c, struct task *task, const struct pending *lookup)
{
	struct frame *frame = task->frame;
	bool is_absolute = frame->path[0] == '/';
	struct directory *dir;
	int ret;

	dir = directory_of(c, &lookup->identity, &ret);
	if (!dir)
		return ret;
	begin_walk(c, frame);
	frame->is_rooted = is_absolute;
	frame->known = is_absolute ? NULL : directory_get(dir);
	if (is_absolute) {
		if (!task->root && !task->is_root_doubtful && !c->start_root)
			c->start_root = directory_get(dir);
		directory_make_root(c, dir, task);
	} else {
		frame_begins(c, frame, dir);
		note_cwd(c, task, dir);
	}
	return 0;
}

static int note_start_above(struct correlator *c, struct task *task, const struct pending *lookup,
			    size_t dotdots)
{
	struct directory *dir;
	int ret;

	dir = directory_of(c, &lookup->identity, &ret);
	begin_walk(c, task->frame);
	if (!walk_begins_above(c, task, dir, dotdots))
		know_from(c, task->frame, dir);
	return ret;
}

/* Where the first component of the path was looked up is where the walk begins. */
static bool is_first(const struct frame *frame, size_t offset)
{
	size_t dots = frame->path[0] == '/' ? 2 : 1;

	return skip_dots(frame->path, frame->call.path.len, 0, dots) == offset;
}

/* Where the walk is when it looks up the component at @offset of its own path. */
static int note_place(struct correlator *c, struct task *task, const struct pending *lookup,
		      size_t offset)
{
	struct frame *frame = task->frame;
	size_t dotdots = count_dotdots(frame->path, 0, offset);

	if (!frame->is_scoped && is_first(frame, offset))
		return note_start(c, task, lookup);
	if (!frame->is_scoped && dotdots)
		return note_start_above(c, task, lookup, dotdots);
	if (!frame->walked || offset <= frame->walked || is_followed_blindly(frame) ||
	    !are_bodies_done(frame))
		return note_known(c, frame, lookup);
	if (is_adjacent(frame->path, frame->walked, offset))
		return mount_note(c, frame, lookup);
	return note_up(c, task, lookup, count_dotdots(frame->path, frame->walked, offset));
}

void walk_ends(struct correlator *c, struct task *task, struct directory *dir)
{
	struct frame *frame = task->frame;
	size_t dotdots = count_dotdots(frame->path, frame->walked, frame->call.path.len);

	mount_note_end(c, frame, dir);
	if (!dotdots || frame->is_scoped)
		return;
	if (!frame->walked && frame->path[0] != '/')
		walk_begins_above(c, task, dir, dotdots);
	else if (frame->walked && !is_followed_blindly(frame) && are_bodies_done(frame))
		walk_goes_up(c, task, dir, dotdots);
}

static int enter_path(struct correlator *c, struct task *task, const struct pending *lookup,
		      size_t offset)
{
	struct frame *frame = task->frame;
	int ret = note_place(c, task, lookup, offset);

	step_leave(frame);
	begin(&frame->step, STEP_OF_PATH, lookup);
	frame->nested.is_valid = false;
	frame->body_count = 0;
	frame->walked = offset + lookup->identity.len;
	frame->walked_life = NULL;
	frame->has_base |= lookup->is_final;
	return ret;
}

static void begin_link(struct frame *frame, const struct pending *lookup)
{
	step_leave(frame);
	begin(&frame->step, STEP_OF_LINK, lookup);
	frame->nested.is_valid = false;
}

/* Return: 1 if the lookup is of a link's body, 0 if not, or -ENOMEM. */
static int enter_link(struct correlator *c, struct task *task, const struct pending *lookup,
		      const struct record *record)
{
	struct frame *frame = task->frame;
	const struct step *step = &frame->step;
	bool is_link = is_followed_blindly(frame);
	/* The body of a link that is a relative path is walked from the link's directory. */
	bool has_same_parent = is_link && step->parent == lookup->parent;
	struct body *body = has_same_parent ? NULL : body_next(frame, record);
	int ret = 0;

	if (!is_link && !body)
		return 0;
	if (body && !is_link &&
	    is_adjacent(body->text, body->component, body->len - record->str_len))
		ret = mount_note(c, frame, lookup);
	else if (!has_same_parent)
		ret = note_known(c, frame, lookup);
	if (!ret && !body)
		ret = link_follow(c, task, lookup, record);
	if (ret)
		return ret;
	ret = body ? body_set(body, record, lookup->identity.len)
		   : body_push(frame, record, lookup->identity.len);
	begin_link(frame, lookup);
	return ret ? ret : 1;
}

/* If the pointer lies elsewhere: a lookup that only the walk itself can make. */
static bool is_next_of_path(const struct frame *frame, const struct record *record, size_t *at)
{
	*at = skip_dots(frame->path, frame->call.path.len, frame->walked, 2);
	return !frame->has_base && !frame->body_count &&
	       is_rest(frame->path, frame->call.path.len, *at, record);
}

static int enter_foreign(struct correlator *c, struct task *task, const struct pending *lookup,
			 const struct record *record)
{
	struct frame *frame = task->frame;
	struct step *step = &frame->step;
	size_t at;
	int ret = step->is_in_lookup ? 0 : enter_link(c, task, lookup, record);

	if (ret || is_same_place(step, lookup))
		return ret < 0 ? ret : 0;
	if (!step->is_in_lookup && is_next_of_path(frame, record, &at))
		return enter_path(c, task, lookup, at);
	if (!is_same_place(&frame->nested, lookup) || frame->nested.qname != lookup->qname)
		begin(&frame->nested, STEP_NESTED, lookup);
	return 0;
}

int step_enter(struct correlator *c, struct task *task, const struct pending *lookup,
	       const struct record *record)
{
	struct frame *frame = task->frame;
	size_t offset = (size_t)(lookup->qname - frame->call.filename);

	if (!is_in_path(frame, lookup))
		return enter_foreign(c, task, lookup, record);
	if (frame->step.kind != STEP_OF_PATH || !is_same_place(&frame->step, lookup) ||
	    frame->step.qname != lookup->qname)
		return enter_path(c, task, lookup, offset);
	return 0;
}

int step_pass(struct correlator *c, struct task *task, const struct pending *lookup,
	      const struct record *record)
{
	const struct body *rest = &task->passing.rest;
	const struct life *life = life_at(c, task->passing.dentry);
	size_t next = rest->len - record->str_len;
	int ret = 0;

	if (life && life->inode == INODE_DIRECTORY && lookup->parent != life->pub.dentry &&
	    record->str_len < rest->len && next > rest->component &&
	    lookup->qname == task->passing.qname + next &&
	    is_adjacent(rest->text, rest->component, next) &&
	    is_rest(rest->text, rest->len, next, record)) {
		struct directory *dir = directory_of(c, &lookup->identity, &ret);

		if (dir)
			directory_mounted(dir, life_name(life));
	}
	/* d_alloc_parallel() looks again for what it allocated. */
	if (task->passing.qname != lookup->qname || task->passing.parent != lookup->parent)
		task->passing.allocated = 0;
	task->passing.qname = lookup->qname;
	task->passing.dentry = 0;
	task->passing.parent = lookup->parent;
	task->passing.facts = lookup->identity.facts;
	task->passing.ts = lookup->ts;
	task->passing.epoch = task_epoch(c, task);
	return ret ? ret : body_set(&task->passing.rest, record, lookup->identity.len);
}

/* What the dentry of @record is: the component of the last lookup outside of an open. */
static bool is_passed(const struct correlator *c, const struct task *task,
		      const struct record *record, struct identity *identity)
{
	const struct body *rest = &task->passing.rest;

	*identity =
		(struct identity){ .parent = task->passing.parent, .facts = task->passing.facts };
	return task->passing.allocated && task->passing.allocated != record->value[FIELD_DENTRY] &&
	       task->passing.epoch == task_epoch(c, task) && identity_spell(identity, record) &&
	       identity->len == rest->component &&
	       !strncasecmp(identity->component, rest->text, identity->len);
}

int step_pass_joined(struct correlator *c, struct task *task, const struct record *record)
{
	struct identity identity;
	struct life *life;
	struct hop hop;
	int ret;

	if (!has_dentry(record) || !is_passed(c, task, record, &identity))
		return 0;
	task->passing.allocated = 0;
	life = life_found(c, &identity, record->value[FIELD_DENTRY], task->passing.ts, &ret);
	if (!life)
		return ret;
	life_note_inode(life, record);
	task->passing.dentry = record->value[FIELD_DENTRY];
	hop_set(&hop, c, task, record, HOP_LOOKUP);
	hop.open = 0;
	hop.walk = WALK_REF;
	return life_add_hop(c, life, &hop);
}

int step_bind(struct correlator *c, struct frame *frame, struct step *step, struct life *life)
{
	bool is_base = step->kind == STEP_OF_PATH && step->is_final;
	int ret = 0;

	step->life = life;
	if (step->kind == STEP_OF_PATH)
		frame->walked_life = life;
	if (step->is_final && step->kind != STEP_NESTED && !frame->is_path_call) {
		struct evidence *evidence = frame_evidence(frame, life);

		if (evidence)
			evidence->of_path |= is_base;
	}
	if (is_base && !frame->is_path_call) {
		life_name(life)->pub.is_requested = true;
		ret = frame_give_head(c, frame, life);
	}
	for (size_t i = 0; i < step->pending_count && !ret; i++)
		ret = life_add_hop(c, life, &step->pending[i]);
	step->pending_count = 0;
	return ret;
}
