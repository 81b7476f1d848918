"""Servers and workers that are killed at random moments under load.

A short form by default; ENGRAM_LONG=1 kills fifty times each. Seeds are fixed,
so that what is drawn is the same every time; where a kill falls depends on the
machine.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
import unittest

import service

LONG = os.environ.get("ENGRAM_LONG") == "1"
KILLS = 50 if LONG else 5
POINTS = 4
# Some runs end between two kills, some are hit.
SWEEP = service.SHORT.replace("seed: 1\n", f"sweep: {{seed: 1..{POINTS}}}\n")
SIZES = ((20, 40), (60, 100), (100, 160))


def text_of(size):
    repetitions, units = SIZES[size]
    return SWEEP.replace("repetitions: 3", f"repetitions: {repetitions}"
                         ).replace("units: 40", f"units: {service.units(units)}")


class Watcher:
    """One client that follows an experiment, whatever becomes of the server."""

    def __init__(self, one, experiment):
        self.process = subprocess.Popen(
            [f"{service.BIN}/engram", "watch", experiment, "-o", "jsonl"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=one.environment)

    def sequences(self):
        """Of all stored events that it was sent; waits for its end."""
        out, err = self.process.communicate(timeout=280)
        if self.process.returncode != 0:
            raise AssertionError(err)
        numbers = [int(json.loads(line).get("sequence", 0))
                   for line in out.splitlines()]
        return [n for n in numbers if n > 0]


def stored_sequences(one):
    """Of all events that the store has, in order; the server has ended."""
    with sqlite3.connect(os.path.join(one.data, "engram.db")) as db:
        return [n for (n,) in
                db.execute("SELECT sequence FROM event ORDER BY sequence")]


class KillTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        """The result hashes of runs that nobody disturbs."""
        cls.hashes = {}
        with service.Service("--workers", "2") as one:
            for size in range(len(SIZES)):
                done = one.ask("submit", "-", "-o", "name", "--wait",
                               stdin=text_of(size))
                name = done.strip().splitlines()[-1].split("/")[-1]
                cls.hashes[size] = cls.hashes_of(one, name)

    @staticmethod
    def hashes_of(one, experiment):
        return [one.json("get", f"{experiment}/{i}").get("resultHash")
                for i in range(POINTS)]

    def under_load(self, kill, seed):
        """Submits and kills; returns the service, its experiments by size."""
        rng = random.Random(seed)
        one = service.Service("--workers", "2")
        one.__enter__()
        self.addCleanup(one.__exit__)
        made = []
        for _ in range(KILLS):
            size = rng.randrange(len(SIZES))
            done = one.run("submit", "-", "-o", "name", stdin=text_of(size))
            # Acknowledged, or refused for good: nothing in between.
            self.assertEqual(done.returncode, 0, done.stderr)
            made.append((done.stdout.strip().splitlines()[-1].split("/")[-1],
                         size))
            time.sleep(rng.uniform(0, 0.6))
            kill(one, rng)
        return one, made

    def retry_what_died(self, one, experiment):
        """A run whose workers died three times has FAILED, as it should."""
        one.run("watch", experiment)
        for i in range(POINTS):
            run = one.json("get", f"{experiment}/{i}")
            if run["state"] == "RUN_STATE_SUCCEEDED":
                continue
            self.assertEqual(run["state"], "RUN_STATE_FAILED")
            self.assertEqual(run["error"]["reason"], "WORKER_DIED")
            self.assertGreaterEqual(run["attemptCount"], 3)
            one.ask("retry", f"{experiment}/{i}")

    def settle(self, one, made):
        for experiment, _ in made:
            one.ask("watch", experiment)
        for experiment, size in made:
            counts = one.json("get", experiment)["stateCounts"]
            self.assertEqual(counts, {"SUCCEEDED": str(POINTS)}, experiment)
            self.assertEqual(self.hashes_of(one, experiment),
                             self.hashes[size], experiment)
        stored = one.ask("list", "-o", "name").split()
        experiments = {n.split("/")[1] if n.startswith("experiments/")
                       else n.split("/")[0] for n in stored}
        self.assertEqual(experiments, {e for e, _ in made},
                         "none lost and none doubled")
        self.assertNotIn("problem", one.ask("admin", "check", "--deep"))

    def test_a_server_killed_at_random_moments_loses_nothing(self):
        def kill(one, rng):
            one.kill_server()
            if rng.random() < 0.2:  # the machine's end, rather than the server's
                for pid in one.helpers():
                    os.kill(pid, signal.SIGKILL)
            one.start()

        one, made = self.under_load(kill, seed=3)
        self.settle(one, made)
        self.assertEqual(len(one.helpers()), 1)
        self.assertEqual(len(one.workers()), 2)
        self.assertEqual(one.stop(), 0)
        self.assertEqual(one.helpers() + one.workers(), [])
        spool = os.path.join(one.data, "spool", "workers")
        self.assertEqual(os.listdir(spool) if os.path.isdir(spool) else [], [])

    def test_workers_killed_at_random_moments_cost_attempts_alone(self):
        def kill(one, rng):
            workers = one.workers()
            if workers:
                os.kill(rng.choice(workers), signal.SIGKILL)
            service.wait_until(lambda: len(one.workers()) == 2,
                               "another worker is started")

        one, made = self.under_load(kill, seed=4)
        for experiment, _ in made:
            self.retry_what_died(one, experiment)
        self.settle(one, made)

    def test_a_watch_resumes_without_gap_or_repeat(self):
        with service.Service("--workers", "2") as one:
            done = one.ask("submit", "-", "-o", "name", stdin=text_of(2))
            watcher = Watcher(one, done.strip().splitlines()[-1].split("/")[-1])
            rng = random.Random(5)
            for _ in range(3):
                time.sleep(rng.uniform(0.1, 0.8))
                one.kill_server()
                one.start()
            seen = watcher.sequences()
            self.assertEqual(one.stop(), 0)
            # It began with the present state; from there on it has them all.
            expected = [n for n in stored_sequences(one) if n >= seen[0]]
            self.assertEqual(seen, expected)
            self.assertGreater(len(seen), 20)


if __name__ == "__main__":
    service.main()
