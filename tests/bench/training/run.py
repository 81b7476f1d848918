#!/usr/bin/env python3
"""Times training steps of Engram beside PyTorch and beside a bound.

In each round every contender runs each row once, so that all of them see the
machine in the same state; figures are medians over rounds, ratios medians of
the ratio within a round. A contender's run is the median of 20 steps after 5
(of 5 after 2 where a step takes long), from the same weights. The clock is the
processor's and all run on one thread. Where the losses of two contenders do not
agree no ratio is given and the exit status is 1.

    run.py [--binaries build/release/bin] [--rounds 5] [--only lif_256,...]
           [--peer NAME=PYTHON[:MODE[:STYLE]]] ...

    --peer debian=/usr/bin/python3
    --peer debian_indexed=/usr/bin/python3:eager:indexed
    --peer torch2=/a/venv/bin/python
    --peer compiled=/a/venv/bin/python:compiled
    --peer snntorch=/a/venv/bin/python:snntorch
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1",
               "OPENBLAS_NUM_THREADS": "1"}
# Gates, units and samples of the bound; least share of it, least ratio to
# Debian's PyTorch.
ROWS = {
    "leaky_rnn_64": (1, 64, 64, 0.5, 6),
    "leaky_rnn_128": (1, 128, 64, 0.65, 4),
    "leaky_rnn_500": (1, 500, 256, 0.8, 1.2),
    "lstm_128": (4, 128, 64, 0.6, 2.4),
    "sublstm_128": (4, 128, 64, 0.6, 2.2),
    "lif_256": (1, 256, 64, 1.0, 4.5),
}
# Relative differences of losses that single precision explains. In the spiking
# row a potential that rounding puts on the other side of a threshold changes
# the rest of a trial, and Adam's first steps have the size of the rate however
# small a gradient is: behind the first loss courses part, those of two versions
# of PyTorch by up to 70 %. What agrees is how far training comes: their means
# over a run, which are 11 % apart between these versions.
FIRST_LOSS = 1e-5
LATER_LOSSES = 1e-4
MEAN_OF_SPIKING_LOSSES = 0.25


class Program:
    """A contender that is started anew for each run."""

    def __init__(self, command: list[str]) -> None:
        self.command = command

    def measure(self) -> dict:
        result = subprocess.run(self.command, check=True, capture_output=True,
                                text=True, env=ENVIRONMENT)
        return json.loads(result.stdout.strip().splitlines()[-1])

    def close(self) -> None:
        pass


class Server:
    """A contender that stays, so that what it compiled does too."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command + ["--serve"], text=True, env=ENVIRONMENT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def measure(self) -> dict:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(self.process.args)} ended with status "
                             f"{self.process.wait()}; its message is above")
        return json.loads(line)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def contenders(args, row: str) -> dict[str, Program | Server]:
    gates, units, batch, _, _ = ROWS[row]
    steps, warm = ("5", "2") if row == "leaky_rnn_500" else ("20", "5")
    ours = os.path.join(args.binaries, "training_step")
    found: dict[str, Program | Server] = {
        "engram": Program([ours, row, steps, warm]),
        "bound": Program([os.path.join(args.binaries, "training_bound"),
                          str(gates), str(units), str(batch), "100", steps]),
    }
    for peer in args.peer:
        name, _, command = peer.partition("=")
        python, mode, style = (command.split(":") + ["", ""])[:3]
        if mode == "snntorch" and row != "lif_256":
            continue
        if style == "indexed" and row == "lstm_128":
            continue  # nn.LSTM has no loop to write one way or the other
        if mode == "snntorch":
            found["engram_present"] = Program([ours, "lif_256_present", steps,
                                               warm])
        found[name] = Server([
            python, os.path.join(HERE, "peer_torch.py"), row, "--mode",
            mode or "eager", "--style", style or "unbind", "--steps", steps,
            "--warm", warm])
    return found


def disagreement(row: str, ours: list[float], theirs: list[float]) -> float:
    """The largest difference of losses over what is allowed."""
    def apart(a: float, b: float, limit: float) -> float:
        return abs(a - b) / (limit * abs(b))

    if len(ours) != len(theirs):
        return float("inf")
    first = apart(ours[0], theirs[0], FIRST_LOSS)
    if row == "lif_256":
        return max(first, apart(statistics.mean(ours), statistics.mean(theirs),
                                MEAN_OF_SPIKING_LOSSES))
    return max(apart(a, b, FIRST_LOSS if k == 0 else LATER_LOSSES)
               for k, (a, b) in enumerate(zip(ours, theirs)))


def beside_peer(row: str, ours: list[dict], theirs: list[dict]) -> tuple:
    """Ratio and losses as text, and whether losses agree."""
    a, b = ours[0]["losses"], theirs[0]["losses"]
    far = disagreement(row, a, b)
    if far > 1:
        return f"no ratio: its losses {b} are not {a}", False
    ratio = statistics.median(t["ms"] / o["ms"] for t, o in zip(theirs, ours))
    is_debian = theirs[0]["torch"].startswith("1.")
    goal = f"goal {ROWS[row][4]} x, " if is_debian else ""
    return (f"{ratio:5.2f} x ours, {goal}losses {b[0]:.5f} to {b[-1]:.5f} "
            f"(mean {statistics.mean(b):.4f}), {100 * far:.0f} % of the allowed "
            "difference"), True


def report(row: str, runs: dict[str, list[dict]]) -> bool:
    ours = runs["engram"]
    agree = True
    for name, results in runs.items():
        ms = statistics.median(r["ms"] for r in results)
        if name == "bound":
            share = statistics.median(
                b["ms"] / o["ms"] for b, o in zip(results, ours))
            text = (f"ours is at {100 * share:.0f} %, "
                    f"goal {100 * ROWS[row][3]:.0f} %")
        elif name.startswith("engram"):
            losses = results[0]["losses"]
            text = (f"losses {losses[0]:.5f} to {losses[-1]:.5f} (mean "
                    f"{statistics.mean(losses):.4f}) in {len(losses)} steps")
        else:
            same_task = (runs["engram_present"]
                         if results[0]["mode"] == "snntorch" else ours)
            text, agrees = beside_peer(row, same_task, results)
            agree &= agrees
        print(f"{row:14} {name:15} {ms:9.2f} ms  {text}", flush=True)
    return agree


def state_of_machine() -> str:
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    load = " ".join(f"{x:.1f}" for x in os.getloadavg())
    return f"{model}, {os.cpu_count()} processors, load {load}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--binaries", default="build/release/bin")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(ROWS))
    parser.add_argument("--peer", action="append", default=[])
    args = parser.parse_args()
    print(state_of_machine())
    agree = True
    for row in args.only.split(","):
        running = contenders(args, row)
        runs: dict[str, list[dict]] = {name: [] for name in running}
        try:
            for _ in range(args.rounds):
                for name, contender in running.items():
                    runs[name].append(contender.measure())
        finally:
            for contender in running.values():
                contender.close()
        agree &= report(row, runs)
    print(state_of_machine())
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
