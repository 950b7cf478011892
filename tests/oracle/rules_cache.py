# SPDX-License-Identifier: MIT
"""Rules of the cache: what was in it cannot be missed, what was not cannot be found."""

import re

from log import O_CREAT
from rules import rule


def before(run, op):
    """What happened to the name of an open's last component before it."""
    return [other for other in run.log.by_key[op.last] if other is not op and other.begin < op.end]


def is_dropped(run, key, begin, end):
    """Whether anything between could have dropped the name from the cache."""
    drops = [drop for drop in run.log.drops if drop.end > begin and drop.begin < end]
    return bool(drops) or any(
        run.may_drop(other) and other.end > begin and other.begin < end
        for other in run.log.by_key[key]
    )


def leaves_dentry(run, op, key):
    """Whether this name is in the cache after the operation."""
    if key not in op.last_keys() or op.kind not in ("open", "openat2", "stat", "access"):
        return False
    return op.result >= 0 or (op.errno == "ENOENT" and not op.resolve and run.keeps_negative(key))


def is_judged(op):
    """Whether the cache was asked for the path's own last component for certain."""
    return op.has_reached_last() and op.kind in ("open", "openat2")


@rule
def cache_miss(run):
    """A name opened again, with nothing in between that could drop it, is never a miss."""
    for op, one in run.pairs():
        if not is_judged(op) or one.cache != "miss":
            continue
        for other in before(run, op):
            if (
                other.end < op.begin
                and leaves_dentry(run, other, op.last)
                and not is_dropped(run, op.last, other.begin, op.end)
            ):
                yield op.manner, f"{op}: {one}, after {other}"
                break


@rule
def cache_hit(run):
    """A name never looked up before is never a hit."""
    for op, one in run.pairs():
        if not is_judged(op) or one.cache not in ("hit", "negative"):
            continue
        if op.last[0] not in run.log.listed:
            continue  # of a file system that was not mounted anew
        if run.is_pinned(op.last) and op.last in run.log.existing:
            continue
        if before(run, op):
            continue
        if run.log.world.is_fixed(op.last):
            continue
        yield op.manner, f"{op}: {one}"


@rule
def cache_sign(run):
    """What exists is no negative hit, what does not is no positive one."""
    for op, one in run.pairs():
        if not is_judged(op) or one.cache not in ("hit", "negative") or op.changes():
            continue
        if run.log.world.is_fixed(op.last) or op.last[1][:1] == b"s":
            continue
        if (one.cache == "hit") == (op.errno == "ENOENT"):
            yield op.manner, f"{op}: {one}"


@rule
def cache_unreached(run):
    """A component that was not reached was not looked up."""
    for op, one in run.pairs():
        walk = op.walk
        if not walk or walk.last or not walk.is_certain:
            continue
        if one.cache in ("hit", "miss", "negative"):
            yield op.manner, f"{op}: {one}"


@rule
def cache_created(run):
    """Only an open that may create has created."""
    for op, one in run.pairs():
        if one.cache == "created" and (op.result < 0 or not op.flags & O_CREAT):
            yield op.manner, f"{op}: {one}"


DESCRIPTOR = re.compile(rb"/proc/self/fd/\d+")


def reopened(run):
    """Pairs of a thread's opens of one descriptor: it was there, then it was closed."""
    for ops in run.by_tid.values():
        last = {}
        for op in ops:
            if not op.is_open or not op.path or not DESCRIPTOR.fullmatch(op.path):
                continue
            if op.errno == "ENOENT" and op.path in last:
                yield last[op.path], op
            last.pop(op.path, None)
            if op.result >= 0:
                last[op.path] = op


@rule
def cache_refused(run):
    """What is found, and refused because its descriptor was closed since, is stale."""
    for first, op in reopened(run):
        if any(drop.end > first.begin and drop.begin < op.end for drop in run.log.drops):
            continue
        for one in run.op_opens.get(op, []):
            if one.cache != "stale" and not run.is_lost(op):
                yield "", f"{op}: {one}"


@rule
def cache_stale(run):
    """Nothing is stale on a file system that nobody else changes; overlayfs asks its layers."""
    for op, one in run.pairs():
        if one.cache == "stale" and op.last and op.last[0] in run.log.listed and run.fs != "overlay":
            yield op.manner, f"{op}: {one}"
