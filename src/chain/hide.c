/* SPDX-License-Identifier: MIT */
/*
 * An address becomes a keyed hash of its object's start, and its place in the object. Objects are:
 * the dentry, which may hold its name; the copy of a path, into which components point; the mount,
 * because a pointer into it is passed on.
 */
#include "chain/hide.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "util/map.h"

/* No dentry is larger, and no path: places in an object take the low bits. */
#define DENTRY_SPAN 1024
#define PATH_SPAN   4096
#define PLACE_BITS  13

#define KERNEL_HALF (UINT64_C(1) << 63)

struct hider {
	uint64_t key[2];
	struct map paths; /* by task: the path that it is opening */
};

struct path {
	uint64_t start;
};

/* Pointers to objects. Each object gets a hash of its own. */
static const enum field pointers[] = {
	FIELD_UPTR,	  FIELD_HOW,	     FIELD_FILENAME, FIELD_KNAME,      FIELD_FILE,
	FIELD_DENTRY,	  FIELD_TARGET,	     FIELD_QSTR,     FIELD_PARENT,     FIELD_DIR,
	FIELD_SB,	  FIELD_INODE,	     FIELD_TASK,     FIELD_PATH,       FIELD_NEW_COMM,
	FIELD_KSIG,	  FIELD_INODE_FIRST, FIELD_CRED,     FIELD_FS,	       FIELD_MOUNT,
	FIELD_MOUNT_ROOT, FIELD_MOUNTPOINT,  FIELD_ABOVE,    FIELD_ABOVE_ROOT, FIELD_ABOVE_POINT,
	FIELD_ABOVE_NS,	  FIELD_TOP,
};

/* Pointers to the part of a mount that begins at FIELD_VFSMOUNT_AT. */
static const enum field mount_parts[] = { FIELD_VFSMOUNT, FIELD_ROOT_MOUNT };

int hider_new(const struct hider *like, struct hider **hider)
{
	struct hider *made = calloc(1, sizeof(*made));

	if (!made)
		return -ENOMEM;
	if (like) {
		memcpy(made->key, like->key, sizeof(made->key));
	} else if (getrandom(made->key, sizeof(made->key), 0) != sizeof(made->key)) {
		free(made);
		return -EIO;
	}
	*hider = made;
	return 0;
}

void hider_free(struct hider *hider)
{
	struct path *path;
	size_t at = 0;

	if (!hider)
		return;
	while ((path = map_next(&hider->paths, &at)))
		free(path);
	map_release(&hider->paths);
	free(hider);
}

static uint64_t rotate(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

static void sip_rounds(uint64_t v[4], int rounds)
{
	while (rounds--) {
		v[0] += v[1];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[0] = rotate(v[0], 32);
		v[2] += v[3];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

/* SipHash-2-4 of one word: who sees hashes learns nothing of the key, or of other addresses. */
static uint64_t sip_hash(const uint64_t key[2], uint64_t word)
{
	static const uint64_t length = UINT64_C(8) << 56;
	uint64_t v[4] = { key[0] ^ UINT64_C(0x736f6d6570736575),
			  key[1] ^ UINT64_C(0x646f72616e646f6d),
			  key[0] ^ UINT64_C(0x6c7967656e657261),
			  key[1] ^ UINT64_C(0x7465646279746573) };

	v[3] ^= word;
	sip_rounds(v, 2);
	v[0] ^= word;
	v[3] ^= length;
	sip_rounds(v, 2);
	v[0] ^= length;
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint64_t hashed(const struct hider *hider, uint64_t address)
{
	uint64_t hash = sip_hash(hider->key, address);

	/* User pointers stay on their side. */
	return (address & KERNEL_HALF) | (hash << PLACE_BITS & ~KERNEL_HALF);
}

static bool is_within(uint64_t address, uint64_t start, uint64_t span)
{
	return is_address(start) && address >= start && address - start < span;
}

static uint64_t hidden_name(const struct hider *hider, const struct record *record,
			    enum field field, enum field holder)
{
	uint64_t address = record->value[field];
	const struct path *path = map_get(&hider->paths, (uint64_t)(uint32_t)record->tid + 1);

	if (!is_address(address))
		return address;
	if (has_field(record, holder) && is_within(address, record->value[holder], DENTRY_SPAN))
		return hashed(hider, record->value[holder]) + (address - record->value[holder]);
	if (path && is_within(address, path->start, PATH_SPAN))
		return hashed(hider, path->start) + (address - path->start);
	return hashed(hider, address);
}

/* From the entry of the open to its return. */
static int note_path(struct hider *hider, const struct record *record)
{
	uint64_t key = (uint64_t)(uint32_t)record->tid + 1;
	struct path *path;

	if (record->role != ROLE_OPEN)
		return 0;
	path = map_remove(&hider->paths, key);
	if (record->point != POINT_ENTRY || !has_field(record, FIELD_KNAME)) {
		free(path);
		return 0;
	}
	if (!path)
		path = malloc(sizeof(*path));
	if (!path)
		return -ENOMEM;
	path->start = record->value[FIELD_KNAME];
	if (!map_put(&hider->paths, key, path))
		return 0;
	free(path);
	return -ENOMEM;
}

static void hide_mount_parts(const struct hider *hider, struct record *record)
{
	uint64_t place =
		has_field(record, FIELD_VFSMOUNT_AT) ? record->value[FIELD_VFSMOUNT_AT] : 0;

	for (size_t i = 0; i < sizeof(mount_parts) / sizeof(mount_parts[0]); i++) {
		uint64_t *value = &record->value[mount_parts[i]];

		if (has_field(record, mount_parts[i]) && is_address(*value))
			*value = hashed(hider, *value - place) + place;
	}
}

int hide_addresses(struct hider *hider, struct record *record)
{
	int ret = note_path(hider, record);

	if (ret)
		return ret;
	/* Names first: what they are in is found by its address, which is still there then. */
	if (has_field(record, FIELD_NAME))
		record->value[FIELD_NAME] = hidden_name(hider, record, FIELD_NAME, FIELD_DENTRY);
	if (has_field(record, FIELD_TARGET_NAME))
		record->value[FIELD_TARGET_NAME] =
			hidden_name(hider, record, FIELD_TARGET_NAME, FIELD_TARGET);
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
		uint64_t *value = &record->value[pointers[i]];

		if (has_field(record, pointers[i]) && is_address(*value))
			*value = hashed(hider, *value);
	}
	hide_mount_parts(hider, record);
	record->present &= ~FIELD_BIT(FIELD_HASH);
	return 0;
}
