# SPDX-License-Identifier: MIT
"""What a path means, where the directories and links are those that stay as they are.

A name is told by its key: the identity (device, inode) of the directory, and the component.
"""

import dataclasses

LINKS_MAX = 40
# The pool's own links, which come and go, all lead to this name beside them.
POOL_LINKS = {b"s22", b"s23"}
POOL_LINK_TARGET = b"n2"

# In the place of a device: of a file system that is not the world's.
MOUNTED = "mounted"
# Names that there never are.
NEVER = {b"missing", b"gone"}


@dataclasses.dataclass
class Node:
    """A directory or a link of the world."""

    id: int
    parent: int
    name: bytes
    is_link: bool
    target: bytes
    same: int
    identity: tuple


class Walk:
    """Keys in the order of their lookups; last is that of the path's own last component."""

    def __init__(self):
        self.keys = []
        self.last = None
        self.directory = None  # the node that last is in
        self.component = None  # the path's own last one, as it is spelled
        self.has_link = False
        self.leads_on = False  # the last component is a link that was followed
        self.is_certain = True  # nothing that comes and goes stands before the last component


class World:
    """The nodes of one seed."""

    def __init__(self):
        self.nodes = {}
        self.children = {}

    def add(self, line):
        node = Node(
            line["id"],
            line["parent"],
            bytes.fromhex(line["name"]),
            line["kind"] == "link",
            bytes.fromhex(line["target"]),
            line["same"],
            (line["dev"], line["ino"]),
        )
        self.nodes[node.id] = node
        if node.name:
            self.children[node.parent, node.name] = node.id

    def key_of(self, node):
        return self.nodes[node].identity

    def path_of(self, node, root):
        """The path of a directory as a task with this root sees it, or None."""
        parts = []
        while node != root:
            if not node:
                return None
            parts.insert(0, self.nodes[node].name)
            node = self.nodes[node].parent
        return b"".join(b"/" + part for part in parts)

    def is_below(self, node, above):
        """Whether a node is another one, or below it."""
        while node and node != above:
            node = self.nodes[node].parent
        return node == above

    def is_in_two_places(self, node):
        """Whether what is at a node is mounted elsewhere, or from there."""
        both = [one for one in self.nodes.values() if one.same not in (0, one.id)]
        places = {one.id for one in both} | {one.same for one in both}
        return any(self.is_below(node, place) for place in places)

    def same_as(self, node):
        """All places of the directory that is at a node."""
        same = self.nodes[node].same or node
        return [one.id for one in self.nodes.values() if same in (one.id, one.same)]

    def tmpfs(self):
        return next(node for node in self.nodes.values() if node.name == b"tmpfs")

    def child(self, node, name):
        found = self.children.get((node, name))
        if found is None and self.nodes[node].same:
            found = self.children.get((self.nodes[node].same, name))
        return found

    def walk(self, root, at, path, follow, passed):
        """The walk of a path that begins at a node; of what was passed it is the end."""
        walk = Walk()
        walk.component = self.component(passed)
        if not path or len(passed) > 4095:
            return walk
        node = root if path.startswith(b"/") else at
        todo = [(part, True) for part in path.split(b"/") if part]
        self.steps(walk, root, node, todo, follow or path.endswith(b"/"))
        return walk

    @staticmethod
    def component(path):
        """The last component; None if it is none that is looked up."""
        parts = [part for part in path.split(b"/") if part not in (b"", b".")]
        is_dot = path.rstrip(b"/").split(b"/")[-1] in (b"", b".")
        return None if not parts or is_dot or parts[-1] == b".." else parts[-1]

    def steps(self, walk, root, node, todo, follow):
        links = 0
        while todo:
            part, own = todo.pop(0)
            is_last = not todo
            is_own_last = own and not any(mine for _, mine in todo)
            if part == b".":
                continue
            if part == b"..":
                node = node if node == root else self.nodes[node].parent
                continue
            if len(part) > 255:
                return
            key = (self.key_of(node), part)
            walk.keys.append(key)
            if is_own_last:
                walk.last, walk.directory = key, node
            child = self.child(node, part)
            if child is None:
                self.leave(walk, node, part, is_last)
                return
            if not self.nodes[child].is_link:
                node = child
                continue
            walk.has_link = True
            if is_last and not follow:
                return
            links += 1
            if links > LINKS_MAX:
                return
            target = self.nodes[child].target
            node = root if target.startswith(b"/") else node
            walk.leads_on = is_last
            todo[:0] = [(name, False) for name in target.split(b"/") if name]

    def leave(self, walk, node, part, is_last):
        """A name that comes and goes: what is behind it is not known."""
        walk.is_certain = is_last or part in NEVER
        if part in POOL_LINKS:
            walk.has_link = True
            walk.keys.append((self.key_of(node), POOL_LINK_TARGET))

    def remount(self, walk, number):
        """The names of a walk that are in another file system in the tmpfs's place."""
        own = {(self.tmpfs().identity, name): ((MOUNTED, number), name) for _, name in walk.keys}
        walk.keys = [own.get(key, key) for key in walk.keys]
        walk.last = own.get(walk.last, walk.last)

    def is_identity(self, identity):
        return any(node.identity == identity for node in self.nodes.values())

    def is_fixed(self, key):
        """Whether a name is that of a node, which is there always."""
        return any(
            node.name == key[1] and self.nodes[node.parent].identity == key[0]
            for node in self.nodes.values()
        )
