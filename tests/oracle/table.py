# SPDX-License-Identifier: MIT
"""What the program did, as a table: operation and errno. An empty cell has a reason."""

OPERATIONS = (
    "open openat2 uring uring_worker uring_sqpoll exec stat access chdir fchdir mknod mkdir symlink"
    " link unlink rmdir rename exchange drop"
).split()
OPENS = {"open", "openat2", "uring", "uring_worker", "uring_sqpoll"}
MAKING = {"mknod", "mkdir", "symlink", "link"}
WALKING = set(OPERATIONS) - {"fchdir", "drop"}

# Each errno: the operations that get it in fifty seeds, and why the others do not.
ERRNOS = {
    "ok": (set(OPERATIONS), ""),
    "ENOENT": (WALKING - {"chdir", "mkdir", "symlink"}, "their directories are always there"),
    "ENOTDIR": (
        {"open", "openat2", "uring_worker", "stat", "unlink", "rename"},
        "few paths of these go through a file",
    ),
    "EACCES": ({"open", "exec", "stat"}, "the tasks without rights are few"),
    "EROFS": (
        {"open", "unlink", "rename", "exchange", "rmdir"},
        "it changes nothing, or few of these are in the read-only mount",
    ),
    "EEXIST": ({"open", "openat2"} | MAKING, "it makes nothing that must not be there"),
    "EXDEV": ({"openat2", "rename", "exchange"}, "it stays in one mount, or may cross mounts"),
    "EISDIR": ({"open", "openat2"}, "it does not ask to write to a directory"),
    "ENOTEMPTY": ({"rmdir"}, "it does not remove a directory, or few have something in them"),
    "ELOOP": ({"open", "openat2"}, "only these are given the links that go round, or NOFOLLOW"),
    "ENAMETOOLONG": ({"open"}, "only open is given what is too long"),
    "EBADF": ({"open"}, "only open is given a descriptor that is not open"),
    "EFAULT": ({"open"}, "only open is given a pointer that cannot be read"),
    "EMFILE": ({"open"}, "only open is tried when no descriptor is left"),
    "EINTR": ({"open"}, "only open waits for a FIFO's other end"),
    "EINVAL": ({"open", "openat2"}, "only these are given flags that exclude each other"),
    "EAGAIN": ({"openat2"}, "only RESOLVE_CACHED does not wait"),
    "EPERM": ({"open", "link"}, "only O_NOATIME of another's file, and links of directories"),
}


def print_table(counts, fs, is_whole):
    """Counts by (operation, errno); with is_whole, says which cells are empty without a reason."""
    names = sorted({errno for _, errno in counts} | set(ERRNOS), key=order)
    print(f"{fs:13}" + "".join(f"{name[:7]:>8}" for name in names))
    for operation in OPERATIONS:
        cells = (counts[operation, name] or "-" for name in names)
        print(f"{operation:13}" + "".join(f"{cell:>8}" for cell in cells))
    for name, (able, reason) in ERRNOS.items():
        if reason:
            print(f"{name}: {', '.join(sorted(able))}. The others: {reason}.")
    return is_whole and any(list(map(complain, empty_cells(counts))))


def order(name):
    return list(ERRNOS).index(name) if name in ERRNOS else len(ERRNOS)


def empty_cells(counts):
    for name, (able, _) in ERRNOS.items():
        for operation in sorted(able):
            if not counts[operation, name]:
                yield operation, name


def complain(cell):
    print(f"{cell[0]} never got {cell[1]}")
    return True
