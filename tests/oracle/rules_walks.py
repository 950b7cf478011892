# SPDX-License-Identifier: MIT
"""Rules of walks: each component is looked up once, and who lost a race has what was quicker."""

import collections

from kinds import shown
from output import nanoseconds
from rules import rule


# A walk that holds references asks the hash, and under the rename lock once more: by __d_lookup(),
# which d_lookup() is made of, and which is told in its place or is left out.
IN_REF_WALK = ("__d_lookup", "d_lookup")
LOOKUPS_MAX = 2


def renames(run, op):
    """How many renames an open ran into: d_lookup() asks the hash once more after each."""
    return sum(
        other.kind in ("rename", "exchange")
        and other.result >= 0
        and other.begin < op.end
        and op.begin < other.end
        for other in run.log.ops
    )


def mounts(run, times):
    """How many mounts came between these lookups: each takes the rename lock, as a rename does."""
    return sum(
        other.kind == "mount"
        and other.result >= 0
        and other.ns[0] < max(times)
        and min(times) < other.ns[1]
        for other in run.log.ops
    )


def lookups(run):
    """When each open looked up each name in ref walk."""
    for name in run.output.names:
        times = collections.defaultdict(list)
        for _, hop in name.hops():
            if hop["hop"] == "lookup" and hop["symbol"] in IN_REF_WALK:
                times[hop["open"]].append(nanoseconds(hop["ts"]))
        for number, found in times.items():
            op = run.op_of.get(number)
            if op and op.walk:
                yield op, name, found


@rule
def lookup_twice(run):
    """A walk looks a component up once: what d_lookup() itself looks up is no lookup more."""
    if run.fs == "overlay":
        return  # it looks its own layers up as often as it likes
    for op, name, times in lookups(run):
        count = len(times)
        if op.errno == "EINTR":
            continue  # what a signal interrupts may begin anew
        walked = max(1, sum(key[1] == name.component for key in op.keys))
        if count <= LOOKUPS_MAX * walked:
            continue
        if count > (LOOKUPS_MAX + renames(run, op) + mounts(run, times)) * walked:
            yield op.manner, f"{op}: {count} lookups of {shown(name.component)}"


def given_up(name):
    """The opens that allocated a dentry for a name, and freed it before anybody could find it."""
    for lifetime in name.lifetimes:
        hops = lifetime["hops"]
        makers = [hop for hop in hops if hop["hop"] == "alloc" and hop["open"]]
        enders = {hop["tid"] for hop in hops if hop["hop"] == "evict"}
        if makers and makers[0]["tid"] in enders and all(hop["hop"] != "insert" for hop in hops):
            yield makers[0]["open"]


def has_found(name, number):
    """Whether an open came to a dentry of a name other than by allocation."""
    hops = [hop for _, hop in name.hops() if hop["open"] == number and hop["hop"] == "lookup"]
    return any(hop["addr"] for hop in hops)


@rule
def race_lost(run):
    """Who gave up the dentry that it had allocated has found the one of another task."""
    for name in run.output.names:
        key = run.key_of(name)
        if not key or not run.is_listed(key) or not run.keeps_negative(key) or name.is_shortened():
            continue
        for number in given_up(name):
            op = run.op_of.get(number)
            if op and op.errno != "ENAMETOOLONG" and not run.is_lost(op):
                if not has_found(name, number):
                    yield op.manner, f"{op}: {shown(name.component)}"
