#!/usr/bin/env python3
"""Times training steps of Engram beside PyTorch and beside a bound.

In each round every contender runs each row once, so that all of them see the
machine in the same state; figures are medians over rounds, ratios medians of
the ratio within a round. A contender's run is the median of 20 steps after 5.
The clock is the processor's and all run on one thread.

    run.py [--binaries build/release/bin] [--rounds 5] [--only lif_256,...]
           [--peer NAME=PYTHON[:MODE]] ...

    --peer debian=/usr/bin/python3 --peer torch2=/a/venv/bin/python
    --peer compiled=/a/venv/bin/python:compiled
    --peer snntorch=/a/venv/bin/python:snntorch
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# Gates, units and samples of the bound; least share of it.
ROWS = {
    "leaky_rnn_64": (1, 64, 64, 0.5),
    "leaky_rnn_128": (1, 128, 64, 0.65),
    "leaky_rnn_500": (1, 500, 256, 0.8),
    "lstm_128": (4, 128, 64, 0.6),
    "sublstm_128": (4, 128, 64, 0.6),
    "lif_256": (1, 256, 64, 1.0),
}


def measure(command: list[str]) -> dict:
    result = subprocess.run(command, check=True, capture_output=True, text=True,
                            env={**os.environ, "OMP_NUM_THREADS": "1",
                                 "OPENBLAS_NUM_THREADS": "1"})
    return json.loads(result.stdout.strip().splitlines()[-1])


def contenders(args, row: str) -> dict[str, list[str]]:
    gates, units, batch, _ = ROWS[row]
    found = {
        "engram": [os.path.join(args.binaries, "training_step"), row],
        "bound": [os.path.join(args.binaries, "training_bound"),
                  str(gates), str(units), str(batch)],
    }
    for peer in args.peer:
        name, _, command = peer.partition("=")
        python, _, mode = command.partition(":")
        if mode == "snntorch" and row != "lif_256":
            continue
        found[name] = [python, os.path.join(HERE, "peer_torch.py"), row,
                       "--mode", mode or "eager"]
    return found


def report(row: str, runs: dict[str, list[dict]]) -> None:
    ours = [r["ms"] for r in runs["engram"]]
    for name, results in runs.items():
        times = [r["ms"] for r in results]
        ratio = statistics.median(t / o for t, o in zip(times, ours))
        goal = f"at least {ROWS[row][3]}" if name == "bound" else ""
        losses = results[0].get("losses")
        text = " ".join(f"{x:.4f}" for x in losses[:4]) if losses else ""
        print(f"{row:14} {name:10} {statistics.median(times):9.2f} ms "
              f"{ratio:6.2f} of ours  {goal:14} {text}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", default="build/release/bin")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(ROWS))
    parser.add_argument("--peer", action="append", default=[])
    args = parser.parse_args()
    print("load", os.getloadavg())
    for row in args.only.split(","):
        commands = contenders(args, row)
        runs: dict[str, list[dict]] = {name: [] for name in commands}
        for _ in range(args.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
        report(row, runs)
    print("load", os.getloadavg())


if __name__ == "__main__":
    main()
