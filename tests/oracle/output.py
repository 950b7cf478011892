# SPDX-License-Identifier: MIT
"""What ftopen wrote: ftopen-json(5)."""

import json


def text(value):
    """Bytes of a text, or None."""
    if value is None:
        return None
    if isinstance(value, dict):
        return bytes.fromhex(value["bytes"])
    return value.encode("utf-8")


def nanoseconds(value):
    seconds, fraction = value.split(".")
    return int(seconds) * 1000000000 + int(fraction)


class Open:
    """One open; its object is in json."""

    def __init__(self, line):
        self.json = line
        self.id = line["id"]
        self.path = text(line["name"])
        self.ns = nanoseconds(line["ts"])
        self.tid = line["tid"]
        self.result = line["result"]
        self.cache = line["cache"]

    def __str__(self):
        return f"open {self.id} (result {self.result}, cache {self.cache})"


class Name:
    """One name, with the key that ftopen tells it by."""

    def __init__(self, line):
        self.json = line
        self.path = text(line["name"])
        self.paths = [text(path) for path in line["paths"]]
        self.has_all_paths = not line["paths_dropped"]
        self.component = text(line["component"])
        self.directory = (line["dev"], line["dir_ino"])
        self.lifetimes = line["lifetimes"]

    def hops(self):
        for lifetime in self.lifetimes:
            for hop in lifetime["hops"]:
                yield lifetime, hop

    def is_shortened(self):
        """Whether it says that not all of its lifetimes or hops were kept."""
        dropped = sum(lifetime["hops_dropped"] for lifetime in self.lifetimes)
        return bool(self.json["lifetimes_dropped"] or dropped)

    def hop_opens(self, *kinds):
        return {hop["open"] for _, hop in self.hops() if hop["hop"] in kinds and hop["open"]}

    def key(self):
        return (self.directory, self.component)


class Output:
    """All objects of one trace."""

    def __init__(self, path):
        self.opens, self.names, self.losses, self.summary = [], [], [], None
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                self.read(json.loads(line))

    def read(self, line):
        if line["type"] == "open":
            self.opens.append(Open(line))
        elif line["type"] == "name":
            self.names.append(Name(line))
        elif line["type"] == "loss":
            self.losses.append(line)
        elif line["type"] == "summary":
            self.summary = line
