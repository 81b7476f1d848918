"""Servers that die or stop, with the real programs: what goes on, and how."""

import os
import signal
import unittest

import service

# About three seconds each, so that a kill finds them at work.
STEADY = service.SHORT.replace("repetitions: 3", "repetitions: 100").replace(
    "units: 40", f"units: {service.units(200)}").replace(
    "name: short", "name: steady")
SWEEP = STEADY.replace("seed: 1\n", "sweep: {seed: 1..4}\n")


def submit(one, text):
    done = one.ask("submit", "-", "-o", "name", stdin=text)
    return done.strip().splitlines()[-1].split("/")[-1]


def state(one, run):
    return one.json("get", run)["state"]


def wait_for(one, run, wanted, timeout_s=60.0):
    service.wait_until(lambda: state(one, run) == wanted, f"{run} is {wanted}",
                       timeout_s)


class KilledServerTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        """The hashes of runs that nobody disturbed."""
        with service.Service("--workers", "2") as one:
            experiment = submit(one, SWEEP)
            one.ask("watch", experiment)
            cls.hashes = [one.json("get", f"{experiment}/{i}")["resultHash"]
                          for i in range(4)]

    def test_workers_go_on_and_no_attempt_is_added(self):
        with service.Service("--workers", "2") as one:
            experiment = submit(one, SWEEP)
            wait_for(one, f"{experiment}/0", "RUN_STATE_RUNNING")
            wait_for(one, f"{experiment}/1", "RUN_STATE_RUNNING")
            workers, helpers = one.workers(), one.helpers()
            for _ in range(3):
                one.kill_server()
                self.assertEqual(sorted(one.workers()), sorted(workers))
                one.start()
            self.assertEqual(one.helpers(), helpers)
            one.ask("watch", experiment)
            self.assertEqual(sorted(one.workers()), sorted(workers))
            for i in range(4):
                run = one.json("get", f"{experiment}/{i}")
                self.assertEqual(run["state"], "RUN_STATE_SUCCEEDED")
                self.assertEqual(run["resultHash"], self.hashes[i])
                self.assertEqual(run["attemptCount"], 1)

    def test_a_killed_helper_takes_its_workers_and_the_runs_go_on_anew(self):
        with service.Service("--workers", "2") as one:
            experiment = submit(one, SWEEP)
            wait_for(one, f"{experiment}/0", "RUN_STATE_RUNNING")
            workers, helpers = one.workers(), one.helpers()
            os.kill(helpers[0], signal.SIGKILL)
            service.wait_until(
                lambda: not any(service.is_alive(p) for p in workers),
                "workers end with their helper", timeout_s=5)
            one.ask("watch", experiment)
            self.assertNotEqual(one.helpers(), helpers)
            for i in range(4):
                run = one.json("get", f"{experiment}/{i}")
                self.assertEqual(run["state"], "RUN_STATE_SUCCEEDED")
                self.assertEqual(run["resultHash"], self.hashes[i])

    def test_all_killed_at_once_costs_an_attempt_and_no_result(self):
        with service.Service("--workers", "2") as one:
            experiment = submit(one, SWEEP)
            wait_for(one, f"{experiment}/0", "RUN_STATE_RUNNING")
            one.kill()
            one.start()
            one.ask("watch", experiment)
            run = one.json("get", f"{experiment}/0")
            self.assertEqual(run["attemptCount"], 2)
            self.assertEqual(run["resultHash"], self.hashes[0])


class StoppedServerTest(unittest.TestCase):

    def test_nothing_is_left_behind_and_the_runs_go_on_afterwards(self):
        with service.Service("--workers", "2") as one:
            experiment = submit(one, SWEEP)
            wait_for(one, f"{experiment}/0", "RUN_STATE_RUNNING")
            self.assertEqual(one.stop(), 0)
            self.assertEqual(one.workers() + one.helpers(), [])
            run_folder = os.path.join(one.data, "run")
            self.assertEqual(os.listdir(run_folder), [])
            one.start()
            one.ask("watch", experiment)
            counts = one.json("get", experiment)["stateCounts"]
            self.assertEqual(counts, {"SUCCEEDED": "4"})

    def test_a_second_signal_hurries(self):
        with service.Service("--workers", "1") as one:
            run = submit(one, service.LONG) + "/0"
            wait_for(one, run, "RUN_STATE_RUNNING")
            for pid in one.workers():
                os.kill(pid, signal.SIGSTOP)  # saves nothing by itself
            one.process.send_signal(signal.SIGTERM)
            service.wait_until(lambda: '"stopping"' in one.log() or
                               "stopping" in one.log(), "it stops")
            one.process.send_signal(signal.SIGTERM)
            self.assertEqual(one.process.wait(timeout=20), 0)
            self.assertEqual(one.workers() + one.helpers(), [])
            one.start()
            wait_for(one, run, "RUN_STATE_RUNNING")


if __name__ == "__main__":
    service.main()
