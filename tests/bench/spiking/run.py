#!/usr/bin/env python3
"""Times Engram's spiking networks beside Brian2, NEST and a plain loop.

In each round every contender runs each network once, so that all of them see
the machine in the same state; figures are medians over rounds, ratios medians
of the ratio within a round. Timed is the loop over time alone, spikes recorded
by all; code generation, compilation and the building of connections lie before
it. The clock is the processor's, as Brian2 takes it, so that a machine with
other work does not decide; all run on one thread. Every round draws other networks (another seed).

    run.py --peers /path/to/venv/bin/python --folder /path/for/generated/code
           [--binaries build/release/bin] [--rounds 5]
           [--only coba,cuba,izhikevich,plastic] [--without nest]
           [--seconds-scale 1]

The peers' Python needs brian2 and nest-simulator. `--seconds-scale 0.1`
simulates a tenth of each network's time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PRESETS = os.path.join(HERE, "..", "..", "..", "core", "presets")

# Simulated seconds, the file, what is set in it; goals for Brian2 in single and
# double precision over ours, and NEST over ours.
NETWORKS = {
    "coba": (10, os.path.join(PRESETS, "coba.yaml"), 5, 3, None),
    "cuba": (10, os.path.join(PRESETS, "cuba.yaml"), 4, 3, 5),
    "izhikevich": (100, os.path.join(HERE, "izhikevich.yaml"), 6, 4, None),
    "plastic": (10, os.path.join(HERE, "plastic.yaml"), 8, 6, 3),
}
# Simulated seconds for NEST, scaled up: its time grows with the simulated one.
NEST_SECONDS = {"coba": 1, "cuba": 10, "izhikevich": 10, "plastic": 1}


class Contender:
    """One program with one network, started anew in each round."""

    def __init__(self, name: str, command, scale: float = 1) -> None:
        self.name = name
        self.command = command
        self.scale = scale
        self.seconds: list[float] = []
        self.rates: list[tuple[float, float]] = []

    def run(self, seed: int) -> None:
        result = subprocess.run(self.command(seed), check=True,
                                capture_output=True, text=True)
        found = json.loads(result.stdout.strip().splitlines()[-1])
        self.seconds.append(found["cpu"] * self.scale)
        self.rates.append((found.get("rate_e", found.get("excitatory.rate")),
                           found.get("rate_i", found.get("inhibitory.rate"))))

    def rate_text(self) -> str:
        e = statistics.mean(r[0] for r in self.rates)
        i = statistics.mean(r[1] for r in self.rates)
        return f"{e:6.2f} {i:6.2f}"


def engram(args, network: str, precision: str) -> Contender:
    seconds, path, *_ = NETWORKS[network]
    return Contender(f"engram {precision}", lambda seed: [
        os.path.join(args.binaries, "network_run"), path, str(args.threads),
        f"experiment.duration={1000 * seconds * args.seconds_scale}",
        f"experiment.precision={precision}", f"seed={seed}"])


def brian2(args, network: str, precision: str) -> Contender:
    seconds = NETWORKS[network][0] * args.seconds_scale
    kind = {"single": "float", "double": "double"}[precision]
    folder = os.path.join(args.folder, f"{network}_{kind}_{args.threads}")
    words = [network, kind, str(args.threads), str(seconds), folder]
    script = [args.peers, os.path.join(HERE, "peer_brian2.py")]
    subprocess.run([*script, "build", *words], check=True,
                   capture_output=True)
    return Contender(f"brian2 {precision}",
                     lambda seed: [*script, "run", *words])


def nest(args, network: str) -> Contender:
    seconds = NEST_SECONDS[network] * args.seconds_scale
    return Contender("nest double", lambda seed: [
        args.peers, os.path.join(HERE, "peer_nest.py"), network,
        str(args.threads), str(seconds), str(seed)],
        NETWORKS[network][0] / NEST_SECONDS[network])


def plain(args, precision: str, weights: str) -> Contender:
    kind = {"single": "float", "double": "double"}[precision]
    seconds = NETWORKS["coba"][0] * args.seconds_scale
    return Contender(f"plain {weights} {precision}", lambda seed: [
        os.path.join(args.binaries, "plain_coba"), kind, str(seconds),
        str(seed), weights])


def contenders(args, network: str) -> list[Contender]:
    found = []
    for precision in ("single", "double"):
        found.append(engram(args, network, precision))
        if "brian2" not in args.without:
            found.append(brian2(args, network, precision))
        if network == "coba":
            found.append(plain(args, precision, "stored"))
            found.append(plain(args, precision, "constant"))
    if "nest" not in args.without:
        found.append(nest(args, network))
    return found


def report(network: str, found: list[Contender]) -> None:
    ours = {c.name.split()[1]: c for c in found if c.name.startswith("engram")}
    _, _, single, double, over_nest = NETWORKS[network]
    goals = {"brian2 single": single, "brian2 double": double,
             "nest double": over_nest}
    for c in found:
        own = ours["single" if c.name.endswith("single") else "double"]
        ratio = statistics.median(
            other / mine for other, mine in zip(c.seconds, own.seconds))
        goal = goals.get(c.name)
        print(f"{network:11} {c.name:22} {statistics.median(c.seconds):8.3f} s"
              f"   {ratio:6.2f} of ours"
              f"   goal {goal if goal else '-':>4}"
              f"   Hz {c.rate_text()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--binaries", default="build/release/bin")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(NETWORKS))
    parser.add_argument("--without", default="")
    parser.add_argument("--seconds-scale", type=float, default=1)
    args = parser.parse_args()
    args.threads = 1
    print("load", os.getloadavg())
    for network in args.only.split(","):
        found = contenders(args, network)
        for seed in range(1, args.rounds + 1):
            for contender in found:
                contender.run(seed)
        report(network, found)
    print("load", os.getloadavg())


if __name__ == "__main__":
    main()
