/* SPDX-License-Identifier: MIT */
/*
 * Relations and their verdicts. A relation is stated only between hops that the lifetime ought to
 * have, and it is PASS or FAIL only if no record between its hops can be missing.
 */
#include "internal.h"
#include "chain/pair.h"

static struct operand_ref operand(const struct hop *hop)
{
	return (struct operand_ref){
		.what = OPERAND_HOP,
		.hop = (enum hop_kind)hop->kind,
		.has_addr = hop->has_addr,
		.addr = hop->addr,
	};
}

/* The operand for a hop that is missing. */
static struct operand_ref absent(enum hop_kind kind)
{
	return (struct operand_ref){ .what = OPERAND_HOP, .hop = kind };
}

static const char *why_absent(const struct correlator *c, enum hop_kind kind)
{
	static const struct {
		enum role role;
		enum point point;
		const char *not_armed;
		const char *not_seen;
	} reasons[HOP_NR] = {
		[HOP_FILENAME] = { ROLE_OPEN, POINT_ENTRY, "filename: no probe is armed",
				   "filename was not seen" },
		[HOP_SOURCE] = { ROLE_ALLOC, POINT_ENTRY, "source: no probe is armed",
				 "source was not seen" },
		[HOP_ALLOC] = { ROLE_ALLOC, POINT_RETURN, "alloc: no probe is armed",
				"alloc was not seen" },
		[HOP_INSERT] = { ROLE_INSERT, POINT_ENTRY, "insert: no probe is armed",
				 "insert was not seen" },
		[HOP_FILE] = { ROLE_OPEN, POINT_RETURN, "file: no probe is armed",
			       "the file's dentry could not be read" },
	};

	return c->options.armed[reasons[kind].role][reasons[kind].point] ? reasons[kind].not_seen
									 : reasons[kind].not_armed;
}

static const char *why_unknown(const struct correlator *c, const struct hop_pair *pair)
{
	return pair_why_unknown(pair, c->options.armed, c->options.sees_any);
}

static int add(const struct life *life, struct relation *relation)
{
	relation->lifetime = life->pub.index;
	return relation_keep(life_name(life), relation);
}

static int add_unknown(const struct life *life, struct relation *relation, const char *why)
{
	relation->verdict = VERDICT_UNKNOWN;
	relation->why = why;
	return add(life, relation);
}

static int relate_equal(const struct correlator *c, const struct life *life,
			const struct hop_pair *pair, uint64_t open)
{
	const struct hop *left = pair->left, *right = pair->right;
	struct relation relation = {
		.left = operand(left),
		.right = operand(right),
		.op = OP_EQUAL,
		.open = open,
		.is_across = pair_needs_any_task(pair),
	};
	const char *why = why_unknown(c, pair);

	if (!left->has_addr || !right->has_addr)
		why = why_absent(c, left->has_addr ? (enum hop_kind)right->kind
						   : (enum hop_kind)left->kind);
	if (why)
		return add_unknown(life, &relation, why);
	relation.verdict = left->addr == right->addr ? VERDICT_PASS : VERDICT_FAIL;
	return add(life, &relation);
}

int relate_anchor(const struct correlator *c, struct life *life, const struct hop *hop,
		  uint64_t open)
{
	const struct hop_pair pair = { hop, &life->anchor, !open || life->anchor.open != open };

	if (!life->has_anchor || !hop->has_addr)
		return 0;
	/* The hop that showed the pointer proves nothing about itself. */
	if (life->anchor.kind == hop->kind && life->anchor.ts == hop->ts)
		return 0;
	return relate_equal(c, life, &pair, open);
}

static int relate_source(const struct correlator *c, const struct frame *frame,
			 const struct evidence *evidence)
{
	const struct hop *filename = &frame->head[frame->head_count - 1];
	const struct hop *source = &evidence->hop[HOP_SOURCE];
	const struct hop_pair pair = { source, filename, false };
	struct relation relation = {
		.left = absent(HOP_SOURCE),
		.right = operand(filename),
		.op = frame->base ? OP_DIFFERENCE : OP_EQUAL,
		.open = frame->call.id,
		.expected = (int64_t)frame->base,
	};
	const char *why;

	if (frame->base) {
		relation.means = MEANS_PREFIX;
		relation.prefix = (struct bytes){ frame->path, frame->base };
	}
	if (!evidence->has[HOP_SOURCE] || !source->has_addr)
		return add_unknown(evidence->life, &relation, why_absent(c, HOP_SOURCE));
	relation.left = operand(source);
	relation.is_across = pair_needs_any_task(&pair);
	if (!filename->has_addr)
		return add_unknown(evidence->life, &relation, why_absent(c, HOP_FILENAME));
	relation.value = (int64_t)(source->addr - filename->addr);
	relation.has_value = true;
	why = why_unknown(c, &pair);
	if (why)
		return add_unknown(evidence->life, &relation, why);
	relation.verdict = relation.value == relation.expected ? VERDICT_PASS : VERDICT_FAIL;
	return add(evidence->life, &relation);
}

/*
 * Where the copy has to be is known from the component's length: __d_alloc() takes the inline
 * array for what fits with its NUL (5.10 to 7.3), else it allocates.
 */
static int relate_storage(const struct evidence *evidence)
{
	const struct hop *alloc = &evidence->hop[HOP_ALLOC];
	const struct name *name = evidence->life->pub.name;
	bool is_inline = name->component.len < evidence->inline_size;
	struct relation relation = {
		.left = operand(alloc),
		.right = { .what = OPERAND_DENTRY, .has_addr = true, .addr = alloc->dentry },
		.op = is_inline ? OP_DIFFERENCE : OP_OUTSIDE,
		.open = alloc->open,
		.means = is_inline ? MEANS_INLINE : MEANS_SIZE,
		.expected = is_inline ? evidence->inline_at : evidence->dentry_size,
	};
	uint64_t offset = alloc->addr - alloc->dentry;
	bool holds;

	if (!alloc->has_addr)
		return add_unknown(evidence->life, &relation, "the name pointer could not be read");
	if (!evidence->has_inline)
		return add_unknown(evidence->life, &relation,
				   "offset and size of the inline name are not known");
	relation.value = (int64_t)offset;
	relation.has_value = true;
	holds = is_inline ? offset == evidence->inline_at : offset >= evidence->dentry_size;
	relation.verdict = holds ? VERDICT_PASS : VERDICT_FAIL;
	return add(evidence->life, &relation);
}

/* @kind of this open against what the lifetime ought to have shown before, @before. */
static int relate_pair(const struct correlator *c, const struct frame *frame,
		       const struct evidence *evidence, enum hop_kind before, enum hop_kind kind)
{
	const struct hop_pair pair = { &evidence->hop[before], &evidence->hop[kind], false };
	struct relation relation = {
		.left = evidence->has[before] ? operand(&evidence->hop[before]) : absent(before),
		.right = evidence->has[kind] ? operand(&evidence->hop[kind]) : absent(kind),
		.op = OP_EQUAL,
		.open = frame->call.id,
	};

	if (evidence->has[before] && evidence->has[kind])
		return relate_equal(c, evidence->life, &pair, frame->call.id);
	return add_unknown(evidence->life, &relation,
			   why_absent(c, evidence->has[before] ? kind : before));
}

/*
 * A new dentry need not enter the hash: in a casefolded directory it does not, and NFS drops and
 * rehashes it. So an insert that was not seen is not claimed.
 */
static int relate_born_here(const struct correlator *c, const struct frame *frame,
			    const struct evidence *evidence)
{
	bool has_file = evidence->has[HOP_FILE], has_insert = evidence->has[HOP_INSERT];
	bool sees_insert = c->options.armed[ROLE_INSERT][POINT_ENTRY];
	int ret = 0;

	if (evidence->of_path)
		ret = relate_source(c, frame, evidence);
	if (!ret && evidence->has[HOP_ALLOC])
		ret = relate_storage(evidence);
	if (!ret && (has_insert || (has_file && !sees_insert)))
		ret = relate_pair(c, frame, evidence, HOP_ALLOC, HOP_INSERT);
	if (!ret && has_file)
		ret = relate_pair(c, frame, evidence,
				  has_insert || !sees_insert ? HOP_INSERT : HOP_ALLOC, HOP_FILE);
	return ret;
}

/* Without a probe for alloc an insert in the open is taken for what follows one. */
static bool is_born_here(const struct correlator *c, const struct evidence *evidence)
{
	return evidence->has[HOP_ALLOC] ||
	       (evidence->has[HOP_INSERT] && !c->options.armed[ROLE_ALLOC][POINT_RETURN]);
}

int relate_open(const struct correlator *c, const struct frame *frame,
		const struct evidence *evidence)
{
	uint64_t open = frame->call.id;
	int ret = 0;

	if (is_born_here(c, evidence))
		ret = relate_born_here(c, frame, evidence);
	for (size_t i = 0; i < evidence->hit_count && !ret; i++)
		ret = relate_anchor(c, evidence->life, &evidence->hits[i], open);
	if (!ret && evidence->has[HOP_INSTANTIATE])
		ret = relate_anchor(c, evidence->life, &evidence->hop[HOP_INSTANTIATE], open);
	if (!ret && evidence->has[HOP_FILE] && !is_born_here(c, evidence))
		ret = relate_anchor(c, evidence->life, &evidence->hop[HOP_FILE], open);
	return ret;
}

static struct operand_ref pointer_of(const struct lifetime *lifetime)
{
	return (struct operand_ref){
		.what = OPERAND_LIFETIME,
		.hop = HOP_ALLOC,
		.has_addr = true,
		.addr = lifetime->name_ptr,
	};
}

int relate_lifetimes(struct life *life)
{
	const struct name *name = life->pub.name;
	const struct lifetime *before = NULL;
	struct relation relation = {
		.op = OP_DIFFERENCE,
		.verdict = VERDICT_NONE,
		.means = MEANS_LIFETIMES,
		.has_value = true,
	};

	for (size_t i = 0; i < name->lifetime_count && name->lifetimes[i] != &life->pub; i++) {
		if (name->lifetimes[i]->name_ptr)
			before = name->lifetimes[i];
	}
	if (!before || !life->has_anchor)
		return 0;
	relation.left = pointer_of(before);
	relation.right = pointer_of(&life->pub);
	relation.value = (int64_t)(before->name_ptr - life->pub.name_ptr);
	relation.reuse = relation.value == 0 && !life->coming;
	if (relation.value == 0 && life->coming)
		relation.means = life->coming == COMING_EXCHANGE ? MEANS_MOVED : MEANS_SHARED;
	return add(life, &relation);
}
