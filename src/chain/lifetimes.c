/* SPDX-License-Identifier: MIT */
/*
 * Lifetimes: a dentry bears a name from its birth, or from a rename, to its end. What is known of a
 * dentry that is being freed is kept until another one takes its place.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void dentry_is_inserted(struct correlator *c, uint64_t dentry, const struct hop *by)
{
	map_remove(&c->dying, dentry);
	births_insert(c, dentry, by);
}

void dentry_is_new(struct correlator *c, uint64_t dentry)
{
	struct life *former = life_at(c, dentry);

	if (former)
		life_end(c, former, END_UNKNOWN, NULL);
	map_remove(&c->dying, dentry);
	directory_lost_name(c, dentry);
	directory_evicted(c, dentry);
}

static int drop_middle_lifetime(struct correlator *c, struct tracked_name *name)
{
	struct name *pub = &name->pub;
	size_t at = pub->lifetime_count / 2;
	struct life *life = (struct life *)pub->lifetimes[at];
	int ret = life_tell_negative(c, life, UINT64_MAX);

	life_forget(c, life);
	memmove(pub->lifetimes + at, pub->lifetimes + at + 1,
		(pub->lifetime_count - at - 1) * sizeof(*pub->lifetimes));
	pub->lifetime_count--;
	pub->lifetimes_dropped++;
	pub->dropped_without_dentry += !life->pub.dentry;
	life_free(life);
	return ret;
}

struct life *life_start(struct correlator *c, struct tracked_name *name, uint64_t dentry,
			enum born born, int *ret)
{
	struct life *former = life_at(c, dentry);
	struct life *life;
	struct lifetime **grown;

	*ret = 0;
	if (former)
		life_end(c, former, END_UNKNOWN, NULL);
	if (name->pub.lifetime_count >= c->options.max_lifetimes)
		*ret = drop_middle_lifetime(c, name);
	if (*ret)
		return NULL;
	*ret = -ENOMEM;
	grown = realloc(name->pub.lifetimes,
			(name->pub.lifetime_count + 1) * sizeof(*name->pub.lifetimes));
	if (!grown)
		return NULL;
	name->pub.lifetimes = grown;
	life = calloc(1, sizeof(*life));
	if (!life)
		return NULL;
	if (dentry && map_put(&c->lives, dentry, life)) {
		free(life);
		return NULL;
	}
	life->pub.name = &name->pub;
	life->pub.dentry = dentry;
	life->pub.born = born;
	life->pub.negative = IS_UNKNOWN;
	life->pub.end = dentry ? END_ALIVE : END_UNKNOWN;
	life->pub.index = name->next_index++;
	life->seen = c->epoch[SCOPE_ANY];
	c->kept += life_size(life);
	name->live += dentry ? 1 : 0;
	grown[name->pub.lifetime_count++] = &life->pub;
	map_remove(&c->dying, dentry);
	directory_named(c, life);
	*ret = 0;
	return life;
}

struct life *life_without_dentry(struct correlator *c, struct tracked_name *name, int *ret)
{
	size_t count = name->pub.lifetime_count;
	struct life *last = count ? (struct life *)name->pub.lifetimes[count - 1] : NULL;

	*ret = 0;
	return last && !last->pub.dentry ? last : life_start(c, name, 0, BORN_NOT, ret);
}

/*
 * The kernel may still answer from a dentry that is being freed, as long as it is in the hash. A
 * drop is recorded where it begins, and who drops may be kept from the processor there: that the
 * dentry is out of the hash is not sure before another one is inserted at its address. Until then
 * the address proves which dentry it is, though its directory was evicted as well.
 */
static bool was_found_dying(const struct correlator *c, const struct life *life,
			    const struct identity *identity, uint64_t since)
{
	if (!life || !bears_component(life, identity))
		return false;
	if (since != UINT64_MAX && births_sees_inserts(c) && life->seen == c->epoch[SCOPE_ANY])
		return true;
	return is_same_name(life, identity) && (!life->is_dropped || life->dropped_ts >= since);
}

/* The record of its end came before that of the lookup which found it. */
static void end_as_before(struct correlator *c, struct life *life)
{
	struct hop by = { 0 };
	enum lifetime_end end = births_ended(c, life->pub.dentry, &by);

	if (end == END_UNKNOWN)
		life->pub.end = END_UNKNOWN;
	if (end != END_EVICTED && end != END_UNHASHED)
		return;
	life->is_dropped = end == END_UNHASHED;
	life->dropped_ts = by.ts;
	life_end(c, life, end, &by);
}

static struct tracked_name *name_found(struct correlator *c, const struct identity *identity,
				       uint64_t dentry, int *ret)
{
	struct tracked_name *name = name_get(c, identity, ret);

	if (!name)
		return NULL;
	*ret = directory_rejoin(c, name, dentry);
	if (*ret > 0)
		name = name_get(c, identity, ret);
	return *ret ? NULL : name;
}

struct life *life_found(struct correlator *c, const struct identity *identity, uint64_t dentry,
			uint64_t since, int *ret)
{
	struct life *life = life_at(c, dentry);
	struct tracked_name *name;

	*ret = 0;
	if (life && is_same_name(life, identity))
		return life;
	if (!life && was_found_dying(c, life_dying(c, dentry), identity, since))
		return life_dying(c, dentry);
	name = name_found(c, identity, dentry, ret);
	life = name ? life_start(c, name, dentry, BORN_UNKNOWN, ret) : NULL;
	if (!life)
		return NULL;
	births_tell(c, &life->pub);
	/* What a file or an insert shows at that address is another one. */
	if (since != UINT64_MAX)
		end_as_before(c, life);
	return life;
}
