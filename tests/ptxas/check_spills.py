#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ptxas said of the kernels: none may spill registers.

check_spills.py OBJECTS_FOLDER   reads *.ptxas below it; exit code 1 where a kernel spills or one is missing
check_spills.py --table FOLDER   prints the table of docs/cuda.md
check_spills.py --self-test      what a spill looks like is still understood
"""
import collections
import pathlib
import re
import sys

ARCHITECTURES = ("80", "90", "120")
ENTRY = re.compile(r"Compiling entry function '(\S+)' for 'sm_(\d+)'")
STACK = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
USED = re.compile(r"Used (\d+) registers(?:.*?(\d+) bytes smem)?")
SPILLING = """ptxas info    : Compiling entry function '_Z1kv' for 'sm_90'
ptxas info    : Function properties for _Z1kv
    8 bytes stack frame, 8 bytes spill stores, 4 bytes spill loads
ptxas info    : Used 255 registers, used 1 barriers, 2048 bytes smem
"""

Kernel = collections.namedtuple("Kernel", "name architecture stack stores loads registers shared")


def kernels_of(text):
    found, entry, stack = [], None, (0, 0, 0)
    for line in text.splitlines():
        if match := ENTRY.search(line):
            entry, stack = match.groups(), (0, 0, 0)
        elif match := STACK.search(line):
            stack = tuple(map(int, match.groups()))
        elif (match := USED.search(line)) and entry:
            found.append(Kernel(*entry, *stack, int(match[1]), int(match[2] or 0)))
            entry = None
    return found


def read(folder):
    files = sorted(pathlib.Path(folder).rglob("*.cu.o.ptxas"))
    return {file.name.removesuffix(".cu.o.ptxas"): kernels_of(file.read_text()) for file in files}


def problems(files):
    if not any(files.values()):
        yield "no .ptxas files: was the library for GPUs built?"
    for name, kernels in files.items():
        counts = {a: sum(k.architecture == a for k in kernels) for a in ARCHITECTURES}
        if len(set(counts.values())) != 1:
            yield f"{name}: kernels by architecture: {counts}"
        for kernel in kernels:
            if kernel.stores or kernel.loads:
                yield (f"{name}, sm_{kernel.architecture}: {kernel.name} spills {kernel.stores} bytes out "
                       f"and {kernel.loads} in ({kernel.registers} registers, {kernel.stack} of stack)")


def span(values):
    low, high = min(values), max(values)
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def table(files):
    print("| file | kernels | " + " | ".join(f"registers, {a[:-1]}.{a[-1]}" for a in ARCHITECTURES) +
          " | static shared memory |")
    print("|---|---|" + "---|" * len(ARCHITECTURES) + "---|")
    for name, kernels in files.items():
        if not kernels:
            continue
        registers = [span([k.registers for k in kernels if k.architecture == a]) for a in ARCHITECTURES]
        count = sum(k.architecture == ARCHITECTURES[0] for k in kernels)
        print(f"| {name} | {count} | " + " | ".join(registers) + f" | {span([k.shared for k in kernels])} B |")


def self_test():
    (kernel,) = kernels_of(SPILLING)
    assert kernel == Kernel("_Z1kv", "90", 8, 8, 4, 255, 2048), kernel
    assert len(list(problems({"k": [kernel]}))) == 2
    print("understood")


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    if sys.argv[1] == "--table":
        return table(read(sys.argv[2]))
    found = list(problems(read(sys.argv[1])))
    print("\n".join(found) if found else "no kernel spills")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
