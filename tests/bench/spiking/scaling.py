#!/usr/bin/env python3
"""What a synapse costs: bytes, while building as well, of static and plastic
ones and of those with an eligibility trace; nanoseconds of a synaptic event and
to build a synapse, from 10^6 to 10^8; and what a second thread gains.

    scaling.py [--binaries build/release/bin] [--rounds 3]
               [--largest 100000] [--precision single,double]
               [--only bytes,curve,threads]

A network with 1000 synapses a unit, less the same one without synapses, in
interleaved rounds; medians. Events are timed by the processor's clock, the
second thread by the wall's. Needs 1 GB (1.4 GB in double precision) for the
largest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
UNITS = (1000, 3000, 10000, 30000, 100000)
OUT_DEGREE = 1000


def run(args, units: int, degree: int, precision: str, threads: int,
        network: str = "scaling", milliseconds: int = 200) -> dict:
    result = subprocess.run(
        [os.path.join(args.binaries, "network_run"),
         os.path.join(HERE, f"{network}.yaml"), str(threads),
         f"experiment.duration={milliseconds}",
         f"experiment.populations.units.units={units}",
         "experiment.projections.recurrent.connectivity.out_degree="
         f"{degree}",
         f"experiment.precision={precision}"],
        check=True, capture_output=True, text=True)
    return json.loads(result.stdout.strip().splitlines()[-1])


def bytes_of_synapses(args, precision: str) -> None:
    units = 10000
    for network in ("scaling", "scaling_plastic", "scaling_eligible"):
        rows = []
        for _ in range(args.rounds):
            whole = run(args, units, OUT_DEGREE, precision, 1, network, 1)
            bare = run(args, units, 0, precision, 1, network, 1)
            rows.append([(whole[key] - bare[key]) / (units * OUT_DEGREE)
                         for key in ("built", "peak")])
        held, peak = map(statistics.median, zip(*rows))
        print(f"{precision}: {network}: {held:.2f} bytes a synapse, "
              f"{peak:.2f} while building", flush=True)


def curve(args, precision: str) -> None:
    print(f"{precision}: synapses, bytes a synapse (largest while building), "
          "ns to build one, ns a synaptic event")
    for units in UNITS:
        if units > args.largest:
            continue
        rows = []
        for _ in range(args.rounds):
            whole = run(args, units, OUT_DEGREE, precision, 1)
            bare = run(args, units, 0, precision, 1)
            synapses = units * OUT_DEGREE
            rows.append((
                (whole["built"] - bare["built"]) / synapses,
                (whole["peak"] - bare["peak"]) / synapses,
                (whole["build"] - bare["build"]) / synapses * 1e9,
                (whole["cpu"] - bare["cpu"]) /
                (whole["spikes"] * OUT_DEGREE) * 1e9))
        held, peak, build, event = map(statistics.median, zip(*rows))
        print(f"  {units * OUT_DEGREE:10.1e}   {held:6.2f} ({peak:.2f})   "
              f"{build:6.1f}   {event:6.2f}", flush=True)


def second_thread(args, precision: str) -> None:
    for units in (10000, 30000):
        if units > args.largest:
            continue
        gains = []
        for _ in range(args.rounds):
            one = run(args, units, OUT_DEGREE, precision, 1,
                      milliseconds=2000)
            two = run(args, units, OUT_DEGREE, precision, 2,
                      milliseconds=2000)
            gains.append(one["seconds"] / two["seconds"])
        print(f"{precision}: {units} units on two threads: "
              f"{statistics.median(gains):.2f} times as fast", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", default="build/release/bin")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=100000)
    parser.add_argument("--precision", default="single,double")
    parser.add_argument("--only", default="bytes,curve,threads")
    args = parser.parse_args()
    parts = {"bytes": bytes_of_synapses, "curve": curve,
             "threads": second_thread}
    print("load", os.getloadavg())
    for precision in args.precision.split(","):
        for part in args.only.split(","):
            parts[part](args, precision)
    print("load", os.getloadavg())


if __name__ == "__main__":
    main()
