/* SPDX-License-Identifier: MIT */
/*
 * From plan to armed probes, role by role: entry and return of a role stand or fall together.
 */
#include "tracing/arm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/message.h"

/* Errors that are about the definition; all others have nothing to do with it. */
static bool is_refusal(int err)
{
	return err == -EINVAL || err == -ENOENT || err == -EADDRNOTAVAIL || err == -EOPNOTSUPP ||
	       err == -EILSEQ || err == -E2BIG || err == -ENOSPC || err == -EBUSY;
}

static int undefine_role(struct session *session, const struct plan *plan, enum role role,
			 int points)
{
	int ret = 0;

	for (int point = 0; point < points && !ret; point++) {
		const struct planned *planned = plan_find(plan, role, (enum point)point);

		if (planned && has_own_event(planned))
			ret = session_undefine(session, planned);
	}
	return ret;
}

static int explain(const struct planned *planned, int err, const char *why)
{
	error("cannot define '%s': %s", planned->definition, why ? why : strerror(-err));
	return err;
}

/* Define entry and return; @why is set if the kernel refused one, and then neither is there. */
static int define_role(struct session *session, const struct plan *plan, enum role role, char **why)
{
	int ret = 0;

	*why = NULL;
	for (int point = 0; point < POINT_NR; point++) {
		const struct planned *planned = plan_find(plan, role, (enum point)point);

		if (!planned || !has_own_event(planned))
			continue;
		ret = session_define(session, planned, why);
		if (ret && (!*why || !is_refusal(ret)))
			return explain(planned, ret, *why);
		if (ret) {
			int undone = undefine_role(session, plan, role, point);

			return undone ? undone : ret;
		}
	}
	return 0;
}

/* Whether a role without which there is no chain has lost its last candidate. */
static bool is_hopeless(const struct plan *plan, enum role role)
{
	for (int point = 0; point < POINT_NR; point++) {
		const struct planned *planned = plan_find(plan, role, (enum point)point);

		if (!planned || is_armed(planned) || !planned->probe->required)
			continue;
		error("cannot trace '%s': %s", role_name(role),
		      planned->why ? planned->why : "no function can be probed");
		hint("'ftopen doctor' tells what this kernel allows");
		return true;
	}
	return false;
}

static int arm_role(struct session *session, struct plan *plan, enum role role)
{
	for (;;) {
		char *why;
		int ret;

		if (is_hopeless(plan, role))
			return -ENOENT;
		ret = define_role(session, plan, role, &why);
		if (ret && why && is_refusal(ret))
			ret = plan_next(plan, role, PROBE_REFUSED, why);
		else if (!why)
			return ret;
		free(why);
		if (ret)
			return ret;
	}
}

int arm(struct session *session, struct plan *plan)
{
	int ret = 0;

	for (int role = 0; role < ROLE_NR && !ret; role++)
		ret = arm_role(session, plan, (enum role)role);
	return ret;
}

int arm_next(struct session *session, struct plan *plan, enum role role, enum probe_state state,
	     const char *why)
{
	int ret = undefine_role(session, plan, role, POINT_NR);

	if (!ret)
		ret = plan_next(plan, role, state, why);
	return ret ? ret : arm_role(session, plan, role);
}
