# SPDX-License-Identifier: GPL-3.0-or-later
"""Chrome's trace events, read with Python's JSON. The rules are those of the "Trace Event Format"."""
import json

from __main__ import empty, must

ENGINE, REQUESTS, NVTX = 1, 2, 3


def ns(micros):
    return round(micros * 1000)


def read(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    must(document["displayTimeUnit"] == "ns", "the time unit")
    form, names, open_requests, slices, ends = empty(), {}, {}, {}, {"s": {}, "f": {}}
    open_spans = {}
    for event in document["traceEvents"]:
        key = (event["pid"], event["tid"])
        kind = event["ph"]
        if kind == "M":
            names[event["name"], key] = event["args"]["name"]
            continue
        time = ns(event["ts"])
        must(time >= 0, "a time before the beginning", event)
        must((event["pid"] == NVTX) == (event.get("cat") == "nvtx"), "what is NVTX's", event)
        if event["pid"] == NVTX:
            read_nvtx(event, time, names, form, open_spans)
            continue
        if kind == "X":
            must(event["dur"] >= 0, "a slice that ends before it begins", event)
            slices.setdefault(key, []).append((time, time + ns(event["dur"]), event["name"], event["args"]))
        elif kind == "C":
            for series, value in event["args"].items():
                form["counters"].setdefault(f"{event['name']}: {series}", []).append([time, value])
        elif kind == "i":
            form["marks"].append([event["name"], time, event["args"]])
        elif kind == "b":
            must(event["id"] not in open_requests, "a request begins twice", event)
            open_requests[event["id"]] = event
        elif kind == "e":
            begin = open_requests.pop(event["id"], None)
            must(begin and begin["cat"] == event["cat"] and begin["name"] == event["name"], "an end", event)
            must(begin["name"] == names["thread_name", key], "a lane's name", event)
            form["requests"][begin["name"]] = {
                "start": ns(begin["ts"]), "end": time, "arguments": begin["args"], "spans": []}
        elif kind in ends:
            must(event["id"] not in ends[kind], "an arrow's end twice", event)
            ends[kind][event["id"]] = (key, time)
        else:
            must(False, "a kind of event that is not written", event)
    must(not open_requests, "requests without an end", list(open_requests))
    must(not open_spans, "NVTX spans without an end", list(open_spans))
    for (pid, tid), lane in slices.items():
        for start, end, name, arguments in lane:
            if pid == ENGINE:
                form["phases"].append([{1: "engine", 2: "executor"}[tid], name, start, end, arguments])
            else:
                form["requests"][names["thread_name", (pid, tid)]]["spans"].append([name, start, end, arguments])
    resolve_arrows(form, names, slices, ends)
    return form


def read_nvtx(event, time, names, form, open_spans):
    kind = event["ph"]
    if kind == "b":
        must(event["id"] not in open_spans, "a span begins twice", event)
        open_spans[event["id"]] = event
        return
    begin = open_spans.pop(event["id"], None) if kind == "e" else event
    must(begin and begin["name"] == event["name"] and kind in "Xie", "an NVTX event", event)
    thread = "" if kind == "e" else names["thread_name", (event["pid"], event["tid"])]
    args, start = begin["args"], ns(begin["ts"])
    end = start + ns(event["dur"]) if kind == "X" else time
    form["nvtx"].append([{"X": "range", "e": "span", "i": "mark"}[kind], thread, start, end, args["domain"],
                         args.get("category", ""), event["name"], args.get("payload")])


def resolve_arrows(form, names, slices, ends):
    starts = {key: {start for start, *_ in lane} for key, lane in slices.items()}
    must(ends["s"].keys() == ends["f"].keys(), "arrows with one end")
    for number, (key, time) in ends["s"].items():
        head, head_time = ends["f"][number]
        must(time in starts[key] and head_time in starts[head], "an arrow beside a slice", number)
        form["arrows"].append([names["thread_name", key], time, head_time])


def check_more(path, expected):
    pass
