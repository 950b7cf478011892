# SPDX-License-Identifier: MIT
"""Rules of paths: where a walk led and where it began, and why that may not be known."""

from kinds import shown
from log import RESOLVE_IN_ROOT
from output import text
from rules import rule
from walk import MOUNTED


def is_in_two_places(run, op):
    """Whether the walk began, or jumped to, where a directory is mounted as well as named.

    The roots of all subvolumes of btrfs have the same numbers: if one is in two places, each may be.
    """
    return run.fs == "btrfs" or op.manner == "magic" or run.log.world.is_in_two_places(op.at)


def is_nowhere(run, op):
    """Whether the walk began in what was mounted anew, or names of before a drop do not count."""
    is_mounted = run.log.world.is_below(op.at, run.log.world.tmpfs().id)
    return run.mode == "own" or is_mounted or any(key[0][0] == MOUNTED for key in op.keys)


def is_beside_jail(run, op):
    """Whether a thread of the process changed its own root."""
    return any(other.pid == op.pid and other.root for other in run.log.ops)


# Why a path may be unknown, and what has to be true for that.
REASONS = {
    "it is mounted in more than one place": is_in_two_places,
    "no lookup showed the name of a directory on the way": is_nowhere,
    "another task changed its root": is_beside_jail,
}


def is_excused(run, op, why):
    return run.is_lost(op) or why in REASONS and REASONS[why](run, op)


def names_meanwhile(run, op):
    """The names that the file may have had from the beginning of an open to its end."""
    names, todo = {op.last}, [op.last]
    while todo:
        for other in run.log.touching(todo.pop()):
            is_moved = other.kind in ("rename", "exchange") and other.result >= 0
            if is_moved and other.begin < op.end and op.begin < other.end:
                todo.extend(key for key in other.last_keys() if key not in names)
                names.update(other.last_keys())
    return names


def paths_meanwhile(run, op):
    """The paths of those; None where one of them is not known."""
    world = run.log.world
    own = {world.key_of(op.walk.directory): op.walk.directory}
    for directory, component in names_meanwhile(run, op):
        node = own.get(directory, run.log.directories.get(directory, 0))
        path = world.path_of(node, op.root)
        yield None if path is None else path + b"/" + component


def is_of_bind(run, op, path, name=b""):
    """Whether a walk that did not begin at the root is said to be in the other place of a mount."""
    if op.manner != "magic" and op.path.startswith(b"/"):
        return False
    at = op.walk.directory if name else op.at
    places = run.log.world.same_as(at) if at in run.log.world.nodes else []
    return path in [(run.log.world.path_of(place, op.root) or b"") + name for place in places]


def has_path(op):
    """Whether the log knows where the path leads."""
    if not op.has_reached_last() or op.walk.keys[-1] != op.last:
        return False
    return not op.walk.leads_on  # a link: where it leads no component of the path says


@rule
def open_resolved(run):
    """Where the path led, if it is said: through links, and as the task's root lets it be seen."""
    for op, one in run.pairs():
        resolved = text(one.json["path"])
        if resolved is None or not has_path(op):
            continue
        paths = set(paths_meanwhile(run, op))
        if None not in paths and resolved not in paths:
            is_bind = is_of_bind(run, op, resolved, b"/" + op.last[1])
            yield "bind" if is_bind else op.manner, f"{op}: {shown(resolved)}"


@rule
def open_unresolved(run):
    """Where the path led is said, unless there is a reason."""
    for op, one in run.pairs():
        if one.json["path"] is not None or not has_path(op) or op.is_uring:
            continue
        if not is_excused(run, op, one.json["path_why"]):
            yield op.manner, f"{op}: {one.json['path_why']}"


def start_of(run, op):
    """The path of the directory in which a relative walk began, or None."""
    if op.path is None or op.path.startswith(b"/") or op.at not in run.log.world.nodes:
        return None
    path = run.log.world.path_of(op.at, op.root)
    return path or (b"/" if path is not None else None)


@rule
def open_start(run):
    """Where a relative walk began is what the log says: the working directory, or dirfd."""
    for op, one in run.pairs():
        began = text(one.json["dir"])
        if began is not None and began != start_of(run, op):
            kind = "bind" if is_of_bind(run, op, began) else op.manner
            yield kind, f"{op}: began in {shown(began)}, not {shown(start_of(run, op))}"


@rule
def open_unstarted(run):
    """Where it began is said if something was looked up there, unless there is a reason."""
    for op, one in run.pairs():
        if one.json["dir"] is not None or not op.has_reached_last() or op.is_uring:
            continue
        if op.resolve & RESOLVE_IN_ROOT:
            continue
        first = [part for part in op.path.split(b"/") if part not in (b"", b".")][0]
        if op.path.startswith(b"/") or first == b".." or start_of(run, op) is None:
            continue
        if not is_excused(run, op, one.json["dir_why"]):
            yield op.manner, f"{op}: {one.json['dir_why']}"
