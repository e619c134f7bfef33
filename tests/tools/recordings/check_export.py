#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an exported recording with readers that share nothing with Vitrine, checks the rules of its format and
holds what is in it against what the recording says.

Usage: check_export.py FILE EXPECTED.json           the whole recording
       check_export.py FILE --part FROM_NS TO_NS [--nvtx]    a part: rules, everything lies in it, and
                                                              something of NVTX is there

EXPECTED.json is in the neutral form that the readers make of a file as well (see `empty`). Exit: 0 fine,
1 wrong (said on stdout), 77 a reader is not installed.
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))


class Wrong(Exception):
    pass


def must(condition, *said):
    if not condition:
        raise Wrong(" ".join(str(word) for word in said))


def empty():
    """Times are nanoseconds from the beginning of the recording."""
    return {
        "phases": [],  # [lane, name, start, end, arguments]; lane "engine" or "executor"
        "requests": {},  # title: {"start", "end", "arguments", "spans": [[name, start, end, arguments]]}
        "counters": {},  # "KV blocks: free": [[time, value]]
        "marks": [],  # [name, time, arguments]
        "nvtx": [],  # [kind, thread's name, start, end, domain, category, name, payload]; a span has no thread
        "arrows": [],  # [title, start of the request's span, start of the forward slice]; None: not in the format
    }


def check_lanes(form):
    """What every timeline needs: lanes in which slices follow each other."""
    lanes = {}
    for lane, name, start, end, _ in form["phases"]:
        lanes.setdefault(lane, []).append((start, end, name))
    for title, request in form["requests"].items():
        must(request["start"] <= request["end"], title, "ends before it begins")
        for name, start, end, _ in request["spans"]:
            must(request["start"] <= start and end <= request["end"], title, name, "sticks out of its request")
            lanes.setdefault(title, []).append((start, end, name))
    check_nesting(form["nvtx"])
    for lane, slices in lanes.items():
        slices.sort()
        for (_, end, name), (start, _, next_name) in zip(slices, slices[1:]):
            must(end <= start, lane, name, "overlaps", next_name, end, start)


def check_nesting(events):
    """Of the ranges of a thread one lies within the other or they follow each other."""
    threads = {}
    for kind, thread, start, end, *_ in events:
        must(start <= end, "NVTX: an end before its beginning", thread, start, end)
        if kind == "range":
            threads.setdefault(thread, []).append((start, -end))
    for thread, ranges in threads.items():
        around = []
        for start, end in sorted(ranges):
            while around and around[-1] <= start:
                around.pop()
            must(not around or -end <= around[-1], "NVTX: ranges that cross on", thread, start, -end)
            around.append(-end)


def check_part(form, first, last):
    def inside(ns, what):
        must(first <= ns <= last, what, ns, "lies outside of", first, last)

    for lane, name, start, end, _ in form["phases"]:
        inside(start, lane), inside(end, name)
    for title, request in form["requests"].items():
        inside(request["start"], title), inside(request["end"], title)
    for name, values in form["counters"].items():
        for time, _ in values:
            inside(time, name)
    for name, time, _ in form["marks"]:
        inside(time, name)
    for _, _, start, end, _, _, name, _ in form["nvtx"]:
        inside(start, name), inside(end, name)
    must(form["phases"] and form["requests"] and form["counters"], "the part is empty")


def compare(form, expected):
    for key in ("phases", "marks", "arrows", "nvtx"):
        if form[key] is None:
            continue
        ours, theirs = (sorted(json.dumps(row, sort_keys=True) for row in side[key]) for side in (form, expected))
        must(len(ours) == len(theirs), key, len(ours), "in the file,", len(theirs), "in the recording")
        for row, other in zip(ours, theirs):
            must(row == other, key, row, "should be", other)
    must(form["requests"].keys() == expected["requests"].keys(), "requests", list(form["requests"]))
    for title, request in form["requests"].items():
        must(request == expected["requests"][title], title, request, "should be", expected["requests"][title])
    must(form["counters"] == expected["counters"], "counters differ")


def main():
    path, rest = sys.argv[1], sys.argv[2:]
    suffix = pathlib.Path(path).suffix
    if suffix == ".pftrace":
        import pftrace_reader as reader
    elif suffix == ".sqlite":
        import nsys_reader as reader
    else:
        import chrome_reader as reader
    form = reader.read(path)
    check_lanes(form)
    if rest[0] == "--part":
        check_part(form, int(rest[1]), int(rest[2]))
        must("--nvtx" not in rest or form["nvtx"], "nothing of NVTX")
    else:
        expected = json.loads(pathlib.Path(rest[0]).read_text())
        compare(form, expected)
        reader.check_more(path, expected)
    print(f"{path}: {len(form['phases'])} phases, {len(form['requests'])} requests, "
          f"{len(form['nvtx'])} NVTX events: as it should be")


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        print(f"{sys.argv[1]}: {wrong}")
        sys.exit(1)
    except ImportError as missing:
        print(f"not installed: {missing.name}")
        sys.exit(77)
