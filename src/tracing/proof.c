/* SPDX-License-Identifier: MIT */
/*
 * Each probe is compared with what it has to show of the self-test's doings: a path, a component, a
 * dentry, a pointer, a result.
 */
#include "proof.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a record of a probe has to show to be one of ours. */
enum shown {
	SHOWS_NOTHING,
	SHOWS_UPTR,	 /* the user pointer of an open */
	SHOWS_RESULT,	 /* what the open returned */
	SHOWS_PATH,	 /* the path of an open */
	SHOWS_COMPONENT, /* one of the names, whole */
	SHOWS_ASKED,	 /* the component that was looked up before, by its address */
	SHOWS_DENTRY,	 /* a dentry that bore one of the names */
	SHOWS_CHILD,	 /* the process that was started */
	SHOWS_EXEC,	 /* made by that process */
	SHOWS_ROOT,	 /* the root of the file system that ftopen's own root is */
	SHOWS_COMM,	 /* the name that the thread got */
	SHOWS_HANDLE,	 /* where an open by handle began */
	SHOWS_HANDLED,	 /* what it returned */
	SHOWS_HANDLER,	 /* the flags of a signal handler */
	SHOWS_LOOK,	 /* made by the thread that got a signal */
	SHOWS_USER,	 /* the user that the thread was for a while */
	SHOWS_CALL,	 /* that a path call was made */
	SHOWS_REFUSAL,	 /* that it failed as it had to */
};

static const enum shown evidence[ROLE_NR][POINT_NR] = {
	[ROLE_SYSCALL] = { SHOWS_UPTR, SHOWS_RESULT },
	[ROLE_GETNAME] = { SHOWS_NOTHING, SHOWS_PATH },
	[ROLE_OPEN] = { SHOWS_PATH, SHOWS_COMPONENT },
	[ROLE_HANDLE] = { SHOWS_HANDLE, SHOWS_HANDLED },
	[ROLE_OPEN_ROOT] = { SHOWS_NOTHING, SHOWS_COMPONENT },
	[ROLE_LOOKUP_FAST] = { SHOWS_COMPONENT, SHOWS_DENTRY },
	[ROLE_LOOKUP_REF] = { SHOWS_COMPONENT, SHOWS_DENTRY },
	[ROLE_LOOKUP_SLOW] = { SHOWS_COMPONENT, SHOWS_DENTRY },
	[ROLE_ALLOC] = { SHOWS_ASKED, SHOWS_COMPONENT },
	[ROLE_PARALLEL] = { SHOWS_NOTHING, SHOWS_COMPONENT },
	[ROLE_INSERT] = { SHOWS_COMPONENT },
	[ROLE_REHASH] = { SHOWS_DENTRY },
	[ROLE_INSTANTIATE] = { SHOWS_DENTRY },
	[ROLE_DELETE] = { SHOWS_DENTRY },
	[ROLE_DROP] = { SHOWS_DENTRY },
	[ROLE_RENAME] = { SHOWS_COMPONENT },
	[ROLE_EVICT] = { SHOWS_DENTRY },
	[ROLE_TASK] = { SHOWS_CHILD },
	[ROLE_EXEC] = { SHOWS_EXEC },
	[ROLE_CHROOT] = { SHOWS_ROOT },
	[ROLE_COMM] = { SHOWS_COMM },
	[ROLE_SIGNAL] = { SHOWS_HANDLER },
	[ROLE_DELIVERY] = { SHOWS_LOOK },
	[ROLE_OPENER] = { SHOWS_USER },
	[ROLE_CREDS] = { SHOWS_USER },
	[ROLE_PATH] = { SHOWS_PATH },
	[ROLE_PARENT] = { SHOWS_PATH },
	[ROLE_CALL_STAT] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_ACCESS] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_READLINK] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_CHDIR] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_UNLINK] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_RMDIR] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_RENAME] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_MKDIR] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_LINK] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_SYMLINK] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_MKNOD] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_CHMOD] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_CHOWN] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_UTIMES] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_TRUNCATE] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_STATFS] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_GETXATTR] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_SETXATTR] = { SHOWS_CALL, SHOWS_REFUSAL },
	[ROLE_CALL_LISTXATTR] = { SHOWS_CALL, SHOWS_REFUSAL },
};

__attribute__((format(printf, 2, 3))) static void contradict(struct probe_proof *probe,
							     const char *fmt, ...)
{
	va_list args;

	if (probe->wrong[0])
		return;
	va_start(args, fmt);
	vsnprintf(probe->wrong, sizeof(probe->wrong), fmt, args);
	va_end(args);
}

static bool is_text(const struct record *record, const char *text)
{
	size_t len = strlen(text);

	return has_field(record, FIELD_STRING) && record->str_len == len &&
	       !memcmp(record->str, text, len);
}

/* The name that @record's string begins with: a qstr's text runs on to the end of the path. */
static const char *name_of(const struct proof *proof, const struct record *record)
{
	for (size_t i = 0; i < PROOF_NAMES; i++) {
		const char *name = proof->facts->names[i];
		size_t len = name ? strlen(name) : 0;

		if (len && has_field(record, FIELD_STRING) && record->str_len >= len &&
		    !memcmp(record->str, name, len))
			return name;
	}
	return NULL;
}

static struct proof_dentry *dentry_of(struct proof *proof, const struct record *record)
{
	for (size_t i = 0; i < proof->dentry_count && has_field(record, FIELD_DENTRY); i++) {
		if (proof->dentries[i].address == record->value[FIELD_DENTRY])
			return &proof->dentries[i];
	}
	return NULL;
}

static void learn_dentry(struct proof *proof, const struct record *record)
{
	struct proof_dentry *dentry = dentry_of(proof, record);

	if (!dentry && has_field(record, FIELD_DENTRY) && proof->dentry_count < PROOF_DENTRIES)
		dentry = &proof->dentries[proof->dentry_count++];
	if (dentry)
		*dentry = (struct proof_dentry){
			.address = record->value[FIELD_DENTRY],
			.name = has_field(record, FIELD_NAME) && record->role != ROLE_RENAME
					? record->value[FIELD_NAME]
					: 0,
		};
}

static void learn_asked(struct proof *proof, const struct record *record)
{
	if (!has_field(record, FIELD_HASH) || !has_field(record, FIELD_NAME))
		return;
	proof->asked = record->value[FIELD_NAME];
	proof->asked_len = record->value[FIELD_LEN];
}

static const struct proof_open *open_by_path(const struct proof *proof, const struct record *record)
{
	for (size_t i = 0; i < proof->facts->open_count; i++) {
		if (is_text(record, proof->facts->opens[i].path))
			return &proof->facts->opens[i];
	}
	return NULL;
}

static const struct proof_open *open_by_uptr(const struct proof *proof, const struct record *record)
{
	for (size_t i = 0; i < proof->facts->open_count; i++) {
		if (has_field(record, FIELD_UPTR) &&
		    record->value[FIELD_UPTR] == proof->facts->opens[i].uptr)
			return &proof->facts->opens[i];
	}
	return NULL;
}

static void check_number(struct probe_proof *probe, const struct record *record, enum field field,
			 uint64_t wanted)
{
	if (has_field(record, field) && record->value[field] != wanted)
		contradict(probe, "%s reads %" PRIu64 ", and it was %" PRIu64, field_name(field),
			   record->value[field], wanted);
}

/* All names were used in one directory. */
static void check_place(const struct proof *proof, struct probe_proof *probe,
			const struct record *record)
{
	const struct proof_facts *facts = proof->facts;

	if (facts->has_place) {
		check_number(probe, record, FIELD_DIR_INO, facts->dir_ino);
		check_number(probe, record, FIELD_DEV, facts->dev);
	}
	if (facts->has_gen)
		check_number(probe, record, FIELD_DIR_GEN, facts->dir_gen);
}

/* A dentry that is allocated anew has a name of its own from then on. */
static void check_name(struct proof *proof, struct probe_proof *probe, const struct record *record)
{
	struct proof_dentry *dentry = dentry_of(proof, record);

	if (!dentry || !has_field(record, FIELD_STRING))
		return;
	dentry->has_ended |= record->role == ROLE_ALLOC;
	if (!dentry->has_ended)
		contradict(probe, "the name of a known dentry reads '%.*s'", (int)record->str_len,
			   record->str);
}

static bool shows_component(struct proof *proof, struct probe_proof *probe,
			    const struct record *record)
{
	const char *name = name_of(proof, record);

	if (!name) {
		check_name(proof, probe, record);
		return false;
	}
	check_number(probe, record, FIELD_LEN, strlen(name));
	check_place(proof, probe, record);
	learn_dentry(proof, record);
	learn_asked(proof, record);
	return true;
}

/* What is allocated is what was looked up in vain. */
static bool shows_asked(const struct proof *proof, struct probe_proof *probe,
			const struct record *record)
{
	if (!has_field(record, FIELD_NAME) || record->value[FIELD_NAME] != proof->asked)
		return false;
	check_number(probe, record, FIELD_LEN, proof->asked_len);
	return true;
}

static bool is_len_of_name(const struct proof *proof, uint64_t len)
{
	for (size_t i = 0; i < PROOF_NAMES; i++) {
		const char *name = proof->facts->names[i];

		if (name && len == strlen(name))
			return true;
	}
	return false;
}

static bool shows_dentry(struct proof *proof, struct probe_proof *probe,
			 const struct record *record)
{
	struct proof_dentry *dentry = dentry_of(proof, record);

	if (!dentry)
		return false;
	if (dentry->name && !dentry->has_ended)
		check_number(probe, record, FIELD_NAME, dentry->name);
	if (!has_field(record, FIELD_LEN) || is_len_of_name(proof, record->value[FIELD_LEN])) {
		dentry->has_ended |= record->role == ROLE_EVICT;
		return true;
	}
	if (!dentry->has_ended)
		contradict(probe, "the length of a known dentry's name reads %" PRIu64,
			   record->value[FIELD_LEN]);
	return false;
}

static bool shows_path(const struct proof *proof, struct probe_proof *probe,
		       const struct record *record)
{
	const struct proof_open *open = open_by_path(proof, record);

	if (!open)
		return false;
	check_number(probe, record, FIELD_UPTR, open->uptr);
	return true;
}

/* One path may be opened twice, with different results. */
static bool is_result_of(const struct proof *proof, const struct proof_open *open, int64_t result)
{
	for (size_t i = 0; i < proof->facts->open_count; i++) {
		const struct proof_open *other = &proof->facts->opens[i];

		if (other->uptr == open->uptr && other->result == result)
			return true;
	}
	return false;
}

static bool shows_result(struct proof *proof, struct probe_proof *probe,
			 const struct record *record)
{
	const struct proof_open *open = proof->pending;

	proof->pending = NULL;
	if (!open || !has_field(record, FIELD_RET))
		return false;
	if (!is_result_of(proof, open, (int64_t)record->value[FIELD_RET]))
		contradict(probe, "it reads %" PRId64 ", and open() gave %d",
			   (int64_t)record->value[FIELD_RET], open->result);
	return true;
}

static bool shows_child(const struct proof *proof, struct probe_proof *probe,
			const struct record *record)
{
	if (!proof->facts->child || !has_field(record, FIELD_PID) ||
	    record->value[FIELD_PID] != (uint64_t)proof->facts->child)
		return false;
	check_number(probe, record, FIELD_TGID, (uint64_t)proof->facts->child);
	return true;
}

/* Which name the root has is not known, but that it has one. */
static bool shows_root(const struct record *record)
{
	return has_field(record, FIELD_STRING) && record->str_len &&
	       (!has_field(record, FIELD_LEN) || record->value[FIELD_LEN] == record->str_len);
}

static bool shows_comm(const struct proof *proof, struct probe_proof *probe,
		       const struct record *record)
{
	if (!is_text(record, proof->facts->comm))
		return false;
	check_number(probe, record, FIELD_PID, (uint64_t)proof->facts->tid);
	return true;
}

static bool shows_number(struct probe_proof *probe, const struct record *record, enum field field,
			 int64_t wanted)
{
	if (!has_field(record, field))
		return false;
	check_number(probe, record, field, (uint64_t)wanted);
	return true;
}

/* The C library adds flags of its own. */
static bool shows_handler(const struct proof *proof, const struct record *record)
{
	uint64_t flags = proof->facts->sa_flags;

	return flags && has_field(record, FIELD_SA_FLAGS) &&
	       (record->value[FIELD_SA_FLAGS] & flags) == flags;
}

static bool shows_user(const struct proof *proof, const struct record *record)
{
	return proof->facts->user && has_field(record, FIELD_EUID) &&
	       record->value[FIELD_EUID] == proof->facts->user;
}

static bool shows_refusal(const struct record *record)
{
	int64_t result = has_field(record, FIELD_RET) ? (int64_t)record->value[FIELD_RET] : 0;

	return result == -ENOENT || result == -EEXIST;
}

static bool is_shown(struct proof *proof, struct probe_proof *probe, const struct record *record)
{
	switch (evidence[record->role][record->point]) {
	case SHOWS_UPTR:
		proof->pending = open_by_uptr(proof, record);
		return proof->pending;
	case SHOWS_RESULT:
		return shows_result(proof, probe, record);
	case SHOWS_PATH:
		return shows_path(proof, probe, record);
	case SHOWS_COMPONENT:
		return shows_component(proof, probe, record);
	case SHOWS_ASKED:
		return shows_asked(proof, probe, record);
	case SHOWS_DENTRY:
		return shows_dentry(proof, probe, record);
	case SHOWS_CHILD:
		return shows_child(proof, probe, record);
	case SHOWS_EXEC:
		return proof->facts->child && record->tid == proof->facts->child;
	case SHOWS_ROOT:
		return shows_root(record);
	case SHOWS_COMM:
		return shows_comm(proof, probe, record);
	case SHOWS_HANDLE:
		return shows_number(probe, record, FIELD_DFD, proof->facts->handle_dfd);
	case SHOWS_HANDLED:
		return shows_number(probe, record, FIELD_RET, proof->facts->handle);
	case SHOWS_HANDLER:
		return shows_handler(proof, record);
	case SHOWS_LOOK:
		return proof->facts->sa_flags && record->tid == proof->facts->tid;
	case SHOWS_USER:
		return shows_user(proof, record);
	case SHOWS_CALL:
		return true;
	case SHOWS_REFUSAL:
		return shows_refusal(record);
	case SHOWS_NOTHING:
		break;
	}
	return false;
}

static bool is_same_lookup(const struct proof_lookup *a, const struct proof_lookup *b)
{
	return a->name == b->name && a->parent == b->parent;
}

/* A record of a whole call comes after those of the calls that it made. */
static void slow_lookup(struct proof *proof, const struct record *record)
{
	if (record->point == POINT_ENTRY) {
		proof->outer = (struct proof_lookup){ record->value[FIELD_PARENT],
						      record->value[FIELD_NAME] };
		proof->is_in_outer = true;
		proof->has_inner = record->is_call && is_same_lookup(&proof->inner, &proof->outer);
		return;
	}
	*(proof->has_inner ? &proof->with_inner : &proof->without_it) += proof->is_in_outer;
	proof->is_in_outer = false;
}

static void note_lookup(struct proof *proof, const struct record *record)
{
	if (record->role == ROLE_LOOKUP_SLOW)
		slow_lookup(proof, record);
	if (record->role != ROLE_LOOKUP_REF || record->point != POINT_ENTRY)
		return;
	proof->inner =
		(struct proof_lookup){ record->value[FIELD_PARENT], record->value[FIELD_NAME] };
	proof->has_inner |= proof->is_in_outer && is_same_lookup(&proof->inner, &proof->outer);
}

bool proof_spares_slow(const struct proof *proof)
{
	return proof->with_inner && !proof->without_it;
}

void proof_record(struct proof *proof, const struct record *record)
{
	struct probe_proof *probe = &proof->probes[record->role][record->point];

	if (record->tid != proof->facts->tid && record->tid != proof->facts->child)
		return;
	probe->fired++;
	if (record->tid == proof->facts->tid)
		note_lookup(proof, record);
	if (!is_shown(proof, probe, record))
		return;
	probe->matched++;
	probe->shown |= record->present;
}

/*
 * What names the directory has to be read: through a wrong offset it may be no pointer, and then
 * the number after it is not wrong, but never there.
 */
static const char *never_read(const struct proof *proof, const struct probe_proof *probe)
{
	static const enum field place[] = { FIELD_DIR_INO, FIELD_DIR_GEN, FIELD_DEV };

	for (size_t i = 0; proof->facts->has_place && i < sizeof(place) / sizeof(place[0]); i++) {
		if (probe->planned & ~probe->shown & FIELD_BIT(place[i]))
			return field_name(place[i]);
	}
	return NULL;
}

/* A function that the compiler has inlined into some of its callers misses what these ask for. */
static bool misses_some(const struct proof_facts *facts, const struct probe_proof *probe,
			enum role role, char *why)
{
	unsigned int made = role < ROLE_CALL_STAT ? 0 : facts->path_calls[role - ROLE_CALL_STAT];

	if (!probe->matched || probe->matched >= made)
		return false;
	snprintf(why, PROOF_REASON, "silent: hit by %" PRIu64 " of %u calls, the others inline it",
		 probe->matched, made);
	return true;
}

/* Not every file system has handles, and not everybody may open by them. */
static bool is_untried(const struct proof_facts *facts, enum role role)
{
	if (role == ROLE_OPEN_ROOT)
		return !facts->has_handle || facts->handle < 0;
	if (role == ROLE_HANDLE)
		return !facts->has_handle;
	if (is_user_role(role))
		return !facts->user;
	return (role == ROLE_SIGNAL || role == ROLE_DELIVERY) && !facts->sa_flags;
}

enum proof_verdict proof_verdict(const struct proof *proof, enum role role, enum point point,
				 char *why)
{
	const struct probe_proof *probe = &proof->probes[role][point];
	const char *missing = probe->matched ? never_read(proof, probe) : NULL;

	if (probe->wrong[0]) {
		snprintf(why, PROOF_REASON, "reads wrongly: %.160s", probe->wrong);
		return PROOF_WRONG;
	}
	if (missing) {
		snprintf(why, PROOF_REASON, "reads wrongly: never the %s of the directory",
			 missing);
		return PROOF_WRONG;
	}
	if (misses_some(proof->facts, probe, role, why))
		return PROOF_SILENT;
	if (probe->matched)
		return PROOF_HOLDS;
	if (is_untried(proof->facts, role))
		return PROOF_UNTRIED;
	if (probe->fired)
		snprintf(why, PROOF_REASON,
			 "silent: hit %" PRIu64 " times, but never for what the self-test opened",
			 probe->fired);
	else
		snprintf(why, PROOF_REASON, "silent: never hit by the self-test");
	return PROOF_SILENT;
}
