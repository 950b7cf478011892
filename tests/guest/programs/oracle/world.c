/* SPDX-License-Identifier: MIT */
/*
 * The world of one seed: directories, mounts and links that stay as they are, so that whoever reads
 * the log knows what a path means, and a pool of names that come and go in them.
 */
#include "oracle.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FS_PATH "/mnt/oracle"

static char seed_name[32], long_name[NAME_SIZE], abs_d1[64], abs_n1[64];
static char pool[POOL][NAME_SIZE];

static struct node nodes[] = {
	[W_ROOT] = { "", 0, NODE_DIR, NULL, 0, 0 },
	[W_MNT] = { "mnt", W_ROOT, NODE_DIR, NULL, 0, 0 },
	[W_FS] = { "oracle", W_MNT, NODE_DIR, NULL, 0, 0 },
	[W_BASE] = { seed_name, W_FS, NODE_DIR, NULL, 0, 0777 },
	[W_D0] = { "d0", W_BASE, NODE_DIR, NULL, 0, 0777 },
	[W_D1] = { "d1", W_BASE, NODE_DIR, NULL, 0, 0777 },
	[W_SUB] = { "sub", W_D0, NODE_DIR, NULL, 0, 0777 },
	[W_DEEP] = { "deep", W_SUB, NODE_DIR, NULL, 0, 0777 },
	[W_LEAF] = { "leaf", W_BASE, NODE_DIR, NULL, 0, 0777 },
	[W_BIND] = { "bind", W_BASE, NODE_DIR, NULL, W_LEAF, 0755 },
	[W_READONLY] = { "readonly", W_BASE, NODE_DIR, NULL, W_LEAF, 0755 },
	[W_SELF] = { "self", W_BASE, NODE_DIR, NULL, W_SELF, 0777 },
	[W_TMPFS] = { "tmpfs", W_BASE, NODE_DIR, NULL, 0, 0755 },
	[W_JAIL] = { "jail", W_BASE, NODE_DIR, NULL, 0, 0755 },
	[W_CELL] = { "cell", W_JAIL, NODE_DIR, NULL, 0, 0777 },
	[W_LOCKED] = { "locked", W_BASE, NODE_DIR, NULL, 0, 0700 },
	[W_PUBLIC] = { "public", W_BASE, NODE_DIR, NULL, 0, 01777 },
	[W_LONG] = { long_name, W_BASE, NODE_DIR, NULL, 0, 0777 },
	{ "to_d0", W_BASE, NODE_LINK, "d0", 0, 0 },
	{ "to_sub", W_BASE, NODE_LINK, "d0/sub", 0, 0 },
	{ "to_d1", W_D0, NODE_LINK, abs_d1, 0, 0 },
	{ "up", W_D0, NODE_LINK, "..", 0, 0 },
	{ "chain1", W_BASE, NODE_LINK, "chain2", 0, 0 },
	{ "chain2", W_BASE, NODE_LINK, "./chain3", 0, 0 },
	{ "chain3", W_BASE, NODE_LINK, "d0/up/d1", 0, 0 },
	{ "loop1", W_BASE, NODE_LINK, "loop2", 0, 0 },
	{ "loop2", W_BASE, NODE_LINK, "loop1", 0, 0 },
	{ "dangling", W_BASE, NODE_LINK, "gone/further", 0, 0 },
	{ "tail0", W_D1, NODE_LINK, "../d0/n0", 0, 0 },
	{ "tail1", W_D0, NODE_LINK, abs_n1, 0, 0 },
	{ "same", W_D0, NODE_LINK, "../d1/same", 0, 0 },
	{ "same", W_D1, NODE_LINK, "n1", 0, 0 },
	{ "down", W_BASE, NODE_LINK, "d0", 0, 0 },
	{ "down", W_D0, NODE_LINK, "sub", 0, 0 },
	{ "nest1", W_BASE, NODE_LINK, "nest2/down", 0, 0 },
	{ "nest2", W_BASE, NODE_LINK, "leaf/../down", 0, 0 },
	{ "escape", W_JAIL, NODE_LINK, "/cell", 0, 0 },
};

#define NODES (int)(sizeof(nodes) / sizeof(nodes[0]))

static char paths[NODES][2 * NAME_SIZE + 64];

uint64_t world_seed(void)
{
	return strtoull(seed_name + 1, NULL, 10);
}

int world_nodes(void)
{
	return NODES;
}

const struct node *world_node(int id)
{
	return &nodes[id];
}

const char *world_path(int id)
{
	return id == W_ROOT ? "/" : paths[id];
}

const char *world_pool(int index)
{
	return pool[index];
}

const struct detour *world_detour(struct rng *rng, int dir)
{
	static const struct detour detours[] = {
		{ "to_d0", W_D0 },	   { "to_sub", W_SUB }, { "to_d0/to_d1", W_D1 },
		{ "d0/up", W_BASE },	   { "chain1", W_D1 },	{ "to_d0/up/chain2", W_D1 },
		{ "d0/to_d1", W_D1 },	   { "bind", W_BIND },	{ "readonly", W_READONLY },
		{ "d0/up/to_sub", W_SUB }, { "nest1", W_SUB },	{ "nest2", W_D0 },
		{ "down/down", W_SUB },
	};
	const struct detour *found = NULL;
	unsigned int seen = 0;

	for (size_t i = 0; i < sizeof(detours) / sizeof(detours[0]); i++) {
		int place = detours[i].dir;

		if ((place == dir || nodes[place].same == dir) && !rng_below(rng, ++seen))
			found = &detours[i];
	}
	return found;
}

/* Lengths around the room that a dentry has for its name, up to the longest. */
static void fill_pool(struct rng *rng)
{
	static const int lengths[] = { 31, 32, 33, 38, 39, 40, 41, 255 };

	for (int i = 0; i < POOL; i++) {
		int len = sprintf(pool[i], "%c%d", i < DIRS0 ? 'n' : i < LINKS0 ? 'm' : 's', i);

		if (i >= 8 && i < 16) {
			memset(pool[i] + len, 'x', lengths[i - 8] - len);
		} else if (i >= 16 && i < DIRS0) {
			len = i == 16 ? 1 : 1 + rng_below(rng, 255);
			for (int j = 0; j < len; j++)
				do
					pool[i][j] = 1 + rng_below(rng, 255);
				while (pool[i][j] == '/');
			pool[i][len] = '\0';
			if (pool[i][0] == '.')
				pool[i][0] = ':';
		}
	}
}

void world_init(uint64_t seed)
{
	struct rng rng;

	rng_seed(&rng, seed, 1000);
	snprintf(seed_name, sizeof(seed_name), "s%lu", seed);
	memset(long_name, 'L', 200);
	snprintf(abs_d1, sizeof(abs_d1), FS_PATH "/%s/d1", seed_name);
	snprintf(abs_n1, sizeof(abs_n1), FS_PATH "/%s/d1/n1", seed_name);
	fill_pool(&rng);
	for (int i = 1; i < NODES; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", paths[nodes[i].parent],
			 nodes[i].name);
}

/* About half of the pool exists in each directory. */
static int make_files(struct rng *rng, int dir)
{
	char path[4 * NAME_SIZE];
	int fd;

	for (int i = 0; i < POOL; i++) {
		if (rng_chance(rng, 50))
			continue;
		snprintf(path, sizeof(path), "%s/%s", paths[dir], pool[i]);
		if (i >= LINKS0 && symlink("n2", path))
			return -errno;
		if (i >= DIRS0 && i < LINKS0 && mkdir(path, 0777))
			return -errno;
		if (i >= DIRS0)
			continue;
		fd = open(path, O_CREAT | O_WRONLY, i % 3 ? 0666 : 0777);
		if (fd < 0)
			return -errno;
		close(fd);
	}
	return 0;
}

static int make_mount(int id)
{
	const struct node *node = &nodes[id];

	if (id == W_TMPFS)
		return mount("tmpfs", paths[id], "tmpfs", 0, "mode=777") ? -errno : 0;
	if (!node->same)
		return 0;
	if (mount(paths[node->same], paths[id], NULL, MS_BIND, NULL))
		return -errno;
	if (id == W_READONLY &&
	    mount(NULL, paths[id], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL))
		return -errno;
	return 0;
}

/* On btrfs: a tree of its own, whose inode numbers are also those of others. */
static int make_subvolume(int id)
{
	struct btrfs_ioctl_vol_args args = { 0 };
	int above = open(paths[nodes[id].parent], O_RDONLY | O_DIRECTORY), err;

	if (above < 0)
		return -errno;
	snprintf(args.name, sizeof(args.name), "%s", nodes[id].name);
	err = ioctl(above, BTRFS_IOC_SUBVOL_CREATE, &args) ? -errno : 0;
	close(above);
	return err;
}

static int make_dir(int id)
{
	bool is_made = (id == W_LEAF || id == W_PUBLIC) && !make_subvolume(id);

	if (!is_made && mkdir(paths[id], 0777))
		return -errno;
	return chmod(paths[id], nodes[id].mode) ? -errno : 0;
}

int world_make(void)
{
	struct rng rng;
	char path[4 * NAME_SIZE];
	int err = 0;

	rng_seed(&rng, world_seed(), 1001);
	for (int i = W_BASE; i < NODES; i++) {
		if (nodes[i].kind == NODE_LINK) {
			if (symlink(nodes[i].target, paths[i]))
				return -errno;
			continue;
		}
		err = make_dir(i);
		if (!err && i != W_TMPFS && i != W_BASE && (!nodes[i].same || nodes[i].same == i))
			err = make_files(&rng, i);
		if (err)
			return err;
	}
	snprintf(path, sizeof(path), "%s/fifo", paths[W_BASE]);
	return mkfifo(path, 0666) ? -errno : 0;
}

/* After the file system was mounted anew, so that it knows no name yet. */
int world_mount(void)
{
	int err = 0;

	for (int i = W_BASE; i < W_DIRS && !err; i++)
		err = make_mount(i);
	return err;
}

void world_unmount(void)
{
	umount2(paths[W_BIND], MNT_DETACH);
	umount2(paths[W_READONLY], MNT_DETACH);
	umount2(paths[W_SELF], MNT_DETACH);
	umount2(paths[W_TMPFS], MNT_DETACH);
}

/* Which names of the pool there are in @dir; looks none of them up. */
static void log_files(const char *kind, int dir)
{
	char name[2 * NAME_SIZE];
	DIR *files = opendir(paths[dir]);
	struct dirent *file;

	while (files && (file = readdir(files))) {
		log_hex(name, file->d_name);
		log_text("{\"op\":\"%s\",\"dir\":%d,\"name\":\"%s\",\"ino\":%lu,\"type\":%d}\n",
			 kind, dir, name, file->d_ino, file->d_type);
	}
	if (files)
		closedir(files);
}

void world_log(void)
{
	for (int i = 0; i < NODES; i++)
		log_node(i);
}

/* Which names there are in each directory: exists at the beginning, remains at the end. */
void world_log_files(const char *kind)
{
	for (int i = W_BASE; i < W_DIRS; i++)
		log_files(kind, i);
}
