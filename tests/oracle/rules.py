# SPDX-License-Identifier: MIT
"""What ftopen must never say: one rule each, which yields (kind, text) for each difference."""

from kinds import errno_name, shown

O_LARGEFILE = 0o100000
O_TMPFILE = 0o20200000
RULES = []


def rule(function):
    """Adds a rule; its name is the beginning of the kind of its differences."""
    name = function.__name__.replace("_", "-")

    def named(run):
        for qualifier, text in function(run):
            yield (f"{name}:{qualifier}" if qualifier else name), text

    RULES.append(named)
    return function


# --- opens ------------------------------------------------------------------------------------


@rule
def open_missing(run):
    """Each open of a traced task is there, unless losses are told."""
    for op, opens in run.op_opens.items():
        if not opens and not run.is_lost(op):
            yield f"{op.kind}:{op.errno}", str(op)


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


@rule
def open_path(run):
    """The path is what was passed."""
    for op, one in run.pairs():
        if one.path != op.path:
            yield op.errno, f"{op}: {one} has the path {shown(one.path)}"


@rule
def open_result(run):
    """The result is what the program got."""
    for op, one in run.pairs():
        if one.result != op.result:
            yield f"{op.kind}:{op.errno}", f"{op}: {one}"


@rule
def open_arguments(run):
    """Flags and dirfd are what was passed. The system call adds O_LARGEFILE."""
    for op, one in run.pairs():
        if op.kind == "exec":
            continue
        if one.json["dirfd"] != op.dirfd:
            yield "dirfd", f"{op}: {one.json['dirfd']}, not {op.dirfd}"
        if (one.json["flags"] | O_LARGEFILE) != (op.flags | O_LARGEFILE):
            yield "flags", f"{op}: {one.json['flags']:#o}, not {op.flags:#o}"


@rule
def open_process(run):
    """The process is the thread's, where it is known."""
    for op, one in run.pairs():
        if one.json["tgid"] not in (None, op.pid):
            yield "", f"{op}: {one} of process {one.json['tgid']}"


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
        if not one.json["complete"] and not run.is_lost(op):
            yield op.errno, f"{op}: {one}"


# --- relations --------------------------------------------------------------------------------


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
    if run.output.losses:
        return
    for name in run.output.names:
        for relation in name.json["relations"]:
            if relation["verdict"] == "UNKNOWN":
                sides = f"{relation['left']} {relation['op']} {relation['right']}"
                yield sides.replace(" ", "_"), f"{shown(name.path)}: {sides}: {relation['why']}"


# --- names ------------------------------------------------------------------------------------


@rule
def name_missing(run):
    """An open that reached its last component has a name."""
    for op, one in run.pairs():
        if op.has_reached_last() and not run.names_of[one.id] and not run.is_lost(op):
            yield op.errno, f"{op}: {one} is in no name"


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
            yield "", f"{shown(name.path)}: " + " and ".join(map(str, list(keys.values())[:2]))


@rule
def name_split(run):
    """One name is never two."""
    if run.output.summary["pushed_out"]:
        return
    names = {}
    for name in run.output.names:
        for number in name.hop_opens("user", "copy", "filename"):
            op = run.op_of.get(number)
            if op and op.last:
                names.setdefault(op.last, {})[id(name)] = op
    for key, found in names.items():
        if len(found) > 1:
            yield "", f"{shown(key[1])}: " + " and ".join(map(str, list(found.values())[:2]))


@rule
def name_component(run):
    """The component is the path's own last one."""
    for op, one in run.pairs():
        for name in run.names_of[one.id]:
            if one.id in name.hop_opens("user", "copy", "filename") and (
                op.walk.component != name.component
            ):
                qualifier = "tmpfile" if op.flags & O_TMPFILE == O_TMPFILE else ""
                qualifier = qualifier or ("" if op.walk.component else "none")
                text = f"{op}: {shown(name.component)}, not {shown(op.walk.component)}"
                yield qualifier, text


@rule
def name_directory(run):
    """Device and inode of the directory are what fstat says, or at least equal where they are equal."""
    seen = {}
    for op, one in run.pairs():
        for name in run.names_of[one.id]:
            if op.last is None or name.component != op.last[1] or name.directory[0] is None:
                continue
            if one.id not in name.hop_opens("user", "copy", "filename"):
                continue
            if run.is_numbered() and name.directory != op.last[0]:
                yield "", f"{op}: {name.directory}, not {op.last[0]}"
            known = seen.setdefault(("ftopen", name.directory), op.last[0])
            back = seen.setdefault(("log", op.last[0]), name.directory)
            if known != op.last[0] or back != name.directory:
                yield "unequal", f"{op}: {name.directory} is {op.last[0]} and {known}"


@rule
def name_paths(run):
    """Every spelling is listed."""
    for op, one in run.pairs():
        for name in run.names_of[one.id]:
            if one.id in name.hop_opens("filename") and op.path not in name.paths:
                yield "", f"{op} is not among the paths of {shown(name.path)}"


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
            if hop["tid"] != op.tid and op.kind != "uring":
                yield "thread", f"{hop['hop']} of {shown(name.path)} by {hop['tid']}: {op}"


# --- the cache --------------------------------------------------------------------------------


def before(run, op):
    """What happened to the name of an open's last component before it."""
    return [other for other in run.log.by_key[op.last] if other is not op and other.begin < op.end]


def is_dropped(run, key, begin, end):
    """Whether anything between could have dropped the name from the cache."""
    drops = [drop for drop in run.log.drops if drop.end > begin and drop.begin < end]
    return bool(drops) or any(
        other.removes() and other.end > begin and other.begin < end
        for other in run.log.by_key[key]
    )


def leaves_dentry(run, op, key):
    """Whether this name is in the cache after the operation."""
    if key not in op.last_keys() or op.kind not in ("open", "openat2", "stat", "access"):
        return False
    return op.result >= 0 or (op.errno == "ENOENT" and not op.resolve and run.keeps_negative(key))


def is_judged(op):
    """Whether the cache was asked for the path's own last component for certain."""
    return op.has_reached_last() and not op.is_wild and op.kind in ("open", "openat2")


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
                yield "", f"{op}: {one}, after {other}"
                break


@rule
def cache_hit(run):
    """A name never looked up before is never a hit."""
    for op, one in run.pairs():
        if not is_judged(op) or one.cache not in ("hit", "negative"):
            continue
        if run.is_pinned(op.last) and op.last in run.log.existing:
            continue
        if any(wild.begin < op.end for wild in run.log.wild) or before(run, op):
            continue
        if run.log.world.is_fixed(op.last):
            continue
        yield one.cache, f"{op}: {one}"


@rule
def cache_sign(run):
    """What exists is no negative hit, what does not is no positive one."""
    for op, one in run.pairs():
        if not is_judged(op) or one.cache not in ("hit", "negative") or op.changes():
            continue
        if run.log.world.is_fixed(op.last) or op.last[1][:1] == b"s":
            continue
        if (one.cache == "hit") == (op.errno == "ENOENT"):
            yield one.cache, f"{op}: {one}"


@rule
def cache_unreached(run):
    """A component that was not reached was not looked up."""
    for op, one in run.pairs():
        walk = op.walk
        if not walk or op.is_wild or walk.last or not walk.is_certain:
            continue
        if one.cache in ("hit", "miss", "negative"):
            yield op.errno, f"{op}: {one}"
