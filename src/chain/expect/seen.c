/* SPDX-License-Identifier: MIT */
/*
 * What a place and an operand of a claim stand for in a name: its opens in order, the hops that
 * pass a filter. Selects only, judges nothing.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"

/* --- the opens of a name --- */

static int compare_ids(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void note_cut(struct name_view *view, uint64_t from, uint64_t to)
{
	if (!view->is_cut || from < view->cut_from)
		view->cut_from = from;
	if (!view->is_cut || to > view->cut_to)
		view->cut_to = to;
	view->is_cut = true;
}

static uint64_t first_open(const struct lifetime *life)
{
	for (size_t i = 0; i < life->hops.count; i++) {
		if (life->hops.items[i].open)
			return life->hops.items[i].open;
	}
	return UINT64_MAX;
}

static uint64_t last_open(const struct lifetime *life)
{
	for (size_t i = life->hops.count; i > 0; i--) {
		if (life->hops.items[i - 1].open)
			return life->hops.items[i - 1].open;
	}
	return 0;
}

static void note_cut_hops(struct name_view *view, const struct hop_list *hops)
{
	size_t half = hops->count / 2;

	if (hops->dropped && half)
		note_cut(view, hops->items[half - 1].open, hops->items[half].open);
	else if (hops->dropped)
		note_cut(view, 0, UINT64_MAX);
}

/* The opens around what the caps dropped: between them anything may be missing. */
static void note_cuts(struct name_view *view)
{
	struct lifetime *const *lives = view->name->lifetimes;

	for (size_t i = 0; i < view->name->lifetime_count; i++) {
		note_cut_hops(view, &lives[i]->hops);
		if (i && lives[i]->index != lives[i - 1]->index + 1)
			note_cut(view, last_open(lives[i - 1]), first_open(lives[i]));
	}
}

static size_t unique(uint64_t *ids, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!kept || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	}
	return kept;
}

/* The hops before the walk, such as the path, belong to the name that the path names. */
bool is_before_walk(enum hop_kind kind)
{
	return kind == HOP_USER || kind == HOP_COPY || kind == HOP_FILENAME;
}

static void take_opens(struct name_view *view, const struct hop_list *hops)
{
	for (size_t i = 0; i < hops->count; i++) {
		const struct hop *hop = &hops->items[i];

		if (!hop->open)
			continue;
		view->touched[view->touched_count++] = hop->open;
		if (is_before_walk(hop->kind))
			view->opens[view->open_count++] = hop->open;
	}
}

static size_t sort_ids(uint64_t *ids, size_t count)
{
	qsort(ids, count, sizeof(*ids), compare_ids);
	return unique(ids, count);
}

int view_init(struct name_view *view, const struct expect_run *run, const struct name *name)
{
	size_t room = 1;

	*view = (struct name_view){
		.run = run,
		.name = name,
		.lives = name->lifetimes,
		.life_count = name->lifetime_count,
	};
	for (size_t i = 0; i < name->lifetime_count; i++)
		room += name->lifetimes[i]->hops.count;
	view->opens = calloc(room, sizeof(*view->opens));
	view->touched = calloc(room, sizeof(*view->touched));
	if (!view->opens || !view->touched)
		return -ENOMEM;
	for (size_t i = 0; i < name->lifetime_count; i++)
		take_opens(view, &name->lifetimes[i]->hops);
	view->open_count = sort_ids(view->opens, view->open_count);
	view->touched_count = sort_ids(view->touched, view->touched_count);
	note_cuts(view);
	return 0;
}

bool view_has_open(const struct name_view *view, uint64_t open)
{
	return bsearch(&open, view->opens, view->open_count, sizeof(open), compare_ids);
}

void view_release(struct name_view *view)
{
	free(view->opens);
	free(view->touched);
	if (view->is_selected)
		free(view->lives);
}

bool is_affected_by_cut(const struct filter *filter)
{
	const struct name_view *view = filter->view;

	if (!view->is_cut)
		return false;
	if (filter->open)
		return filter->open >= view->cut_from && filter->open <= view->cut_to;
	return !filter->life || filter->life->hops.dropped;
}

/* --- places --- */

size_t place_count(const struct name_view *view, const struct place *place)
{
	if (place->from != EVERY)
		return 1;
	return place->what == PLACE_OPEN ? view->open_count : view->life_count;
}

/* Index of the @place among @count. Return: false if there is none. */
static bool place_index(const struct place *place, size_t instance, size_t count, size_t *index)
{
	uint64_t number = place->number;

	if (place->from == EVERY)
		number = instance;
	else if (place->from == FROM_START)
		number--;
	if (number >= count)
		return false;
	*index = place->from == FROM_END ? count - 1 - (size_t)number : (size_t)number;
	return true;
}

static int no_such_place(const struct name_view *view, const char *why,
			 struct claim_outcome *outcome)
{
	if (view->is_cut) {
		set_verdict(outcome, VERDICT_UNKNOWN, WHY_CUT);
		return -ENOENT;
	}
	outcome->lossless[SCOPE_TASK] = true;
	outcome->lossless[SCOPE_ANY] = true;
	outcome->unmissed = ~UINT64_C(0);
	set_verdict(outcome, VERDICT_FAIL, why);
	return -ENOENT;
}

/* Counted from its end of the list, the open must come before anything was dropped. */
static bool is_counted_over_cut(const struct name_view *view, const struct place *place,
				uint64_t open)
{
	if (!view->is_cut || place->from == EVERY)
		return false;
	return place->from == FROM_START ? open >= view->cut_from : open <= view->cut_to;
}

static int open_filter(const struct name_view *view, const struct place *place, size_t instance,
		       struct filter *filter, struct claim_outcome *outcome)
{
	size_t index;

	/* Of every open, one that fails is enough. */
	outcome->counts_opens |= place->from != EVERY;
	if (!place_index(place, instance, view->open_count, &index)) {
		outcome->counts_opens = true;
		return no_such_place(view, "there is no such open of this name", outcome);
	}
	filter->open = view->opens[index];
	if (!is_counted_over_cut(view, place, filter->open))
		return 0;
	set_verdict(outcome, VERDICT_UNKNOWN, WHY_CUT);
	return -ENOENT;
}

/* The indexes of lifetimes tell where some were dropped under a cap. */
static const struct lifetime *find_lifetime(const struct name_view *view, const struct place *place,
					    size_t instance)
{
	const struct name *name = view->name;
	uint64_t total = name->lifetime_count + name->lifetimes_dropped;
	size_t index;

	if (place->from == EVERY)
		return view->lives[instance];
	if (view->is_selected)
		return place_index(place, instance, view->life_count, &index) ? view->lives[index]
									      : NULL;
	if (!place_index(place, instance, (size_t)total, &index))
		return NULL;
	for (size_t i = 0; i < name->lifetime_count; i++) {
		if (name->lifetimes[i]->index == index)
			return name->lifetimes[i];
	}
	return NULL;
}

int place_filter(const struct name_view *view, const struct place *place, size_t instance,
		 struct filter *filter, struct claim_outcome *outcome)
{
	*filter = (struct filter){ .view = view };
	if (place->what == PLACE_NAME)
		return 0;
	if (place->what == PLACE_OPEN)
		return open_filter(view, place, instance, filter, outcome);
	filter->life = find_lifetime(view, place, instance);
	if (filter->life)
		return 0;
	return no_such_place(view, "there is no such lifetime of this name", outcome);
}

int operand_filter(const struct operand_spec *operand, const struct filter *filter,
		   struct filter *own, struct claim_outcome *outcome)
{
	*own = *filter;
	if (!operand->has_place)
		return 0;
	if (operand->place.from != EVERY)
		return place_filter(filter->view, &operand->place, 0, own, outcome);
	*own = (struct filter){
		.view = filter->view,
		.any_open = operand->place.what == PLACE_OPEN,
	};
	return 0;
}

/* --- hops --- */

/* A hop outside of any open belongs to no open, and counts for each of them. */
static bool is_of_selection(const struct filter *filter, uint64_t open)
{
	const struct name_view *view = filter->view;

	return !view->is_selected || !open || view_has_open(view, open);
}

bool is_in(const struct filter *filter, const struct lifetime *life, const struct hop *hop)
{
	if (!is_of_selection(filter, hop->open))
		return false;
	if (filter->life && filter->life != life)
		return false;
	if (filter->any_open && !hop->open)
		return false;
	return !filter->open || filter->open == hop->open;
}

bool has_hop_in(const struct lifetime *life, const struct filter *filter)
{
	if (!filter->open && !filter->any_open && !filter->view->is_selected)
		return !filter->life || filter->life == life;
	for (size_t i = 0; i < life->hops.count; i++) {
		if (is_in(filter, life, &life->hops.items[i]))
			return true;
	}
	return false;
}

int seen_add(struct seen_list *list, const struct seen *seen)
{
	struct seen *items = array_grow(list->items, list->count, &list->room, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count++] = *seen;
	return 0;
}

static struct seen see_hop(const struct hop *hop)
{
	struct seen seen = { .hop = hop, .open = hop->open };

	if (hop->has_addr)
		seen.value = (struct expect_value){ .kind = EXPECT_ADDRESS, .left = hop->addr };
	else if (hop->kind == HOP_FILE && hop->err)
		seen.value = (struct expect_value){ .kind = EXPECT_ERRNO, .number = hop->err };
	else if (hop->kind == HOP_LOOKUP)
		seen.value.kind = hop->dentry ? EXPECT_UNREAD : EXPECT_NULL;
	return seen;
}

static int collect_hops(const struct operand_spec *operand, const struct filter *filter,
			const struct lifetime *life, struct seen_list *list)
{
	for (size_t i = 0; i < life->hops.count; i++) {
		const struct hop *hop = &life->hops.items[i];
		struct seen seen = see_hop(hop);

		if (hop->kind != operand->hop || !is_in(filter, life, hop))
			continue;
		if (seen_add(list, &seen))
			return -ENOMEM;
	}
	return 0;
}

/* Whether the hop's address is that of the name in the dentry. */
static bool shows_pointer(const struct hop *hop)
{
	static const bool before_dentry[HOP_NR] = {
		[HOP_USER] = true,
		[HOP_COPY] = true,
		[HOP_FILENAME] = true,
		[HOP_SOURCE] = true,
	};

	return hop->has_addr && !before_dentry[hop->kind];
}

static int collect_pointer(const struct lifetime *life, struct seen_list *list)
{
	for (size_t i = 0; i < life->hops.count; i++) {
		struct seen seen = see_hop(&life->hops.items[i]);

		if (shows_pointer(seen.hop))
			return seen_add(list, &seen);
	}
	return 0;
}

static int collect_dentry(const struct lifetime *life, struct seen_list *list)
{
	struct seen seen = { .value = { .kind = EXPECT_ADDRESS, .left = life->dentry } };

	return life->dentry ? seen_add(list, &seen) : 0;
}

bool is_open_in(const struct filter *filter, uint64_t open)
{
	struct filter both = *filter;

	if (filter->open)
		return filter->open == open;
	both.open = open;
	return !filter->life || has_hop_in(filter->life, &both);
}

size_t count_opens(const struct filter *filter)
{
	const struct name_view *view = filter->view;
	size_t count = 0;

	for (size_t i = 0; i < view->open_count; i++)
		count += is_open_in(filter, view->opens[i]);
	return count;
}

static int collect_results(const struct filter *filter, struct seen_list *list)
{
	const struct name_view *view = filter->view;

	for (size_t i = 0; i < view->open_count; i++) {
		const struct open_info *info = run_open(view->run, view->opens[i]);
		struct seen seen = { .value.kind = EXPECT_NOTHING, .open = view->opens[i] };

		if (!is_open_in(filter, view->opens[i]))
			continue;
		if (info && info->has_result) {
			seen.value.kind = info->result < 0 ? EXPECT_ERRNO : EXPECT_NUMBER;
			seen.value.number = info->result < 0 ? -info->result : info->result;
		}
		if (seen_add(list, &seen))
			return -ENOMEM;
	}
	return 0;
}

/* The hops of one lifetime are in order; those of several are merged. */
static void sort_by_time(struct seen_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		struct seen seen = list->items[i];
		size_t j = i;

		for (; j && seen.hop && list->items[j - 1].hop->ts > seen.hop->ts; j--)
			list->items[j] = list->items[j - 1];
		list->items[j] = seen;
	}
}

static void pick(const struct operand_spec *operand, struct seen_list *list)
{
	size_t index = 0;

	if (operand->pick == PICK_ALL || !list->count)
		return;
	if (operand->pick == PICK_LAST)
		index = list->count - 1;
	if (operand->pick == PICK_NUMBER && operand->number > list->count) {
		list->count = 0;
		return;
	}
	if (operand->pick == PICK_NUMBER)
		index = (size_t)operand->number - 1;
	list->items[0] = list->items[index];
	list->count = 1;
}

int collect(const struct operand_spec *operand, const struct filter *filter, struct seen_list *list)
{
	const struct name_view *view = filter->view;
	int ret = 0;

	*list = (struct seen_list){ 0 };
	if (operand->kind == TERM_RESULT)
		return collect_results(filter, list);
	for (size_t i = 0; i < view->life_count && !ret; i++) {
		const struct lifetime *life = view->lives[i];

		if (!has_hop_in(life, filter))
			continue;
		if (operand->kind == TERM_POINTER)
			ret = collect_pointer(life, list);
		else if (operand->kind == TERM_DENTRY)
			ret = collect_dentry(life, list);
		else
			ret = collect_hops(operand, filter, life, list);
	}
	if (operand->kind == TERM_HOP) {
		sort_by_time(list);
		pick(operand, list);
	}
	return ret;
}
