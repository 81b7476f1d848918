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
           [--seconds plastic=2,izhikevich=20] [--prepare | --prepared]

The peers' Python needs brian2 and nest-simulator. `--seconds` simulates less
than the networks' full times, which are then scaled up. `--prepare` generates
and compiles Brian2's side and measures nothing; `--prepared` takes what lies in
the folder.
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
# Largest simulated seconds for NEST, scaled up: its time grows with the
# simulated one.
NEST_SECONDS = {"coba": 0.5, "cuba": 1, "izhikevich": 10, "plastic": 0.5}
# Rates of contenders agree to within so much, over the networks of all rounds.
LARGEST_DIFFERENCE = 0.05


class Contender:
    """One program with one network, started anew in each round.

    Its times are multiplied by `scale`, where less is simulated."""

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

    def mean_rates(self) -> tuple[float, float]:
        return (statistics.mean(r[0] for r in self.rates),
                statistics.mean(r[1] for r in self.rates))


def without_analyses(args, network: str) -> str:
    """The network's file less its analyses and claims, which no peer has."""
    kept = []
    for line in open(NETWORKS[network][1]):
        if line.startswith(("claims:", "sweep:")):
            break
        if not line.startswith("  analyses:"):
            kept.append(line)
    path = os.path.join(args.folder, f"{network}.yaml")
    with open(path, "w") as file:
        file.writelines(kept)
    return path


def seconds_of(args, network: str) -> float:
    return args.seconds.get(network, NETWORKS[network][0])


def engram(args, network: str, precision: str) -> Contender:
    seconds = seconds_of(args, network)
    path = without_analyses(args, network)
    return Contender(f"engram {precision}", lambda seed: [
        os.path.join(args.binaries, "network_run"), path, str(args.threads),
        f"experiment.duration={1000 * seconds}",
        f"experiment.precision={precision}", f"seed={seed}"],
        NETWORKS[network][0] / seconds)


def brian2(args, network: str, precision: str) -> Contender:
    seconds = seconds_of(args, network)
    kind = {"single": "float", "double": "double"}[precision]
    folder = os.path.join(args.folder,
                          f"{network}_{kind}_{args.threads}_{seconds:g}s")
    words = [network, kind, str(args.threads), str(seconds), folder]
    script = [args.peers, os.path.join(HERE, "peer_brian2.py")]
    if not args.prepared:
        subprocess.run([*script, "build", *words], check=True,
                       capture_output=True)
    return Contender(f"brian2 {precision}",
                     lambda seed: [*script, "run", *words],
                     NETWORKS[network][0] / seconds)


def nest(args, network: str) -> Contender:
    seconds = min(NEST_SECONDS[network], seconds_of(args, network))
    return Contender("nest double", lambda seed: [
        args.peers, os.path.join(HERE, "peer_nest.py"), network,
        str(args.threads), str(seconds), str(seed)],
        NETWORKS[network][0] / seconds)


def plain(args, precision: str, weights: str) -> Contender:
    kind = {"single": "float", "double": "double"}[precision]
    seconds = seconds_of(args, "coba")
    return Contender(f"plain {weights} {precision}", lambda seed: [
        os.path.join(args.binaries, "plain_coba"), kind, str(seconds),
        str(seed), weights], NETWORKS["coba"][0] / seconds)


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


def ratio_text(other: Contender, own: Contender) -> str:
    """Median of the ratio within a round, and its least and largest."""
    ratios = [x / y for x, y in zip(other.seconds, own.seconds)]
    return (f"{statistics.median(ratios):6.2f} of ours "
            f"({min(ratios):.2f} to {max(ratios):.2f})")


def rate_text(other: Contender, own: Contender) -> str:
    theirs, ours = other.mean_rates(), own.mean_rates()
    far = any(abs(a - b) > LARGEST_DIFFERENCE * b
              for a, b in zip(theirs, ours))
    return (f"Hz {theirs[0]:6.2f} {theirs[1]:6.2f}"
            + (f" (more than {LARGEST_DIFFERENCE:.0%} from ours)"
               if far else ""))


def report(network: str, found: list[Contender]) -> None:
    ours = {c.name.split()[1]: c for c in found if c.name.startswith("engram")}
    _, _, single, double, over_nest = NETWORKS[network]
    goals = {"brian2 single": single, "brian2 double": double,
             "nest double": over_nest}
    for c in found:
        own = ours["single" if c.name.endswith("single") else "double"]
        goal = goals.get(c.name)
        print(f"{network:11} {c.name:22} {statistics.median(c.seconds):8.3f} s"
              f"   {ratio_text(c, own)}   goal {goal if goal else '-':>3}"
              f"   {rate_text(c, own)}", flush=True)


def seconds_by_network(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in
            (part.split("=") for part in text.split(",") if part)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--binaries", default="build/release/bin")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(NETWORKS))
    parser.add_argument("--without", default="")
    parser.add_argument("--seconds", type=seconds_by_network, default={})
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--prepared", action="store_true")
    args = parser.parse_args()
    args.threads = 1
    os.makedirs(args.folder, exist_ok=True)
    print("load", os.getloadavg())
    for network in args.only.split(","):
        found = contenders(args, network)
        if args.prepare:
            continue
        for seed in range(1, args.rounds + 1):
            for contender in found:
                contender.run(seed)
        report(network, found)
    print("load", os.getloadavg())


if __name__ == "__main__":
    main()
