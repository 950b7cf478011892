# SPDX-License-Identifier: MIT
"""One traced run: each open of the log is paired with its open of the output."""

import bisect
import collections

from log import Log
from output import Output, nanoseconds
from walk import MOUNTED

# Where a directory's device and inode number are those that fstat gives.
NUMBERED = {"ext4", "tmpfs", "xfs", "f2fs"}


class Run:
    """What the rules look at: SEED.log and SEED.json of a folder, and how they were made."""

    def __init__(self, folder, seed, fs):
        self.folder, self.seed, self.fs = folder, seed, fs
        self.log = log = Log(folder / f"{seed}.log")
        self.output = output = Output(folder / f"{seed}.json")
        self.mode = self.text("mode").strip()
        self.traced = self.traced_pids(self.mode != "alone")
        self.op_opens = {}  # op -> its opens
        self.strangers = []  # opens of no operation
        self.by_tid = collections.defaultdict(list)
        for op in log.ops:
            self.by_tid[op.tid].append(op)
        self.start = min(op.ns[1] for op in log.ops if not op.is_outside)
        self.pair()
        self.op_of = {op_open.id: op for op, opens in self.op_opens.items() for op_open in opens}
        self.names_of = collections.defaultdict(list)  # id of an open -> names it was the open of
        for name in output.names:
            for number in name.hop_opens("user", "copy", "filename", "file"):
                self.names_of[number].append(name)

    def text(self, suffix):
        """What the guest left beside the log, or nothing."""
        path = self.folder / f"{self.seed}.{suffix}"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def traced_pids(self, follow):
        inside = [op for op in self.log.ops if not op.is_outside]
        if follow or not inside:
            return {op.pid for op in inside}
        return {inside[0].pid}

    def is_traced(self, op):
        return not op.is_outside and op.pid in self.traced

    def opens(self):
        """The operations that have to be an open of the output, each."""
        return [op for op in self.log.ops if op.is_open and self.is_traced(op)]

    def pairs(self):
        """Operations with the one open that belongs to them."""
        for op, opens in self.op_opens.items():
            if len(opens) == 1:
                yield op, opens[0]

    def pair(self):
        """An open belongs to the operation of its thread that it was entered in."""
        by_tid = collections.defaultdict(list)
        for op in self.opens():
            by_tid[op.tid].append(op)
            self.op_opens[op] = []
        starts = {tid: [op.ns[0] for op in ops] for tid, ops in by_tid.items()}
        for one in self.output.opens:
            at = bisect.bisect_right(starts.get(one.tid, []), one.ns) - 1
            op = by_tid[one.tid][at] if at >= 0 else None
            if op and one.ns <= op.ns[1]:
                self.op_opens[op].append(one)
            else:
                self.strangers.append(one)

    def ops_at(self, tid, ns):
        """The operations of a thread at a time: one, or none."""
        return [op for op in self.by_tid[tid] if op.ns[0] <= ns <= op.ns[1]]

    def key_of(self, name):
        """The log's key of a name: by its numbers, or else by the opens that it was passed by."""
        if name.directory[0] is None:
            return None
        if self.is_numbered():
            return name.key() if self.log.world.is_identity(name.directory) else None
        opens = name.hop_opens("user", "copy", "filename")
        keys = {self.op_of[number].last for number in opens if number in self.op_of}
        return keys.pop() if len(keys) == 1 else None

    def dying(self):
        """How many lookups found a dentry that was about to be freed: a race that is rarely met."""
        count = 0
        for name in self.output.names:
            for lifetime in name.lifetimes:
                hops = lifetime["hops"]
                ends = [at for at, hop in enumerate(hops) if hop["hop"] == "evict"]
                after = hops[ends[0] :] if ends else []
                count += sum(hop["hop"] == "lookup" and bool(hop["addr"]) for hop in after)
        return count

    def is_numbered(self):
        return self.fs in NUMBERED

    def is_lost(self, op):
        """Whether records of this time were lost, and ftopen says so."""
        return any(
            loss["from"] is None
            or nanoseconds(loss["from"]) <= op.ns[1]
            and nanoseconds(loss["to"]) >= op.ns[0]
            for loss in self.output.losses
        )

    def may_drop(self, op):
        """Whether an operation may drop its own names; overlayfs frees the dentry of a new link."""
        return op.removes() or self.fs == "overlay" and op.kind == "link" and op.result >= 0

    def is_listed(self, key):
        """Whether the log says what there is in the directory of a name."""
        return key[0] in self.log.listed

    def is_pinned(self, key):
        """Whether a name is in a tmpfs: what exists is in the cache, what does not is never."""
        own = key[0][0] == MOUNTED or key[0] == self.log.world.tmpfs().identity
        return own or self.fs == "tmpfs"

    def keeps_negative(self, key):
        return not self.is_pinned(key)
