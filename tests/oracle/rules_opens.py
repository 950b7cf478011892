# SPDX-License-Identifier: MIT
"""Rules of opens: each is there once, with what was passed and what came back."""

from kinds import shown
from log import O_CREAT
from rules import rule

O_LARGEFILE = 0o100000
O_NONBLOCK = 0o4000
PATH_LEN_MAX = 4095
RECORD_LEN_MAX = 4000
RESOLVE_CACHED = 0x20


def is_early(op):
    """Whether the kernel refuses before it opens anything: the path, the flags, the descriptor."""
    if op.errno in ("EFAULT", "EMFILE", "EINVAL") or not op.path or len(op.path) > PATH_LEN_MAX:
        return not op.is_uring
    return op.errno == "EAGAIN" and op.resolve


def is_hidden(op):
    """Whether nothing of an open can be seen: a ring looks at flags and descriptor before it opens."""
    is_slow = op.errno == "EAGAIN" and op.resolve and op.flags & O_CREAT
    return op.is_uring and (op.errno in ("EMFILE", "EINVAL") or is_slow)


@rule
def open_missing(run):
    """Each open of a traced task is there, unless losses are told."""
    for op, opens in run.op_opens.items():
        if not opens and not run.is_lost(op) and not is_hidden(op):
            yield f"{'early' if is_early(op) else op.kind}:{op.errno}", str(op)


@rule
def open_doubled(run):
    """No open is there twice."""
    for op, opens in run.op_opens.items():
        if len(opens) > 1:
            yield f"{op.kind}:{op.errno}", f"{op}: {', '.join(map(str, opens))}"


@rule
def open_of_nobody(run):
    """There is no open that no operation made."""
    for one in run.strangers:
        yield "", f"{one} of {shown(one.path)} by {one.tid}"


def is_dropped(op, one):
    """Whether no record may hold the path, and the open says that not all of it was seen."""
    is_long = op.path is not None and len(op.path) > RECORD_LEN_MAX
    return is_long and one.path is None and not one.json["complete"]


@rule
def open_path(run):
    """The path is what was passed. What the kernel refuses before it has read it has none."""
    for op, one in run.pairs():
        if is_dropped(op, one):
            continue
        if one.path is None and (not op.path or (is_early(op) and op.errno != "EMFILE")):
            continue
        if one.path != op.path:
            qualifier = op.kind if op.path else "empty"
            yield qualifier, f"{op}: {one} has the path {shown(one.path)}"


def is_put_off(op):
    """Whether a ring's open must not wait: nothing tells it from an attempt before a worker's."""
    return op.is_uring and op.errno == "EAGAIN" and op.resolve & RESOLVE_CACHED


def has_lost_end(run, op, one):
    """Whether the end is not known, because its record was lost or does not tell, and said so."""
    is_unknown = one.result is None and not one.json["complete"]
    return is_unknown and (run.is_lost(op) or is_put_off(op))


@rule
def open_result(run):
    """The result is what the program got; a ring's descriptor is not shown."""
    for op, one in run.pairs():
        if has_lost_end(run, op, one):
            continue
        wanted = min(op.result, 0) if op.is_uring else op.result
        if one.result != wanted:
            yield f"{op.kind}:{op.errno}", f"{op}: {one}"


@rule
def open_arguments(run):
    """Flags and dirfd are what was passed. Calls add O_LARGEFILE, rings O_NONBLOCK at first."""
    for op, one in run.pairs():
        if op.kind == "exec" or run.is_lost(op):
            continue
        if one.json["dirfd"] != op.dirfd:
            yield "dirfd", f"{op}: {one.json['dirfd']}, not {op.dirfd}"
        added = O_LARGEFILE | (O_NONBLOCK if op.is_uring else 0)
        if (one.json["flags"] | added) != (op.flags | added):
            flags = f"{one.json['flags']:#o}, not {op.flags:#o}"
            yield "uring" if op.is_uring else "flags", f"{op}: {flags}"


@rule
def open_process(run):
    """The process is the thread's, where it is known."""
    for op, one in run.pairs():
        if one.json["tgid"] not in (None, op.pid):
            yield "", f"{op}: {one} of process {one.json['tgid']}"


@rule
def open_comm(run):
    """The thread's name is what it was at that time."""
    for op, one in run.pairs():
        if one.json["comm"].encode() != op.comm:
            yield "", f"{op}: {one.json['comm']}, not {op.comm}"


@rule
def open_order(run):
    """Numbers follow the entries."""
    last = 0
    for one in sorted(run.output.opens, key=lambda one: one.id):
        if one.ns < last:
            yield "", f"{one} was entered before the one in front of it"
        last = one.ns


@rule
def open_incomplete(run):
    """Nothing is incomplete without a loss."""
    for op, one in run.pairs():
        if is_dropped(op, one) or run.is_lost(op) or is_put_off(op):
            continue
        if not one.json["complete"]:
            yield op.errno, f"{op}: {one}"
