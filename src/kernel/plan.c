/* SPDX-License-Identifier: MIT */
/*
 * The choice: for each row of the role table the first candidate that this kernel has, lets us
 * probe, and whose arguments are what the row reads. Says why for every other one; changes nothing.
 */
#include "kernel/plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/definition.h"

/* do_filp_open sleeps (FIFOs, network file systems): one instance for each task that does. */
#define DEFAULT_MAX_ACTIVE 512

#define MAX_REASON 256

__attribute__((format(printf, 2, 3))) static void say(char *reason, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, MAX_REASON, fmt, args);
	va_end(args);
}

/* @reject's entry for @symbol: "ROLE:SYMBOL" or "ROLE:SYMBOL:WHY". */
static bool is_rejected(const struct plan_options *options, enum role role, const char *symbol,
			char *reason)
{
	const char *const *entry = options->reject;
	char key[MAX_REASON];
	size_t len;

	say(key, "%s:%s", role_name(role), symbol);
	len = strlen(key);
	for (; entry && *entry; entry++) {
		if (strncmp(*entry, key, len) || ((*entry)[len] && (*entry)[len] != ':'))
			continue;
		say(reason, "rejected: %s",
		    (*entry)[len] ? *entry + len + 1 : "not to be used in this run");
		return true;
	}
	return false;
}

/* Whether kallsyms and available_filter_functions allow @name. */
static bool can_probe(const struct symbols *symbols, const char *name, char *reason)
{
	struct symbol symbol;

	symbols_find(symbols, name, &symbol);
	if (symbol.count > 1)
		say(reason, "%u functions of this name (EADDRNOTAVAIL)", symbol.count);
	else if (symbol.only_cold)
		say(reason, "only its '.cold' part is left, the rest is inlined");
	else if (!symbol.count && symbol.clone)
		say(reason, "only the clone '%s' is left, whose arguments may have moved",
		    symbol.clone);
	else if (!symbol.count && !symbols_know_all(symbols))
		say(reason, "not in available_filter_functions");
	else if (!symbol.count)
		say(reason, "no such function");
	else if (!symbol.probeable)
		say(reason, "is inlined or notrace: not in available_filter_functions");
	else
		return true;
	return false;
}

/* The same from the BTF, if the symbols have not been read. */
static bool may_probe(const struct layout *layout, const struct candidate *candidate, char *reason)
{
	if (candidate->is_inline)
		say(reason, "is inline in the source, and its other copies are notrace");
	else if (!layout_has_function(layout, candidate->symbol))
		say(reason, "no such function in the BTF");
	else
		return true;
	return false;
}

/* The structure that @fetch has to point to, because something is read through it; NULL for any. */
static const char *pointed_to(const struct role_probe *probe, const struct fetch *fetch, char *name,
			      size_t size)
{
	const struct fetch *reader = probe->fetches;

	for (; reader->kind != FETCH_END; reader++) {
		if ((reader->kind != FETCH_MEMBER && reader->kind != FETCH_PAIR) ||
		    reader->base != fetch->field)
			continue;
		snprintf(name, size, "%.*s", (int)strcspn(reader->path, "."), reader->path);
		return name;
	}
	return NULL;
}

static bool fits_fetch(const struct layout *layout, const struct role_probe *probe,
		       const struct fetch *fetch, const char *symbol, char *reason)
{
	int arg = fetch->kind == FETCH_ARG ? fetch->arg : 0;
	char name[64];
	const char *structure = pointed_to(probe, fetch, name, sizeof(name));

	/* -ENOENT is a function that the BTF does not know: nothing speaks against it. */
	if (arg && layout_check_argument(layout, symbol, arg) == -EINVAL) {
		say(reason, "has no argument %d in this kernel", arg);
		return false;
	}
	if (!structure || layout_check_pointer(layout, symbol, arg, structure) != -EINVAL)
		return true;
	if (arg)
		say(reason, "its argument %d is no struct %s * in this kernel", arg, structure);
	else
		say(reason, "it does not return a struct %s * in this kernel", structure);
	return false;
}

/* Whether @symbol takes and returns what the rows of @role read, as far as the BTF tells. */
static bool fits_prototype(const struct layout *layout, enum role role, const char *symbol,
			   char *reason)
{
	for (int point = 0; point < POINT_NR; point++) {
		const struct role_probe *probe = role_probe_find(role, (enum point)point);
		const struct fetch *fetch = probe ? probe->fetches : NULL;

		for (; fetch && fetch->kind != FETCH_END; fetch++) {
			if (fetch->kind != FETCH_ARG && fetch->kind != FETCH_RETVAL)
				continue;
			if (fetch->only && strcmp(fetch->only, symbol))
				continue;
			if (!fits_fetch(layout, probe, fetch, symbol, reason))
				return false;
		}
	}
	return true;
}

/* Goes by role alone, so that entry and return of a role come to the same function. */
static bool is_fit(const struct plan_source *source, enum role role,
		   const struct candidate *candidate, char *reason)
{
	const char *symbol = candidate->symbol;

	return !is_rejected(source->options, role, symbol, reason) &&
	       (source->symbols ? can_probe(source->symbols, symbol, reason)
				: may_probe(source->layout, candidate, reason)) &&
	       fits_prototype(source->layout, role, symbol, reason);
}

/* Goes on after what was tried before. */
static int choose(const struct plan_source *source, struct planned *planned)
{
	const struct candidate *candidates = planned->probe->candidates;

	while (planned->tried_count < ROLE_MAX_CANDIDATES &&
	       candidates[planned->tried_count].symbol) {
		int i = planned->tried_count++;
		struct tried *tried = &planned->tried[i];
		char reason[MAX_REASON];

		tried->symbol = candidates[i].symbol;
		if (is_fit(source, planned->probe->role, &candidates[i], reason)) {
			planned->symbol = tried->symbol;
			planned->choice = i;
			planned->state = candidates[i].substitutes ? PROBE_SUBSTITUTE : PROBE_EXACT;
			return 0;
		}
		tried->why = strdup(reason);
		if (!tried->why)
			return -ENOMEM;
	}
	return 0;
}

/* Why no candidate was chosen: the reason of each, joined. */
static int join_reasons(struct planned *planned)
{
	size_t size;
	FILE *text = open_memstream(&planned->why, &size);

	if (!text)
		return -ENOMEM;
	for (int i = 0; i < planned->tried_count; i++)
		fprintf(text, "%s%s: %s", i ? "; " : "", planned->tried[i].symbol,
			planned->tried[i].why);
	return fclose(text) ? -ENOMEM : 0;
}

static int refuse_layout(struct planned *planned)
{
	const char *missing = planned->left_out ? planned->left_out : "the definition is too long";

	planned->state = PROBE_REFUSED;
	planned->choice = -1;
	if (asprintf(&planned->why, "%s: its fields cannot be fetched: %s", planned->symbol,
		     missing) < 0) {
		planned->why = NULL;
		return -ENOMEM;
	}
	planned->symbol = NULL;
	return 0;
}

/* The row whose definition shows what @planned is about: the return's may tell the entry, too. */
static const struct role_probe *definer(struct planned *planned,
					const struct definition_options *options)
{
	const struct role_probe *ret = role_probe_find(planned->probe->role, POINT_RETURN);

	if (ret && definition_point(ret, options) == POINT_CALL) {
		planned->point = POINT_CALL;
		planned->is_in_return = planned->probe->point == POINT_ENTRY;
		return ret;
	}
	planned->point = planned->probe->point;
	return planned->probe;
}

static int define(const struct plan_source *source, struct planned *planned)
{
	const struct plan_options *options = source->options;
	const struct definition_options wanted = {
		.group = options->group,
		.root = options->root,
		.selection = options->selection,
		.max_active = options->max_active ? options->max_active : DEFAULT_MAX_ACTIVE,
		.layout = source->layout,
		.registers = options->registers,
		.fetches_at_return = options->fetches_at_return,
	};
	const struct role_probe *probe = definer(planned, &wanted);
	int ret = definition_make(probe, planned->symbol, &wanted, &planned->definition,
				  &planned->left_out);

	if (ret == -ENOENT)
		return refuse_layout(planned);
	if (!ret && planned->is_in_return) {
		free(planned->definition);
		free(planned->left_out);
		planned->definition = planned->left_out = NULL;
	}
	return ret;
}

static int decide(const struct plan_source *source, struct planned *planned)
{
	int ret = choose(source, planned);

	if (ret)
		return ret;
	return planned->symbol ? define(source, planned) : join_reasons(planned);
}

static bool is_wanted(const struct plan_options *options, enum role role)
{
	if (is_user_role(role))
		return options->users;
	return options->path_calls || !is_path_call_role(role);
}

int plan_make(const struct plan_source *source, struct plan **plan)
{
	struct plan *new = calloc(1, sizeof(*new));

	if (!new)
		return -ENOMEM;
	new->source = *source;
	new->group = strdup(source->options->group);
	new->probes = calloc(role_probes_count, sizeof(*new->probes));
	if (!new->group || !new->probes)
		goto err_free;
	for (size_t i = 0; i < role_probes_count; i++) {
		struct planned *planned = &new->probes[new->count];

		if (!is_wanted(source->options, role_probes[i].role))
			continue;
		*planned = (struct planned){ .probe = &role_probes[i],
					     .point = role_probes[i].point,
					     .state = PROBE_REFUSED,
					     .choice = -1 };
		new->count++;
		if (decide(source, planned))
			goto err_free;
	}
	if (source->symbols && !symbols_know_probeable(source->symbols)) {
		new->assumed = strdup("without available_filter_functions every function in "
				      "kallsyms is taken to be probeable; the kernel may refuse "
				      "some (__d_add, on every kernel seen)");
		if (!new->assumed)
			goto err_free;
	}
	*plan = new;
	return 0;

err_free:
	plan_free(new);
	return -ENOMEM;
}

/* Back to where choose() can go on: only what was tried is kept. */
static int drop_choice(struct planned *planned, const char *why)
{
	struct tried *last = &planned->tried[planned->tried_count - 1];

	free(planned->definition);
	free(planned->left_out);
	free(planned->why);
	planned->definition = planned->left_out = planned->why = NULL;
	planned->symbol = NULL;
	planned->choice = -1;
	planned->is_proved = planned->is_in_return = planned->is_spared = false;
	planned->state = PROBE_REFUSED;
	last->why = strdup(why);
	return last->why ? 0 : -ENOMEM;
}

int plan_next(struct plan *plan, enum role role, enum probe_state state, const char *why)
{
	for (int point = 0; point < POINT_NR; point++) {
		struct planned *planned = plan_find(plan, role, (enum point)point);
		int ret;

		if (!planned || !planned->symbol)
			continue;
		ret = drop_choice(planned, why);
		if (!ret)
			ret = decide(&plan->source, planned);
		if (ret)
			return ret;
		if (!planned->symbol)
			planned->state = state;
	}
	return 0;
}

static void free_planned(struct planned *planned)
{
	for (int i = 0; i < planned->tried_count; i++)
		free(planned->tried[i].why);
	free(planned->why);
	free(planned->definition);
	free(planned->left_out);
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->count; i++)
		free_planned(&plan->probes[i]);
	free(plan->probes);
	free(plan->group);
	free(plan->assumed);
	free(plan);
}

struct planned *plan_find(const struct plan *plan, enum role role, enum point point)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct role_probe *probe = plan->probes[i].probe;

		if (probe->role == role && probe->point == point)
			return &plan->probes[i];
	}
	return NULL;
}

void planned_event(const struct planned *planned, char *name)
{
	event_name(planned->probe->role, planned->point, name);
}

bool plan_is_whole(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->probes[i].symbol)
			return false;
	}
	return true;
}

int plan_doubts(const struct planned *planned, const struct symbols *symbols, char **why)
{
	char reason[MAX_REASON];

	*why = NULL;
	if (can_probe(symbols, planned->symbol, reason))
		return 0;
	*why = strdup(reason);
	return *why ? 0 : -ENOMEM;
}

bool is_armed(const struct planned *planned)
{
	return planned->state == PROBE_EXACT || planned->state == PROBE_SUBSTITUTE;
}

bool has_own_event(const struct planned *planned)
{
	return is_armed(planned) && !planned->is_in_return;
}

/* Entry and return of a role have the same candidates: what was tried is told once. */
static bool tells_choice(const struct planned *planned)
{
	return planned->probe->point == POINT_ENTRY ||
	       !role_probe_find(planned->probe->role, POINT_ENTRY);
}

static void print_choice(const struct planned *planned, const char *event, FILE *out)
{
	for (int i = 0; i < planned->tried_count; i++) {
		if (planned->tried[i].why)
			fprintf(out, "# %s: not %s: %s\n", event, planned->tried[i].symbol,
				planned->tried[i].why);
	}
	if (planned->state == PROBE_SUBSTITUTE)
		fprintf(out, "# %s: %s %s\n", event, planned->symbol,
			planned->probe->candidates[planned->choice].substitutes);
}

static void print_planned(const struct planned *planned, FILE *out)
{
	char event[EVENT_NAME_SIZE];

	planned_event(planned, event);
	if (is_armed(planned) && tells_choice(planned))
		print_choice(planned, event, out);
	if (is_armed(planned) && planned->left_out)
		fprintf(out, "# %s: left out: %s\n", event, planned->left_out);
	if (planned->why)
		fprintf(out, "# %s: %s: %s\n", event, probe_state_name(planned->state),
			planned->why);
	if (has_own_event(planned))
		fprintf(out, "%s\n", planned->definition);
}

void plan_print(const struct plan *plan, FILE *out)
{
	if (plan->assumed)
		fprintf(out, "# assumed: %s\n", plan->assumed);
	for (size_t i = 0; i < plan->count; i++)
		print_planned(&plan->probes[i], out);
}
