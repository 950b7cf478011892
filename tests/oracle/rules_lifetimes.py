# SPDX-License-Identifier: MIT
"""Rules of lifetimes: born, end, and by whom, as far as the log can tell."""

from kinds import shown
from output import nanoseconds
from rules import rule

ENDING = {"evict", "delete", "rename"}


def known_lifetimes(run):
    """Lifetimes of names that come and go, each with the key of its name."""
    for name in run.output.names:
        key = run.key_of(name)
        if key and run.log.touching(key) and not run.log.world.is_fixed(key):
            for lifetime in name.lifetimes:
                yield name, key, lifetime


def ending_hop(lifetime):
    hops = [hop for hop in lifetime["hops"] if hop["hop"] in ENDING]
    return hops[-1] if hops else None


def is_moved(run, key):
    """Whether a dentry may have come from another name, or gone to one."""
    return any(op.kind in ("rename", "exchange") and op.result >= 0 for op in run.log.touching(key))


def is_unused(lifetime):
    """A dentry that lost a race: made for the name, and freed before anybody could find it."""
    hops = {hop["hop"] for hop in lifetime["hops"]}
    return "alloc" in hops and "insert" not in hops


def said(name, lifetime):
    ended = f"by {lifetime['end_comm']}-{lifetime['end_tid']}"
    what = f"{shown(name.component)} of {shown(name.path)}"
    return f"{what}: {lifetime['born']}, {lifetime['end']} {ended}"


def has_related(run, key, is_wanted):
    """Whether any operation on the names that a dentry of this one can have had is of a kind."""
    return any(is_wanted(op) for ops in run.log.related(key).values() for op in ops)


@rule
def born_before(run):
    """What nobody looked up before the trace was not born before it."""
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["born"] != "before" or key[0] not in run.log.listed:
            continue
        if any(run.is_pinned(one) and one in run.log.existing for one in run.log.relatives(key)):
            continue
        if not has_related(run, key, lambda op: op.ns[0] < run.start):
            yield "moved" if is_moved(run, key) else "", said(name, lifetime)


@rule
def born_blind(run):
    """Where only the program's own inserts are seen, nothing is known to be older than the trace."""
    if run.mode != "own":
        return
    for name, _, lifetime in known_lifetimes(run):
        if lifetime["born"] == "before":
            yield "", said(name, lifetime)


@rule
def born_unnamed(run):
    """A file without a name was born to the open that made it."""
    for name in run.output.names:
        for lifetime in name.lifetimes:
            for hop in lifetime["hops"]:
                op = run.op_of.get(hop["open"]) if hop["hop"] == "file" and hop["addr"] else None
                if op and op.manner == "tmpfile" and lifetime["born"] == "before":
                    yield "", f"{said(name, lifetime)}; {op}"


@rule
def born_traced(run):
    """What no traced task looked up was born to nobody traced."""
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["born"] == "traced" and not has_related(run, key, run.is_traced):
            yield "", said(name, lifetime)


@rule
def born_by(run):
    """Who is said to have made a name that no traced task made is not traced, and looked it up."""
    for name, key, lifetime in known_lifetimes(run):
        tid = lifetime.get("born_tid")
        if lifetime["born"] != "untraced" or tid not in run.by_tid:
            continue
        ops = run.log.related(key).get(tid)
        if not ops or all(run.is_traced(op) for op in ops):
            yield "", f"{said(name, lifetime)}; born by {tid}"


@rule
def born_unknown(run):
    """Without a loss it is known where a dentry comes from."""
    for name, _, lifetime in known_lifetimes(run):
        if lifetime["dentry"] and lifetime["born"] is None and not run.output.losses:
            yield "", said(name, lifetime)


@rule
def end_by(run):
    """An end lies in an operation of the task that is said to have made it, and that can."""
    for name, key, lifetime in known_lifetimes(run):
        hop = ending_hop(lifetime)
        if not hop or lifetime["end"] not in ("deleted", "renamed"):
            continue
        ops = run.ops_at(hop["tid"], nanoseconds(hop["ts"]))
        kinds = {"deleted": ("unlink", "rmdir"), "renamed": ("rename", "exchange")}
        able = [op for op in ops if op.removes() and op.kind in kinds[lifetime["end"]]]
        if not any(key in op.last_keys() for op in able):
            where = ", ".join(map(str, ops)) or "nothing"
            yield lifetime["end"], f"{said(name, lifetime)}; in {where}"
        if lifetime["end_tid"] not in (None, hop["tid"]):
            yield "tid", said(name, lifetime)


@rule
def end_evicted(run):
    """A name that nothing dropped and nobody removed was not evicted."""
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["end"] != "evicted" or run.is_pinned(key) or is_moved(run, key):
            continue
        if is_unused(lifetime):
            continue
        hop = ending_hop(lifetime)
        if not hop:
            continue
        ns = nanoseconds(hop["ts"])
        ops = run.ops_at(hop["tid"], ns)
        if any(op.kind == "drop" for op in ops):
            continue
        if run.fs == "overlay" and any(key in op.last_keys() for op in ops):
            continue  # it frees the dentry of a new link
        if not any(op.removes() and op.ns[0] < ns for op in run.log.touching(key)):
            yield "", said(name, lifetime)


@rule
def end_unhashed(run):
    """A name that nobody removed, and that nothing replaced, was not unhashed."""
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["end"] != "unhashed" or run.is_pinned(key):
            continue
        ops = [op for op in run.log.touching(key) if op.removes() and op.kind != "exchange"]
        if not any(op.kind != "rename" or op.last != key for op in ops):
            yield "moved" if is_moved(run, key) else "", said(name, lifetime)


def own_times(lifetime):
    """When the dentry was seen bearing the name."""
    return [
        nanoseconds(hop["ts"])
        for hop in lifetime["hops"]
        if hop["hop"] in ("alloc", "insert") or hop["hop"] == "lookup" and hop["addr"]
    ]


def current_at(run, name, key, op):
    """The lifetime that was the name's when this began, if nothing had touched it since."""
    seen = [
        (max((at for at in own_times(one) if at < op.ns[0]), default=0), one)
        for one in name.lifetimes
    ]
    at, lifetime = max(seen, key=lambda pair: pair[0], default=(0, None))
    hop = ending_hop(lifetime) if at else None
    if not at or hop and nanoseconds(hop["ts"]) < op.ns[0]:
        return None
    between = (other for other in run.log.touching(key) if other is not op and other.removes())
    is_old = any(at < other.ns[1] and other.ns[0] < op.ns[1] for other in between)
    return None if is_old else lifetime


# What the end of a dentry can be, by what was done to its name.
ENDS = {
    "unlink": {"deleted", "unhashed", "evicted", "unknown"},
    "rmdir": {"deleted", "unhashed", "evicted", "unknown"},
    "rename": {"renamed", "unknown"},
    "exchange": {"renamed", "unknown"},
}


def is_alone(run, op, key):
    """Whether nothing else happened to the name that could make the end another one."""
    others = [other for other in run.log.touching(key) if other is not op]
    if any(other.begin < op.end and other.end > op.begin for other in others):
        return False
    if op.kind in ("unlink", "rmdir"):
        # The dentry stays, negative, and may be used again.
        return not any(other.changes() for other in others if other.begin > op.end)
    # To rename a name to itself, or to a hard link of it, does nothing.
    names = run.log.relatives(key)
    links = [other for name in names for other in run.log.touching(name) if other.kind == "link"]
    return len(set(op.last_keys())) > 1 and not links


def is_dropped_first(run, lifetime, op):
    """Whether somebody dropped the dentry before an operation that had begun came to it."""
    hop = ending_hop(lifetime) if lifetime["end"] == "evicted" else None
    ns = nanoseconds(hop["ts"]) if hop else op.ns[1]
    return ns < op.ns[1] and any(one.kind == "drop" for one in run.ops_at(hop["tid"], ns))


@rule
def end_missed(run):
    """What was removed or renamed, with nothing else at the same time, ended so."""
    for name, key, _ in {id(row[0]): row for row in known_lifetimes(run)}.values():
        for op in run.log.touching(key):
            lifetime = current_at(run, name, key, op) if op.takes(key) else None
            if not lifetime or not is_alone(run, op, key) or is_dropped_first(run, lifetime, op):
                continue
            if lifetime["end"] not in ENDS[op.kind]:
                yield f"{op.kind}:{lifetime['end']}", f"{said(name, lifetime)}; {op}"
            elif lifetime["end_tid"] not in (None, op.tid) and lifetime["end"] != "evicted":
                yield "by", f"{said(name, lifetime)}; {op}"


@rule
def end_unknown(run):
    """Without a loss the end is known."""
    if run.mode == "own" or run.output.losses:
        return
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["dentry"] and lifetime["end"] == "unknown":
            yield "moved" if is_moved(run, key) else "", said(name, lifetime)


@rule
def end_alive(run):
    """What is alive at the end exists if it is positive, and only then."""
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["end"] != "alive" or not lifetime["dentry"] or lifetime["negative"] is None:
            continue
        if key[0] not in run.log.listed:
            continue
        if lifetime["negative"] == (key in run.log.remaining):
            sign = "negative" if lifetime["negative"] else "positive"
            yield sign, f"{said(name, lifetime)}; remains: {key in run.log.remaining}"


def is_there_at(run, key, ns):
    """Whether a name existed at a time; None if something may have changed it just then."""
    there = key in run.log.existing
    for op in run.log.touching(key):
        if op.ns[0] > ns or not op.changes():
            continue
        if op.is_open and op.errno not in ("ok", "ENOENT", "EEXIST"):
            return None  # 5.10 makes the file, and then refuses O_DIRECTORY
        if op.result < 0:
            continue
        if op.ns[1] >= ns or op.kind == "link" or key not in op.last_keys():
            return None
        at_once = [one for one in run.log.touching(key) if one is not op and one.changes()]
        if any(one.begin < op.end and op.begin < one.end for one in at_once):
            return None
        there = op.kind not in ("unlink", "rmdir") and (op.kind != "rename" or op.last != key)
    return there


@rule
def end_sign(run):
    """What was unlinked is negative, if it stays in the cache; else it ends as the name is."""
    if run.mode == "own":
        return
    for name, key, lifetime in known_lifetimes(run):
        hop = ending_hop(lifetime)
        if lifetime["negative"] is None or not hop or key[0] not in run.log.listed:
            continue
        if lifetime["end"] == "deleted" and not lifetime["negative"]:
            yield "deleted", said(name, lifetime)
        if lifetime["end"] != "evicted" or is_moved(run, key) or is_unused(lifetime):
            continue
        if any(one["hop"] == "delete" for one in lifetime["hops"]):
            continue  # while it was open: it has its inode, and no name
        there = is_there_at(run, key, nanoseconds(hop["ts"]))
        if there is not None and there == lifetime["negative"]:
            yield "evicted", f"{said(name, lifetime)}; negative: {lifetime['negative']}"


@rule
def end_open(run):
    """What is dropped by who unlinks it, because somebody has it open, keeps its inode."""
    for name, _, lifetime in known_lifetimes(run):
        hop = ending_hop(lifetime)
        if lifetime["end"] != "unhashed" or not hop or hop["hop"] != "delete":
            continue
        if lifetime["negative"] and lifetime["end_tid"] == hop["tid"]:
            yield "", said(name, lifetime)


@rule
def end_deleted(run):
    """What is said to be deleted was unlinked or removed by somebody."""
    for name, key, lifetime in known_lifetimes(run):
        if lifetime["end"] != "deleted":
            continue
        kinds = [op.kind for op in run.log.touching(key) if op.takes(key)]
        if "unlink" not in kinds and "rmdir" not in kinds:
            yield "", said(name, lifetime)


@rule
def end_two_alive(run):
    """No name has two dentries that are alive."""
    for name in run.output.names:
        alive = [one for one in name.lifetimes if one["end"] == "alive" and one["dentry"]]
        if len(alive) > 1:
            yield "", f"{shown(name.path)}: {', '.join(one['dentry'] for one in alive)}"


def is_second_end(first, second):
    """Whether a lifetime is told the end of another one, at the same address."""
    kinds = {hop["hop"] for hop in second["hops"]}
    return (
        second is not first
        and not second["hops_dropped"]
        and second["dentry"] == first["dentry"]
        and second["end"] == "evicted"
        and second["end_tid"] == first["end_tid"]
        and not kinds & {"evict", "alloc", "insert", "rename"}
    )


@rule
def end_twice(run):
    """A dentry is evicted once: what is found meanwhile is not another one."""
    for name in run.output.names:
        ended = [one for one in name.lifetimes if any(hop["hop"] == "evict" for hop in one["hops"])]
        for first in ended:
            for second in name.lifetimes:
                if is_second_end(first, second):
                    yield "", f"{said(name, second)}, and so was {first['dentry']} before"


@rule
def dentry_shared(run):
    """A dentry bears one name at a time."""
    spans = {}
    for name in run.output.names:
        for lifetime in name.lifetimes:
            own = [nanoseconds(hop["ts"]) for hop in lifetime["hops"]
                   if hop["hop"] in ("alloc", "insert", "delete", "evict", "rename")
                   or hop["hop"] == "lookup" and hop["addr"]]
            if lifetime["dentry"] and own:
                spans.setdefault(lifetime["dentry"], []).append((own[0], own[-1], name))
    for dentry, found in spans.items():
        found.sort(key=lambda span: span[:2])
        for first, second in zip(found, found[1:]):
            if second[0] < first[1]:
                yield "", f"{dentry} is {shown(first[2].path)} and {shown(second[2].path)}"


@rule
def lifetime_inode(run):
    """While its name was not removed, a dentry is one inode: what fstat says of each open."""
    for name, _, lifetime in known_lifetimes(run):
        if lifetime["hops_dropped"]:
            continue  # what removed it may be among these
        if any(hop["hop"] in ("delete", "instantiate") for hop in lifetime["hops"]):
            continue
        found = {}
        for hop in lifetime["hops"]:
            op = run.op_of.get(hop["open"]) if hop["hop"] == "file" and hop["addr"] else None
            if op and op.identity:
                found.setdefault(op.identity, op)
        if len(found) > 1:
            yield "", f"{said(name, lifetime)}: " + ", ".join(map(str, found.items()))


@rule
def relation_offset(run):
    """source - filename is where the last component stands in the path."""
    for name in run.output.names:
        for relation in name.json["relations"]:
            op = run.op_of.get(relation["open"])
            if relation["left"] != "source" or relation["right"] != "filename" or not op:
                continue
            wanted = len(op.path.rstrip(b"/")) - len(op.walk.component or b"")
            if relation["value"] not in (None, wanted):
                yield op.manner, f"{op}: {relation['value']}, not {wanted}"
