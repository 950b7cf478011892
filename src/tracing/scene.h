/* SPDX-License-Identifier: MIT */
/*
 * What a self-test does for its probes to show: opens, renames and their like in a new directory,
 * by a thread of its own.
 */
#ifndef FTOPEN_TRACING_SCENE_H
#define FTOPEN_TRACING_SCENE_H

#include <pthread.h>
#include <semaphore.h>

#include "proof.h"
#include "tracing/place.h"

#define SCENE_OPENS 8

/**
 * struct scene - the directory and names of one test, and what was done with them
 * @missing, @created, @renamed: the names; @open_missing and the others are the paths of them that
 *	open() gets
 * @tries_path_calls, @tries_users: the probes of these are to be tried, too
 * @dir: a descriptor of the directory, -1 for none
 */
struct scene {
	struct test_place place;
	char missing[32], created[32], renamed[80];
	char open_missing[192], open_created[192], open_renamed[192];
	struct proof_open opens[SCENE_OPENS];
	struct proof_facts facts;
	bool tries_path_calls;
	bool tries_users;
	int dir;
};

/**
 * scene_set - make the directory; ends with scene_clear()
 *
 * Return: false if no directory has room.
 */
bool scene_set(struct scene *scene);

/**
 * scene_clear - remove what is left of the directory
 */
void scene_clear(const struct scene *scene);

/**
 * struct actor - the thread that acts; it is selected as long as it lives, and only then: with
 * event-fork the kernel takes out of the list of tasks whoever ends
 */
struct actor {
	struct scene *scene;
	pthread_t thread;
	sem_t is_known, may_act;
	bool acts, is_done, has_ended;
};

/**
 * actor_start - start the thread, which waits for actor_end(); scene->facts.tid is known then
 *
 * Return: 0, or a negative errno that was reported.
 */
int actor_start(struct actor *actor, struct scene *scene);

/**
 * actor_end - let it act, or not, and wait for its end; nothing if it has ended
 *
 * Return: whether everything could be tried.
 */
bool actor_end(struct actor *actor, bool acts);

#endif
