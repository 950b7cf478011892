# SPDX-License-Identifier: MIT
"""The list of known faults: which kinds of differences are expected, and why."""

import errno
import fnmatch


class Known:
    """Lines KIND, a tab, FAULT; a kind may be a pattern of the shell."""

    def __init__(self, path):
        self.rows = []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    pattern, fault = line.rstrip("\n").split("\t", 1)
                    self.rows.append((pattern, fault.strip()))

    def fault(self, kind):
        for pattern, fault in self.rows:
            if fnmatch.fnmatchcase(kind, pattern):
                return fault
        return None


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
