/* SPDX-License-Identifier: MIT */
/*
 * Trace Event JSON, as Perfetto and Chrome open it: a track for each task, on it a slice for each
 * open, with its stages below, one for each path call, and a mark for each eviction. Keeps only
 * which tasks were seen.
 */
#include "render/render.h"
#include "common.h"
#include "render/expect_results.h"

#include <errno.h>
#include <stdlib.h>

#include "util/escape.h"
#include "util/json.h"
#include "util/map.h"

#define MAX_TRACKS  65536
#define NO_DURATION UINT64_MAX

/* A task as it was named last. */
struct track {
	int32_t pid;
	char comm[COMM_SIZE];
};

struct perfetto {
	struct json json;
	struct text scratch; /* never flushed */
	struct map tracks;   /* tid + 1 -> struct track */
	bool are_events_done;
};

/* Where and when something is. */
struct track_event {
	char phase; /* B: a slice begins, E: it ends, X: a whole slice, i: a mark, M: a name */
	const char *category;
	int32_t pid;
	int32_t tid;
	uint64_t ts;
	uint64_t duration; /* NO_DURATION for what has none */
};

/* Text that may hold anything, escaped as the tree does it. */
static void write_text(struct perfetto *perfetto, const char *data, size_t len)
{
	json_quote(&perfetto->json);
	escape_c_within(&perfetto->json.text, &perfetto->scratch, &quoting_by_backslash, data, len);
	json_unquote(&perfetto->json);
}

/* The format's microseconds. */
static void write_us(struct json *json, uint64_t ns)
{
	json_next(json);
	text_u64(&json->text, ns / 1000);
	text_format(&json->text, ".%03u", (unsigned int)(ns % 1000));
}

static void begin_event(struct perfetto *perfetto, const struct track_event *event,
			const struct bytes *name)
{
	const char phase[] = { event->phase, '\0' };
	struct json *json = &perfetto->json;

	text_char(&json->text, '\n');
	json_object(json);
	JSON_KEY(json, "ph");
	json_word(json, phase);
	JSON_KEY(json, "cat");
	json_word(json, event->category);
	JSON_KEY(json, "name");
	write_text(perfetto, name->data, name->len);
	JSON_KEY(json, "pid");
	json_s64(json, event->pid);
	JSON_KEY(json, "tid");
	json_s64(json, event->tid);
	JSON_KEY(json, "ts");
	write_us(json, event->ts);
	if (event->phase == 'X') {
		JSON_KEY(json, "dur");
		write_us(json, event->duration);
	}
}

static struct bytes bytes_of(const char *word)
{
	return (struct bytes){ word, strlen(word) };
}

/* --- tracks ----------------------------------------------------------------------------------- */

static void write_track(struct perfetto *perfetto, const char *what, int32_t pid, int32_t tid,
			const char *comm)
{
	const struct track_event event = { 'M', "__metadata", pid, tid, 0, NO_DURATION };
	const struct bytes name = bytes_of(what);
	struct json *json = &perfetto->json;

	begin_event(perfetto, &event, &name);
	JSON_KEY(json, "args");
	json_object(json);
	JSON_KEY(json, "name");
	write_text(perfetto, comm, strnlen(comm, COMM_SIZE));
	json_object_end(json);
	json_object_end(json);
}

/* Return: 0 or -ENOMEM. Beyond the cap tasks are not named. */
static int note_track(struct perfetto *perfetto, const struct open_call *open, int32_t pid)
{
	uint64_t key = (uint64_t)(uint32_t)open->tid + 1;
	struct track *track = map_get(&perfetto->tracks, key);

	if (!track && perfetto->tracks.count == MAX_TRACKS)
		return 0;
	if (!track) {
		track = calloc(1, sizeof(*track));
		if (!track || map_put(&perfetto->tracks, key, track)) {
			free(track);
			return -ENOMEM;
		}
	}
	if (track->pid == pid && !memcmp(track->comm, open->comm, COMM_SIZE))
		return 0;
	track->pid = pid;
	memcpy(track->comm, open->comm, COMM_SIZE);
	write_track(perfetto, "thread_name", pid, open->tid, open->comm);
	if (pid == open->tid)
		write_track(perfetto, "process_name", pid, pid, open->comm);
	return 0;
}

/* The process of a task, if an open of the task was seen; else the task itself. */
static int32_t process_of(const struct perfetto *perfetto, int32_t tid)
{
	const struct track *track = map_get(&perfetto->tracks, (uint64_t)(uint32_t)tid + 1);

	return track ? track->pid : tid;
}

/* --- opens and path calls
 * ------------------------------------------------------------------------------------ */

static uint64_t stage_ns(const struct open_call *open, enum stage stage)
{
	return has_stage(open, stage) ? open->stage_ns[stage] : 0;
}

/* Whether all of the kernel's open is in stages that are known. */
static bool has_inside(const struct open_call *open)
{
	uint64_t sum = 0;

	for (int i = STAGE_WALK; i <= STAGE_OPENING; i++)
		sum += stage_ns(open, (enum stage)i);
	return open->has_latency && sum == open->latency_ns;
}

/* Whether what the system call does around that is known, too. */
static bool has_outside(const struct open_call *open)
{
	uint64_t before = open->ts - open->call_ts - open->stage_ns[STAGE_COPY];

	return open->call_ts && has_stage(open, STAGE_COPY) && has_stage(open, STAGE_DESCRIPTOR) &&
	       (!open->has_latency || before <= open->stage_ns[STAGE_DESCRIPTOR]);
}

static void write_arguments(struct json *json, const struct open_call *open)
{
	JSON_KEY(json, "args");
	json_object(json);
	JSON_KEY(json, "id");
	json_u64(json, open->id);
	JSON_KEY(json, "call");
	json_word(json, call_name(open->call));
	JSON_KEY(json, "result");
	json_known_s64(json, open->has_result, open->result);
	JSON_KEY(json, "cache");
	json_word(json, cache_name(open->cache));
	JSON_KEY(json, "flags");
	json_known_u64(json, open->has_flags, open->flags);
	JSON_KEY(json, "complete");
	json_bool(json, open->complete);
	json_object_end(json);
}

/* @open: whose arguments it has; NULL for a stage */
static void write_event(struct perfetto *perfetto, const struct track_event *event,
			const struct bytes *name, const struct open_call *open)
{
	begin_event(perfetto, event, name);
	if (open)
		write_arguments(&perfetto->json, open);
	json_object_end(&perfetto->json);
}

/* Of a begun slice. Both ends have the same arguments: some readers pair them by these. */
static void write_end(struct perfetto *perfetto, struct track_event event, const struct bytes *name,
		      const struct open_call *open)
{
	if (event.phase != 'B')
		return;
	event.phase = 'E';
	event.ts += event.duration;
	write_event(perfetto, &event, name, open);
}

static void write_stage(struct perfetto *perfetto, struct track_event *event, enum stage stage,
			uint64_t ns)
{
	const struct bytes name = bytes_of(stage_name(stage));

	event->category = "stage";
	event->duration = ns;
	if (ns) {
		write_event(perfetto, event, &name, NULL);
		write_end(perfetto, *event, &name, NULL);
	}
	event->ts += ns;
}

/* In their usual order, each once: a walk that was restarted has one slice, too. */
static void write_stages(struct perfetto *perfetto, const struct open_call *open,
			 struct track_event event)
{
	uint64_t before = 0;

	if (has_outside(open)) {
		write_stage(perfetto, &event, STAGE_COPY, open->stage_ns[STAGE_COPY]);
		before = open->has_latency ? open->ts - event.ts : 0;
		write_stage(perfetto, &event, STAGE_DESCRIPTOR, before);
	}
	if (has_inside(open)) {
		for (int i = STAGE_WALK; i <= STAGE_OPENING; i++)
			write_stage(perfetto, &event, (enum stage)i, stage_ns(open, (enum stage)i));
	}
	if (!has_outside(open))
		return;
	event.ts = open->has_latency ? open->ts + open->latency_ns : event.ts;
	write_stage(perfetto, &event, STAGE_DESCRIPTOR, open->stage_ns[STAGE_DESCRIPTOR] - before);
}

/*
 * A slice that begins and one before it that ends have the same number there. With a start and a
 * duration, which readers add as floating-point numbers, they would overlap. But requests of a ring
 * may overlap what their task does meanwhile, and an end would end the wrong slice.
 */
static char phase_of(const struct open_call *open)
{
	return is_path_call(open->call) || open->call == CALL_IO_URING ? 'X' : 'B';
}

static struct track_event event_of(const struct open_call *open, int32_t pid)
{
	const char *category = is_path_call(open->call) ? "path call" : "open";
	struct track_event event = {
		phase_of(open), category, pid, open->tid, open->ts, NO_DURATION
	};
	uint64_t inside = open->has_latency ? open->latency_ns : 0;

	if (has_outside(open)) {
		event.ts = open->call_ts;
		event.duration =
			inside + open->stage_ns[STAGE_COPY] + open->stage_ns[STAGE_DESCRIPTOR];
	} else if (open->has_latency) {
		event.duration = inside;
	} else {
		event.phase = 'i';
	}
	return event;
}

static int open_event(struct renderer *renderer, const struct open_call *open)
{
	struct perfetto *perfetto = renderer->state;
	struct bytes name = open->resolved.data ? open->resolved : open->path;
	int32_t pid = open->tgid ? open->tgid : open->tid;
	struct track_event event = event_of(open, pid);
	int ret = note_track(perfetto, open, pid);

	if (ret)
		return ret;
	if (!name.len)
		name = bytes_of("(path unknown)");
	write_event(perfetto, &event, &name, open);
	if (event.phase != 'i')
		write_stages(perfetto, open, event);
	write_end(perfetto, event, &name, open);
	return perfetto->json.text.error;
}

/* --- marks ------------------------------------------------------------------------------------ */

/* @scope: how far it is drawn: t over its track, g over all. */
static void write_mark(struct perfetto *perfetto, const struct track_event *event,
		       const struct bytes *name, const char *scope)
{
	begin_event(perfetto, event, name);
	JSON_KEY(&perfetto->json, "s");
	json_word(&perfetto->json, scope);
	json_object_end(&perfetto->json);
}

static void write_evictions(struct perfetto *perfetto, const struct lifetime *lifetime,
			    const struct bytes *name)
{
	for (size_t i = 0; i < lifetime->hops.count; i++) {
		const struct hop *hop = &lifetime->hops.items[i];
		const struct track_event event = {
			'i', "evict", process_of(perfetto, hop->tid), hop->tid, hop->ts, NO_DURATION
		};

		if (hop->kind == HOP_EVICT)
			write_mark(perfetto, &event, name, "t");
	}
}

static int name_event(struct renderer *renderer, const struct name *name)
{
	struct perfetto *perfetto = renderer->state;
	const struct bytes *shown = name->resolved.data ? &name->resolved
				    : name->path.data	? &name->path
							: &name->component;

	for (size_t i = 0; i < name->lifetime_count; i++)
		write_evictions(perfetto, name->lifetimes[i], shown);
	return perfetto->json.text.error;
}

static int loss_event(struct renderer *renderer, const struct loss *loss)
{
	struct perfetto *perfetto = renderer->state;
	const struct track_event event = { 'i', "loss", 0, 0, loss->from, NO_DURATION };
	const struct bytes name = bytes_of(loss->is_unselected ? UNSELECTED : "records were lost");

	write_mark(perfetto, &event, &name, "g");
	return perfetto->json.text.error;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* After the events comes what is about all of them. */
static void end_events(struct perfetto *perfetto)
{
	struct json *json = &perfetto->json;

	if (perfetto->are_events_done)
		return;
	perfetto->are_events_done = true;
	json_array_end(json);
	JSON_KEY(json, "displayTimeUnit");
	json_word(json, "ns");
	JSON_KEY(json, "otherData");
	json_object(json);
}

static int claims(struct renderer *renderer, const struct expect_results *results)
{
	struct perfetto *perfetto = renderer->state;
	struct json *json = &perfetto->json;

	end_events(perfetto);
	JSON_KEY(json, "claims");
	json_array(json);
	for (size_t i = 0; i < results->count; i++) {
		json_object(json);
		expect_result_json(json, results->file, &results->items[i]);
		json_object_end(json);
	}
	json_array_end(json);
	return json->text.error;
}

static int summary_end(struct renderer *renderer, const struct chain_summary *summary)
{
	struct perfetto *perfetto = renderer->state;
	struct json *json = &perfetto->json;

	end_events(perfetto);
	JSON_KEY(json, "kernel");
	json_string(json, summary->kernel);
	JSON_KEY(json, "clock");
	json_string(json, renderer->options.clock.name);
	JSON_KEY(json, "opens");
	json_u64(json, summary->totals.opens);
	JSON_KEY(json, "lost");
	json_known_u64(json, summary->totals.lost_is_known, summary->totals.lost);
	json_object_end(json);
	json_object_end(json);
	return json_end_line(json);
}

static int start(struct renderer *renderer)
{
	struct perfetto *perfetto = calloc(1, sizeof(*perfetto));

	if (!perfetto)
		return -ENOMEM;
	json_init(&perfetto->json, renderer->out);
	text_init(&perfetto->scratch, NULL);
	renderer->state = perfetto;
	json_object(&perfetto->json);
	JSON_KEY(&perfetto->json, "traceEvents");
	json_array(&perfetto->json);
	return 0;
}

static void release(struct renderer *renderer)
{
	struct perfetto *perfetto = renderer->state;
	struct track *track;
	size_t at = 0;

	if (!perfetto)
		return;
	while ((track = map_next(&perfetto->tracks, &at)))
		free(track);
	map_release(&perfetto->tracks);
	free(perfetto);
}

const struct render_format render_perfetto = {
	.name = "perfetto",
	.needs_times = true,
	.ignores_relations = true,
	.start = start,
	.open = open_event,
	.path_call = open_event,
	.name_done = name_event,
	.loss = loss_event,
	.claims = claims,
	.summary = summary_end,
	.release = release,
};
