/* SPDX-License-Identifier: MIT */
/*
 * The self-test: records what a thread does (scene.c), and gives up the probes whose records do not
 * show that (proof.c).
 */
#include "tracing/selftest.h"

#include <event-parse.h>

#include "proof.h"
#include "scene.h"
#include "tracing/arm.h"
#include "tracing/counts.h"
#include "tracing/decode_live.h"
#include "tracing/stream.h"
#include "util/message.h"

/* --- the records ------------------------------------------------------------------------------ */

struct reading {
	const struct decoder *decoder;
	struct proof *proof;
	struct costing costing;
	bool has_loss;
};

static int take_record(void *context, const struct raw_record *raw)
{
	struct reading *reading = context;
	struct record records[POINT_NR];
	int count = decode(reading->decoder, raw, records);

	for (int i = 0; i < count; i++)
		proof_record(reading->proof, &records[i]);
	if (count > 0 && records->tid == reading->proof->facts->tid)
		cost_record(&reading->costing, raw, &records[count - 1]);
	return 0;
}

static int take_loss(void *context, const struct loss *loss)
{
	struct reading *reading = context;

	(void)loss;
	reading->has_loss = true;
	return 0;
}

static void expect_fields(const struct decoder *decoder, struct proof *proof)
{
	for (int role = 0; role < ROLE_NR; role++) {
		for (int point = 0; point < POINT_NR; point++)
			proof->probes[role][point].planned =
				decoder_fields(decoder, (enum role)role, (enum point)point);
	}
}

/**
 * struct trial - what is tested, and where; see selftest_run()
 */
struct trial {
	struct session *session;
	struct plan *plan;
	struct instance *instance;
	const struct tid_list *waiting;
	struct selftest *result;
};

static int know_events(const struct trial *trial)
{
	struct selftest *result = trial->result;

	if (result->decoder)
		return 0;
	return decoder_for_session(trial->session, trial->plan, &result->tep, &result->decoder);
}

/* Tracing is on while the actor acts, and off before the records are read. */
static int watch(const struct trial *trial, struct actor *actor, struct proof *proof)
{
	struct reading reading = {
		.decoder = trial->result->decoder,
		.proof = proof,
		.costing.plan = trial->plan,
	};
	const struct record_sink sink = { take_record, take_loss, &reading };
	bool *is_whole = &trial->result->is_whole;
	struct instance *instance = trial->instance;
	struct stream *stream = NULL;
	int ret = stream_new(&instance, 1, false, &stream);

	expect_fields(reading.decoder, proof);
	if (!ret)
		ret = instance_tracing(instance, true);
	if (!ret) {
		*is_whole = actor_end(actor, true) && actor->scene->place.kind->keeps_negative;
		ret = instance_tracing(instance, false);
	}
	if (!ret)
		ret = merge_rest(stream_pages(stream), &sink);
	*is_whole &= !reading.has_loss;
	trial->result->cost = reading.costing.cost;
	stream_free(stream);
	return ret;
}

/* One list for all: a second one would cost the kernel a grace period. */
static int select_actor(const struct trial *trial, pid_t tid)
{
	struct tid_list pids = { 0 };
	const struct task_filter selection = { .pids = &pids, .follow_fork = true };
	int ret = tid_list_add(&pids, tid);

	for (size_t i = 0; i < trial->waiting->count && !ret; i++)
		ret = tid_list_add(&pids, trial->waiting->items[i]);
	if (!ret)
		ret = instance_select(trial->instance, &selection);
	tid_list_release(&pids);
	return ret;
}

static int play(const struct trial *trial, struct scene *scene, struct proof *proof)
{
	const struct plan *plan = trial->plan;
	struct actor actor;
	int ret = actor_start(&actor, scene);

	if (ret)
		return ret;
	ret = select_actor(trial, scene->facts.tid);
	for (size_t i = 0; i < plan->count && !ret; i++) {
		if (has_own_event(&plan->probes[i]))
			ret = instance_enable(trial->instance, &plan->probes[i]);
	}
	if (!ret)
		ret = know_events(trial);
	if (!ret)
		ret = watch(trial, &actor, proof);
	actor_end(&actor, false);
	return ret ? ret : instance_empty(trial->instance);
}

/* --- the verdicts ----------------------------------------------------------------------------- */

/* What the test says of a probe: PROOF_HOLDS, or why its role needs another function. */
static enum proof_verdict judge_probe(const struct trial *trial, const struct proof *proof,
				      struct planned *planned, char *why)
{
	enum proof_verdict verdict;

	if (!is_armed(planned) || planned->is_proved)
		return PROOF_HOLDS;
	verdict = proof_verdict(proof, planned->probe->role, planned->probe->point, why);
	planned->is_proved = verdict == PROOF_HOLDS;
	/* A probe without a proof is no contradiction if not everything could be tried. */
	if (verdict == PROOF_UNTRIED || (verdict == PROOF_SILENT && !trial->result->is_whole))
		return PROOF_HOLDS;
	return verdict;
}

/* Entry and return of a role get another function at once: nothing was seen of that yet. */
static int judge(const struct trial *trial, const struct proof *proof, bool *again)
{
	struct plan *plan = trial->plan;
	enum role renewed = ROLE_NR;

	for (size_t i = 0; i < plan->count; i++) {
		struct planned *planned = &plan->probes[i];
		enum role role = planned->probe->role;
		enum proof_verdict verdict;
		char why[PROOF_REASON];
		int ret;

		if (role == renewed)
			continue;
		verdict = judge_probe(trial, proof, planned, why);
		if (verdict == PROOF_HOLDS)
			continue;
		debug("self-test: %s is not used for '%s': %s", planned->symbol, role_name(role),
		      why);
		decoder_forget(&trial->result->tep, &trial->result->decoder);
		ret = arm_next(trial->session, plan, role,
			       verdict == PROOF_SILENT ? PROBE_SILENT : PROBE_REFUSED, why);
		if (ret)
			return ret;
		renewed = role;
		*again |= is_armed(planned);
	}
	return 0;
}

static bool is_proved(const struct plan *plan, enum role role)
{
	for (int point = 0; point < POINT_NR; point++) {
		const struct planned *planned = plan_find(plan, role, (enum point)point);

		if (!is_armed(planned) || !planned->is_proved)
			return false;
	}
	return true;
}

static void spare_slow(struct plan *plan, const struct proof *proof)
{
	bool is_spared = proof_spares_slow(proof) && is_proved(plan, ROLE_LOOKUP_REF) &&
			 is_proved(plan, ROLE_LOOKUP_SLOW);

	for (int point = 0; point < POINT_NR; point++)
		plan_find(plan, ROLE_LOOKUP_SLOW, (enum point)point)->is_spared = is_spared;
}

static int run_once(const struct trial *trial, bool *again)
{
	struct scene scene;
	struct proof proof = { .facts = &scene.facts };
	int ret;

	*again = false;
	if (!scene_set(&scene)) {
		note("no writable directory has room: the probes are used without a self-test");
		return 0;
	}
	scene.tries_path_calls = plan_find(trial->plan, ROLE_PATH, POINT_ENTRY);
	scene.tries_users = plan_find(trial->plan, ROLE_OPENER, POINT_ENTRY);
	trial->result->directory_kind = scene.place.kind->name;
	ret = play(trial, &scene, &proof);
	scene_clear(&scene);
	if (!ret)
		ret = judge(trial, &proof, again);
	if (!ret)
		spare_slow(trial->plan, &proof);
	return ret;
}

int selftest_run(struct session *session, struct plan *plan, struct instance *instance,
		 const struct tid_list *waiting, struct selftest *result)
{
	const struct trial trial = { session, plan, instance, waiting, result };
	bool again = true;
	int ret = 0;

	*result = (struct selftest){ .is_whole = false };
	/* Each round gives up at least one candidate, and there are few. */
	while (again && !ret)
		ret = run_once(&trial, &again);
	if (ret)
		decoder_forget(&result->tep, &result->decoder);
	return ret;
}
