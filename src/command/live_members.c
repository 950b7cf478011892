/* SPDX-License-Identifier: MIT */
/*
 * The members of a control group. The kernel selects what members start. A task that comes from
 * outside is known by the record of its move. The group is searched as well, because a process can
 * be started into it without such a record.
 */
#include "live_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/array.h"
#include "util/clock.h"
#include "util/message.h"

#define MOVE	  "cgroup/cgroup_attach_task"
#define LOOK_NS	  (NS_PER_SECOND / 5)
#define MAX_SPANS 4096
#define MAX_LOOKS 16 /* at the start: who forks at any moment never ends to come */

/* The tasks in the group, and those that the kernel selects. */
struct present {
	struct tid_list members, selected;
};

static void present_release(struct present *present)
{
	tid_list_release(&present->members);
	tid_list_release(&present->selected);
}

/* The order matters: tasks that a member starts in between are selected already. */
static int present_find(const struct live *live, struct present *present)
{
	int ret = cgroup_tids(&live->members.cgroup, &present->members);

	memset(&present->selected, 0, sizeof(present->selected));
	if (!ret)
		ret = instance_pids(live->instances[SCOPE_TASK], &present->selected);
	tid_list_sort(&present->members);
	tid_list_sort(&present->selected);
	return ret;
}

/* Return: how many there were, or a negative errno. */
static int select_new(struct live *live, const struct present *present)
{
	struct tid_list added = { 0 };
	int count, ret = 0;

	for (size_t i = 0; i < present->members.count && !ret; i++) {
		if (!tid_list_has(&present->selected, present->members.items[i]))
			ret = tid_list_add(&added, present->members.items[i]);
	}
	if (!ret && added.count)
		ret = instance_add_pids(live->instances[SCOPE_TASK], &added);
	count = (int)added.count;
	tid_list_release(&added);
	return ret ? ret : count;
}

/* Tasks that left the group are not recorded, nor are those that they start; tasks that came back
 * are. */
static int leave_out(struct live *live, const struct present *present)
{
	struct members *members = &live->members;
	struct tid_list out = { 0 }, before = { 0 };
	bool is_back = false;
	int ret = 0;

	if (members->has_left)
		ret = instance_left_out(live->instances[SCOPE_TASK], &before);
	for (size_t i = 0; i < before.count && !ret; i++) {
		bool is_member = tid_list_has(&present->members, before.items[i]);

		is_back |= is_member;
		if (!is_member)
			ret = tid_list_add(&out, before.items[i]);
	}
	tid_list_sort(&before);
	for (size_t i = 0; i < present->selected.count && !ret; i++) {
		pid_t tid = present->selected.items[i];

		if (tid && !tid_list_has(&present->members, tid) && !tid_list_has(&before, tid) &&
		    cgroup_has_left(&members->cgroup, tid))
			ret = tid_list_add(&out, tid);
	}
	if (!ret && (is_back || out.count != before.count))
		ret = instance_leave_out(live->instances[SCOPE_TASK], &out);
	members->has_left |= out.count != 0;
	tid_list_release(&out);
	tid_list_release(&before);
	return ret ? ret : is_back;
}

/* Spans that meet are one; beyond the cap the last one grows. Return: 0 or -ENOMEM. */
static int keep_span(struct members *members, uint64_t from, uint64_t to)
{
	struct dat_span *last =
		members->span_count ? &members->spans[members->span_count - 1] : NULL;
	struct dat_span *spans;

	if (last && (from <= last->to || members->span_count == MAX_SPANS)) {
		last->to = to;
		return 0;
	}
	spans = array_grow(members->spans, members->span_count, &members->span_room,
			   sizeof(*spans));
	if (!spans)
		return -ENOMEM;
	members->spans = spans;
	spans[members->span_count++] = (struct dat_span){ from, to };
	return 0;
}

int members_spans_after(struct members *members, uint64_t until, struct dat_span **before,
			size_t *count)
{
	struct dat_span *left = calloc(members->span_count + 1, sizeof(*left));
	size_t kept = 0;

	if (!left)
		return -ENOMEM;
	for (size_t i = 0; i < members->span_count; i++) {
		if (members->spans[i].to > until)
			left[kept++] = members->spans[i];
	}
	*before = members->spans;
	*count = members->span_count;
	members->spans = left;
	members->span_room = members->span_count + 1;
	members->span_count = kept;
	return 0;
}

/* Without a pipeline the spans are only stored. */
static int tell(struct live *live, uint64_t tasks)
{
	struct members *members = &live->members;
	uint64_t now = trace_clock_now();
	int ret;

	members->late += tasks;
	if (now - members->looked > members->longest)
		members->longest = now - members->looked;
	ret = keep_span(members, members->looked, now);
	if (ret || !live->pipeline.correlator)
		return ret;
	return pipeline_unselected(&live->pipeline, members->looked, now);
}

/* --- moves ------------------------------------------------------------------------------------ */

/* The pid in a line of trace_pipe, if it tells of a move into our group; else 0. */
static pid_t moved_in(const struct cgroup *cgroup, const char *line)
{
	const char *path = strstr(line, " dst_path="), *pid = path ? strstr(path, " pid=") : NULL;
	char *copy;
	bool is_ours;

	if (!pid || !strstr(line, "dst_root=0 "))
		return 0;
	path += strlen(" dst_path=");
	copy = strndup(path, (size_t)(pid - path));
	is_ours = copy && cgroup_has_path(cgroup, strcmp(copy, "/") != 0 ? copy : "");
	free(copy);
	return is_ours ? (pid_t)strtol(pid + strlen(" pid="), NULL, 10) : 0;
}

/* Return: how many came in and are gone again. */
static uint64_t count_gone(const struct members *members, const struct present *present, char *text)
{
	uint64_t count = 0;
	char *rest;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		pid_t pid = moved_in(&members->cgroup, line);

		count += pid && !tid_list_has(&present->members, pid) &&
			 !tid_list_has(&present->selected, pid);
	}
	return count;
}

/* What trace_pipe has, whole lines; the caller's to free(). Return: 0 or -ENOMEM. */
static int read_moves(const struct members *members, char **text)
{
	size_t used = 0, room = 0;
	ssize_t got = 1;

	*text = NULL;
	while (got > 0) {
		char *grown = used + 4096 >= room ? realloc(*text, room += 16384) : *text;

		if (!grown) {
			free(*text);
			*text = NULL;
			return -ENOMEM;
		}
		*text = grown;
		got = read(members->pipe, *text + used, room - used - 1);
		used += got > 0 ? (size_t)got : 0;
		(*text)[used] = '\0';
	}
	return 0;
}

/* --- looking ---------------------------------------------------------------------------------- */

static int look_at(struct live *live, char *moves)
{
	struct present present = { 0 };
	uint64_t now = trace_clock_now();
	int found, back = 0, ret = present_find(live, &present);

	found = ret ? ret : select_new(live, &present);
	if (found >= 0)
		back = leave_out(live, &present);
	ret = found < 0 ? found : back < 0 ? back : 0;
	if (!ret && live->members.is_on) {
		uint64_t late = (uint64_t)found + (uint64_t)back +
				count_gone(&live->members, &present, moves);

		ret = late ? tell(live, late) : 0;
	}
	if (!ret)
		live->members.looked = now;
	present_release(&present);
	return ret ? ret : found;
}

static int look(struct live *live, bool is_due)
{
	struct members *members = &live->members;
	char *moves;
	int ret;

	if (!members->cgroup.dir)
		return 0;
	ret = read_moves(members, &moves);
	if (ret)
		return ret;
	if (is_due || *moves || trace_clock_now() - members->looked > LOOK_NS)
		ret = look_at(live, moves);
	free(moves);
	return ret < 0 ? ret : 0;
}

int members_look(struct live *live)
{
	return look(live, false);
}

int members_look_now(struct live *live)
{
	return look(live, true);
}

static int open_moves(struct live *live)
{
	struct members *members = &live->members;
	char *path;
	int ret = session_instance(live->session, "_moves", SCOPE_ANY, &members->moves);

	members->pipe = -1;
	if (!ret)
		ret = instance_enable_foreign(members->moves, MOVE);
	if (!ret)
		ret = instance_tracing(members->moves, true);
	if (ret)
		return ret;
	if (asprintf(&path, "%s/trace_pipe", instance_dir(members->moves)) < 0)
		return -ENOMEM;
	members->pipe = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (members->pipe < 0) {
		ret = -errno;
		error("cannot read '%s': %s", path, strerror(-ret));
	}
	free(path);
	return ret;
}

int members_start(struct live *live)
{
	char none[] = "";
	int found = 1, ret;

	if (!live->members.cgroup.dir)
		return 0;
	ret = open_moves(live);
	for (int i = 0; i < MAX_LOOKS && !ret && found > 0; i++) {
		found = look_at(live, none);
		ret = found < 0 ? found : 0;
	}
	live->members.is_on = true;
	return ret;
}

int members_stop(struct live *live)
{
	struct members *members = &live->members;
	int ret;

	if (!members->is_on)
		return 0;
	ret = members_look_now(live);
	if (members->late)
		note("%" PRIu64 " task%s came into the control group: what was opened before "
		     "ftopen selected them, within %" PRIu64 " ms, was not recorded",
		     members->late, members->late == 1 ? "" : "s", members->longest / 1000000 + 1);
	members->is_on = false;
	return ret;
}

void members_release(struct members *members)
{
	if (members->moves && members->pipe >= 0)
		close(members->pipe);
	cgroup_release(&members->cgroup);
	free(members->spans);
	memset(members, 0, sizeof(*members));
}
