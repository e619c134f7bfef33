#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each mechanism of the scheduler and the KV cache brings, with it on and off, on the real default model.

    tests/benchmarks/scheduling.py build/release/app/vitrine-cli [NAME ...] [--repeat R] [--threads N]

Prints one table of Markdown for each comparison; medians of R runs (default 3), the variants in turn, so that a
noisy machine hits them alike.
"""
import argparse
import json
import random
import statistics
import subprocess
import tempfile
import pathlib

ROOT = pathlib.Path(tempfile.mkdtemp(prefix="vitrine-scheduling-"))


def tokens(seed, count):
    source = random.Random(seed)
    return [source.randrange(1000, 40000) for _ in range(count)]


def request(name, ids, max_tokens, **more):
    return {"id": name, "tokens": ids, "max_tokens": max_tokens, "ignore_eos": True, **more}


def chat_load():
    """Four conversations of ten turns over one system prompt; a turn comes when the last one has long ended."""
    system = tokens(1, 200)
    lines = []
    for conversation in range(4):
        history = list(system)
        for turn in range(10):
            history += tokens(str((2, conversation, turn)), 40)
            lines.append(request(f"{conversation}/{turn + 1}", list(history), 8,
                                 arrival_s=0.6 * turn + 0.1 * conversation))
            history += tokens(str((3, conversation, turn)), 40)
    return lines


def pressure_load():
    """More than the pool holds: prompts and replies of very different length."""
    source = random.Random(7)
    return [request(i, tokens(str((4, i)), source.randrange(20, 300)), source.randrange(20, 160)) for i in range(48)]


def interactive_load():
    """Chats that decode while long prompts keep arriving."""
    lines = [request(f"chat{i}", tokens(str((5, i)), 32), 160, arrival_s=0.05 * i) for i in range(8)]
    lines += [request(f"long{i}", tokens(str((6, i)), 900), 8, arrival_s=0.5 + 0.25 * i) for i in range(10)]
    return lines


def greedy_client_load():
    """One client sends sixty requests at once, three others twelve each a little later: all have more than they
    get."""
    lines = [request(f"greedy{i}", tokens(f"8/{i}", 80), 24, client="greedy") for i in range(60)]
    for client in ("ann", "bob", "cy"):
        lines += [request(f"{client}{i}", tokens(f"9/{client}/{i}", 80), 24, client=client, arrival_s=0.2)
                  for i in range(12)]
    return lines


def replay(cli, load, flags):
    path, summary = ROOT / "load.jsonl", ROOT / "summary.json"
    path.write_text("".join(json.dumps(line) + "\n" for line in load))
    run = subprocess.run([cli, "replay", "--requests", path, "--summary", summary, *flags], check=True,
                         capture_output=True, text=True)
    result = json.loads(summary.read_text())
    result["lines"] = {str(line["id"]): line for line in map(json.loads, run.stdout.splitlines())}
    return result


def at(figures, path):
    for key in path.split("."):
        figures = figures[key]
    return figures


def milliseconds(path):
    return lambda figures: 1e3 * at(figures, path)


def plain(path):
    return lambda figures: at(figures, path)


def turn_ten(figures):
    return 1e3 * statistics.median(line["ttft_s"] for name, line in figures["lines"].items() if name.endswith("/10"))


def jain_index(figures):
    """Of the tokens that each client got while all of them still had requests: 1 when all got the same, 1/n when one
    got everything."""
    ends = {}
    for line in figures["lines"].values():
        client = line["id"].rstrip("0123456789")
        start = 0.0 if client == "greedy" else 0.2
        ends.setdefault(client, []).append((start + line["e2e_s"], 80 + len(line["tokens"])))
    contended = min(max(end for end, _ in requests) for requests in ends.values())
    got = [sum(count for end, count in requests if end <= contended) for requests in ends.values()]
    return sum(got) ** 2 / (len(got) * sum(amount * amount for amount in got))


def others_wait(figures):
    clients = figures["clients"]
    return 1e3 * statistics.mean(clients[name]["ttft_s"] for name in clients if name != "greedy")


SMALL = ["--kv-blocks", "96"]
COMPARISONS = {
    "prefix-cache": (chat_load, {"on": [], "off": ["--no-prefix-cache"]},
                     {"computed tokens": plain("computed_tokens"), "TTFT of turn 10, ms": turn_ten}),
    "preemption": (pressure_load, {
        "cheapest victim, forecast": SMALL,
        "cheapest victim, optimistic": SMALL + ["--watermark", "0"],
        "cheapest victim, optimistic, recompute": SMALL + ["--watermark", "0", "--preemption", "recompute"],
        "newest victim, optimistic, recompute": SMALL + ["--watermark", "0", "--victim", "newest",
                                                         "--preemption", "recompute"]},
        {"preemptions": plain("preemptions"), "of them swaps": plain("preemptions_by_swap"),
         "recomputed tokens": plain("recomputed_tokens"), "e2e p99, ms": milliseconds("e2e_s.p99"),
         "tokens/s": plain("output_tokens_per_s")}),
    "batch-size": (interactive_load, {
        "target 50 ms": ["--itl-target", "50"], "target 100 ms": ["--itl-target", "100"],
        "fixed 64": ["--token-budget", "64"], "fixed 512": ["--token-budget", "512"],
        "fixed 2048": ["--token-budget", "2048"]},
        {"ITL p50, ms": milliseconds("itl_s.p50"), "ITL p99, ms": milliseconds("itl_s.p99"),
         "TTFT p50, ms": milliseconds("ttft_s.p50"), "tokens/s": plain("total_tokens_per_s")}),
    "mode": (interactive_load, {"mixed": [], "two-phase": ["--mode", "two-phase"]},
             {"TTFT p50, ms": milliseconds("ttft_s.p50"), "TTFT p99, ms": milliseconds("ttft_s.p99"),
              "ITL p50, ms": milliseconds("itl_s.p50"), "ITL p99, ms": milliseconds("itl_s.p99")}),
    "fairness": (greedy_client_load, {name: ["--policy", name, "--max-running", "4"] for name in ("fcfs", "fair")},
                 {"Jain index": jain_index, "TTFT of the three others, ms": others_wait,
                  "tokens/s": plain("output_tokens_per_s")}),
    "branches": (None, {"8 samples of one prompt": [], "8 requests at once": ["separate"],
                        "8 requests, no cache": ["separate", "--no-prefix-cache"]},
                 {"computed tokens": plain("computed_tokens"), "peak blocks": plain("peak_blocks"),
                  "wall, s": plain("wall_s")}),
    "paging": (None, {"paged": []}, {"sequences that ran at once": plain("peak_running"),
                                     "reserved for the longest": lambda f: 400 * 16 // 1056}),
}


def run(cli, name, flags, common):
    if name == "branches":
        prompt = tokens(10, 400)
        one = [request(0, prompt, 32, n=8, temperature=0.8)]
        separate = [request(i, prompt, 32, temperature=0.8, seed=i) for i in range(8)]
        return replay(cli, separate if "separate" in flags else one, [f for f in flags if f != "separate"] + common)
    if name == "paging":
        source = random.Random(11)
        load = [request(i, tokens(str((12, i)), source.randrange(32, 1024)), 32) for i in range(96)]
        return replay(cli, load, flags + ["--kv-blocks", "400", "--watermark", "0", "--no-prefix-cache"] + common)
    return replay(cli, COMPARISONS[name][0](), flags + common)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("names", nargs="*", default=list(COMPARISONS))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", default="2")
    arguments = parser.parse_args()
    for name in arguments.names or COMPARISONS:
        _, variants, figures = COMPARISONS[name]
        runs = {variant: [] for variant in variants}
        for _ in range(arguments.repeat):
            for variant, flags in variants.items():
                runs[variant].append(run(arguments.cli, name, flags, ["--threads", arguments.threads]))
        print(f"\n| {name} | " + " | ".join(figures) + " |\n|---|" + "---|" * len(figures))
        for variant, results in runs.items():
            cells = [statistics.median(figure(result) for result in results) for figure in figures.values()]
            print(f"| {variant} | " + " | ".join(f"{cell:,.3g}" if cell < 100 else f"{cell:,.0f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
