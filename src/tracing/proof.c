/* SPDX-License-Identifier: MIT */
/*
 * Each probe is compared with what the self-test did: a path, a component, a dentry, a pointer, a
 * result.
 */
#include "proof.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* --- what a record has to show to be one of ours ---------------------------------------------- */

struct showing {
	struct proof *proof;
	struct probe_proof *probe;
	const struct record *record;
};

/* One of the names, whole. */
static bool shows_component(const struct showing *s)
{
	const char *name = name_of(s->proof, s->record);

	if (!name) {
		check_name(s->proof, s->probe, s->record);
		return false;
	}
	check_number(s->probe, s->record, FIELD_LEN, strlen(name));
	check_place(s->proof, s->probe, s->record);
	learn_dentry(s->proof, s->record);
	learn_asked(s->proof, s->record);
	return true;
}

/* The component that was looked up before, by its address: in vain, so it is allocated. */
static bool shows_asked(const struct showing *s)
{
	if (!has_field(s->record, FIELD_NAME) || s->record->value[FIELD_NAME] != s->proof->asked)
		return false;
	check_number(s->probe, s->record, FIELD_LEN, s->proof->asked_len);
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

/* A dentry that had one of the names. */
static bool shows_dentry(const struct showing *s)
{
	const struct record *record = s->record;
	struct proof_dentry *dentry = dentry_of(s->proof, record);

	if (!dentry)
		return false;
	if (dentry->name && !dentry->has_ended)
		check_number(s->probe, record, FIELD_NAME, dentry->name);
	if (!has_field(record, FIELD_LEN) || is_len_of_name(s->proof, record->value[FIELD_LEN])) {
		dentry->has_ended |= record->role == ROLE_EVICT;
		return true;
	}
	if (!dentry->has_ended)
		contradict(s->probe, "the length of a known dentry's name reads %" PRIu64,
			   record->value[FIELD_LEN]);
	return false;
}

/* The path of an open. */
static bool shows_path(const struct showing *s)
{
	const struct proof_open *open = open_by_path(s->proof, s->record);

	if (!open)
		return false;
	check_number(s->probe, s->record, FIELD_UPTR, open->uptr);
	return true;
}

/* The user pointer of an open. */
static bool shows_uptr(const struct showing *s)
{
	s->proof->pending = open_by_uptr(s->proof, s->record);
	return s->proof->pending;
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

/* What that open returned. */
static bool shows_result(const struct showing *s)
{
	const struct proof_open *open = s->proof->pending;
	int64_t result;

	s->proof->pending = NULL;
	if (!open || !has_field(s->record, FIELD_RET))
		return false;
	result = (int64_t)s->record->value[FIELD_RET];
	if (!is_result_of(s->proof, open, result))
		contradict(s->probe, "it reads %" PRId64 ", and open() gave %d", result,
			   open->result);
	return true;
}

/* The process that was started. */
static bool shows_child(const struct showing *s)
{
	uint64_t child = (uint64_t)s->proof->facts->child;

	if (!child || !has_field(s->record, FIELD_PID) || s->record->value[FIELD_PID] != child)
		return false;
	check_number(s->probe, s->record, FIELD_TGID, child);
	return true;
}

/* Made by that process. */
static bool shows_exec(const struct showing *s)
{
	return s->proof->facts->child && s->record->tid == s->proof->facts->child;
}

/* Our root, or where we work: which name it has is not known, but that it has one. */
static bool shows_root(const struct showing *s)
{
	const struct record *record = s->record;

	return has_field(record, FIELD_STRING) && record->str_len &&
	       (!has_field(record, FIELD_LEN) || record->value[FIELD_LEN] == record->str_len);
}

/* The name that the thread got. */
static bool shows_comm(const struct showing *s)
{
	if (!is_text(s->record, s->proof->facts->comm))
		return false;
	check_number(s->probe, s->record, FIELD_PID, (uint64_t)s->proof->facts->tid);
	return true;
}

static bool shows_number(const struct showing *s, enum field field, int64_t wanted)
{
	if (!has_field(s->record, field))
		return false;
	check_number(s->probe, s->record, field, (uint64_t)wanted);
	return true;
}

/* Where an open by handle began. */
static bool shows_handle(const struct showing *s)
{
	return shows_number(s, FIELD_DFD, s->proof->facts->handle_dfd);
}

/* What it returned. */
static bool shows_handled(const struct showing *s)
{
	return shows_number(s, FIELD_RET, s->proof->facts->handle);
}

/* The flags of a signal's handler; the C library adds flags of its own. */
static bool shows_handler(const struct showing *s)
{
	uint64_t flags = s->proof->facts->sa_flags;

	return flags && has_field(s->record, FIELD_SA_FLAGS) &&
	       (s->record->value[FIELD_SA_FLAGS] & flags) == flags;
}

/* Made by the thread that got the signal. */
static bool shows_delivery(const struct showing *s)
{
	return s->proof->facts->sa_flags && s->record->tid == s->proof->facts->tid;
}

/* The user that the thread was for a while. */
static bool shows_user(const struct showing *s)
{
	return s->proof->facts->user && has_field(s->record, FIELD_EUID) &&
	       s->record->value[FIELD_EUID] == s->proof->facts->user;
}

/* That a path call was made: there is a record. */
static bool shows_call(const struct showing *s)
{
	(void)s;
	return true;
}

/* That it failed as it had to. */
static bool shows_refusal(const struct showing *s)
{
	const struct record *record = s->record;
	int64_t result = has_field(record, FIELD_RET) ? (int64_t)record->value[FIELD_RET] : 0;

	return result == -ENOENT || result == -EEXIST;
}

static bool (*const evidence[ROLE_NR][POINT_NR])(const struct showing *s) = {
	[ROLE_SYSCALL] = { shows_uptr, shows_result },
	[ROLE_GETNAME] = { NULL, shows_path },
	[ROLE_OPEN] = { shows_path, shows_component },
	[ROLE_HANDLE] = { shows_handle, shows_handled },
	[ROLE_OPEN_ROOT] = { NULL, shows_component },
	[ROLE_LOOKUP_FAST] = { shows_component, shows_dentry },
	[ROLE_LOOKUP_REF] = { shows_component, shows_dentry },
	[ROLE_LOOKUP_SLOW] = { shows_component, shows_dentry },
	[ROLE_ALLOC] = { shows_asked, shows_component },
	[ROLE_PARALLEL] = { NULL, shows_component },
	[ROLE_INSERT] = { shows_component },
	[ROLE_REHASH] = { shows_dentry },
	[ROLE_INSTANTIATE] = { shows_dentry },
	[ROLE_DELETE] = { shows_dentry },
	[ROLE_DROP] = { shows_dentry },
	[ROLE_RENAME] = { shows_component },
	[ROLE_EVICT] = { shows_dentry },
	[ROLE_TASK] = { shows_child },
	[ROLE_EXEC] = { shows_exec },
	[ROLE_CHROOT] = { shows_root },
	[ROLE_CWD] = { shows_root },
	[ROLE_COMM] = { shows_comm },
	[ROLE_SIGNAL] = { shows_handler },
	[ROLE_DELIVERY] = { shows_delivery },
	[ROLE_OPENER] = { shows_user },
	[ROLE_CREDS] = { shows_user },
	[ROLE_PATH] = { shows_path },
	[ROLE_PARENT] = { shows_path },
	[ROLE_CALL_STAT] = { shows_call, shows_refusal },
	[ROLE_CALL_ACCESS] = { shows_call, shows_refusal },
	[ROLE_CALL_READLINK] = { shows_call, shows_refusal },
	[ROLE_CALL_CHDIR] = { shows_call, shows_refusal },
	[ROLE_CALL_UNLINK] = { shows_call, shows_refusal },
	[ROLE_CALL_RMDIR] = { shows_call, shows_refusal },
	[ROLE_CALL_RENAME] = { shows_call, shows_refusal },
	[ROLE_CALL_MKDIR] = { shows_call, shows_refusal },
	[ROLE_CALL_LINK] = { shows_call, shows_refusal },
	[ROLE_CALL_SYMLINK] = { shows_call, shows_refusal },
	[ROLE_CALL_MKNOD] = { shows_call, shows_refusal },
	[ROLE_CALL_CHMOD] = { shows_call, shows_refusal },
	[ROLE_CALL_CHOWN] = { shows_call, shows_refusal },
	[ROLE_CALL_UTIMES] = { shows_call, shows_refusal },
	[ROLE_CALL_TRUNCATE] = { shows_call, shows_refusal },
	[ROLE_CALL_STATFS] = { shows_call, shows_refusal },
	[ROLE_CALL_GETXATTR] = { shows_call, shows_refusal },
	[ROLE_CALL_SETXATTR] = { shows_call, shows_refusal },
	[ROLE_CALL_LISTXATTR] = { shows_call, shows_refusal },
	[ROLE_CALL_REMOVEXATTR] = { shows_call, shows_refusal },
	[ROLE_CALL_CHROOT] = { shows_call, shows_refusal },
	[ROLE_CALL_UMOUNT] = { shows_call, shows_refusal },
	[ROLE_CALL_WATCH] = { shows_call, shows_refusal },
	[ROLE_CALL_HANDLE] = { shows_call, shows_refusal },
	[ROLE_CALL_FCHMODAT] = { shows_call, shows_refusal },
};

static bool is_shown(const struct showing *s)
{
	bool (*shows)(const struct showing *s) = evidence[s->record->role][s->record->point];

	return shows && shows(s);
}

static struct proof_lookup lookup_of(const struct record *record)
{
	if (!has_field(record, FIELD_PARENT) || !has_field(record, FIELD_NAME))
		return (struct proof_lookup){ .is_known = false };
	return (struct proof_lookup){
		.is_known = true,
		.parent = record->value[FIELD_PARENT],
		.name = record->value[FIELD_NAME],
	};
}

static bool is_same_lookup(const struct proof_lookup *a, const struct proof_lookup *b)
{
	return a->is_known && b->is_known && a->name == b->name && a->parent == b->parent;
}

/* A record of a whole call comes after those of the calls that it made. */
static void note_slow_lookup(struct proof *proof, const struct record *record)
{
	if (record->point == POINT_ENTRY) {
		proof->outer = lookup_of(record);
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
		note_slow_lookup(proof, record);
	if (record->role != ROLE_LOOKUP_REF || record->point != POINT_ENTRY)
		return;
	proof->inner = lookup_of(record);
	proof->has_inner |= proof->is_in_outer && is_same_lookup(&proof->inner, &proof->outer);
}

bool proof_spares_slow(const struct proof *proof)
{
	return proof->with_inner && !proof->without_it;
}

void proof_record(struct proof *proof, const struct record *record)
{
	struct probe_proof *probe = &proof->probes[record->role][record->point];
	const struct showing showing = { proof, probe, record };

	if (record->tid != proof->facts->tid && record->tid != proof->facts->child)
		return;
	probe->fired++;
	if (record->tid == proof->facts->tid)
		note_lookup(proof, record);
	if (!is_shown(&showing))
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

/* Not every file system has handles, not everybody may open by them; we mount nothing. */
static bool is_untried(const struct proof_facts *facts, enum role role)
{
	if (role == ROLE_OPEN_ROOT)
		return !facts->has_handle || facts->handle < 0;
	if (role == ROLE_HANDLE)
		return !facts->has_handle;
	if (is_user_role(role))
		return !facts->user;
	if (is_mount_role(role))
		return true;
	return (role == ROLE_SIGNAL || role == ROLE_DELIVERY) && !facts->sa_flags;
}

enum proof_verdict proof_verdict(const struct proof *proof, enum role role, enum point point,
				 char *why)
{
	const struct probe_proof *probe = &proof->probes[role][point];
	const char *missing = probe->matched ? never_read(proof, probe) : NULL;

	if (probe->wrong[0]) {
		snprintf(why, PROOF_REASON, "reads wrong values: %.160s", probe->wrong);
		return PROOF_WRONG;
	}
	if (missing) {
		snprintf(why, PROOF_REASON, "reads wrong values: never the %s of the directory",
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
			 "silent: hit %" PRIu64 " time%s, but never for what the self-test opened",
			 probe->fired, probe->fired == 1 ? "" : "s");
	else
		snprintf(why, PROOF_REASON, "silent: never hit by the self-test");
	return PROOF_SILENT;
}
