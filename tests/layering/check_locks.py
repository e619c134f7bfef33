#!/usr/bin/env python3
"""Fails when a mutex stands outside the one order of locks (engine/base/ordered_mutex.h).

Usage: check_locks.py REPOSITORY_ROOT
"""
import pathlib
import re
import sys

HOME = "engine/base/ordered_mutex.h"
BARE = re.compile(r"\b(std::(recursive_|timed_|shared_|recursive_timed_|shared_timed_)?mutex|Q(Recursive)?Mutex|QReadWriteLock)\b")


def violations(root):
    for layer in ("kernels", "engine", "ui", "app"):
        for path in sorted((root / layer).rglob("*")):
            name = str(path.relative_to(root))
            if path.suffix not in {".h", ".cpp", ".cu", ".cuh"} or name == HOME:
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = BARE.search(line.split("//")[0])
                if found:
                    yield f"{name}:{number}: {found.group()} has no place in the order of locks; take OrderedMutex ({HOME})"


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "locks: every mutex has its place in the order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
