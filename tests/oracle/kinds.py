# SPDX-License-Identifier: MIT
"""The list of known faults: which kinds of differences are expected, and why."""

import errno
import fnmatch


class Known:
    """Lines KINDS, file systems (or *), FAULT, with tabs between; a kind is a pattern."""

    def __init__(self, path, fs):
        self.rows = []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if not line.strip() or line.startswith("#"):
                    continue
                kinds, systems, fault = line.rstrip("\n").split("\t")
                if systems == "*" or fs in systems.split(","):
                    self.rows.append((kinds.split(), fault))

    def fault(self, kind):
        for patterns, fault in self.rows:
            if any(fnmatch.fnmatchcase(kind, pattern) for pattern in patterns):
                return fault
        return None

    def absent(self, kinds):
        """The faults that none of these kinds is of."""
        for patterns, fault in self.rows:
            if not any(fnmatch.filter(kinds, pattern) for pattern in patterns):
                yield fault


def errno_name(result):
    """What a call returned, as a word: ok, or the name of the errno."""
    if result >= 0:
        return "ok"
    return errno.errorcode.get(-result, str(-result))


def shown(path):
    """Bytes of a path for one line of text."""
    if path is None:
        return "null"
    if len(path) > 80:
        path = path[:60] + b"[...]" + path[-15:]
    return '"' + path.decode("utf-8", "backslashreplace").encode("unicode_escape").decode() + '"'
