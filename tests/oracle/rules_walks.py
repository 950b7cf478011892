# SPDX-License-Identifier: MIT
"""Rules of walks: each component is looked up once, and who lost a race has what was quicker."""

import collections

from kinds import shown
from rules import rule


def lookups(run, symbol):
    """How often each open looked up each name by a function of the kernel."""
    counts = collections.Counter()
    for name in run.output.names:
        for _, hop in name.hops():
            if hop["hop"] == "lookup" and hop["symbol"] == symbol:
                counts[hop["open"], id(name)] += 1
    names = {id(name): name for name in run.output.names}
    for (number, name), count in counts.items():
        op = run.op_of.get(number)
        if op and op.walk:
            yield op, names[name], count


@rule
def lookup_twice(run):
    """A walk looks a component up once: what d_lookup() itself looks up is no lookup more."""
    if run.fs == "overlay":
        return  # it looks its own layers up as often as it likes
    for symbol in ("__d_lookup", "d_lookup"):
        for op, name, count in lookups(run, symbol):
            if count > max(1, sum(key[1] == name.component for key in op.keys)):
                yield op.manner, f"{op}: {count} times {symbol} of {shown(name.component)}"


def has_found(run, op, one):
    """Whether the open came to a dentry of its last component, other than by allocation."""
    names = [name for name in run.names_of[one.id] if name.component == op.last[1]]
    hops = [hop for name in names for _, hop in name.hops() if hop["open"] == one.id]
    return any(hop["hop"] == "lookup" and hop["addr"] for hop in hops)


def is_given_up(lifetime, one):
    """Whether this open allocated the dentry and freed it before anybody could find it."""
    hops = lifetime["hops"]
    own = any(hop["hop"] == "alloc" and hop["open"] == one.id for hop in hops)
    freed = any(hop["hop"] == "evict" and hop["tid"] == one.tid for hop in hops)
    return own and freed and not any(hop["hop"] == "insert" for hop in hops)


@rule
def race_lost(run):
    """Who gave up the dentry that it had allocated has found the one of another task."""
    for op, one in run.pairs():
        if not op.has_reached_last() or run.is_lost(op) or not run.is_listed(op.last):
            continue
        for name in run.names_of[one.id]:
            if name.component != op.last[1] or not run.keeps_negative(op.last):
                continue
            lost = any(is_given_up(lifetime, one) for lifetime in name.lifetimes)
            if lost and not has_found(run, op, one):
                yield op.manner, f"{op}: {one}"
