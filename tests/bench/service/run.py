#!/usr/bin/env python3
"""Figures of the whole service, on a server of its own.

    python3 tests/bench/service/run.py [FIGURE ...]

Without a name, all of them. Each starts engramd on a new folder below $TMPDIR
(name one on a disk), drives it, and prints what was measured beside the goal.
Needs -DENGRAM_BENCH=ON and the targets of README.md. Run it on a machine that
does nothing else.
"""

import datetime
import json
import os
import re
import statistics
import subprocess
import sys
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
sys.path.insert(0, os.path.join(ROOT, "tests/service"))
import service  # noqa: E402

BIN = os.path.abspath(os.environ.get("ENGRAM_BIN",
                                     os.path.join(ROOT, "build/release/bin")))
service.BIN = BIN

TINY = """
name: tiny
experiment:
  type: sequence_learning
  repetitions: 1
  network: {type: rate_rnn, units: 10}
  task: {type: item_sequence, items: 2, units_per_item: 5, item_duration: 5 ms,
         silence: 5 ms, cue_duration: 5 ms, recall_duration: 10 ms}
  rule: {type: hebbian}
seed: 1
"""

# A tick, which is a trial of 1.2 s of the network's time, takes some 50 ms.
WATCHED = """
name: watched
experiment:
  type: sequence_learning
  repetitions: 400
  network: {type: rate_rnn, units: 200}
  task: {type: item_sequence, items: 10}
  rule: {type: stdp_rate}
seed: 1
"""


def row(name, measured, goal, holds):
    print(f"{name:<58} {measured:<34} {goal:<28} "
          f"{'holds' if holds else 'FAILS'}", flush=True)


def token_file(running):
    with open(os.path.join(running.folder, ".config/engram/client.yaml"),
              encoding="utf-8") as f:
        token = re.search(r"token: *(\S+)", f.read()).group(1)
    return running.write("token", token)


def client(running, *arguments):
    done = subprocess.run(
        [f"{BIN}/service_client", arguments[0], running.address,
         token_file(running), *map(str, arguments[1:])],
        capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def memory_mib(pid, field="VmHWM"):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return int(re.search(rf"{field}:\s+(\d+)", f.read()).group(1)) / 1024


def seconds(function):
    begun = time.monotonic()
    result = function()
    return time.monotonic() - begun, result


def submit():
    """An experiment of 10,000 runs, accepted and durable, in one call."""
    with service.Service("--workers", "1") as running:
        running.ask("admin", "drain")
        text = running.write("tiny.yaml", TINY)
        took = [seconds(lambda: running.ask("submit", text, "--seeds",
                                            "1..10000", "-o", "name"))[0]
                for _ in range(5)]
        row("10,000 runs accepted, durable, one call",
            f"median {statistics.median(took):.2f} s, "
            f"largest {max(took):.2f} s", "under 2 s", max(took) < 2)


def run_tiny(running, count):
    text = running.write("tiny.yaml", TINY)
    running.ask("submit", text, "--seeds", "1..200", "--wait")
    took, _ = seconds(lambda: running.ask("submit", text, "--seeds",
                                          f"1..{count}", "--wait"))
    return count / took


def throughput():
    """Tiny runs from submit to the last one's end, on two workers."""
    for name, preload, count in (
            ("tiny runs end to end, two workers", "", 5000),
            ("the same with 5 ms more for each fsync",
             f"{BIN}/libslow_fsync.so", 5000)):
        running = service.Service("--workers", "2", "--cpus", "2")
        if preload:
            running.environment["LD_PRELOAD"] = preload
        with running:
            rate = run_tiny(running, count)
        row(name, f"{rate:.0f} a second", "500 a second", rate >= 500)


def latency():
    """From the submit of one run to the first progress that a watcher sees."""
    with service.Service("--workers", "2") as running:
        small = WATCHED.replace("units: 200", "units: 40").replace(
            "items: 10", "items: 4").replace("repetitions: 400",
                                             "repetitions: 10")
        text = running.write("small.yaml", small)
        client(running, "latency", text, 10)
        seen = client(running, "latency", text, 200)
        row("submit to first progress at a watcher, warm",
            f"median {seen['median_ms']:.1f} ms, p99 {seen['p99_ms']:.1f} ms",
            "under 40 ms, 150 ms",
            seen["median_ms"] < 40 and seen["p99_ms"] < 150)


def watchers():
    """1,000 watchers of a run that reports at 100 Hz, one of them stalled."""
    with service.Service("--workers", "1", "--worker",
                         f"{BIN}/steady_worker") as running:
        text = running.write("watched.yaml", WATCHED)
        name = running.ask("submit", text, "-o", "name").strip().split("/")[0]
        seen = client(running, "watchers", f"experiments/{name}", 1000, 20, 1)
        peak = memory_mib(running.process.pid)
        row("1,000 watchers at 100 Hz, one stalled",
            f"p99 {seen['p99_ms']:.0f} ms, server {peak:.0f} MiB",
            "under 250 ms, 512 MiB", seen["p99_ms"] < 250 and peak < 512)
    with service.Service("--workers", "1", "--worker",
                         f"{BIN}/steady_worker") as running:
        text = running.write("watched.yaml", WATCHED)
        name = running.ask("submit", text, "-o", "name").strip().split("/")[0]
        parent = f"experiments/{name}"
        client(running, "watchers", parent, 20, 3, 0)
        before = memory_mib(running.process.pid, "VmRSS")
        client(running, "watchers", parent, 21, 15, 20)
        each = (memory_mib(running.process.pid) - before) / 20
        row("memory of a stalled watcher", f"{each:.2f} MiB", "under 4 MiB",
            each < 4)


def reporting():
    """What metrics at 10 Hz and a snapshot a second cost a run."""
    with service.Service("--workers", "1", "--cpus", "1") as running:
        text = WATCHED.replace("repetitions: 400", "repetitions: 120")
        quiet = running.write("quiet.yaml", text + "record: {metrics: none}\n")
        steps = ", ".join(str(20 * i) for i in range(1, 7))
        loud = running.write(
            "loud.yaml", text + "record: {metrics: every 2 trial, "
            f"snapshots: {{rule.weights: [{steps}]}}}}\n")
        taken = {quiet: [], loud: []}
        for _ in range(5):
            for path, spent in taken.items():
                name = running.ask("submit", path, "--wait", "-o", "name")
                spent.append(attempt_seconds(running, name.split()[0]))
        ratio = statistics.median(
            b / a for a, b in zip(taken[quiet], taken[loud]))
        length = statistics.median(taken[quiet])
        row("cost of reporting to a run",
            f"{100 * (ratio - 1):+.2f} % of {length:.1f} s", "under 2 %",
            ratio < 1.02)


def attempt_seconds(running, name):
    """Wall time of the only run's only attempt."""
    run = running.json("get", f"{name}/0")
    begun, ended = (datetime.datetime.fromisoformat(run[key])
                    for key in ("startTime", "endTime"))
    return (ended - begun).total_seconds()


def idle():
    """An idle server: memory, and time until it answers."""
    running = service.Service("--workers", "2")
    with running:
        running.stop()
        took = []
        for _ in range(5):
            took.append(seconds(running.start)[0])
            running.stop()
        running.start()
        time.sleep(2)
        resident = memory_mib(running.process.pid, "VmRSS")
        row("idle server", f"{resident:.0f} MiB, ready after "
            f"{max(took):.2f} s", "under 64 MiB, 1 s",
            resident < 64 and max(took) < 1)


FIGURES = {f.__name__: f
           for f in (submit, throughput, latency, watchers, reporting, idle)}


def main():
    names = sys.argv[1:] or list(FIGURES)
    for name in names:
        if name not in FIGURES:
            sys.exit(f"{name}: no such figure; known are {', '.join(FIGURES)}")
    for name in names:
        FIGURES[name]()


main()
