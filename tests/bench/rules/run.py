#!/usr/bin/env python3
"""Times updates of weights by Engram's rules beside NumPy and PyTorch.

In each round every contender makes one update, so that all of them see the
machine in the same state; ratios are medians over rounds of the ratio within a
round. Needs numpy and torch (CPU), for instance from a virtual environment.

    run.py [--binary build/release/bin/rule_kernels] [--rounds 15]
           [--threads 2] [--clock wall|cpu] [--only dense|sparse]

--clock cpu counts processor time, with --threads 1: on a machine that does
something else at the same time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import time
from collections.abc import Callable

UNITS = 4096
SPARSE_UNITS, SPARSE_EACH = 10000, 500

ETA, ALPHA, A_PLUS, A_MINUS = 1e-5, 50.0, 1.0, 0.5

# (what is compared, ours, the other, goal for other / ours or ours / other)
DENSE = [
    ("hebbian + bounds over w += c", "hebbian", "add", "at most 1.3"),
    ("stdp_rate + bounds over w += c", "stdp_rate", "add", "at most 1.3"),
    ("oja + bounds over w += c", "oja", "add", "at most 1.3"),
    ("covariance + bounds over w += c", "covariance", "add", "at most 1.3"),
    ("bcm + bounds over w += c", "bcm", "add", "at most 1.3"),
    ("delayed_hebbian + bounds over w += c", "delayed_hebbian", "add",
     "at most 1.3"),
    ("subspace + bounds over w += c", "subspace", "add", "at most 1.3"),
    ("sanger + bounds over w += c", "sanger", "add", "at most 1.3"),
    ("hebbian + scaling, columns, Dale, bounds over w += c", "hebbian+parts",
     "add", "at most 1.6"),
    ("oja + scaling, columns, Dale, bounds over w += c", "oja+parts", "add",
     "at most 1.6"),
    ("hebbian + row norm, bounds over w += c", "hebbian+rows:unseen", "add",
     "at most 1.6"),
    ("the same with a look after each update", "hebbian+rows", "add", "none"),
    ("hebbian + eligibility, bounds over w += c", "hebbian+eligibility", "add",
     "at most 2"),
    ("stdp_pair at 5 Hz + bounds over w += c", "stdp_pair", "add",
     "at most 1.3"),
    ("NumPy over hebbian + bounds", "numpy:hebb", "hebbian", "at least 4"),
    ("NumPy over stdp_rate + bounds", "numpy:stdp", "stdp_rate", "at least 4"),
    ("NumPy over oja + bounds", "numpy:oja", "oja", "at least 4"),
    ("addr_ over hebbian + bounds", "torch:hebb", "hebbian", "at least 1"),
    ("addr_ twice over stdp_rate + bounds", "torch:stdp", "stdp_rate",
     "at least 1.5"),
]
SPARSE = [
    ("NumPy over sparse hebbian + bounds", "numpy:sparse", "sparse:hebbian",
     "at least 6"),
    ("NumPy over sparse stdp_rate + bounds", "numpy:sparse_stdp",
     "sparse:stdp_rate", "at least 6"),
    ("NumPy's Hebb over sparse stdp_rate + bounds", "numpy:sparse",
     "sparse:stdp_rate", "one term for two"),
]


class Engram:
    """The process that times Engram's kernels."""

    def __init__(self, binary: str, threads: int, clock: str) -> None:
        self.field = 1 if clock == "cpu" else 0
        self.process = subprocess.Popen(
            [binary, str(threads), str(UNITS),
             str(SPARSE_UNITS * SPARSE_EACH)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def time(self, kernel: str, precision: str) -> float:
        self.process.stdin.write(f"{kernel} {precision}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline().split()[self.field])

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def peers(precision: str, threads: int, sparse: bool) -> dict[str, Callable]:
    """The same updates as a user of NumPy or PyTorch writes them."""
    import numpy as np

    real = np.float32 if precision == "single" else np.float64
    rng = np.random.default_rng(1)
    if sparse:
        y, x, p, q = (rng.random(SPARSE_UNITS).astype(real) for _ in range(4))
        rows = np.repeat(np.arange(SPARSE_UNITS, dtype=np.int32), SPARSE_EACH)
        columns = np.sort(rng.integers(0, SPARSE_UNITS,
                                       (SPARSE_UNITS, SPARSE_EACH),
                                       dtype=np.int32)).ravel()
        data = np.zeros(rows.size, real)

        def of_list() -> None:
            np.add(data, real(ETA) * y[rows] * x[columns], out=data)

        def stdp_of_list() -> None:
            np.add(data, real(ETA) * (real(A_PLUS) * y[rows] * p[columns]
                                      - real(A_MINUS) * q[rows] * x[columns]),
                   out=data)

        return {"numpy:sparse": of_list, "numpy:sparse_stdp": stdp_of_list}
    import torch

    torch.set_num_threads(threads)
    y, x, p, q = (rng.random(UNITS).astype(real) for _ in range(4))
    w = np.full((UNITS, UNITS), 0.01, real)
    t_w = torch.full((UNITS, UNITS), 0.01,
                     dtype=getattr(torch, np.dtype(real).name))
    t_y, t_x, t_p, t_q = (torch.from_numpy(v) for v in (y, x, p, q))

    def hebb() -> None:
        nonlocal w
        w += real(ETA) * np.outer(y, x)

    def stdp() -> None:
        nonlocal w
        w += real(ETA) * (real(A_PLUS) * np.outer(y, p)
                          - real(A_MINUS) * np.outer(q, x))

    def oja() -> None:
        nonlocal w
        w += real(ETA) * (np.outer(y, x) - real(ALPHA) * (y * y)[:, None] * w)

    return {
        "numpy:hebb": hebb, "numpy:stdp": stdp, "numpy:oja": oja,
        "torch:hebb": lambda: t_w.addr_(t_y, t_x, alpha=ETA),
        "torch:stdp": lambda: t_w.addr_(t_y, t_p, alpha=ETA * A_PLUS).addr_(
            t_q, t_x, alpha=-ETA * A_MINUS),
    }


def seconds(call: Callable, clock: str) -> float:
    now = time.process_time if clock == "cpu" else time.perf_counter
    start = now()
    call()
    return now() - start


def measure(engram: Engram, table: list, precision: str, threads: int,
            clock: str, rounds: int, sparse: bool) -> None:
    calls = peers(precision, threads, sparse)
    names = sorted({name for row in table for name in row[1:3]})
    taken: dict[str, list[float]] = {name: [] for name in names}
    for a_round in range(rounds + 2):
        for name in names:
            spent = (seconds(calls[name], clock) if name in calls
                     else engram.time(name, precision))
            if a_round >= 2:  # the first ones touch the memory
                taken[name].append(spent)
    print(f"\n{precision} precision, {threads} threads, {clock} time, {rounds} "
          f"rounds, load {os.getloadavg()[0]:.1f}")
    for name in names:
        times = [1e3 * t for t in taken[name]]
        print(f"  {name:24} median {statistics.median(times):8.2f} ms, "
              f"fastest {min(times):8.2f} ms")
    for what, above, below, goal in table:
        ratios = [a / b for a, b in zip(taken[above], taken[below])]
        fastest = min(taken[above]) / min(taken[below])
        print(f"  {what:54} {statistics.median(ratios):6.2f}  of the fastest "
              f"{fastest:6.2f}  {goal}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="build/release/bin/rule_kernels")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall")
    parser.add_argument("--only", choices=["dense", "sparse"])
    options = parser.parse_args()
    engram = Engram(options.binary, options.threads, options.clock)
    for precision in ("double", "single"):
        for kind, table in (("dense", DENSE), ("sparse", SPARSE)):
            if options.only in (None, kind):
                measure(engram, table, precision, options.threads,
                        options.clock, options.rounds, kind == "sparse")
    engram.stop()


if __name__ == "__main__":
    main()
