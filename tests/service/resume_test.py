"""Saved states and kept builds, through the real programs."""

import json
import os
import shutil
import signal
import subprocess
import threading
import unittest

import service

# Some ten seconds on one processor, in ticks of a few milliseconds.
STEADY = service.SHORT.replace("repetitions: 3", "repetitions: 60").replace(
    "name: short", "name: steady").replace(
        "units: 40", f"units: {service.units(400)}")


def once(program, service_, run):
    """The result hash that a worker's file gives for a run, with no server."""
    tree = service_.write("tree.json",
                          service_.ask("get", run, "--tree"))
    done = subprocess.run([program, "--once", tree], capture_output=True,
                          text=True, timeout=280)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    lines = dict(line.split(": ") for line in done.stdout.splitlines())
    return lines["result_hash"]


class Watcher:
    """`engram watch` of one experiment, as JSON lines, to its end."""

    def __init__(self, service_, name):
        self.process = subprocess.Popen(
            [f"{service.BIN}/engram", "watch", name, "-o", "jsonl"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=service_.environment, cwd=service_.folder)
        self.output = None
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        self.output = self.process.communicate(timeout=280)

    def end(self):
        """The events, in the order in which they came."""
        self.thread.join()
        return [json.loads(line) for line in self.output[0].splitlines()]


class ResumeTest(unittest.TestCase):

    def setUp(self):
        self.service = service.Service("--workers", "1")
        self.service.environment["ENGRAM_CHECKPOINT_MS"] = "300"
        self.service.start()
        self.addCleanup(self.service.__exit__)

    def submit(self, text):
        done = self.service.ask("submit", "-", "-o", "name", stdin=text)
        return done.strip().splitlines()[-1].split("/")[-1]

    def run_of(self, run):
        return self.service.json("get", run)

    def build_file(self, run):
        return os.path.join(self.service.data, "builds",
                            self.run_of(run)["build"])

    def wait_for(self, run, state):
        service.wait_until(lambda: self.run_of(run)["state"] == state,
                           f"{run} is {state}", timeout_s=120)

    def wait_for_points(self, run, more_than=0):
        """Until it has recorded more points than that; how many."""
        def count():
            text = self.service.run("metrics", run, "-o", "csv").stdout
            lines = len(text.splitlines())
            return lines if lines > more_than else 0
        return service.wait_until(count, f"{run} records", timeout_s=120)

    def check_events(self, events):
        """Nothing is missing, nothing comes twice, and an attempt resumed."""
        numbers = [int(e["sequence"]) for e in events
                   if int(e.get("sequence", 0)) > 0]
        self.assertEqual(numbers, sorted(set(numbers)))
        # Not the present state, with which a watch begins: it may be newer than
        # the first change that follows.
        states = [e["state"]["transition"] for e in events
                  if "state" in e and int(e.get("sequence", 0)) > 0]
        for before, after in zip(states, states[1:]):
            self.assertEqual(before["toState"], after["fromState"])
        counts = {}
        for event in events:
            if "pointsStored" in event:
                series = event["pointsStored"]["series"]
                self.assertGreater(int(series["pointCount"]),
                                   counts.get(series["name"], 0))
                counts[series["name"]] = int(series["pointCount"])
        ticks = [int(e["attempt"].get("resumedTick", 0)) for e in events
                 if "attempt" in e]
        self.assertGreater(max(ticks), 0, events)

    def test_a_killed_worker_s_run_goes_on_to_the_same_result(self):
        experiment = self.submit(STEADY)
        run = f"{experiment}/0"
        watcher = Watcher(self.service, experiment)
        self.wait_for(run, "RUN_STATE_RUNNING")
        resumed = []
        recorded = 0
        for _ in range(2):
            recorded = self.wait_for_points(run, recorded + 8)
            for pid in self.service.workers():
                os.kill(pid, signal.SIGKILL)
            number = len(resumed) + 2
            service.wait_until(
                lambda: self.run_of(run).get("attemptCount", 0) >= number or
                self.run_of(run)["state"] == "RUN_STATE_SUCCEEDED",
                "another attempt")
            resumed.append(number)
        self.check_events(watcher.end())
        found = self.run_of(run)
        self.assertEqual(found["state"], "RUN_STATE_SUCCEEDED", found)
        self.assertGreaterEqual(found["attemptCount"], 2)
        self.assertEqual(found["resultHash"],
                         once(self.build_file(run), self.service, run))
        done = self.service.run("verify", run)
        self.assertIn("EQUAL", done.stdout, done.stderr)

    def test_a_cancelled_run_is_continued_to_the_same_result(self):
        run = self.submit(STEADY) + "/0"
        self.wait_for_points(run, 4)
        self.service.ask("cancel", run, "--yes")
        self.wait_for(run, "RUN_STATE_CANCELLED")
        self.service.ask("continue", run)
        self.wait_for(run, "RUN_STATE_SUCCEEDED")
        self.assertEqual(self.run_of(run)["resultHash"],
                         once(self.build_file(run), self.service, run))

    def test_a_run_without_a_checkpoint_cannot_be_continued(self):
        self.service.ask("admin", "drain")
        run = self.submit(service.SHORT) + "/0"
        self.service.ask("cancel", run, "--yes")
        self.wait_for(run, "RUN_STATE_CANCELLED")
        done = self.service.run("continue", run)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no checkpoint", done.stderr)
        self.assertIn("retry", done.stderr)


class BuildsTest(unittest.TestCase):

    def setUp(self):
        self.folder = service.tempfile.mkdtemp(prefix="engram-builds-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.worker = os.path.join(self.folder, "engram-worker")
        shutil.copy(f"{service.BIN}/engram-worker", self.worker)
        self.service = service.Service("--workers", "1", "--worker",
                                       self.worker)
        self.service.start()
        self.addCleanup(self.service.__exit__)

    def upgrade(self):
        """Another file that computes the same: its hash is what differs."""
        self.assertEqual(self.service.stop(), 0)
        newer = self.worker + ".new"
        shutil.copy(self.worker, newer)
        with open(newer, "ab") as f:
            f.write(b"newer")
        os.replace(newer, self.worker)
        self.service.start()

    def kept(self):
        return sorted(os.listdir(os.path.join(self.service.data, "builds")))

    def submit(self, text, *flags):
        done = self.service.ask("submit", "-", "-o", "name", *flags, stdin=text)
        return done.strip().splitlines()[-1].split("/")[-1]

    def test_an_old_run_is_verified_with_its_own_build(self):
        experiment = self.submit(service.SHORT, "--wait")
        run = f"{experiment}/0"
        build = self.service.json("get", run)["build"]
        self.assertEqual(self.kept(), [build])
        self.upgrade()
        self.assertEqual(len(self.kept()), 2)
        done = self.service.run("verify", run, "-o", "json")
        self.assertEqual(done.returncode, 0, done.stderr + self.service.log())
        self.assertIn("OUTCOME_EQUAL", done.stdout)
        self.assertIn(build, done.stdout)
        done = self.service.run("verify", run, "--current", "-o", "json")
        self.assertIn("OUTCOME_EQUAL", done.stdout, done.stderr)
        self.assertNotIn(build, done.stdout)
        # The old one's worker has gone, today's is there.
        service.wait_until(lambda: len(self.service.workers()) == 1,
                           "one worker is left")
        self.service.ask("delete", experiment, "--yes")
        self.assertIn(build[:8], self.service.ask("admin", "gc", "--dry-run"))
        self.assertIn(build, self.kept())
        self.service.ask("admin", "gc")
        self.assertNotIn(build, self.kept())
        self.assertEqual(len(self.kept()), 1)

    def test_an_old_run_is_continued_with_its_own_build(self):
        run = self.submit(STEADY) + "/0"
        service.wait_until(
            lambda: self.service.json("get", run)["state"] ==
            "RUN_STATE_RUNNING", "the run is running")
        self.service.ask("cancel", run, "--yes")
        service.wait_until(
            lambda: self.service.json("get", run)["state"] ==
            "RUN_STATE_CANCELLED", "the run is cancelled")
        build = self.service.json("get", run)["build"]
        self.upgrade()
        self.service.ask("continue", run)
        service.wait_until(
            lambda: self.service.json("get", run)["state"] ==
            "RUN_STATE_SUCCEEDED", "the run has succeeded", timeout_s=120)
        found = self.service.json("get", run)
        self.assertEqual(found["build"], build)
        self.assertEqual(found["resultHash"],
                         once(self.worker, self.service, run))


if __name__ == "__main__":
    service.main()
