/* SPDX-License-Identifier: MIT */
/*
 * Reading formats, counts and names while the session is up. Changes nothing.
 */
#include "tracedat/gather.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tracing/counts.h"
#include "util/io.h"
#include "util/message.h"
#include "write_stretch.h"

static int read_text(const char *dir, const char *file, struct dat_text *text)
{
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ret = read_file(path, &text->data, &text->size);
	if (ret)
		error("cannot read '%s': %s", path, strerror(-ret));
	return ret;
}

/* What a file can do without: it is empty then. */
static int read_optional(const char *dir, const char *file, struct dat_text *text)
{
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ret = read_file(path, &text->data, &text->size);
	if (ret)
		*text = (struct dat_text){ 0 };
	return ret == -ENOMEM ? ret : 0;
}

/* An instance's own headers tell of its sub-buffers, which may be larger than the others'. */
static int read_headers(const struct dat_source *source, struct dat_meta *meta)
{
	const char *dir = instance_dir(source->instances[0]);
	char path[4096];
	int ret;

	snprintf(path, sizeof(path), "%s/events/header_page", dir);
	if (access(path, R_OK))
		dir = source->tracefs;
	ret = read_text(dir, "events/header_page", &meta->header_page);
	return ret ? ret : read_text(dir, "events/header_event", &meta->header_event);
}

static int read_formats(const struct dat_source *source, struct dat_meta *meta)
{
	const struct plan *plan = source->plan;
	char file[256], event[EVENT_NAME_SIZE];
	int ret = 0;

	meta->group = strdup(session_name(source->session));
	meta->formats = calloc(plan->count, sizeof(*meta->formats));
	if (!meta->group || !meta->formats)
		return -ENOMEM;
	for (size_t i = 0; i < plan->count && !ret; i++) {
		if (!has_own_event(&plan->probes[i]))
			continue;
		planned_event(&plan->probes[i], event);
		snprintf(file, sizeof(file), "events/%s/%s/format", meta->group, event);
		ret = read_text(source->tracefs, file, &meta->formats[meta->format_count++]);
	}
	return ret;
}

static int read_needed_symbols(const struct plan *plan, struct dat_text *text)
{
	FILE *out, *kallsyms = fopen("/proc/kallsyms", "re");
	int ret;

	if (!kallsyms)
		return 0; /* names for addresses are a convenience */
	out = open_memstream(&text->data, &text->size);
	if (!out) {
		fclose(kallsyms);
		return -ENOMEM;
	}
	ret = dat_symbols(kallsyms, plan, out);
	fclose(kallsyms);
	return fclose(out) ? -ENOMEM : ret;
}

int dat_symbols_gather(const struct plan *plan, bool all, struct dat_text *text)
{
	*text = (struct dat_text){ 0 };
	return all ? read_text("/proc", "kallsyms", text) : read_needed_symbols(plan, text);
}

static int read_symbols(const struct dat_source *source, struct dat_meta *meta)
{
	const struct dat_text *kept = source->stretch ? source->stretch->symbols : NULL;

	if (source->hider)
		return 0; /* they are addresses, of the kernel's text */
	if (!kept)
		return dat_symbols_gather(source->plan, source->all_symbols, &meta->kallsyms);
	meta->kallsyms.data = malloc(kept->size + 1);
	if (!meta->kallsyms.data)
		return -ENOMEM;
	meta->kallsyms.size = kept->size;
	if (kept->size)
		memcpy(meta->kallsyms.data, kept->data, kept->size);
	return 0;
}

static int read_uname(struct dat_meta *meta)
{
	struct utsname uts;

	if (uname(&uts))
		return 0;
	if (asprintf(&meta->uname, "%s %s %s %s", uts.sysname, uts.nodename, uts.release,
		     uts.machine) >= 0)
		return 0;
	meta->uname = NULL;
	return -ENOMEM;
}

static int read_clock(const struct dat_source *source, struct dat_meta *meta)
{
	struct dat_text text;
	const char *open, *close;
	int ret = read_text(instance_dir(source->instances[0]), "trace_clock", &text);

	if (ret)
		return ret;
	/* "local global [mono]": the brackets mark the clock that is used. */
	open = strchr(text.data, '[');
	close = open ? strchr(open, ']') : NULL;
	meta->clock = close ? strndup(open, (size_t)(close + 1 - open)) : strdup("");
	free(text.data);
	return meta->clock ? 0 : -ENOMEM;
}

static int count_cpu(void *context, const struct instance *instance, int cpu)
{
	struct dat_meta *meta = context;

	(void)instance;
	if (cpu >= meta->cpus)
		meta->cpus = cpu + 1;
	return 0;
}

static int read_sizes(const struct dat_source *source, struct dat_meta *meta)
{
	meta->has_any = source->instance_count > 1;
	meta->page_size = instance_page_size(source->instances[0]);
	if (meta->has_any && instance_page_size(source->instances[1]) != meta->page_size) {
		error("cannot store the trace: its buffers have sub-buffers of different sizes");
		return -EINVAL;
	}
	return instance_each_cpu(source->instances[0], count_cpu, meta);
}

static int add_stat(struct dat_meta *meta, char *text)
{
	char **grown;

	if (!text)
		return -ENOMEM;
	grown = realloc(meta->stats, (meta->stat_count + 1) * sizeof(*grown));
	if (!grown) {
		free(text);
		return -ENOMEM;
	}
	meta->stats = grown;
	meta->stats[meta->stat_count++] = text;
	return 0;
}

/* Processors may have numbers with gaps between them. */
static bool has_cpu(const struct instance *instance, int cpu)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/per_cpu/cpu%d", instance_dir(instance), cpu);
	return !access(path, F_OK) || errno != ENOENT;
}

/* Of a number that no processor has: what the kernel says of a processor that never ran. */
static int add_no_stats(struct dat_meta *meta, int cpu)
{
	static const char none[] = "entries: 0\noverrun: 0\ncommit overrun: 0\n"
				   "dropped events: 0\nread events: 0\n";
	char *text;

	if (asprintf(&text, "CPU: %d\n%s", cpu, none) < 0)
		text = NULL;
	return add_stat(meta, text);
}

/* Without those that cannot be read. */
static int add_kernel_stats(struct dat_meta *meta, const struct instance *instance, int cpu)
{
	struct dat_text stats;
	char file[64], *text;
	int ret;

	snprintf(file, sizeof(file), "per_cpu/cpu%d/stats", cpu);
	ret = read_optional(instance_dir(instance), file, &stats);
	if (ret || !stats.data)
		return ret;
	if (asprintf(&text, "CPU: %d\n%s", cpu, stats.data) < 0)
		text = NULL;
	free(stats.data);
	return add_stat(meta, text);
}

static int add_cpu_stats(const struct dat_source *source, struct dat_meta *meta,
			 const struct instance *instance)
{
	int ret = 0;

	for (int cpu = 0; cpu < meta->cpus && !ret; cpu++) {
		if (!has_cpu(instance, cpu))
			ret = add_no_stats(meta, cpu);
		else if (source->stretch)
			ret = add_stat(meta, stretch_stats(source->stretch, instance, cpu));
		else
			ret = add_kernel_stats(meta, instance, cpu);
	}
	return ret;
}

static void print_count(FILE *out, const char *word, uint64_t count)
{
	if (count == LOSS_UNKNOWN)
		fprintf(out, " %s unknown", word);
	else
		fprintf(out, " %s %" PRIu64, word, count);
}

static void print_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '\\')
			fputs("\\\\", out);
		else
			fputc(*text, out);
	}
}

static void print_note(FILE *out, const char *note)
{
	fputs(": ", out);
	print_escaped(out, note);
}

static void print_cwd(FILE *out, const struct start_place *cwd)
{
	fprintf(out, "cwd: %" PRIu32 " %" PRIu64 " %" PRIu32 " %" PRIu64 " ", cwd->root_dev,
		cwd->root_ino, cwd->dev, cwd->ino);
	print_escaped(out, cwd->path);
	fputc('\n', out);
}

static void print_doubles(FILE *out, const struct start_place *start)
{
	for (size_t i = 0; start && i < start->double_count; i++) {
		const struct double_place *place = &start->doubles[i];

		fprintf(out, "two-places: %" PRIu32 " %" PRIu64 " %d\n", place->dev, place->ino,
			place->is_mounted_twice);
	}
}

/* Where the program was when a later part began is not known. */
static bool has_cwd(const struct dat_source *source)
{
	bool is_later = source->stretch && source->stretch->part.number > 1;

	return source->cwd && source->cwd->path && !is_later;
}

static void print_probe(FILE *out, const struct dat_source *source, const struct profile *profile,
			size_t i)
{
	const struct plan_entry *entry = &source->entries[i];
	const struct planned *planned = &source->plan->probes[i];
	uint64_t hits = LOSS_UNKNOWN, missed = LOSS_UNKNOWN;

	if (is_armed(planned) && profile_of(profile, source->session, planned, &hits, &missed))
		hits = missed = LOSS_UNKNOWN;
	if (source->stretch)
		stretch_count(source->stretch, source->session, planned, &hits, &missed);
	fprintf(out, "%s %s %s %s", role_name(entry->role), point_name(entry->point),
		entry->symbol ? entry->symbol : "-", probe_state_name(entry->state));
	print_count(out, "hits", hits);
	print_count(out, "missed", missed);
	if (entry->note)
		print_note(out, entry->note);
	fputc('\n', out);
}

/* What touches the file's own time. */
static void print_unselected(FILE *out, const struct dat_source *source)
{
	uint64_t from = source->stretch ? source->stretch->part.from : 0;
	uint64_t until = source->stretch ? source->stretch->part.until : 0;

	for (size_t i = 0; i < source->unselected_count; i++) {
		const struct dat_span *span = &source->unselected[i];

		if (span->to >= from && (!until || span->from <= until))
			fprintf(out, "unselected: %" PRIu64 " %" PRIu64 "\n", span->from, span->to);
	}
}

static int add_probes(const struct dat_source *source, struct dat_meta *meta)
{
	struct profile profile;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -ENOMEM;
	profile_read(source->session, &profile);
	fprintf(out, "\n" DAT_PROBES "\n\nevictions: %s\n", source->sees_any ? "any" : "own");
	if (source->layout)
		fprintf(out, "layout: %s\n", layout_source_name(source->layout));
	if (source->by_comm)
		fputs("tasks: by comm\n", out);
	fprintf(out, "wall-clock: %" PRId64 "\n", source->wall);
	if (source->hider)
		fputs("addresses: hashed\n", out);
	if (source->stretch)
		stretch_print(source->stretch, out);
	print_unselected(out, source);
	if (has_cwd(source))
		print_cwd(out, source->cwd);
	print_doubles(out, source->cwd);
	for (size_t i = 0; i < source->plan->count; i++)
		print_probe(out, source, &profile, i);
	profile_free(&profile);
	if (fclose(out)) {
		free(text);
		return -ENOMEM;
	}
	return add_stat(meta, text);
}

static int read_stats(const struct dat_source *source, struct dat_meta *meta)
{
	int ret = add_cpu_stats(source, meta, source->instances[0]);

	if (!ret && meta->has_any)
		ret = add_stat(meta, strdup("\nBuffer: " DAT_BUFFER_ANY "\n\n"));
	if (!ret && meta->has_any)
		ret = add_cpu_stats(source, meta, source->instances[1]);
	return ret ? ret : add_probes(source, meta);
}

int dat_meta_gather(const struct dat_source *source, struct dat_meta *meta)
{
	int ret;

	memset(meta, 0, sizeof(*meta));
	meta->hider = source->hider;
	ret = read_sizes(source, meta);
	if (!ret)
		ret = read_headers(source, meta);
	if (!ret)
		ret = read_formats(source, meta);
	if (!ret)
		ret = read_clock(source, meta);
	if (!ret)
		ret = read_stats(source, meta);
	if (!ret)
		ret = read_symbols(source, meta);
	if (!ret)
		ret = read_optional(source->tracefs, "saved_cmdlines", &meta->cmdlines);
	if (!ret)
		ret = read_uname(meta);
	if (ret == -ENOMEM)
		error("cannot store the trace: %s", strerror(-ret));
	return ret;
}
