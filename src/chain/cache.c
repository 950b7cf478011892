/* SPDX-License-Identifier: MIT */
/*
 * The answer to "was it cached": what the lookups of the path's own last component came to, or why
 * there was none. Anything that could be missing makes it unknown.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

static const char WHY_LOST[] = "records were lost";
static const char WHY_NO_LOOKUP[] = "no lookup of the last component was seen";
static const char WHY_NO_INODE[] = "the dentry that was found could not be read";
static const char WHY_NOT_ARMED[] = "not every lookup is probed";
static const char WHY_NO_PATH[] = "no path was seen";

struct reason {
	int error;
	const char *why;
};

static const char *find_reason(const struct reason *reasons, size_t count, int64_t result,
			       const char *otherwise)
{
	for (size_t i = 0; i < count; i++) {
		if (result == -reasons[i].error)
			return reasons[i].why;
	}
	return otherwise;
}

/* Why the kernel has no path, by the errno of the open. */
static const char *why_no_path(int64_t result)
{
	static const struct reason reasons[] = {
		{ EFAULT, "the path cannot be read" },	  { ENOENT, "the path is empty" },
		{ ENAMETOOLONG, "the path is too long" }, { EINVAL, "the flags are invalid" },
		{ ENOMEM, "the kernel had no memory" },
	};

	return find_reason(reasons, sizeof(reasons) / sizeof(reasons[0]), result, WHY_NO_PATH);
}

/* What ended the walk, by the errno of the open. */
static const char *why_unreached(int64_t result)
{
	static const struct reason reasons[] = {
		{ EMFILE, "the program has reached its limit of open files" },
		{ ENFILE, "the system has reached its limit of open files" },
		{ ENOMEM, "the kernel had no memory" },
		{ EINVAL, "the flags are invalid" },
		{ ENOENT, "a directory on the way is missing" },
		{ ENOTDIR, "a component on the way is not a directory" },
		{ ELOOP, "a symbolic link may not be followed, or there are too many" },
		{ ENAMETOOLONG, "the path is too long" },
		{ EACCES, "no permission to search a directory on the way" },
		{ EXDEV, "the path leaves the directory or mount in which it has to stay" },
		{ EAGAIN, "the walk would have had to wait" },
		{ ESTALE, "a directory on the way is stale" },
		{ EINTR, "a signal interrupted the walk" },
	};

	return find_reason(reasons, sizeof(reasons) / sizeof(reasons[0]), result,
			   "the walk ended before the last component");
}

/* Whether anything in @text from @at on is looked up: neither a slash nor "." nor "..". */
static bool has_component(const char *text, size_t len, size_t at)
{
	while (at < len) {
		size_t end;

		for (end = at; end < len && text[end] != '/'; end++)
			;
		if (end - at > 2 || memcmp(text + at, "..", end - at))
			return true;
		at = end + 1;
	}
	return false;
}

/* The path ends with a component that is looked up. */
static bool has_last_component(const struct frame *frame)
{
	return has_component(frame->path, frame->call.path.len, frame->base);
}

/* Whether the walk could not go to the "." or ".." at the end of the path. */
static bool is_stuck(const struct frame *frame)
{
	const struct step *step = &frame->step;

	return !has_last_component(frame) && step->is_valid &&
	       (!step->life || step->life->pub.negative == IS_TRUE ||
		frame->call.result == -ENOTDIR);
}

static enum cache answer_of(const struct correlator *c, const struct lookup_outcome *outcome,
			    const char **why)
{
	bool sees_all = c->options.armed[ROLE_LOOKUP_REF][POINT_RETURN] &&
			c->options.armed[ROLE_LOOKUP_SLOW][POINT_RETURN];

	if (outcome->is_refused)
		return CACHE_STALE;
	if (outcome->saw_alloc)
		return CACHE_MISS;
	if (outcome->saw_hit && outcome->negative != IS_UNKNOWN)
		return outcome->negative == IS_TRUE ? CACHE_NEGATIVE : CACHE_HIT;
	if (outcome->saw_null && !outcome->saw_hit && sees_all)
		return CACHE_MISS;
	*why = outcome->saw_hit ? WHY_NO_INODE : outcome->saw_null ? WHY_NOT_ARMED : WHY_NO_LOOKUP;
	return CACHE_UNKNOWN;
}

static enum walk walk_of(const struct lookup_outcome *outcome)
{
	if (outcome->saw_ref || outcome->saw_alloc)
		return WALK_REF;
	return outcome->saw_hit ? WALK_RCU : WALK_UNKNOWN;
}

static bool is_failed(const struct open_call *call)
{
	return call->has_result && call->result < 0;
}

void cache_answer(const struct correlator *c, struct frame *frame)
{
	struct open_call *call = &frame->call;
	bool is_left = has_component(frame->path, call->path.len, frame->walked);

	if (frame_has_loss(c, frame)) {
		call->cache_why = WHY_LOST;
	} else if (call->call == CALL_HANDLE) {
		call->cache = CACHE_NONE;
	} else if (call->has_unseen_path && !frame->is_uncopied) {
		call->cache_why = WHY_NO_PATH;
	} else if (!call->path.len && is_failed(call)) {
		call->cache = CACHE_UNREACHED;
		call->cache_why = why_no_path(call->result);
	} else if (is_failed(call) && (is_left || is_stuck(frame))) {
		call->cache = CACHE_UNREACHED;
		call->cache_why = why_unreached(call->result);
	} else if (!has_last_component(frame)) {
		call->cache = CACHE_NONE;
	} else if (is_left || !frame->has_base) {
		call->cache_why = WHY_NO_LOOKUP;
	} else {
		call->walk = walk_of(&frame->base_outcome);
		call->cache = answer_of(c, &frame->base_outcome, &call->cache_why);
		if (frame->is_created && !is_failed(call))
			call->cache = CACHE_CREATED;
	}
}
