/* SPDX-License-Identifier: MIT */
/*
 * From one file to the next. A record that has a time before the cut may still be on its way into
 * its buffer: the cut is over when every processor has been seen outside of the probes.
 */
#include "rotation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usage.h"
#include "util/clock.h"
#include "util/message.h"

/*
 * A file may grow to this many times its size while the one before it is not finished.
 */
#define MOST_SIZES 4

static bool has_parts(const struct rotation *rotation)
{
	return rotation->options->max_size > 0;
}

/* --- the sink: of a part that is cut the next one gets everything, too ------------------------ */

static void take_page(void *context, enum scope scope, int cpu, const void *data, size_t size)
{
	struct rotation *rotation = context;

	dat_writer_page(rotation->store.writer, scope, cpu, data, size);
	if (rotation->is_cutting)
		dat_writer_page(rotation->next.writer, scope, cpu, data, size);
	if (rotation->watched)
		page_queue_add(rotation->watched, scope, cpu, data);
}

static int spool_of(void *context, enum scope scope, int cpu)
{
	const struct rotation *rotation = context;

	return dat_writer_spool(rotation->store.writer, scope, cpu);
}

static void take_failure(void *context, enum scope scope, int cpu, int err)
{
	const struct rotation *rotation = context;

	dat_writer_failed(rotation->store.writer, scope, cpu, err);
}

void rotation_watch(struct rotation *rotation, struct page_queue *queue)
{
	rotation->watched = queue;
	rotation->sink.spool = NULL;
}

static int copy_pages(struct rotation *rotation, uint64_t until)
{
	int ret = recorder_copy(rotation->recorder, until);

	if (!ret && rotation->watched)
		page_queue_complete(rotation->watched, until);
	return ret;
}

static int move_pages(struct rotation *rotation)
{
	if (rotation->watched)
		return copy_pages(rotation, trace_clock_now());
	return recorder_pump(rotation->recorder);
}

/* --- a part is full: a thread finishes it ----------------------------------------------------- */

static int finish_store(struct rotation *rotation, struct store *store,
			const struct dat_stretch *stretch)
{
	struct plan_entry *entries = live_plan_entries(rotation->live->plan);
	int ret = entries ? store_finish(store, rotation->live, entries, stretch) : -ENOMEM;

	free(entries);
	return ret;
}

static int carry_on(struct rotation *rotation)
{
	struct full_part *full = &rotation->full;
	int ret = carry_take(&rotation->carry, full->name, &full->stretch.part);

	if (ret)
		return ret;
	full->known = carry_print(&rotation->carry);
	carry_forget_ended(&rotation->carry);
	return full->known ? 0 : -ENOMEM;
}

static void *finish_full(void *context)
{
	struct rotation *rotation = context;
	struct full_part *full = &rotation->full;

	full->ret = finish_store(rotation, &full->store, &full->stretch);
	if (!full->ret)
		full->ret = carry_on(rotation);
	if (!full->ret)
		full->ret = parts_keep(&rotation->parts,
				       rotation->first + full->stretch.part.number - 1,
				       rotation->options->keep);
	atomic_store(&full->is_done, true);
	return NULL;
}

static void release_stretch(struct dat_stretch *stretch)
{
	counts_mark_release(&stretch->before);
	free(stretch->known);
	free(stretch->unselected);
	stretch->known = NULL;
	stretch->unselected = NULL;
}

/* Waits until the part before is a file. From then on this part knows the tasks of that one. */
static int await_full(struct rotation *rotation)
{
	struct full_part *full = &rotation->full;

	if (!rotation->is_finishing)
		return 0;
	if (rotation->has_finisher)
		pthread_join(rotation->finisher, NULL);
	rotation->is_finishing = false;
	rotation->stretch.known = full->known;
	full->known = NULL;
	free(full->name);
	release_stretch(&full->stretch);
	store_close(&full->store);
	return full->ret;
}

/* Without a thread it is finished at once, and records wait in the buffers meanwhile. */
static void begin_finishing(struct rotation *rotation)
{
	rotation->has_finisher = !pthread_create(&rotation->finisher, NULL, finish_full, rotation);
	rotation->is_finishing = true;
	if (!rotation->has_finisher)
		finish_full(rotation);
}

/* --- the cut ---------------------------------------------------------------------------------- */

/* Records that come faster than files are finished wait, up to a bound. */
static bool is_full(const struct rotation *rotation)
{
	uint64_t size = recorder_moved(rotation->recorder) - rotation->began;
	uint64_t most = rotation->options->max_size;

	if (!has_parts(rotation) || size < most)
		return false;
	return !rotation->is_finishing || atomic_load(&rotation->full.is_done) ||
	       size / MOST_SIZES >= most;
}

static int open_next(struct rotation *rotation)
{
	unsigned int number = rotation->first + rotation->stretch.part.number;

	rotation->next_name = parts_name(&rotation->parts, number);
	if (!rotation->next_name)
		return -ENOMEM;
	return store_open(&rotation->next, rotation->options, rotation->next_name);
}

/* Both parts lack what the kernel counts as lost from here on until the part is finished. */
static int begin_cut(struct rotation *rotation)
{
	const struct live *live = rotation->live;
	int ret = await_full(rotation);

	if (!ret)
		ret = open_next(rotation);
	if (!ret)
		ret = counts_mark_take(&rotation->cut, live->session, live->instances,
				       live->instance_count);
	if (ret)
		return ret;
	rotation->stretch.part.root = live->root;
	rotation->stretch.part.until = trace_clock_now();
	ret = barrier_start(&rotation->barrier);
	rotation->is_cutting = !ret;
	if (ret) {
		error("cannot start a thread to continue in '%s': %s", rotation->next_name,
		      strerror(-ret));
		hint("what was recorded before is kept; raise pids.max of the control group");
	}
	return ret;
}

static void go_on_to_next(struct rotation *rotation)
{
	struct dat_stretch *stretch = &rotation->stretch;

	rotation->full = (struct full_part){
		.store = rotation->store,
		.stretch = *stretch,
		.name = rotation->name,
	};
	stretch->before = rotation->cut;
	stretch->known = NULL;
	stretch->unselected = NULL;
	stretch->unselected_count = 0;
	stretch->part.number++;
	stretch->part.from = stretch->part.until + 1;
	stretch->part.until = 0;
	stretch->is_uncertain = false;
	rotation->store = rotation->next;
	rotation->name = rotation->next_name;
	rotation->next = (struct store){ 0 };
	rotation->next_name = NULL;
	rotation->cut = (struct counts_mark){ 0 };
	rotation->began = recorder_moved(rotation->recorder);
}

/* Then it is known which tasks came into a control group before the cut, and what is missing of
 * them. */
static int divide_spans(struct rotation *rotation)
{
	struct dat_stretch *stretch = &rotation->stretch;
	int ret = members_look_now(rotation->live);

	if (ret)
		return ret;
	return members_spans_after(&rotation->live->members, stretch->part.until,
				   &stretch->unselected, &stretch->unselected_count);
}

static int end_cut(struct rotation *rotation)
{
	int ret;

	rotation->stretch.is_uncertain = !barrier_end(&rotation->barrier);
	ret = copy_pages(rotation, rotation->stretch.part.until);
	rotation->is_cutting = false;
	live_verify(rotation->live);
	if (!ret)
		ret = dat_writer_error(rotation->store.writer);
	if (!ret && rotation->live->is_disturbed)
		ret = -ECANCELED;
	if (!ret)
		ret = divide_spans(rotation);
	if (ret)
		return ret;
	go_on_to_next(rotation);
	begin_finishing(rotation);
	return 0;
}

/* The part is the last one: it has all that the next one would have had. */
static void cancel_cut(struct rotation *rotation)
{
	if (rotation->is_cutting)
		barrier_end(&rotation->barrier);
	rotation->is_cutting = false;
	rotation->stretch.part.until = 0;
	store_close(&rotation->next);
	counts_mark_release(&rotation->cut);
	free(rotation->next_name);
	rotation->next_name = NULL;
}

/* --- the options ------------------------------------------------------------------------------ */

int rotation_check(const struct options *options)
{
	static const unsigned long most_hidden = DAT_MEMORY_LIMIT / MOST_SIZES;

	if (options->keep && !options->max_size) {
		usage_error(options->command, "--keep needs --max-size");
		hint("give both, such as --max-size=100M --keep=5");
		return -EINVAL;
	}
	if (options->hash_addresses && options->max_size > most_hidden) {
		usage_error(options->command, "--max-size is too large for --hash-addresses, which "
					      "keeps each file in memory");
		hint("give --max-size=%luM or less", most_hidden >> 20);
		return -EINVAL;
	}
	return 0;
}

/* --- from the first page to the last ---------------------------------------------------------- */

int rotation_open(struct rotation *rotation, const struct options *options, struct live *live)
{
	int ret;

	rotation->options = options;
	rotation->live = live;
	rotation->sink = (struct page_sink){ take_page, spool_of, take_failure, rotation };
	if (!has_parts(rotation))
		return store_open(&rotation->store, options, options->output);
	ret = parts_open(&rotation->parts, options->output);
	if (ret)
		return ret;
	rotation->first = rotation->parts.last + 1;
	rotation->stretch.part.number = 1;
	rotation->stretch.symbols = &rotation->symbols;
	rotation->stretch.part.group_only = is_group_only(options);
	rotation->name = parts_name(&rotation->parts, rotation->first);
	return rotation->name ? store_open(&rotation->store, options, rotation->name) : -ENOMEM;
}

int rotation_start(struct rotation *rotation, struct recorder *recorder)
{
	const struct options *options = rotation->options;

	rotation->recorder = recorder;
	if (!has_parts(rotation) || options->hash_addresses)
		return 0;
	return dat_symbols_gather(rotation->live->plan, options->symbols == SYMBOLS_ALL,
				  &rotation->symbols);
}

int rotation_pump(struct rotation *rotation)
{
	int ret;

	if (rotation->is_cutting && barrier_is_over(&rotation->barrier))
		return end_cut(rotation);
	if (rotation->is_cutting)
		ret = copy_pages(rotation, rotation->stretch.part.until);
	else
		ret = move_pages(rotation);
	/* One file keeps what there was room for, of each processor; of several none comes then. */
	if (!ret && has_parts(rotation))
		ret = dat_writer_error(rotation->store.writer);
	if (!ret && !rotation->is_cutting && is_full(rotation))
		ret = begin_cut(rotation);
	return ret;
}

static int finish_last(struct rotation *rotation)
{
	rotation->stretch.part.root = rotation->live->root;
	if (!has_parts(rotation))
		return finish_store(rotation, &rotation->store, NULL);
	return finish_store(rotation, &rotation->store, &rotation->stretch);
}

int rotation_finish(struct rotation *rotation)
{
	int drained, before, ret;

	cancel_cut(rotation);
	drained = recorder_drain(rotation->recorder);
	before = await_full(rotation);
	ret = finish_last(rotation);
	if (!ret && has_parts(rotation))
		ret = parts_keep(&rotation->parts,
				 rotation->first + rotation->stretch.part.number - 1,
				 rotation->options->keep);
	return drained ? drained : before ? before : ret;
}

void rotation_close(struct rotation *rotation)
{
	cancel_cut(rotation);
	await_full(rotation);
	store_close(&rotation->store);
	release_stretch(&rotation->stretch);
	carry_release(&rotation->carry);
	parts_close(&rotation->parts);
	free(rotation->symbols.data);
	free(rotation->name);
}
