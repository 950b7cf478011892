# SPDX-License-Identifier: MIT
"""Rules of names and of relations: who a name is."""

from kinds import shown
from rules import rule
from walk import MOUNTED


@rule
def name_missing(run):
    """An open that reached its last component has a name."""
    shortened = {name.component for name in run.output.names if name.is_shortened()}
    for op, one in run.pairs():
        if op.walk and op.walk.component in shortened or run.is_lost(op):
            continue
        if op.has_reached_last() and not run.names_of[one.id]:
            yield op.manner, f"{op}: {one} is in no name"


@rule
def name_joined(run):
    """Two names are never one."""
    for name in run.output.names:
        keys = {}
        for number in name.hop_opens("user", "copy", "filename"):
            op = run.op_of.get(number)
            if op and op.last:
                keys.setdefault(op.last, op)
        if len(keys) > 1:
            manner = next((op.manner for op in keys.values() if op.manner), "")
            both = " and ".join(map(str, list(keys.values())[:2]))
            yield manner if name.directory[0] else "nowhere", f"{shown(name.path)}: {both}"


@rule
def name_split(run):
    """One name is never two, unless an end between them may have gone unseen."""
    if run.output.summary["pushed_out"] or run.output.losses or run.mode == "own":
        return
    names = {}
    for name in run.output.names:
        for number in name.hop_opens("user", "copy", "filename"):
            op = run.op_of.get(number)
            if op and op.has_reached_last():
                names.setdefault(op.last, {})[id(name)] = op
    for key, found in names.items():
        if len(found) > 1:
            manners = {op.manner for op in found.values()}
            manner = "uring" if "uring" in manners else max(manners)
            yield manner, f"{shown(key[1])}: " + " and ".join(map(str, list(found.values())[:2]))


@rule
def name_component(run):
    """The component is the path's own last one. A path without one is the opened directory's."""
    for op, one in run.pairs():
        if not op.walk or (op.walk.component is None and op.result >= 0):
            continue
        for name in run.names_of[one.id]:
            if one.id in name.hop_opens("user", "copy", "filename") and (
                op.walk.component != name.component
            ):
                text = f"{op}: {shown(name.component)}, not {shown(op.walk.component)}"
                yield op.manner, text


@rule
def name_directory(run):
    """Device and inode of the directory are what fstat says, or at least equal where that is."""
    seen = {}
    for op, one in run.pairs():
        for name in run.names_of[one.id]:
            if op.last is None or name.component != op.last[1] or name.directory[0] is None:
                continue
            if one.id not in name.hop_opens("user", "copy", "filename"):
                continue
            if op.last[0][0] == MOUNTED:
                continue  # a device number may come back
            if run.is_numbered() and name.directory != op.last[0]:
                yield "", f"{op}: {name.directory}, not {op.last[0]}"
            # Each subvolume of btrfs has a device of its own, which the super block does not.
            same = ("ftopen", op.last[0][0], name.directory)
            known = seen.setdefault(same, op.last[0])
            back = seen.setdefault(("log", op.last[0]), name.directory)
            if known != op.last[0] or back != name.directory:
                yield "unequal", f"{op}: {name.directory} is {op.last[0]} and {known}"


@rule
def name_paths(run):
    """Every spelling is listed, unless there are too many."""
    for op, one in run.pairs():
        for name in run.names_of[one.id]:
            if name.has_all_paths and one.id in name.hop_opens("filename") and op.path not in name.paths:
                yield op.manner, f"{op} is not among the paths of {shown(name.path)}"


@rule
def hop_of_open(run):
    """A hop lies in an operation of its thread."""
    by_tid = {}
    for op in run.log.ops:
        by_tid.setdefault(op.tid, []).append(op)
    for name in run.output.names:
        for _, hop in name.hops():
            if hop["open"] is None or hop["open"] not in run.op_of:
                continue
            op = run.op_of[hop["open"]]
            if hop["tid"] != op.tid and not op.is_uring:
                yield "thread", f"{hop['hop']} of {shown(name.path)} by {hop['tid']}: {op}"
            elif hop["tid"] == op.tid and hop["comm"].encode() != op.comm:
                yield "comm", f"{hop['hop']} of {shown(name.path)} by {hop['comm']}: {op}"


@rule
def relation_fail(run):
    """The kernel behaves."""
    for name in run.output.names:
        for relation in name.json["relations"]:
            if relation["verdict"] == "FAIL":
                sides = f"{relation['left']} {relation['op']} {relation['right']}"
                yield sides.replace(" ", "_"), f"{shown(name.path)}: {sides}"


@rule
def relation_unknown(run):
    """Without a loss every relation is decided."""
    if run.output.losses or run.mode == "own":
        return
    for name in run.output.names:
        for relation in name.json["relations"]:
            if relation["verdict"] == "UNKNOWN":
                sides = f"{relation['left']} {relation['op']} {relation['right']}"
                yield sides.replace(" ", "_"), f"{shown(name.path)}: {sides}: {relation['why']}"
