# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of nsys, read with Python's SQLite and with what the reports of `nsys stats` join and sum up."""
import json
import sqlite3

from __main__ import empty, must

MARK, PUSH_POP, START_END, DOMAIN = 34, 59, 60, 75
NVTX_PROCESS = 2  # of what was told to NVTX; the recording's own rows are of process 1

# An event with its names: texts are in the row or, by number, in StringIds; threads and the domain likewise.
NAMED = """
  WITH domain AS (SELECT domainId, globalTid & 0x0000FFFFFF000000 AS process, text FROM NVTX_EVENTS
                  WHERE eventType = 75),
       category AS (SELECT category, domainId, globalTid & 0x0000FFFFFF000000 AS process, text FROM NVTX_EVENTS
                    WHERE eventType = 33)
  SELECT e.eventType AS type, e.start AS start, e.end AS end, COALESCE(e.text, s.value) AS name,
         d.text AS domain, threads.value AS thread, e.globalTid AS tid, e.endGlobalTid AS endTid,
         e.rangeId AS range, e.int64Value AS payload, e.jsonText AS json,
         category.text AS category, e.uint64Value AS unsigned, e.doubleValue AS real,
         e.globalTid >> 24 & 0xFFFFFF AS pid
  FROM NVTX_EVENTS e
  LEFT JOIN StringIds s ON e.textId = s.id
  LEFT JOIN domain d ON e.domainId = d.domainId AND e.globalTid & 0x0000FFFFFF000000 = d.process
  LEFT JOIN category ON e.category = category.category AND e.domainId = category.domainId
       AND e.globalTid & 0x0000FFFFFF000000 = category.process
  LEFT JOIN ThreadNames t ON e.globalTid = t.globalTid
  LEFT JOIN StringIds threads ON t.nameId = threads.id
"""


def opened(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    must(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "integrity_check")
    return database


def read(path):
    database, form = opened(path), empty()
    form["arrows"] = None
    of_requests, ranges, tids = [], set(), set()
    for event in database.execute(f"{NAMED} WHERE e.eventType IN ({MARK}, {PUSH_POP}, {START_END}) ORDER BY e.rowid"):
        must(event["tid"] >> 48 == 1 and event["thread"], "a thread that has no name", event["tid"])
        if event["type"] == START_END:
            must(event["range"] not in ranges and event["endTid"] == event["tid"], "a range's number", dict(event))
            ranges.add(event["range"])
        must((event["end"] is None) == (event["type"] == MARK), "a mark that lasts, or a range that does not")
        if event["pid"] == NVTX_PROCESS:
            add_nvtx(form, event)
            continue
        must(event["name"] and event["domain"] == own_domain(database), "without a name or domain", dict(event))
        tids.add(event["tid"])
        arguments = json.loads(event["json"])
        if event["type"] == MARK:
            form["marks"].append([event["name"], event["start"], arguments])
        elif event["type"] == PUSH_POP:
            must(event["payload"] == arguments["step"], "the payload is not the step")
            lane = "executor" if event["thread"].startswith("executor") else "engine"
            form["phases"].append([lane, event["name"], event["start"], event["end"], arguments])
        else:
            of_requests.append(event)
    must(len(tids) <= 2, "threads", tids)
    add_requests(form, of_requests)
    counters = "SELECT s.value AS name, timestamp, c.value FROM VITRINE_COUNTERS c JOIN StringIds s ON s.id = nameId"
    for row in database.execute(counters + " ORDER BY c.rowid"):
        form["counters"].setdefault(row["name"], []).append([row["timestamp"], row["value"]])
    return form


def own_domain(database):
    """Of the recording's own rows; "vitrine" is what the engine tells NVTX, where that was captured."""
    captured = database.execute("SELECT COUNT(*) FROM PROCESSES WHERE pid = ?", (NVTX_PROCESS,)).fetchone()[0]
    return "vitrine recording" if captured else "vitrine"


def add_nvtx(form, event):
    payloads = [event[kind] for kind in ("payload", "unsigned", "real") if event[kind] is not None]
    must(len(payloads) <= 1, "more than one payload", dict(event))
    kind = {MARK: "mark", PUSH_POP: "range", START_END: "span"}[event["type"]]
    end = event["start"] if kind == "mark" else event["end"]
    form["nvtx"].append([kind, "" if kind == "span" else event["thread"], event["start"], end, event["domain"] or "",
                         event["category"] or "", event["name"], payloads[0] if payloads else None])


def add_requests(form, events):
    titles = {}
    for event in events:
        arguments = json.loads(event["json"])
        if "finish" in arguments:
            must(event["payload"] not in titles, "a request twice", event["name"])
            titles[event["payload"]] = event["name"]
            form["requests"][event["name"]] = {
                "start": event["start"], "end": event["end"], "arguments": arguments, "spans": []}
    for event in events:
        arguments = json.loads(event["json"])
        if "finish" not in arguments:
            must(event["payload"] in titles, "a phase of no request", dict(event))
            form["requests"][titles[event["payload"]]]["spans"].append(
                [event["name"], event["start"], event["end"], arguments])


def summed(durations):
    sums = {}
    for name, duration in durations:
        count, total, least, most = sums.get(name, (0, 0, duration, duration))
        sums[name] = (count + 1, total + duration, min(least, duration), max(most, duration))
    return sums


def reported(database, types):
    """As the reports "NVTX range summary" and "push/pop range summary": a line a name."""
    rows = database.execute(f"""
        SELECT domain || ':' || name AS tag, COUNT(*) AS count, SUM(end - start) AS total,
               MIN(end - start) AS least, MAX(end - start) AS most
        FROM ({NAMED}) WHERE type IN ({types}) AND end IS NOT NULL GROUP BY tag""")
    return {row["tag"]: (row["count"], row["total"], row["least"], row["most"]) for row in rows}


def check_more(path, expected):
    database = opened(path)
    own = own_domain(database) + ":"
    phases = [(own + name, end - start) for _, name, start, end, _ in expected["phases"]]
    count, ranges = len(phases), []
    for kind, _, start, end, domain, _, name, _ in expected["nvtx"]:
        if kind != "mark":
            (phases if kind == "range" else ranges).append((f"{domain}:{name}", end - start))
    for title, request in expected["requests"].items():
        ranges.append((own + title, request["end"] - request["start"]))
        ranges += [(own + name, end - start) for name, start, end, _ in request["spans"]]
    must(reported(database, f"{PUSH_POP}") == summed(phases), "the summary of push/pop ranges")
    must(reported(database, f"{PUSH_POP}, {START_END}") == summed(phases + ranges), "the summary of ranges")
    check_trace(database, count)
    last = database.execute("SELECT MAX(MAX(start), MAX(IFNULL(end, start))) FROM NVTX_EVENTS").fetchone()[0]
    start, stop = database.execute("SELECT startTime, stopTime FROM ANALYSIS_DETAILS").fetchone()
    must(start == 0 and stop >= last, "the session ends before its events")
    types = {row[0] for row in database.execute("SELECT DISTINCT eventType FROM NVTX_EVENTS")}
    named = {row[0] for row in database.execute("SELECT id FROM ENUM_NSYS_EVENT_TYPE")}
    must(types <= named, "kinds of events without a name", types - named)


def check_trace(database, count):
    """As the report "push/pop range trace": each range with the one around it on its thread, and its level."""
    rows = database.execute(f"""
        WITH ranges AS (SELECT rowid AS id, globalTid, start, end FROM NVTX_EVENTS
                        WHERE eventType = {PUSH_POP} AND globalTid >> 24 & 0xFFFFFF != {NVTX_PROCESS})
        SELECT own.id, COUNT(other.id) AS level FROM ranges own
        LEFT JOIN ranges other ON other.globalTid = own.globalTid AND other.start <= own.start
             AND other.end >= own.end AND other.end - other.start > own.end - own.start
        GROUP BY own.id""").fetchall()
    must(len(rows) == count, "ranges in the trace", len(rows))
    # Of ranges that follow each other none is within another, but one that takes no time at another's border.
    empties = database.execute(f"SELECT COUNT(*) FROM NVTX_EVENTS WHERE eventType = {PUSH_POP} AND start = end "
                               f"AND globalTid >> 24 & 0xFFFFFF != {NVTX_PROCESS}").fetchone()
    must(sum(row["level"] > 0 for row in rows) <= empties[0], "ranges within ranges")
