# SPDX-License-Identifier: MIT
"""The log of the oracle's program: its world, and its operations as they began."""

import collections
import json
import re

from kinds import errno_name, shown
from walk import World

# The errno values that say that the last component was reached, where the directories are there.
REACHED = {"ok", "ENOENT", "EEXIST", "EISDIR"}
RESOLVE_IN_ROOT = 0x10
O_CREAT = 0o100
O_TMPFILE = 0o20200000
# Operations that may end the lifetime of a name, or give it to another dentry.
REMOVING = {"unlink", "rmdir", "rename", "exchange"}
CREATING = {"mknod", "mkdir", "symlink", "link"}
OPENING = {"open", "openat2", "uring", "uring_worker", "uring_sqpoll", "exec"}
# The magic links that lead to a directory, or to the root.
MAGIC_LINK = re.compile(rb"^/proc/(?:thread-self/cwd/|self/root|self/fd/\d+/)")
FOLLOWING = OPENING | {"stat", "access", "chdir"}


class Op:
    """One operation, with the keys of the names that it may look up."""

    def __init__(self, line, world):
        self.kind = line["op"]
        self.pid = line["pid"]
        self.tid = line["tid"]
        self.is_outside = bool(line["out"])
        self.begin, self.end = line["order"]
        self.ns = line["ns"]
        self.result = line["result"]
        self.errno = errno_name(self.result)
        self.flags = line["flags"]
        self.resolve = line["resolve"]
        self.dirfd = line["dirfd"]
        self.path = bytes.fromhex(line["path"]) if "path" in line else None
        self.other = bytes.fromhex(line["other"]) if "other" in line else None
        self.identity = (line["dev"], line["ino"]) if "ino" in line else None
        self.comm = bytes.fromhex(line["comm"])
        self.at, self.root = line["at"], line["root"]
        self.walks = self.all_walks(line, world)
        self.keys = [key for walk in self.walks for key in walk.keys]
        self.walk = self.walks[0] if self.walks else None

    def all_walks(self, line, world):
        """The walks of both paths; magic links of the kind that the program uses are known."""
        if self.errno == "EBADF" or line["at"] not in world.nodes:
            return [world.walk(line["root"], line["root"], b"", False, self.path)]
        root, path, follow = line["root"], self.path, self.kind in FOLLOWING
        if self.resolve & RESOLVE_IN_ROOT:
            root = line["at"]
        walks = []
        if path is not None:
            path = MAGIC_LINK.sub(b"", path, count=1)
            walks.append(world.walk(root, line["at"], path, follow, self.path))
        if line.get("mount"):
            world.remount(walks[0], line["mount"])
        if self.other is not None and line["other_at"] in world.nodes:
            walks.append(world.walk(root, line["other_at"], self.other, False, self.other))
        return walks

    @property
    def last(self):
        """The key of the path's own last component, or None."""
        return self.walk.last if self.walk else None

    @property
    def is_open(self):
        return self.kind in OPENING

    @property
    def manner(self):
        """What is special about the path: the qualifier of what ftopen says of it."""
        if self.path is None:
            return "null"
        if self.is_uring:
            return "uring"
        if self.path.startswith((b"/proc/self", b"/proc/thread-self")):
            return "magic"
        if self.flags & O_TMPFILE == O_TMPFILE:
            return "tmpfile"
        if self.walk.has_link:
            return "link"
        return "" if self.walk.component else "none"

    @property
    def is_uring(self):
        return self.kind.startswith("uring")

    def has_reached_last(self):
        if self.last is None or self.errno not in REACHED:
            return False
        if self.path.endswith(b"/") and self.errno == "EISDIR":
            return False  # refused before the lookup: O_CREAT
        return self.result >= 0 or not self.resolve

    def last_keys(self):
        return [walk.last for walk in self.walks if walk.last]

    def takes(self, key):
        """Whether the dentry of this name has another one, or none, after it."""
        if self.result < 0 or self.kind not in REMOVING:
            return False
        return key == self.last or self.kind == "exchange" and key in self.last_keys()

    def removes(self):
        return self.kind in REMOVING and self.result >= 0

    def changes(self):
        """Whether a name may have come to be, or have gone."""
        creates = self.is_open and self.flags & O_CREAT
        return bool(self.removes() or self.kind in CREATING or creates)

    def __str__(self):
        return f"{self.kind}({shown(self.path)}) = {self.errno} by {self.tid}"


class Log:
    """All of one seed."""

    def __init__(self, path):
        self.world = World()
        self.ops = []
        self.existing, self.remaining = set(), set()  # at the beginning, and at the end
        self.listed = set()  # the directories that these are of
        with open(path, encoding="ascii") as lines:
            for line in lines:
                self.read(json.loads(line))
        self.ops.sort(key=lambda op: op.begin)
        self.by_key = {}
        for op in self.ops:
            for key in set(op.keys):
                self.by_key.setdefault(key, []).append(op)
        self.drops = [op for op in self.ops if op.kind == "drop"]
        self.directories = {}  # where walks ended: the node of an identity
        for walk in (walk for op in self.ops for walk in op.walks):
            if walk.last and walk.directory is not None:
                self.directories.setdefault(walk.last[0], walk.directory)
        self.known_relatives = {}
        self.known_related = {}

    def read(self, line):
        if line["op"] == "node":
            self.world.add(line)
        elif line["op"] in ("exists", "remains"):
            self.listed.add(self.world.key_of(line["dir"]))
            names = self.existing if line["op"] == "exists" else self.remaining
            names.add((self.world.key_of(line["dir"]), bytes.fromhex(line["name"])))
        else:
            self.ops.append(Op(line, self.world))

    def relatives(self, key):
        """The names between which dentries may have moved, this one included."""
        if key not in self.known_relatives:
            self.known_relatives[key] = self.find_relatives(key)
        return self.known_relatives[key]

    def find_relatives(self, key):
        found, todo = {key}, [key]
        while todo:
            for op in self.touching(todo.pop()):
                if op.kind in ("rename", "exchange") and op.result >= 0:
                    todo.extend(other for other in op.last_keys() if other not in found)
                    found.update(op.last_keys())
        return found

    def related(self, key):
        """All operations on the names that a dentry of this one can have had, by their threads."""
        if key not in self.known_related:
            by_tid = collections.defaultdict(list)
            for name in self.relatives(key):
                for op in self.touching(name):
                    by_tid[op.tid].append(op)
            self.known_related[key] = by_tid
        return self.known_related[key]

    def touching(self, key):
        """The operations that may look this name up, in the order of their beginning."""
        return self.by_key.get(key, [])
