/* SPDX-License-Identifier: MIT */
/*
 * The steps of a walk. Where qstr->name points says which component a lookup is about: into the
 * path, into the body of a link, or elsewhere, which is a file system's own lookup.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Past slashes and what consists of at most @dots dots: "." and ".." are not looked up. */
static size_t skip_dots(const char *text, size_t len, size_t at, size_t dots)
{
	for (;;) {
		size_t end;

		while (at < len && text[at] == '/')
			at++;
		for (end = at; end < len && text[end] != '/'; end++)
			;
		if (end == at || end - at > dots || memcmp(text + at, "..", end - at))
			return at;
		at = end;
	}
}

static bool is_rest(const char *text, size_t len, size_t at, const struct record *record)
{
	return has_field(record, FIELD_STRING) && len - at == record->str_len &&
	       !memcmp(text + at, record->str, record->str_len);
}

/* The buffer ends with its NUL: what stands after it is somebody else's. */
static bool is_in_path(const struct frame *frame, const struct pending *lookup)
{
	uint64_t offset = lookup->qname - frame->call.filename;
	const struct identity *identity = &lookup->identity;

	return lookup->qname && frame->call.filename && lookup->qname >= frame->call.filename &&
	       offset + identity->len <= frame->call.path.len &&
	       !memcmp(frame->path + offset, identity->component, identity->len);
}

/* --- bodies of links -------------------------------------------------------------------------- */

static int body_set(struct body *body, const struct record *record, size_t component)
{
	if (record->str_len > body->room) {
		char *grown = realloc(body->text, record->str_len);

		if (!grown)
			return -ENOMEM;
		body->text = grown;
		body->room = record->str_len;
	}
	memcpy(body->text, record->str, record->str_len);
	body->len = record->str_len;
	body->component = component;
	return 0;
}

/* The walk goes into a link. Of very many in each other the outermost one is forgotten. */
static int body_push(struct frame *frame, const struct record *record, size_t component)
{
	if (frame->body_count == FRAME_MAX_BODIES) {
		struct body outermost = frame->bodies[0];

		memmove(frame->bodies, frame->bodies + 1,
			(FRAME_MAX_BODIES - 1) * sizeof(frame->bodies[0]));
		frame->bodies[--frame->body_count] = outermost;
	}
	return body_set(&frame->bodies[frame->body_count++], record, component);
}

/* The body whose next component the record is about, the innermost one; NULL if none. */
static struct body *body_next(struct frame *frame, const struct record *record)
{
	for (size_t i = frame->body_count; i > 0; i--) {
		struct body *body = &frame->bodies[i - 1];

		if (!is_rest(body->text, body->len,
			     skip_dots(body->text, body->len, body->component, 2), record))
			continue;
		frame->body_count = i;
		return body;
	}
	return NULL;
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

/* Nothing but slashes and ".": the walk has gone nowhere in between. */
static bool is_adjacent(const char *text, size_t from, size_t to)
{
	return skip_dots(text, to, from, 1) == to;
}

void walk_jumped(struct correlator *c, struct frame *frame)
{
	crossings_forget(c, frame);
	directory_put(c, frame->known);
	frame->known = NULL;
	frame->is_rooted = false;
	frame->is_astray = true;
}

bool is_followed_blindly(const struct frame *frame)
{
	const struct step *step = &frame->step;

	return step->is_valid && step->life && step->life->inode == INODE_LINK;
}

/* From the directory of @lookup on the walk is seen: how it came there is not. */
static int note_known(struct correlator *c, struct frame *frame, const struct pending *lookup)
{
	struct directory *dir;
	int ret;

	if (is_followed_blindly(frame))
		walk_jumped(c, frame);
	dir = directory_get(directory_of(c, &lookup->identity, &ret));
	directory_put(c, frame->known);
	frame->known = dir;
	frame->is_astray = true;
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

static int note_start(struct correlator *c, struct task *task, const struct pending *lookup)
{
	struct frame *frame = task->frame;
	bool is_absolute = frame->path[0] == '/';
	struct directory *dir;
	int ret;

	dir = directory_of(c, &lookup->identity, &ret);
	if (!dir)
		return ret;
	walk_jumped(c, frame);
	frame->is_astray = false;
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

/* Where the first component of the path was looked up is where the walk begins. */
static bool is_first(const struct frame *frame, size_t offset)
{
	size_t dots = frame->path[0] == '/' ? 2 : 1;

	return skip_dots(frame->path, frame->call.path.len, 0, dots) == offset;
}

/* Whether nothing is left of the bodies, or the walk is in none. */
static bool are_bodies_done(const struct frame *frame)
{
	for (size_t i = 0; i < frame->body_count; i++) {
		const struct body *body = &frame->bodies[i];

		if (!is_adjacent(body->text, body->component, body->len))
			return false;
	}
	return true;
}

bool is_walked_out(const struct frame *frame)
{
	return is_adjacent(frame->path, frame->walked, frame->call.path.len) &&
	       are_bodies_done(frame);
}

static int enter_path(struct correlator *c, struct task *task, const struct pending *lookup,
		      size_t offset)
{
	struct frame *frame = task->frame;
	int ret;

	if (is_first(frame, offset) && !frame->is_scoped)
		ret = note_start(c, task, lookup);
	else if (frame->walked && offset > frame->walked && !is_followed_blindly(frame) &&
		 is_adjacent(frame->path, frame->walked, offset) && are_bodies_done(frame))
		ret = mount_note(c, frame, lookup);
	else
		ret = note_known(c, frame, lookup);
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

/* With a pointer that lies elsewhere, what only the walk itself can be asking for. */
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

void step_forget(struct frame *frame, const struct life *life)
{
	if (frame->step.life == life)
		frame->step.life = NULL;
	if (frame->nested.life == life)
		frame->nested.life = NULL;
	if (frame->walked_life == life)
		frame->walked_life = NULL;
}
