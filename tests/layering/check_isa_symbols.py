#!/usr/bin/env python3
"""Fails when a file built for one instruction set holds a function that the linker may share with others.

The linker keeps one copy of an inline function or template instance for the whole program. If that copy came
from NAME_avx512.cpp, an older machine would crash wherever it is called. So every weak symbol of such a file
must carry the instruction set in its name.

Usage: check_isa_symbols.py LIBRARY [NM]
"""
import re
import subprocess
import sys

MEMBER = re.compile(r"^(\S*_(avx2|avxvnni|avx512|avx512vnni|amx)\.cpp\.o):$")
SYMBOL = re.compile(r"^\S*\s+([A-Za-z])\s+(.+)$")


def violations(lines):
    member = isa = None
    for line in lines:
        if line.endswith(".o:"):
            match = MEMBER.match(line)
            member, isa = match.groups() if match else (None, None)
            continue
        match = SYMBOL.match(line)
        if member and match and match.group(1) in "WVu":
            if not re.search(rf"\b{isa}\b", match.group(2)):
                yield f"{member}: {match.group(2)}"


def main():
    nm = sys.argv[2] if len(sys.argv) > 2 else "nm"
    listing = subprocess.run([nm, "-C", "--defined-only", sys.argv[1]], capture_output=True, text=True, check=True)
    lines = listing.stdout.splitlines()
    members = sum(bool(MEMBER.match(line)) for line in lines)
    found = list(violations(lines))
    print("\n".join(found) or f"{members} files for one instruction set share nothing")
    return 1 if found or members == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
