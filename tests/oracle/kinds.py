# SPDX-License-Identifier: MIT
"""The list of known faults: which kinds of differences are expected, and why."""

import errno
import fnmatch


class Known:
    """Lines KIND, file systems (or *), FAULT, with tabs between; a kind is a pattern of the shell."""

    def __init__(self, path, fs):
        self.rows = []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if not line.strip() or line.startswith("#"):
                    continue
                kind, systems, fault = line.rstrip("\n").split("\t")
                if systems == "*" or fs in systems.split(","):
                    self.rows.append((kind, fault))

    def fault(self, kind):
        for pattern, fault in self.rows:
            if fnmatch.fnmatchcase(kind, pattern):
                return fault
        return None

    def absent(self, kinds):
        """The rows that none of these kinds is of."""
        return [row for row in self.rows if not fnmatch.filter(kinds, row[0])]


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
